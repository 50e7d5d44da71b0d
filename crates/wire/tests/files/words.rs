//! Sizes in words.

use deskbell_wire::size_words;

#[test]
fn sizes_read_as_on_a_desktop() {
    const KIB: u64 = 1024;
    for (bytes, en, ru) in [
        (0, "0 B", "0 Б"),
        (1, "1 B", "1 Б"),
        (1_023, "1023 B", "1023 Б"),
        (KIB, "1 KB", "1 КБ"),
        (25_088, "24.5 KB", "24,5 КБ"),
        (150 * KIB + 700, "151 KB", "151 КБ"),
        (KIB * KIB - 1, "1 MB", "1 МБ"),
        (25 * KIB * KIB, "25 MB", "25 МБ"),
        (1_610_612_736, "1.5 GB", "1,5 ГБ"),
        (3 * KIB.pow(4), "3 TB", "3 ТБ"),
        (u64::MAX, "16777216 TB", "16777216 ТБ"),
    ] {
        assert_eq!(
            (size_words(bytes, false).as_str(), size_words(bytes, true).as_str()),
            (en, ru),
            "{bytes}"
        );
    }
}

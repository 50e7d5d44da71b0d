//! 500 hostile names, and what is made of any other.

use deskbell_wire::file::extension;
use deskbell_wire::tidy_name;
use proptest::prelude::*;

const NAMES: &str = include_str!("names.txt");

fn corpus() -> impl Iterator<Item = (&'static str, String)> {
    let lines = NAMES.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once('\t').unwrap())
        .map(|(true_one, name)| (true_one, serde_json::from_str(name).unwrap()))
}

/// What must hold for every tidy name.
fn flaw(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap().trim_end().to_uppercase();
    let device = ["CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM²", "CONIN$"].contains(&stem.as_str());
    let bidi = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}');
    match name {
        "" => Some("empty"),
        name if name.chars().count() > 200 || name.len() > 240 => Some("long"),
        name if name.chars().any(|c| c.is_control() || bidi(c)) => Some("hidden"),
        name if name.contains(['/', '\\', ':', '<', '>', '"', '|', '?', '*']) => Some("a separator"),
        name if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) => {
            Some("a dot or space at its ends")
        }
        name if name.contains("  ") || name.chars().any(|c| c.is_whitespace() && c != ' ') => {
            Some("white space")
        }
        _ if device => Some("a device"),
        name if tidy_name(name, "") != name => Some("not tidy when tidied again"),
        _ => None,
    }
}

#[test]
fn threats_36_and_38_five_hundred_hostile_names_show_what_they_are() {
    let mut seen = 0;
    for (true_one, raw) in corpus() {
        let tidy = tidy_name(&raw, "application/octet-stream");
        assert_eq!(flaw(&tidy), None, "{raw:?} became {tidy:?}");
        assert_eq!(extension(&tidy).unwrap_or_default(), true_one, "{raw:?} became {tidy:?}");
        seen += 1;
    }
    assert!(seen >= 500, "{seen}");
}

#[test]
fn threats_36_names_become_what_a_person_expects() {
    for (raw, media, tidy) in [
        ("photo\u{202e}gnp.exe", "", "photognp.exe"),
        ("/home/me/Scan 1.pdf", "application/pdf", "Scan 1.pdf"),
        ("C:\\Users\\me\\Scan.pdf", "", "Scan.pdf"),
        ("report", "application/pdf", "report.pdf"),
        ("Mr. Smith", "image/jpeg", "Mr. Smith.jpg"),
        ("v1.2", "application/zip", "v1.2.zip"),
        ("report.pdf", "image/png", "report.pdf"),
        ("", "image/png", "file.png"),
        ("...", "", "file"),
        ("nul.txt", "", "_nul.txt"),
        ("what? now: \"this\".txt", "", "what_ now_ _this_.txt"),
        ("a \u{3000}\t b.txt", "", "a b.txt"),
        ("invoice.pdf                    .exe", "", "invoice.pdf .exe"),
        ("счёт за май.pdf", "", "счёт за май.pdf"),
        ("x.pdf. . .", "", "x.pdf"),
        ("image.png", "image/png", "image.png"),
    ] {
        assert_eq!(tidy_name(raw, media), tidy, "{raw:?}");
    }
    let long = tidy_name(&("x".repeat(4_000) + ".jpeg"), "image/jpeg");
    assert_eq!((long.chars().count(), long.ends_with("x.jpeg")), (200, true));
    let wide = tidy_name(&("ж".repeat(4_000) + ".pdf"), "");
    assert!(wide.len() <= 240 && wide.ends_with("ж.pdf"), "{wide}");
}

proptest! {
    #[test]
    fn threats_38_any_name_is_tidy(raw in any::<String>(), media in "(image/png|text/plain|x)") {
        let tidy = tidy_name(&raw, &media);
        prop_assert_eq!(flaw(&tidy), None, "{:?} became {:?}", raw, tidy);
        prop_assert_eq!(tidy_name(&tidy, &media), tidy);
    }

    #[test]
    fn threats_38_any_name_of_what_harms_is_tidy(raw in "([.][.]|[ ./\\\\:*]|[\u{202e}\u{200b}\t\n]|con|nul|COM1|[a-z]{1,9}|ж{1,30}|[.]exe){0,40}") {
        let tidy = tidy_name(&raw, "image/png");
        prop_assert_eq!(flaw(&tidy), None, "{:?} became {:?}", raw, tidy);
    }
}

#[test]
fn threats_36_and_38_a_card_that_a_lying_desk_sends_is_tidy_when_it_is_read() {
    let read = |name: &str, media: &str| {
        let card =
            serde_json::json!({"name": name, "size": 1_u64 << 60, "media": media, "digest": "ab".repeat(32)});
        serde_json::from_value::<deskbell_wire::FileCard>(card).unwrap()
    };
    for (_, name) in corpus() {
        let card = read(&name, "");
        assert_eq!((flaw(&card.name), card.name.as_str()), (None, tidy_name(&name, "").as_str()), "{name:?}");
        assert_eq!(read(&card.name, ""), card, "and stays so");
    }
    assert_eq!(read("../../.config/autostart/a\u{202e}gpj.desktop", "").name, "agpj.desktop");
    assert!(read(&"x".repeat(64 * 1024), "").name.chars().count() <= 200);
    for (said, read_as) in [
        ("Image/PNG", "image/png"),
        ("text/html; charset=utf-8", "application/octet-stream"),
        ("image/png\r\nSet-Cookie: a", "application/octet-stream"),
        ("", "application/octet-stream"),
        (&format!("image/{}", "x".repeat(64 * 1024)), "application/octet-stream"),
    ] {
        assert_eq!(read("a.png", said).media, read_as, "{said:.40}");
    }
}

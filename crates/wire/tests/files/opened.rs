//! What is opened, what after a warning, and what never.

use deskbell_wire::file::{dangerous, extension, extensions};
use deskbell_wire::{Kind, Opening, kind_of, opening, tidy_name};

#[test]
fn threats_36_and_37_every_type_of_the_dangerous_list_is_never_opened() {
    assert!(dangerous().count() > 300);
    for dangerous in dangerous() {
        let upper = dangerous.to_uppercase();
        let forms = [
            format!("a.{dangerous}"),
            format!("a.{upper}"),
            format!("photo.jpg.{dangerous}"),
            format!("a.{dangerous}. ."),
            format!("photo\u{202e}gpj.{dangerous}"),
        ];
        for name in forms {
            for name in [tidy_name(&name, "image/png"), name] {
                for media in ["image/png", "text/plain", "application/octet-stream", "", "application/pdf"] {
                    assert_eq!(opening(&name, media), Opening::Never, "{name:?} as {media}");
                    assert_eq!(kind_of(media, &name), Kind::Other, "{name:?}");
                }
            }
        }
    }
}

#[test]
fn threats_36_a_list_names_each_extension_once_and_as_it_is_compared() {
    let mut listed: Vec<_> = dangerous().chain(extensions()).collect();
    assert!(
        listed.iter().all(|one| extension(&format!("a.{one}")).as_deref() == Some(*one)),
        "as it is read"
    );
    let count = listed.len();
    listed.sort_unstable();
    listed.dedup();
    assert_eq!(count, listed.len(), "and none is both known and dangerous");
}

#[test]
fn threats_36_what_is_unknown_is_never_opened_and_what_can_hold_harm_asks() {
    for (name, media, expected) in [
        ("a.png", "image/png", Opening::Plain),
        ("a.pdf", "application/pdf", Opening::Plain),
        ("a.txt", "text/plain", Opening::Plain),
        ("a.mp4", "video/mp4", Opening::Plain),
        ("a.docx", "application/octet-stream", Opening::Warn),
        ("a.zip", "application/zip", Opening::Warn),
        ("a.csv", "text/csv", Opening::Warn),
        ("a.txt", "application/zip", Opening::Warn),
        ("a", "image/png", Opening::Never),
        ("a.xyz", "image/png", Opening::Never),
        ("a.png", "text/html", Opening::Never),
        ("a.png", "application/x-msdownload", Opening::Never),
        ("a.ехе", "text/plain", Opening::Never),
    ] {
        assert_eq!(opening(name, media), expected, "{name} as {media}");
    }
    assert_eq!(kind_of("image/png", "a"), Kind::Image);
    assert_eq!(kind_of("image/png", "a.exe"), Kind::Other);
    assert_eq!(kind_of("", "a.xlsx"), Kind::Document);
}

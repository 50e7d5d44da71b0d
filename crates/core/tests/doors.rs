//! What comes in from outside: links and `site.json`.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests")]

use deskbell_core::desktop::link::{BadDeepLink, DEEP_LINK_CHARS, DeepLink, read_desk};
use deskbell_core::desktop::site_file::{BadSiteFile, SITE_FILE_BYTES, SiteFile};
use deskbell_wire::{BadLink, JoinLink};
use proptest::prelude::*;

const VISITOR: &str = "0198a7c4-3c0a-4d1e-9f00-1234567890ab";

fn read(text: &str) -> Result<DeepLink, BadDeepLink> {
    DeepLink::read(text, None)
}

fn join(text: &str) -> DeepLink {
    DeepLink::Join(text.parse().unwrap())
}

#[test]
fn links_lead_to_a_desk_a_chat_or_an_invitation() {
    let pin = "0f".repeat(32);
    let pinned = format!("deskbell://join?host=desk.example:443&pin={pin}&site=shop");
    for (text, link) in [
        ("deskbell://join?host=desk.example", join("desk.example:7717")),
        ("DESKBELL://join/?host=desk.example:1", join("desk.example:1")),
        ("deskbell://join?host=%5B::1%5D:9000", join("[::1]:9000")),
        (&pinned, join(&pinned)),
        ("deskbell://chat", DeepLink::Chat(None)),
        (&format!("deskbell://chat?visitor={VISITOR}"), DeepLink::Chat(Some(VISITOR.parse().unwrap()))),
        (" deskbell://invitation/\n", DeepLink::Invitation),
    ] {
        assert_eq!(read(text), Ok(link), "{text}");
    }
}

#[test]
fn an_edition_has_a_scheme_of_its_own_beside_ours() {
    let text = "acme://join?host=desk.example";
    assert_eq!(read(text), Err(BadDeepLink::Foreign));
    assert_eq!(DeepLink::read(text, Some("acme")), Ok(join("desk.example")));
    assert_eq!(DeepLink::read("deskbell://invitation", Some("acme")), Ok(DeepLink::Invitation));
}

#[test]
fn threats_31_a_link_with_anything_else_in_it_is_refused() {
    let long = format!("deskbell://join?host=a&site={}", "a".repeat(10_000));
    for (text, bad) in [
        (long.as_str(), BadDeepLink::TooLong),
        ("", BadDeepLink::Foreign),
        ("desk.example", BadDeepLink::Foreign),
        ("https://desk.example/#deskbell://join?host=a", BadDeepLink::Foreign),
        ("javascript:alert(1)//://", BadDeepLink::Foreign),
        ("deskbell://", BadDeepLink::Unknown),
        ("deskbell://leave", BadDeepLink::Unknown),
        ("deskbell://JOIN?host=a", BadDeepLink::Unknown),
        ("deskbell://join:80?host=a", BadDeepLink::Unknown),
        ("deskbell://join/now?host=a", BadDeepLink::Unknown),
        ("deskbell://anna:secret@join?host=a", BadDeepLink::Shape),
        ("deskbell://join?host=anna@a", BadDeepLink::Shape),
        ("deskbell://join?host=a#b", BadDeepLink::Shape),
        ("deskbell://join?host=a b", BadDeepLink::Shape),
        ("deskbell://join?host=\u{202e}a", BadDeepLink::Shape),
        ("deskbell://join?host=a&host=b", BadDeepLink::Shape),
        ("deskbell://join?host=a&pack=b", BadDeepLink::Shape),
        ("deskbell://join?host=a&site=b%26pin%3Dc", BadDeepLink::Shape),
        ("deskbell://join?host=a%", BadDeepLink::Shape),
        ("deskbell://join?host", BadDeepLink::Shape),
        ("deskbell://join", BadDeepLink::Desk(BadLink::Shape)),
        ("deskbell://join?host=https://evil.example", BadDeepLink::Desk(BadLink::Port)),
        ("deskbell://join?host=a/../b", BadDeepLink::Desk(BadLink::Shape)),
        ("deskbell://join?host=a:0", BadDeepLink::Desk(BadLink::Port)),
        ("deskbell://join?host=a&pin=12", BadDeepLink::Desk(BadLink::Pin)),
        ("deskbell://join?host=a&site=%5B", BadDeepLink::Desk(BadLink::Site)),
        ("deskbell://chat?visitor=1", BadDeepLink::Visitor),
        ("deskbell://chat?visitor={0198a7c4-3c0a-4d1e-9f00-1234567890ab}", BadDeepLink::Visitor),
        ("deskbell://chat?host=a", BadDeepLink::Shape),
        ("deskbell://invitation?accept=1", BadDeepLink::Shape),
    ] {
        assert_eq!(read(text), Err(bad), "{}", text.chars().take(80).collect::<String>());
    }
}

#[test]
fn a_pasted_desk_may_have_around_it_what_mail_programs_put_there() {
    let link = "deskbell://join?host=desk.example:443&site=shop";
    for text in [
        link.to_owned(),
        format!("  <{link}>\r\n"),
        format!("“{link}”"),
        format!("\u{feff}{link}"),
        link.replace("&site", "\n  &site"),
    ] {
        assert_eq!(read_desk(&text, None), Ok(link.parse().unwrap()), "{text:?}");
    }
    assert_eq!(read_desk(" desk.example ", None), Ok("desk.example".parse().unwrap()));
    assert_eq!(read_desk("not a desk", None), Err(BadDeepLink::Desk(BadLink::Shape)));
    assert_eq!(read_desk("https://x/#deskbell://join?host=a", None), Err(BadDeepLink::Foreign));
    assert_eq!(read_desk("deskbell://invitation", None), Err(BadDeepLink::Unknown));
    assert_eq!(read_desk(&"x".repeat(10_000), None), Err(BadDeepLink::TooLong));
}

/// Texts that look like links in every part, and are wrong in some.
fn nearly_links() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("host=desk.example".to_owned()),
        Just("site=shop".to_owned()),
        Just(format!("visitor={VISITOR}")),
        Just(format!("pin={}", "0f".repeat(32))),
        "[a-z]{0,6}=?[ -~]{0,40}",
        "\\PC{0,20}",
        "(%[0-9A-Fa-f]{0,2}){0,6}",
    ];
    let scheme = prop_oneof![Just("deskbell://"), Just("DeskBell://"), Just("deskbell:"), Just("https://")];
    let place = prop_oneof![
        Just("join".to_owned()),
        Just("chat".to_owned()),
        Just("invitation".to_owned()),
        "[a-z@:/]{0,12}"
    ];
    let query = prop::collection::vec(part, 0..5).prop_map(|parts| parts.join("&"));
    (scheme, place, query).prop_map(|(scheme, place, query)| format!("{scheme}{place}?{query}"))
}

proptest! {
    // A failure prints its seed and writes it beside this file.
    #[test]
    fn threats_31_no_text_breaks_the_reading(text in "\\PC{0,3000}") {
        let _ = (read(&text), read_desk(&text, Some("acme")), text.chars().count() > DEEP_LINK_CHARS);
    }

    #[test]
    fn threats_31_what_is_read_is_exactly_what_is_written(text in nearly_links()) {
        match read(&text) {
            // Whatever was taken is a desk that says the same when it is written: nothing hides in it.
            Ok(DeepLink::Join(link)) => {
                prop_assert_eq!(link.to_string().parse::<JoinLink>(), Ok(link.clone()));
                prop_assert!(link.host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b)));
                prop_assert!(!text.contains(['@', '#', '<', '"']));
            }
            Ok(DeepLink::Chat(visitor)) => {
                prop_assert!(visitor.is_none() || text.to_lowercase().contains(&visitor.unwrap().to_string()));
            }
            Ok(DeepLink::Invitation) => prop_assert!(text.to_lowercase().starts_with("deskbell://invitation")),
            Err(_) => {}
        }
    }

    #[test]
    fn no_bytes_break_the_reading_of_a_site_file(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = SiteFile::read(&bytes);
    }

    #[test]
    fn a_site_file_with_a_slip_in_it_is_refused_or_means_the_same(place in 0..SITE.len(), with in any::<u8>()) {
        let mut bytes = SITE.as_bytes().to_vec();
        bytes[place] = with;
        if let Ok(site) = SiteFile::read(&bytes) {
            prop_assert!(site.pack.is_none_or(|pack| !pack.contains(['/', '\\']) && !pack.starts_with('.')));
        }
    }
}

const SITE: &str = r##"{
  "version": 1,
  "id": "acme",
  "name": "Acme Support",
  "desk": "acme://join?host=desk.acme.example:443&site=shop",
  "pack": "form",
  "colors": { "accent": "#0055AA", "accent_dark": "#88bbff" }
}"##;

#[test]
fn a_site_file_says_where_the_desk_is_and_how_the_program_looks() {
    let site = SiteFile::read(SITE.as_bytes()).unwrap();
    assert_eq!(site.desk.unwrap().authority(), "desk.acme.example:443");
    assert_eq!((site.id.as_deref(), site.name.as_deref()), (Some("acme"), Some("Acme Support")));
    let accent = site.accent.unwrap();
    assert_eq!((accent.light.as_str(), accent.dark.as_str()), ("#0055AA", "#88bbff"));
    let marked = [b"\xEF\xBB\xBF", br#"{ "version": 1 }"#.as_slice()].concat();
    assert_eq!(SiteFile::read(&marked), Ok(SiteFile::default()));
}

#[test]
fn a_damaged_site_file_says_where() {
    let part = |name: &str| BadSiteFile::Part(name.to_owned());
    for (text, bad) in [
        ("", BadSiteFile::Json { line: 1, column: 0 }),
        ("[]", BadSiteFile::Json { line: 1, column: 1 }),
        ("{\n  \"version\": 1,\n}", BadSiteFile::Json { line: 3, column: 1 }),
        ("{}", part("version")),
        (r#"{ "version": "1" }"#, part("version")),
        (r#"{ "version": 2, "future": true }"#, BadSiteFile::Newer),
        (r#"{ "version": 1, "dekst": "a" }"#, BadSiteFile::Unknown("dekst".to_owned())),
        (r#"{ "version": 1, "desk": "a b" }"#, BadSiteFile::Desk(BadLink::Shape)),
        (r#"{ "version": 1, "desk": "deskbell://join?host=a&pin=1" }"#, BadSiteFile::Desk(BadLink::Pin)),
        (r#"{ "version": 1, "desk": "https://desk.example" }"#, BadSiteFile::Desk(BadLink::Shape)),
        (r#"{ "version": 1, "desk": 7 }"#, part("desk")),
        (r#"{ "version": 1, "pack": "../form" }"#, part("pack")),
        (r#"{ "version": 1, "name": "a\u202eb" }"#, part("name")),
        (r#"{ "version": 1, "id": "A" }"#, part("id")),
        (r#"{ "version": 1, "colors": { "accent": "red" } }"#, part("accent")),
        (r##"{ "version": 1, "colors": { "accent_dark": "#000000" } }"##, part("accent")),
    ] {
        assert_eq!(SiteFile::read(text.as_bytes()), Err(bad), "{text}");
    }
    assert_eq!(SiteFile::read(&vec![b' '; SITE_FILE_BYTES + 1]), Err(BadSiteFile::TooLong));
}

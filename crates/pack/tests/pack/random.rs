//! Whatever the bytes are: no panic, and nothing that comes back differently.

use deskbell_pack::{FlawKind, Pack};
use proptest::prelude::*;

use crate::world::{FORM_JS, Folder, PACK_JSON};

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zа-я0-9 _()-]{0,12}[a-zа-я]", "[a-z]{1,40}\\.(js|css|html|svg)"]
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 1..4).prop_map(|parts| parts.join("/"))
}

/// Bits of pages, in any order.
fn page() -> impl Strategy<Value = String> {
    let bit = prop_oneof![
        "<(script|/script|!--|style|/style|template|/template|title|!|/|\\?)( |>|\t)?",
        "(-->|--!>|>|'|\"|`|=|/|\\\\|\n|&amp;|\\+)",
        "(src|type|language|nomodule)=?",
        "(applyWidgetsOptions|\\['applyWidgetsOptions'|a\\.js|'a\\.js'|\"\\.\\./x\\.css\"|text/javascript)",
        "\\PC{0,3}",
    ];
    prop::collection::vec(bit, 0..60).prop_map(|bits| bits.concat())
}

/// An entry that is well-formed up to its checksum, whatever it says.
fn entry() -> impl Strategy<Value = Vec<u8>> {
    let name = prop_oneof![path().prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 0..100)];
    let size =
        prop_oneof!["[0-7]{11}\0".prop_map(String::into_bytes), prop::collection::vec(any::<u8>(), 12)];
    let kind = prop_oneof![Just(b'0'), prop::sample::select(b"\x001234567LKSVxg".to_vec()), any::<u8>()];
    let contents = prop::collection::vec(any::<u8>(), 0..1100);
    (name, size, any::<bool>(), kind, contents).prop_map(|(name, size, honest, kind, contents)| {
        let mut header = tar::Header::new_ustar();
        let length = name.len().min(100);
        header.as_mut_bytes()[..length].copy_from_slice(&name[..length]);
        header.as_mut_bytes()[124..136].copy_from_slice(&size);
        header.as_mut_bytes()[156] = kind;
        if honest {
            header.set_size(contents.len() as u64);
        }
        header.set_cksum();
        let padding = contents.len().next_multiple_of(512) - contents.len();
        [header.as_bytes().as_slice(), &contents, &vec![0; padding]].concat()
    })
}

/// `PROPTEST_CASES` in the environment says how many; 256 without it.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn threats_38_no_headers_make_from_archive_panic(entries in prop::collection::vec(entry(), 0..6), end in any::<bool>()) {
        let end = if end { vec![0; 1024] } else { Vec::new() };
        let bytes = [entries.concat(), end].concat();
        if let Ok(pack) = Pack::from_archive(&bytes) {
            prop_assert_eq!(pack.to_archive(), bytes);
        }
    }

    #[test]
    fn threats_38_no_bytes_make_from_archive_panic(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        let _ = Pack::from_archive(&bytes);
    }

    #[test]
    fn threats_38_no_change_of_an_archive_is_taken_for_another_pack(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let whole = Folder::with(&[PACK_JSON, FORM_JS, ("a/b.css", "a {}")]).read().unwrap().to_archive();
        let mut bytes = whole.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        // What is taken is what `to_archive` would write: there is one archive of a pack.
        if let Ok(pack) = Pack::from_archive(&bytes) {
            prop_assert_eq!(pack.to_archive(), bytes);
        }
    }

    #[test]
    fn any_folder_comes_back_from_its_archive(
        files in prop::collection::btree_map(path(), prop::collection::vec(any::<u8>(), 0..700), 0..12),
    ) {
        let folder = Folder::with(&[PACK_JSON, FORM_JS]);
        let written: Vec<(String, Vec<u8>)> = files.into_iter().filter(|(path, bytes)| {
            let place = folder.path().join(path);
            std::fs::create_dir_all(place.parent().unwrap()).is_ok() && std::fs::write(place, bytes).is_ok()
        }).collect();
        let pack = match folder.read() {
            Ok(pack) => pack,
            // Names that differ in case only, or that are too long, were drawn.
            Err(flaw) => {
                prop_assert!(matches!(flaw.kind, FlawKind::Unreadable(_)), "{flaw}");
                return Ok(());
            }
        };
        let again = Pack::from_archive(&pack.to_archive()).unwrap();
        prop_assert_eq!(again.to_archive(), pack.to_archive());
        prop_assert_eq!(again.digest(), pack.digest());
        for (path, bytes) in &written {
            prop_assert_eq!(again.file(path), Some(bytes.as_slice()));
        }
    }

    #[test]
    fn threats_38_no_page_makes_reading_panic(page in page()) {
        let folder = Folder::with(&[FORM_JS, ("index.html", &page), ("a.js", "['applyWidgetsOptions', 'b.js'")]);
        let Ok(pack) = folder.read() else { return Ok(()) };
        for script in pack.pages() {
            let text = pack.page_script(&script.page, script.number).unwrap();
            let own = pack.file(&script.file).map(|bytes| std::str::from_utf8(bytes).unwrap()).unwrap();
            prop_assert!(own.contains(text.trim_start_matches(['\n', ' '])));
        }
    }

    #[test]
    fn no_pack_json_makes_reading_panic(text in "[\\[\\]{}:,\" a-z0-9\\\\]{0,60}|\\PC{0,40}") {
        let folder = Folder::with(&[FORM_JS, ("pack.json", &text), ("settings.json", &text)]);
        if let Err(flaw) = folder.read() {
            prop_assert!(!flaw.to_string().is_empty());
        }
    }
}

//! The one archive of a pack, and archives that nobody should take.

use deskbell_pack::{ARCHIVE_BYTES, PACK_BYTES, Pack};
use tar::{Builder, EntryType, Header};

use crate::world::{FORM_JS, Folder, PACK_JSON};

const CANNOT: &str = "It cannot be read (the archive is not as Deskbell writes it).";

/// An archive with one more entry than a pack needs: `path`, as the bytes of its name.
fn archive(path: &[u8], kind: EntryType, size: u64, contents: &[u8]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, text) in [(FORM_JS.0, FORM_JS.1), PACK_JSON] {
        append(&mut builder, path.as_bytes(), EntryType::Regular, text.len() as u64, text.as_bytes());
    }
    append(&mut builder, path, kind, size, contents);
    builder.into_inner().unwrap()
}

fn append(builder: &mut Builder<Vec<u8>>, path: &[u8], kind: EntryType, size: u64, contents: &[u8]) {
    let mut header = Header::new_ustar();
    // Not by `set_path`, which refuses most of what is tried here.
    header.as_mut_bytes()[..path.len()].copy_from_slice(path);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    builder.append(&header, contents).unwrap();
}

fn refused(bytes: &[u8]) -> String {
    Pack::from_archive(bytes).expect_err("the archive should be refused").to_string()
}

fn pack() -> Pack {
    Folder::with(&[
        PACK_JSON,
        FORM_JS,
        ("пример/файл.html", "<p>"),
        ("empty.css", ""),
        ("settings.json", "{}"),
    ])
    .read()
    .unwrap()
}

#[test]
fn an_archive_has_what_the_folder_had() {
    let pack = pack();
    let again = Pack::from_archive(&pack.to_archive()).unwrap();
    assert_eq!(again.to_archive(), pack.to_archive());
    assert_eq!(again.digest(), pack.digest());
    assert_eq!(again.options(), pack.options());
    assert_eq!(again.settings(), pack.settings());
    assert_eq!(again.file("пример/файл.html"), Some(b"<p>".as_slice()));
}

#[test]
fn the_same_files_make_the_same_bytes_whoever_wrote_them_and_when() {
    let (one, other) = (Folder::with(&[PACK_JSON, FORM_JS, ("a/b", "")]), Folder::with(&[]));
    for (path, text) in [("a/b", ""), FORM_JS, (".hidden", "other"), PACK_JSON] {
        other.write(path, text.as_bytes());
    }
    let old = std::fs::File::options().write(true).open(other.path().join("form.js")).unwrap();
    old.set_modified(std::time::UNIX_EPOCH).unwrap();
    let (one, other) = (one.read().unwrap(), other.read().unwrap());
    assert_eq!(one.to_archive(), other.to_archive());
    assert_eq!(one.digest(), other.digest());
    assert_eq!(one.digest().len(), 64);
    // Of these very files: a change of the format is a change of every installed pack's name.
    assert_eq!(one.digest(), "3d973a2d73bc22ec211dbc0c2bee09e15b098767f4a5f3b97ab46dd64df0d0df");
}

#[test]
fn threats_38_an_entry_whose_name_is_no_clean_path_is_refused() {
    for path in [
        "../x",
        "a/../x",
        "/etc/passwd",
        "./x",
        "a//b",
        "a/",
        ".hidden",
        "a/.git/x",
        "node_modules/x",
        "..",
        ".",
        r"..\x",
        r"a\x",
        "C:x",
        "NUL",
        "a\nb",
        "и\u{306}",
    ] {
        let said = refused(&archive(path.as_bytes(), EntryType::Regular, 0, b""));
        assert!(said.contains("It cannot be read (") || said == CANNOT, "{path}: {said}");
    }
    assert_eq!(
        refused(&archive(b"", EntryType::Regular, 0, b"")),
        "It cannot be read (its path is not a plain one)."
    );
    let said = refused(&archive(b"\x1b]0;x\x07", EntryType::Regular, 0, b""));
    assert!(
        said.starts_with("\u{fffd}]0;x\u{fffd}: It cannot be read (its name has"),
        "no terminal obeys it: {said}"
    );
    assert_eq!(refused(&archive(b"a\xff", EntryType::Regular, 0, b"")), CANNOT);
}

#[test]
fn threats_38_an_entry_that_is_no_plain_file_is_refused() {
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::Char,
        EntryType::Block,
        EntryType::Continuous,
        EntryType::GNULongName,
        EntryType::GNULongLink,
        EntryType::GNUSparse,
        EntryType::XHeader,
        EntryType::XGlobalHeader,
        EntryType::new(0x7a),
    ] {
        let said = refused(&archive(b"x", kind, 0, b""));
        assert_eq!(said, "x: It cannot be read (it is not a plain file).", "{kind:?}");
    }
}

#[test]
fn threats_38_names_that_are_there_twice_are_refused() {
    let said = refused(&archive(b"form.js", EntryType::Regular, 0, b""));
    assert_eq!(said, "form.js: It cannot be read (other systems take it and form.js for the same file).");
    let said = refused(&archive(b"FORM.js", EntryType::Regular, 0, b""));
    assert_eq!(said, "FORM.js: It cannot be read (other systems take it and form.js for the same file).");
    let said = refused(&archive(b"form.js/x", EntryType::Regular, 0, b""));
    assert_eq!(said, "form.js/x: It cannot be read (it is a file and a folder).");
}

#[test]
fn threats_39_a_size_that_a_header_makes_up_allocates_nothing() {
    let said = refused(&archive(b"z", EntryType::Regular, 1 << 40, b"short"));
    assert_eq!(said, "z: It is larger than 16777216 bytes.");
    assert_eq!(
        refused(&archive(b"z", EntryType::Regular, PACK_BYTES, b"short")),
        "It is larger than 16777216 bytes."
    );
    assert_eq!(refused(&archive(b"z", EntryType::Regular, 4096, b"short")), CANNOT);
    assert_eq!(refused(&archive(b"z", EntryType::Regular, u64::MAX, b"")), CANNOT);
}

#[test]
fn threats_39_an_archive_larger_than_one_may_be_is_refused() {
    let bytes = vec![0; usize::try_from(ARCHIVE_BYTES).unwrap() + 1];
    assert_eq!(refused(&bytes), "It is larger than 18826240 bytes.");
}

#[test]
fn threats_38_too_many_entries_are_refused() {
    let mut builder = Builder::new(Vec::new());
    for number in 0..2_001 {
        append(&mut builder, format!("{number:04}").as_bytes(), EntryType::Regular, 0, b"");
    }
    assert_eq!(refused(&builder.into_inner().unwrap()), "There are more than 2000 files.");
}

#[test]
fn an_archive_that_is_cut_off_or_changed_is_refused() {
    let whole = pack().to_archive();
    for length in 0..whole.len() {
        assert!(Pack::from_archive(&whole[..length]).is_err(), "the first {length} bytes");
    }
    assert_eq!(refused(&[whole.as_slice(), b"x"].concat()), CANNOT);
    assert_eq!(refused(&[whole.as_slice(), &[0; 512]].concat()), CANNOT);
    // The mode of the first file.
    let mut changed = whole.clone();
    changed[100..108].copy_from_slice(b"0000777\0");
    assert_eq!(refused(&changed), CANNOT);
}

#[test]
fn an_archive_is_checked_as_a_folder_is() {
    let said = refused(&{
        let mut builder = Builder::new(Vec::new());
        append(
            &mut builder,
            b"pack.json",
            EntryType::Regular,
            PACK_JSON.1.len() as u64,
            PACK_JSON.1.as_bytes(),
        );
        builder.into_inner().unwrap()
    });
    assert_eq!(said, "pack.json, line 1, column 35: It names form.js, which is not in the pack.");
    assert_eq!(
        refused(&[0; 1024]),
        "There is neither a pack.json nor an index.html that calls applyWidgetsOptions."
    );
}

#[test]
fn the_largest_pack_fits_into_the_largest_archive() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS]);
    let used = (PACK_JSON.1.len() + FORM_JS.1.len()) as u64;
    folder.write("large.bin", &vec![7; usize::try_from(PACK_BYTES - used - 1_997).unwrap()]);
    for number in 0..1_997 {
        // Long names take no more room than short ones.
        folder.write(&format!("{}/{}/{number}", "f".repeat(100), "g".repeat(50)), b"1");
    }
    let archive = folder.read().unwrap().to_archive();
    assert!(archive.len() as u64 <= ARCHIVE_BYTES, "{}", archive.len());
    assert!(Pack::from_archive(&archive).is_ok());
}

//! Whether a folder has changed, without reading it.

use std::time::{Duration, Instant, SystemTime};

use deskbell_pack::Fingerprint;

use crate::world::{FORM_JS, Folder, PACK_JSON};

fn of(folder: &Folder) -> Fingerprint {
    Fingerprint::of(folder.path()).unwrap()
}

#[test]
fn a_folder_that_did_not_change_has_the_same_fingerprint() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS, ("a/b/c.css", "")]);
    assert_eq!(of(&folder), of(&folder));
}

#[test]
fn every_change_of_a_file_shows() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS, ("a/b/c.css", "old")]);
    let mut before = of(&folder);
    let mut changed = |what: &str| {
        let now = of(&folder);
        assert_ne!(now, before, "{what}");
        before = now;
    };
    folder.write("a/b/c.css", b"longer");
    changed("another size");
    let file = std::fs::File::options().write(true).open(folder.path().join("a/b/c.css")).unwrap();
    file.set_modified(SystemTime::now() + Duration::from_secs(2)).unwrap();
    changed("the same size, another time");
    folder.write("a/new.css", b"");
    changed("a new file");
    std::fs::rename(folder.path().join("a/new.css"), folder.path().join("a/other.css")).unwrap();
    changed("another name");
    std::fs::remove_file(folder.path().join("a/other.css")).unwrap();
    changed("a file gone");
}

#[test]
fn what_is_no_part_of_the_pack_does_not_show() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS]);
    let before = of(&folder);
    folder.write(".form.js.swp", b"x");
    folder.write("node_modules/a/b.js", b"x");
    folder.write(".git/HEAD", b"x");
    assert_eq!(of(&folder), before);
}

#[test]
fn a_folder_that_is_refused_has_a_fingerprint_all_the_same() {
    let folder = Folder::with(&[("aux.js", ""), ("a ", "")]);
    assert!(folder.read().is_err());
    let before = of(&folder);
    std::fs::remove_file(folder.path().join("aux.js")).unwrap();
    assert_ne!(of(&folder), before);
    assert!(Fingerprint::of(&folder.path().join("none")).is_err());
}

#[test]
fn two_thousand_files_are_looked_at_in_a_blink() {
    let folder = Folder::with(&[]);
    for number in 0..2_000 {
        folder.write(&format!("{}/{number}", number % 40), b"x");
    }
    let best = (0..5).map(|_| (Instant::now(), of(&folder)).0.elapsed()).min().unwrap();
    println!("looked at in {best:?}");
    assert!(best.as_millis() <= 100, "{best:?}");
}

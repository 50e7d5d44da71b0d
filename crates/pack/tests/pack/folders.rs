//! The folder itself.

use deskbell_pack::{PACK_BYTES, Pack};

use crate::world::{FORM_JS, Folder, PACK_JSON, sentence};

#[test]
fn a_pack_has_the_files_of_its_folder() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS, ("img/лого.png", "p"), ("tpls/a b.html", "<p>")]);
    let pack = folder.read().unwrap();
    assert_eq!(pack.file("form.js"), Some(FORM_JS.1.as_bytes()));
    assert_eq!(pack.file("img/лого.png"), Some(b"p".as_slice()));
    assert_eq!(pack.file("tpls/a b.html"), Some(b"<p>".as_slice()));
    assert_eq!(pack.file("tpls"), None);
    assert_eq!(pack.file(""), None);
}

#[test]
fn hidden_files_and_node_modules_are_no_part_of_a_pack() {
    let hidden =
        [(".env", "secret"), (".git/config", "x"), ("node_modules/a/a.js", "x"), ("a/.DS_Store", "x")];
    let pack = Folder::with(&[&[PACK_JSON, FORM_JS], hidden.as_slice()].concat()).read().unwrap();
    for (path, _) in hidden {
        assert_eq!(pack.file(path), None, "{path}");
    }
}

#[test]
fn a_folder_that_is_not_there_is_one_sentence() {
    let folder = Folder::with(&[]);
    let flaw = Pack::read(&folder.path().join("none")).unwrap_err();
    assert_eq!(flaw.to_string(), "It cannot be read (entity not found).");
    folder.write("form.js", b"");
    let flaw = Pack::read(&folder.path().join("form.js")).unwrap_err();
    assert_eq!(flaw.to_string(), "It cannot be read (not a directory).");
}

#[test]
fn a_folder_without_a_mapping_is_one_sentence() {
    let wanted = "There is neither a pack.json nor an index.html that calls applyWidgetsOptions.";
    assert_eq!(sentence(&[]), wanted);
    assert_eq!(sentence(&[FORM_JS, ("index.html", "<script>start()</script>")]), wanted);
    assert_eq!(sentence(&[FORM_JS, ("deep/pack.json", PACK_JSON.1)]), wanted);
}

#[test]
fn threats_38_a_folder_larger_than_a_pack_may_be_is_refused_before_it_is_read() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS]);
    // A sparse file: reading a terabyte would not end.
    let movie = std::fs::File::create(folder.path().join("movie.mp4")).unwrap();
    movie.set_len(1 << 40).unwrap();
    assert_eq!(folder.sentence(), "movie.mp4: It is larger than 16777216 bytes.");
    movie.set_len(PACK_BYTES - 10).unwrap();
    assert_eq!(folder.sentence(), "It is larger than 16777216 bytes.");
    movie.set_len(PACK_BYTES - (PACK_JSON.1.len() + FORM_JS.1.len()) as u64).unwrap();
    assert!(folder.read().is_ok());
}

#[test]
fn threats_38_a_folder_of_too_many_files_is_refused() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS]);
    for number in 0..1_998 {
        folder.write(&format!("many/{number}.txt"), b"");
    }
    assert!(folder.read().is_ok());
    folder.write("many/more.txt", b"");
    assert_eq!(folder.sentence(), "There are more than 2000 files.");
}

#[test]
fn what_is_left_out_never_hides_what_is_not() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS]);
    // As macOS leaves them on other systems' disks.
    for number in 0..4_500 {
        folder.write(&format!("many/._{number}.txt"), b"");
    }
    folder.write("many/chat.css", b"");
    folder.write("many/again.css", b"");
    let found = folder.read().map(|pack| pack.size().0).map_err(|flaw| flaw.to_string());
    assert_eq!(found, Err("many: It cannot be read (there are too many things in it).".to_owned()));
}

#[test]
fn threats_38_folders_inside_folders_have_an_end() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS, (&"d/".repeat(16), "")][..2]);
    folder.write(&("d/".repeat(16) + "x"), b"");
    assert!(folder.read().is_ok());
    folder.write(&("d/".repeat(17) + "x"), b"");
    let place = vec!["d"; 17].join("/");
    assert_eq!(folder.sentence(), format!("{place}: It cannot be read (there are too many folders in it)."));
}

#[test]
fn names_that_other_systems_take_for_one_are_refused() {
    let cannot = |path: &str, why: &str| format!("{path}: It cannot be read ({why}).");
    assert_eq!(
        sentence(&[PACK_JSON, FORM_JS, ("tpls/Chat.html", ""), ("tpls/chat.html", "")]),
        cannot("tpls/chat.html", "other systems take it and tpls/Chat.html for the same file")
    );
    assert_eq!(
        sentence(&[PACK_JSON, FORM_JS, ("Ёлка.png", ""), ("ёлка.png", "")]),
        cannot("ёлка.png", "other systems take it and Ёлка.png for the same file")
    );
    assert_eq!(
        sentence(&[PACK_JSON, FORM_JS, ("A/x", ""), ("a", "")]),
        cannot("a", "it is a file and a folder")
    );
    assert!(Folder::with(&[PACK_JSON, FORM_JS, ("A/x", ""), ("a/y", "")]).read().is_ok());
    // A sigma at the end of a word has a small letter of its own.
    assert!(sentence(&[PACK_JSON, FORM_JS, ("ΛΟΓΟΣ", ""), ("λογοσ", "")]).contains("the same file"));
    assert!(sentence(&[PACK_JSON, FORM_JS, ("straße", ""), ("STRASSE", "")]).contains("the same file"));
    let (composed, decomposed) = ("\u{451}.png", "\u{435}\u{308}.png");
    assert!(sentence(&[PACK_JSON, FORM_JS, (composed, ""), (decomposed, "")]).contains("the same file"));
}

#[test]
fn a_name_is_the_same_however_a_system_composes_its_letters() {
    let (composed, decomposed) = ("\u{439}", "\u{438}\u{306}");
    let mapping = |letter: &str| {
        let js = format!("{letter}/чат.js");
        format!(r#"{{"consultant": {{"desktop": {{"js": "{js}"}}}}}}"#)
    };
    let mut digests = Vec::new();
    for (written, on_disk) in
        [(composed, composed), (composed, decomposed), (decomposed, composed), (decomposed, decomposed)]
    {
        let (json, js) = (mapping(written), format!("{on_disk}/чат.js"));
        let folder =
            Folder::with(&[("pack.json", &json), (&js, "1;"), (&format!("{on_disk}/settings.json"), "{}")]);
        let pack = folder.read().unwrap();
        for asked in [composed, decomposed] {
            assert!(pack.file(&format!("{asked}/чат.js")).is_some());
            assert!(pack.named_at(&format!("{asked}/чат.js")).is_some());
        }
        assert!(pack.settings().contains_key(composed));
        assert!(Pack::from_archive(&pack.to_archive()).is_ok());
        digests.push((written, pack.digest()));
    }
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[2], digests[3]);
}

#[test]
fn threats_38_names_that_other_systems_cannot_have_are_refused() {
    let long = format!("{}.js", "л".repeat(60));
    let (reserved, other, end, far) = (
        "Windows keeps its name for a device",
        "its name has a character that means something else on other systems",
        "its name ends with a dot or a space",
        "its path is too long",
    );
    for (path, why) in [
        ("aux.js", reserved),
        ("a/COM1", reserved),
        (r"a\b.js", other),
        ("c:x", other),
        ("a.js?v=1", other),
        ("a*", other),
        ("<a>", other),
        ("a\"", other),
        ("a|b", other),
        ("a ", end),
        (&long, far),
    ] {
        assert_eq!(
            sentence(&[PACK_JSON, FORM_JS, (path, "")]),
            format!("{path}: It cannot be read ({why}).")
        );
    }
    // Threats 36: a terminal or a window would show it as `chatsj.exe`.
    assert_eq!(
        sentence(&[PACK_JSON, FORM_JS, ("chat\u{202e}exe.js", "")]),
        format!("chat\u{fffd}exe.js: It cannot be read ({other}).")
    );
}

#[cfg(unix)]
mod links {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn threats_33_a_link_out_of_the_folder_is_refused_and_never_followed() {
        let outside = Folder::with(&[("secret.txt", "secret")]);
        let folder = Folder::with(&[PACK_JSON, FORM_JS]);
        let secret = outside.path().join("secret.txt");
        symlink(&secret, folder.path().join("link.txt")).unwrap();
        let wanted = format!("link.txt: It names {}, which lies outside the pack.", secret.display());
        assert_eq!(folder.sentence(), wanted);
    }

    #[test]
    fn threats_33_a_link_to_a_folder_is_refused_inside_and_outside() {
        let outside = Folder::with(&[("x.txt", "x")]);
        let folder = Folder::with(&[PACK_JSON, FORM_JS, ("in/x.txt", "")]);
        symlink(outside.path(), folder.path().join("out")).unwrap();
        assert!(folder.sentence().ends_with("which lies outside the pack."), "{}", folder.sentence());
        std::fs::remove_file(folder.path().join("out")).unwrap();
        symlink(".", folder.path().join("in/loop")).unwrap();
        assert_eq!(folder.sentence(), "in/loop: It cannot be read (it is not a plain file).");
    }

    #[test]
    fn a_link_to_a_file_of_the_pack_is_that_file_once_more() {
        let folder = Folder::with(&[PACK_JSON, FORM_JS, ("common/a.css", "a {}"), ("mobile/b", "")]);
        symlink("../common/a.css", folder.path().join("mobile/a.css")).unwrap();
        assert_eq!(folder.read().unwrap().file("mobile/a.css"), Some(b"a {}".as_slice()));
    }

    #[test]
    fn threats_33_a_link_to_what_is_left_out_is_refused() {
        let folder = Folder::with(&[PACK_JSON, FORM_JS, (".env", "secret")]);
        symlink(".env", folder.path().join("form.txt")).unwrap();
        assert_eq!(folder.sentence(), "form.txt: It names .env, which lies outside the pack.");
    }

    #[test]
    fn a_link_that_leads_nowhere_is_one_sentence() {
        let folder = Folder::with(&[PACK_JSON, FORM_JS]);
        symlink("gone.css", folder.path().join("a.css")).unwrap();
        assert_eq!(folder.sentence(), "a.css: It names gone.css, which is not in the pack.");
    }

    #[test]
    fn the_folder_itself_may_be_a_link() {
        let folder = Folder::with(&[PACK_JSON, FORM_JS]);
        let beside = Folder::with(&[]);
        let link = beside.path().join("link");
        symlink(folder.path(), &link).unwrap();
        assert!(Pack::read(&link).is_ok());
    }

    #[test]
    fn what_would_block_is_never_opened() {
        let folder = Folder::with(&[PACK_JSON, FORM_JS]);
        let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
        assert_eq!(folder.sentence(), "socket: It cannot be read (it is not a plain file).");
    }

    #[test]
    fn a_name_that_is_no_unicode_is_one_sentence() {
        let folder = Folder::with(&[PACK_JSON, FORM_JS]);
        std::fs::write(folder.path().join(OsStr::from_bytes(b"a\xff.js")), "").unwrap();
        assert_eq!(folder.sentence(), "a\u{fffd}.js: It cannot be read (its name is no Unicode).");
    }
}

#[test]
fn threats_37_a_packs_html_is_never_a_document() {
    for (path, kind) in [
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.CSS", "text/css; charset=utf-8"),
        ("tpls/a.html", "text/plain; charset=utf-8"),
        ("a.htm", "text/plain; charset=utf-8"),
        ("a.tpl", "text/plain; charset=utf-8"),
        ("settings.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a.eot", "application/vnd.ms-fontobject"),
        ("new.mp3", "audio/mpeg"),
        ("a.m4a", "audio/mp4"),
        ("a.xhtml", "application/octet-stream"),
        ("a.xml", "application/octet-stream"),
        ("html", "application/octet-stream"),
        ("a.html/b", "application/octet-stream"),
        ("", "application/octet-stream"),
    ] {
        assert_eq!(Pack::media_type(path), kind, "{path}");
    }
}

#[test]
fn debug_hides_what_is_in_a_pack() {
    let pack = Folder::with(&[PACK_JSON, FORM_JS]).read().unwrap();
    assert_eq!(format!("{pack:?}"), "Pack { files: 2, bytes: 97, .. }");
}

#[test]
fn two_thousand_files_are_read_in_a_fifth_of_a_second() {
    let folder = Folder::with(&[PACK_JSON, FORM_JS]);
    for number in 0..1_998 {
        folder.write(&format!("img/{}/{number}.svg", number % 40), &[b'x'; 1024]);
    }
    let best = (0..5)
        .map(|_| {
            let begun = std::time::Instant::now();
            folder.read().unwrap();
            begun.elapsed()
        })
        .min()
        .unwrap();
    println!("read in {best:?}");
    // The limit is for the product as it ships; tests are built without optimisation and share the machine.
    assert!(best.as_millis() <= 400, "{best:?}");
}

//! Looking for files by texts that strangers wrote.

use crate::world::{FORM_JS, Folder, PACK_JSON};

/// Two hundred and more ways to ask for something else.
fn corpus() -> Vec<String> {
    let up = [
        "..", "../..", "..\\..", "%2e%2e", "..%2f..", "....//", "..;", "․․", "..\0", ". .", "..%00", "..%5c",
    ];
    let to = ["etc/passwd", "secret.txt", "form.js", "Windows\\win.ini", "pack.json", ".env", "tpls/a.html"];
    let mut corpus: Vec<String> =
        up.iter().flat_map(|up| to.iter().map(move |to| format!("{up}/{to}"))).collect();
    corpus.extend(up.iter().map(|up| format!("tpls/{up}/secret.txt")));
    corpus.extend(to.iter().map(|to| format!("/{to}")));
    let roots = [
        "C:\\",
        "C:/",
        "C:",
        "\\\\host\\share\\",
        "//host/share/",
        "\\\\?\\C:\\",
        "file:///",
        "pack://localhost/",
    ];
    corpus.extend(roots.iter().flat_map(|root| to.iter().map(move |to| format!("{root}{to}"))));
    let devices =
        ["CON", "nul", "AUX.js", "com1", "LPT9.txt", "PRN", "CONIN$", "form.js:stream", "form.js::$DATA"];
    corpus.extend(devices.map(str::to_owned));
    let spelled = [
        "",
        ".",
        "/",
        "\\",
        "./form.js",
        "form.js/",
        "form.js/.",
        "/form.js",
        "form.js ",
        " form.js",
        "form.js.",
        "FORM.JS",
        "form.js\0",
        "form.js\0.html",
        "form.js%00",
        "form.js?",
        "form.js#",
        "form.js?template",
        "tpls//a.html",
        "tpls/./a.html",
        "tpls\\a.html",
        "tpls/a.html/..",
        "tpls",
        "tpls/",
        "tpls/*",
        "*",
        "**",
        "~/secret.txt",
        "$HOME/secret.txt",
        "${form}.js",
        "`form.js`",
        "|form.js",
        "form.js|id",
        "\u{202e}sj.mrof",
        "ｆｏｒｍ．ｊｓ",
        "form．js",
        "\u{feff}form.js",
        "form.js\u{200b}",
        "link",
        "link/secret.txt",
        "\r\nform.js",
    ];
    corpus.extend(spelled.map(str::to_owned));
    corpus.extend([3, 1_000, 100_000].map(|times| "../".repeat(times) + "secret.txt"));
    corpus.push("a".repeat(1_000_000));
    corpus
}

#[test]
fn threats_38_two_hundred_hostile_paths_have_no_file() {
    let around = Folder::with(&[("secret.txt", "secret"), (".env", "secret"), ("etc/passwd", "secret")]);
    for (path, text) in [PACK_JSON, FORM_JS, ("tpls/a.html", "<p>"), (".env", "secret")] {
        around.write(&format!("pack/{path}"), text.as_bytes());
    }
    let pack = deskbell_pack::Pack::read(&around.path().join("pack")).unwrap();
    let archived = deskbell_pack::Pack::from_archive(&pack.to_archive()).unwrap();
    let corpus = corpus();
    assert!(corpus.len() >= 200, "{}", corpus.len());
    for path in &corpus {
        for pack in [&pack, &archived] {
            assert_eq!(pack.file(path), None, "{path:?}");
            assert_eq!(pack.named_at(path), None, "{path:?}");
            assert_eq!(pack.page_script(path, 0), None, "{path:?}");
        }
    }
    assert!(pack.file("form.js").is_some() && pack.file("tpls/a.html").is_some());
}

//! `pack.json`.

use deskbell_pack::Place;
use serde_json::json;

use crate::world::{FORM_JS, Folder, sentence};

fn with_json(text: &str) -> String {
    sentence(&[("pack.json", text), FORM_JS])
}

const FULL: &str = r#"{
  "consultant": {
    "desktop": {
      "js": ["./js/a.js", "form.js"],
      "css": "css/шрифт.css",
      "tpls": {"consultant_chat": "tpls/chat.html", "consultant_label": "tpls/../tpls/label.html"}
    },
    "mobile": {"js": "form.js", "css": null, "tpls": null},
    "tablet": null
  },
  "VC": {"tablet": {"js": "form.js"}},
  "trusted_html": ["chat.title", "common.note"]
}"#;

fn full() -> Folder {
    Folder::with(&[
        ("pack.json", FULL),
        FORM_JS,
        ("js/a.js", "a()"),
        ("css/шрифт.css", "a {}"),
        ("tpls/chat.html", "<p></p>"),
        ("tpls/label.html", "<p></p>"),
    ])
}

#[test]
fn a_pack_json_in_the_shape_of_apply_widgets_options_is_read() {
    let pack = full().read().unwrap();
    let options = pack.options().unwrap();
    assert_eq!(options["consultant"]["desktop"]["tpls"]["consultant_chat"], json!("tpls/chat.html"));
    assert_eq!(options.get("trusted_html"), None);
    assert_eq!(pack.trusted(), ["chat.title", "common.note"]);
    assert!(pack.pages().is_empty());
    assert!(pack.warnings().is_empty());
}

#[test]
fn a_named_file_is_found_where_it_is_named() {
    let pack = full().read().unwrap();
    let at = |path: &str| pack.named_at(path).map(|(file, place)| (file, place.line, place.column));
    let here = |line, column| Some(("pack.json".to_owned(), line, column));
    assert_eq!(at("js/a.js"), here(4, 14));
    assert_eq!(at("form.js"), here(4, 27));
    assert_eq!(at("css/шрифт.css"), here(5, 14));
    assert_eq!(at("tpls/chat.html"), here(6, 35));
    assert_eq!(at("tpls/label.html"), here(6, 73));
    assert_eq!(at("tpls/other.html"), None);
}

#[test]
fn a_page_is_not_looked_at_beside_a_pack_json() {
    let folder = full();
    folder.write("index.html", b"<script>__cs.push(['applyWidgetsOptions', {a: '../../x.js'}])</script>");
    assert!(folder.read().unwrap().pages().is_empty());
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let folder = full();
    folder.write("pack.json", format!("\u{feff}{FULL}").as_bytes());
    let pack = folder.read().unwrap();
    assert_eq!(pack.named_at("js/a.js").unwrap().1, Place { line: 4, column: 14 });
}

#[test]
fn a_missing_file_is_named_with_its_line() {
    assert_eq!(
        with_json("{\"consultant\": {\"desktop\": {\n  \"js\": \"form.js\",\n  \"css\": \"form.css\"\n}}}"),
        "pack.json, line 3, column 10: It names form.css, which is not in the pack."
    );
    assert_eq!(
        with_json(r#"{"consultant": {"desktop": {"js": ["form.js", "b.js"]}}}"#),
        "pack.json, line 1, column 47: It names b.js, which is not in the pack."
    );
    assert_eq!(
        with_json(r#"{"consultant": {"mobile": {"js": "form.js", "tpls": {"тест": "Form.js"}}}}"#),
        "pack.json, line 1, column 62: It names Form.js, which is not in the pack."
    );
}

#[test]
fn threats_38_a_path_out_of_the_pack_is_refused_with_its_line() {
    for path in [
        "../form.js",
        "a/../../form.js",
        "%2e%2e/form.js",
        "/form.js",
        "//host.example/form.js",
        "https://host.example/form.js",
        "file:///etc/passwd",
        "C:/form.js",
        "data:text/javascript,x",
        "javascript:x",
    ] {
        let text = format!("{{\"consultant\": {{\"desktop\": {{\n \"js\": \"{path}\"}}}}}}");
        let wanted = format!("pack.json, line 2, column 8: It names {path}, which lies outside the pack.");
        assert_eq!(with_json(&text), wanted);
    }
    assert_eq!(
        with_json(r#"{"consultant": {"desktop": {"js": "..\\..\\form.js"}}}"#),
        r"pack.json, line 1, column 35: It names ..\..\form.js, which lies outside the pack."
    );
}

#[test]
fn what_nobody_knows_is_named_with_its_line() {
    assert_eq!(
        with_json("{\n  \"consultatn\": {}}"),
        "pack.json, line 2, column 3: `consultatn` is no view controller; there are consultant, sitephone, \
         call_generator, offline_message_generator, personal_form."
    );
    assert_eq!(
        with_json("{\"sitephone\": {\n\n\"phone\": {\"js\": \"form.js\"}}}"),
        "pack.json, line 3, column 1: `phone` is no device; there are desktop, tablet, mobile."
    );
    assert_eq!(
        with_json(r#"{"consultant": {"desktop": {"jss": "form.js"}}}"#),
        "pack.json, line 1, column 29: `jss` is not known here; there are js, css, tpls."
    );
}

#[test]
fn another_shape_is_said_with_its_line() {
    for (text, wanted) in [
        ("[]", "line 1, column 1: `pack.json` should be an object, but it is a list."),
        ("\n{}", "line 2, column 1: It names no script of a view controller."),
        (
            r#"{"consultant": {"desktop": {"css": "form.js"}}}"#,
            "line 1, column 1: It names no script of a view controller.",
        ),
        (
            r#"{"consultant": "form.js"}"#,
            "line 1, column 16: `consultant` should be an object, but it is a text.",
        ),
        (
            r#"{"consultant": {"desktop": 5}}"#,
            "line 1, column 28: `consultant.desktop` should be an object, but it is a number.",
        ),
        (
            r#"{"consultant": {"desktop": {"js": {}}}}"#,
            "line 1, column 35: `consultant.desktop.js` should be a path or a list of paths, but it is an object.",
        ),
        (
            r#"{"consultant": {"desktop": {"js": [1]}}}"#,
            "line 1, column 36: `consultant.desktop.js` should be a path or a list of paths, but it is a number.",
        ),
        (
            r#"{"consultant": {"desktop": {"js": ""}}}"#,
            "line 1, column 35: `consultant.desktop.js` should be a path, but it is empty.",
        ),
        (
            r#"{"consultant": {"desktop": {"tpls": ["a"]}}}"#,
            "line 1, column 37: `consultant.desktop.tpls` should be an object, but it is a list.",
        ),
        (
            r#"{"consultant": {"desktop": {"tpls": {"rack": null}}}}"#,
            "line 1, column 46: `consultant.desktop.tpls.rack` should be a path, but it is null.",
        ),
        (
            r#"{"trusted_html": "chat.title"}"#,
            "line 1, column 18: `trusted_html` should be a list of texts, but it is a text.",
        ),
        (
            r#"{"trusted_html": [1]}"#,
            "line 1, column 19: `trusted_html` should be a list of texts, but it is a number.",
        ),
    ] {
        assert_eq!(with_json(text), format!("pack.json, {wanted}"), "{text}");
    }
}

#[test]
fn json_that_is_none_is_said_with_its_line() {
    for (text, wanted) in [
        ("", "line 1, column 1: It is not valid JSON: the file is empty."),
        ("{\n  \"ж\": 1,\n}", "line 3, column 1: It is not valid JSON: trailing comma."),
        ("{\"ж\" 1}", "line 1, column 6: It is not valid JSON: expected `:`."),
        ("{\"a\": [1,\n2", "line 2, column 1: It is not valid JSON: EOF while parsing a list."),
        ("{'a': 1}", "line 1, column 2: It is not valid JSON: texts and names stand between double quotes."),
    ] {
        assert_eq!(with_json(text), format!("pack.json, {wanted}"), "{text:?}");
    }
}

#[test]
fn json_without_an_end_of_its_depth_is_one_sentence() {
    let deep = "[".repeat(100_000);
    assert_eq!(
        with_json(&deep),
        "pack.json, line 1, column 128: It is not valid JSON: recursion limit exceeded."
    );
}

#[test]
fn a_mapping_that_is_no_text_or_too_long_is_one_sentence() {
    let folder = Folder::with(&[FORM_JS]);
    folder.write("pack.json", b"{\xff}");
    assert_eq!(folder.sentence(), "pack.json: It is not UTF-8 text.");
    folder.write("pack.json", " ".repeat(1_048_577).as_bytes());
    assert_eq!(folder.sentence(), "pack.json: It is larger than 1048576 bytes.");
}

#[test]
fn somebodys_words_do_not_fill_a_sentence() {
    let long = "long/".repeat(10_000) + "\\u0007.js";
    let said = with_json(&format!(r#"{{"consultant": {{"desktop": {{"js": "{long}"}}}}}}"#));
    assert!(said.chars().count() < 250, "{said}");
    assert!(said.ends_with("…, which is not in the pack."), "{said}");
}

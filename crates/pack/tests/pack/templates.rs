//! Templates that are named: they are compiled when a pack is read.

use deskbell_pack::FlawKind;

use crate::world::{FORM_JS, Folder, page, sentence};

const MAPPING: &str = r#"{"consultant": {"desktop": {"js": "form.js", "tpls": {"rack": "tpls/rack.html"}}}}"#;
const BROKEN: &str = "<p>\n  <% if (a { %>x<% } %>\n</p>";

fn with_template(text: &str) -> Folder {
    Folder::with(&[("pack.json", MAPPING), FORM_JS, ("tpls/rack.html", text)])
}

#[test]
fn templates_that_are_named_are_compiled() {
    let pack = with_template("\u{feff}<p>\n<%= title %></p>").read().unwrap();
    let script = pack.template("tpls/rack.html").unwrap();
    assert!(script.script().contains("title"));
    assert!(!script.script().contains('\u{feff}'), "a browser drops a byte order mark, too");
}

#[test]
fn a_template_with_a_syntax_error_is_one_sentence_with_the_line() {
    let said = with_template(BROKEN).sentence();
    assert!(said.starts_with("tpls/rack.html, line 2, column "), "{said}");
    assert!(said.contains("The template cannot be compiled: "), "{said}");
}

#[test]
fn a_template_that_a_page_names_is_compiled_too() {
    let text = page("{consultant: {desktop: {js: 'form.js', tpls: {a: 'a.tpl', b: 'none.html'}}}}");
    let said = sentence(&[("index.html", &text), FORM_JS, ("a.tpl", BROKEN), ("unnamed.html", BROKEN)]);
    assert!(said.starts_with("a.tpl, line 2, column "), "{said}");
    assert!(Folder::with(&[("index.html", &text), FORM_JS, ("b.tpl", BROKEN)]).read().is_ok());
}

#[test]
fn a_template_that_is_no_text_is_one_sentence() {
    let folder = with_template("");
    folder.write("tpls/rack.html", b"<p>\xcf\xf0\xe8</p>");
    assert_eq!(folder.sentence(), "tpls/rack.html: It is not UTF-8 text.");
}

#[test]
fn a_script_that_is_no_text_is_a_warning() {
    let folder = with_template("");
    folder.write("form.js", b"// \xcf\xf0\xe8\nrun()");
    let warnings = folder.read().unwrap().warnings();
    assert_eq!(
        warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["form.js: It is not UTF-8 text."]
    );
}

#[test]
fn a_template_that_is_not_there_is_said_of_whoever_names_it() {
    let text = page("{consultant: {desktop: {js: 'form.js', tpls: {b: 'none.html'}}}}");
    let pack = Folder::with(&[("index.html", &text), FORM_JS]).read().unwrap();
    let flaw = pack.template("none.html").unwrap_err();
    assert_eq!(
        flaw.to_string(),
        "index.html, line 5, column 86: It names none.html, which is not in the pack."
    );
    let flaw = pack.template("other.html").unwrap_err();
    assert_eq!(flaw.to_string(), "It names other.html, which is not in the pack.");
    assert_eq!(flaw.kind, FlawKind::Missing("other.html".to_owned()));
}

#[test]
fn a_template_beyond_two_mebibytes_is_refused_before_it_is_compiled() {
    let fits = "x".repeat(2 * 1024 * 1024);
    assert!(with_template(&fits).read().is_ok());
    let said = with_template(&format!("{fits}x")).sentence();
    assert_eq!(said, "tpls/rack.html: It is larger than 2097152 bytes.");
}

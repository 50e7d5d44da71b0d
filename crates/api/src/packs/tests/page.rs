//! What the page starts with, and sentences of what it found.

use std::fs;
use std::path::Path;

use deskbell_pack::Pack;

use super::super::{boot_of, report};
use crate::dto::{FlawReport, Locale, Problem};

fn pack(files: &[(&str, &str)]) -> Pack {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, text).unwrap();
    }
    Pack::read(folder.path()).unwrap()
}

fn with_mapping() -> Pack {
    let mapping = "{\n  \"consultant\": {\"desktop\": {\n    \"js\": \"./chat/chat.js\",\n    \"tpls\": {\"chat\": \"chat/chat.html\"}\n  }}\n}\n";
    pack(&[
        ("pack.json", mapping),
        ("chat/chat.js", "registerWidgetVC('consultant', {});\n"),
        ("chat/chat.html", "<p>\n<%- words %>\n</p>\n"),
        ("chat/settings.json", "{\"chat\": {\"title\": \"Hello\"}}"),
    ])
}

fn with_page() -> Pack {
    let page = "<!doctype html>\n<script>\n__cs.push(['applyWidgetsOptions', {consultant: {desktop: {js: 'a b.js'}}}]);\n</script>\n";
    pack(&[("my form/index.html", page), ("my form/a b.js", "1;\n")])
}

fn said(pack: &Pack, finding: FlawReport) -> Problem {
    report(pack, finding, Locale::En)
}

#[test]
fn a_pack_with_a_mapping_starts_with_it_and_its_settings() {
    let pack = with_mapping();
    let boot = boot_of(&pack, "pack://localhost/0123/");
    assert_eq!(boot.base, "pack://localhost/0123/");
    assert_eq!(boot.digest, pack.digest());
    assert!(boot.options.unwrap().get("consultant").is_some());
    assert_eq!(boot.settings["chat"]["chat"]["title"], "Hello");
    assert!(boot.pages.is_empty());
}

#[test]
fn a_pack_without_a_mapping_starts_with_its_pages_scripts_as_urls() {
    let boot = boot_of(&with_page(), "pack://localhost/0123/");
    assert_eq!(boot.options, None);
    assert_eq!(boot.pages, ["my%20form/index.html?script=0"]);
}

#[test]
fn a_missing_file_is_told_where_it_is_named() {
    let page =
        "<script>__cs.push(['applyWidgetsOptions', {consultant: {desktop: {\n js: 'gone.js'}}}]);</script>\n";
    let pack = pack(&[("index.html", page)]);
    let problem = said(&pack, FlawReport::Missing { path: "gone.js".into() });
    assert_eq!(problem.code, "pack_missing");
    assert!(problem.message.contains("gone.js (index.html, line 2, column "), "{}", problem.message);
    let problem = said(&with_mapping(), FlawReport::Missing { path: "made/up.css".into() });
    assert!(problem.message.contains("made/up.css."), "{}", problem.message);
}

#[test]
fn a_file_that_is_there_and_is_refused_is_told_as_what_it_is() {
    let problem = said(&with_mapping(), FlawReport::Missing { path: "chat/chat.html".into() });
    assert_eq!(problem.code, "pack_unreadable");
    assert_eq!(problem.message, "The chat form cannot be read (chat/chat.html): it is served as text/plain.");
}

#[test]
fn a_script_that_throws_is_told_with_its_file_and_line() {
    let at =
        |path: &str, line| FlawReport::Script { path: path.into(), line, column: 4, message: "boom".into() };
    let problem = said(&with_mapping(), at("chat/chat.js", 9));
    assert_eq!(problem.code, "pack_script");
    assert!(problem.message.contains("(chat/chat.js, line 9, column 4): boom"), "{}", problem.message);
    assert!(said(&with_mapping(), at("chat/chat.js", 0)).message.contains("(chat/chat.js): boom"));
    let ours = said(&with_mapping(), at("assets/runtime.js", 9)).message;
    assert!(!ours.contains("runtime"), "{ours}");
    let page = said(&with_page(), at("my form/index.html?script=0", 3)).message;
    assert!(page.contains("script of the chat form failed (my form/index.html, line 3, column 4)"), "{page}");
    assert_eq!(said(&with_page(), at("my form/index.html", 3)).message, page, "by its path alone");
}

#[test]
fn a_page_whose_scripts_stand_in_several_files_is_told_without_a_line() {
    let call = |name: &str| {
        format!("__cs.push(['applyWidgetsOptions', {{{name}: {{desktop: {{js: 'a.js'}}}}}}]);\n")
    };
    let page = format!("<script src=\"options.js\"></script>\n<script>{}</script>\n", call("sitephone"));
    let pack = pack(&[("index.html", &page), ("options.js", &call("consultant")), ("a.js", "1;\n")]);
    assert_eq!(pack.pages().len(), 2);
    let at =
        |path: &str| FlawReport::Script { path: path.into(), line: 1, column: 4, message: "boom".into() };
    assert!(said(&pack, at("index.html")).message.contains("(index.html): boom"));
    assert!(said(&pack, at("index.html?script=0")).message.contains("(options.js, line 1, column 4): boom"));
    assert!(said(&pack, at("index.html?script=7")).message.contains("failed: boom"));
}

#[test]
fn a_template_that_throws_is_told_with_the_line_of_the_template() {
    let finding = FlawReport::Template {
        path: "chat/chat.html".into(),
        line: 2,
        column: 1,
        message: "words is not defined".into(),
    };
    let problem = said(&with_mapping(), finding);
    assert_eq!(problem.code, "pack_template");
    assert!(problem.message.contains("(chat/chat.html, line 2"), "{}", problem.message);
    assert!(problem.message.ends_with("words is not defined."), "{}", problem.message);
}

#[test]
fn the_network_and_eval_and_a_controller_that_nobody_registers_are_told_with_their_file() {
    let (path, line, column) = ("chat/chat.js".to_owned(), 1, 2);
    let network =
        FlawReport::Network { path: path.clone(), line, column, target: "https://a.example/".into() };
    let problem = said(&with_mapping(), network);
    assert_eq!(problem.code, "pack_network");
    assert!(problem.message.contains("https://a.example/") && problem.message.contains("chat.js, line 1"));
    let problem = said(&with_mapping(), FlawReport::Eval { path, line, column });
    assert_eq!(problem.code, "pack_eval");
    assert!(problem.message.contains("chat.js, line 1"), "{}", problem.message);
    let problem = said(&with_mapping(), FlawReport::NoController { name: "consultant".into() });
    assert_eq!(problem.code, "pack_no_controller");
    assert!(problem.message.contains("“consultant”") && problem.message.contains("pack.json, line 3"));
    let problem = said(&with_page(), FlawReport::NoController { name: "consultant".into() });
    assert!(problem.message.contains("my form/index.html"), "{}", problem.message);
}

#[test]
fn a_controller_that_nobody_registers_is_told_where_its_script_is_named_however_that_is_spelled() {
    for (name, js) in [
        ("consultant", r#""chat/chat.js""#),
        ("consultant", r#""./chat/chat.js?v=1#x""#),
        ("consultant", r#"["chat/../chat//chat.js", "b.js"]"#),
        ("consultant", r#""chat/%63hat.js""#),
        ("consultant", r#""chat\\chat.js""#),
        ("consultant", r#"null}, "mobile": {"js": ["b.js"]"#),
        ("VC", r#""chat/chat.js""#),
    ] {
        let mapping = format!("{{\n  \"{name}\": {{\"desktop\": {{\n    \"js\": {js}\n  }}}}\n}}\n");
        let pack = pack(&[("pack.json", &mapping), ("chat/chat.js", "1;\n"), ("b.js", "1;\n")]);
        let problem = said(&pack, FlawReport::NoController { name: "consultant".into() });
        assert!(problem.message.contains("“consultant” (pack.json, line 3, "), "{js}: {}", problem.message);
    }
}

#[test]
fn what_a_page_reports_is_shown_nowhere_else() {
    let finding =
        FlawReport::Script { path: String::new(), line: 0, column: 0, message: "secret words".into() };
    assert!(!format!("{finding:?}").contains("secret"));
}

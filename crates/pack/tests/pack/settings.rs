//! `settings.json`.

use serde_json::json;

use crate::world::{FORM_JS, Folder, PACK_JSON, sentence};

fn with_settings(text: &str) -> String {
    sentence(&[PACK_JSON, FORM_JS, ("settings.json", text)])
}

fn passes(text: &str) {
    let folder = Folder::with(&[PACK_JSON, FORM_JS, ("settings.json", text)]);
    assert!(folder.read().is_ok(), "{text}: {}", folder.sentence());
}

#[test]
fn every_settings_json_is_read_by_its_folder() {
    let folder = Folder::with(&[
        PACK_JSON,
        FORM_JS,
        ("settings.json", r#"{"common": {"banner_color": "123456"}}"#),
        ("consultant-desktop/settings.json", r#"{"chat": {"title": "Ask us"}}"#),
        ("a/b/settings.json", "null"),
        ("a/my-settings.json", "{"),
    ]);
    let pack = folder.read().unwrap();
    let folders: Vec<&str> = pack.settings().keys().map(String::as_str).collect();
    assert_eq!(folders, ["", "a/b", "consultant-desktop"]);
    assert_eq!(pack.settings()["consultant-desktop"]["chat"]["title"], json!("Ask us"));
    assert_eq!(pack.settings()["a/b"], json!({}));
}

#[test]
fn anything_may_be_null_and_anything_may_stand_beside() {
    passes(
        r#"{"common": null, "chat": {"fields": null, "allowed_groups": null, "retention": null, "extra": [1]},
            "offline_message": {"fields": [null], "allowed_groups": false, "title": 5}, "beyond": {"chat": 1}}"#,
    );
    passes(r#"{"chat": {"retention": {"messages": null, "text": 1}, "fields": [], "allowed_groups": []}}"#);
    passes(r#"{"chat": false}"#);
}

#[test]
fn settings_of_the_other_controllers_have_their_own_shape() {
    passes(
        r#"{"title": "Call me", "allowed_groups": null, "delayed_call_times": {"today": []}, "banner_color": "0"}"#,
    );
    passes(
        r#"{"fields": {"name": true}, "allowed_groups": "all", "retention": 30, "messages": "none", "id": 7}"#,
    );
}

#[test]
fn settings_of_a_wrong_shape_are_one_sentence_with_the_line() {
    for (text, wanted) in [
        ("[]", "line 1, column 1: `settings.json` should be an object, but it is a list."),
        ("\n \"x\"", "line 2, column 2: `settings.json` should be an object, but it is a text."),
        ("{\n  \"chat\": []\n}", "line 2, column 11: `chat` should be an object, but it is a list."),
        (r#"{"common": "red"}"#, "line 1, column 12: `common` should be an object, but it is a text."),
        (
            r#"{"offline_message": true}"#,
            "line 1, column 21: `offline_message` should be an object, but it is true or false.",
        ),
        (
            "{\"chat\": {\"title\": \"Вопрос\",\n \"fields\": {\"name\": 1}}}",
            "line 2, column 12: `chat.fields` should be a list of objects, but it is an object.",
        ),
        (
            "{\"chat\": {\"allowed_groups\": [{\"id\": 1},\n  7]}}",
            "line 2, column 3: `chat.allowed_groups` should be a list of objects, but this is a number.",
        ),
        (
            r#"{"chat": {"retention": []}}"#,
            "line 1, column 24: `chat.retention` should be an object, but it is a list.",
        ),
        (
            r#"{"chat": {"retention": {"messages": "wait"}}}"#,
            "line 1, column 37: `chat.retention.messages` should be a list of objects, but it is a text.",
        ),
        (
            r#"{"offline_message": {"fields": ["name"]}}"#,
            "line 1, column 33: `offline_message.fields` should be a list of objects, but this is a text.",
        ),
        (
            "{\"chat\": {\n\"title\": \"a\n\"}}",
            "line 3, column 1: It is not valid JSON: control character (\\u0000-\\u001F) found while parsing a string.",
        ),
        ("{} {}", "line 1, column 4: It is not valid JSON: trailing characters."),
    ] {
        assert_eq!(with_settings(text), format!("settings.json, {wanted}"), "{text}");
    }
    assert_eq!(
        sentence(&[PACK_JSON, FORM_JS, ("mobile/settings.json", "{")]),
        "mobile/settings.json, line 1, column 1: It is not valid JSON: EOF while parsing an object."
    );
}

#[test]
fn all_settings_together_have_two_mebibytes() {
    let large = format!("{{\"x\": \"{}\"}}", "x".repeat(900 * 1024));
    let settings =
        [("a/settings.json", large.as_str()), ("b/settings.json", &large), ("c/settings.json", &large)];
    let (fits, all) = (settings.get(..2).unwrap(), &settings);
    let folder = |settings: &[(&str, &str)]| Folder::with(&[&[PACK_JSON, FORM_JS], settings].concat());
    assert!(folder(fits).read().is_ok());
    assert_eq!(folder(all).sentence(), "c/settings.json: It is larger than 2097152 bytes.");
}

#[test]
fn what_scripts_take_and_json_does_not_is_said_plainly() {
    for (text, expected) in [
        (
            "{\n  // ours\n  \"chat\": {}}",
            "settings.json, line 2, column 3: It is not valid JSON: comments cannot stand in it.",
        ),
        (
            "{\"chat\": {} /* all */}",
            "settings.json, line 1, column 13: It is not valid JSON: comments cannot stand in it.",
        ),
        (
            "/* ours */ {}",
            "settings.json, line 1, column 1: It is not valid JSON: comments cannot stand in it.",
        ),
        (
            "{'chat': {}}",
            "settings.json, line 1, column 2: It is not valid JSON: texts and names stand between double quotes.",
        ),
        ("{\"chat\": {},\n}", "settings.json, line 2, column 1: It is not valid JSON: trailing comma."),
        ("\u{feff} \n", "settings.json, line 2, column 1: It is not valid JSON: the file is empty."),
    ] {
        assert_eq!(with_settings(text), expected, "{text:?}");
    }
}

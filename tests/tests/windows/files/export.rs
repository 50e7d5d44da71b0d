//! Conversations taken along with the files that were sent in them.

use std::path::Path;

use deskbell_tests::World;
use serde_json::Value;

use super::ground::{Pair, picture, send_from_visitor, type_place};

const TITLE: &str = "Save the conversations";

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn threats_36_conversations_are_taken_along_with_their_files_in_a_folder_beside_them() {
    let world = World::new();
    let pair = Pair::start(&world, &[]).await;
    let photo = std::fs::read(picture(&world, "photo.png", (64, 48), "blue")).unwrap();
    let notes = "far away words ".repeat(1_000);
    for (name, media, bytes) in [
        ("photo.png", "image/png", photo.as_slice()),
        ("notes №1.txt", "text/plain", notes.as_bytes()),
        ("notes №1.txt", "text/plain", b"others".as_slice()),
    ] {
        send_from_visitor(&pair.visitor, name, media, bytes).await;
    }
    pair.operator.page().wait_until("all lines are there", &lines(3)).await;

    pair.operator.page().click("program-settings").await;
    let page = pair.operator.enter("app").await;
    page.click("section-data").await;
    page.wait_for("export-with-files").await;
    // Nobody has looked at the texts yet: only the desk has them.
    page.wait_for("export-fetch").await;
    let folder = world.path("taken");
    std::fs::create_dir(&folder).unwrap();
    page.click("export-html").await;
    type_place(TITLE, &folder.join("talk.html"), false).await;
    page.wait_for_text("3 files").await;

    assert_eq!(names(&folder), ["talk files", "talk.html"]);
    let files = folder.join("talk files");
    assert_eq!(names(&files), ["notes №1 (2).txt", "notes №1.txt", "photo.png"]);
    assert_eq!(std::fs::read(files.join("notes №1.txt")).unwrap(), notes.as_bytes());
    assert_eq!(std::fs::read(files.join("notes №1 (2).txt")).unwrap(), b"others");
    let html = std::fs::read_to_string(folder.join("talk.html")).unwrap();
    assert!(html.contains("<img src=\"talk%20files/photo.png\""), "{html}");
    assert!(html.contains("<a href=\"talk%20files/notes%20%E2%84%961.txt\">"), "{html}");

    page.click("export-json").await;
    type_place(TITLE, &folder.join("talk.json"), false).await;
    page.wait_for_text("talk.json").await;
    let json: Value = serde_json::from_slice(&std::fs::read(folder.join("talk.json")).unwrap()).unwrap();
    let lines = json["conversations"][0]["lines"].as_array().unwrap();
    let paths: Vec<_> = lines.iter().filter_map(|line| line["file"]["path"].as_str()).collect();
    let names = ["photo.png", "notes №1.txt", "notes №1 (2).txt"];
    // The first export's folder stays what it was.
    assert_eq!(paths, names.map(|name| format!("talk files (2)/{name}")));
    assert!(paths.iter().all(|path| folder.join(path).exists()));
}

/// Has the operator's page so many lines with a file?
fn lines(count: usize) -> String {
    format!("document.querySelectorAll('[data-test=message] [data-test=file]').length === {count}")
}

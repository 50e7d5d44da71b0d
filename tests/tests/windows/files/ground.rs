//! A conversation in two windows, and files in it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use deskbell_tests::process::limit;
use deskbell_tests::screen::Screen;
use deskbell_tests::{App, Page, World};
use serde_json::{Value, json};

use crate::conversation::{hosting, open_first_visitor};
use crate::packs::links::{dialogs, wait};

/// Two windows that talk to each other.
pub(super) struct Pair {
    pub(super) operator: App,
    pub(super) visitor: App,
}

impl Pair {
    pub(super) async fn start(world: &World, extra: &[&str]) -> Self {
        let (operator, address) = hosting(world, &[]).await;
        let mut arguments = vec!["--desk", &address];
        arguments.extend(extra);
        let visitor = App::visitor(world, "visitor", &arguments).await;
        visitor.page().wait_for("composer").await;
        visitor.page().say("hello").await;
        open_first_visitor(&operator).await;
        operator.page().wait_for_text("hello").await;
        Self { operator, visitor }
    }

    /// Whose conversation the operator has open.
    pub(super) async fn visitor_id(&self) -> String {
        let row = "return document.querySelector('[data-test=visitor-row]').dataset.visitor";
        self.operator.page().script(row).await
    }
}

/// Waits until a file of this name is with the operator, bytes and all: as its page has it.
pub(super) async fn arrived(pair: &Pair, name: &str) -> Value {
    let (page, visitor) = (pair.operator.page(), pair.visitor_id().await);
    let (until, all) =
        (Instant::now() + limit(), json!({ "visitor": visitor, "before": null, "chat": null }));
    loop {
        let listed = invoke(&page, "operator_files", &all).await;
        let lines = listed["ok"]["lines"].as_array().cloned().unwrap_or_default();
        let file = lines.into_iter().map(|line| line["file"].clone()).find(|file| file["name"] == name);
        match file {
            Some(file) if file["here"] == true => return file,
            Some(file) if file["transfer"].is_null() => {
                invoke(&page, "operator_file_fetch", &json!({ "key": file["key"] })).await;
            }
            _ => {}
        }
        assert!(Instant::now() < until, "{name} does not come: {listed}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Asks the shell as the page does: `{"ok": …}` or `{"problem": …}`.
pub(super) async fn invoke(page: &Page<'_>, command: &str, arguments: &Value) -> Value {
    page.script_async(&format!(
        "const done = arguments[arguments.length - 1];
         window.__TAURI_INTERNALS__.invoke({}, {arguments})
           .then((ok) => done({{ ok }}), (problem) => done({{ problem }}));",
        json!(command)
    ))
    .await
}

/// Sends the page's own file from the visitor's window, as a form does; the file as that page has it then.
pub(super) async fn send_from_visitor(visitor: &App, name: &str, media: &str, content: &[u8]) -> Value {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const call = (name, words) => window.__TAURI_INTERNALS__.invoke('visitor_file_' + name, words);
         const bytes = new Uint8Array({});
         (async () => {{
           const id = await call('begin', {{ file: {{ name: {}, size: bytes.length, media: {} }} }});
           const said = await fetch('desk://localhost/piece/' + id, {{ method: 'POST', body: bytes.buffer }});
           const taken = await said.json();
           if (taken.problem) throw taken.problem;
           await call('end', {{ id }});
           return call('send', {{ ids: [id], caption: '', group: null }});
         }})().then((ok) => done({{ ok }}), (problem) => done({{ problem: String(problem.code ?? problem) }}));",
        json!(content),
        json!(name),
        json!(media)
    );
    let sent = visitor.page().script_async(&script).await;
    assert!(sent["ok"].is_array(), "{sent}");
    sent["ok"][0]["file"].clone()
}

/// A file of this computer.
pub(super) fn put(world: &World, name: &str, content: &[u8]) -> PathBuf {
    let place = world.path("files").join(name);
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::File::create(&place).unwrap().write_all(content).unwrap();
    place
}

/// A picture of one colour.
pub(super) fn picture(world: &World, name: &str, (width, height): (u32, u32), colour: &str) -> PathBuf {
    let place = put(world, name, b"");
    let mut drawing = Command::new("convert");
    drawing.args(["-size", &format!("{width}x{height}"), &format!("xc:{colour}")]).arg(&place);
    assert!(drawing.status().unwrap().success());
    place
}

/// A program opener that writes down what it is to open.
pub(super) fn watch_opener(world: &World) -> PathBuf {
    let opened = world.path("opened");
    world.install("xdg-open", &format!("#!/bin/sh\nprintf '%s\\n' \"$*\" >> '{}'\n", opened.display()));
    opened
}

/// Types a place into the system's dialog with this title: where a file is to go, or, where it `opens` one, where it is.
pub(crate) async fn type_place(title: &str, place: &Path, opens: bool) {
    wait(title, || dialogs(title).len() == 1).await;
    let window = dialogs(title).remove(0);
    Screen::here().focus(window.parse().unwrap());
    let until = Instant::now() + limit();
    while !dialogs(title).is_empty() {
        assert!(Instant::now() < until, "never: {title} is gone");
        write_place(&window, place, opens).await;
        press_enter(&window).await;
    }
}

/// Keys for this window and no other: one that is gone takes none.
fn xdotool(window: &str, words: &[&str], keys: &str) {
    let _ = Command::new("xdotool").args(words).args(["--window", window, keys]).output().unwrap();
}

/// What is written in the dialog's field. Nothing tells from outside when that field is there, nor what is in it: what
/// came to nothing is done again.
async fn write_place(window: &str, place: &Path, opens: bool) {
    if opens {
        xdotool(window, &["key", "--clearmodifiers"], "ctrl+l");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    xdotool(window, &["key", "--clearmodifiers"], "ctrl+a");
    xdotool(window, &["type", "--delay", "2"], place.to_str().unwrap());
}

/// The first Enter may only take what the dialog completes; a slow dialog is given its time.
async fn press_enter(window: &str) {
    let until = Instant::now() + Duration::from_secs(6);
    while Instant::now() < until && is_there(window) {
        xdotool(window, &["key"], "Return");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

fn is_there(window: &str) -> bool {
    Screen::here().is_shown(window.parse().unwrap())
}

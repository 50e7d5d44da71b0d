//! What is pasted into a window: pictures and files of other programs, and words, as ever.
//!
//! With `DESKBELL_PICTURES=DIR` both windows are painted.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use deskbell_tests::process::limit;
use deskbell_tests::screen::Screen;
use deskbell_tests::{App, Clipboard, World, keys};
use serde_json::Value;

use super::drop::listen;
use super::forms::{SEEN, drawn, paint, send};
use super::ground::{Pair, picture, put};
use crate::conversation::{hosting, open_first_visitor};
use crate::packs::ground::{TEMPLATE, form, try_out, write};

/// The person's own keys.
fn press(screen: &Screen, app: &App, title: &str, keys: &[&str]) {
    keys::press(screen.window(app, title), keys);
}

/// Waits until this is in the composer, and nothing else.
async fn until_written(app: &App, words: &str) {
    let until = Instant::now() + limit();
    loop {
        let written: String =
            app.page().script("return document.querySelector('[data-test=composer]').value").await;
        if written == words {
            return;
        }
        assert!(Instant::now() < until, "{written:?} is written, not {words:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Writes down which keys the page hears; it has much to do at Control.
const SLOW_CONTROL: &str = "window.heard = [];
    addEventListener('keydown', ({ key }) => {
        window.heard.push(key);
        const until = performance.now() + (key === 'Control' ? 60 : 0);
        while (performance.now() < until);
    }, true);";

fn screenshot(world: &World, colour: &str) -> Vec<u8> {
    std::fs::read(picture(world, "taken.png", (320, 200), colour)).unwrap()
}

#[tokio::test]
async fn a_pasted_picture_goes_from_either_window_to_the_other_and_words_are_pasted_as_ever() {
    let (world, screen) = (World::new(), Screen::here());
    let pair = Pair::start(&world, &[]).await;
    let (visitor, operator) = (pair.visitor.page(), pair.operator.page());

    let taken = screenshot(&world, "peru");
    let copied = Clipboard::with(&[("image/png", &taken), ("text/html", b"<img src=x>")]);
    visitor.click("composer").await;
    press(&screen, &pair.visitor, "chat", &["ctrl+v"]);
    visitor.wait_for("files-panel").await;
    paint(&pair.visitor, "pasted.png").await;
    send(&pair.visitor, "").await;
    visitor.wait_until("the picture", &drawn("Picture 20")).await;
    operator.wait_until("the picture", &format!("{SEEN} === 1")).await;
    drop(copied);

    let copied = Clipboard::with(&[("image/png", &screenshot(&world, "teal"))]);
    operator.click("composer").await;
    press(&screen, &pair.operator, "Deskbell", &["shift+Insert"]);
    let ready = "document.querySelector('[data-test=staged-file]')?.dataset.ready === 'true'";
    operator.wait_until("it is read", ready).await;
    operator.wait_until("it can be sent", "document.querySelector('[data-test=send]:not(:disabled)')").await;
    operator.click("send").await;
    let both = "[...document.querySelectorAll('[data-test=message] img')]
        .filter((image) => !image.hidden && image.naturalWidth > 60).length === 2";
    visitor.wait_until("the operator's picture", both).await;
    drop(copied);

    // A table of an office program: its words are meant, and what is typed behind them stays behind them. The page has
    // no use for Control alone, and says so while the program is still asked what it copied.
    let table: [(&str, &[u8]); 2] = [("UTF8_STRING", b"two"), ("image/png", &taken)];
    let _copied = Clipboard::slow(&table, Duration::from_millis(150));
    for (app, title) in [(&pair.operator, "Deskbell"), (&pair.visitor, "chat")] {
        app.page().click("composer").await;
        app.page().script::<()>(SLOW_CONTROL).await;
        press(&screen, app, title, &["ctrl+v", "s"]);
        until_written(app, "twos").await;
        let heard: Vec<String> = app.page().script("return window.heard").await;
        assert_eq!(heard, ["Control", "v", "s"], "each key once, in order");
        let staged =
            "return document.querySelectorAll('[data-test=staged-file], [data-test=files-panel]').length";
        assert_eq!(app.page().script::<usize>(staged).await, 0);
    }
}

#[tokio::test]
async fn a_picture_is_pasted_beside_the_old_form() {
    let (world, screen) = (World::new(), Screen::here());
    let (operator, address) = hosting(&world, &[]).await;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/packs/classic");
    let arguments = ["--desk", &address, "--pack", folder.to_str().unwrap()];
    let visitor = App::visitor(&world, "visitor", &arguments).await;
    let page = visitor.page();
    page.wait_until("the label offers a chat", "document.querySelector('.hb-js-label--chat')").await;
    page.click("label-chat").await;
    let choose = "const chosen = new DataTransfer();
        chosen.items.add(new File(['one lid'], 'order 1207.txt', { type: 'text/plain' }));
        const input = document.querySelector('[data-test=file]');
        input.files = chosen.files;
        input.dispatchEvent(new Event('change'));";
    page.script::<()>(choose).await;
    operator.page().wait_for_text("order 1207.txt").await;
    open_first_visitor(&operator).await;
    let _copied = Clipboard::with(&[("image/png", &screenshot(&world, "navy"))]);
    press(&screen, &visitor, "chat", &["ctrl+v"]);
    send(&visitor, "Without a lid").await;
    page.wait_until("the picture", &drawn("Picture 20")).await;
    operator.page().wait_until("the picture", &format!("{SEEN} === 1")).await;
    paint(&visitor, "classic-pasted.png").await;
}

/// What a form can have a person copy: it calls it a file of this computer's, too.
const COPIED: &str = "document.addEventListener('copy', (event) => {
  event.preventDefault();
  event.clipboardData.setData('text/uri-list', 'file:///etc/hostname');
  event.clipboardData.setData('text/plain', 'file:///etc/hostname');
});
document.querySelector('[data-test=greeting]').addEventListener('click', () => {
  window.copied = document.execCommand('copy');
});
window.addEventListener('paste', (event) => {
  window.pasted = { files: event.clipboardData.files.length, types: [...event.clipboardData.types],
    names: [...event.clipboardData.files].map((file) => file.name) };
}, true);";

/// A form would paste by itself.
const MADE_UP: &str = "const pit = document.querySelector('[data-test=pit]');
for (const type of ['keydown', 'keypress', 'keyup'])
  pit.dispatchEvent(new KeyboardEvent(type, { key: 'v', code: 'KeyV', ctrlKey: true, bubbles: true }));
document.execCommand('paste');
window.pasted = null;";

#[tokio::test]
async fn threats_36_what_a_page_had_copied_is_pasted_as_no_file() {
    let (world, screen) = (World::new(), Screen::here());
    let folder = form(&world);
    write(&folder, "form.html", &TEMPLATE.replace("<h1", "<textarea data-test=\"pit\"></textarea><h1"));
    let app = try_out(&world, &folder, &[]).await;
    let page = app.page();
    page.wait_for("pit").await;
    listen(&app, "visitor").await;
    page.script::<()>(COPIED).await;
    page.click("greeting").await;
    page.wait_until("it was copied", "window.copied").await;
    page.click("pit").await;
    press(&screen, &app, "chat", &["ctrl+v"]);
    page.wait_until("it was pasted", "window.pasted").await;
    let pasted: Value = page.script("return window.pasted").await;
    assert_eq!(pasted["files"], 0, "{pasted}");

    // A page of another program's has had it copied.
    page.script::<()>("window.pasted = null").await;
    let bait: &[u8] = b"file:///etc/hostname\r\n";
    let copied = Clipboard::with(&[("text/uri-list", bait), ("UTF8_STRING", bait)]);
    press(&screen, &app, "chat", &["ctrl+v"]);
    page.wait_until("it was pasted", "window.pasted").await;
    drop(copied);

    // What a person copies in a file manager is taken, and is the only thing; the page learns of no place.
    page.script::<()>("window.pasted = null").await;
    let file = put(&world, "mine & yours.txt", b"words");
    let listed = format!("copy\nfile://{}", file.display()).replace(' ', "%20");
    let _copied = Clipboard::with(&[
        ("x-special/gnome-copied-files", listed.as_bytes()),
        ("text/uri-list", bait),
        ("UTF8_STRING", file.to_str().unwrap().as_bytes()),
    ]);
    page.script::<()>(MADE_UP).await;
    press(&screen, &app, "chat", &["ctrl+v"]);
    page.wait_until("something is listed", "window.told?.some((it) => it.files?.length)").await;
    let told: String = page.script("return JSON.stringify(window.told)").await;
    assert!(told.contains("mine & yours.txt") && !told.contains("hostname"), "{told}");
    let count: usize = page.script("return window.told.at(-1).files.length").await;
    assert_eq!(count, 1, "{told}");
    let pasted: Value = page.script("return window.pasted").await;
    assert!(pasted.is_null(), "the page was given the place: {pasted}");
}

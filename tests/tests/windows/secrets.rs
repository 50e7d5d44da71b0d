//! What is on the disk, and what a page may do.

use std::path::Path;

use deskbell_testkit::leak_search::{leaks, words_of};
use deskbell_tests::bus::Keyring;
use deskbell_tests::{App, World};

use crate::conversation::{hosting, open_first_visitor};

#[tokio::test]
async fn threats_44_no_word_name_or_key_is_in_the_data_folders() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().say("zanzibarquestion").await;
    open_first_visitor(&operator).await;
    operator.page().say("timbuktuanswer").await;
    visitor.page().wait_for_text("timbuktuanswer").await;
    let words = ["zanzibarquestion", "timbuktuanswer", "Anna Berg"];
    let control = world.path("control");
    std::fs::create_dir_all(&control).unwrap();
    std::fs::write(control.join("plain"), words.join("\n")).unwrap();
    let folders =
        ["data", "visitor", "operator", "config", "cache", "home", "runtime"].map(|name| world.path(name));
    for folder in &folders {
        std::fs::create_dir_all(folder).unwrap();
    }
    let places: Vec<&Path> = folders.iter().map(|folder| folder.as_path()).collect();
    // While both run: the write-ahead logs are there, too.
    assert!(visitor.data().exists() && operator.data().exists());
    assert_eq!(leaks(&words, &places).unwrap(), Default::default());
    visitor.kill();
    operator.kill();
    assert_eq!(leaks(&words, &places).unwrap(), Default::default());
    let control = leaks(&words, &[control.as_path()]).unwrap();
    assert_eq!(words_of(&control).len(), words.len(), "the search finds what is there");
}

#[tokio::test]
async fn in_a_session_that_keeps_nothing_the_window_says_so() {
    let world = World::with(Keyring::None);
    let (operator, address) = hosting(&world, &["--session-only"]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address, "--session-only"]).await;
    visitor.page().say("only for now").await;
    visitor.page().wait_for_status("only for now", &["sent", "delivered"]).await;
    visitor.page().wait_until("it says so", "document.querySelector('.desk-strip__row--session-only')").await;
    operator.page().wait_until("it says so", "document.querySelector('[data-strip=session_only]')").await;
    let profiles = std::fs::read_dir(visitor.data()).unwrap().map(|entry| entry.unwrap().path());
    let files = profiles.filter(|path| path.is_dir()).flat_map(|path| std::fs::read_dir(path).unwrap());
    let names = files.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let left: Vec<_> = names.filter(|name| name.ends_with(".db")).collect();
    assert!(left.is_empty(), "a history without a key: {left:?}");
}

const CALL: &str = "const done = arguments[0];
    const call = window.__TAURI_INTERNALS__.invoke;
    call(COMMAND, ARGUMENTS).then(() => done('allowed'), (why) => done(String(why?.message ?? why)));";

async fn call(app: &App, command: &str, arguments: &str) -> String {
    let script = CALL.replace("COMMAND", &format!("'{command}'")).replace("ARGUMENTS", arguments);
    app.page().script_async(&script).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn threats_33_a_visitors_window_may_call_the_visitors_verbs_and_nothing_else() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for("composer").await;
    assert_eq!(call(&visitor, "visitor_typing", "{ text: '' }").await, "allowed");
    for command in ["operator_sign_out", "operator_open", "app_quit", "app_join", "plugin:window|close"] {
        let said = call(&visitor, command, "{ visitor: '', address: '' }").await;
        assert!(said.contains("not allowed"), "{command}: {said}");
    }
    let said = call(&operator, "visitor_typing", "{ text: '' }").await;
    assert!(said.contains("not allowed"), "{said}");
}

#[tokio::test]
async fn i15_threats_27_markup_in_a_message_is_text_in_both_windows() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let text = "<img src=x onerror=\"window.fired=1\"><script>window.fired=1</script><b>bold</b>";
    visitor.page().say(text).await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&[("visitor", text)]).await;
    visitor.page().wait_for_words(&[("visitor", text)]).await;
    for app in [&visitor, &operator] {
        let inert: bool = app.page().script("return window.fired === undefined").await;
        assert!(inert);
    }
}

#[tokio::test]
async fn threats_32_a_page_cannot_leave_frame_or_evaluate() {
    let world = World::new();
    let (_operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for("composer").await;
    let before: String = visitor.page().script("return location.href").await;
    let script = "const done = arguments[0];
        const tag = document.createElement('script'); tag.textContent = 'window.inlined = 1';
        document.head.append(tag);
        const frame = document.createElement('iframe'); frame.src = 'https://desk.example/';
        document.body.append(frame);
        let evaluated; const by_text = document.createElement('div');
        by_text.setAttribute('onclick', 'window.evaluated = 1'); by_text.click();
        fetch('https://desk.example/').then(() => done('fetched'), () => {
            window.location.href = 'https://desk.example/';
            requestAnimationFrame(() => requestAnimationFrame(() =>
                done(JSON.stringify([window.inlined ?? 0, window.evaluated ?? 0]))));
        });";
    assert_eq!(visitor.page().script_async(script).await, "[0,0]");
    let after: String = visitor.page().script("return location.href").await;
    assert_eq!(before, after);
}

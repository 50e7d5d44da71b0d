//! A first conversation, in two windows.

use std::path::{Path, PathBuf};
use std::process::Command;

use deskbell_tests::process::free_port;
use deskbell_tests::{App, World};

/// An operator's window that hosts the desk, and its address.
pub(crate) async fn hosting(world: &World, extra: &[&str]) -> (App, String) {
    let address = format!("127.0.0.1:{}", free_port());
    let mut arguments = vec!["--host", "--listen", &address, "--owner", "Anna Berg"];
    arguments.extend(extra);
    let operator = App::operator(world, "operator", &arguments).await;
    operator.page().wait_for("status-switch").await;
    (operator, address)
}

/// Opens the first visitor of the operator's list.
pub(crate) async fn open_first_visitor(operator: &App) {
    operator.page().click("visitor-row").await;
    // Where words are written: to a chat, or to invite to one.
    let place = "document.querySelector('[data-test=composer], [data-test=offer]')";
    operator.page().wait_until("a place to write", place).await;
}

#[tokio::test]
async fn a_conversation_with_typing_sent_delivered_and_read() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    let (theirs, mine) = (visitor.page(), operator.page());

    theirs.wait_for("composer").await;
    theirs.type_into("composer", "Good mor").await;
    open_first_visitor(&operator).await;
    mine.wait_until("the visitor's words as they are typed", LIVE_WORDS).await;
    theirs.type_into("composer", "ning\u{E007}").await;

    mine.wait_for_words(&[("visitor", "Good morning")]).await;
    theirs.wait_for_status("Good morning", &["delivered", "read"]).await;
    theirs.wait_for_status("Good morning", &["read"]).await;

    mine.type_into("composer", "Good").await;
    theirs.wait_for("typing").await;
    mine.type_into("composer", " day, how can I help?\u{E007}").await;
    let both = [("visitor", "Good morning"), ("operator", "Good day, how can I help?")];
    theirs.wait_for_words(&both).await;
    mine.wait_for_words(&both).await;
    mine.wait_for_status("Good day, how can I help?", &["read"]).await;

    for (asked, answered) in DIALOGUE {
        theirs.say(asked).await;
        mine.wait_for_text(asked).await;
        mine.say(answered).await;
        theirs.wait_for_text(answered).await;
    }
    let (asked, answered) = DIALOGUE[2];
    theirs.wait_for_status(asked, &["read"]).await;
    mine.wait_for_status(answered, &["read"]).await;
    let (left, right) = (theirs.words().await, mine.words().await);
    assert_eq!(left, right, "both ends show the same order");
    assert_eq!(left.len(), 2 + 2 * DIALOGUE.len());
    take_pictures(&visitor, &operator).await;
}

const DIALOGUE: [(&str, &str); 3] = [
    ("My parcel was due on Friday and is not here yet.", "Let me look. What is the number of your order?"),
    (
        "It is 30418, two lamps and a shade.",
        "Thank you. It left our warehouse this morning and arrives tomorrow.",
    ),
    ("Wonderful, then I will be at home. Thank you!", "With pleasure. Write here whenever you need us."),
];

const LIVE_WORDS: &str =
    "[...document.querySelectorAll('[data-test=typing]')].some((e) => e.textContent.includes('Good mor'))";

#[tokio::test]
async fn closing_a_chat_tells_both_ends_and_a_further_message_opens_another() {
    let world = World::new();
    let (operator, address) = hosting(&world, &[]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address]).await;
    visitor.page().wait_for("composer").await;
    visitor.page().say("first chat").await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&[("visitor", "first chat")]).await;
    operator.page().click("close-chat").await;
    // The visitor wrote last and has no answer: the page asks once.
    operator.page().click("close-confirm").await;
    visitor.page().wait_until("the chat is over", &system_lines(2)).await;
    visitor.page().say("second chat").await;
    operator.page().wait_for_words(&[("visitor", "first chat"), ("visitor", "second chat")]).await;
    visitor.page().wait_for_status("second chat", &["read"]).await;
}

fn system_lines(at_least: usize) -> String {
    format!("document.querySelectorAll('[data-test=message][data-sender=system]').length >= {at_least}")
}

#[tokio::test]
async fn in_russian_both_windows_speak_russian() {
    let world = World::new();
    let (operator, address) = hosting(&world, &["--lang", "ru"]).await;
    let visitor = App::visitor(&world, "visitor", &["--desk", &address, "--lang", "ru"]).await;
    visitor.page().wait_for("composer").await;
    let cyrillic = "/[а-яё]{4}/i.test(document.body.innerText)";
    visitor.page().wait_until("Russian words", cyrillic).await;
    operator.page().wait_until("Russian words", cyrillic).await;
    visitor.page().say("Добрый день, مرحبا").await;
    open_first_visitor(&operator).await;
    operator.page().wait_for_words(&[("visitor", "Добрый день, مرحبا")]).await;
}

/// For the README; written only where somebody asks for it.
async fn take_pictures(visitor: &App, operator: &App) {
    let Some(folder) = std::env::var_os("DESKBELL_PICTURES").map(PathBuf::from) else { return };
    let (left, right) = (folder.join("operator.png"), folder.join("visitor.png"));
    operator.page().picture(&left).await;
    visitor.page().picture(&right).await;
    join(&left, &right, &folder.join("conversation.png"));
}

fn join(left: &Path, right: &Path, both: &Path) {
    let mut join = Command::new("montage");
    join.args([left, right]).args(["-tile", "2x1", "-geometry", "+12+12", "-gravity", "center"]);
    assert!(join.args(["-background", "#8A8F98"]).arg(both).status().unwrap().success());
}

//! The chat itself.

use serde_json::{Value, json};

use crate::conformance::stage::{OPERATOR, Stage};

/// The operator sees the visitor waiting.
#[tokio::test]
async fn start_chat() {
    let stage = Stage::open().await;
    stage.chat("startChat()").await;
    stage.until_row("the visitor waits", "waiting");
}

/// The operator sees the visitor on site again, and the callback finds the state `available`.
#[tokio::test]
async fn close_chat() {
    let stage = Stage::open_in_chat().await;
    stage.chat("closeChat(() => { window.left = hand.getState() })").await;
    stage.until_row("the visitor is on site", "on_site");
    stage.until("the callback has run", "window.left === 'available'").await;
}

/// Follows the operator's status: true, false while away, true again.
#[tokio::test]
async fn is_chat_available() {
    let stage = Stage::open().await;
    for online in [true, false, true] {
        stage.operator.verbs().set_online(online).unwrap();
        stage.until(&format!("available: {online}"), &format!("chat.isChatAvailable() === {online}")).await;
    }
}

/// The message is back at once with its uid, and the operator reads the words once, in a chat that they opened.
#[tokio::test]
async fn send_chat_message() {
    let stage = Stage::open().await;
    let sent = stage.chat("sendChatMessage('Is anybody there?')").await;
    assert_eq!((&sent["sender"], &sent["text"]), (&json!("visitor"), &json!("Is anybody there?")));
    assert!(sent["uid"].as_str().is_some_and(|uid| uid.len() == 36), "{sent}");
    stage.operator.until_lines("the words", &stage.id, |lines| {
        lines.iter().filter(|line| line.text == "Is anybody there?").count() == 1
    });
    stage.until_row("the visitor waits", "waiting");
}

/// Follows what the other side does: `chat` when one is open, `available` when the operator has closed it.
#[tokio::test]
async fn get_state() {
    let stage = Stage::open().await;
    assert_eq!(stage.chat("getState()").await, "available");
    stage.hand("startChat()").await;
    stage.until_row("the visitor waits", "waiting");
    stage.until("a chat is open", "chat.getState() === 'chat'").await;
    stage.operator.verbs().close_chat(&stage.id).unwrap();
    stage.until("the chat is over", "chat.getState() === 'available'").await;
}

/// The operator sees the words as they are typed, and then that nobody types.
#[tokio::test]
async fn chat_typing() {
    let stage = Stage::open_in_chat().await;
    let typed = |text: Value| {
        move |told: &[Value]| told.iter().any(|one| one["type"] == "typing" && one["text"] == text)
    };
    stage.chat("chatTyping('Where is my par')").await;
    stage.operator.until("the words", typed(json!("Where is my par")));
    stage.chat("chatTyping('')").await;
    stage.operator.until("nobody types", typed(Value::Null));
}

/// `null` before an operator has come, the operator's own name while one is in the chat, `null` after it.
#[tokio::test]
async fn get_operator_vcard() {
    let stage = Stage::open_in_chat().await;
    stage.until("nobody", "chat.getOperatorVcard() === null").await;
    stage.say("Good morning");
    stage.until("the operator", &format!("chat.getOperatorVcard()?.name === '{OPERATOR}'")).await;
    let card = stage.chat("getOperatorVcard()").await;
    assert!(card["position"].is_string() && card["avatar"].is_string(), "{card}");
    stage.operator.verbs().close_chat(&stage.id).unwrap();
    stage.until("nobody any more", "chat.getOperatorVcard() === null").await;
}

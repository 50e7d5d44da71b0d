//! What was said, and what was read of it.

use serde_json::{Value, json};

use crate::conformance::stage::Stage;

/// False for a new visitor, true once an operator has written, false again when everything was handed out.
#[tokio::test]
async fn has_history() {
    let stage = Stage::open().await;
    assert_eq!(stage.chat("hasHistory()").await, false);
    stage.hand("startChat()").await;
    stage.until_row("the visitor waits", "waiting");
    stage.say("Good morning");
    stage.until("it has arrived", "arrived === 1").await;
    stage.another_widget().await;
    assert_eq!(stage.chat("hasHistory()").await, true);
    while stage.hand("getHistory()").await != false {}
    assert_eq!(stage.chat("hasHistory()").await, false);
}

/// What the operator wrote comes back in pages of at most 20, newest first, each once; then `false`.
#[tokio::test]
async fn get_history() {
    const MESSAGES: usize = 45;
    let stage = Stage::open_in_chat().await;
    stage.say_many(MESSAGES);
    stage.until("all have arrived", &format!("arrived === {MESSAGES}")).await;
    stage.another_widget().await;
    let mut pages: Vec<Vec<Value>> = Vec::new();
    loop {
        match stage.chat("getHistory()").await {
            Value::Array(page) => pages.push(page),
            end => break assert_eq!(end, false),
        }
    }
    assert!(pages.iter().all(|page| (1..=20).contains(&page.len())), "{pages:#?}");
    assert!(pages.split_last().unwrap().1.iter().all(|page| page.len() == 20), "only the last page is short");
    let texts =
        pages.iter().flatten().filter(|one| one["sender"] == "operator").map(|one| one["text"].clone());
    let expected = (0..MESSAGES).rev().map(|at| json!(format!("message {at}")));
    assert_eq!(texts.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
}

/// Counts the operator's messages and no other.
#[tokio::test]
async fn get_unread_counter() {
    let stage = Stage::open_in_chat().await;
    stage.hand("sendChatMessage('My own')").await;
    assert_eq!(stage.chat("getUnreadCounter()").await, 0);
    stage.say("First");
    stage.say("Second");
    stage.until("both count", "chat.getUnreadCounter() === 2").await;
}

/// The counter is 0 at once, and the operator sees the message read.
#[tokio::test]
async fn clear_unread_counter() {
    let stage = Stage::open_answered("Good morning").await;
    stage.chat("clearUnreadCounter()").await;
    assert_eq!(stage.hand("getUnreadCounter()").await, 0);
    let lines = stage.operator.lines(&stage.id);
    let seq = lines.iter().find(|line| line.text == "Good morning").unwrap().seq.unwrap();
    stage.operator.until("it is read", |told| {
        told.iter().any(|one| one["type"] == "receipts" && one["receipts"]["read"].as_u64() >= Some(seq))
    });
}

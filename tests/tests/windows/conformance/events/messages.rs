//! Messages and what becomes of them.

use serde_json::{Value, json};

use crate::conformance::ground::form;
use crate::conformance::stage::{OPERATOR, Stage};

/// The operator's words come once, as a whole message object, with the counter risen; own words never do, an own file does, once.
#[tokio::test]
async fn sendmessage() {
    let stage = Stage::open_in_chat().await;
    stage.hand("sendChatMessage('My own')").await;
    stage.operator.until_lines("the visitor's words", &stage.id, |lines| {
        lines.iter().any(|line| line.text == "My own")
    });
    stage.say("Good morning");
    let heard = stage.hears("sendmessage", |message| message["text"] == "Good morning").await;
    // The old form reads a message before anybody else hears of it.
    let risen = if form() == "classic" { 0 } else { 1 };
    assert!(heard.now["unread"].as_u64() >= Some(risen), "{heard:?}");
    let message = &heard.payload;
    assert_eq!(
        (&message["sender"], &message["source"], &message["from"]),
        (&json!("operator"), &json!("Operator"), &json!(OPERATOR))
    );
    assert_eq!(message["operator_info"]["name"], OPERATOR);
    assert!(message["date"].is_u64() && message["message_id"].is_string(), "{message}");
    assert!(message["chat_id"].is_string() && message["uid"].is_string(), "{message}");
    let own = stage.hand("sendFile(new File(['some words'], 'note.txt'))").await["uid"].clone();
    let file = stage.hears("sendmessage", |message| message["uid"] == own).await.payload;
    assert_eq!((&file["sender"], &file["fx_name"]), (&json!("visitor"), &json!("note.txt")), "{file}");
    assert!(file["fx_link"].is_string() && file["fx_size_info"] == "10 B", "{file}");
    stage.operator.until_lines("the file", &stage.id, |lines| lines.iter().any(|line| line.file.is_some()));
    stage.say("How can I help?");
    stage.hears("sendmessage", |message| message["text"] == "How can I help?").await;
    let texts: Vec<Value> =
        stage.heard("sendmessage").await.iter().map(|one| one.payload["text"].clone()).collect();
    assert_eq!(texts.iter().filter(|text| **text == "Good morning").count(), 1, "{texts:?}");
    let announced = stage.heard("sendmessage").await;
    assert_eq!(announced.iter().filter(|one| one.payload["uid"] == own).count(), 1, "{announced:?}");
    assert!(!texts.contains(&json!("My own")), "{texts:?}");
}

/// What the operator wrote while the visitor's line was down, oldest first, once it is up again.
#[tokio::test]
async fn showhistory() {
    let stage = Stage::open_answered("Before").await;
    stage.cut_line();
    stage.say("While you were away");
    stage.say("And one more");
    stage.operator.until_lines("both are on the desk", &stage.id, |lines| {
        lines.last().is_some_and(|line| line.text == "And one more" && line.seq.is_some())
    });
    stage.heal_line().await;
    let missed = |lines: &Value| {
        let texts = lines.as_array().into_iter().flatten().map(|line| line["text"].clone());
        texts.collect::<Vec<_>>() == [json!("While you were away"), json!("And one more")]
    };
    stage.hears("showhistory", missed).await;
}

/// Comes when the visitor has seen the operator's words; the counter is 0 by then.
#[tokio::test]
async fn messageviewed() {
    let stage = Stage::open_answered("Good morning").await;
    stage.hand("clearUnreadCounter()").await;
    let heard = stage.hears("messageviewed", Value::is_null).await;
    assert_eq!(heard.now["unread"], 0);
}

/// A message goes from queued to sent and delivered, and to read when the operator has read it.
#[tokio::test]
async fn messagestatus() {
    let stage = Stage::open_in_chat().await;
    let uid = stage.hand("sendChatMessage('Is anybody there?')").await["uid"].clone();
    let of = |status: &'static str| {
        let uid = uid.clone();
        move |change: &Value| change["uid"] == uid && change["status"] == status
    };
    let sent = stage.hears("messagestatus", of("sent")).await.payload;
    assert!(sent["message_id"].is_string(), "{sent}");
    stage.operator.until_lines("the words", &stage.id, |lines| {
        lines.iter().any(|line| line.text == "Is anybody there?")
    });
    stage.hears("messagestatus", of("delivered")).await;
    let seq = stage.operator.lines(&stage.id).last().unwrap().seq.unwrap();
    stage.operator.verbs().read(&stage.id, seq).unwrap();
    stage.hears("messagestatus", of("read")).await;
}

/// A device that knows nothing of a long chat hears when the older lines have come to it.
#[tokio::test]
async fn historyavailable() {
    let mut stage = Stage::open().await;
    stage.set_history_aside();
    stage.restart_visitor().await;
    stage.hand("startChat()").await;
    stage.until_row("the visitor waits", "waiting");
    stage.say_many(600);
    stage.take_history_back().await;
    stage.hears("historyavailable", Value::is_null).await;
    stage.until("older lines can be had", "hand.hasHistory()").await;
}

/// A desk that was put back to an older copy: the widget begins again with what that desk has.
#[tokio::test]
async fn historyreset() {
    let mut stage = Stage::open_answered("Before the copy").await;
    stage.put_desk_back("After the copy").await;
    stage.hears("historyreset", Value::is_null).await;
}

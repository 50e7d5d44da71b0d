//! The events of `consultant_chat`.

use serde_json::{Value, json};

use super::stage::{OPERATOR, Stage};

/// Comes when the operator answers, with the operator's card.
#[tokio::test]
async fn operatorjoined() {
    let stage = Stage::open_in_chat().await;
    stage.say("Good morning");
    let card = stage.hears("operatorjoined", |card| card["name"] == OPERATOR).await.payload;
    assert!(card["position"].is_string() && card["avatar"].is_string(), "{card}");
}

/// Comes when the operator has closed the chat, with an empty card.
#[tokio::test]
async fn operatorleave() {
    let stage = Stage::open_answered("Good morning").await;
    stage.operator.verbs().close_chat(&stage.id).unwrap();
    let empty = json!({ "name": null, "position": null, "avatar": null });
    stage.hears("operatorleave", |card| *card == empty).await;
}

/// The operator's words come once, as a whole message object, with the counter risen; own words never do.
#[tokio::test]
async fn sendmessage() {
    let stage = Stage::open_in_chat().await;
    stage.hand("sendChatMessage('My own')").await;
    stage.operator.until_lines("the visitor's words", &stage.id, |lines| {
        lines.iter().any(|line| line.text == "My own")
    });
    stage.say("Good morning");
    let heard = stage.hears("sendmessage", |message| message["text"] == "Good morning").await;
    assert!(heard.now["unread"].as_u64() >= Some(1), "{heard:?}");
    let message = &heard.payload;
    assert_eq!(
        (&message["sender"], &message["source"], &message["from"]),
        (&json!("operator"), &json!("Operator"), &json!(OPERATOR))
    );
    assert_eq!(message["operator_info"]["name"], OPERATOR);
    assert!(message["date"].is_u64() && message["message_id"].is_string(), "{message}");
    assert!(message["chat_id"].is_string() && message["uid"].is_string(), "{message}");
    stage.say("How can I help?");
    stage.hears("sendmessage", |message| message["text"] == "How can I help?").await;
    let texts: Vec<Value> =
        stage.heard("sendmessage").await.iter().map(|one| one.payload["text"].clone()).collect();
    assert_eq!(texts.iter().filter(|text| **text == "Good morning").count(), 1, "{texts:?}");
    assert!(!texts.contains(&json!("My own")), "{texts:?}");
}

/// `false` when the last operator goes away, `true` when one is back; the getter says the same.
#[tokio::test]
async fn chatavailabilitychange() {
    let stage = Stage::open().await;
    for online in [false, true] {
        stage.operator.verbs().set_online(online).unwrap();
        let heard = stage.hears("chatavailabilitychange", |now| *now == json!(online)).await;
        assert_eq!(heard.now["available"], online);
    }
}

/// The desk answers that the chat is open, once.
#[tokio::test]
async fn startchat() {
    let stage = Stage::open().await;
    stage.hand("startChat()").await;
    stage.hears("startchat", |answer| answer["success"] == true).await;
    stage.until_row("the visitor waits", "waiting");
    assert_eq!(stage.heard("startchat").await.len(), 1);
}

/// Answers the visitor's own close, and not the operator's.
#[tokio::test]
async fn closechat() {
    let stage = Stage::open_in_chat().await;
    stage.operator.verbs().close_chat(&stage.id).unwrap();
    stage.until("the chat is over", "hand.getState() === 'available'").await;
    stage.hand("startChat()").await;
    stage.until_row("the visitor waits again", "waiting");
    assert_eq!(stage.heard("closechat").await, []);
    stage.hand("closeChat()").await;
    stage.hears("closechat", |answer| answer["success"] == true).await;
    stage.until_row("the visitor is on site", "on_site");
}

/// The operator's close comes as `available`, and the getter agrees.
#[tokio::test]
async fn statechange() {
    let stage = Stage::open_in_chat().await;
    stage.operator.verbs().close_chat(&stage.id).unwrap();
    let heard = stage.hears("statechange", |state| state == "available").await;
    assert_eq!(heard.now["state"], "available");
}

/// Comes when the operator types.
#[tokio::test]
async fn chattyping() {
    let stage = Stage::open_in_chat().await;
    stage.operator.lines(&stage.id);
    stage.operator.verbs().typing(&stage.id, true).unwrap();
    stage.hears("chattyping", Value::is_null).await;
}

/// What the operator wrote while the visitor's line was down, oldest first, once it is up again.
#[tokio::test]
async fn showhistory() {
    let stage = Stage::open_answered("Before").await;
    stage.cut_line();
    stage.say("While you were away");
    stage.say("And one more");
    stage.heal_line().await;
    let missed = |lines: &Value| {
        let texts = lines.as_array().into_iter().flatten().map(|line| line["text"].clone());
        texts.collect::<Vec<_>>() == [json!("While you were away"), json!("And one more")]
    };
    stage.hears("showhistory", missed).await;
}

/// Comes when the visitor has seen the operator's words, and the operator sees them read.
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

/// Offline when the line is cut, online when it is back, each with a time.
#[tokio::test]
async fn connectionchange() {
    let stage = Stage::open().await;
    stage.cut_line();
    let cut = stage.hears("connectionchange", |now| now["online"] == false).await.payload;
    assert!(cut["since"].is_u64(), "{cut}");
    stage.heal_line().await;
    stage.hears("connectionchange", |now| now["online"] == true).await;
}

/// What is refused is said with a code and a sentence, and nothing reaches the operator.
#[tokio::test]
async fn error() {
    let stage = Stage::open().await;
    stage.hand("sendChatMessage('   ')").await;
    let error = stage.hears("error", |error| error["code"] == "empty").await.payload;
    assert!(error["message"].as_str().is_some_and(|words| words.ends_with('.')), "{error}");
    stage.hand("chatTyping(42)").await;
    stage.hears("error", |error| error["code"] == "invalid").await;
    stage.until_row("the visitor is only on site", "on_site");
}

/// A device that lost its history hears when the older lines have come to it.
#[tokio::test]
async fn historyavailable() {
    let mut stage = Stage::open_in_chat().await;
    stage.say_many(600);
    stage.lose_history().await;
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

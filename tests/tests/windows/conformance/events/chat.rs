//! The chat itself.

use serde_json::{Value, json};

use crate::conformance::stage::{OPERATOR, Stage};

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

/// Comes when the operator types.
#[tokio::test]
async fn chattyping() {
    let stage = Stage::open_in_chat().await;
    stage.operator.lines(&stage.id);
    stage.operator.verbs().typing(&stage.id, true).unwrap();
    stage.hears("chattyping", Value::is_null).await;
}

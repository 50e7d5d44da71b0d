//! Marks for an operator.

use serde_json::{Value, json};

use crate::conformance::stage::Stage;

/// The desk answers each mark; one that is none is refused with a sentence.
#[tokio::test]
async fn setrating() {
    let stage = Stage::open_answered("Good morning").await;
    stage.hand("setOperatorRating(4)").await;
    stage.hears("setrating", |answer| answer["success"] == true).await;
    stage.hand("setOperatorRating(6)").await;
    let refused = stage.hears("setrating", |answer| answer["success"] == false).await.payload;
    assert!(refused["code"].is_string(), "{refused}");
    assert!(refused["info"]["message"].as_str().is_some_and(|words| words.ends_with('.')), "{refused}");
}

/// `null` when the operator's answer makes the chat one that can be rated, then the mark.
#[tokio::test]
async fn ratingchange() {
    let stage = Stage::open_in_chat().await;
    stage.say("Good morning");
    stage.hears("ratingchange", Value::is_null).await;
    stage.hand("setOperatorRating(4)").await;
    stage.hears("ratingchange", |mark| *mark == json!(4)).await;
}

//! The line to the desk, and what goes wrong.

use crate::conformance::stage::Stage;

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

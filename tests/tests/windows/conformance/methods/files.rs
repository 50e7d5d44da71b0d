//! Files. Until file transfer is there, they are refused.

use serde_json::json;

use crate::conformance::ground::form;
use crate::conformance::stage::Stage;

/// `false`, and nothing else.
#[tokio::test]
async fn is_ready_for_file_transfer() {
    let stage = Stage::open().await;
    assert_eq!(stage.chat("isReadyForFileTransfer()").await, false);
}

/// The message is back as failed, the person reads a sentence, and the operator gets nothing.
#[tokio::test]
async fn send_file() {
    let stage = Stage::open_in_chat().await;
    let message = stage.chat("sendFile(new File(['a note'], 'note.txt'))").await;
    assert_eq!((&message["sender"], &message["status"]), (&json!("visitor"), &json!("failed")), "{message}");
    // Deskbell's own form shows the sentence in its notice; of others the widget is told.
    let notice = match form().as_str() {
        "default" => "document.querySelector('[data-test=notice]:not([hidden])')?.textContent.endsWith('.')",
        _ => "told.some(({ event, payload }) => event === 'error' && payload.message.endsWith('.'))",
    };
    stage.until("a sentence", notice).await;
    let words = stage.operator.lines(&stage.id);
    assert!(words.iter().all(|line| line.uid.is_none() && line.text != "note.txt"), "{words:?}");
}

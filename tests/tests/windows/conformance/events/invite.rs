//! Invitations.

use serde_json::json;

use crate::conformance::stage::Stage;

/// Comes when an operator invites, as a message object with the words in it, once the state is `invite`; it is not
/// repeated by `sendmessage`.
#[tokio::test]
async fn invite() {
    let stage = Stage::open().await;
    stage.invite("May I help you?");
    let heard = stage.hears("invite", |one| one["invite_message"] == "May I help you?").await;
    assert_eq!(heard.now["state"], "invite");
    let invitation = &heard.payload;
    assert_eq!((&invitation["text"], &invitation["sender"]), (&json!("May I help you?"), &json!("operator")));
    assert_eq!(invitation["fx_link"].as_str().unwrap_or_default(), "", "{invitation}");
    assert_eq!(stage.heard("invite").await.len(), 1);
    assert_eq!(stage.heard("sendmessage").await, []);
}

/// The desk answers that the invitation was accepted, and the operator sees the chat.
#[tokio::test]
async fn inviteaccept() {
    let stage = Stage::open_invited("May I help you?").await;
    stage.hand("inviteAccept()").await;
    let heard = stage.hears("inviteaccept", |answer| answer["success"] == true).await;
    assert_eq!(heard.now["state"], "chat");
    stage.operator.until_row("a chat is open", &stage.id, |row| row["chatting"] == true);
}

/// The desk answers that the invitation was turned down; a second answer is refused with a sentence.
#[tokio::test]
async fn invitereject() {
    let stage = Stage::open_invited("May I help you?").await;
    stage.hand("inviteReject()").await;
    let heard = stage.hears("invitereject", |answer| answer["success"] == true).await;
    assert_eq!(heard.now["state"], "available");
    stage.until_row("the visitor is on site", "on_site");
    stage.hand("inviteReject()").await;
    let refused = stage.hears("invitereject", |answer| answer["success"] == false).await.payload;
    assert!(refused["code"].is_string(), "{refused}");
    assert!(refused["info"]["message"].as_str().is_some_and(|words| words.ends_with('.')), "{refused}");
}

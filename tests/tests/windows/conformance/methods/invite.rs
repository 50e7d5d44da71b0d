//! Answers to an invitation.

use deskbell_api::dto::MessageKind;

use crate::conformance::stage::Stage;

/// The operator who invited sees the visitor in a chat that the invitation opened.
#[tokio::test]
async fn invite_accept() {
    let stage = Stage::open_invited("May I help you?").await;
    stage.chat("inviteAccept()").await;
    stage.operator.until_row("a chat is open", &stage.id, |row| row["chatting"] == true);
    stage.operator.until_lines("the chat", &stage.id, |lines| {
        lines.iter().any(|line| line.kind == MessageKind::Opened)
    });
}

/// The operator sees the visitor on site, without a chat, and that the invitation was turned down.
#[tokio::test]
async fn invite_reject() {
    let stage = Stage::open_invited("May I help you?").await;
    stage.chat("inviteReject()").await;
    stage.until_row("the visitor is on site", "on_site");
    stage.operator.until_lines("the end of the invitation", &stage.id, |lines| {
        let ended = lines.iter().find(|line| line.kind == MessageKind::InviteEnded);
        ended.is_some_and(|line| line.reason.as_deref() == Some("invite_rejected"))
            && lines.iter().all(|line| line.kind != MessageKind::Opened)
    });
}

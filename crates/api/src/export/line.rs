//! A line of an export: what docs/export.md says, and nothing of what is this device's own affair.

use deskbell_wire::FileCard;
use serde::Serialize;

use crate::dto::{Detail, Message, MessageKind, MessageStatus, Sender};

/// A line.
#[derive(Clone, Serialize)]
pub(super) struct Line {
    /// The desk's name for it; `null` for what the desk does not have yet.
    pub(super) id: Option<String>,
    /// Its place in the conversation.
    pub(super) seq: Option<u64>,
    /// Unix milliseconds.
    pub(super) date: i64,
    pub(super) kind: MessageKind,
    pub(super) from: Sender,
    /// The operator's name, where it was one.
    pub(super) name: Option<String>,
    pub(super) text: String,
    /// `sent`, or how far an own message has come that the desk does not have yet.
    pub(super) status: MessageStatus,
    pub(super) reason: Option<String>,
    pub(super) detail: Option<Detail>,
    /// The file of a message that carries one; its bytes are not in the export.
    pub(super) file: Option<Named>,
}

/// A file, by what is known of it.
#[derive(Clone, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    /// Bytes.
    pub(super) size: u64,
    pub(super) media: String,
}

impl Line {
    /// The same with its file.
    pub(super) fn with(self, card: Option<&FileCard>) -> Self {
        let named =
            |card: &FileCard| Named { name: card.name.clone(), size: card.size, media: card.media.clone() };
        Self { file: card.map(named), ..self }
    }
}

impl From<Message> for Line {
    fn from(message: Message) -> Self {
        Self {
            id: message.message_id,
            seq: message.seq,
            date: message.date,
            kind: message.kind,
            from: message.sender,
            name: message.operator.map(|operator| operator.name).filter(|name| !name.is_empty()),
            text: message.text,
            status: message.status,
            reason: message.reason,
            detail: message.detail,
            file: None,
        }
    }
}

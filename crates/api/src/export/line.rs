//! A line of an export: what docs/export.md says, and nothing of what is this device's own affair.

use deskbell_wire::FileCard;
use serde::Serialize;

use super::beside::{Put, Use};
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
    /// The file of a message that carries one.
    pub(super) file: Option<Named>,
}

/// A file, by what is known of it.
#[derive(Clone, Serialize)]
pub(super) struct Named {
    /// What the app's verbs call it.
    #[serde(skip)]
    pub(super) key: String,
    pub(super) name: String,
    /// Bytes.
    pub(super) size: u64,
    pub(super) media: String,
    /// In hexadecimal digits.
    pub(super) sha256: String,
    /// Where it is, seen from the export, with `/` between folder and name; `null`: nowhere.
    pub(super) path: Option<String>,
    /// What a page may do with it; `None`: it was not asked for.
    #[serde(skip)]
    pub(super) found: Option<Put>,
}

impl Named {
    fn of(card: &FileCard, key: String) -> Self {
        Self {
            key,
            name: card.name.clone(),
            size: card.size,
            media: card.media.clone(),
            sha256: card.digest.to_string(),
            path: None,
            found: None,
        }
    }

    /// It was written beside the export, or could not be.
    pub(super) fn put(&mut self, found: Put) {
        if let Put::There { path, .. } = &found {
            self.path = Some(path.clone());
        }
        self.found = Some(found);
    }

    /// Where a page may lead to, and whether it shows a picture there.
    pub(super) fn address(&self) -> Option<(String, bool)> {
        match self.found.as_ref()? {
            Put::There { path, usable: Use::Link } => Some((address(path), false)),
            Put::There { path, usable: Use::Picture } => Some((address(path), true)),
            Put::There { usable: Use::Name, .. } | Put::Absent => None,
        }
    }

    /// What it is called where it is now.
    pub(super) fn shown(&self) -> &str {
        let written = self.path.as_deref().and_then(|path| path.rsplit('/').next());
        written.unwrap_or(&self.name)
    }
}

/// A path as a relative address: nothing in it can be taken for a scheme, a query or markup.
fn address(path: &str) -> String {
    let part = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(part).collect()
}

impl Line {
    /// The same with its file, which the app's verbs know by this key.
    pub(super) fn with(self, card: Option<&FileCard>, key: impl ToString) -> Self {
        Self { file: card.map(|card| Named::of(card, key.to_string())), ..self }
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

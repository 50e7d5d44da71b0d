//! A line of a conversation, its fate, and the connection that it waits for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use deskbell_wire::{LeadForm, VisitorCard};

use super::{FileView, Operator, RequestBody};

/// One line of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Message {
    /// Stable over a message's whole life: the uid of this device's own entries, otherwise the message id.
    pub key: String,
    /// Words, or what happened to the chat.
    pub kind: MessageKind,
    /// What was written, raw. Empty for other kinds.
    pub text: String,
    /// Unix milliseconds: the desk's where it is known, otherwise this device's.
    #[ts(type = "number")]
    pub date: i64,
    /// Which end.
    pub sender: Sender,
    /// Was it written on this device?
    pub mine: bool,
    /// Who, where an operator did it or joined or left.
    pub operator: Option<Operator>,
    /// Its place in the stream; `null` until the desk has it.
    #[ts(type = "number | null")]
    pub seq: Option<u64>,
    /// The desk's name for it.
    pub message_id: Option<String>,
    /// The author's name for it; on the author's device alone.
    pub uid: Option<String>,
    /// The chat it belongs to.
    pub chat_id: Option<String>,
    /// How far it has come. What others wrote is `sent`.
    pub status: MessageStatus,
    /// Why it failed: a nack code.
    pub code: Option<String>,
    /// Why a chat was closed (`closed_by_operator` …), an invitation is over (`invite_rejected`, `invite_expired`,
    /// `invite_withdrawn`), a lead form is gone (`submitted`, `cancelled`, `expired`), or what became of a transcript
    /// (`sent`, `delayed`, `refused`).
    pub reason: Option<String>,
    /// What else there is to say, with other kinds than words.
    pub detail: Option<Detail>,
    /// The file of a message that carries one; `text` is its caption, or empty.
    pub file: Option<FileView>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Words.
    Message,
    /// A chat began.
    Opened,
    /// An operator joined.
    Joined,
    /// An operator left.
    Left,
    /// A chat ended.
    Closed,
    /// The chat is for another group now.
    Moved,
    /// The visitor was invited; `text` has the words, `operator` is `null` where a rule invites.
    Invited,
    /// The invitation is over without a chat; see `reason`.
    InviteEnded,
    /// The visitor gave a mark, or took it back.
    Rated,
    /// The visitor's card changed.
    Card,
    /// A transcript was asked for.
    TranscriptAsked,
    /// What became of it; see `reason`.
    TranscriptEnded,
    /// Something was left to be worked off.
    Requested,
    /// It was worked off, or is open again.
    Settled,
    /// A lead form is shown.
    LeadShown,
    /// It is no longer shown; see `reason`.
    LeadEnded,
    /// The visitor agreed to the site's terms.
    Consented,
    /// The visitor is kept out, or let in again.
    Banned,
}

/// What a line of another kind than words has to say.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Detail {
    /// With kind `opened`.
    Opened {
        /// `start`, `message` or `invite`.
        by: String,
        /// For which group.
        group: Option<u32>,
    },
    /// With kind `moved`.
    Moved {
        /// Which; `null`: everybody.
        group: Option<u32>,
        /// Its name; empty for everybody.
        name: String,
    },
    /// With kind `invited`.
    Invited {
        /// Until when it can be answered (Unix milliseconds).
        #[ts(type = "number | null")]
        expires: Option<i64>,
    },
    /// With kind `rated`.
    Rated {
        /// 1 to 5; `null`: taken back.
        mark: Option<u8>,
    },
    /// With kind `card`.
    Card {
        /// As it is now.
        card: VisitorCard,
    },
    /// With kind `transcript_asked`.
    Transcript {
        /// To whom it goes.
        email: String,
    },
    /// With kind `requested`.
    Requested {
        /// What.
        body: RequestBody,
    },
    /// With kind `settled`.
    Settled {
        /// The request's id.
        request: String,
        /// Worked off?
        done: bool,
    },
    /// With kind `lead_shown`.
    Lead {
        /// Which form.
        form: LeadForm,
    },
    /// With kind `consented`.
    Consented {
        /// Which version.
        version: u32,
    },
    /// With kind `banned`.
    Banned {
        /// Out?
        banned: bool,
    },
}

impl std::fmt::Debug for Detail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Detail")
    }
}

/// Which end a line is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Sender {
    /// The visitor.
    Visitor,
    /// An operator.
    Operator,
    /// The desk itself.
    System,
}

/// How far a message has come. `delivered` and `read` follow from [`Receipts`]: the page compares seqs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MessageStatus {
    /// On this device's disk, on its way.
    Queued,
    /// On the desk's disk.
    Sent,
    /// On a device of the other end.
    Delivered,
    /// Seen there.
    Read,
    /// Refused for good; the person resends or discards.
    Failed,
    /// Waited too long or came back after a restore; the person resends or discards.
    Held,
}

/// How far the *other* end has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Receipts {
    /// Every message up to this seq is on a device there.
    #[ts(type = "number")]
    pub delivered: u64,
    /// Every message up to this seq was seen there.
    #[ts(type = "number")]
    pub read: u64,
}

/// An own entry went on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StatusChange {
    /// Which entry.
    pub uid: String,
    /// Its new status.
    pub status: MessageStatus,
    /// Its place, once known.
    #[ts(type = "number | null")]
    pub seq: Option<u64>,
    /// The desk's name for it, once known.
    pub message_id: Option<String>,
    /// The chat it belongs to, once known.
    pub chat_id: Option<String>,
    /// The desk's time, once known (Unix milliseconds).
    #[ts(type = "number | null")]
    pub date: Option<i64>,
    /// Why it failed: a nack code.
    pub code: Option<String>,
    /// The same in words, in the person's language.
    pub sentence: Option<String>,
}

/// Older lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessagesPage {
    /// Newest first.
    pub messages: Vec<Message>,
    /// Is there more before them?
    pub more: bool,
}

/// The line to the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Connection {
    /// What it does.
    pub phase: Phase,
    /// Since when (Unix milliseconds).
    #[ts(type = "number")]
    pub since: i64,
    /// Why it is not online, as a stable code (`unreachable`, `certificate`, `bad_token` …).
    pub code: Option<String>,
    /// The same in words, in the person's language.
    pub sentence: Option<String>,
}

/// What the line to the desk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The first try since the start.
    Connecting,
    /// Messages pass.
    Online,
    /// It tries again by itself.
    Offline,
    /// It stopped trying: the person must do something (certificate changed, signed out elsewhere …).
    Stopped,
}

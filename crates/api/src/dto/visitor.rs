//! The visitor's page: what it starts with and what it is told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use deskbell_wire::FormSettings;

use super::{Connection, FileNews, Locale, Message, Present, Receipts, StagedFile, StatusChange, Summon};

/// The mirror, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VisitorBoot {
    /// The visitor's id.
    pub visitor_id: String,
    /// The site's key.
    pub site: String,
    /// Which language.
    pub locale: Locale,
    /// How things stand.
    pub present: Present,
    /// The site's settings for the form; `null` where the desk was never reached.
    pub form: Option<FormSettings>,
    /// The line to the desk.
    pub connection: Connection,
    /// The newest lines, oldest first, at most 20, then what waits in the outbox.
    pub messages: Vec<Message>,
    /// Is there more before them?
    pub more: bool,
    /// How far the operators' end has come.
    pub receipts: Receipts,
    /// Operators' messages not read yet.
    #[ts(type = "number")]
    pub unread: u64,
    /// There is no keyring: nothing is kept over a restart, and the window says so.
    pub session_only: bool,
    /// What the window was opened for, where it was opened from outside.
    pub summon: Option<Summon>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorUpdate {
    /// The line to the desk.
    Connection {
        /// Now.
        connection: Connection,
    },
    /// How things stand now: the page tells what differs (`statechange`, `chatavailabilitychange`, `operatorjoined`,
    /// `operatorleave`, `invite`, `ratingchange`, `showchatretentionaction`).
    Present {
        /// Whole.
        present: Box<Present>,
    },
    /// The site's settings for the form changed.
    Form {
        /// Whole.
        form: Box<FormSettings>,
    },
    /// The site's pack is another one than the one that was asked for last, and is here; or it has none any more. The
    /// page starts anew when it may.
    Pack,
    /// A new line while the line to the desk was up: not this device's own, which come as `status`.
    Message {
        /// The line.
        message: Box<Message>,
        /// Unread after it.
        #[ts(type = "number")]
        unread: u64,
    },
    /// Lines that were missed while there was no connection, oldest first.
    Missed {
        /// The lines.
        messages: Vec<Message>,
        /// Unread after them.
        #[ts(type = "number")]
        unread: u64,
    },
    /// The desk was restored: these lines replace all that were known.
    Replaced {
        /// As in [`VisitorBoot::messages`].
        messages: Vec<Message>,
        /// Is there more before them?
        more: bool,
        /// Unread now.
        #[ts(type = "number")]
        unread: u64,
    },
    /// Older lines came to this device: there is more before what is shown.
    Older,
    /// An own entry went on.
    Status {
        /// How.
        change: StatusChange,
    },
    /// A file's transfer went on.
    File {
        /// How it stands.
        news: Box<FileNews>,
    },
    /// Files are held over the window, or no longer.
    Dragging {
        /// Now.
        over: bool,
    },
    /// The files that are chosen and not sent yet.
    Staged {
        /// Whole, in order.
        files: Vec<StagedFile>,
    },
    /// The operators' end received or read.
    Receipts {
        /// Now.
        receipts: Receipts,
    },
    /// The operator types, or stopped.
    Typing {
        /// Now.
        typing: bool,
    },
    /// The answer to a wish; exactly one for each that was taken.
    Answer {
        /// The answer.
        answer: Answer,
    },
    /// The window was raised from outside: bring this into view.
    Summon {
        /// What.
        summon: Summon,
    },
    /// Something is wrong that answers no method.
    Error {
        /// Stable code.
        code: String,
        /// In words, in the person's language.
        message: String,
    },
}

/// The answer to a method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Answer {
    /// Which.
    pub verb: Verb,
    /// The wish's name, as `want` gave it; `null` for a chat that a first message opened.
    pub uid: Option<String>,
    /// Did it work?
    pub success: bool,
    /// Why not.
    pub code: Option<String>,
    /// The same in words, in the person's language.
    pub message: Option<String>,
}

/// Methods that are answered by an event of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// `startChat()`, or the first message.
    StartChat,
    /// `closeChat()`.
    CloseChat,
    /// `inviteAccept()`.
    InviteAccept,
    /// `inviteReject()`.
    InviteReject,
    /// `setOperatorRating(mark)`.
    SetRating,
    /// `setVisitorCard(card)`.
    SetCard,
    /// `sendChatByMail(mail)`: what became of the mail, `delayed` with success.
    SendChatByMail,
    /// The offline form's `sendRequest(…)`.
    SendOfflineRequest,
    /// A call-back request.
    SitephoneCall,
    /// A lead form's `submit(…)`.
    LeadSubmit,
    /// A lead form's `cancel()`.
    LeadCancel,
    /// The visitor agreed to the site's terms.
    Consent,
}

//! The operator's page: what it starts with and what it is told.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Connection, FileNews, Locale, Message, Operator, Problem, Receipts, RequestLine, Sender, SiteView,
    StagedFile, StatusChange, Summon,
};

/// What the page starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperatorBoot {
    /// Which screen.
    pub phase: OperatorPhase,
    /// Which language.
    pub locale: Locale,
    /// Who is signed in.
    pub operator: Option<Operator>,
    /// Online (takes chats) or away.
    pub online: bool,
    /// The line to the desk.
    pub connection: Connection,
    /// The desk's address, for people.
    pub desk: String,
    /// The desk inside this program, where there is one.
    pub hosting: Option<Hosting>,
    /// The visitors, those that matter most first.
    pub rows: Vec<VisitorListRow>,
    /// How many there are on the desk.
    #[ts(type = "number")]
    pub total: u64,
    /// The site; `null` until the desk has said it.
    pub site: Option<SiteView>,
    /// What visitors left to be worked off: open ones first.
    pub requests: Vec<RequestLine>,
    /// How many of them are open on the desk.
    #[ts(type = "number")]
    pub open_requests: u64,
    /// There is no keyring: nothing is kept over a restart, and the window says so.
    pub session_only: bool,
    /// What the window was opened for, where it was opened from outside.
    pub summon: Option<Summon>,
}

/// Which screen the operator sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OperatorPhase {
    /// The hosted desk has no account yet: name, login, password.
    Setup,
    /// Login and password.
    SignIn,
    /// The workplace.
    Ready,
}

/// The desk inside this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Hosting {
    /// `127.0.0.1:7717`.
    pub address: String,
    /// `deskbell://join?…`, to hand to visitors and colleagues.
    pub link: String,
    /// Why it does not run (port in use …).
    pub problem: Option<Problem>,
}

/// A row of the list of visitors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VisitorListRow {
    /// The visitor's id: what every command names.
    pub visitor: String,
    /// What the visitor is called, where it is known.
    pub name: Option<String>,
    /// On site, waiting …
    pub status: VisitorListStatus,
    /// Since when (Unix milliseconds).
    #[ts(type = "number")]
    pub since: i64,
    /// Is one of the visitor's devices connected?
    pub connected: bool,
    /// Is a chat open?
    pub chatting: bool,
    /// Who is in it.
    pub operator: Option<Operator>,
    /// The group that the chat is for.
    pub group: Option<u32>,
    /// The last words, at most 120 characters.
    pub last_text: Option<String>,
    /// Whose they are.
    pub last_sender: Option<Sender>,
    /// When they were sent (Unix milliseconds).
    #[ts(type = "number | null")]
    pub last_date: Option<i64>,
    /// Visitor's messages that no operator has read.
    #[ts(type = "number")]
    pub unread: u64,
}

/// A visitor's status as operators see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VisitorListStatus {
    /// Connected, no chat.
    OnSite,
    /// Invited, not answered yet.
    Invited,
    /// A chat is open and nobody has answered.
    Waiting,
    /// A chat is open and an operator is in it.
    InChat,
    /// A lead form is shown.
    FormShown,
    /// Not connected, no chat.
    Gone,
}

/// An opened conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Conversation {
    /// Whose.
    pub visitor: String,
    /// The newest lines, oldest first, at most 50, then what waits in the outbox.
    pub messages: Vec<Message>,
    /// Is there more before them?
    pub more: bool,
    /// How far the visitor's end has come.
    pub receipts: Receipts,
    /// The visitor's words so far, where the visitor types.
    pub typing: Option<String>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OperatorUpdate {
    /// The line to the desk.
    Connection {
        /// Now.
        connection: Connection,
    },
    /// Another screen: signed in, signed out, refused.
    Phase {
        /// Now.
        phase: OperatorPhase,
        /// Who is signed in.
        operator: Option<Operator>,
        /// Online or away.
        online: bool,
        /// Why signing in failed, or why it is over.
        problem: Option<Problem>,
    },
    /// The list of visitors.
    Rows {
        /// Forget what was known.
        whole: bool,
        /// New and changed rows.
        rows: Vec<VisitorListRow>,
        /// Ids of rows that left.
        gone: Vec<String>,
        /// How many there are on the desk.
        #[ts(type = "number")]
        total: u64,
    },
    /// A new line: not this device's own words, which come as `status`.
    Message {
        /// Whose stream.
        visitor: String,
        /// The line.
        message: Box<Message>,
    },
    /// The lines of a conversation changed otherwise (missed ones came, the desk was restored): open it again.
    Changed {
        /// Whose stream.
        visitor: String,
    },
    /// Older lines came to this device: there is more before what is shown.
    Older {
        /// Whose stream.
        visitor: String,
    },
    /// An own entry went on.
    Status {
        /// Whose stream.
        visitor: String,
        /// How.
        change: StatusChange,
    },
    /// A file's transfer went on.
    File {
        /// Whose stream.
        visitor: String,
        /// How it stands.
        news: Box<FileNews>,
    },
    /// The files that are chosen for a visitor and not sent yet.
    Staged {
        /// Whose stream.
        visitor: String,
        /// Whole, in order.
        files: Vec<StagedFile>,
    },
    /// Files are held over the window, or no longer.
    Dragging {
        /// Now.
        over: bool,
    },
    /// The visitor's end received or read.
    Receipts {
        /// Whose stream.
        visitor: String,
        /// Now.
        receipts: Receipts,
    },
    /// The visitor types (words so far), or stopped (`null`).
    Typing {
        /// Whose stream.
        visitor: String,
        /// Words so far.
        text: Option<String>,
    },
    /// The site changed.
    Site {
        /// Whole.
        site: Box<SiteView>,
    },
    /// Requests of visitors.
    Requests {
        /// Forget what was known.
        whole: bool,
        /// New and changed rows.
        rows: Vec<RequestLine>,
        /// Ids of rows that left.
        gone: Vec<String>,
        /// How many are open on the desk.
        #[ts(type = "number")]
        open: u64,
    },
    /// The window was raised from outside: bring this into view.
    Summon {
        /// What.
        summon: Summon,
    },
    /// Something is wrong that answers no command.
    Error {
        /// What.
        problem: Problem,
    },
}

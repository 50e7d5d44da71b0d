//! What an operator works with beside the conversation: a visitor's card, requests, the site.

use deskbell_wire::{LeadForm, SiteSettings, VisitorCard};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Operator;

/// What an operator wants done in a conversation. Durable once it is taken; a refusal comes as an `error`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OperatorWish {
    /// Invites a visitor who has no chat.
    Invite {
        /// 1 to 8,000 characters.
        text: String,
    },
    /// Takes the invitation back.
    Withdraw,
    /// Takes the chat.
    Join,
    /// Leaves the chat to others.
    Leave,
    /// Moves the chat to a group; `null`: to everybody.
    Move {
        /// Which.
        group: Option<u32>,
    },
    /// Says what the visitor is called and how he can be reached.
    Card {
        /// Empty or `null` changes nothing.
        name: Option<String>,
        /// At most 5.
        emails: Vec<String>,
        /// At most 5.
        phones: Vec<String>,
    },
    /// Has worked a request off, or has not after all.
    Settle {
        /// The request's id.
        request: String,
        /// Worked off?
        done: bool,
    },
    /// Keeps the visitor out, or lets him in again.
    Ban {
        /// Out?
        banned: bool,
    },
}

impl std::fmt::Debug for OperatorWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OperatorWish")
    }
}

/// What an operator may know of a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonCard {
    /// Whose.
    pub visitor: String,
    /// Name, addresses, numbers.
    pub card: VisitorCard,
    /// First seen by the desk (Unix milliseconds).
    #[ts(type = "number")]
    pub first_seen: i64,
    /// Last connected (Unix milliseconds).
    #[ts(type = "number")]
    pub last_seen: i64,
    /// How often the visitor came.
    pub visits: u32,
    /// Chats so far.
    pub chats: u32,
    /// Marks of earlier chats, the newest first, at most 20.
    pub ratings: Vec<MarkGiven>,
    /// The version of the consent that was given; 0 where none was.
    pub consented: u32,
    /// Kept out by an operator.
    pub banned: bool,
    /// Devices that may speak for the visitor.
    pub devices: u32,
}

/// A mark that a visitor gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarkGiven {
    /// In which chat.
    pub chat_id: String,
    /// To whom.
    pub operator: Operator,
    /// 1 to 5.
    pub mark: u8,
    /// When (Unix milliseconds).
    #[ts(type = "number")]
    pub date: i64,
}

/// A row of the list of requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RequestLine {
    /// Which.
    pub id: String,
    /// Whose.
    pub visitor: String,
    /// What the visitor is called, where it is known.
    pub visitor_name: Option<String>,
    /// When it was left (Unix milliseconds).
    #[ts(type = "number")]
    pub date: i64,
    /// What.
    pub body: RequestBody,
    /// Who has worked it off.
    pub done_by: Option<Operator>,
}

/// What a visitor left.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RequestBody {
    /// A message for later.
    Offline {
        /// May be empty.
        name: String,
        /// May be empty.
        email: String,
        /// May be empty.
        phone: String,
        /// The words.
        text: String,
        /// For whom.
        group: Option<u32>,
    },
    /// Call back.
    Callback {
        /// May be empty.
        name: String,
        /// Whom to call.
        phone: String,
        /// Who should call.
        group: Option<u32>,
        /// When (Unix milliseconds); `null`: as soon as may be.
        #[ts(type = "number | null")]
        at: Option<i64>,
    },
    /// A lead form.
    Lead {
        /// Which.
        form: LeadForm,
        /// Values by name.
        fields: std::collections::BTreeMap<String, String>,
    },
}

impl std::fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RequestBody")
    }
}

/// The site, for operators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SiteView {
    /// Its settings, without the mail server's password.
    pub settings: SiteSettings,
    /// Who works there.
    pub operators: Vec<OperatorPlace>,
    /// May this operator change it?
    pub admin: bool,
}

/// An operator of the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OperatorPlace {
    /// Who.
    pub operator: Operator,
    /// The groups that he works in; none: all.
    pub groups: Vec<u32>,
    /// May change the site's settings.
    pub admin: bool,
    /// Takes chats now.
    pub online: bool,
}

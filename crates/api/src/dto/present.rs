//! The present of a visitor: what getters answer (§4, §7 of the consultant API).

use deskbell_wire::{LeadForm, VisitorCard, Way};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Message, Operator};

/// How things stand for the visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Present {
    /// `getState()`.
    pub state: ChatState,
    /// Is an operator with status online there?
    pub online: bool,
    /// The groups that have one.
    pub groups_online: Vec<u32>,
    /// The open chat's group.
    pub group: Option<u32>,
    /// `getOperatorVcard()`.
    pub operator: Option<Operator>,
    /// The invitation that waits: a line of kind `invited`, whose operator is `null` where a rule invites.
    pub invite: Option<Message>,
    /// The lead form that is shown.
    pub lead: Option<LeadForm>,
    /// The newest chat's mark, where it can be rated.
    pub rating: Option<ChatRating>,
    /// `getVisitorCard()`, what waits in the outbox counted in.
    pub card: VisitorCard,
    /// Another way that is offered while the chat waits.
    pub retention: Option<Way>,
    /// The version of the consent that was given; 0 where none was.
    pub consented: u32,
}

/// `getState()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChatState {
    /// No chat is open.
    #[default]
    Available,
    /// An invitation waits.
    Invite,
    /// A chat is open.
    Chat,
    /// A lead form is shown.
    Lead,
}

/// The mark of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChatRating {
    /// Which chat.
    pub chat_id: String,
    /// 1 to 5; `null`: none.
    pub mark: Option<u8>,
}

/// What the visitor wants done. Durable once it is taken; answered by an update of kind `answer`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorWish {
    /// `startChat()`.
    StartChat,
    /// `closeChat()`.
    CloseChat,
    /// `inviteAccept()`.
    InviteAccept,
    /// `inviteReject()`.
    InviteReject,
    /// `setOperatorRating(mark)`.
    Rate {
        /// 1 to 5, or `null`.
        mark: Option<u8>,
    },
    /// `setVisitorCard(card)`.
    Card {
        /// Empty or `null` changes nothing.
        name: Option<String>,
        /// At most 5.
        emails: Vec<String>,
        /// At most 5.
        phones: Vec<String>,
    },
    /// `sendChatByMail(mail)`.
    Transcript {
        /// To whom.
        email: String,
        /// Minutes that the clocks here are ahead of UTC.
        #[serde(default)]
        #[ts(optional)]
        zone_min: Option<i16>,
    },
    /// `sendRequest(…)` of the offline form.
    Offline {
        /// May be empty.
        name: String,
        /// May be empty.
        email: String,
        /// May be empty.
        phone: String,
        /// Not empty.
        text: String,
        /// For whom.
        group: Option<u32>,
    },
    /// A call-back request.
    Callback {
        /// May be empty.
        name: String,
        /// Whom to call.
        phone: String,
        /// Who should call.
        group: Option<u32>,
        /// When, in Unix milliseconds; `null`: as soon as may be.
        #[ts(type = "number | null")]
        at: Option<i64>,
    },
    /// `submit(values)` of a lead form.
    SubmitLead {
        /// Which form.
        form: LeadForm,
        /// At most 20 values by name.
        fields: std::collections::BTreeMap<String, String>,
    },
    /// `cancel()` of a lead form.
    CancelLead,
    /// The visitor agrees to the site's terms.
    Consent {
        /// Which version.
        version: u32,
    },
}

impl std::fmt::Debug for VisitorWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("VisitorWish")
    }
}

/// A one-time code that links another device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LinkCode {
    /// What is typed in there.
    pub code: String,
    /// Until when it is good (Unix milliseconds).
    #[ts(type = "number")]
    pub expires: i64,
}

/// One of the visitor's devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Device {
    /// Which.
    pub device_id: String,
    /// This one?
    pub this: bool,
    /// Since when it may speak for the visitor (Unix milliseconds).
    #[ts(type = "number")]
    pub linked: i64,
    /// Last connected (Unix milliseconds).
    #[ts(type = "number")]
    pub seen: i64,
    /// Connected now.
    pub connected: bool,
}

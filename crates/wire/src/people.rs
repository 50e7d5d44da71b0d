//! Who is there: visitors as operators see them, operators as visitors see them, and availability.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{ChatId, DeviceId, GroupId, MessageId, OperatorId, Seq, StreamId, Timestamp};
use crate::limits::CARD_CONTACTS;

/// An operator as anybody may see one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorCard {
    /// Who.
    pub id: OperatorId,
    /// At most 200 characters.
    pub name: String,
    /// "Support", "Sales" …; may be empty.
    pub position: String,
}

impl fmt::Debug for OperatorCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OperatorCard({})", self.id)
    }
}

/// What an operator says of himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OperatorStatus {
    /// Takes chats.
    Online,
    /// Signed in, takes none.
    Away,
}

/// One of the two ends of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The visitor's devices.
    Visitor,
    /// The operators.
    Operator,
}

/// A visitor's state as the visitor's own form knows it (`getState()`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorState {
    /// No chat is open.
    Available,
    /// An invitation waits for the visitor's answer.
    Invite,
    /// A chat is open.
    Chat,
    /// A lead form is shown.
    Lead,
}

/// A visitor's state as operators see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitorStatus {
    /// Connected, no chat.
    OnSite,
    /// Invited to a chat, not answered yet.
    Invited,
    /// A chat is open and no operator has answered in it.
    Waiting,
    /// A chat is open and an operator is in it.
    InChat,
    /// A lead form is shown.
    FormShown,
    /// Not connected, no chat.
    Gone,
}

/// Is an operator with status online there?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// At least one operator of the site.
    pub online: bool,
    /// The groups that have one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
}

/// What a visitor told of himself, or an operator of him.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct VisitorCard {
    /// At most 200 characters; empty where it is not known.
    pub name: String,
    /// At most 5, the newest first.
    pub emails: Vec<String>,
    /// At most 5, the newest first.
    pub phones: Vec<String>,
}

impl VisitorCard {
    /// The card with what is new: an empty name changes nothing, a new address or number goes to the front, the
    /// sixth falls off.
    #[must_use]
    pub fn with(&self, name: Option<&str>, emails: &[String], phones: &[String]) -> Self {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        Self {
            name: name.map_or_else(|| self.name.clone(), str::to_owned),
            emails: in_front(emails, &self.emails),
            phones: in_front(phones, &self.phones),
        }
    }
}

/// New values first, each once, at most [`CARD_CONTACTS`].
fn in_front(new: &[String], old: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for value in new.iter().map(|value| value.trim()).chain(old.iter().map(String::as_str)) {
        if !value.is_empty() && !all.iter().any(|known| known.eq_ignore_ascii_case(value)) {
            all.push(value.to_owned());
        }
    }
    all.truncate(CARD_CONTACTS);
    all
}

impl fmt::Debug for VisitorCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VisitorCard({} addresses, {} numbers)", self.emails.len(), self.phones.len())
    }
}

/// An invitation that waits for its answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id of the `invited` event; the answer names it.
    pub id: MessageId,
    /// At most 8,000 characters.
    pub text: String,
    /// Who invites; `None`: a rule of the site.
    pub operator: Option<OperatorCard>,
    /// Since when.
    pub ts: Timestamp,
    /// Until when.
    pub expires: Option<Timestamp>,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Invitation({})", self.id)
    }
}

/// The mark of a chat that can be rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Which chat.
    pub chat_id: ChatId,
    /// 1 to 5; `None` until the visitor gave one, or took it back.
    pub mark: Option<u8>,
}

/// What an operator may know of a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Whose.
    pub stream: StreamId,
    /// Name, addresses, numbers.
    pub card: VisitorCard,
    /// First seen by the desk.
    pub first_seen: Timestamp,
    /// Last connected; now, while connected.
    pub last_seen: Timestamp,
    /// How often the visitor came: half an hour away makes the next visit.
    pub visits: u32,
    /// Chats so far.
    pub chats: u32,
    /// Marks of earlier chats, the newest first, at most 20.
    pub ratings: Vec<GivenMark>,
    /// The version of the consent that was given; 0 where none was.
    pub consented: u32,
    /// Kept out by an operator.
    pub banned: bool,
    /// Devices that may speak for the visitor.
    pub devices: u32,
}

/// A mark that a visitor gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenMark {
    /// In which chat.
    pub chat_id: ChatId,
    /// To whom.
    pub operator: OperatorCard,
    /// 1 to 5.
    pub mark: u8,
    /// When.
    pub ts: Timestamp,
}

/// One of a visitor's devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRow {
    /// Which.
    pub device_id: DeviceId,
    /// Since when it may speak for the visitor.
    pub linked: Timestamp,
    /// Last connected.
    pub seen: Timestamp,
    /// Connected now.
    pub connected: bool,
}

/// An operator, for those who look after the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorSeat {
    /// Who.
    pub card: OperatorCard,
    /// The groups that he works in; none: all.
    pub groups: Vec<GroupId>,
    /// May change the site's settings.
    pub admin: bool,
    /// Takes chats now.
    pub online: bool,
}

/// A row of the operators' list of visitors.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorRow {
    /// The visitor's public stream.
    pub stream: StreamId,
    /// What the visitor is called, where it is known.
    pub name: Option<String>,
    /// On site, waiting …
    pub status: VisitorStatus,
    /// Since when.
    pub since: Timestamp,
    /// Is one of the visitor's devices connected?
    pub connected: bool,
    /// The open chat, if there is one.
    pub chat_id: Option<ChatId>,
    /// Who is in it.
    pub operator: Option<OperatorCard>,
    /// The group that the open chat is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The last event of the stream (C4).
    pub head: Seq,
    /// The last message of the stream.
    pub last: Option<LastWords>,
    /// Visitor's messages that no operator has read.
    pub unread: u64,
}

impl fmt::Debug for VisitorRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VisitorRow({}, {:?}, head {})", self.stream.visitor, self.status, self.head)
    }
}

/// The last message of a stream, cut short for a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastWords {
    /// At most 120 characters, one line.
    pub text: String,
    /// Which end wrote it.
    pub side: Side,
    /// When the desk committed it.
    pub ts: Timestamp,
}

impl fmt::Debug for LastWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LastWords({:?}, {:?})", self.side, self.ts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn set_visitor_card_puts_what_is_new_in_front_and_the_sixth_falls_off() {
        let card = VisitorCard {
            name: "Anna".into(),
            emails: texts(&["1@a.example", "2@a.example", "3@a.example", "4@a.example", "5@a.example"]),
            phones: Vec::new(),
        };
        let next = card.with(None, &texts(&["6@a.example"]), &texts(&["+7 999 1"]));
        assert_eq!(next.name, "Anna");
        assert_eq!(
            next.emails,
            texts(&["6@a.example", "1@a.example", "2@a.example", "3@a.example", "4@a.example"])
        );
        assert_eq!(next.phones, texts(&["+7 999 1"]));
    }

    #[test]
    fn set_visitor_card_with_absent_and_empty_keys_changes_nothing() {
        let card =
            VisitorCard { name: "Anna".into(), emails: texts(&["a@a.example"]), phones: texts(&["12345"]) };
        assert_eq!(card.with(None, &[], &[]), card);
        assert_eq!(card.with(Some("  "), &texts(&["", " "]), &texts(&[""])), card);
    }

    #[test]
    fn what_is_known_moves_to_the_front_and_stands_once() {
        let card = VisitorCard { emails: texts(&["a@a.example", "b@a.example"]), ..VisitorCard::default() };
        assert_eq!(
            card.with(None, &texts(&["B@a.example"]), &[]).emails,
            texts(&["B@a.example", "a@a.example"])
        );
    }
}

//! The newest of a stream, in memory: its head, its open chat, how far both sides have come.
//!
//! What must always hold: it changes with the rows of the same transaction, in the same order; when that fails it
//! is read again (S5).

use deskbell_db::DbError;
use deskbell_wire::{
    ChatId, EventBody, GroupId, LastWords, LeadForm, MailOutcome, MessageId, OperatorCard, OperatorId, Seq,
    Side, Timestamp, VisitorCard, Way,
};

use crate::store::{NewChat, Store, VisitorRecord};

/// How far a side has come. Monotone (S11).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Receipts {
    pub(crate) delivered: Seq,
    pub(crate) read: Seq,
}

/// An open chat.
#[derive(Clone, Debug)]
pub(crate) struct Chat {
    pub(crate) row: i64,
    pub(crate) id: ChatId,
    pub(crate) opened: Seq,
    pub(crate) opened_at: Timestamp,
    /// Rows of the operators who are in it, in the order in which they joined, and their cards.
    pub(crate) members: Vec<(i64, OperatorCard)>,
    /// For whom it is; `None`: for everybody.
    pub(crate) group: Option<GroupId>,
    /// Since when it waits for an operator's word; `None`: it does not.
    pub(crate) waited: Option<Timestamp>,
    /// How many of the site's timed messages it has had.
    pub(crate) told: u32,
    /// Another way that is offered while it waits. In memory only: time alone brings it back.
    pub(crate) way: Option<Way>,
}

impl Chat {
    /// Is the operator of this row in it?
    pub(crate) fn has(&self, row: i64) -> bool {
        self.members.iter().any(|(member, _)| *member == row)
    }

    /// Who joined last and is still there.
    pub(crate) fn operator(&self) -> Option<&OperatorCard> {
        self.members.last().map(|(_, card)| card)
    }
}

/// What waits for the visitor's answer while no chat is open.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    pub(crate) seq: Seq,
    pub(crate) message_id: MessageId,
    pub(crate) ts: Timestamp,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) what: Offered,
}

/// An invitation, or a lead form.
#[derive(Clone, Debug)]
pub(crate) enum Offered {
    /// `operator`: who invites; `None`: a rule. `row`: the same as a row, 0 for a rule.
    Invite { text: String, operator: Option<OperatorCard>, row: i64 },
    /// Shown to the visitor.
    Lead { form: LeadForm },
}

/// The newest chat in which an operator was: the one that can be rated.
#[derive(Clone, Debug)]
pub(crate) struct Rateable {
    pub(crate) chat: i64,
    pub(crate) chat_id: ChatId,
    /// The operator's row.
    pub(crate) row: i64,
    pub(crate) operator: OperatorCard,
    /// What he was given in this chat.
    pub(crate) mark: Option<u8>,
}

/// What is known of the visitor himself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) card: VisitorCard,
    pub(crate) consented: u32,
    pub(crate) banned: bool,
}

/// The newest of a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// 0 where nothing was ever written.
    pub(crate) row: i64,
    /// The visitor's row; 0 where nothing was ever written.
    pub(crate) visitor_row: i64,
    pub(crate) head: Seq,
    /// The seq of the last `closed` event; 0 where no chat was ever closed.
    pub(crate) closed: Seq,
    pub(crate) chat: Option<Box<Chat>>,
    /// The row of the newest chat, open or not; 0 where there was none.
    pub(crate) newest_chat: i64,
    pub(crate) offer: Option<Box<Offer>>,
    pub(crate) rateable: Option<Box<Rateable>>,
    pub(crate) about: Box<About>,
    /// The groups that its chats were ever for; 0 among them: everybody may read it.
    pub(crate) readers: Vec<u32>,
    /// The groups that its requests were for: they may read it, too.
    pub(crate) asked: Vec<u32>,
    pub(crate) last: Option<Box<LastWords>>,
    pub(crate) unread: u64,
    pub(crate) visitor: Receipts,
    pub(crate) operator: Receipts,
}

/// Whose turn it is, and when: what an event needs besides its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// `None`: the desk's own.
    pub(crate) side: Option<Side>,
    /// 0 for a visitor's, and for the desk's own.
    pub(crate) operator: i64,
    pub(crate) now: Timestamp,
    /// For a chat that opens.
    pub(crate) chat_id: ChatId,
    /// The event's.
    pub(crate) message_id: MessageId,
}

/// Counting goes no further: "999+" says as much.
const UNREAD_MOST: u32 = 1_000;
/// Characters of the last words in a list.
const LAST_CHARS: usize = 120;

impl Log {
    /// Reads it; a visitor who never wrote has an empty one.
    pub(crate) fn load(
        store: &Store,
        record: &VisitorRecord,
        mut card: impl FnMut(i64) -> Option<OperatorCard>,
    ) -> Result<Self, DbError> {
        let (about, row) = (Box::new(record.about.clone()), record.stream_row);
        if row == 0 {
            return Ok(Self { about, visitor_row: record.row, ..Self::default() });
        }
        let kept = store.log(row)?;
        let [visitor, operator] = kept.marks.map(|(delivered, read)| Receipts { delivered, read });
        let chat = kept.chat.map(|chat| {
            let members = kept.members.iter().filter_map(|row| Some((*row, card(*row)?))).collect();
            Box::new(chat.open(members))
        });
        let rateable = store.rateable(row)?.and_then(|kept| kept.with(&mut card));
        Ok(Self {
            row,
            visitor_row: record.row,
            head: kept.head,
            closed: kept.closed,
            chat,
            newest_chat: store.newest_chat(row)?,
            offer: store.offer(row)?.map(Box::new),
            rateable: rateable.map(Box::new),
            about,
            readers: store.readers(row)?,
            asked: store.asked_groups(row)?,
            last: kept.last.map(|(body, side, ts)| Box::new(words(&body, side, ts))),
            unread: store.unread(row, operator.read, UNREAD_MOST)?,
            visitor,
            operator,
        })
    }

    /// The lead form that is shown.
    pub(crate) fn lead(&self) -> Option<LeadForm> {
        match self.offer.as_deref()?.what {
            Offered::Lead { form } => Some(form),
            Offered::Invite { .. } => None,
        }
    }

    /// Writes what an event changes before it is written itself: the chat that it opens or joins.
    pub(crate) fn prepare(&mut self, store: &Store, body: &EventBody, turn: &Turn) -> Result<(), DbError> {
        match body {
            EventBody::Opened { group, .. } => self.open(store, *group, turn),
            EventBody::Joined { operator } => self.join(store, operator, turn),
            _ => Ok(()),
        }
    }

    fn open(&mut self, store: &Store, group: Option<GroupId>, turn: &Turn) -> Result<(), DbError> {
        let (id, opened, opened_at) = (turn.chat_id, self.head + 1, turn.now);
        let row = store.open_chat(&NewChat { stream: self.row, id, opened, opened_at, group })?;
        self.reads(store, group)?;
        self.newest_chat = row;
        self.chat = Some(Box::new(Chat {
            row,
            id,
            opened,
            opened_at,
            members: Vec::new(),
            group,
            waited: Some(opened_at),
            told: 0,
            way: None,
        }));
        Ok(())
    }

    /// Who accepts an operator's invitation has him join: then the operator is the one who invited.
    fn join(&mut self, store: &Store, operator: &OperatorCard, turn: &Turn) -> Result<(), DbError> {
        let inviter = match self.offer.as_deref().map(|offer| &offer.what) {
            Some(Offered::Invite { row, .. }) => *row,
            _ => 0,
        };
        let row = if turn.operator == 0 { inviter } else { turn.operator };
        let Some(chat) = self.chat.as_deref_mut().filter(|_| row != 0) else { return Ok(()) };
        let mark = store.join_chat(chat.row, self.head + 1, row)?;
        chat.members.retain(|(member, _)| *member != row);
        chat.members.push((row, operator.clone()));
        chat.answered(store)?;
        self.rateable = Some(Box::new(Rateable {
            chat: chat.row,
            chat_id: chat.id,
            row,
            operator: operator.clone(),
            mark,
        }));
        Ok(())
    }

    fn reads(&mut self, store: &Store, group: Option<GroupId>) -> Result<(), DbError> {
        let group = group.map_or(0, |group| group.0);
        if !self.readers.contains(&group) {
            store.add_reader(self.row, group)?;
            self.readers.push(group);
        }
        Ok(())
    }

    /// Takes in an event that was written just now.
    pub(crate) fn append(&mut self, store: &Store, body: &EventBody, turn: &Turn) -> Result<(), DbError> {
        self.head += 1;
        match body {
            EventBody::Message { .. } => self.said(store, body, turn),
            EventBody::Opened { .. } | EventBody::Joined { .. } => self.answered_offer(store, body),
            EventBody::Left { operator } => self.left(store, *operator, turn),
            EventBody::Closed { .. } => {
                self.closed = self.head;
                match self.chat.take() {
                    Some(chat) => store.close_chat(chat.row, self.head),
                    None => Ok(()),
                }
            }
            EventBody::Moved { group, .. } => self.moved(store, *group, turn),
            other => self.append_beside(store, other, turn),
        }
    }

    fn said(&mut self, store: &Store, body: &EventBody, turn: &Turn) -> Result<(), DbError> {
        if let Some(side) = turn.side {
            self.last = Some(Box::new(words(body, side, turn.now)));
            self.unread += u64::from(side == Side::Visitor);
        }
        let Some(chat) = self.chat.as_deref_mut() else { return Ok(()) };
        match turn.side {
            Some(Side::Operator) => chat.answered(store),
            None if chat.waited.is_some() => {
                chat.told += 1;
                store.set_waiting(chat.row, chat.waited, chat.told)
            }
            _ => Ok(()),
        }
    }

    /// A chat that opens, and the operator who joins it, end what was offered.
    fn answered_offer(&mut self, store: &Store, body: &EventBody) -> Result<(), DbError> {
        let joins = match self.offer.as_deref().map(|offer| &offer.what) {
            Some(Offered::Invite { operator: Some(_), .. }) => matches!(body, EventBody::Joined { .. }),
            Some(_) => true,
            None => false,
        };
        if joins { self.drop_offer(store) } else { Ok(()) }
    }

    fn drop_offer(&mut self, store: &Store) -> Result<(), DbError> {
        self.offer = None;
        store.drop_offer(self.row)
    }

    fn left(&mut self, store: &Store, operator: OperatorId, turn: &Turn) -> Result<(), DbError> {
        let Some(chat) = self.chat.as_deref_mut() else { return Ok(()) };
        let gone = chat.members.iter().find(|(_, card)| card.id == operator).map(|(row, _)| *row);
        if let Some(row) = gone {
            store.leave_chat(chat.row, row)?;
            chat.members.retain(|(member, _)| *member != row);
        }
        chat.wait(store, turn.now)
    }

    fn moved(&mut self, store: &Store, group: Option<GroupId>, turn: &Turn) -> Result<(), DbError> {
        self.reads(store, group)?;
        let Some(chat) = self.chat.as_deref_mut() else { return Ok(()) };
        chat.group = group;
        store.set_group(chat.row, group)?;
        chat.wait(store, turn.now)
    }

    /// What is no part of a chat.
    fn append_beside(&mut self, store: &Store, body: &EventBody, turn: &Turn) -> Result<(), DbError> {
        let seq = self.head;
        match body {
            EventBody::Invited { text, operator, expires } => {
                let (text, operator) = (text.clone(), operator.clone());
                self.make_offer(store, Offered::Invite { text, operator, row: turn.operator }, *expires, turn)
            }
            EventBody::LeadShown { form } => {
                self.make_offer(store, Offered::Lead { form: *form }, None, turn)
            }
            EventBody::InviteEnded { .. } | EventBody::LeadEnded { .. } => self.drop_offer(store),
            EventBody::Rated { mark, .. } => match self.rateable.as_deref_mut() {
                Some(rateable) => {
                    rateable.mark = *mark;
                    store.set_mark((rateable.chat, rateable.row), *mark, turn.now)
                }
                None => Ok(()),
            },
            EventBody::CardSaved { card } => {
                self.about.card = card.clone();
                store.set_about(self.visitor_row, &self.about)
            }
            EventBody::Consented { version } => {
                // A device that has not heard of the newest terms takes nothing back.
                self.about.consented = self.about.consented.max(*version);
                store.set_about(self.visitor_row, &self.about)
            }
            EventBody::Banned { banned } => {
                self.about.banned = *banned;
                store.set_about(self.visitor_row, &self.about)
            }
            EventBody::TranscriptEnded { asked, outcome } if *outcome != MailOutcome::Delayed => {
                store.drop_mail(*asked)
            }
            EventBody::Requested(request) => {
                let group = request.group().map_or(0, |group| group.0);
                if group != 0 && !self.asked.contains(&group) {
                    self.asked.push(group);
                }
                store.add_request(turn.message_id, self.row, seq, group)
            }
            EventBody::Settled { request, done } => {
                let operator = if *done { turn.operator } else { 0 };
                store.settle_request(*request, operator, turn.now).map(drop)
            }
            _ => Ok(()),
        }
    }

    fn make_offer(
        &mut self,
        store: &Store,
        what: Offered,
        expires: Option<Timestamp>,
        turn: &Turn,
    ) -> Result<(), DbError> {
        let offer = Offer { seq: self.head, message_id: turn.message_id, ts: turn.now, expires, what };
        store.set_offer(self.row, &offer)?;
        self.offer = Some(Box::new(offer));
        Ok(())
    }

    /// Counts what no operator has read, after the mark rose.
    pub(crate) fn recount(&mut self, store: &Store) -> Result<(), DbError> {
        self.unread = if self.operator.read >= self.head {
            0
        } else {
            store.unread(self.row, self.operator.read, UNREAD_MOST)?
        };
        Ok(())
    }

    /// One side's receipts.
    pub(crate) fn receipts(&mut self, side: Side) -> &mut Receipts {
        match side {
            Side::Visitor => &mut self.visitor,
            Side::Operator => &mut self.operator,
        }
    }
}

impl Chat {
    /// Somebody has taken it: nobody is told any more that it waits.
    fn answered(&mut self, store: &Store) -> Result<(), DbError> {
        if self.waited.is_none() {
            return Ok(());
        }
        (self.waited, self.way) = (None, None);
        store.set_waiting(self.row, None, self.told)
    }

    /// Nobody is in it any more: it waits from now on.
    fn wait(&mut self, store: &Store, now: Timestamp) -> Result<(), DbError> {
        if !self.members.is_empty() || self.waited.is_some() {
            return Ok(());
        }
        (self.waited, self.told, self.way) = (Some(now), 0, None);
        store.set_waiting(self.row, self.waited, self.told)
    }
}

/// The beginning of a message, on one line; of a file without words its name.
fn words(body: &EventBody, side: Side, ts: Timestamp) -> LastWords {
    let text = match body {
        EventBody::Message { text, file: Some(file) } if text.trim().is_empty() => &file.name,
        EventBody::Message { text, .. } => text,
        _ => "",
    };
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    LastWords { text: line.take(LAST_CHARS).collect(), side, ts }
}

//! The newest of a stream, in memory: its head, its open chat, how far both sides have come.
//!
//! What must always hold: it changes with the rows of the same transaction, in the same order; when that fails it
//! is read again (S5).

use deskbell_db::DbError;
use deskbell_wire::{ChatId, EventBody, LastWords, OperatorCard, Seq, Side, Timestamp};

use crate::store::Store;

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
    /// Rows of the operators who joined.
    pub(crate) members: Vec<i64>,
    /// Who joined last.
    pub(crate) operator: Option<OperatorCard>,
}

/// The newest of a stream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    /// 0 where nothing was ever written.
    pub(crate) row: i64,
    pub(crate) head: Seq,
    /// The seq of the last `closed` event; 0 where no chat was ever closed.
    pub(crate) closed: Seq,
    pub(crate) chat: Option<Box<Chat>>,
    pub(crate) last: Option<Box<LastWords>>,
    pub(crate) unread: u64,
    pub(crate) visitor: Receipts,
    pub(crate) operator: Receipts,
}

/// Whose turn it is, and when: what an event needs besides its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) side: Side,
    /// 0 for a visitor's.
    pub(crate) operator: i64,
    pub(crate) now: Timestamp,
    /// For a chat that opens.
    pub(crate) chat_id: ChatId,
}

/// Counting goes no further: "999+" says as much.
const UNREAD_MOST: u32 = 1_000;
/// Characters of the last words in a list.
const LAST_CHARS: usize = 120;

impl Log {
    /// Reads it; row 0 is the empty log.
    pub(crate) fn load(
        store: &Store,
        row: i64,
        mut card: impl FnMut(i64) -> Option<OperatorCard>,
    ) -> Result<Self, DbError> {
        if row == 0 {
            return Ok(Self::default());
        }
        let kept = store.log(row)?;
        let [visitor, operator] = kept.marks.map(|(delivered, read)| Receipts { delivered, read });
        let chat = kept.chat.map(|(row, id, opened, opened_at)| {
            let operator = kept.members.last().and_then(|last| card(*last));
            Box::new(Chat { row, id, opened, opened_at, members: kept.members, operator })
        });
        Ok(Self {
            row,
            head: kept.head,
            closed: kept.closed,
            chat,
            last: kept.last.map(|(text, side, ts)| Box::new(words(&text, side, ts))),
            unread: store.unread(row, operator.read, UNREAD_MOST)?,
            visitor,
            operator,
        })
    }

    /// Writes what an event changes before it is written itself: the chat that it opens or joins.
    pub(crate) fn prepare(&mut self, store: &Store, body: &EventBody, turn: &Turn) -> Result<(), DbError> {
        let seq = self.head + 1;
        match body {
            EventBody::Opened { .. } => {
                let (id, opened_at) = (turn.chat_id, turn.now);
                let row = store.open_chat(self.row, id, seq, opened_at)?;
                let chat = Chat { row, id, opened: seq, opened_at, members: Vec::new(), operator: None };
                self.chat = Some(Box::new(chat));
            }
            EventBody::Joined { operator } => {
                if let Some(chat) = self.chat.as_deref_mut() {
                    store.join_chat(chat.row, seq, turn.operator)?;
                    chat.members.push(turn.operator);
                    chat.operator = Some(operator.clone());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes in an event that was written just now.
    pub(crate) fn append(&mut self, store: &Store, body: &EventBody, turn: &Turn) -> Result<(), DbError> {
        self.head += 1;
        match body {
            EventBody::Message { text } => {
                self.last = Some(Box::new(words(text, turn.side, turn.now)));
                self.unread += u64::from(turn.side == Side::Visitor);
            }
            EventBody::Closed { .. } => {
                self.closed = self.head;
                if let Some(chat) = self.chat.take() {
                    store.close_chat(chat.row, self.head)?;
                }
            }
            _ => {}
        }
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

/// The beginning of a text, on one line.
fn words(text: &str, side: Side, ts: Timestamp) -> LastWords {
    let line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    LastWords { text: line.take(LAST_CHARS).collect(), side, ts }
}

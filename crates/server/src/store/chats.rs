//! Chats: who is in them, for whom they are, how long they wait, and how they were rated.

use deskbell_db::DbError;
use deskbell_wire::{ChatId, GivenMark, GroupId, OperatorCard, OperatorId, Seq, Timestamp};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::{Store, number, stored};
use crate::desk::{Chat, Rateable};

/// An open chat as it is kept.
pub(crate) struct ChatRow {
    pub(crate) row: i64,
    id: ChatId,
    opened: Seq,
    opened_at: Timestamp,
    group: u32,
    waited: i64,
    told: u32,
}

/// A chat that begins, and waits from now on.
pub(crate) struct NewChat {
    pub(crate) stream: i64,
    pub(crate) id: ChatId,
    pub(crate) opened: Seq,
    pub(crate) opened_at: Timestamp,
    pub(crate) group: Option<GroupId>,
}

/// A chat that can be rated, as it is kept.
pub(crate) struct RateableRow {
    chat: i64,
    chat_id: ChatId,
    operator: i64,
    mark: u8,
}

impl ChatRow {
    /// The chat with its operators.
    pub(crate) fn open(self, members: Vec<(i64, OperatorCard)>) -> Chat {
        Chat {
            row: self.row,
            id: self.id,
            opened: self.opened,
            opened_at: self.opened_at,
            members,
            group: (self.group > 0).then_some(GroupId(self.group)),
            waited: (self.waited > 0).then_some(Timestamp(self.waited)),
            told: self.told,
            way: None,
        }
    }
}

impl RateableRow {
    /// With the operator's card.
    pub(crate) fn with(self, card: &mut impl FnMut(i64) -> Option<OperatorCard>) -> Option<Rateable> {
        let operator = card(self.operator)?;
        let mark = (self.mark > 0).then_some(self.mark);
        Some(Rateable { chat: self.chat, chat_id: self.chat_id, row: self.operator, operator, mark })
    }
}

impl Store {
    pub(super) fn chat(&self, stream: i64) -> Result<Option<ChatRow>, DbError> {
        self.one(
            "SELECT id, chat_id, opened, opened_at, grp, waited, told FROM chats
             WHERE stream = ?1 AND closed = 0",
            [stream],
            |row| {
                Ok(ChatRow {
                    row: row.get(0)?,
                    id: ChatId(Uuid::from_bytes(row.get(1)?)),
                    opened: number(row.get(2)?),
                    opened_at: Timestamp(row.get(3)?),
                    group: row.get(4)?,
                    waited: row.get(5)?,
                    told: row.get(6)?,
                })
            },
        )
    }

    pub(super) fn members(&self, chat: i64) -> Result<Vec<i64>, DbError> {
        self.all("SELECT operator FROM members WHERE chat = ?1 ORDER BY seq", [chat], |row| row.get(0))
    }

    /// The row of the newest chat; 0 where there was none.
    pub(crate) fn newest_chat(&self, stream: i64) -> Result<i64, DbError> {
        let newest = self.one("SELECT max(id) FROM chats WHERE stream = ?1", [stream], |row| {
            row.get::<_, Option<i64>>(0)
        })?;
        Ok(newest.flatten().unwrap_or(0))
    }

    /// The newest chat in which an operator was.
    pub(crate) fn rateable(&self, stream: i64) -> Result<Option<RateableRow>, DbError> {
        self.one(
            "SELECT c.id, c.chat_id, c.rated, coalesce(r.mark, 0) FROM chats c
             LEFT JOIN ratings r ON r.chat = c.id AND r.operator = c.rated
             WHERE c.stream = ?1 AND c.rated > 0 ORDER BY c.id DESC LIMIT 1",
            [stream],
            |row: &Row<'_>| {
                let chat_id = ChatId(Uuid::from_bytes(row.get(1)?));
                Ok(RateableRow { chat: row.get(0)?, chat_id, operator: row.get(2)?, mark: row.get(3)? })
            },
        )
    }

    pub(crate) fn open_chat(&self, chat: &NewChat) -> Result<i64, DbError> {
        let NewChat { stream, id, opened, opened_at, group } = chat;
        self.insert(
            "INSERT INTO chats (chat_id, stream, opened, opened_at, closed, grp, waited)
             VALUES (?1, ?2, ?3, ?4, 0, ?5, ?4)",
            params![id.0.as_bytes(), stream, stored(*opened), opened_at.0, group.map_or(0, |group| group.0)],
        )
    }

    /// The operator is in the chat, and is the one that a mark is for: gives the one that he has.
    pub(crate) fn join_chat(&self, chat: i64, seq: Seq, operator: i64) -> Result<Option<u8>, DbError> {
        self.change(
            "INSERT INTO members (chat, seq, operator) VALUES (?1, ?2, ?3)",
            params![chat, stored(seq), operator],
        )?;
        self.change("UPDATE chats SET rated = ?2 WHERE id = ?1", params![chat, operator])?;
        self.one("SELECT mark FROM ratings WHERE chat = ?1 AND operator = ?2", [chat, operator], |row| {
            row.get(0)
        })
    }

    pub(crate) fn leave_chat(&self, chat: i64, operator: i64) -> Result<(), DbError> {
        self.change("DELETE FROM members WHERE chat = ?1 AND operator = ?2", params![chat, operator])
            .map(drop)
    }

    pub(crate) fn close_chat(&self, chat: i64, closed: Seq) -> Result<(), DbError> {
        self.change("UPDATE chats SET closed = ?2 WHERE id = ?1", params![chat, stored(closed)]).map(drop)
    }

    pub(crate) fn set_group(&self, chat: i64, group: Option<GroupId>) -> Result<(), DbError> {
        let group = group.map_or(0, |group| group.0);
        self.change("UPDATE chats SET grp = ?2 WHERE id = ?1", params![chat, group]).map(drop)
    }

    /// Since when the chat waits for an operator's word, and how many timed messages it has had.
    pub(crate) fn set_waiting(&self, chat: i64, waited: Option<Timestamp>, told: u32) -> Result<(), DbError> {
        let waited = waited.map_or(0, |since| since.0);
        self.change("UPDATE chats SET waited = ?2, told = ?3 WHERE id = ?1", params![chat, waited, told])
            .map(drop)
    }

    /// What the operator of a chat is given; `None`: nothing any more.
    pub(crate) fn set_mark(
        &self,
        (chat, operator): (i64, i64),
        mark: Option<u8>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        let changed = match mark {
            Some(mark) => self.change(
                "INSERT OR REPLACE INTO ratings (chat, operator, mark, marked_at) VALUES (?1, ?2, ?3, ?4)",
                params![chat, operator, mark, now.0],
            ),
            None => {
                self.change("DELETE FROM ratings WHERE chat = ?1 AND operator = ?2", params![chat, operator])
            }
        };
        changed.map(drop)
    }

    /// How many chats a stream has had.
    pub(crate) fn count_chats(&self, stream: i64) -> Result<u32, DbError> {
        let count = self.one("SELECT count(*) FROM chats WHERE stream = ?1", [stream], |row| row.get(0))?;
        Ok(count.unwrap_or(0))
    }

    /// The newest marks that a visitor gave.
    pub(crate) fn marks_given(&self, stream: i64) -> Result<Vec<GivenMark>, DbError> {
        self.all(
            "SELECT c.chat_id, o.operator_id, o.name, o.position, r.mark, r.marked_at FROM chats c
             JOIN ratings r ON r.chat = c.id JOIN operators o ON o.id = r.operator
             WHERE c.stream = ?1 ORDER BY r.marked_at DESC, c.id DESC LIMIT 20",
            [stream],
            |row| {
                let operator = OperatorCard {
                    id: OperatorId(Uuid::from_bytes(row.get(1)?)),
                    name: row.get(2)?,
                    position: row.get(3)?,
                };
                let chat_id = ChatId(Uuid::from_bytes(row.get(0)?));
                Ok(GivenMark { chat_id, operator, mark: row.get(4)?, ts: Timestamp(row.get(5)?) })
            },
        )
    }

    pub(crate) fn readers(&self, stream: i64) -> Result<Vec<u32>, DbError> {
        self.all("SELECT grp FROM readers WHERE stream = ?1 ORDER BY grp", [stream], |row| row.get(0))
    }

    pub(crate) fn add_reader(&self, stream: i64, group: u32) -> Result<(), DbError> {
        self.change("INSERT OR IGNORE INTO readers (stream, grp) VALUES (?1, ?2)", params![stream, group])
            .map(drop)
    }
}

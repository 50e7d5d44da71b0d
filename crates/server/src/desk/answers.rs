//! What is asked and answered at once: pages, snapshots, pongs.
//!
//! What must always hold: a page has at least one event where there is one, and fits into a frame; what may not be
//! read looks like an empty stream (threats 1).

use deskbell_db::DbError;
use deskbell_wire::limits::{FRAME_BYTES, PAGE_EVENTS};
use deskbell_wire::{
    Author, Bound, DeskFrame, Event, Fetch, OperatorCard, Page, Seq, Snapshot, StreamHead, StreamId,
};
use serde::Serialize;
use serde_json::value::RawValue;

use super::conn::Stage;
use super::io::{Class, ConnId, Output};
use super::person::PersonKey;
use super::policy::Wish;
use super::{Desk, Farewell};
use crate::store::StoredEvent;

/// Bytes left in a frame for what stands around the events.
const AROUND_BYTES: usize = 1_024;

/// A page whose events are JSON already.
#[derive(Serialize)]
struct PageText<'a> {
    stream: &'a StreamId,
    epoch: deskbell_wire::Epoch,
    base: Seq,
    events: Vec<Box<RawValue>>,
    head: Seq,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum PageFrame<'a> {
    Page(PageText<'a>),
}

/// What is read for a page.
struct Reading<'a> {
    stream: &'a StreamId,
    row: i64,
    /// Whose uids are shown.
    device: i64,
    from: Bound,
    limit: usize,
}

impl Desk {
    pub(super) fn fetch(&mut self, conn: ConnId, fetch: &Fetch) -> Result<(), Farewell> {
        self.page(conn, &fetch.stream, fetch.from, fetch.limit)
    }

    pub(super) fn snapshot(&mut self, conn: ConnId, snapshot: &Snapshot) -> Result<(), Farewell> {
        self.page(conn, &snapshot.stream, Bound::Before(Seq::MAX), snapshot.tail)
    }

    pub(super) fn ping(&mut self, conn: ConnId, n: u64) -> Result<(), Farewell> {
        let keys: &[PersonKey] = match self.conns.get(&conn).map(|conn| &conn.stage) {
            Some(Stage::Visitor(seat)) => &[seat.key],
            Some(Stage::Operator(place)) => &place.follows,
            _ => &[],
        };
        // A stream that went to others meanwhile is no longer his to know of.
        let heads = keys.iter().filter(|key| self.may(conn, **key, Wish::Read));
        let heads = heads.filter_map(|key| self.people.get(*key)).map(|person| StreamHead {
            stream: (*person.stream).clone(),
            head: person.log.head,
            reset: false,
        });
        let pong = DeskFrame::Pong { n, heads: heads.collect() };
        self.answer(conn, &pong);
        Ok(())
    }

    fn page(&mut self, conn: ConnId, stream: &StreamId, from: Bound, limit: u32) -> Result<(), Farewell> {
        let Some(key) = self.reach(conn, stream, Wish::Read)? else {
            let (base, head) = (0, 0);
            let page = Page { stream: stream.clone(), epoch: self.epoch, base, events: Vec::new(), head };
            self.answer(conn, &DeskFrame::Page(page));
            return Ok(());
        };
        let (row, head) = self.people.get(key).map_or((0, 0), |person| (person.log.row, person.log.head));
        let device = self.device_of(conn)?;
        let limit = limit.clamp(1, PAGE_EVENTS) as usize;
        let (base, events) = self.collect(&Reading { stream, row, device, from, limit })?;
        let page =
            PageFrame::Page(PageText { stream, epoch: self.epoch, base: base.min(head), events, head });
        match deskbell_wire::encode(&page) {
            Ok(text) => {
                self.outputs.push(Output::Frame { to: conn, text: text.into(), class: Class::Answer })
            }
            Err(error) => tracing::error!(%error, "a page could not be encoded"),
        }
        self.tell_marks_to(conn, key);
        Ok(())
    }

    /// The device's row: its own uids are shown to it, and to nobody else.
    fn device_of(&self, conn: ConnId) -> Result<i64, DbError> {
        let (row, side, owner, device) = match self.conns.get(&conn).map(|conn| &conn.stage) {
            Some(Stage::Visitor(seat)) => {
                let owner = self.people.get(seat.key).map_or(0, |person| person.row);
                (seat.device_row, deskbell_wire::Side::Visitor, owner, seat.device)
            }
            Some(Stage::Operator(place)) => {
                (place.device_row, deskbell_wire::Side::Operator, place.operator, place.device)
            }
            _ => return Ok(0),
        };
        if row != 0 { Ok(row) } else { Ok(self.store.device_row(side, owner, device)?.unwrap_or(0)) }
    }

    /// The events of a page, oldest first, and the seq just below them.
    fn collect(&self, reading: &Reading<'_>) -> Result<(Seq, Vec<Box<RawValue>>), DbError> {
        let Reading { stream, row, device, from, limit } = *reading;
        let mut room = FRAME_BYTES - AROUND_BYTES;
        let (mut events, mut lowest): (Vec<Box<RawValue>>, Option<Seq>) = (Vec::new(), None);
        let mut broken = None;
        let take = |stored: StoredEvent| {
            let seq = stored.seq;
            let json = match self.event_json(stream, device, stored) {
                Ok(json) => json,
                Err(error) => {
                    broken = Some(error);
                    return false;
                }
            };
            let size = json.get().len() + 1;
            if size > room && !events.is_empty() {
                return false;
            }
            room = room.saturating_sub(size);
            lowest = Some(lowest.map_or(seq, |known| known.min(seq)));
            events.push(json);
            events.len() < limit
        };
        match from {
            Bound::After(seq) => self.store.after(row, seq, take)?,
            Bound::Before(seq) => self.store.before(row, seq, take)?,
        }
        if let Some(error) = broken {
            return Err(error);
        }
        let base = match (from, lowest) {
            (_, Some(lowest)) => lowest - 1,
            (Bound::After(seq), None) => seq,
            (Bound::Before(_), None) => 0,
        };
        if let Bound::Before(_) = from {
            events.reverse();
        }
        Ok((base, events))
    }

    fn event_json(
        &self,
        stream: &StreamId,
        device: i64,
        stored: StoredEvent,
    ) -> Result<Box<RawValue>, DbError> {
        let author = match stored.side {
            None => Author::System,
            Some(deskbell_wire::Side::Visitor) => Author::Visitor,
            Some(deskbell_wire::Side::Operator) => Author::Operator(self.card(stored.operator)?),
        };
        let own = device != 0 && stored.device == device;
        let event = Event {
            stream: stream.clone(),
            seq: stored.seq,
            message_id: stored.message_id,
            chat_id: stored.chat_id,
            author,
            ts: stored.ts,
            body: stored.body,
            uid: stored.uid.filter(|_| own),
        };
        serde_json::value::to_raw_value(&event).map_err(|_| DbError::Corrupt)
    }

    /// An operator's card, of one who is at work or of one who once was.
    pub(super) fn card(&self, row: i64) -> Result<OperatorCard, DbError> {
        if let Some(operator) = self.operators.get(&row) {
            return Ok(operator.card.clone());
        }
        let account = self.store.operator(row)?.ok_or(DbError::Corrupt)?;
        Ok(account.card)
    }
}

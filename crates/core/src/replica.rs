//! What this device holds of one stream, and what it should ask for next (C3–C5).
//!
//! What must always hold: `base + 1 ..= cursor.seq` has no hole; at most one request is open; what came from one
//! life of the desk is never continued by another (I10).

use deskbell_wire::limits::PAGE_EVENTS;
use deskbell_wire::{Bound, ClientFrame, Cursor, Epoch, Event, Fetch, Page, Seq, Side, Snapshot, StreamId};

use crate::outbox::Outbox;
use crate::store::{Receipts, StreamRow};

/// One stream of this device.
#[derive(Debug)]
pub struct Replica {
    /// Which.
    pub stream: StreamId,
    /// The seq just below the oldest event held.
    pub base: Seq,
    /// The newest event held.
    pub cursor: Option<Cursor>,
    /// The newest seq that the desk spoke of.
    pub head: Seq,
    /// What waits to go out.
    pub outbox: Outbox,
    /// The visitor's side.
    pub visitor: Receipts,
    /// The operators' side.
    pub operator: Receipts,
    /// Fetch everything that is older, too.
    pub backfill: bool,
    /// The desk may not know how far this side has come.
    pub owes_marks: bool,
    /// Since the welcome nothing is missing.
    pub caught_up: bool,
    /// What is held belongs to another life of the desk.
    pub stale: bool,
    request: Option<Request>,
}

/// The open request. A page answers the oldest one, and there is only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// What follows the cursor.
    Newer,
    /// What lies below the base.
    Older,
    /// The first page of a stream that is new here.
    First,
    /// The first page after a restore (C5).
    Reset,
}

/// What an event is to a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is the next one.
    Next,
    /// It is held already.
    Known,
    /// Something before it is missing.
    Gap,
}

impl Replica {
    /// A stream of which nothing is held.
    pub fn new(stream: StreamId) -> Self {
        Self {
            stream,
            base: 0,
            cursor: None,
            head: 0,
            outbox: Outbox::default(),
            visitor: Receipts::default(),
            operator: Receipts::default(),
            backfill: false,
            owes_marks: false,
            caught_up: false,
            stale: false,
            request: None,
        }
    }

    /// A stream as it is on the disk.
    pub fn from_row(row: StreamRow) -> Self {
        let head = row.cursor.map_or(0, |cursor| cursor.seq);
        let (visitor, operator) = (row.visitor, row.operator);
        Self { base: row.base, cursor: row.cursor, head, visitor, operator, ..Self::new(row.stream) }
    }

    /// The newest seq held.
    pub fn seq(&self) -> Seq {
        self.cursor.map_or(0, |cursor| cursor.seq)
    }

    /// The receipts of a side.
    pub fn receipts(&mut self, side: Side) -> &mut Receipts {
        match side {
            Side::Visitor => &mut self.visitor,
            Side::Operator => &mut self.operator,
        }
    }

    /// The line went down.
    pub fn rest(&mut self) {
        self.request = None;
        self.caught_up = false;
        self.outbox.rest(false);
    }

    /// What an event is to this replica.
    pub fn fit(&self, event: &Event) -> Fit {
        if self.stale || self.request == Some(Request::Reset) {
            Fit::Gap
        } else if event.seq <= self.seq() {
            Fit::Known
        } else if event.seq == self.seq() + 1 {
            Fit::Next
        } else {
            Fit::Gap
        }
    }

    /// The desk spoke of a head (C4). A head below the cursor means that the desk lost something: start over.
    pub fn heard_head(&mut self, head: Seq) {
        if head < self.seq() {
            self.stale = true;
        }
        self.outbox.void_acks(|at| at > head);
        self.head = head;
    }

    /// The page answers the open request.
    pub fn answered(&mut self) -> Option<Request> {
        self.request.take()
    }

    /// The events of a page that continue what is held.
    pub fn continuing(&self, page: Page) -> Vec<Event> {
        let seq = self.seq();
        page.events.into_iter().filter(|event| event.seq > seq).collect()
    }

    /// What to ask for now, if nothing is asked.
    pub fn ask(&mut self, epoch: Epoch) -> Option<ClientFrame> {
        if self.request.is_some() {
            return None;
        }
        if self.cursor.is_some_and(|cursor| cursor.epoch != epoch) {
            self.stale = true;
        }
        let request = self.need()?;
        self.request = Some(request);
        Some(self.frame(request))
    }

    fn need(&mut self) -> Option<Request> {
        if self.stale {
            return Some(Request::Reset);
        }
        if self.cursor.is_none() && self.head > 0 {
            return Some(Request::First);
        }
        if self.head > self.seq() {
            return Some(Request::Newer);
        }
        self.caught_up = true;
        let wanted = self.backfill || self.outbox.misses(self.base);
        (wanted && self.base > 0).then_some(Request::Older)
    }

    fn frame(&self, request: Request) -> ClientFrame {
        let stream = self.stream.clone();
        let from = match request {
            Request::First | Request::Reset => {
                return ClientFrame::Snapshot(Snapshot { stream, tail: PAGE_EVENTS });
            }
            Request::Newer => Bound::After(self.seq()),
            Request::Older => Bound::Before(self.base + 1),
        };
        ClientFrame::Fetch(Fetch { stream, from, limit: PAGE_EVENTS })
    }
}

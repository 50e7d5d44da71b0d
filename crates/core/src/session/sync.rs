//! Events and pages into the store (C3–C5), entries and requests out of it (C2).

use deskbell_wire::limits::RESTORE_MS;
use deskbell_wire::{ClientFrame, Cursor, Epoch, Event, Mark, MarkKind, Page, StreamId, Timestamp};

use super::Session;
use crate::clock::Now;
use crate::notice::{EntryStatus, Notice, Place};
use crate::replica::{Fit, Request};
use crate::store::{Store, StoreError};

impl<S: Store> Session<S> {
    pub(super) fn event(&mut self, event: Event, now: Now) {
        let Some(epoch) = self.epoch else { return };
        let stream = event.stream.clone();
        let replica = self.replica(&stream);
        match replica.fit(&event) {
            Fit::Known => {}
            Fit::Gap => replica.head = replica.head.max(event.seq),
            Fit::Next => {
                replica.head = replica.head.max(event.seq);
                let live = replica.caught_up;
                if let Err(error) = self.apply(&stream, epoch, vec![event], live) {
                    self.unwell(error, now);
                }
            }
        }
    }

    pub(super) fn page(&mut self, page: Page, now: Now) {
        let stream = page.stream.clone();
        let replica = self.replica(&stream);
        let Some(request) = replica.answered() else { return };
        let outcome = match request {
            Request::Reset => self.reset(page, now),
            Request::Older => self.prepend(&page),
            Request::First | Request::Newer => self.newer(page),
        };
        if let Err(error) = outcome {
            self.unwell(error, now);
        }
    }

    fn newer(&mut self, page: Page) -> Result<(), StoreError> {
        let (stream, epoch) = (page.stream.clone(), page.epoch);
        let replica = self.replica(&stream);
        if replica.cursor.is_some_and(|cursor| cursor.epoch != epoch) {
            replica.stale = true;
            return Ok(());
        }
        replica.heard_head(page.head);
        let live = replica.caught_up;
        let events = replica.continuing(page);
        if events.is_empty() { Ok(()) } else { self.apply(&stream, epoch, events, live) }
    }

    fn prepend(&mut self, page: &Page) -> Result<(), StoreError> {
        let replica = self.replica(&page.stream);
        let base = replica.base;
        let held = replica.cursor.is_some_and(|cursor| cursor.epoch == page.epoch);
        if !held || page.events.is_empty() || page.events.last().map(|event| event.seq) != Some(base) {
            replica.backfill = false;
            return Ok(());
        }
        self.store.prepend(&page.stream, &page.events)?;
        self.replica(&page.stream).base = page.base;
        // After a restore the snapshot may begin above an own entry that still waits here.
        for event in &page.events {
            self.arrived(event);
        }
        self.tell(Notice::Older(page.stream.clone()));
        Ok(())
    }

    /// An own entry that waited here is in the log, below what was held of it.
    fn arrived(&mut self, event: &Event) {
        let Some(uid) = event.uid else { return };
        let outbox = &mut self.replica(&event.stream).outbox;
        let is_message = outbox.get(uid).is_some_and(|row| row.body.is_message());
        if let Some(row) = outbox.leave_done(uid) {
            self.tell(Notice::Done(row));
        }
        if is_message {
            let place = Place { seq: event.seq, message_id: event.message_id, ts: event.ts };
            let (stream, status) = (event.stream.clone(), EntryStatus::Sent(place));
            self.tell(Notice::Status { stream, uid, status });
        }
    }

    /// C5: what is held gives way to the snapshot; the outbox keeps its uids.
    fn reset(&mut self, page: Page, now: Now) -> Result<(), StoreError> {
        let stream = page.stream.clone();
        let since = Timestamp(now.wall.0.saturating_sub(RESTORE_MS));
        self.store.reset(&stream, page.epoch, &page.events, since)?;
        let mut fresh = crate::replica::Replica::new(stream.clone());
        fresh.base = page.base;
        fresh.cursor = page.events.last().map(|event| cursor(page.epoch, event));
        fresh.head = page.head;
        fresh.backfill = self.replica(&stream).backfill;
        for row in self.store.outbox()?.into_iter().filter(|row| row.stream == stream) {
            fresh.outbox.push(row);
        }
        let before = &mut self.replica(&stream).outbox;
        let gone: Vec<_> =
            before.rows().map(|row| row.uid).filter(|uid| fresh.outbox.get(*uid).is_none()).collect();
        let done: Vec<_> = gone.into_iter().filter_map(|uid| before.leave_done(uid)).collect();
        self.replicas.insert(stream.clone(), fresh);
        self.take_up_files()?;
        done.into_iter().for_each(|row| self.tell(Notice::Done(row)));
        self.tell(Notice::Replaced(stream.clone()));
        self.mark_delivered(&stream);
        Ok(())
    }

    /// C3: one transaction, then memory, then the news.
    fn apply(
        &mut self,
        stream: &StreamId,
        epoch: Epoch,
        events: Vec<Event>,
        live: bool,
    ) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(()) };
        let (base, cursor) = (first.seq.saturating_sub(1), cursor(epoch, last));
        let settled = self.replica(stream).outbox.settled_by(cursor.seq);
        self.store.apply(stream, epoch, &events, &settled)?;
        let replica = self.replica(stream);
        if replica.cursor.is_none() {
            replica.base = base;
        }
        replica.cursor = Some(cursor);
        let applied = events.iter().filter_map(|event| event.uid).chain(settled);
        let done: Vec<_> = applied.filter_map(|uid| replica.outbox.leave_done(uid)).collect();
        // What was to be among these events, and is not.
        let held = replica.base + 1..=cursor.seq;
        replica.outbox.void_acks(|at| held.contains(&at));
        done.into_iter().for_each(|row| self.tell(Notice::Done(row)));
        self.tell(Notice::Applied { stream: stream.clone(), events, live });
        self.mark_delivered(stream);
        Ok(())
    }

    fn mark_delivered(&mut self, stream: &StreamId) {
        let side = self.side();
        let replica = self.replica(stream);
        let seq = replica.seq();
        let receipts = replica.receipts(side);
        if seq > receipts.delivered {
            receipts.delivered = seq;
            replica.owes_marks = true;
            self.transmit(ClientFrame::Mark(Mark { stream: stream.clone(), kind: MarkKind::Delivered, seq }));
        }
    }

    /// After a welcome: a receipt given while there was no line, or that the desk lost, is given again. Not for
    /// every stream that was ever held, which would be more than a line takes; and not to another life of the desk.
    pub(super) fn repeat_receipts(&mut self, epoch: Epoch) {
        let side = self.side();
        let current = |cursor: &Cursor| cursor.epoch == epoch;
        let owing = self.replicas.values_mut().filter(|replica| {
            replica.owes_marks && !replica.stale && replica.cursor.as_ref().is_some_and(current)
        });
        let owed: Vec<_> = owing
            .map(|replica| {
                let (seq, stream) = (replica.seq(), replica.stream.clone());
                let receipts = replica.receipts(side);
                receipts.delivered = receipts.delivered.max(seq);
                (stream, *receipts)
            })
            .collect();
        for (stream, receipts) in owed {
            for (kind, seq) in [(MarkKind::Delivered, receipts.delivered), (MarkKind::Read, receipts.read)] {
                if seq > 0 {
                    self.transmit(ClientFrame::Mark(Mark { stream: stream.clone(), kind, seq }));
                }
            }
        }
    }

    /// Everything that may go out now goes out: requests, entries, typing.
    pub(super) fn pump(&mut self, now: Now) {
        self.settle_files();
        let Some(epoch) = self.epoch.filter(|_| self.link.is_live()) else { return };
        if let Err(error) = self.carry_on(now) {
            self.unwell(error, now);
            return;
        }
        let window = self.window;
        let mut frames = Vec::new();
        for replica in self.replicas.values_mut() {
            frames.extend(replica.ask(epoch));
            // During a reset the snapshot decides what is still to be sent. Of thousands of streams a few have anything.
            if !replica.stale && !replica.outbox.is_empty() {
                let stream = replica.stream.clone();
                frames.extend(
                    std::iter::from_fn(|| replica.outbox.next(&stream, window, now.mono))
                        .map(ClientFrame::Send),
                );
            }
        }
        frames.extend(self.typing.due(now.mono).map(ClientFrame::Ephemeral));
        frames.into_iter().for_each(|frame| self.transmit(frame));
    }
}

fn cursor(epoch: Epoch, event: &Event) -> Cursor {
    Cursor { epoch, seq: event.seq, message_id: event.message_id }
}

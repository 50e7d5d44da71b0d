//! The committer (S1): entries that came together become one transaction with one fsync.
//!
//! What must always hold: an entry is written within its savepoint, and answered after the commit (S4).

use deskbell_db::DbError;
use deskbell_wire::{Ack, DeskFrame, Entry, Event, MailOutcome, Nack, NackCode, Seq, Uid};

use super::Desk;
use super::entry::{Refusal, Verdict};
use super::fanout::encoded;
use super::io::{Class, ConnId, Output};
use super::person::PersonKey;
use super::plan::Deed;
use super::storage::{Dirty, RETRY_MS};

impl Desk {
    /// Commits what waits in the batch, and what is dirty along with it.
    pub(super) fn commit(&mut self) {
        if self.batch.is_empty() && self.deeds.is_empty() {
            return;
        }
        let mut entries = std::mem::take(&mut self.batch);
        let deeds = std::mem::take(&mut self.deeds);
        if self.health.can_write() {
            self.transact(&entries, &deeds);
        } else {
            self.refuse_all(&entries);
            self.keep_letters(&deeds);
        }
        // The list keeps its room for the next batch.
        entries.clear();
        self.batch = entries;
    }

    fn transact(&mut self, entries: &[(ConnId, Entry)], deeds: &[(PersonKey, Deed)]) {
        let mut touched = Vec::new();
        let mut verdicts = Vec::with_capacity(entries.len());
        let written = self.store.begin().and_then(|()| {
            self.write_all(entries, &mut verdicts, &mut touched)?;
            let events = self.write_deeds(deeds, &mut touched)?;
            self.store.commit().map(|()| events)
        });
        match written {
            Ok(own) => {
                self.dirty = Dirty::default();
                self.committed += entries.len() as u64;
                for ((conn, entry), verdict) in entries.iter().zip(verdicts) {
                    self.tell(*conn, entry.uid, verdict);
                }
                for (key, events) in own {
                    self.tell_own(key, events);
                }
            }
            Err(error) => {
                self.fail(&error, touched);
                deeds.iter().for_each(|(key, _)| self.set_alarm(*key));
                self.keep_letters(deeds);
                self.refuse_all(entries);
            }
        }
    }

    /// How a letter ended is known once: it waits for the next transaction. What is there already is not written
    /// again ([`Self::do_deed`]); everything else comes up again by itself.
    fn keep_letters(&mut self, deeds: &[(PersonKey, Deed)]) {
        let ends =
            |deed: &Deed| matches!(deed, Deed::Mailed { outcome, .. } if *outcome != MailOutcome::Delayed);
        self.deeds.extend(deeds.iter().filter(|(_, deed)| ends(deed)).cloned());
    }

    fn write_all(
        &mut self,
        entries: &[(ConnId, Entry)],
        verdicts: &mut Vec<Verdict>,
        touched: &mut Vec<(PersonKey, Seq)>,
    ) -> Result<(), DbError> {
        self.write_dirty()?;
        for (conn, entry) in entries {
            let verdict = match self.take_entry(*conn, entry, touched) {
                Ok(verdict) => verdict,
                Err(Refusal::Nack(code, retry_after)) => refused(entry.uid, code, retry_after),
                Err(Refusal::Db(error)) => {
                    self.undo(*conn, entry, &error)?;
                    refused(entry.uid, NackCode::Storage, Some(RETRY_MS))
                }
            };
            verdicts.push(verdict);
        }
        Ok(())
    }

    /// What the desk does by itself. A deed that cannot be written is left to whoever wants it done: it is looked at
    /// again when its time comes again.
    fn write_deeds(
        &mut self,
        deeds: &[(PersonKey, Deed)],
        touched: &mut Vec<(PersonKey, Seq)>,
    ) -> Result<Vec<(PersonKey, Vec<Event>)>, DbError> {
        let mut written = Vec::with_capacity(deeds.len());
        for (key, deed) in deeds {
            match self.do_deed(*key, deed, touched) {
                Ok(events) => written.push((*key, events)),
                Err(Refusal::Nack(..)) => written.push((*key, Vec::new())),
                Err(Refusal::Db(error)) => {
                    if !self.store.undo_entry() {
                        return Err(error);
                    }
                    tracing::error!(%error, "the desk could not write an event of its own");
                    self.reread_person(*key)?;
                    written.push((*key, Vec::new()));
                }
            }
        }
        Ok(written)
    }

    /// S4: tells of the desk's own events, after the commit.
    fn tell_own(&mut self, key: PersonKey, events: Vec<Event>) {
        if events.is_empty() {
            return self.set_alarm_again(key);
        }
        for event in events {
            self.note_request(key, &event);
            self.push_event(key, None, event);
        }
        self.changed(key);
    }

    /// Something about the visitor changed: list, form and alarm follow.
    fn changed(&mut self, key: PersonKey) {
        self.people.touch(key, self.now);
        self.tell_state(key);
        self.set_alarm(key);
    }

    /// Takes one entry's writes back, so that it cannot stand in the way of the others.
    fn undo(&mut self, conn: ConnId, entry: &Entry, error: &DbError) -> Result<(), DbError> {
        if !self.store.undo_entry() {
            return Err(error.clone());
        }
        tracing::error!(%error, "an entry could not be written; it alone was taken back");
        self.set_device_row(conn, 0);
        match self.key_of(&entry.stream) {
            Some(key) => self.reread_person(key),
            None => Ok(()),
        }
    }

    /// S4: tells what became of an entry, after the commit.
    fn tell(&mut self, conn: ConnId, uid: Uid, verdict: Verdict) {
        match verdict {
            Verdict::Refused(nack) => self.answer(conn, &DeskFrame::Nack(nack)),
            Verdict::Held(ack) => self.answer(conn, &DeskFrame::Ack(ack)),
            Verdict::Written { key, side, events } => {
                if let Some(side) = side {
                    self.sent_clears_typing(key, side, conn);
                }
                let last = events.len();
                for (at, event) in events.into_iter().enumerate() {
                    if at + 1 == last {
                        let stream = event.stream.clone();
                        let Event { seq, message_id, ts, .. } = event;
                        self.answer(
                            conn,
                            &DeskFrame::Ack(Ack { uid, stream, seq, message_id, ts, dup: false }),
                        );
                    }
                    self.note_request(key, &event);
                    self.push_event(key, Some(conn), event);
                }
                self.changed(key);
            }
        }
    }

    fn refuse_all(&mut self, entries: &[(ConnId, Entry)]) {
        for (conn, entry) in entries {
            let nack = nack(entry.uid, NackCode::Storage, Some(RETRY_MS));
            self.answer(*conn, &DeskFrame::Nack(nack));
        }
    }

    /// Puts a frame out that is never dropped.
    pub(super) fn answer(&mut self, to: ConnId, frame: &DeskFrame) {
        if let Some(text) = encoded(frame) {
            self.outputs.push(Output::Frame { to, text, class: Class::Answer });
        }
    }
}

fn refused(uid: Uid, code: NackCode, retry_after: Option<u64>) -> Verdict {
    Verdict::Refused(nack(uid, code, retry_after))
}

fn nack(uid: Uid, code: NackCode, retry_after: Option<u64>) -> Nack {
    Nack { uid, code, fatal: !code.retryable(), retry_after }
}

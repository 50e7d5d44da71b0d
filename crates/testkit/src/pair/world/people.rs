//! What people do: write, look, and decide about what failed or is held.

use deskbell_core::store::{OutboxRow, OutboxState};
use deskbell_wire::{NackCode, SendBody, StreamId};

use super::World;
use crate::checker::{Told, words};

/// Entries that one device queues at most.
const ENTRIES: u64 = 14;

impl World {
    pub(super) fn person(&mut self) {
        let at = self.dice.index(self.devices.len());
        match self.dice.roll(10) {
            0 => self.decide(at),
            1 => self.look(at),
            2 => self.handle_file(at),
            _ => self.write(at),
        }
    }

    pub(super) fn write(&mut self, at: usize) {
        if self.devices[at].session.is_none() || self.devices[at].made() >= ENTRIES {
            return;
        }
        let own = self.devices[at].own();
        let Some(stream) = own.or_else(|| self.known_stream(at)) else { return };
        let uid = self.devices[at].new_uid();
        let body = match self.dice.roll(3) {
            2 => return self.send_files(at, &stream, uid),
            0 => self.wish(at, &stream, uid),
            _ => SendBody::message(words(uid, "good day")),
        };
        let message = body.is_message();
        let sent = self.with(at, |session, now| session.send(&stream, body, uid, now));
        if let Some(Ok(_)) = sent {
            self.counts.queued += 1;
            self.devices[at].queued(stream, uid, message);
        }
    }

    pub(super) fn known_stream(&mut self, at: usize) -> Option<StreamId> {
        let session = self.devices[at].session.as_ref()?;
        let held = session.streams().map(|replica| replica.stream.clone());
        let streams: Vec<_> = held.chain(session.rows().0.map(|row| row.stream.clone())).collect();
        self.dice.pick(&streams)
    }

    /// The site's terms are agreed to, and what was refused for want of that goes out again.
    fn agree(&mut self, at: usize, row: &OutboxRow) {
        let consents = |row: &OutboxRow| matches!(row.body, SendBody::Consent { .. });
        if !self.devices[at].waiting().iter().any(consents) {
            let uid = self.devices[at].new_uid();
            let (stream, body) = (row.stream.clone(), SendBody::Consent { version: 1 });
            self.with(at, |session, now| session.send(&stream, body, uid, now));
        }
        self.send_again(at, row);
    }

    /// Looks at what failed or is held, and sends it again, takes it back, or leaves it.
    pub(super) fn decide(&mut self, at: usize) {
        let Some(row) = self.dice.pick(&self.devices[at].undecided()) else { return };
        match self.dice.roll(3) {
            0 => self.send_again(at, &row),
            1 => self.take_back(at, &row),
            _ => {}
        }
    }

    /// At the end everybody decides: what failed stops the queue for as long as it stands.
    pub(super) fn decide_all(&mut self, at: usize) {
        for row in self.devices[at].undecided() {
            match (row.state, row.uid.0.as_u128() % 3) {
                (OutboxState::Failed(NackCode::Consent), _) => self.agree(at, &row),
                (OutboxState::Failed(_), _) | (_, 0) => self.take_back(at, &row),
                (_, 1) => self.send_again(at, &row),
                _ => {}
            }
        }
    }

    pub(super) fn send_again(&mut self, at: usize, row: &OutboxRow) {
        // Also where the disk refused: then it is unknown which of both it is.
        if row.state == OutboxState::Held || row.body.file().is_some() {
            self.devices[at].journal.push(Told::Requeued(row.uid));
        }
        self.with(at, |session, now| session.resend(row.uid, now));
    }

    pub(super) fn take_back(&mut self, at: usize, row: &OutboxRow) {
        self.devices[at].journal.push(Told::Discarded(row.uid));
        self.with(at, |session, now| session.discard(row.uid, now));
    }

    pub(super) fn look(&mut self, at: usize) {
        let Some(stream) = self.known_stream(at) else { return };
        let (seq, typing) = (self.devices[at].seq(&stream), self.dice.chance(500));
        self.with(at, |session, now| {
            session.typing(&stream, typing, "good d".to_owned(), now);
            session.open_stream(&stream, now);
            session.read(&stream, seq)
        });
    }
}

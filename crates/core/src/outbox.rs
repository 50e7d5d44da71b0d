//! The outbox of one stream in memory: what waits, what is under way, what the desk has (C2).
//!
//! What must always hold: the order here is the order on disk; a row leaves only when its event is applied, when its
//! effect is held by an applied event, or when the person or a refused verb says so.

use std::collections::VecDeque;

use deskbell_wire::{Entry, Nack, SendBody, Seq, StreamId, Timestamp, Uid};

use crate::store::{OutboxRow, OutboxState};

/// The pause after the first retryable nack, in milliseconds; doubled at each further one.
pub const NACK_PAUSE_MS: u64 = 200;
/// The longest such pause, in milliseconds.
pub const NACK_PAUSE_MAX_MS: u64 = 10_000;

/// A row and what this connection knows of it.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// As on disk.
    pub row: OutboxRow,
    phase: Phase,
    /// The desk does not have its file yet.
    waits: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Idle,
    InFlight,
    Acked(Seq),
}

/// The queue of one stream.
#[derive(Debug, Default)]
pub struct Outbox {
    rows: VecDeque<Waiting>,
    paused_until: u64,
    nacks: u32,
}

/// What a nack came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It goes out again later.
    Later,
    /// A message the desk will never take: the queue stands until the person decides.
    Message,
    /// A verb the desk will never take: dropped.
    Verb(OutboxRow),
    /// No such row (any more).
    Unknown,
}

impl Waiting {
    /// Is it among those that go out in their turn? What waits for its file is not: nobody behind it waits along.
    fn goes(&self) -> bool {
        self.row.state == OutboxState::Queued && !self.waits
    }

    /// May it go out, and has it not?
    fn is_due(&self) -> bool {
        self.phase == Phase::Idle && self.goes()
    }

    /// Does the queue stand until the person decides about it? Words do not follow words that failed; a file is
    /// followed by whatever is there, on its way and when it failed.
    fn stops(&self) -> bool {
        matches!(self.row.state, OutboxState::Failed(_)) && self.row.body.file().is_none()
    }

    /// Is it as good tomorrow? What somebody left to be worked off, and what he said of himself, is never dropped for
    /// being late: it was promised to be kept until there is a line.
    fn lasts(&self) -> bool {
        matches!(self.row.body, SendBody::Request(_) | SendBody::Card { .. } | SendBody::Consent { .. })
    }

    fn is_consent(&self) -> bool {
        matches!(self.row.body, SendBody::Consent { .. })
    }
}

impl Outbox {
    /// Appends a row as it came from, or went to, the disk.
    pub fn push(&mut self, row: OutboxRow) {
        self.rows.push_back(Waiting { row, phase: Phase::Idle, waits: false });
    }

    /// From here on a row waits for its file, or no longer.
    pub fn set_waits(&mut self, uid: Uid, waits: bool) {
        if let Some(waiting) = self.rows.iter_mut().find(|waiting| waiting.row.uid == uid) {
            (waiting.waits, waiting.phase) = (waits, Phase::Idle);
        }
    }

    /// The rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &OutboxRow> {
        self.rows.iter().map(|waiting| &waiting.row)
    }

    /// Is nothing waiting?
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One row.
    pub fn get(&self, uid: Uid) -> Option<&OutboxRow> {
        self.rows().find(|row| row.uid == uid)
    }

    /// Has the desk acknowledged it?
    pub fn is_acked(&self, uid: Uid) -> bool {
        self.rows.iter().any(|w| w.row.uid == uid && matches!(w.phase, Phase::Acked(_)))
    }

    /// Takes a row out.
    pub fn remove(&mut self, uid: Uid) -> Option<OutboxRow> {
        let at = self.rows.iter().position(|waiting| waiting.row.uid == uid)?;
        self.rows.remove(at).map(|waiting| waiting.row)
    }

    /// Takes a row out whose event is held. `Some`: a verb of which no ack told that it is done.
    pub fn leave_done(&mut self, uid: Uid) -> Option<OutboxRow> {
        let was_told = self.is_acked(uid);
        self.remove(uid).filter(|row| !was_told && !row.body.is_message())
    }

    /// Says what may happen to a row, and forgets that it was under way.
    pub fn set_state(&mut self, uid: Uid, state: OutboxState) {
        if let Some(waiting) = self.rows.iter_mut().find(|waiting| waiting.row.uid == uid) {
            waiting.row.state = state;
            waiting.phase = Phase::Idle;
        }
    }

    /// The line went down, or the desk was restored: nothing is under way any more. After a restore (`forget_acks`)
    /// what was acknowledged is no longer known to be there.
    pub fn rest(&mut self, forget_acks: bool) {
        for waiting in &mut self.rows {
            if waiting.phase == Phase::InFlight || forget_acks {
                waiting.phase = Phase::Idle;
            }
        }
        self.paused_until = 0;
    }

    /// The person decided what held the queue up: no pause any more.
    pub fn resume(&mut self) {
        (self.nacks, self.paused_until) = (0, 0);
    }

    /// The desk's log shows that these acks hold no longer (S9: somebody put an old copy of it back): what they were
    /// for goes out again.
    pub fn void_acks(&mut self, is_void: impl Fn(Seq) -> bool) {
        for waiting in &mut self.rows {
            if matches!(waiting.phase, Phase::Acked(at) if is_void(at)) {
                waiting.phase = Phase::Idle;
            }
        }
    }

    /// When [`Self::next`] may have something again after a pause.
    pub fn deadline(&self) -> Option<u64> {
        let waits = match self.is_stopped() {
            false => self.rows.iter().any(Waiting::is_due),
            true => self.rows.iter().any(|waiting| waiting.is_due() && waiting.is_consent()),
        };
        (waits && self.paused_until > 0).then_some(self.paused_until)
    }

    /// C2: the next entry to send, at most `window` under way, in order, with its predecessor. Consent goes before
    /// everything else, and everything else after it: what it is asked for may stand at the head, refused until then.
    pub fn next(&mut self, stream: &StreamId, window: usize, mono: u64) -> Option<Entry> {
        let under_way = self.rows.iter().filter(|w| w.phase == Phase::InFlight).count();
        if mono >= self.paused_until {
            self.paused_until = 0;
        }
        if mono < self.paused_until || under_way >= window {
            return None;
        }
        let stopped = self.is_stopped();
        let mut prev_uid = None;
        for first in [true, false] {
            if stopped && !first {
                return None;
            }
            let queued = |w: &&mut Waiting| w.is_consent() == first && w.goes();
            for waiting in self.rows.iter_mut().filter(queued) {
                if waiting.phase == Phase::Idle {
                    waiting.phase = Phase::InFlight;
                    return Some(entry(stream, &waiting.row, prev_uid));
                }
                prev_uid = Some(waiting.row.uid);
            }
        }
        None
    }

    /// Did the person agree to something that the desk is not known to have? What it is asked for waits for that.
    pub fn is_agreeing(&self) -> bool {
        let agreeing = |w: &Waiting| w.is_consent() && w.goes() && !matches!(w.phase, Phase::Acked(_));
        self.rows.iter().any(agreeing)
    }

    /// A message was refused for good and the person has not decided yet.
    pub fn is_stopped(&self) -> bool {
        self.rows.iter().any(Waiting::stops)
    }

    /// The desk has it. `None`: a late ack of something that left long ago.
    pub fn ack(&mut self, uid: Uid, seq: Seq) -> Option<&OutboxRow> {
        self.nacks = 0;
        let waiting = self.rows.iter_mut().find(|waiting| waiting.row.uid == uid)?;
        waiting.phase = Phase::Acked(seq);
        waiting.row.state = OutboxState::Queued;
        Some(&waiting.row)
    }

    /// The desk did not take it.
    pub fn nack(&mut self, nack: &Nack, mono: u64) -> Refusal {
        let uid = nack.uid;
        let Some(at) = self.rows.iter().position(|waiting| waiting.row.uid == uid) else {
            return Refusal::Unknown;
        };
        let (under_way, is_message) = self.rows.get(at).map_or((false, false), |waiting| {
            (waiting.phase == Phase::InFlight, waiting.row.body.is_message())
        });
        if !nack.fatal {
            // Those behind it are refused along with it: that is one refusal, and one pause.
            if under_way {
                self.pause(nack.retry_after, mono);
            } else if let Some(pause) = nack.retry_after {
                self.paused_until = self.paused_until.max(mono.saturating_add(pause));
            }
            return Refusal::Later;
        }
        if is_message {
            self.set_state(uid, OutboxState::Failed(nack.code));
            return Refusal::Message;
        }
        self.rows.remove(at).map_or(Refusal::Unknown, |waiting| Refusal::Verb(waiting.row))
    }

    /// Verbs whose effect is held by the event at `seq` or one before it. A message leaves with its own event only:
    /// until that is held, the outbox is all that this device has of it (C3).
    pub fn settled_by(&self, seq: Seq) -> Vec<Uid> {
        let held =
            |w: &&Waiting| matches!(w.phase, Phase::Acked(at) if at <= seq) && !w.row.body.is_message();
        self.rows.iter().filter(held).map(|w| w.row.uid).collect()
    }

    /// Does a message wait for its event at `base` or below?
    pub fn misses(&self, base: Seq) -> bool {
        let below =
            |w: &Waiting| matches!(w.phase, Phase::Acked(at) if at <= base) && w.row.body.is_message();
        self.rows.iter().any(below)
    }

    /// Rows that never got an answer, are older than `before`, and may mean something else by now.
    pub fn overdue(&self, before: Timestamp) -> Vec<Uid> {
        let old = |w: &&Waiting| w.is_due() && w.row.created_at < before && !w.lasts();
        self.rows.iter().filter(old).map(|w| w.row.uid).collect()
    }

    fn pause(&mut self, pause: Option<u64>, mono: u64) {
        let doubled = NACK_PAUSE_MS.saturating_mul(1 << self.nacks.min(10)).min(NACK_PAUSE_MAX_MS);
        self.nacks = self.nacks.saturating_add(1);
        self.rest(false);
        self.paused_until = mono.saturating_add(pause.unwrap_or(doubled));
    }
}

fn entry(stream: &StreamId, row: &OutboxRow, prev_uid: Option<Uid>) -> Entry {
    Entry {
        stream: stream.clone(),
        uid: row.uid,
        prev_uid,
        body: row.body.clone(),
        created_at: row.created_at,
    }
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{NackCode, SiteKey, VisitorId};

    use super::*;

    fn stream() -> StreamId {
        StreamId::public(SiteKey::main(), VisitorId(uuid::Uuid::from_u128(9)))
    }

    fn uid(n: u128) -> Uid {
        Uid(uuid::Uuid::from_u128(n))
    }

    fn outbox(rows: u128) -> Outbox {
        let mut outbox = Outbox::default();
        for n in 1..=rows {
            let body = SendBody::message(n.to_string());
            let (created_at, state) = (Timestamp(0), OutboxState::Queued);
            outbox.push(OutboxRow { uid: uid(n), stream: stream(), body, created_at, state });
        }
        outbox
    }

    fn nack(n: u128, code: NackCode, retry_after: Option<u64>) -> Nack {
        Nack { uid: uid(n), code, fatal: !code.retryable(), retry_after }
    }

    fn drain(outbox: &mut Outbox, mono: u64) -> Vec<(Uid, Option<Uid>)> {
        std::iter::from_fn(|| outbox.next(&stream(), 8, mono))
            .map(|entry| (entry.uid, entry.prev_uid))
            .collect()
    }

    #[test]
    fn c2_eight_under_way_in_order_each_with_its_predecessor() {
        let mut outbox = outbox(10);
        let sent = drain(&mut outbox, 0);
        let expected: Vec<_> = (1..=8).map(|n| (uid(n), (n > 1).then(|| uid(n - 1)))).collect();
        assert_eq!(sent, expected);
        outbox.ack(uid(1), 5);
        assert_eq!(drain(&mut outbox, 0), [(uid(9), Some(uid(8)))]);
    }

    #[test]
    fn c2_after_a_retryable_nack_it_waits_and_starts_from_the_first_unacknowledged() {
        let mut outbox = outbox(3);
        drain(&mut outbox, 0);
        outbox.ack(uid(1), 1);
        assert_eq!(outbox.nack(&nack(2, NackCode::Busy, Some(500)), 100), Refusal::Later);
        assert_eq!(drain(&mut outbox, 599), []);
        assert_eq!(drain(&mut outbox, 600), [(uid(2), Some(uid(1))), (uid(3), Some(uid(2)))]);
    }

    #[test]
    fn c2_a_flight_that_is_refused_together_pauses_once() {
        let mut outbox = outbox(8);
        drain(&mut outbox, 0);
        (1..=8).for_each(|n| drop(outbox.nack(&nack(n, NackCode::Storage, None), 0)));
        assert_eq!(outbox.deadline(), Some(NACK_PAUSE_MS));
        assert_eq!(drain(&mut outbox, NACK_PAUSE_MS).len(), 8);
        outbox.nack(&nack(1, NackCode::Storage, None), NACK_PAUSE_MS);
        assert_eq!(outbox.deadline(), Some(3 * NACK_PAUSE_MS));
    }

    #[test]
    fn c2_a_refused_message_stops_the_queue_until_the_person_decides() {
        let mut outbox = outbox(2);
        drain(&mut outbox, 0);
        assert_eq!(outbox.nack(&nack(1, NackCode::Invalid, None), 0), Refusal::Message);
        outbox.nack(&nack(2, NackCode::PrevUnknown, None), 0);
        assert_eq!(drain(&mut outbox, 100_000), []);
        outbox.remove(uid(1));
        assert_eq!(drain(&mut outbox, 100_000), [(uid(2), None)]);
    }
}

//! The operator: hears every visitor's messages, and fetches what was left out.
//!
//! What must always hold: a message counts once, in the order of its stream (C3).

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use deskbell_wire::limits::{BATCH_ENTRIES, PAGE_EVENTS};
use deskbell_wire::{
    Bound, ClientFrame, DeskFrame, Event, EventBody, Fetch, ListName, Seq, StreamId, VisitorId, Watch,
    decode_desk,
};
use tokio::time::sleep;

use super::line::Line;

static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Microseconds since the first call.
pub(super) fn micros() -> u64 {
    BEGIN.elapsed().as_micros() as u64
}

/// What came of the messages of a round.
#[derive(Default)]
pub(super) struct Tally {
    acked: AtomicUsize,
    lags: AtomicUsize,
    /// When each was sent, in microseconds, and how long it took.
    delivered: Mutex<Vec<(u64, Duration)>>,
    /// Whose the messages were, in the order in which they were committed.
    order: Mutex<Vec<VisitorId>>,
}

impl Tally {
    pub(super) fn acked(&self) -> usize {
        self.acked.load(Ordering::Relaxed)
    }

    pub(super) fn lags(&self) -> usize {
        self.lags.load(Ordering::Relaxed)
    }

    pub(super) fn count_ack(&self) {
        self.acked.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes a frame or text that says when it was sent.
    pub(super) fn count_delivery(&self, frame: &str) {
        let now = micros();
        let sent: u64 = stamp(frame).expect("a message says when it was sent");
        let took = Duration::from_micros(now.saturating_sub(sent));
        self.delivered.lock().expect("a lock").push((sent, took));
    }

    /// How long the messages took that were sent since then.
    pub(super) fn delivered_since(&self, begin: u64) -> Vec<Duration> {
        let delivered = self.delivered.lock().expect("a lock");
        delivered.iter().filter(|(sent, _)| *sent >= begin).map(|(_, took)| *took).collect()
    }

    /// How many different chats there are in 50 messages that were committed one after the other.
    pub(super) fn chats_in_a_batch(&self) -> f64 {
        let order = self.order.lock().expect("a lock");
        let batches = order.chunks_exact(BATCH_ENTRIES);
        let (count, chats) = (batches.len(), batches.map(|batch| batch.iter().collect::<HashSet<_>>().len()));
        chats.sum::<usize>() as f64 / count as f64
    }

    /// Waits until so many have been delivered.
    pub(super) async fn wait_for(&self, count: usize, patience: Duration) {
        let begin = Instant::now();
        let there = || self.delivered.lock().expect("a lock").len();
        while there() < count {
            assert!(begin.elapsed() < patience, "{} of {count} messages were delivered", there());
            sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(there(), count, "delivered more than was sent");
    }
}

/// The first number of the message's text.
fn stamp(frame: &str) -> Option<u64> {
    let text = frame.split_once("\"text\":\"").map_or(frame, |(_, text)| text);
    text.get(..15)?.parse().ok()
}

struct Operator {
    line: Line,
    tally: Arc<Tally>,
    seen: HashMap<VisitorId, Seq>,
    /// Streams with something left out; the first one's page is under way.
    behind: VecDeque<StreamId>,
}

/// Listens for ever.
pub(super) async fn listen(mut line: Line, tally: Arc<Tally>) {
    // As the workplace does.
    line.write(&ClientFrame::Watch(Watch { list: ListName::Visitors, limit: 200 })).await;
    let mut operator = Operator { line, tally, seen: HashMap::new(), behind: VecDeque::new() };
    loop {
        let frame = operator.line.next().await;
        operator.hear(&frame).await;
    }
}

impl Operator {
    async fn hear(&mut self, frame: &str) {
        match decode_desk(frame).expect("a frame") {
            DeskFrame::Event(event) => self.apply(&event),
            DeskFrame::Lag { stream, .. } => {
                self.tally.lags.fetch_add(1, Ordering::Relaxed);
                self.behind.push_back(stream);
                if self.behind.len() == 1 {
                    self.fetch().await;
                }
            }
            DeskFrame::Page(page) => {
                page.events.iter().for_each(|event| self.apply(event));
                if self.seen(page.stream.visitor) >= page.head {
                    self.behind.pop_front();
                }
                self.fetch().await;
            }
            DeskFrame::Bye(bye) => panic!("the operator was sent away: {bye:?}"),
            _ => {}
        }
    }

    /// The next one of its stream counts; an earlier one has, a later one comes again with a page.
    fn apply(&mut self, event: &Event) {
        let seen = self.seen.entry(event.stream.visitor).or_default();
        if event.seq != *seen + 1 {
            return;
        }
        *seen = event.seq;
        if let EventBody::Message { text, .. } = &event.body {
            self.tally.count_delivery(text);
            self.tally.order.lock().expect("a lock").push(event.stream.visitor);
        }
    }

    fn seen(&self, visitor: VisitorId) -> Seq {
        self.seen.get(&visitor).copied().unwrap_or(0)
    }

    /// One page at a time: whoever reads slowly must not ask for more than he can read.
    async fn fetch(&mut self) {
        let Some(stream) = self.behind.front().cloned() else { return };
        let from = Bound::After(self.seen(stream.visitor));
        self.line.write(&ClientFrame::Fetch(Fetch { stream, from, limit: PAGE_EVENTS })).await;
    }
}

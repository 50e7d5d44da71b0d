//! What waits for one connection's writer (S7).
//!
//! What must always hold: memory is bounded (I12). Events give way to one `lag` per stream when the queue is full;
//! answers are never dropped: where even they do not fit, the connection ends with `bye slow`. Nobody waits for a
//! slow reader.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deskbell_wire::{Bye, ByeCode, DeskFrame, Seq, StreamId, encode};
use tokio::sync::Notify;
use tokio::time::{Duration, Instant};

use crate::desk::{Class, Text};

/// Answers may go over the queue's bytes by so much: a page and what comes with it.
const ANSWER_BYTES: usize = 512 * 1024;
/// No further frame is read from a connection while so many bytes wait for it.
const READ_UNTIL_BYTES: usize = 256 * 1024;
/// Frames of one connection that wait for the desk at once: nobody fills the desk's queue alone.
const UNDER_WAY: usize = 64;

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) events: usize,
    pub(crate) bytes: usize,
    pub(crate) slow: Duration,
}

/// The way out to one client, shared by the desk's thread and the connection's task.
pub(crate) struct Outlet {
    bounds: Bounds,
    queue: Mutex<Queue>,
    wake: Notify,
    under_way: AtomicUsize,
}

#[derive(Default)]
struct Queue {
    frames: VecDeque<(Text, bool)>,
    events: usize,
    bytes: usize,
    lagging: Vec<(Arc<StreamId>, Seq)>,
    full_since: Option<Instant>,
    person: Option<Person>,
    end: Option<End>,
    /// The writer was told, or will be, that something waits.
    announced: bool,
}

/// Who is behind the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    Visitor,
    Operator,
}

/// How the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// After what is queued.
    Drained,
    /// At once: the client does not read.
    Slow,
}

/// What the writer finds.
#[derive(Default)]
pub(crate) struct Taken {
    pub(crate) frames: Vec<Text>,
    pub(crate) more: bool,
    pub(crate) end: Option<End>,
}

impl Outlet {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, queue: Mutex::default(), wake: Notify::new(), under_way: AtomicUsize::new(0) }
    }

    /// Queues a frame, or what stands for it. `true`: the writer does not know yet that something waits; the caller
    /// says so with [`Self::wake`].
    #[must_use]
    pub(crate) fn push(&self, text: Text, class: Class) -> bool {
        let mut queue = self.lock();
        if queue.end.is_some() {
            return false;
        }
        let full = queue.events >= self.bounds.events || queue.bytes + text.len() > self.bounds.bytes;
        match class {
            Class::Event { stream, seq } => {
                if let Some((_, head)) = queue.lagging.iter_mut().find(|(lagging, _)| *lagging == stream) {
                    *head = seq;
                } else if full {
                    queue.lagging.push((stream, seq));
                    queue.full_since.get_or_insert_with(Instant::now);
                } else {
                    queue.put(text, true);
                }
            }
            Class::Answer if queue.bytes + text.len() > self.bounds.bytes + ANSWER_BYTES => {
                queue.end = Some(End::Slow);
            }
            Class::Answer => queue.put(text, false),
            Class::Passing if full => {}
            Class::Passing => queue.put(text, false),
        }
        !std::mem::replace(&mut queue.announced, true)
    }

    /// Tells the writer to look.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// The connection has a person now.
    pub(crate) fn authenticate(&self, person: Person) {
        self.lock().person = Some(person);
        self.wake.notify_one();
    }

    /// Who is behind the connection, once that is known.
    pub(crate) fn person(&self) -> Option<Person> {
        self.lock().person
    }

    /// Nothing comes any more: send what is there and close.
    pub(crate) fn close(&self) {
        self.lock().end.get_or_insert(End::Drained);
        self.wake.notify_one();
    }

    /// Waits until there may be something new to do.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Takes up to `bytes` of what waits, at least one frame.
    pub(crate) fn take(&self, bytes: usize) -> Taken {
        let mut queue = self.lock();
        queue.announced = false;
        let mut taken = Taken { end: queue.end, ..Taken::default() };
        if taken.end == Some(End::Slow) {
            taken.frames.extend(bye_slow());
            return taken;
        }
        let mut room = bytes;
        while let Some((text, _)) = queue.frames.front() {
            if text.len() > room && !taken.frames.is_empty() {
                break;
            }
            room = room.saturating_sub(text.len());
            taken.frames.extend(queue.next());
        }
        if queue.frames.is_empty() {
            // Drained: now the client can fetch what was left out.
            queue.full_since = None;
            for (stream, head) in std::mem::take(&mut queue.lagging) {
                taken.frames.extend(lag(&stream, head));
            }
        }
        taken.more = !queue.frames.is_empty();
        taken
    }

    /// When the queue will have been full for too long.
    pub(crate) fn slow_at(&self) -> Option<Instant> {
        self.lock().full_since.map(|since| since + self.bounds.slow)
    }

    /// May another frame be read from the client?
    pub(crate) fn may_read(&self) -> bool {
        self.under_way.load(Ordering::Acquire) < UNDER_WAY && self.lock().bytes < READ_UNTIL_BYTES
    }

    /// So many frames go to the desk.
    pub(crate) fn read(&self, frames: usize) {
        self.under_way.fetch_add(frames, Ordering::AcqRel);
    }

    /// The desk takes so many frames on.
    pub(crate) fn dealt(&self, frames: usize) {
        if self.under_way.fetch_sub(frames, Ordering::AcqRel) >= UNDER_WAY {
            self.wake.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    fn put(&mut self, text: Text, event: bool) {
        self.bytes += text.len();
        self.events += usize::from(event);
        self.frames.push_back((text, event));
    }

    fn next(&mut self) -> Option<Text> {
        let (text, event) = self.frames.pop_front()?;
        self.bytes -= text.len();
        self.events -= usize::from(event);
        if self.frames.is_empty() {
            // An idle connection keeps no room.
            self.frames = VecDeque::new();
        }
        Some(text)
    }
}

fn lag(stream: &StreamId, head: Seq) -> Option<Text> {
    encode(&DeskFrame::Lag { stream: stream.clone(), head }).ok().map(Text::from)
}

fn bye_slow() -> Option<Text> {
    let bye = Bye { code: ByeCode::Slow, retry_after: Some(1_000), moved: None };
    encode(&DeskFrame::Bye(bye)).ok().map(Text::from)
}

#[cfg(test)]
mod tests {
    use deskbell_wire::{SiteKey, VisitorId, decode_desk};
    use uuid::Uuid;

    use super::*;

    fn outlet(events: usize, bytes: usize) -> Outlet {
        Outlet::new(Bounds { events, bytes, slow: Duration::from_secs(15) })
    }

    fn event(visitor: u128, seq: Seq) -> Class {
        let stream = StreamId::public(SiteKey::main(), VisitorId(Uuid::from_u128(visitor)));
        Class::Event { stream: Arc::new(stream), seq }
    }

    fn lags(taken: &Taken) -> Vec<Seq> {
        let frames = taken.frames.iter().filter_map(|text| decode_desk(text).ok());
        frames
            .filter_map(|frame| if let DeskFrame::Lag { head, .. } = frame { Some(head) } else { None })
            .collect()
    }

    #[test]
    fn a_writer_is_woken_once_for_all_that_comes_before_it_looks() {
        let outlet = outlet(3, 1_000);
        assert!(outlet.push("a".into(), Class::Answer));
        assert!(!outlet.push("b".into(), Class::Answer));
        assert_eq!(outlet.take(1_000).frames.len(), 2);
        assert!(outlet.push("c".into(), Class::Answer), "it has looked, and must be told again");
    }

    #[tokio::test]
    async fn s7_a_full_queue_drops_events_and_says_lag_once_it_is_drained() {
        let outlet = outlet(3, 1_000);
        for seq in 1..=5 {
            let _ = outlet.push("e".into(), event(1, seq));
        }
        let _ = outlet.push("x".into(), event(2, 9));
        let _ = outlet.push("ack".into(), Class::Answer);
        let _ = outlet.push("typing".into(), Class::Passing);
        assert!(outlet.slow_at().is_some());
        let first = outlet.take(1);
        assert_eq!((first.frames.len(), first.more, lags(&first)), (1, true, vec![]));
        let _ = outlet.push("e".into(), event(1, 6));
        let rest = outlet.take(1_000);
        assert_eq!(&rest.frames[..3], ["e", "e", "ack"].map(Text::from), "the dropped stream stays dropped");
        assert_eq!(lags(&rest), [6, 9]);
        assert!(outlet.slow_at().is_none());
        let _ = outlet.push("e".into(), event(1, 7));
        assert_eq!(outlet.take(1_000).frames, [Text::from("e")], "after the lag, pushes go on");
    }

    #[tokio::test]
    async fn s4_answers_are_never_dropped_but_end_a_connection_that_cannot_hold_them() {
        let outlet = outlet(256, 1_000);
        let large: Text = "a".repeat(100_000).into();
        for _ in 0..5 {
            let _ = outlet.push(large.clone(), Class::Answer);
        }
        assert!(outlet.take(1).end.is_none() && !outlet.may_read());
        let _ = outlet.push(large.clone(), Class::Answer);
        let _ = outlet.push(large, Class::Answer);
        let taken = outlet.take(1);
        assert_eq!(taken.end, Some(End::Slow));
        assert!(taken.frames[0].contains("\"slow\""));
    }
}

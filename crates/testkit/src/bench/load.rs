//! The visitors: a few who write now and then, or many who write as fast as they may.
//!
//! What must always hold: entries go out as the app sends them, in order, at most 8 under way, each naming the one
//! before it that is still unacknowledged (C2).

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use deskbell_wire::limits::IN_FLIGHT;
use deskbell_wire::{ClientFrame, Entry, SendBody, StreamId, Timestamp, Uid};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::arguments::Plan;
use super::figures::Spread;
use super::line::Line;
use super::operator::{Tally, listen, micros};
use super::server::{Kind, Server};

/// Visitors at low load.
const FEW: usize = 20;
/// Messages at low load that are not measured: they open the chats.
const OPENING: usize = 2 * FEW;
/// Full load before it is measured.
const WARM_UP: Duration = Duration::from_secs(1);
/// How long what was acknowledged may take to reach the operator.
const PATIENCE: Duration = Duration::from_secs(60);

/// A round under full load.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FullLoad {
    /// Durable (of an echo: returned) messages per second.
    pub(super) rate: f64,
    /// From a visitor's send to the operator's event.
    pub(super) delivery: Spread,
    /// Streams whose pushes gave way to `lag`; the operator fetched them.
    pub(super) lags: usize,
    /// Different chats in 50 messages that were committed one after the other.
    pub(super) chats: f64,
}

/// A visitor under way.
struct Visitor {
    line: Line,
    stream: StreamId,
    under_way: VecDeque<Uid>,
    tally: Arc<Tally>,
}

/// About 200 messages a second, one at a time, never at regular intervals.
pub(super) async fn low_load(server: &Server, messages: usize) -> Spread {
    let tally = Arc::new(Tally::default());
    let (_operator, visitors) = arrive(server, FEW, &tally).await;
    let mut writers = Vec::new();
    for mut visitor in visitors {
        let (order, mut orders) = mpsc::unbounded_channel::<()>();
        writers.push(order);
        tokio::spawn(async move { while visitor.write_when_told(&mut orders).await {} });
    }
    let mut begin = 0;
    for number in 0..OPENING + messages {
        sleep(Duration::from_millis(3 + number as u64 * 7 % 5)).await;
        if number == OPENING {
            begin = micros();
        }
        writers[number % FEW].send(()).expect("a visitor");
    }
    tally.wait_for(OPENING + messages, PATIENCE).await;
    Spread::of(tally.delivered_since(begin))
}

/// Every visitor keeps 8 messages under way.
pub(super) async fn full_load(server: &Server, plan: &Plan) -> FullLoad {
    let tally = Arc::new(Tally::default());
    let (_operator, visitors) = arrive(server, plan.visitors, &tally).await;
    let over = Arc::new(AtomicBool::new(false));
    let mut writers = JoinSet::new();
    for visitor in visitors {
        writers.spawn(visitor.write_until(Arc::clone(&over)));
    }
    sleep(WARM_UP).await;
    let (begin, since, before) = (Instant::now(), micros(), tally.acked());
    sleep(plan.full_load).await;
    let rate = (tally.acked() - before) as f64 / begin.elapsed().as_secs_f64();
    over.store(true, Ordering::Relaxed);
    timeout(PATIENCE, writers.join_all()).await.expect("every message is acknowledged");
    tally.wait_for(tally.acked(), PATIENCE).await;
    let (delivery, lags, chats) =
        (Spread::of(tally.delivered_since(since)), tally.lags(), tally.chats_in_a_batch());
    FullLoad { rate, delivery, lags, chats }
}

/// The operator first, then the visitors. The operator listens until the handle is dropped.
async fn arrive(server: &Server, count: usize, tally: &Arc<Tally>) -> (Option<JoinSet<()>>, Vec<Visitor>) {
    let mut operator = None;
    if server.kind != Kind::Echo {
        let mut task = JoinSet::new();
        task.spawn(listen(Line::operator(server).await, Arc::clone(tally)));
        operator = Some(task);
    }
    let mut visitors = Vec::with_capacity(count);
    for _ in 0..count {
        let (line, stream) = Line::visitor(server).await;
        visitors.push(Visitor { line, stream, under_way: VecDeque::new(), tally: Arc::clone(tally) });
    }
    (operator, visitors)
}

impl Visitor {
    /// Writes one message when told to, hears what comes; `false`: nobody tells any more.
    async fn write_when_told(&mut self, orders: &mut mpsc::UnboundedReceiver<()>) -> bool {
        tokio::select! {
            order = orders.recv() => {
                if order.is_none() {
                    return false;
                }
                self.feed_message().await;
                self.line.flush().await;
            }
            frame = self.line.next() => self.hear(&frame),
        }
        true
    }

    async fn write_until(mut self, over: Arc<AtomicBool>) {
        loop {
            if !over.load(Ordering::Relaxed) {
                while self.under_way.len() < IN_FLIGHT {
                    self.feed_message().await;
                }
                self.line.flush().await;
            } else if self.under_way.is_empty() {
                return;
            }
            let frame = self.line.next().await;
            self.hear(&frame);
            // Whatever has come already is answered together, as the app does.
            while let Some(frame) = self.line.arrived() {
                self.hear(&frame);
            }
        }
    }

    async fn feed_message(&mut self) {
        let uid = Uid(Uuid::new_v4());
        let prev_uid = self.under_way.back().copied();
        self.under_way.push_back(uid);
        let body = SendBody::message(words(micros()));
        let (stream, created_at) = (self.stream.clone(), Timestamp(0));
        let entry = Entry { stream, uid, prev_uid, body, created_at };
        self.line.feed(&ClientFrame::Send(entry)).await;
    }

    /// Told apart by their first letters: parsing every frame here would take time from what is measured.
    fn hear(&mut self, frame: &str) {
        if frame.starts_with("{\"ack\"") {
            self.under_way.pop_front().expect("an ack for something");
            self.tally.count_ack();
        } else if frame.starts_with("{\"send\"") {
            self.under_way.pop_front().expect("an echo of something");
            self.tally.count_ack();
            self.tally.count_delivery(frame);
        } else {
            assert!(!frame.starts_with("{\"nack\"") && !frame.starts_with("{\"bye\""), "refused: {frame}");
        }
    }
}

/// A message of usual length that says when it was sent.
pub(super) fn words(stamp: u64) -> String {
    format!(
        "{stamp:015} Do you deliver on Saturdays, and may I have the invoice sent to another address than the goods?"
    )
}

//! Ceiling: the least that delivers durably. An entry is committed, its author hears `ack`, operators hear `event`.
//!
//! It has the desk's schema, pragmas, batches and checkpoints, and nothing that makes a desk: no rights, no dedup, no
//! order between entries, no chats, no lists, no states, no marks, no limits, and its queues grow without end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use axum::Router;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket};
use axum::extract::{State, WebSocketUpgrade};
use axum::routing::any;
use deskbell_wire::limits::BATCH_ENTRIES;
use deskbell_wire::{
    Ack, Author, ClientFrame, DeskFrame, Entry, Epoch, Event, EventBody, Hello, Identity, Limits, MessageId,
    SendBody, Seq, Timestamp, VisitorId, Welcome, decode_client, encode,
};
use futures_util::SinkExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc as queue;
use uuid::Uuid;

use super::ground::{Ground, Row};

/// Frames written with one flush.
const TOGETHER: usize = 64;

type Outbox = queue::UnboundedSender<Utf8Bytes>;

/// An entry, and who waits for its `ack`.
type Job = (Entry, Outbox);

struct Relay {
    committer: mpsc::Sender<Job>,
    operators: Arc<Mutex<Vec<Outbox>>>,
}

/// Serves for ever.
pub(super) async fn serve(listener: TcpListener, ground: Ground) {
    let (committer, jobs) = mpsc::channel();
    let operators = Arc::default();
    let relay = Arc::new(Relay { committer, operators: Arc::clone(&operators) });
    thread::spawn(move || commit(&ground, &jobs, &operators));
    let upgrade = |State(relay): State<Arc<Relay>>, socket: WebSocketUpgrade| async move {
        socket.read_buffer_size(4_096).on_upgrade(|socket| converse(socket, relay))
    };
    let listener = axum::serve::ListenerExt::tap_io(listener, |tcp| tcp.set_nodelay(true).expect("no delay"));
    axum::serve(listener, Router::new().fallback(any(upgrade)).with_state(relay)).await.expect("serving");
}

async fn converse(mut socket: WebSocket, relay: Arc<Relay>) {
    let (outbox, mut waiting) = queue::unbounded_channel();
    let mut frames = Vec::with_capacity(TOGETHER);
    loop {
        tokio::select! {
            _ = waiting.recv_many(&mut frames, TOGETHER) => {
                for text in frames.drain(..) {
                    if socket.feed(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
                if socket.flush().await.is_err() {
                    return;
                }
            }
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => relay.take(&text, &outbox),
                _ => return,
            }
        }
    }
}

impl Relay {
    fn take(&self, text: &str, outbox: &Outbox) {
        match decode_client(text) {
            Ok(ClientFrame::Hello(hello)) => self.greet(&hello, outbox),
            Ok(ClientFrame::Send(entry)) => {
                self.committer.send((entry, outbox.clone())).expect("the committer runs");
            }
            _ => {}
        }
    }

    fn greet(&self, hello: &Hello, outbox: &Outbox) {
        if let Identity::Operator { .. } = hello.who {
            self.operators.lock().expect("a lock").push(outbox.clone());
        }
        tell(
            outbox,
            &DeskFrame::Welcome(Welcome {
                epoch: Epoch(Uuid::nil()),
                limits: Limits::default(),
                heads: Vec::new(),
                operator: None,
                status: None,
                now: now(),
            }),
        );
    }
}

/// One thread commits; a batch is what queued while the last commit ran.
fn commit(ground: &Ground, jobs: &mpsc::Receiver<Job>, operators: &Mutex<Vec<Outbox>>) {
    let (db, upkeep) = (ground.open(), ground.keep_up());
    let mut heads: HashMap<VisitorId, (i64, Seq)> = HashMap::new();
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(BATCH_ENTRIES - 1)).collect();
        db.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        let mut events = Vec::with_capacity(batch.len());
        for (entry, _) in &batch {
            let next = heads.len() as i64 + 1;
            let (stream, seq) = heads.entry(entry.stream.visitor).or_insert((next, 0));
            *seq += 1;
            let SendBody::Message { text, .. } = &entry.body else { continue };
            let (message_id, ts) = (MessageId(Uuid::now_v7()), now());
            Row { stream: *stream, seq: *seq, message_id, uid: entry.uid, ts, text }.insert(&db);
            let (stream, body) =
                (entry.stream.clone(), EventBody::Message { text: text.clone(), file: None });
            let (chat_id, author) = (None, Author::Visitor);
            events.push(Event { stream, seq: *seq, message_id, chat_id, author, ts, body, uid: None });
        }
        db.execute_batch("COMMIT").expect("a commit");
        let operators = operators.lock().expect("a lock").clone();
        for ((entry, author), event) in batch.iter().zip(events) {
            let Event { seq, message_id, ts, .. } = event;
            let ack = Ack { uid: entry.uid, stream: entry.stream.clone(), seq, message_id, ts, dup: false };
            tell(author, &DeskFrame::Ack(ack));
            let text: Utf8Bytes = encode(&DeskFrame::Event(event)).expect("a frame").into();
            operators.iter().for_each(|operator| drop(operator.send(text.clone())));
        }
        upkeep.note(&db, batch.len());
    }
}

fn tell(outbox: &Outbox, frame: &DeskFrame) {
    // Whoever has gone hears nothing.
    let _ = outbox.send(encode(frame).expect("a frame").into());
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_millis() as i64)
}

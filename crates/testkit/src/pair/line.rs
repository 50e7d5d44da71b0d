//! One connection: two queues of frames and an end on each side, where a frame may be lost, late or left out.
//!
//! The desk's way out follows S7 as the desk's socket does: a full queue leaves events out and says `lag` once it is
//! drained.

use std::collections::{HashMap, HashSet, VecDeque};

use deskbell_server::desk::{Class, ConnId};
use deskbell_wire::{ClientFrame, DeskFrame, Epoch, Seq, StreamId, Uid, decode_client, decode_desk, encode};
use uuid::Uuid;

use super::Flaw;

/// What the desk reads.
#[derive(Clone, Debug)]
pub(super) enum ToDesk {
    Opened,
    Frame(Box<ClientFrame>),
    Closed,
}

/// What the client reads.
#[derive(Clone, Debug)]
pub(super) enum ToClient {
    Frame(Box<DeskFrame>),
    Closed,
}

/// A connection.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) conn: ConnId,
    pub(super) device: usize,
    pub(super) up: VecDeque<ToDesk>,
    pub(super) down: VecDeque<ToClient>,
    /// The client still listens.
    pub(super) client_listens: bool,
    /// The desk still listens.
    pub(super) desk_listens: bool,
    /// Nothing passes, and neither end knows.
    pub(super) stalled: bool,
    /// Events queued for the client at most.
    pub(super) room: usize,
    lagging: Vec<(StreamId, Seq)>,
}

impl Line {
    pub(super) fn new(conn: ConnId, device: usize, room: usize) -> Self {
        Self {
            conn,
            device,
            up: VecDeque::from([ToDesk::Opened]),
            down: VecDeque::new(),
            client_listens: true,
            desk_listens: true,
            stalled: false,
            room,
            lagging: Vec::new(),
        }
    }

    /// The client writes: through its text, as on a socket.
    pub(super) fn write(&mut self, frame: &ClientFrame) {
        let text = encode(frame).expect("a frame fits");
        self.up.push_back(ToDesk::Frame(Box::new(
            decode_client(&text).expect("a desk reads what clients write"),
        )));
    }

    /// The desk writes. `true`: an event was left out.
    pub(super) fn push(&mut self, text: &str, class: &Class) -> bool {
        let frame = decode_desk(text).expect("a client reads what desks write");
        let Class::Event { stream, seq } = class else {
            if !(*class == Class::Passing && self.waiting() >= self.room) {
                self.down.push_back(ToClient::Frame(Box::new(frame)));
            }
            return false;
        };
        if let Some((_, head)) = self.lagging.iter_mut().find(|(lagging, _)| *lagging == **stream) {
            *head = *seq;
            return true;
        }
        if self.waiting() >= self.room {
            self.lagging.push(((**stream).clone(), *seq));
            return true;
        }
        self.down.push_back(ToClient::Frame(Box::new(frame)));
        false
    }

    fn waiting(&self) -> usize {
        let event = |item: &&ToClient| matches!(item, ToClient::Frame(frame) if matches!(**frame, DeskFrame::Event(_)));
        self.down.iter().filter(event).count()
    }

    /// The client reads.
    pub(super) fn read(&mut self) -> Option<ToClient> {
        let read = self.down.pop_front();
        if self.down.is_empty() && self.desk_listens {
            let lag = |(stream, head)| ToClient::Frame(Box::new(DeskFrame::Lag { stream, head }));
            self.down.extend(std::mem::take(&mut self.lagging).into_iter().map(lag));
        }
        read
    }

    /// The client is gone: `left` of what it wrote still reaches the desk, then the end.
    pub(super) fn client_left(&mut self, left: usize) {
        self.client_listens = false;
        self.stalled = false;
        self.down.clear();
        self.up.truncate(left);
        self.up.push_back(ToDesk::Closed);
    }

    /// The desk is gone: `left` of what it wrote still reaches the client, then the end.
    pub(super) fn desk_left(&mut self, left: usize) {
        self.desk_listens = false;
        self.stalled = false;
        self.lagging.clear();
        self.up.clear();
        self.down.truncate(left);
        self.down.push_back(ToClient::Closed);
    }

    pub(super) fn is_over(&self) -> bool {
        !self.desk_listens && (!self.client_listens || self.down.is_empty())
    }
}

/// What a flawed rule does to frames on their way.
#[derive(Debug)]
pub(super) struct Tampering {
    flaw: Flaw,
    sent: HashSet<Uid>,
    renamed: HashMap<Uid, Uid>,
    names: u128,
}

impl Tampering {
    pub(super) fn new(flaw: Flaw) -> Self {
        Self { flaw, sent: HashSet::new(), renamed: HashMap::new(), names: 0xbad << 64 }
    }

    /// A client's frame.
    pub(super) fn up(&mut self, frame: &mut ClientFrame) {
        match (self.flaw, frame) {
            (Flaw::NewUidOnRetry, ClientFrame::Send(entry)) => {
                entry.prev_uid = None;
                if !self.sent.insert(entry.uid) {
                    self.names += 1;
                    let name = Uid(Uuid::from_u128(self.names));
                    self.renamed.insert(name, entry.uid);
                    entry.uid = name;
                }
            }
            (Flaw::NoPredecessor, ClientFrame::Send(entry)) => entry.prev_uid = None,
            (Flaw::NoEpochCheck, ClientFrame::Hello(hello)) => hello.cursors.clear(),
            _ => {}
        }
    }

    /// A desk's frame, on its way to a client that is at `seq` of the frame's stream. `None`: it is not heard.
    pub(super) fn down(&self, mut frame: DeskFrame, seq: impl Fn(&StreamId) -> Seq) -> Option<DeskFrame> {
        match (self.flaw, &mut frame) {
            (Flaw::NewUidOnRetry, DeskFrame::Ack(ack)) => ack.uid = self.first_name(ack.uid),
            (Flaw::NewUidOnRetry, DeskFrame::Nack(nack)) => nack.uid = self.first_name(nack.uid),
            (Flaw::NewUidOnRetry, DeskFrame::Event(event)) => {
                event.uid = event.uid.map(|uid| self.first_name(uid));
            }
            (Flaw::NoGapCheck, DeskFrame::Event(event)) => event.seq = event.seq.min(seq(&event.stream) + 1),
            (Flaw::NoHeads, DeskFrame::Lag { .. }) => return None,
            (Flaw::NoHeads, DeskFrame::Pong { heads, .. }) => heads.clear(),
            (Flaw::NoHeads, DeskFrame::List(list)) => {
                list.rows.iter_mut().for_each(|row| row.head = row.head.min(seq(&row.stream)));
            }
            (Flaw::NoEpochCheck, DeskFrame::Welcome(welcome)) => {
                welcome.epoch = Epoch(Uuid::nil());
                for head in &mut welcome.heads {
                    head.reset = false;
                    head.head = head.head.max(seq(&head.stream));
                }
            }
            (Flaw::NoEpochCheck, DeskFrame::Page(page)) => {
                page.epoch = Epoch(Uuid::nil());
                page.head = page.head.max(seq(&page.stream));
            }
            _ => {}
        }
        Some(frame)
    }

    fn first_name(&self, uid: Uid) -> Uid {
        self.renamed.get(&uid).copied().unwrap_or(uid)
    }
}

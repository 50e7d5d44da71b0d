//! A device whose carrier is the test itself.

use deskbell_core::store::{OutboxState, Store as _, UploadState};
use deskbell_core::{
    CarrierReport, Closed, Config, FileToSend, Notice, Now, Order, Output, Role, Session, TransferStand,
    Trouble,
};
use deskbell_testkit::crash_store::{CrashStore, Disk};
use deskbell_testkit::events::{card, epoch, operator as operator_card, stream, uid};
use deskbell_wire::{
    Ack, ClientFrame, DeskFrame, DeviceId, Event, FileCard, FileRefusal, Limits, MessageId, Nack, NackCode,
    OperatorStatus, Page, Secret, SendBody, Seq, StreamHead, Timestamp, Uid, Welcome,
};
use uuid::Uuid;

pub(crate) struct Device {
    pub(crate) disk: Disk,
    pub(crate) session: Session<CrashStore>,
    pub(crate) now: Now,
    config: Config,
}

/// More bytes than a small file has.
const FILM: u64 = 2 * deskbell_core::transfers::SMALL;

/// An order to upload, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Going {
    pub(crate) n: u64,
    pub(crate) run: u64,
    pub(crate) place: Option<Secret>,
}

pub(crate) fn place(n: u8) -> Secret {
    Secret::new([n; 32])
}

impl Device {
    pub(crate) fn visitor() -> Self {
        Self::new(Role::Visitor { stream: stream(1), token: Secret::new([7; 32]) })
    }

    pub(crate) fn operator() -> Self {
        Self::new(Role::Operator { token: Some(Secret::new([7; 32])) })
    }

    fn new(role: Role) -> Self {
        let config = Config { device_id: DeviceId(Uuid::from_u128(5)), role, seed: 1 };
        let disk = Disk::new();
        let session = Session::open(config.clone(), disk.open()).unwrap();
        Self { disk, session, now: Now { mono: 0, wall: Timestamp(1_000_000) }, config }
    }

    /// The power fails, and the program starts again.
    pub(crate) fn restarted(self) -> Self {
        self.disk.crash();
        let session = Session::open(self.config.clone(), self.disk.open()).unwrap();
        Self { session, ..self }
    }

    pub(crate) fn connect(&mut self) -> Vec<Output> {
        self.welcomed(1, 0, 7)
    }

    /// To a desk in this life, at this head, as this operator.
    pub(crate) fn welcomed(&mut self, life: u8, head: Seq, who: u128) -> Vec<Output> {
        self.now = self.now.plus(60_000);
        self.session.tick(self.now);
        self.greeted(life, head, who)
    }

    /// The line is back at once.
    pub(crate) fn connect_again(&mut self) -> Vec<Output> {
        self.session.reconnect(self.now);
        self.greeted(1, 0, 7)
    }

    fn greeted(&mut self, life: u8, head: Seq, who: u128) -> Vec<Output> {
        self.session.opened(self.now);
        self.drain();
        let works = matches!(self.config.role, Role::Operator { .. });
        let mut card = operator_card();
        card.id.0 = Uuid::from_u128(who);
        let heads = vec![StreamHead { stream: stream(1), head, reset: false }];
        self.hear(DeskFrame::Welcome(Welcome {
            epoch: epoch(life),
            limits: Limits::default(),
            heads: if works { Vec::new() } else { heads },
            operator: works.then_some(card),
            status: works.then_some(OperatorStatus::Online),
            now: self.now.wall,
        }))
    }

    pub(crate) fn lose(&mut self) -> Vec<Output> {
        self.session.closed(Closed::Lost, self.now);
        self.drain()
    }

    /// Time goes on; a desk that is there answers pings.
    pub(crate) fn pass(&mut self, ms: u64) -> Vec<Output> {
        let (mut outputs, end) = (Vec::new(), self.now.mono + ms);
        while self.now.mono < end {
            let next = self.session.deadline().unwrap_or(end).clamp(self.now.mono + 1, end);
            self.now = self.now.plus(next - self.now.mono);
            self.session.tick(self.now);
            let pings = |output: &Output| matches!(output, Output::Transmit(ClientFrame::Ping { .. }));
            let said = self.drain();
            let pinged = said.iter().any(pings);
            outputs.extend(said);
            if pinged {
                outputs.extend(self.hear(DeskFrame::Pong { n: 1, heads: Vec::new() }));
            }
        }
        outputs
    }

    pub(crate) fn hear(&mut self, frame: DeskFrame) -> Vec<Output> {
        self.session.frame(frame, self.now);
        self.drain()
    }

    pub(crate) fn drain(&mut self) -> Vec<Output> {
        std::iter::from_fn(|| self.session.poll()).collect()
    }

    pub(crate) fn say(&mut self, n: u64) -> Vec<Output> {
        self.session.send(&stream(1), SendBody::message(format!("words {n}")), uid(n), self.now).unwrap();
        self.drain()
    }

    pub(crate) fn file(&mut self, n: u64) -> Vec<Output> {
        self.files(&[n])
    }

    /// One Send.
    pub(crate) fn files(&mut self, ns: &[u64]) -> Vec<Output> {
        ns.iter().for_each(|n| self.file_of(*n, card(*n), ns[0]));
        self.drain()
    }

    /// So large that it has no place among the small ones.
    pub(crate) fn film(&mut self, n: u64) -> Vec<Output> {
        self.file_of(n, FileCard { size: FILM + 100 * n, ..card(n) }, n);
        self.drain()
    }

    fn file_of(&mut self, n: u64, card: FileCard, first: u64) {
        let file = FileToSend { uid: uid(n), card, text: String::new(), group: None, batch: uid(first) };
        self.session.send_file(&stream(1), file, self.now).unwrap();
    }

    pub(crate) fn report(&mut self, report: CarrierReport) -> Vec<Output> {
        self.session.carried(report, self.now);
        self.drain()
    }

    pub(crate) fn placed(&mut self, going: &Going, n: u8) -> Vec<Output> {
        self.report(CarrierReport::Placed { uid: uid(going.n), run: going.run, place: place(n) })
    }

    pub(crate) fn whole(&mut self, going: &Going) -> Vec<Output> {
        self.report(CarrierReport::Whole { uid: uid(going.n), run: going.run })
    }

    pub(crate) fn failed(&mut self, going: &Going, why: Trouble) -> Vec<Output> {
        self.report(CarrierReport::Failed { uid: uid(going.n), run: going.run, why })
    }

    pub(crate) fn refused(&mut self, going: &Going, refusal: FileRefusal) -> Vec<Output> {
        self.failed(going, Trouble::Refused(refusal))
    }

    /// After a failure: the run that follows it, within the longest pause.
    pub(crate) fn next_run(&mut self) -> Going {
        let orders = self.pass(30_000);
        going(&orders).into_iter().next().unwrap()
    }

    pub(crate) fn outbox(&self) -> Vec<(Uid, OutboxState)> {
        self.session.store().outbox().unwrap().iter().map(|row| (row.uid, row.state)).collect()
    }

    pub(crate) fn on_disk(&self, n: u64) -> Option<(UploadState, Option<Secret>)> {
        let upload = self.session.store().uploads().unwrap().into_iter().find(|upload| upload.uid == uid(n));
        upload.map(|upload| (upload.state, upload.place))
    }

    pub(crate) fn stand(&self, n: u64) -> TransferStand {
        self.session.upload(uid(n)).unwrap().1
    }

    /// What it would say after a crash.
    pub(crate) fn disk_says(&self, n: u64) -> TransferStand {
        let session = Session::open(self.config.clone(), self.disk.durable()).unwrap();
        session.upload(uid(n)).unwrap().1
    }

    /// Nothing would wake it for nothing.
    pub(crate) fn sleeps(&self) -> bool {
        self.session.deadline() > Some(self.now.mono)
    }
}

pub(crate) fn orders(outputs: &[Output]) -> Vec<&Order> {
    let order = |output: &&Output| matches!(output, Output::Carry(_));
    outputs
        .iter()
        .filter(order)
        .map(|output| if let Output::Carry(order) = output { order } else { unreachable!() })
        .collect()
}

pub(crate) fn going(outputs: &[Output]) -> Vec<Going> {
    let going = |order: &Order| match order {
        Order::Upload { uid: named, run, place, card, .. } => {
            let n = card.size % FILM / 100;
            assert_eq!(uid(n), *named, "the card of another file");
            Some(Going { n, run: *run, place: place.clone() })
        }
        _ => None,
    };
    orders(outputs).into_iter().filter_map(going).collect()
}

/// The only one.
pub(crate) fn the_upload(outputs: &[Output]) -> Going {
    let all = going(outputs);
    assert_eq!(all.len(), 1, "{outputs:?}");
    all[0].clone()
}

pub(crate) fn sent(outputs: &[Output]) -> Vec<(Uid, Option<Uid>)> {
    let entry = |output: &Output| match output {
        Output::Transmit(ClientFrame::Send(entry)) => Some((entry.uid, entry.prev_uid)),
        _ => None,
    };
    outputs.iter().filter_map(entry).collect()
}

pub(crate) fn stands(outputs: &[Output]) -> Vec<TransferStand> {
    let stand = |output: &Output| match output {
        Output::Tell(Notice::Upload { stand, .. } | Notice::Download { stand, .. }) => Some(*stand),
        _ => None,
    };
    outputs.iter().filter_map(stand).collect()
}

pub(crate) fn nack(n: u64, code: NackCode) -> DeskFrame {
    DeskFrame::Nack(Nack { uid: uid(n), code, fatal: !code.retryable(), retry_after: None })
}

pub(crate) fn ack(n: u64, seq: Seq) -> DeskFrame {
    let message_id = MessageId(Uuid::from_u128(u128::from(seq)));
    DeskFrame::Ack(Ack { uid: uid(n), stream: stream(1), seq, message_id, ts: Timestamp(1), dup: false })
}

pub(crate) fn page(life: u8, base: Seq, events: Vec<Event>, head: Seq) -> DeskFrame {
    DeskFrame::Page(Page { stream: stream(1), epoch: epoch(life), base, events, head })
}

pub(crate) fn message(event: &Event) -> MessageId {
    event.message_id
}

//! The schedule: what happens next, until faults end and everything has to come to rest.

use deskbell_core::store::{OutboxRow, OutboxState};
use deskbell_core::{Closed, Now, Output, Session};
use deskbell_server::desk::{self, ConnId, Input};
use deskbell_wire::{Ack, ClientFrame, DeskFrame, MessageId, Secret, SendBody, Seq, StreamId, Timestamp};
use uuid::Uuid;

use super::desk_side::DeskSide;
use super::device::{Device, faults, moment, stream};
use super::line::{Line, Tampering, ToClient, ToDesk};
use super::{Counts, Flaw, Outcome};
use crate::checker::{History, Told, words};
use crate::crash_store::CrashStore;
use crate::dice::Dice;

/// Faults over, everything has arrived within so many milliseconds (I11).
const HEALED_MS: u64 = 60_000;
/// Entries that one device queues at most.
const ENTRIES: u64 = 9;
/// The operator's device.
const OPERATOR: usize = 3;

pub(super) struct World {
    seed: u64,
    flaw: Flaw,
    dice: Dice,
    now: Now,
    desk: DeskSide,
    token: Secret,
    devices: Vec<Device>,
    lines: Vec<Line>,
    conns: u64,
    tampering: Tampering,
    /// Events that a page holds at most.
    page: u32,
    /// Events queued for a client at most.
    room: usize,
    restores: bool,
    /// Some restore was not told of by another epoch.
    by_hand: bool,
    /// Faults are over.
    healed: bool,
    counts: Counts,
    trace: bool,
}

impl World {
    pub(super) fn new(seed: u64, flaw: Flaw) -> Self {
        let mut dice = Dice::new(seed);
        let now = moment(0);
        let mut desk = DeskSide::new(flaw != Flaw::NoDedup);
        desk.start(now.wall);
        let token = desk.sign_up(Device::device_id(OPERATOR as u64), now.wall);
        let (crashes, refusals) = (dice.roll(8) as u16, dice.roll(8) as u16);
        let lies = if flaw == Flaw::QueuedBeforeDurable { 3 } else { 0 };
        // Two devices of one visitor, another visitor, an operator.
        let devices = [Some(1), Some(1), Some(2), None].into_iter().enumerate().map(|(n, visitor)| {
            let faults = faults(dice.number(), crashes, refusals, lies);
            let mut device = Device::new(n as u64, visitor, Some(token.clone()), faults);
            device.start();
            device
        });
        let devices = devices.collect();
        let page = [1, 2, 3, 200][dice.index(4)];
        let room = [1, 2, 5, 256][dice.index(4)];
        let restores = dice.chance(400);
        Self {
            seed,
            flaw,
            dice,
            now,
            desk,
            token,
            devices,
            lines: Vec::new(),
            conns: 0,
            tampering: Tampering::new(flaw),
            page,
            room,
            restores,
            by_hand: false,
            healed: false,
            counts: Counts::default(),
            trace: std::env::var_os("DESKBELL_TRACE").is_some(),
        }
    }

    pub(super) fn run(mut self, steps: u32) -> Outcome {
        for _ in 0..steps {
            self.step();
        }
        self.heal();
        let violations = self.history().violations();
        Outcome { seed: self.seed, violations, counts: self.counts }
    }

    fn step(&mut self) {
        match self.dice.roll(1_000) {
            0..=119 => self.person(),
            120..=339 => self.desk_reads(),
            340..=639 => self.device_reads(),
            640..=739 => self.resolve_dial(),
            740..=899 => self.pass_time(),
            900..=939 => self.cut(),
            940..=954 => self.switch(),
            955..=979 => self.desk_power(),
            980..=989 if self.restores => self.back_up_or_restore(),
            _ => self.replay(),
        }
    }

    /// With `DESKBELL_TRACE` set, everything that happens is printed.
    fn trace(&self, what: std::fmt::Arguments<'_>) {
        if self.trace {
            println!("{:>9} {what}", self.now.mono);
        }
    }

    fn wall(&self) -> Timestamp {
        self.now.wall
    }

    // ---- time

    fn pass_time(&mut self) {
        let ms = match self.dice.roll(1_000) {
            0..=699 => self.dice.roll(50),
            700..=949 => self.dice.roll(3_000),
            950..=997 => self.dice.roll(40_000),
            _ => 25 * 3_600 * 1_000,
        };
        self.advance(ms);
    }

    fn advance(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        for at in 0..self.devices.len() {
            self.with(at, |session, now| session.tick(now));
        }
        if self.desk.wants_time(self.wall()) {
            self.desk_handles(vec![Input::Tick]);
        }
    }

    // ---- people

    fn person(&mut self) {
        let at = self.dice.index(self.devices.len());
        match self.dice.roll(10) {
            0 => self.decide(at),
            1 => self.look(at),
            _ => self.write(at),
        }
    }

    fn write(&mut self, at: usize) {
        if self.devices[at].session.is_none() || self.devices[at].made() >= ENTRIES {
            return;
        }
        let own = self.devices[at].own();
        let Some(stream) = own.or_else(|| self.known_stream(at)) else { return };
        let uid = self.devices[at].new_uid();
        let body = match self.dice.roll(10) {
            0 if at != OPERATOR => SendBody::Start {},
            1 => SendBody::Close {},
            _ => SendBody::Message { text: words(uid, "good day") },
        };
        let message = body.is_message();
        let sent = self.with(at, |session, now| session.send(&stream, body, uid, now));
        if let Some(Ok(_)) = sent {
            self.counts.queued += 1;
            self.devices[at].journal.push(Told::Queued { stream, uid, message });
        }
    }

    fn known_stream(&mut self, at: usize) -> Option<StreamId> {
        let session = self.devices[at].session.as_ref()?;
        let streams: Vec<_> = session.streams().map(|replica| replica.stream.clone()).collect();
        self.dice.pick(&streams)
    }

    /// Looks at what failed or is held, and sends it again, takes it back, or leaves it.
    fn decide(&mut self, at: usize) {
        let Some(row) = self.dice.pick(&self.devices[at].undecided()) else { return };
        match self.dice.roll(3) {
            0 => self.send_again(at, &row),
            1 => self.take_back(at, &row),
            _ => {}
        }
    }

    /// At the end everybody decides: what failed stops the queue for as long as it stands.
    fn decide_all(&mut self, at: usize) {
        for row in self.devices[at].undecided() {
            match (row.state, row.uid.0.as_u128() % 3) {
                (OutboxState::Failed(_), _) | (_, 0) => self.take_back(at, &row),
                (_, 1) => self.send_again(at, &row),
                _ => {}
            }
        }
    }

    fn send_again(&mut self, at: usize, row: &OutboxRow) {
        // Also where the disk refused: then it is unknown which of both it is.
        if row.state == OutboxState::Held {
            self.devices[at].journal.push(Told::Requeued(row.uid));
        }
        self.with(at, |session, now| session.resend(row.uid, now));
    }

    fn take_back(&mut self, at: usize, row: &OutboxRow) {
        self.devices[at].journal.push(Told::Discarded(row.uid));
        self.with(at, |session, now| session.discard(row.uid, now));
    }

    fn look(&mut self, at: usize) {
        let Some(stream) = self.known_stream(at) else { return };
        let (seq, typing) = (self.devices[at].seq(&stream), self.dice.chance(500));
        self.with(at, |session, now| {
            session.typing(&stream, typing, "good d".to_owned(), now);
            session.open_stream(&stream, now);
            session.read(&stream, seq)
        });
    }

    // ---- devices

    /// Does something with a session, then everything that comes of it. `None`: the power failed meanwhile, and
    /// nobody heard of anything.
    fn with<R>(&mut self, at: usize, work: impl FnOnce(&mut Session<CrashStore>, Now) -> R) -> Option<R> {
        let (now, device) = (self.now, &mut self.devices[at]);
        let done = work(device.session.as_mut()?, now);
        if !device.disk.is_alive() {
            self.power_fails(at);
            return None;
        }
        while let Some(output) = self.devices[at].session.as_mut().and_then(Session::poll) {
            self.carry_out(at, output);
        }
        Some(done)
    }

    fn carry_out(&mut self, at: usize, output: Output) {
        self.trace(format_args!("device {at}: {output:?}"));
        match output {
            Output::Dial => self.devices[at].dialling = true,
            Output::HangUp => self.leave(at),
            Output::Transmit(mut frame) => {
                self.tampering.up(&mut frame);
                if let Some(line) = self.line_of(at) {
                    line.write(&frame);
                }
            }
            Output::Tell(notice) => self.devices[at].hear(&notice, &mut self.counts),
        }
    }

    fn line_of(&mut self, at: usize) -> Option<&mut Line> {
        let conn = self.devices[at].line?;
        self.lines.iter_mut().find(|line| line.conn == conn)
    }

    /// The device lets go of its line: some of what it wrote still arrives.
    fn leave(&mut self, at: usize) {
        let waiting = self.line_of(at).map_or(0, |line| line.up.len());
        let left = self.dice.index(waiting + 1);
        if let Some(line) = self.line_of(at) {
            line.client_left(left);
        }
        (self.devices[at].line, self.devices[at].dialling) = (None, false);
    }

    fn resolve_dial(&mut self) {
        let dialling: Vec<usize> = (0..self.devices.len()).filter(|at| self.devices[*at].dialling).collect();
        let Some(at) = self.dice.pick(&dialling) else { return };
        self.devices[at].dialling = false;
        if !self.desk.is_up() || (!self.healed && self.dice.chance(100)) {
            self.with(at, |session, now| session.closed(Closed::Unreachable, now));
            return;
        }
        self.conns += 1;
        let conn = ConnId(self.conns);
        self.lines.push(Line::new(conn, at, self.room));
        self.devices[at].line = Some(conn);
        self.with(at, |session, now| session.opened(now));
    }

    fn device_reads(&mut self) {
        let readable = |line: &&Line| line.client_listens && !line.stalled && !line.down.is_empty();
        let lines: Vec<usize> = self.lines.iter().filter(readable).map(|line| line.device).collect();
        let Some(at) = self.dice.pick(&lines) else { return };
        for _ in 0..=self.dice.roll(4) {
            self.device_reads_one(at);
        }
    }

    fn device_reads_one(&mut self, at: usize) {
        let Some(read) = self.line_of(at).filter(|line| !line.stalled).and_then(Line::read) else { return };
        let frame = match read {
            ToClient::Frame(frame) => *frame,
            ToClient::Closed => {
                self.leave(at);
                self.with(at, |session, now| session.closed(Closed::Lost, now));
                return;
            }
        };
        let device = &self.devices[at];
        let Some(frame) = self.tampering.down(frame, |stream| device.seq(stream)) else { return };
        self.hears(at, frame);
    }

    fn hears(&mut self, at: usize, frame: DeskFrame) {
        self.trace(format_args!("device {at} hears {frame:?}"));
        let device = &mut self.devices[at];
        match &frame {
            DeskFrame::Welcome(welcome) => device.epoch = Some(welcome.epoch),
            DeskFrame::Ack(ack) => device.hear_ack(ack, &mut self.counts),
            DeskFrame::Nack(_) => self.counts.nacks += 1,
            _ => {}
        }
        self.with(at, |session, now| session.frame(frame, now));
    }

    /// I8: the desk reads a send again, on the line that its device has now.
    fn replay(&mut self) {
        let Some(at) = self.dice.pick(&(0..self.devices.len()).collect::<Vec<_>>()) else { return };
        let Some(line) = self.line_of(at) else { return };
        let sends = |item: &&ToDesk| matches!(item, ToDesk::Frame(ClientFrame::Send(_)));
        let sends: Vec<ToDesk> = line.up.iter().filter(sends).cloned().collect();
        line.up.extend(sends);
    }

    // ---- the desk

    fn desk_reads(&mut self) {
        let mut inputs = Vec::new();
        for _ in 0..=self.dice.roll(3) {
            let readable =
                |(_, line): &(usize, &Line)| line.desk_listens && !line.stalled && !line.up.is_empty();
            let lines: Vec<usize> =
                self.lines.iter().enumerate().filter(readable).map(|(at, _)| at).collect();
            let Some(at) = self.dice.pick(&lines) else { break };
            for _ in 0..=self.dice.roll(6) {
                inputs.extend(self.input(at));
            }
        }
        let fails = self.dice.chance(60);
        if fails {
            self.desk.fail_next_commit(&mut self.dice);
        }
        let killed = self.dice.chance(15);
        if !killed {
            self.desk_handles(inputs);
        } else if self.desk.is_up() {
            // Between the commit and its ack.
            self.desk.handle(inputs, self.now.wall);
            self.desk_dies();
        }
        self.counts.failed_commits += u64::from(fails && self.desk.end_fault());
    }

    fn input(&mut self, at: usize) -> Option<Input> {
        let line = &mut self.lines[at];
        let (conn, address) = (line.conn, std::net::Ipv4Addr::LOCALHOST.into());
        match line.up.pop_front()? {
            ToDesk::Opened => Some(Input::Opened { conn, address }),
            ToDesk::Frame(mut frame) => {
                self.counts.zombies += u64::from(!line.client_listens);
                match &mut frame {
                    ClientFrame::Fetch(fetch) => fetch.limit = fetch.limit.min(self.page),
                    ClientFrame::Snapshot(snapshot) => snapshot.tail = snapshot.tail.min(self.page),
                    _ => {}
                }
                Some(Input::Frame { conn, frame })
            }
            ToDesk::Closed => {
                line.desk_listens = false;
                Some(Input::Closed { conn })
            }
        }
    }

    fn desk_handles(&mut self, inputs: Vec<Input>) {
        self.trace(format_args!("desk: {inputs:?}"));
        let outputs = self.desk.handle(inputs, self.now.wall);
        for output in outputs {
            match output {
                desk::Output::Frame { to, text, class } => {
                    let line = self.lines.iter_mut().find(|line| line.conn == to);
                    let left_out =
                        line.filter(|line| line.client_listens).is_some_and(|line| line.push(&text, &class));
                    self.counts.left_out += u64::from(left_out);
                }
                desk::Output::Close { conn } => {
                    if let Some(line) = self.lines.iter_mut().find(|line| line.conn == conn) {
                        line.desk_left(line.down.len());
                    }
                }
                desk::Output::Authenticated { .. } => {}
                desk::Output::Verify { .. } => unreachable!("nobody signs in with a password here"),
            }
        }
        self.lines.retain(|line| !line.is_over());
    }

    // ---- what breaks

    fn cut(&mut self) {
        let lines: Vec<usize> = (0..self.lines.len()).filter(|at| self.lines[*at].client_listens).collect();
        let Some(at) = self.dice.pick(&lines) else { return };
        self.counts.cuts += 1;
        self.trace(format_args!("cut {:?}", self.lines[at]));
        let (device, conn) = (self.lines[at].device, self.lines[at].conn);
        match self.dice.roll(4) {
            0 => self.lines[at].stalled = true,
            1 if self.lines[at].desk_listens => {
                let left = self.dice.index(self.lines[at].down.len() + 1);
                self.lines[at].desk_left(left);
                self.desk_handles(vec![Input::Closed { conn }]);
            }
            _ => {
                self.leave(device);
                self.with(device, |session, now| session.closed(Closed::Lost, now));
            }
        }
    }

    /// A device loses power, or gets it back.
    fn switch(&mut self) {
        let at = self.dice.index(self.devices.len());
        if self.devices[at].session.is_none() {
            self.devices[at].start();
        } else {
            self.devices[at].disk.crash();
            self.power_fails(at);
        }
    }

    fn power_fails(&mut self, at: usize) {
        self.trace(format_args!("device {at} loses power"));
        self.counts.power_losses += 1;
        self.counts.in_flight += u64::from(!self.devices[at].waiting().is_empty());
        self.leave(at);
        let device = &mut self.devices[at];
        (device.session, device.epoch) = (None, None);
    }

    fn desk_power(&mut self) {
        if self.desk.is_up() {
            if self.dice.chance(250) {
                self.desk_dies();
            }
        } else {
            self.desk.start(self.now.wall);
        }
    }

    fn desk_dies(&mut self) {
        self.trace(format_args!("the desk is killed"));
        if self.flaw == Flaw::AckBeforeCommit {
            self.acknowledge_unread();
        }
        self.counts.desk_kills += 1;
        self.desk.kill();
        self.lose_lines();
    }

    fn lose_lines(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.desk_listens) {
            let left = if self.flaw == Flaw::AckBeforeCommit { line.down.len() } else { 0 };
            let left = self.dice.index(line.down.len() + 1).max(left);
            line.desk_left(left);
        }
        self.lines.retain(|line| !line.is_over());
    }

    fn acknowledge_unread(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.desk_listens) {
            let sends = line.up.iter().filter_map(|item| match item {
                ToDesk::Frame(ClientFrame::Send(entry)) => Some(entry),
                _ => None,
            });
            let ack = |(seq, entry): (usize, &deskbell_wire::Entry)| {
                ToClient::Frame(Box::new(DeskFrame::Ack(Ack {
                    uid: entry.uid,
                    stream: entry.stream.clone(),
                    seq: 1_000 + seq as Seq,
                    message_id: MessageId(Uuid::nil()),
                    ts: Timestamp(0),
                    dup: false,
                })))
            };
            line.down.extend(sends.enumerate().map(ack).collect::<Vec<_>>());
        }
    }

    fn back_up_or_restore(&mut self) {
        if !self.desk.is_up() {
            return;
        }
        if !self.desk.has_backup() || self.dice.chance(600) {
            self.desk.back_up();
            return;
        }
        self.trace(format_args!("a backup is restored"));
        self.counts.restores += 1;
        let by_hand = self.flaw != Flaw::NoEpochCheck && self.dice.chance(300);
        self.desk.restore(&mut self.dice, by_hand);
        self.by_hand |= by_hand;
        self.lose_lines();
        self.desk.start(self.now.wall);
    }

    // ---- healing

    /// Faults are over: within a minute everything has to be where it belongs.
    fn heal(&mut self) {
        self.trace(format_args!("faults are over"));
        self.healed = true;
        if !self.desk.is_up() {
            self.desk.start(self.now.wall);
        }
        for at in 0..self.devices.len() {
            self.devices[at].disk.heal();
            if self.devices[at].session.is_none() {
                self.devices[at].start();
            }
            if self.line_of(at).is_some_and(|line| line.stalled) {
                self.leave(at);
                self.with(at, |session, now| session.closed(Closed::Lost, now));
            }
        }
        let until = self.now.mono + HEALED_MS;
        while self.now.mono < until {
            self.advance(250);
            (0..self.devices.len()).for_each(|at| self.decide_all(at));
            self.follow_all();
            self.let_pass();
            if self.is_at_rest() {
                return;
            }
        }
    }

    /// The operator opens every conversation.
    fn follow_all(&mut self) {
        let session = self.devices[OPERATOR].session.as_ref();
        let rows: Vec<StreamId> = session
            .into_iter()
            .flat_map(|session| session.rows().0.map(|row| row.stream.clone()).collect::<Vec<_>>())
            .collect();
        for stream in rows {
            self.with(OPERATOR, |session, now| session.open_stream(&stream, now));
        }
    }

    /// Everything that is under way arrives.
    fn let_pass(&mut self) {
        for _ in 0..10_000 {
            let before =
                (self.conns, self.lines.iter().map(|line| line.up.len() + line.down.len()).sum::<usize>());
            for at in 0..self.devices.len() {
                if self.devices[at].dialling {
                    self.resolve_dial();
                }
                while self.line_of(at).is_some_and(|line| !line.down.is_empty()) {
                    self.device_reads_one(at);
                }
            }
            let mut inputs = Vec::new();
            for at in 0..self.lines.len() {
                while !self.lines[at].up.is_empty() && self.lines[at].desk_listens {
                    inputs.extend(self.input(at));
                }
            }
            self.desk_handles(inputs);
            if before == (self.conns, 0) {
                return;
            }
        }
    }

    fn streams() -> [StreamId; 2] {
        [stream(1), stream(2)]
    }

    fn is_at_rest(&mut self) -> bool {
        if self.devices.iter().any(|device| device.line.is_none()) {
            return false;
        }
        let logs = self.desk.logs(&Self::streams(), &self.token, self.now.wall);
        let heads: Vec<_> = logs.iter().map(|log| (log.stream.clone(), log.events.len() as Seq)).collect();
        self.devices.iter().all(|device| device.is_at_rest(&heads))
    }

    fn history(&mut self) -> History {
        let logs = self.desk.logs(&Self::streams(), &self.token, self.now.wall);
        let mut devices: Vec<_> = self.devices.iter().map(|device| device.seal(&Self::streams())).collect();
        if self.by_hand {
            // What was told of the life that was lost looks as if it were told of this one.
            let of_a_life = |told: &Told| matches!(told, Told::Acked { .. } | Told::Reached { .. });
            devices.iter_mut().for_each(|device| device.journal.retain(|told| !of_a_life(told)));
        }
        if self.flaw == Flaw::NoEpochCheck {
            // Whoever looks at no epoch holds one that says nothing: the events themselves must show it.
            for held in devices.iter_mut().flat_map(|device| &mut device.held) {
                if let (Some(cursor), Some(log)) = (&mut held.cursor, logs.first()) {
                    cursor.epoch = log.epoch;
                }
            }
        }
        History { logs, devices }
    }
}

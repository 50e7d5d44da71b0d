//! Frames on their way: lines are opened, both ends read, and what was read may be read again.

use deskbell_core::Closed;
use deskbell_server::desk::{self, ConnId, Input};
use deskbell_wire::{ClientFrame, DeskFrame, NackCode};

use super::World;
use crate::pair::line::{Line, ToClient, ToDesk};

impl World {
    pub(super) fn resolve_dial(&mut self) {
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

    pub(super) fn device_reads(&mut self) {
        let readable = |line: &&Line| line.client_listens && !line.stalled && !line.down.is_empty();
        let lines: Vec<usize> = self.lines.iter().filter(readable).map(|line| line.device).collect();
        let Some(at) = self.dice.pick(&lines) else { return };
        for _ in 0..=self.dice.roll(4) {
            self.device_reads_one(at);
        }
    }

    pub(super) fn device_reads_one(&mut self, at: usize) {
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

    pub(super) fn hears(&mut self, at: usize, frame: DeskFrame) {
        self.trace(format_args!("device {at} hears {frame:?}"));
        let device = &mut self.devices[at];
        match &frame {
            DeskFrame::Welcome(welcome) => device.epoch = Some(welcome.epoch),
            DeskFrame::Ack(ack) => device.hear_ack(ack, &mut self.counts),
            DeskFrame::Nack(nack) => {
                self.counts.nacks += 1;
                self.counts.missed += u64::from(nack.code == NackCode::FileMissing);
            }
            _ => {}
        }
        self.with(at, |session, now| session.frame(frame, now));
    }

    /// I8: the desk reads a send again, on the line that its device has now.
    pub(super) fn replay(&mut self) {
        let Some(at) = self.dice.pick(&(0..self.devices.len()).collect::<Vec<_>>()) else { return };
        let Some(line) = self.line_of(at) else { return };
        let sends =
            |item: &&ToDesk| matches!(item, ToDesk::Frame(frame) if matches!(**frame, ClientFrame::Send(_)));
        let sends: Vec<ToDesk> = line.up.iter().filter(sends).cloned().collect();
        line.up.extend(sends);
    }

    pub(super) fn desk_reads(&mut self) {
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
        let carries = |input: &Input| match input {
            Input::Frame { frame: ClientFrame::Send(entry), .. } => entry.body.file().is_some(),
            _ => false,
        };
        if inputs.iter().any(carries) && self.dice.chance(200) {
            self.lose_waiting();
        }
        let fails = self.dice.chance(150);
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

    pub(super) fn input(&mut self, at: usize) -> Option<Input> {
        let line = &mut self.lines[at];
        let (conn, address) = (line.conn, std::net::Ipv4Addr::LOCALHOST.into());
        match line.up.pop_front()? {
            ToDesk::Opened => Some(Input::Opened { conn, address }),
            ToDesk::Frame(mut frame) => {
                self.counts.zombies += u64::from(!line.client_listens);
                match &mut *frame {
                    ClientFrame::Fetch(fetch) => fetch.limit = fetch.limit.min(self.page),
                    ClientFrame::Snapshot(snapshot) => snapshot.tail = snapshot.tail.min(self.page),
                    _ => {}
                }
                Some(Input::Frame { conn, frame: *frame })
            }
            ToDesk::Closed => {
                line.desk_listens = false;
                Some(Input::Closed { conn })
            }
        }
    }

    pub(super) fn desk_handles(&mut self, inputs: Vec<Input>) {
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
                desk::Output::Hash { .. } => unreachable!("nobody changes a password here"),
                desk::Output::Mail(parcel) => self.letters.push(parcel.ticket),
            }
        }
        self.lines.retain(|line| !line.is_over());
    }
}

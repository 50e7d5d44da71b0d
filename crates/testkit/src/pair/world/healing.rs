//! The end: faults are over, everything has to come to rest within a minute (I11), and is judged.

use deskbell_core::Closed;
use deskbell_wire::{Seq, StreamId};

use super::{OPERATOR, World};
use crate::checker::{History, Told};
use crate::pair::Flaw;
use crate::pair::device::stream;

/// Faults over, everything has arrived within so many milliseconds (I11).
const HEALED_MS: u64 = 60_000;

impl World {
    /// Faults are over: within a minute everything has to be where it belongs.
    pub(super) fn heal(&mut self) {
        self.trace(format_args!("faults are over"));
        self.healed = true;
        if !self.desk.is_up() {
            self.start_desk();
        }
        self.take_files(true);
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
            (0..self.devices.len()).for_each(|at| self.let_files_go(at));
            self.follow_all();
            while !self.letters.is_empty() {
                self.post();
            }
            self.let_pass();
            self.carry_all();
            if self.is_at_rest() {
                return;
            }
        }
    }

    /// The operator opens every conversation.
    pub(super) fn follow_all(&mut self) {
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
    pub(super) fn let_pass(&mut self) {
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

    pub(super) fn streams() -> [StreamId; 2] {
        [stream(1), stream(2)]
    }

    pub(super) fn is_at_rest(&mut self) -> bool {
        if self.devices.iter().any(|device| device.line.is_none()) {
            return false;
        }
        let logs = self.desk.logs(&Self::streams(), &self.token, self.now.wall);
        let heads: Vec<_> = logs.iter().map(|log| (log.stream.clone(), log.events.len() as Seq)).collect();
        self.devices.iter().all(|device| device.is_at_rest(&heads))
    }

    pub(super) fn history(&mut self) -> History {
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
        let files = self.give_files(&logs);
        History { logs, devices, files }
    }
}

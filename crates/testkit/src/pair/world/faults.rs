//! What breaks: lines, devices, the desk, its disk.

use deskbell_core::Closed;
use deskbell_server::desk::Input;
use deskbell_wire::{Ack, ClientFrame, DeskFrame, MessageId, Seq, Timestamp};
use uuid::Uuid;

use super::World;
use crate::checker::{CONTENTS, digest_of};
use crate::pair::Flaw;
use crate::pair::courier::Shelf;
use crate::pair::line::{ToClient, ToDesk};

impl World {
    pub(super) fn cut(&mut self) {
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
    pub(super) fn switch(&mut self) {
        let at = self.dice.index(self.devices.len());
        if self.devices[at].session.is_none() {
            self.devices[at].start();
        } else {
            self.devices[at].disk.crash();
            self.power_fails(at);
        }
    }

    pub(super) fn power_fails(&mut self, at: usize) {
        self.trace(format_args!("device {at} loses power"));
        self.counts.power_losses += 1;
        self.counts.in_flight += u64::from(!self.devices[at].waiting().is_empty());
        self.leave(at);
        let device = &mut self.devices[at];
        (device.session, device.epoch) = (None, None);
        device.courier.die();
        device.note_order();
    }

    pub(super) fn desk_power(&mut self) {
        if self.desk.is_up() {
            if self.dice.chance(250) {
                self.desk_dies();
            }
        } else {
            self.start_desk();
        }
    }

    pub(super) fn desk_dies(&mut self) {
        self.trace(format_args!("the desk is killed"));
        if self.flaw == Flaw::AckBeforeCommit {
            self.acknowledge_unread();
        }
        self.counts.desk_kills += 1;
        self.desk.kill();
        self.letters.clear();
        self.lose_lines();
    }

    pub(super) fn lose_lines(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.desk_listens) {
            let left = if self.flaw == Flaw::AckBeforeCommit { line.down.len() } else { 0 };
            let left = self.dice.index(line.down.len() + 1).max(left);
            line.desk_left(left);
        }
        self.lines.retain(|line| !line.is_over());
    }

    pub(super) fn acknowledge_unread(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.desk_listens) {
            let sends = line.up.iter().filter_map(|item| match item {
                ToDesk::Frame(frame) => match &**frame {
                    ClientFrame::Send(entry) => Some(entry),
                    _ => None,
                },
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

    pub(super) fn back_up_or_restore(&mut self) {
        if !self.desk.is_up() {
            return;
        }
        if !self.desk.has_backup() || self.dice.chance(600) {
            self.desk.back_up(&self.shelf);
            return;
        }
        self.trace(format_args!("a backup is restored"));
        self.counts.restores += 1;
        let by_hand = self.flaw != Flaw::NoEpochCheck && self.dice.chance(300);
        let was = self.desk.restore(&mut self.dice, by_hand);
        // The folder of the copy, or the one that is there, or what somebody saved of it.
        match self.dice.roll(3) {
            0 => self.shelf = was,
            1 => self.shelf.parts.clear(),
            _ => self.shelf = Shelf::default(),
        }
        self.lost = (0..CONTENTS).map(digest_of).collect();
        self.by_hand |= by_hand;
        self.letters.clear();
        self.lose_lines();
        self.start_desk();
    }
}

//! The schedule: what happens next, until faults end and everything has to come to rest.

mod faults;
mod files;
mod healing;
mod people;
mod traffic;
mod wishes;

use std::collections::HashSet;

use deskbell_core::{Now, Output, Session};
use deskbell_server::desk::{Input, MailTicket};
use deskbell_wire::{FileDigest, GroupId, Secret, SiteSettings, Timestamp};

use super::courier::Shelf;
use super::desk_side::DeskSide;
use super::device::{Device, faults as disk_faults, moment, stream};
use super::line::{Line, Tampering};
use super::{Counts, Flaw, Outcome};
use crate::crash_store::CrashStore;
use crate::dice::Dice;

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
    /// Letters that a mail server has.
    letters: Vec<MailTicket>,
    tampering: Tampering,
    /// The desk's folder of files.
    shelf: Shelf,
    /// Files whose bytes went with a restore.
    lost: HashSet<FileDigest>,
    settings: SiteSettings,
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
        // Two devices of one visitor, the second one linked by a code; another visitor; an operator.
        let tokens = [1, 2, 3].map(|n| Secret::new([n; 32]));
        let [first, second, _] = &tokens;
        desk.link(&stream(1), (Device::device_id(0), first), (Device::device_id(1), second), now.wall);
        let people =
            [Some(1), Some(1), Some(2), None].into_iter().zip(tokens.into_iter().chain([token.clone()]));
        let devices = people.enumerate().map(|(n, (visitor, token))| {
            let faults = disk_faults(dice.number(), crashes, refusals, lies);
            let mut device = Device::new(n as u64, visitor, token, faults);
            device.start();
            device
        });
        let devices = devices.collect();
        let page = [1, 2, 3, 200][dice.index(4)];
        let room = [1, 2, 5, 256][dice.index(4)];
        let restores = dice.chance(400);
        let mut settings = wishes::settings(&mut dice);
        assert!(desk.set_up(settings.clone(), &token, now.wall), "the site is set up");
        // As the desk has named them.
        settings.form.groups.iter_mut().zip(1..).for_each(|(group, n)| group.id = GroupId(n));
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
            letters: Vec::new(),
            tampering: Tampering::new(flaw),
            shelf: Shelf::default(),
            lost: HashSet::new(),
            settings,
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
        match self.dice.roll(1_200) {
            0..=119 => self.person(),
            120..=339 => self.desk_reads(),
            340..=629 => self.device_reads(),
            630..=639 => self.post(),
            640..=739 => self.resolve_dial(),
            740..=899 => self.pass_time(),
            900..=939 => self.cut(),
            940..=954 => self.switch(),
            955..=979 => self.desk_power(),
            980..=989 if self.restores => self.back_up_or_restore(),
            980..=999 => self.replay(),
            1_000..=1_014 => self.disturb_files(),
            _ => self.carry(),
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

    /// Does something with a session, then everything that comes of it. `None`: the power failed meanwhile, and
    /// nobody heard of anything.
    fn with<R>(&mut self, at: usize, work: impl FnOnce(&mut Session<CrashStore>, Now) -> R) -> Option<R> {
        let (now, device) = (self.now, &mut self.devices[at]);
        let done = work(device.session.as_mut()?, now);
        if !device.disk.is_alive() {
            self.power_fails(at);
            return None;
        }
        self.devices[at].note_order();
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
            Output::Carry(order) => self.order_files(at, order),
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
}

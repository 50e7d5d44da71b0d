//! The desk's process and its disk: it can be killed, started again, and put back to a backup.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use deskbell_server::desk::{ConnId, Desk, DeskSetup, Input, Output};
use deskbell_server::{DeskLimits, Fault, FaultHook};
use deskbell_wire::{
    Ask, Bound, ClientFrame, DeskFrame, DeviceId, Epoch, Event, Fetch, Hello, Identity, PROTO, Redeem,
    Secret, Secretive, Seq, SiteSettings, StreamId, Timestamp, Told, decode_desk,
};
use rusqlite::Connection;
use uuid::Uuid;

use super::courier::Shelf;
use crate::checker::Log;
use crate::dice::Dice;

/// A desk and its folder.
pub(super) struct DeskSide {
    desk: Option<Desk>,
    folder: tempfile::TempDir,
    backups: u32,
    /// The files' folder as each of them has it.
    shelves: Vec<Shelf>,
    dedup: bool,
    fault: Arc<AtomicU8>,
    probes: u64,
}

impl DeskSide {
    pub(super) fn new(dedup: bool) -> Self {
        // A file system in memory: what is measured here is order, not the disk.
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        let folder = tempfile::Builder::new().prefix("deskbell-pair").tempdir_in(place).expect("a folder");
        Self {
            desk: None,
            folder,
            backups: 0,
            shelves: Vec::new(),
            dedup,
            fault: Arc::default(),
            probes: u64::MAX / 2,
        }
    }

    pub(super) fn start(&mut self, now: Timestamp) {
        let fault = Arc::clone(&self.fault);
        let faults: FaultHook = Arc::new(move || match fault.swap(0, Ordering::Relaxed) {
            0 => Fault::None,
            1 => Fault::Lost,
            2 => Fault::Kept,
            _ => Fault::Full,
        });
        let setup = DeskSetup {
            file: Some(self.file()),
            key: None,
            limits: DeskLimits::unpaced(),
            dedup: self.dedup,
            faults: Some(faults),
        };
        self.desk = Some(Desk::open(setup, now).expect("the desk starts"));
    }

    /// The operator's account and a session of it.
    pub(super) fn sign_up(&mut self, device: DeviceId, now: Timestamp) -> Secret {
        let desk = self.desk.as_mut().expect("a desk");
        desk.add_admin("Ada", "", "", now).expect("an account");
        desk.local_session(device, now).expect("a session").1
    }

    /// The admin sets the site up.
    /// `false`: its disk refused.
    pub(super) fn set_up(&mut self, settings: SiteSettings, token: &Secret, now: Timestamp) -> bool {
        let who = Identity::Operator { token: token.clone() };
        let hello = Hello { proto: PROTO, device_id: DeviceId(Uuid::from_u128(0xad)), who, cursors: vec![] };
        let hello = ClientFrame::Hello(hello);
        let version = self.probe(vec![hello.clone()], now).into_iter().find_map(|frame| match frame {
            DeskFrame::Site(site) => Some(site.settings.version),
            _ => None,
        });
        let settings = SiteSettings { version: version.unwrap_or_default(), ..settings };
        let ask = ClientFrame::Ask { n: 1, ask: Ask::SaveSite(Box::new(settings)) };
        let answers = self.probe(vec![hello, ask], now);
        let saved = |frame: &DeskFrame| matches!(frame, DeskFrame::Told { told: Told::Done {}, .. });
        answers.iter().any(saved)
    }

    /// Registers a visitor's first device and links a second one to it by a code.
    pub(super) fn link(
        &mut self,
        stream: &StreamId,
        (first, token): (DeviceId, &Secret),
        (second, new): (DeviceId, &Secret),
        now: Timestamp,
    ) {
        let who =
            Identity::Visitor { site: stream.site.clone(), visitor_id: stream.visitor, token: token.clone() };
        let hello = Hello { proto: PROTO, device_id: first, who, cursors: Vec::new() };
        let ask = ClientFrame::Ask { n: 1, ask: Ask::LinkCode {} };
        let answers = self.probe(vec![ClientFrame::Hello(hello), ask], now);
        let code = answers.into_iter().find_map(|frame| match frame {
            DeskFrame::Told { told: Told::LinkCode { code, .. }, .. } => Some(Secretive(code)),
            _ => None,
        });
        let (site, code) = (stream.site.clone(), code.expect("a code"));
        let redeem = Redeem { proto: PROTO, device_id: second, site, code, token: new.clone() };
        let answers = self.probe(vec![ClientFrame::Redeem(redeem)], now);
        assert!(matches!(answers[..], [DeskFrame::Linked(_)]), "{answers:?}");
    }

    /// Says this on a connection of its own: what is answered.
    fn probe(&mut self, frames: Vec<ClientFrame>, now: Timestamp) -> Vec<DeskFrame> {
        self.probes += 1;
        let (conn, address) = (ConnId(self.probes), std::net::Ipv4Addr::LOCALHOST.into());
        let said = frames.into_iter().map(|frame| Input::Frame { conn, frame });
        let inputs = std::iter::once(Input::Opened { conn, address }).chain(said).collect();
        let outputs = self.handle(inputs, now);
        self.handle(vec![Input::Closed { conn }], now);
        let frames = outputs.into_iter().filter_map(|output| match output {
            Output::Frame { to, text, .. } if to == conn => decode_desk(&text).ok(),
            _ => None,
        });
        frames.collect()
    }

    /// The machine, for what comes over HTTP.
    pub(super) fn machine(&mut self) -> Option<&mut Desk> {
        self.desk.as_mut()
    }

    pub(super) fn is_up(&self) -> bool {
        self.desk.is_some()
    }

    /// SIGKILL. What was not answered is never answered.
    pub(super) fn kill(&mut self) {
        self.desk = None;
        self.fault.store(0, Ordering::Relaxed);
    }

    /// The next commit fails.
    pub(super) fn fail_next_commit(&mut self, dice: &mut Dice) {
        self.fault.store(1 + dice.roll(3) as u8, Ordering::Relaxed);
    }

    /// The fault is over; was it met?
    pub(super) fn end_fault(&mut self) -> bool {
        self.fault.swap(0, Ordering::Relaxed) == 0
    }

    pub(super) fn handle(&mut self, inputs: Vec<Input>, now: Timestamp) -> Vec<Output> {
        let mut inputs = inputs;
        self.desk.as_mut().map(|desk| desk.handle(&mut inputs, now).collect()).unwrap_or_default()
    }

    pub(super) fn wants_time(&self, now: Timestamp) -> bool {
        self.desk.as_ref().and_then(Desk::wakes_at).is_some_and(|at| at <= now)
    }

    pub(super) fn epoch(&self) -> Option<Epoch> {
        self.desk.as_ref().map(Desk::epoch)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("desk.db")
    }

    fn backup_file(&self, n: u32) -> PathBuf {
        self.folder.path().join(format!("backup-{n}.db"))
    }

    /// Copies the database while the desk works.
    pub(super) fn back_up(&mut self, shelf: &Shelf) {
        let to = self.backup_file(self.backups);
        let db = Connection::open(self.file()).expect("the desk's file");
        db.execute("VACUUM INTO ?1", [to.to_str().expect("a path")]).expect("a backup");
        self.backups += 1;
        self.shelves.push(shelf.clone());
    }

    pub(super) fn has_backup(&self) -> bool {
        self.backups > 0
    }

    /// Puts the disk back to one of the backups, under another epoch, as restoring does; `by_hand`, as copying files
    /// does, under the same one.
    pub(super) fn restore(&mut self, dice: &mut Dice, by_hand: bool) -> Shelf {
        self.kill();
        let n = dice.index(self.shelves.len());
        let from = self.backup_file(n as u32);
        let shelf = self.shelves[n].clone();
        for rest in ["desk.db-wal", "desk.db-shm"] {
            let _ = std::fs::remove_file(self.folder.path().join(rest));
        }
        std::fs::copy(from, self.file()).expect("the backup is copied");
        if by_hand {
            return shelf;
        }
        let epoch = Uuid::from_u64_pair(dice.number(), dice.number());
        let db = Connection::open(self.file()).expect("the restored file");
        db.execute("UPDATE desk SET epoch = ?1", [epoch.as_bytes()]).expect("another epoch");
        shelf
    }

    /// Every stream as the desk has it, read by a device that wrote nothing.
    pub(super) fn logs(&mut self, streams: &[StreamId], token: &Secret, now: Timestamp) -> Vec<Log> {
        self.probes += 1;
        let conn = ConnId(self.probes);
        let who = Identity::Operator { token: token.clone() };
        let device_id = DeviceId(Uuid::from_u128(0xfeed));
        let hello = ClientFrame::Hello(Hello { proto: PROTO, device_id, who, cursors: Vec::new() });
        let address = std::net::Ipv4Addr::LOCALHOST.into();
        self.handle(vec![Input::Opened { conn, address }, Input::Frame { conn, frame: hello }], now);
        let epoch = self.epoch().expect("a desk");
        let logs = streams
            .iter()
            .map(|stream| Log { stream: stream.clone(), epoch, events: self.events(conn, stream, now) })
            .collect();
        self.handle(vec![Input::Closed { conn }], now);
        logs
    }

    fn events(&mut self, conn: ConnId, stream: &StreamId, now: Timestamp) -> Vec<Event> {
        let mut events: Vec<Event> = Vec::new();
        loop {
            let after: Seq = events.last().map_or(0, |event| event.seq);
            let fetch = Fetch { stream: stream.clone(), from: Bound::After(after), limit: 200 };
            let outputs = self.handle(vec![Input::Frame { conn, frame: ClientFrame::Fetch(fetch) }], now);
            let page = outputs.into_iter().find_map(|output| match output {
                Output::Frame { to, text, .. } if to == conn => match decode_desk(&text) {
                    Ok(DeskFrame::Page(page)) => Some(page.events),
                    _ => None,
                },
                _ => None,
            });
            let page = page.expect("a page");
            if page.is_empty() {
                return events;
            }
            events.extend(page);
        }
    }
}

//! A desk that runs: its threads, and what its owner may ask of it.
//!
//! What must always hold: what was started ends with [`RunningDesk::stop`], or when it is dropped.

use std::fmt;
use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::{Arc, mpsc as blocking};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use deskbell_db::Key;
use deskbell_vault::{Vault, VaultError};
use deskbell_wire::{DeviceId, JoinLink, OperatorCard, Pin, Secret, SiteKey, Timestamp};
use tokio::sync::{mpsc, watch};

use crate::actor::{Actor, QUEUE, Work};
use crate::background::Background;
use crate::backup::{Backup, DATABASE, FILES};
use crate::clock::{Clock, now};
use crate::desk::{Attendant, Desk, DeskSetup, OperatorEntry};
use crate::error::DeskError;
use crate::net::files::Files;
use crate::net::gate::{Gate, Names};
use crate::net::listener::Listener;
use crate::net::tls;
use crate::options::{DeskOptions, Tls};
use crate::packs::PackFolder;
use crate::packs::watch::{Look, Watch};
use crate::upkeep::Upkeep;
use crate::{account, folder, password};

/// How long everything may take to end.
const GOODBYE: Duration = Duration::from_secs(6);

/// A desk that runs.
pub struct RunningDesk {
    address: SocketAddr,
    host: String,
    pin: Option<Pin>,
    work: mpsc::Sender<Work>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
    /// Says that the accept loop and all its connections have ended.
    closed: blocking::Receiver<()>,
    /// Looks for packs; a desk in memory has none.
    _packs: Option<Watch>,
    _runtime: Background,
    /// Released when everything else has ended.
    _folder: Option<File>,
}

/// Starts a desk. Returns when it listens.
///
/// # Errors
/// Everything that [`DeskError`] says of ports, folders, databases and certificates.
pub fn start(options: DeskOptions) -> Result<RunningDesk, DeskError> {
    let folder = options.data.as_deref().map(folder::take).transpose()?;
    let runtime = Background::start()?;
    let tcp = runtime.listen(options.listen).map_err(|error| DeskError::listen(options.listen, &error))?;
    let mut desk = open(&options)?;
    let look = options.data.as_deref().map(|data| look(&mut desk, data, &options.clock));
    let address = tcp.local_addr().map_err(|error| DeskError::listen(options.listen, &error))?;
    let host = options.public_host.clone().unwrap_or_else(|| reachable(address.ip()));
    let tls = certificate(&options, &desk, address, &host)?.map(tls::acceptor).transpose()?;
    let (acceptor, pin) = tls.unzip();
    let (work, received) = mpsc::channel(QUEUE);
    let (stop, stopped) = watch::channel(false);
    let vault = vault(&options).map_err(unopened)?;
    let limits = Arc::new(options.limits);
    let files = Files::start(vault, work.clone(), limits.clone())?;
    let names = Names { public_host: options.public_host, origins: options.origins };
    let listener = Listener {
        tcp,
        tls: acceptor,
        gate: Gate::new(&limits, names),
        files: files.clone(),
        desk: work.clone(),
        limits,
    };
    let upkeep = desk.upkeep().map(Upkeep::start).transpose()?;
    let packs = look.map(|look| Watch::start(look, work.downgrade())).transpose()?;
    let upkeep = (upkeep, files.talk());
    let actor = Actor::new((desk, options.clock), received, work.downgrade(), runtime.handle()?, upkeep);
    let (ended, closed) = blocking::sync_channel(1);
    runtime.handle()?.spawn(async move {
        // Both have let go of the files when this is over: a desk in memory leaves none behind.
        tokio::join!(files.sweep(stopped.clone()), listener.run(stopped));
        // Nobody waits when the desk was dropped in the meantime.
        let _ = ended.send(());
    });
    let thread = thread::Builder::new().name("desk".to_owned()).spawn(move || actor.run());
    let thread = Some(thread.map_err(DeskError::system)?);
    Ok(RunningDesk {
        address,
        host,
        pin,
        work,
        stop,
        thread,
        closed,
        _packs: packs,
        _runtime: runtime,
        _folder: folder,
    })
}

/// Adds an account to the desk in that folder, whether it runs or not. The first account looks after the desk.
///
/// # Errors
/// [`DeskError::BadAccount`], [`DeskError::LoginTaken`], or what the database says.
pub fn add_operator(
    options: &DeskOptions,
    name: &str,
    login: &str,
    plain: &str,
) -> Result<OperatorCard, DeskError> {
    account::check(name, login, plain)?;
    let hash = password::hash(plain)?;
    open(options)?.add_operator(name.trim(), login, &hash, now())
}

/// Adds an account that looks after the desk; else like [`add_operator`].
///
/// # Errors
/// The same.
pub fn add_admin(
    options: &DeskOptions,
    name: &str,
    login: &str,
    plain: &str,
) -> Result<OperatorCard, DeskError> {
    account::check(name, login, plain)?;
    let hash = password::hash(plain)?;
    open(options)?.add_admin(name.trim(), login, &hash, now())
}

/// The accounts of the desk in that folder, whether it runs or not.
///
/// # Errors
/// What the database says.
pub fn list_operators(options: &DeskOptions) -> Result<Vec<OperatorEntry>, DeskError> {
    open(options)?.list_operators()
}

/// Copies the desk in that folder to `to`, which must not exist, whether it runs or not: a data folder under the same
/// key, with the packs.
///
/// # Errors
/// [`DeskError::NoDesk`], or what the disk says. There is no copy then.
pub fn backup(options: &DeskOptions, to: &Path) -> Result<(), DeskError> {
    let there = options.data.as_ref().is_some_and(|folder| folder.join(DATABASE).exists());
    if !there {
        return Err(DeskError::NoDesk);
    }
    Backup::by(open(options)?.upkeep())?.write(to)
}

impl RunningDesk {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What clients need to come to that site.
    pub fn join_link(&self, site: &SiteKey) -> JoinLink {
        JoinLink { host: self.host.clone(), port: self.address.port(), pin: self.pin, site: site.clone() }
    }

    /// Is there an account at all?
    ///
    /// # Errors
    /// What the database says.
    pub fn has_operators(&self) -> Result<bool, DeskError> {
        Ok(!self.list_operators()?.is_empty())
    }

    /// Every account.
    ///
    /// # Errors
    /// What the database says.
    pub fn list_operators(&self) -> Result<Vec<OperatorEntry>, DeskError> {
        self.ask(|desk, _| desk.list_operators())?
    }

    /// Adds an account.
    ///
    /// # Errors
    /// [`DeskError::BadAccount`], [`DeskError::LoginTaken`], or what the database says.
    pub fn add_operator(&self, name: &str, login: &str, plain: &str) -> Result<OperatorCard, DeskError> {
        account::check(name, login, plain)?;
        let (name, login, hash) = (name.trim().to_owned(), login.to_owned(), password::hash(plain)?);
        self.ask(move |desk, now| desk.add_operator(&name, &login, &hash, now))?
    }

    /// Adds an account without a password: the person at this computer, who comes in by [`Self::local_session`] and
    /// looks after the desk.
    ///
    /// # Errors
    /// [`DeskError::BadAccount`], or what the database says.
    pub fn add_owner(&self, name: &str) -> Result<OperatorCard, DeskError> {
        account::check_name(name)?;
        let name = name.trim().to_owned();
        self.ask(move |desk, now| desk.add_admin(&name, "", "", now))?
    }

    /// A session of the first account. Only for the program that hosts the desk: who can call this owns the desk.
    ///
    /// # Errors
    /// [`DeskError::NoAccount`], or what the database says.
    pub fn local_session(&self, device: DeviceId) -> Result<(OperatorCard, Secret), DeskError> {
        self.ask(move |desk, now| desk.local_session(device, now))?
    }

    /// Gives an account another password; its sessions end at once.
    ///
    /// # Errors
    /// [`DeskError::NoAccount`], [`DeskError::BadAccount`], or what the database says.
    pub fn set_password(&self, login: &str, plain: &str) -> Result<(), DeskError> {
        account::check_password(plain)?;
        let (login, hash) = (login.to_owned(), password::hash(plain)?);
        self.ask(move |desk, now| desk.set_password(&login, &hash, now))?
    }

    /// Who is connected by another device than this one: operators first, then visitors, by name.
    ///
    /// # Errors
    /// [`DeskError::Stopped`].
    pub fn attendants(&self, but: DeviceId) -> Result<Vec<Attendant>, DeskError> {
        self.ask(move |desk, _| desk.attendants(but))
    }

    /// A way to copy the desk while it runs, without this handle: a copy takes its time.
    ///
    /// # Errors
    /// [`DeskError::NoDesk`] where it is kept in memory; [`DeskError::Stopped`].
    pub fn backup(&self) -> Result<Backup, DeskError> {
        Backup::by(self.ask(|desk, _| desk.upkeep())?)
    }

    /// How many connections there are.
    ///
    /// # Errors
    /// [`DeskError::Stopped`].
    pub fn connections(&self) -> Result<usize, DeskError> {
        self.ask(|desk, _| desk.connections())
    }

    /// Says goodbye to everyone, makes the last checkpoint and waits until all threads have ended.
    pub fn stop(mut self) {
        self.end();
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Desk, Timestamp) -> T + Send + 'static,
    ) -> Result<T, DeskError> {
        let (answer, answered) = blocking::sync_channel(1);
        let call = Box::new(move |desk: &mut Desk, now| {
            // Nobody waits any more: then the answer is of no use.
            let _ = answer.send(question(desk, now));
        });
        send(&self.work, Work::Call(call))?;
        answered.recv().map_err(|_| DeskError::Stopped)
    }

    fn end(&mut self) {
        // First no new connections, then goodbye to those that are there.
        let _ = self.stop.send(true);
        let _ = send(&self.work, Work::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
            let _ = self.closed.recv_timeout(GOODBYE);
        }
    }
}

impl Drop for RunningDesk {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for RunningDesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunningDesk({})", self.address)
    }
}

/// Hands work over from a thread that may itself belong to a runtime, where blocking waits are refused.
fn send(work: &mpsc::Sender<Work>, mut item: Work) -> Result<(), DeskError> {
    loop {
        match work.try_send(item) {
            Ok(()) => return Ok(()),
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(DeskError::Stopped),
            Err(mpsc::error::TrySendError::Full(back)) => item = back,
        }
        thread::yield_now();
    }
}

fn open(options: &DeskOptions) -> Result<Desk, DeskError> {
    let setup = DeskSetup {
        file: options.data.as_ref().map(|folder| folder.join(DATABASE)),
        key: options.key.as_ref().map(|key| Key::new(**key)),
        limits: options.limits.clone(),
        dedup: options.dedup,
        faults: options.faults.clone(),
    };
    Desk::open(setup, options.clock.now())
}

/// Where files lie: under the database's key, or, of a desk in memory, nowhere for long.
fn vault(options: &DeskOptions) -> Result<Vault, VaultError> {
    match &options.data {
        Some(data) => Vault::open(&data.join(FILES), options.key.as_deref()),
        None => Vault::passing(),
    }
}

fn unopened(error: VaultError) -> DeskError {
    match error {
        VaultError::Full => DeskError::Full,
        VaultError::Denied => DeskError::DataDenied,
        VaultError::Corrupt | VaultError::Digest | VaultError::Io(_) => DeskError::Disk(error.to_string()),
    }
}

/// The desk knows its packs before the first visitor comes: who has one already is not told that there is none.
fn look(desk: &mut Desk, data: &Path, clock: &Clock) -> Look {
    let mut look = Look::new(PackFolder::of(data));
    // Nobody is there yet to be told.
    drop(desk.handle(&mut look.news(), clock.now()));
    look
}

/// `None`: plain WebSocket, which is allowed on this very computer and nowhere else.
fn certificate(
    options: &DeskOptions,
    desk: &Desk,
    address: SocketAddr,
    host: &str,
) -> Result<Option<tls::Certificate>, DeskError> {
    match &options.tls {
        Tls::Files { certificate, key } => tls::from_files(certificate, key).map(Some),
        Tls::Own if address.ip().to_canonical().is_loopback() => Ok(None),
        Tls::Own => Ok(Some(tls::from_kept(desk.certificate(|| tls::make(host))?))),
    }
}

/// An address by which others reach this computer, where it listens on all of them.
fn reachable(listen: IpAddr) -> String {
    if !listen.is_unspecified() {
        return listen.to_string();
    }
    // Nothing is sent: the system only says which address it would use.
    let routed = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).and_then(|socket| {
        socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9))?;
        socket.local_addr()
    });
    routed.map_or(Ipv4Addr::LOCALHOST.into(), |address| address.ip()).to_string()
}

//! A desk that runs: its threads, and what its owner may ask of it.
//!
//! What must always hold: what was started ends with [`RunningDesk::stop`], or when it is dropped.

use std::fs::{File, TryLockError};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::sync::{Arc, mpsc as blocking};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{fmt, fs, io};

use deskbell_db::Key;
use deskbell_wire::limits::NAME_CHARS;
use deskbell_wire::{DeviceId, JoinLink, OperatorCard, Pin, Secret, SiteKey, Timestamp};
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{mpsc, watch};

use crate::actor::{Actor, COMPARING, QUEUE, Work};
use crate::clock::now;
use crate::desk::{Desk, DeskSetup, OperatorEntry};
use crate::error::DeskError;
use crate::net::gate::{Gate, Names};
use crate::net::listener::Listener;
use crate::net::tls;
use crate::options::{DeskOptions, Tls};
use crate::password;
use crate::upkeep::Upkeep;

/// The database's file in the data folder.
const DATABASE: &str = "desk.db";
/// Held by the desk that works in the folder.
const LOCK: &str = "desk.lock";
/// Threads for sockets: the desk's own thread is the one that has work.
const WORKERS: usize = 2;
/// Connections that the system holds until they are accepted.
const BACKLOG: u32 = 4_096;
/// How long everything may take to end.
const GOODBYE: Duration = Duration::from_secs(6);
/// Characters that a password has at least.
const PASSWORD_LEAST: usize = 8;

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
    _runtime: Background,
    /// Released when everything else has ended.
    _folder: Option<File>,
}

/// Starts a desk. Returns when it listens.
///
/// # Errors
/// Everything that [`DeskError`] says of ports, folders, databases and certificates.
pub fn start(options: DeskOptions) -> Result<RunningDesk, DeskError> {
    let folder = options.data.as_deref().map(take_folder).transpose()?;
    let runtime = Background::start()?;
    let tcp = runtime.listen(options.listen).map_err(|error| DeskError::listen(options.listen, &error))?;
    let desk = open(&options)?;
    let address = tcp.local_addr().map_err(|error| DeskError::listen(options.listen, &error))?;
    let host = options.public_host.clone().unwrap_or_else(|| reachable(address.ip()));
    let tls = certificate(&options, &desk, address, &host)?.map(tls::acceptor).transpose()?;
    let (acceptor, pin) = tls.unzip();
    let (work, received) = mpsc::channel(QUEUE);
    let (stop, stopped) = watch::channel(false);
    let names = Names { public_host: options.public_host, origins: options.origins };
    let listener = Listener {
        tcp,
        tls: acceptor,
        gate: Gate::new(&options.limits, names),
        desk: work.clone(),
        limits: Arc::new(options.limits),
    };
    let upkeep = desk.upkeep().map(Upkeep::start).transpose()?;
    let actor = Actor::new(desk, received, work.downgrade(), runtime.handle()?, upkeep);
    let (ended, closed) = blocking::sync_channel(1);
    runtime.handle()?.spawn(async move {
        listener.run(stopped).await;
        // Nobody waits when the desk was dropped in the meantime.
        let _ = ended.send(());
    });
    let thread = thread::Builder::new().name("desk".to_owned()).spawn(move || actor.run());
    let thread = Some(thread.map_err(DeskError::system)?);
    Ok(RunningDesk { address, host, pin, work, stop, thread, closed, _runtime: runtime, _folder: folder })
}

/// Adds an account to the desk in that folder, whether it runs or not.
///
/// # Errors
/// [`DeskError::BadAccount`], [`DeskError::LoginTaken`], or what the database says.
pub fn add_operator(
    options: &DeskOptions,
    name: &str,
    login: &str,
    plain: &str,
) -> Result<OperatorCard, DeskError> {
    check_account(name, login, plain)?;
    let hash = password::hash(plain)?;
    open(options)?.add_operator(name.trim(), login, &hash, now())
}

/// The accounts of the desk in that folder, whether it runs or not.
///
/// # Errors
/// What the database says.
pub fn list_operators(options: &DeskOptions) -> Result<Vec<OperatorEntry>, DeskError> {
    open(options)?.list_operators()
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
        check_account(name, login, plain)?;
        let (name, login, hash) = (name.trim().to_owned(), login.to_owned(), password::hash(plain)?);
        self.ask(move |desk, now| desk.add_operator(&name, &login, &hash, now))?
    }

    /// Adds an account without a password: the person at this computer, who comes in by [`Self::local_session`].
    ///
    /// # Errors
    /// [`DeskError::BadAccount`], or what the database says.
    pub fn add_owner(&self, name: &str) -> Result<OperatorCard, DeskError> {
        check_name(name)?;
        let name = name.trim().to_owned();
        self.ask(move |desk, now| desk.add_operator(&name, "", "", now))?
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
        check_password(plain)?;
        let (login, hash) = (login.to_owned(), password::hash(plain)?);
        self.ask(move |desk, now| desk.set_password(&login, &hash, now))?
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

/// The runtime of the sockets. It may be dropped anywhere, also where blocking is not allowed.
struct Background(Option<Runtime>);

impl Background {
    fn start() -> Result<Self, DeskError> {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(WORKERS).thread_name("desk-io").enable_all().max_blocking_threads(COMPARING);
        builder.build().map(|runtime| Self(Some(runtime))).map_err(DeskError::system)
    }

    fn handle(&self) -> Result<Handle, DeskError> {
        self.0.as_ref().map(|runtime| runtime.handle().clone()).ok_or(DeskError::Stopped)
    }

    fn listen(&self, address: SocketAddr) -> io::Result<TcpListener> {
        let _inside = self.0.as_ref().map(Runtime::enter);
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // A desk that starts again must not wait for the last one's connections to be forgotten.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
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
    Desk::open(setup, now())
}

/// Makes sure that this is the only desk in the folder.
fn take_folder(folder: &Path) -> Result<File, DeskError> {
    let denied = |error: io::Error| match error.kind() {
        io::ErrorKind::StorageFull => DeskError::Full,
        io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            DeskError::DataDenied
        }
        kind => DeskError::Disk(kind.to_string()),
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(denied)?;
    let lock =
        File::options().create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(denied)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DeskError::DataInUse),
        Err(TryLockError::Error(error)) => Err(denied(error)),
    }
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

fn check_account(name: &str, login: &str, plain: &str) -> Result<(), DeskError> {
    check_name(name)?;
    let plain_login = !login.is_empty() && !login.chars().any(|c| c.is_whitespace() || c.is_control());
    if !plain_login || login.chars().count() > NAME_CHARS {
        return Err(DeskError::BadAccount("A login has 1 to 200 characters and no spaces."));
    }
    check_password(plain)
}

fn check_password(plain: &str) -> Result<(), DeskError> {
    if (PASSWORD_LEAST..=crate::desk::PASSWORD_CHARS).contains(&plain.chars().count()) {
        Ok(())
    } else {
        Err(DeskError::BadAccount("A password has 8 to 1,000 characters."))
    }
}

fn check_name(name: &str) -> Result<(), DeskError> {
    let fits = (1..=NAME_CHARS).contains(&name.trim().chars().count());
    if fits && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(DeskError::BadAccount("A name has 1 to 200 characters, on one line."))
    }
}

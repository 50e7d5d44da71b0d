//! What is measured, as a process of its own: this very program, started with `serve`.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};

use deskbell_wire::Secret;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::ground::Ground;
use super::{desk, echo, relay};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Echo,
    Relay,
    Desk,
}

/// A server that runs until this is dropped.
pub(super) struct Server {
    child: Child,
    pub(super) kind: Kind,
    pub(super) address: SocketAddr,
    /// An operator's; whatever needs none ignores it.
    pub(super) session: Secret,
    _folder: TempDir,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Echo => "echo",
            Self::Relay => "relay",
            Self::Desk => "desk",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Echo, Self::Relay, Self::Desk].into_iter().find(|kind| kind.name() == name)
    }
}

impl Server {
    /// Starts it with an empty database.
    pub(super) fn start(kind: Kind, encrypted: bool) -> Self {
        let folder = fresh_folder();
        let program = std::env::current_exe().expect("this program");
        let mut child = Command::new(program)
            .args(["serve", kind.name()])
            .arg(folder.path())
            .arg(if encrypted { "encrypted" } else { "plain" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("its address");
        let (address, session) = line.trim().split_once(' ').expect("an address and a session");
        let address = address.parse().expect("an address");
        let session = Secret::try_from(session.to_owned()).expect("a session");
        Self { child, kind, address, session, _folder: folder }
    }

    /// The process's number.
    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Bytes of memory that are really there (RSS).
    pub(super) fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("/proc");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("VmRSS");
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
        kib * 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Beside this program: on a real disk, where the folder for temporary files may be memory.
pub(super) fn fresh_folder() -> TempDir {
    let program = std::env::current_exe().expect("this program");
    let beside = program.parent().expect("its folder");
    tempfile::Builder::new().prefix("bench-").tempdir_in(beside).expect("a folder")
}

/// The child's side: serves until its standard input ends, with the one who started it.
pub(super) fn serve(kind: Kind, ground: &Ground) {
    if kind == Kind::Desk {
        let (desk, session) = desk::start(ground);
        announce(desk.address(), &session);
        return until_parent_ends();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a port");
    announce(listener.local_addr().expect("an address"), &Secret::new([0; 32]));
    match kind {
        Kind::Echo => drop(runtime.spawn(echo::serve(listener))),
        Kind::Relay | Kind::Desk => drop(runtime.spawn(relay::serve(listener, ground.clone()))),
    }
    until_parent_ends();
}

fn announce(address: SocketAddr, session: &Secret) {
    println!("{address} {}", session.to_hex());
}

fn until_parent_ends() {
    io::stdin().read_to_end(&mut Vec::new()).ok();
}

//! A mail server of the test's own: Debian's Postfix, in a folder and on ports of its own.
//!
//! Why a real one: what it answers, and how it breaks off, is what desks meet. Its `master` is started directly and
//! not by `postfix start`, which sleeps for a second; it needs no system service and touches nothing of the system's
//! own Postfix.
//!
//! What must always hold: it ends with the test: when dropped, and by itself after [`LIFE_S`] seconds whatever happens
//! to the test. It delivers into its folder and nowhere else: it has no way to pass letters on.

mod files;
mod logins;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The domain whose letters it takes.
pub const DOMAIN: &str = "post.test";
/// The name under which tests find it; its certificate is for this name.
pub const HOST: &str = "localhost";
/// The account that may log in, and its password.
pub const ACCOUNT: (&str, &str) = ("desk", "an open door 7");

/// Seconds after which it stops by itself.
const LIFE_S: u32 = 600;
/// How long it may take to start, and a letter to arrive.
const PATIENCE: Duration = Duration::from_secs(20);
const MASTER: &str = "/usr/lib/postfix/sbin/master";
/// Ports may be taken between choosing and using them.
const TRIES: usize = 5;

/// The mail server. Gone when dropped.
pub struct Postfix {
    folder: TempDir,
    master: Child,
    ports: Ports,
    logins: logins::Logins,
    took: Duration,
}

/// Where it listens, on 127.0.0.1.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    /// STARTTLS is offered; logging in is, after it.
    pub starttls: u16,
    /// TLS from the first byte.
    pub tls: u16,
    /// No TLS at all.
    pub plain: u16,
}

impl Postfix {
    /// Starts it. `None`, with a line that says so, where it cannot be had: it must be installed, and run by root.
    pub fn start() -> Option<Self> {
        if let Some(missing) = missing() {
            println!("skipped: {missing}");
            return None;
        }
        let begun = Instant::now();
        for _ in 0..TRIES {
            if let Some(postfix) = Self::try_start(begun) {
                return Some(postfix);
            }
        }
        panic!("Postfix did not start {TRIES} times");
    }

    fn try_start(begun: Instant) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let ports = Ports::free();
        files::lay(folder.path(), ports);
        let logins = logins::Logins::serve(&folder.path().join("queue/private/auth"));
        let master = Command::new(MASTER)
            .arg("-c")
            .arg(folder.path().join("etc"))
            .args(["-d", "-e", &LIFE_S.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Postfix's master");
        let mut postfix = Self { folder, master, ports, logins, took: Duration::ZERO };
        let up = postfix.is_up();
        postfix.took = begun.elapsed();
        up.then_some(postfix)
    }

    /// Waits until every port is listened on; `false` where it ended instead.
    fn is_up(&mut self) -> bool {
        let Ports { starttls, tls, plain } = self.ports;
        wait("Postfix to listen", || {
            if self.master.try_wait().expect("its state").is_some() {
                return Some(false);
            }
            let up =
                [starttls, tls, plain].into_iter().all(|port| files::is_listened_on(port, self.master.id()));
            up.then_some(true)
        })
    }

    /// Where it listens.
    pub fn ports(&self) -> Ports {
        self.ports
    }

    /// How long it took to start.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// The authority that signed its certificate, a PEM file.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("etc/ca.pem")
    }

    /// From now on it answers so to this recipient: `450 4.2.1 later`, `550 5.1.1 never`, `OK`.
    pub fn answers(&self, recipient: &str, answer: &str) {
        files::answer(self.folder.path(), recipient, answer);
    }

    /// The letters that have arrived for this recipient, raw, in no order.
    pub fn letters(&self, recipient: &str) -> Vec<Vec<u8>> {
        let arrived = fs::read_dir(self.folder.path().join("mail/all/new"));
        let files = arrived.into_iter().flatten().map(|file| file.expect("an entry").path());
        let head = format!("Delivered-To: {recipient}\n");
        let letters = files.map(|path| fs::read(path).expect("a letter"));
        letters.filter(|letter| letter.windows(head.len()).any(|part| part == head.as_bytes())).collect()
    }

    /// Waits for the first letter to this recipient.
    pub fn letter(&self, recipient: &str) -> Vec<u8> {
        wait("a letter to arrive", || self.letters(recipient).pop())
    }

    /// Logins that were tried, and whether they were let in.
    pub fn logins(&self) -> Vec<bool> {
        self.logins.tried()
    }

    /// What it wrote into its journal.
    pub fn journal(&self) -> String {
        fs::read_to_string(self.folder.path().join("journal")).unwrap_or_default()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // At once: asked to end it takes a second. Its children end when they see it gone.
        let _ = self.master.kill();
        let _ = self.master.wait();
    }
}

impl Ports {
    fn free() -> Self {
        let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let [starttls, tls, plain] = listeners.map(|listener| listener.local_addr().expect("a port").port());
        Self { starttls, tls, plain }
    }
}

/// Why it cannot be had here.
fn missing() -> Option<&'static str> {
    if !Path::new(MASTER).exists() {
        return Some("no Postfix is installed (cargo xtask setup --tests)");
    }
    (!files::is_root()).then_some("Postfix runs only when root starts it")
}

/// Looks again until there is something.
fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited for {what} for {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

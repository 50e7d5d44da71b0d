//! The demo's two programs: an operator's that hosts the desk, a visitor's that talks to it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::demo::{data, port};
use crate::stop::{Result, Stop};
use crate::{interrupt, process};

/// How long the desk may take to listen.
const READY: Duration = Duration::from_secs(60);
/// How the demo's operator is called.
const OWNER: &str = "Anna Weber";

/// Both programs. Dropped, none is left running.
pub(crate) struct Windows {
    open: Vec<Window>,
}

struct Window {
    whose: &'static str,
    child: Child,
}

impl Windows {
    /// Opens the operator's, waits for the desk, opens the visitor's. Without a keyring each would ask for a passphrase
    /// first: the demo keeps nothing then.
    pub(crate) fn open(program: &Path, desk: SocketAddr, keyring: bool) -> Result<Self> {
        let mut windows = Self { open: Vec::new() };
        let listen = desk.to_string();
        let keys: &[&str] = if keyring { &[] } else { &["--session-only"] };
        let operator = ["--profile", data::OPERATOR, "--host", "--listen", &listen, "--owner", OWNER];
        windows.start(program, "operator", &[&operator, keys].concat())?;
        windows.wait_for(desk)?;
        let visitor = ["--profile", data::VISITOR, "--desk", &listen];
        windows.start(program, "visitor", &[&visitor, keys].concat())?;
        Ok(windows)
    }

    fn start(&mut self, program: &Path, whose: &'static str, words: &[&str]) -> Result<()> {
        let child = process::start(process::command(program).arg(whose).args(words))?;
        self.open.push(Window { whose, child });
        Ok(())
    }

    fn wait_for(&mut self, desk: SocketAddr) -> Result<()> {
        let deadline = Instant::now() + READY;
        while Instant::now() < deadline && !interrupt::asked() {
            self.sweep()?;
            if self.open.is_empty() {
                return Err(Stop::because("The operator's window closed before its desk listened."));
            }
            if port::answers(desk) {
                return Ok(());
            }
            sleep(process::GLANCE);
        }
        Err(if interrupt::asked() {
            Stop::interrupted()
        } else {
            Stop::because(format!("The desk does not listen on {desk} after {} s.", READY.as_secs()))
        })
    }

    /// Until both are closed, or Ctrl-C.
    pub(crate) fn stay(&mut self) -> Result<()> {
        while !self.open.is_empty() && !interrupt::asked() {
            self.sweep()?;
            sleep(process::GLANCE);
        }
        Ok(())
    }

    /// Takes out those that ended; one that ended badly is told.
    fn sweep(&mut self) -> Result<()> {
        let mut still = Vec::new();
        for mut window in self.open.drain(..) {
            match process::look(&mut window.child)? {
                None => still.push(window),
                Some(status) if status.success() || interrupt::asked() => {}
                Some(status) => println!("The {}'s program ended with {status}.", window.whose),
            }
        }
        self.open = still;
        Ok(())
    }
}

impl Drop for Windows {
    fn drop(&mut self) {
        // The terminal told them already where it was Ctrl-C; a second word does no harm.
        for window in &self.open {
            process::ask(&window.child);
        }
        for window in &mut self.open {
            process::end(&mut window.child).ok();
        }
    }
}

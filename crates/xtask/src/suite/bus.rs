//! A session bus of our own, so that tests meet neither the person's desktop nor each other's leftovers.
//!
//! `dbus-run-session` leaves orphans that hold pipes open; this one is our child, and ends with us.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::process;
use crate::stop::{Result, Stop};

/// A running dbus-daemon.
pub(super) struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    /// Starts it and waits for its address.
    pub(super) fn start() -> Result<Self> {
        let mut command = process::command("dbus-daemon");
        command.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]).stdout(Stdio::piped());
        let mut bus = Self { daemon: process::start(&mut command)?, address: String::new() };
        if let Some(stdout) = bus.daemon.stdout.take() {
            BufReader::new(stdout).read_line(&mut bus.address).ok();
        }
        bus.address.truncate(bus.address.trim_end().len());
        if bus.address.is_empty() { Err(Stop::because("dbus-daemon told no address.")) } else { Ok(bus) }
    }

    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub(super) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

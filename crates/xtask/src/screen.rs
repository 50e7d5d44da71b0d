//! A screen that nobody sees, for programs with windows.
//!
//! Xvfb is our own child and not `xvfb-run`'s: ended early, a shell in between would leave both of its children.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::process;
use crate::stop::{Result, Stop};

/// A running Xvfb. Dropped, it is gone.
pub(crate) struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// 1280 × 800 points on a display that is free.
    pub(crate) fn start() -> Result<Self> {
        let mut server = process::command("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        server.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut screen = Self { server: process::start(&mut server)?, display: String::new() };
        if let Some(stdout) = screen.server.stdout.take() {
            // One line, the display's number; nothing where the server ended.
            BufReader::new(stdout).read_line(&mut screen.display).ok();
        }
        screen.display = format!(":{}", screen.display.trim());
        if screen.display.len() > 1 { Ok(screen) } else { Err(Stop::because("Xvfb does not start.")) }
    }

    /// Makes a program show its windows here, and nothing to whoever sits at this computer.
    pub(crate) fn show<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env_remove("WAYLAND_DISPLAY").env_remove("XDG_CURRENT_DESKTOP").env("DISPLAY", &self.display)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        process::ask(&self.server);
        process::end(&mut self.server).ok();
    }
}

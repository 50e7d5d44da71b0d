//! A computer for the measurement: a screen, folders, a session bus and an unlocked keyring of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::sample::{self, Sample};
use crate::screen::Screen;
use crate::stop::{Result, Stop};
use crate::{places, process};

const PATIENCE: Duration = Duration::from_secs(10);

/// Nothing is started by the bus itself: what we did not start is not there.
const BUS: &str = "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\"
 \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">
<allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>
</policy></busconfig>
";

/// The computer. Dropped, nothing of it is left running.
pub(super) struct Room {
    folder: PathBuf,
    screen: Screen,
    children: Vec<Child>,
}

impl Room {
    /// An empty screen, empty folders, a bus, a keyring.
    pub(super) fn new() -> Result<Self> {
        let mut room =
            Self { folder: places::programs("startup")?, screen: Screen::start()?, children: Vec::new() };
        fs::remove_dir_all(&room.folder).ok();
        for name in ["home", "data", "config", "cache", "runtime"] {
            fs::create_dir_all(room.folder.join(name)).map_err(told)?;
        }
        room.start_bus()?;
        room.start_keyring()?;
        Ok(room)
    }

    /// A program on this computer, silent.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = process::command(program);
        let at = |name: &str| self.folder.join(name);
        command.env("HOME", at("home")).env("XDG_DATA_HOME", at("data")).env("XDG_CONFIG_HOME", at("config"));
        command.env("XDG_CACHE_HOME", at("cache")).env("XDG_RUNTIME_DIR", at("runtime"));
        command.env("DBUS_SESSION_BUS_ADDRESS", self.bus()).env("NO_AT_BRIDGE", "1").env("LANG", "C.UTF-8");
        self.screen.show(&mut command).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// One start of a program; it has ended afterwards.
    pub(super) fn start(&self, command: &mut Command) -> Result<Sample> {
        sample::take(command, &|| self.command(Path::new("xdotool")))
    }

    fn bus(&self) -> String {
        format!("unix:path={}", self.folder.join("bus").display())
    }

    fn start_bus(&mut self) -> Result<()> {
        let config = self.folder.join("bus.conf");
        fs::write(&config, BUS).map_err(told)?;
        let mut daemon = self.command(Path::new("dbus-daemon"));
        daemon.args(["--nofork", "--nopidfile", "--address", &self.bus(), "--config-file"]).arg(config);
        self.children.push(process::start(&mut daemon)?);
        let socket = self.folder.join("bus");
        wait_for("session bus", || socket.exists())
    }

    fn start_keyring(&mut self) -> Result<()> {
        let mut daemon = self.command(Path::new("gnome-keyring-daemon"));
        daemon.args(["--foreground", "--unlock", "--components=secrets"]).stdin(Stdio::piped());
        let mut child = process::start(&mut daemon)?;
        // It makes its keyring with the password that it reads.
        let written = child.stdin.take().map(|mut to| to.write_all(b"only for a measurement"));
        self.children.push(child);
        written.transpose().map_err(told)?;
        wait_for("keyring", || {
            let mut ask = self.command(Path::new("dbus-send"));
            ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
            ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
            process::output(ask.stdout(Stdio::piped())).is_some_and(|answer| answer.contains("boolean true"))
        })
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

fn told(error: std::io::Error) -> Stop {
    Stop::because(format!("The place for the measurement cannot be made: {error}"))
}

fn wait_for(what: &str, mut there: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if there() {
            return Ok(());
        }
        sleep(process::GLANCE);
    }
    Err(Stop::because(format!("There is no {what} after {} s.", PATIENCE.as_secs())))
}

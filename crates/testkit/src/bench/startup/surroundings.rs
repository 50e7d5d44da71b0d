//! A computer for the apps: folders, a session bus and a keyring of their own.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::bench::server::fresh_folder;

/// How long the bus and the keyring may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Ends with this, as everything in it does.
pub(super) struct Surroundings {
    folder: TempDir,
    display: String,
    children: Vec<Child>,
}

impl Surroundings {
    /// For programs that open their windows on that display.
    pub(super) fn start(display: &str) -> Self {
        let mut here = Self { folder: fresh_folder(), display: display.to_owned(), children: Vec::new() };
        let config = here.folder.path().join("bus.conf");
        fs::write(&config, BUS).expect("a file");
        let mut bus = here.command(Path::new("dbus-daemon"));
        bus.args(["--nofork", "--nopidfile", "--address", &here.bus(), "--config-file"]).arg(config);
        // It complains that it may not have more files than a process may have here.
        bus.stderr(Stdio::null());
        here.keep(bus);
        here.wait("a session bus", |here| here.folder.path().join("bus").exists());
        // The daemon reads the password of the keyring that it makes from its standard input.
        let script = "printf bench | gnome-keyring-daemon --foreground --unlock --components=secrets";
        let mut keyring = here.command(Path::new("sh"));
        keyring.args(["-c", script]).stdout(Stdio::null());
        here.keep(keyring);
        here.wait("a keyring (package gnome-keyring)", Self::has_keyring);
        here
    }

    /// A program in these surroundings.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for name in ["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"] {
            let folder = self.folder.path().join(name);
            fs::create_dir_all(&folder).expect("a folder");
            command.env(name, folder);
        }
        command
            .env("DBUS_SESSION_BUS_ADDRESS", self.bus())
            .env("DISPLAY", &self.display)
            .env("LANG", "C.UTF-8")
            // Accessibility would look for a bus of its own; a virtual screen has software rendering alone.
            .env("NO_AT_BRIDGE", "1")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env_remove("WAYLAND_DISPLAY")
            .stdin(Stdio::null());
        command
    }

    fn bus(&self) -> String {
        format!("unix:path={}", self.folder.path().join("bus").display())
    }

    fn keep(&mut self, mut command: Command) {
        self.children.push(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")));
    }

    fn wait(&self, what: &str, there: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !there(self) {
            assert!(begin.elapsed() < PATIENCE, "there is no {what}");
            sleep(Duration::from_millis(20));
        }
    }

    fn has_keyring(&self) -> bool {
        let mut ask = self.command(Path::new("dbus-send"));
        ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
        ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
        let answer = ask.stderr(Stdio::null()).output().expect("dbus-send");
        String::from_utf8_lossy(&answer.stdout).contains("boolean true")
    }
}

impl Drop for Surroundings {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

/// Starts nothing by itself, so that what the bench did not start is not there.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
"#;

//! A session bus of its own, with or without a keyring on it.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::process::{Process, limit};

/// The bus. Its address is for the environment of whatever shall see it.
pub struct Bus {
    address: String,
    _daemon: Process,
    _keyring: Option<Process>,
}

/// Opens the keyring that a bus has.
pub(crate) const KEYRING_PASSWORD: &str = "only for tests";

/// What answers for secrets on a bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyring {
    /// gnome-keyring, unlocked.
    Unlocked,
    /// Nothing.
    None,
}

impl Bus {
    /// Starts a bus; its files live in `folder`.
    pub fn start(folder: &Path, keyring: Keyring) -> Self {
        let socket = folder.join("bus");
        let address = format!("unix:path={}", socket.display());
        let config = write_config(folder);
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--nofork", "--nopidfile", "--address", &address, "--config-file"]).arg(config);
        let daemon = Process::start(&mut daemon);
        let until = Instant::now() + limit();
        while !socket.exists() {
            assert!(Instant::now() < until, "no session bus: {}", daemon.output());
            std::thread::yield_now();
        }
        let keyring = (keyring == Keyring::Unlocked).then(|| start_keyring(folder, &address));
        Self { address, _daemon: daemon, _keyring: keyring }
    }

    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// Nothing is started by the bus itself: what a test did not start is not there.
fn write_config(folder: &Path) -> std::path::PathBuf {
    let config = folder.join("bus.conf");
    let text = "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
                \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n<busconfig>\
                <type>session</type><listen>unix:tmpdir=/tmp</listen><policy context=\"default\">\
                <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/>\
                </policy></busconfig>\n";
    std::fs::write(&config, text).unwrap();
    config
}

fn start_keyring(folder: &Path, address: &str) -> Process {
    // The daemon reads the password of the keyring that it makes from its standard input.
    let script = format!(
        "printf '{KEYRING_PASSWORD}' | gnome-keyring-daemon --foreground --unlock --components=secrets"
    );
    let data = folder.join("keyring");
    std::fs::create_dir_all(&data).unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).env("DBUS_SESSION_BUS_ADDRESS", address).env("XDG_DATA_HOME", &data);
    shell.env("XDG_RUNTIME_DIR", folder).env("HOME", folder);
    let keyring = Process::start(&mut shell);
    let until = Instant::now() + limit();
    while !owns_secrets(address) {
        assert!(Instant::now() < until, "no keyring: {}", keyring.output());
    }
    keyring
}

fn owns_secrets(address: &str) -> bool {
    let asked = Command::new("dbus-send")
        .args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"])
        .args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"])
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .output()
        .unwrap();
    String::from_utf8_lossy(&asked.stdout).contains("boolean true")
}

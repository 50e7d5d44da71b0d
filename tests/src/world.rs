//! A computer for one test: folders, a session bus, a keyring.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::bus::{Bus, Keyring};
use crate::process::{Process, program};

/// Everything of one test is in here, and gone with it.
pub struct World {
    folder: TempDir,
    bus: Bus,
}

impl World {
    /// A computer with an unlocked keyring.
    pub fn new() -> Self {
        Self::with(Keyring::Unlocked)
    }

    /// A computer with or without a keyring.
    pub fn with(keyring: Keyring) -> Self {
        let folder = tempfile::Builder::new().prefix("deskbell-").tempdir().unwrap();
        let bus = Bus::start(folder.path(), keyring);
        Self { folder, bus }
    }

    /// A folder or file of this computer.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the apps keep their profiles.
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// A command in this computer's environment.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        self.environment(&mut command);
        command
    }

    /// Puts a command into this computer's environment.
    pub fn environment(&self, command: &mut Command) {
        command.env("DBUS_SESSION_BUS_ADDRESS", self.bus.address());
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_RUNTIME_DIR", "runtime"),
        ] {
            let folder = self.path(folder);
            std::fs::create_dir_all(&folder).unwrap();
            command.env(name, folder);
        }
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.programs().display()));
        // Accessibility would look for a bus of its own; software rendering is all that a virtual display has.
        command.env("NO_AT_BRIDGE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("LANG", "C.UTF-8");
    }

    /// Puts a program into this computer, before any of the system's of that name.
    pub fn install(&self, name: &str, script: &str) {
        let file = self.programs().join(name);
        std::fs::create_dir_all(self.programs()).unwrap();
        std::fs::write(&file, script).unwrap();
        let mut rights = std::fs::metadata(&file).unwrap().permissions();
        rights.set_mode(0o755);
        std::fs::set_permissions(file, rights).unwrap();
    }

    fn programs(&self) -> PathBuf {
        self.path("programs")
    }

    /// The app without a window's driver: for what it says on the terminal.
    pub fn terminal(&self, arguments: &[&str]) -> Process {
        Process::start(self.command(&program("deskbell")).args(arguments))
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

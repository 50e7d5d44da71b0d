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
    home: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

/// Each folder's variable, its place in here, and its place at a person's home.
const FOLDERS: [(&str, &str, &str); 4] = [
    ("HOME", "home", ""),
    ("XDG_DATA_HOME", "data", ".local/share"),
    ("XDG_CONFIG_HOME", "config", ".config"),
    ("XDG_CACHE_HOME", "cache", ".cache"),
];

impl World {
    /// A computer with an unlocked keyring.
    pub fn new() -> Self {
        Self::with(Keyring::Unlocked)
    }

    /// A computer with or without a keyring.
    pub fn with(keyring: Keyring) -> Self {
        let folder = tempfile::Builder::new().prefix("deskbell-").tempdir().unwrap();
        let bus = Bus::start(folder.path(), keyring);
        // The system of the computer that the tests run on is none of theirs.
        let nowhere = format!("unix:path={}", folder.path().join("no-system-bus").display());
        let variables = vec![("DBUS_SYSTEM_BUS_ADDRESS".to_owned(), nowhere)];
        Self { folder, bus, home: None, variables }
    }

    /// A computer whose person has a home already: what is kept there stays.
    pub fn at_home(home: &Path) -> Self {
        Self { home: Some(home.to_owned()), ..Self::new() }
    }

    /// A folder or file of this computer.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Where the apps keep their profiles.
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The address of the session's bus.
    pub fn bus_address(&self) -> &str {
        self.bus.address()
    }

    /// A variable of this computer's environment, for whatever starts from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
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
        let mut folders = vec![("XDG_RUNTIME_DIR", self.path("runtime"))];
        folders.extend(FOLDERS.map(|(name, here, there)| match &self.home {
            Some(home) => (name, home.join(there)),
            None => (name, self.path(here)),
        }));
        for (name, folder) in folders {
            std::fs::create_dir_all(&folder).unwrap();
            command.env(name, folder);
        }
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.programs().display()));
        // Accessibility would look for a bus of its own; software rendering is all that a virtual display has.
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
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

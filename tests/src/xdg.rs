//! What a desktop keeps in files: who opens a kind of link, and what starts by itself.

use std::path::{Path, PathBuf};

use crate::process::{Process, limit, program};
use crate::world::World;

impl World {
    /// Registers the app for `deskbell:` links as a package does, by a desktop file and `xdg-mime`; `words` stand before
    /// the link, without spaces: `xdg-open` reads no quotes where no desktop runs.
    pub fn register_scheme(&self, words: &[&str]) {
        let folder = self.data().join("applications");
        std::fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "[Desktop Entry]\nType=Application\nName=Deskbell\nExec={} {} %u\nTerminal=false\n\
             MimeType=x-scheme-handler/deskbell;\n",
            program("deskbell").display(),
            words.join(" "),
        );
        std::fs::write(folder.join("deskbell.desktop"), text).unwrap();
        let mut register = self.command(Path::new("xdg-mime"));
        register.args(["default", "deskbell.desktop", "x-scheme-handler/deskbell"]);
        assert!(register.status().unwrap().success());
    }

    /// Opens a link as any other program of this desktop would.
    pub fn open_link(&self, link: &str) {
        let mut opening = Process::start(self.command(Path::new("xdg-open")).arg(link));
        assert_eq!(opening.wait_for_end(), Some(0), "{}", opening.output());
    }

    /// The entries that start by themselves after signing in.
    pub fn autostart(&self) -> Vec<PathBuf> {
        let folder = self.path("config").join("autostart");
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// Starts an entry as the desktop does; GLib reads its command line.
    pub fn launch(&self, entry: &Path) {
        let mut launching = self.command(Path::new("gio"));
        assert!(launching.arg("launch").arg(entry).status().unwrap().success());
    }
}

/// Waits until a condition holds that nothing tells of.
#[track_caller]
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let until = std::time::Instant::now() + limit();
    while !condition() {
        assert!(std::time::Instant::now() < until, "never: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

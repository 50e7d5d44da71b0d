//! Is there a keyring? Without one the demo keeps nothing over a restart, and that is said before it surprises.

use std::path::Path;

use crate::process;

const SERVICE: &str = "org.freedesktop.secrets";

const ADVICE: &str = "\
the demo keeps its history for this session only. (The app itself would ask for a passphrase.)
Every desktop has a keyring; without a desktop, get one by
  sudo apt-get install gnome-keyring dbus-daemon
  dbus-run-session -- sh -c 'printf demo | gnome-keyring-daemon --unlock --components=secrets && cargo xtask run'";

/// What to say, where something is missing.
pub(crate) fn absence() -> Option<String> {
    if !has_bus() {
        return Some(format!("There is no session bus, so no keyring: {ADVICE}"));
    }
    match names() {
        Some(names) if !names.contains(SERVICE) => {
            Some(format!("Nothing on the session bus is a keyring: {ADVICE}"))
        }
        // Either it is there, or it cannot be asked: the window will tell.
        _ => None,
    }
}

fn has_bus() -> bool {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    set("DBUS_SESSION_BUS_ADDRESS").is_some()
        || set("XDG_RUNTIME_DIR").is_some_and(|folder| Path::new(&folder).join("bus").exists())
}

/// Everybody on the bus, and everybody whom it can start.
fn names() -> Option<String> {
    let ask = |what: &str| {
        let mut send = process::command("dbus-send");
        let object = ["--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"];
        process::output(
            send.args(["--session", "--print-reply"])
                .args(object)
                .arg(format!("org.freedesktop.DBus.{what}")),
        )
    };
    Some(ask("ListNames")? + &ask("ListActivatableNames")?)
}

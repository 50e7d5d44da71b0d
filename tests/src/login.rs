//! The system's side of a computer: a system bus of its own, on which the test stands as logind and NetworkManager.

use std::path::Path;

use zbus::blocking::{Connection, connection::Builder};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, Value};

use crate::bus::{Bus, Keyring};
use crate::world::World;

const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
/// The session of whoever asks.
const OWN: &str = "/org/freedesktop/login1/session/_31";

/// Who says when a computer sleeps, wakes and is locked.
pub struct Login {
    line: Connection,
    bus: Bus,
}

struct Manager;

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    #[zbus(name = "GetSession")]
    fn session(&self, _id: &str) -> OwnedObjectPath {
        own()
    }

    #[zbus(name = "GetSessionByPID")]
    fn session_by_pid(&self, _pid: u32) -> OwnedObjectPath {
        own()
    }
}

fn own() -> OwnedObjectPath {
    ObjectPath::try_from(OWN).unwrap().into()
}

impl Login {
    /// Gives the computer a system, before anything starts on it.
    pub fn on(world: &mut World) -> Self {
        let folder = world.path("system");
        std::fs::create_dir_all(&folder).unwrap();
        let bus = Bus::start(Path::new(&folder), Keyring::None);
        world.set("DBUS_SYSTEM_BUS_ADDRESS", bus.address());
        let stand = Builder::address(bus.address()).unwrap();
        let manager = stand.serve_at("/org/freedesktop/login1", Manager).unwrap();
        // Both on one line, which refuses what else is asked of them: WebKit would wait for an answer.
        let names =
            manager.name("org.freedesktop.login1").unwrap().name("org.freedesktop.NetworkManager").unwrap();
        Self { line: names.build().unwrap(), bus }
    }

    /// The computer goes to sleep, or wakes.
    pub fn sleep(&self, begins: bool) {
        self.line
            .emit_signal(None::<&str>, "/org/freedesktop/login1", MANAGER, "PrepareForSleep", &begins)
            .unwrap();
    }

    /// The network is there.
    pub fn network_is_there(&self) {
        let (path, name) = ("/org/freedesktop/NetworkManager", "org.freedesktop.NetworkManager");
        self.line.emit_signal(None::<&str>, path, name, "StateChanged", &70_u32).unwrap();
    }

    /// Locks the session, or opens it.
    pub fn lock(&self, on: bool) {
        self.lock_at(OWN, on);
    }

    /// Locks somebody else's session.
    pub fn lock_another(&self) {
        self.lock_at("/org/freedesktop/login1/session/_32", true);
    }

    fn lock_at(&self, session: &str, on: bool) {
        let member = if on { "Lock" } else { "Unlock" };
        self.line.emit_signal(None::<&str>, session, SESSION, member, &()).unwrap();
    }

    /// Another user of the computer says to everybody on the bus that the session is open, and that the computer woke.
    pub fn another_lies(&self) {
        let liar = Builder::address(self.bus.address()).unwrap().build().unwrap();
        let all = zbus::blocking::fdo::DBusProxy::new(&liar).unwrap().list_names().unwrap();
        // One by one: what is said to everybody is kept away by the rules by which a program listens.
        for other in all.iter().filter(|name| name.starts_with(':')) {
            let other = Some(other.as_str());
            liar.emit_signal(other, OWN, SESSION, "Unlock", &()).unwrap();
            let changed = std::collections::HashMap::from([("LockedHint", Value::from(false))]);
            let body = (SESSION, changed, Vec::<String>::new());
            liar.emit_signal(other, OWN, "org.freedesktop.DBus.Properties", "PropertiesChanged", &body)
                .unwrap();
            liar.emit_signal(other, "/org/freedesktop/login1", MANAGER, "PrepareForSleep", &false).unwrap();
        }
    }

    /// The locker says by itself whether it is locked.
    pub fn hint(&self, locked: bool) {
        let changed = std::collections::HashMap::from([("LockedHint", Value::from(locked))]);
        let body = (SESSION, changed, Vec::<String>::new());
        self.line
            .emit_signal(None::<&str>, OWN, "org.freedesktop.DBus.Properties", "PropertiesChanged", &body)
            .unwrap();
    }
}

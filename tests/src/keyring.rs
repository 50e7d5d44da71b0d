//! The keyring of a computer, from outside: locked and unlocked as the system does it, and whoever asks for its password.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use zbus::blocking::{Connection, connection::Builder};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

use crate::bus::KEYRING_PASSWORD;
use crate::world::World;

const SERVICE: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// Locks it, as the system does when the person goes.
pub fn lock(world: &World) {
    let bus = connect(world);
    let login = vec![ObjectPath::try_from(LOGIN).unwrap()];
    bus.call_method(Some(SERVICE), ROOT, Some("org.freedesktop.Secret.Service"), "Lock", &(login,)).unwrap();
}

/// Unlocks it, as signing in does.
pub fn unlock(world: &World) {
    let bus = connect(world);
    let opened = bus
        .call_method(
            Some(SERVICE),
            ROOT,
            Some("org.freedesktop.Secret.Service"),
            "OpenSession",
            &("plain", Value::from("")),
        )
        .unwrap();
    let (_, session): (OwnedValue, OwnedObjectPath) = opened.body().deserialize().unwrap();
    let master = (session, Vec::<u8>::new(), KEYRING_PASSWORD.as_bytes().to_vec(), "text/plain");
    bus.call_method(
        Some(SERVICE),
        ROOT,
        Some("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"),
        "UnlockWithMasterPassword",
        &(ObjectPath::try_from(LOGIN).unwrap(), master),
    )
    .unwrap();
}

/// Asks for passwords, of a person who is not there: nothing is ever answered. Where there is no such thing, the
/// keyring answers that the person has declined.
pub struct SilentPrompter {
    _bus: Connection,
    asked: Arc<AtomicUsize>,
}

impl SilentPrompter {
    /// On this computer.
    pub fn start(world: &World) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let bus = Builder::address(world.bus_address())
            .unwrap()
            .serve_at("/org/gnome/keyring/Prompter", Prompter(asked.clone()))
            .unwrap()
            .name("org.gnome.keyring.SystemPrompter")
            .unwrap()
            .build()
            .unwrap();
        Self { _bus: bus, asked }
    }

    /// How often it was to ask.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

struct Prompter(Arc<AtomicUsize>);

#[zbus::interface(name = "org.gnome.keyring.internal.Prompter")]
impl Prompter {
    fn begin_prompting(&self, _callback: ObjectPath<'_>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn perform_prompt(
        &self,
        _callback: ObjectPath<'_>,
        _kind: &str,
        _properties: HashMap<String, OwnedValue>,
        _exchange: &str,
    ) {
    }

    fn stop_prompting(&self, _callback: ObjectPath<'_>) {}
}

fn connect(world: &World) -> Connection {
    Builder::address(world.bus_address()).unwrap().build().unwrap()
}

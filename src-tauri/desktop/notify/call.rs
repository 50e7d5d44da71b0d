//! What is said to the desktop's notification daemon, and what is asked of it.

use std::collections::HashMap;
use std::time::Duration;

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::message::{Flags, Message};
use zbus::zvariant::{OwnedValue, Value};

use super::Sender;
use super::board::Number;
use super::note::{Abilities, Note};
use super::quiet::Place;

/// The daemon's name, and its interface's.
pub(super) const DAEMON: &str = "org.freedesktop.Notifications";
/// The bus itself.
pub(super) const BUS: &str = "org.freedesktop.DBus";
/// Properties of anything.
pub(super) const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
/// The portal's settings.
pub(super) const SETTINGS: &str = "org.freedesktop.portal.Settings";

const PATH: &str = "/org/freedesktop/Notifications";
const BUS_PATH: &str = "/org/freedesktop/DBus";
/// The portal's name.
pub(super) const PORTAL: &str = "org.freedesktop.portal.Desktop";
const PORTAL_PATH: &str = "/org/freedesktop/portal/desktop";
/// How long a question waits for its answer. Showing an alert is none.
const PATIENCE: Duration = Duration::from_secs(2);

/// A line to the bus: at this address, or the session's.
pub(super) fn connect(bus: Option<&str>) -> zbus::Result<Connection> {
    let bus = bus.map_or_else(Builder::session, Builder::address)?;
    bus.method_timeout(PATIENCE).build()
}

/// Asks the bus for the signals that [`super::listen`] reads.
pub(super) fn listen(line: &Connection) -> zbus::Result<()> {
    for rule in [
        format!("type='signal',sender='{DAEMON}',path='{PATH}'"),
        format!("type='signal',sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{DAEMON}'"),
        format!("type='signal',sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{PORTAL}'"),
        format!(
            "type='signal',sender='{PORTAL}',interface='{SETTINGS}',member='SettingChanged',arg0='{}'",
            Place::Banners.name().0
        ),
    ] {
        line.call_method(Some(BUS), BUS_PATH, Some(BUS), "AddMatch", &rule)?;
    }
    Ok(())
}

/// What the daemon can do; starts it where the bus can.
pub(super) fn abilities(line: &Connection) -> zbus::Result<Abilities> {
    let names: Vec<String> =
        line.call_method(Some(DAEMON), PATH, Some(DAEMON), "GetCapabilities", &())?.body().deserialize()?;
    Ok(Abilities::named(&names))
}

/// What the daemon calls itself.
pub(super) fn daemon_name(line: &Connection) -> Option<String> {
    let answer = line.call_method(Some(DAEMON), PATH, Some(DAEMON), "GetServerInformation", &()).ok()?;
    let (name, ..): (String, String, String, String) = answer.body().deserialize().ok()?;
    Some(name.chars().filter(|sign| !sign.is_control()).take(40).collect())
}

/// The connection on which the daemon speaks.
pub(super) fn owner(line: &Connection) -> Option<String> {
    owner_of(line, DAEMON)
}

/// The connection on which the portal speaks.
pub(super) fn portal(line: &Connection) -> Option<String> {
    owner_of(line, PORTAL)
}

fn owner_of(line: &Connection, name: &str) -> Option<String> {
    let answer = line.call_method(Some(BUS), BUS_PATH, Some(BUS), "GetNameOwner", &name).ok()?;
    answer.body().deserialize().ok()
}

/// What is said about do-not-disturb in this place; `None` where nothing is.
pub(super) fn ask(line: &Connection, place: Place) -> Option<OwnedValue> {
    let (service, path, interface, member) = match place {
        Place::Inhibited | Place::Paused => (DAEMON, PATH, PROPERTIES, "Get"),
        Place::Banners => (PORTAL, PORTAL_PATH, SETTINGS, "Read"),
    };
    // Asking would start it, and nothing here is worth that.
    owner_of(line, service)?;
    let answer = line.call_method(Some(service), path, Some(interface), member, &place.name()).ok()?;
    answer.body().deserialize().ok()
}

/// Shows a note, in the place of the one with this number.
pub(super) fn show(sender: &Sender, note: &Note, replaces: Option<Number>) -> zbus::Result<Message> {
    let hints = HashMap::from([
        ("category", Value::from(note.category)),
        ("desktop-entry", Value::from(sender.entry.as_str())),
        // The program has sounds of its own, which follow the person's settings.
        ("suppress-sound", Value::from(true)),
        ("urgency", Value::from(note.urgency)),
    ]);
    Message::method_call(PATH, "Notify")?.destination(DAEMON)?.interface(DAEMON)?.build(&(
        &sender.name,
        replaces.unwrap_or(0),
        &sender.entry,
        &note.summary,
        &note.body,
        &note.actions,
        hints,
        note.timeout,
    ))
}

/// Takes a note back.
pub(super) fn close(number: Number) -> zbus::Result<Message> {
    let call = Message::method_call(PATH, "CloseNotification")?.destination(DAEMON)?.interface(DAEMON)?;
    call.with_flags(Flags::NoReplyExpected)?.with_flags(Flags::NoAutoStart)?.build(&number)
}

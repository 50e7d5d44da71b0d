//! The system's bus: sleep and lock by logind, the network by NetworkManager.
//!
//! What must always hold: only the lock of this person's own session counts, and only at the word of whoever keeps it.

use tauri::AppHandle;
use zbus::blocking::{Connection, MessageIterator, Proxy, fdo::DBusProxy};
use zbus::message::Type;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue};
use zbus::{MatchRule, Message};

use super::owners::Owners;
use super::{Lock, Said, heard};

const LOGIN: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const USER: &str = "org.freedesktop.login1.User";
const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
const NETWORK: &str = "org.freedesktop.NetworkManager";
/// NetworkManager's states from here on reach something.
const CONNECTED: u32 = 50;

/// Listens for as long as there is a bus.
pub(super) fn listen(app: &AppHandle) -> zbus::Result<()> {
    let bus = Connection::system()?;
    let messages = MessageIterator::from(&bus);
    let session = session(&bus).inspect_err(|error| tracing::info!(%error, "which session this is")).ok();
    let asked = DBusProxy::new(&bus)?;
    for rule in rules(session.as_ref())? {
        asked.add_match_rule(rule)?;
    }
    let mut owners = Owners::of(&asked, &[LOGIN, NETWORK])?;
    for message in messages {
        let message = message?;
        owners.hear(&message);
        if let Some(said) = read(&message, session.as_ref(), &owners) {
            heard(app, said);
        }
    }
    Ok(())
}

fn rules(session: Option<&OwnedObjectPath>) -> zbus::Result<Vec<MatchRule<'_>>> {
    let signal = || MatchRule::builder().msg_type(Type::Signal);
    let mut rules = vec![
        signal().sender(LOGIN)?.interface(MANAGER)?.member("PrepareForSleep")?.build(),
        signal().sender(NETWORK)?.interface(NETWORK)?.member("StateChanged")?.build(),
    ];
    if let Some(session) = session {
        rules.push(signal().sender(LOGIN)?.path(session)?.build());
    }
    Ok(rules)
}

fn read(message: &Message, session: Option<&OwnedObjectPath>, owners: &Owners) -> Option<Said> {
    let header = message.header();
    let (login, network) = (|| owners.says(LOGIN, message), || owners.says(NETWORK, message));
    let own = || {
        login()
            && session.is_some_and(|session| header.path().map(ObjectPath::as_str) == Some(session.as_str()))
    };
    let (interface, member) = (header.interface()?.as_str(), header.member()?.as_str());
    let body = message.body();
    match (interface, member) {
        (MANAGER, "PrepareForSleep") if login() => {
            body.deserialize::<bool>().ok().filter(|begins| !begins).map(|_| Said::Awake)
        }
        (NETWORK, "StateChanged") if network() => {
            body.deserialize::<u32>().ok().filter(|state| *state >= CONNECTED).map(|_| Said::Awake)
        }
        (SESSION, "Lock") if own() => Some(Said::Locked(Lock::Login, true)),
        (SESSION, "Unlock") if own() => Some(Said::Locked(Lock::Login, false)),
        (PROPERTIES, "PropertiesChanged") if own() => hint(message).map(|on| Said::Locked(Lock::Login, on)),
        _ => None,
    }
}

/// The locker's own word, which comes also where the lock was opened without logind.
fn hint(message: &Message) -> Option<bool> {
    type Changed = (String, std::collections::HashMap<String, OwnedValue>, Vec<String>);
    let (_, mut changed, _): Changed = message.body().deserialize().ok()?;
    changed.remove("LockedHint")?.try_into().ok()
}

/// The session of this program; where a program belongs to none, as those that a user's systemd starts, the one on the
/// person's screen.
fn session(bus: &Connection) -> zbus::Result<OwnedObjectPath> {
    let manager = Proxy::new(bus, LOGIN, "/org/freedesktop/login1", MANAGER)?;
    if let Ok(named) = std::env::var("XDG_SESSION_ID")
        && let Ok(session) = manager.call("GetSession", &(named,))
    {
        return Ok(session);
    }
    if let Ok(session) = manager.call("GetSessionByPID", &(std::process::id(),)) {
        return Ok(session);
    }
    let user = Proxy::new(bus, LOGIN, "/org/freedesktop/login1/user/self", USER)?;
    let (_, session): (String, OwnedObjectPath) = user.get_property("Display")?;
    Ok(session)
}

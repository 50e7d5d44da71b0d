//! The session's bus: the screen savers' lock, and the network as a sandbox hears of it.

use tauri::AppHandle;
use zbus::blocking::{Connection, MessageIterator, fdo::DBusProxy};
use zbus::message::Type;
use zbus::{MatchRule, Message};

use super::{Lock, Said, heard};

/// Screen savers of the desktops, which all say the same by other names.
const SAVERS: [&str; 4] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
];
const NETWORK: &str = "org.freedesktop.portal.NetworkMonitor";

/// Listens for as long as there is a bus.
pub(super) fn listen(app: &AppHandle) -> zbus::Result<()> {
    let bus = Connection::session()?;
    let messages = MessageIterator::from(&bus);
    let asked = DBusProxy::new(&bus)?;
    for saver in SAVERS {
        asked.add_match_rule(rule(saver, "ActiveChanged")?)?;
    }
    asked.add_match_rule(rule(NETWORK, "changed")?)?;
    for message in messages {
        if let Some(said) = read(&message?) {
            heard(app, said);
        }
    }
    Ok(())
}

fn rule<'a>(interface: &'a str, member: &'a str) -> zbus::Result<MatchRule<'a>> {
    Ok(MatchRule::builder().msg_type(Type::Signal).interface(interface)?.member(member)?.build())
}

fn read(message: &Message) -> Option<Said> {
    let header = message.header();
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        (saver, "ActiveChanged") if SAVERS.contains(&saver) => {
            message.body().deserialize::<bool>().ok().map(|on| Said::Locked(Lock::Screen, on))
        }
        (NETWORK, "changed") => Some(Said::Awake),
        _ => None,
    }
}

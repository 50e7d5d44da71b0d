//! The session's bus: the screen savers' lock, and the network as a sandbox hears of it.
//!
//! What must always hold: each is heard at the word of whoever has its name alone.

use tauri::AppHandle;
use zbus::blocking::{Connection, MessageIterator, fdo::DBusProxy};
use zbus::message::Type;
use zbus::{MatchRule, Message};

use super::owners::Owners;
use super::{Lock, Said, heard};

/// Screen savers of the desktops, which all say the same by other names.
const SAVERS: [&str; 4] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
];
const NETWORK: &str = "org.freedesktop.portal.NetworkMonitor";
const PORTAL: &str = "org.freedesktop.portal.Desktop";

/// Listens for as long as there is a bus.
pub(super) fn listen(app: &AppHandle) -> zbus::Result<()> {
    let bus = Connection::session()?;
    let messages = MessageIterator::from(&bus);
    let asked = DBusProxy::new(&bus)?;
    for saver in SAVERS {
        asked.add_match_rule(rule(saver, saver, "ActiveChanged")?)?;
    }
    asked.add_match_rule(rule(PORTAL, NETWORK, "changed")?)?;
    let names: Vec<_> = SAVERS.into_iter().chain([PORTAL]).collect();
    let mut owners = Owners::of(&asked, &names)?;
    for message in messages {
        let message = message?;
        owners.hear(&message);
        if let Some(said) = read(&message, &owners) {
            heard(app, said);
        }
    }
    Ok(())
}

fn rule<'a>(sender: &'a str, interface: &'a str, member: &'a str) -> zbus::Result<MatchRule<'a>> {
    let rule = MatchRule::builder().msg_type(Type::Signal).sender(sender)?;
    Ok(rule.interface(interface)?.member(member)?.build())
}

fn read(message: &Message, owners: &Owners) -> Option<Said> {
    let header = message.header();
    match (header.interface()?.as_str(), header.member()?.as_str()) {
        (saver, "ActiveChanged") if SAVERS.contains(&saver) && owners.says(saver, message) => {
            message.body().deserialize::<bool>().ok().map(|on| Said::Locked(Lock::Screen, on))
        }
        (NETWORK, "changed") if owners.says(PORTAL, message) => Some(Said::Awake),
        _ => None,
    }
}

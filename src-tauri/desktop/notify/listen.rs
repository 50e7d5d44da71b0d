//! What the bus says back: numbers of what is shown, what the person pressed, daemons that come and go.
//!
//! What must always hold: a signal counts only where it comes from the daemon itself, or from the portal.

use std::collections::HashMap;
use std::time::Instant;

use zbus::blocking::MessageIterator;
use zbus::message::{Message, Type};
use zbus::zvariant::OwnedValue;

use super::bus::{Daemon, Shared};
use super::call::{BUS, DAEMON, PORTAL, PROPERTIES, SETTINGS};
use super::note::Press;
use super::quiet::Place;
use super::{Notifications, Told};

/// The person's closing, as the specification numbers reasons.
const BY_PERSON: u32 = 2;

/// Reads until the connection ends.
pub(super) fn run(messages: MessageIterator, shared: &Shared) {
    for message in messages {
        let Ok(message) = message else { break };
        match message.message_type() {
            Type::MethodReturn => answered(&message, shared),
            Type::Error => refused(&message, shared),
            Type::Signal => drop(signalled(&message, shared)),
            Type::MethodCall => {}
        }
    }
    tracing::info!("the notifications' bus ended");
    lose(shared, Daemon::Absent(Instant::now()));
}

fn answered(message: &Message, shared: &Shared) {
    let Some(serial) = message.header().reply_serial() else { return };
    // Other questions than notifications have answers, too.
    if !shared.change(|state| state.board.is_asked(serial.get())) {
        return;
    }
    let number: zbus::Result<u32> = message.body().deserialize();
    shared.change(|state| {
        match number {
            Ok(number) => state.board.answered(serial.get(), number),
            Err(_) => drop(state.board.refused(serial.get(), false)),
        }
        if state.daemon == Daemon::Silent {
            state.daemon = Daemon::Unmet;
        }
    });
}

/// Where nobody took it, it waits for somebody. Otherwise it is not said again: it may be what the daemon died of.
fn refused(message: &Message, shared: &Shared) {
    let header = message.header();
    let (Some(serial), Some(error)) = (header.reply_serial(), header.error_name()) else { return };
    let nobody = ["ServiceUnknown", "NameHasNoOwner"].iter().any(|name| error.as_str().ends_with(name));
    let was_ours = shared.change(|state| {
        let was_ours = state.board.refused(serial.get(), nobody);
        if was_ours && nobody {
            state.daemon = Daemon::Absent(Instant::now());
        }
        was_ours
    });
    if was_ours {
        tracing::info!(%error, "a notification was refused");
    }
    if was_ours && nobody {
        (shared.told)(Told::Reach(Notifications::None));
    }
}

fn signalled(message: &Message, shared: &Shared) -> Option<()> {
    let header = message.header();
    let (interface, member) = (header.interface()?.as_str(), header.member()?.as_str());
    let sender = header.sender()?.as_str();
    let (is_daemons, is_portals) = shared
        .change(|state| (state.owner.as_deref() == Some(sender), state.portal.as_deref() == Some(sender)));
    match (interface, member) {
        (BUS, "NameOwnerChanged") => owner_changed(message, shared),
        (DAEMON, "ActionInvoked") if is_daemons => pressed(message, shared),
        (DAEMON, "NotificationClosed") if is_daemons => closed(message, shared),
        (PROPERTIES, "PropertiesChanged") if is_daemons => properties(message, shared),
        (SETTINGS, "SettingChanged") if is_portals => setting(message, shared),
        _ => None,
    }
}

fn pressed(message: &Message, shared: &Shared) -> Option<()> {
    let (number, key): (u32, String) = message.body().deserialize().ok()?;
    let (press, alert) = (Press::of(&key)?, shared.change(|state| state.board.alert(number))?);
    (shared.told)(Told::Pressed(alert, press));
    Some(())
}

fn closed(message: &Message, shared: &Shared) -> Option<()> {
    let (number, reason): (u32, u32) = message.body().deserialize().ok()?;
    let alert = shared.change(|state| state.board.closed(number))?;
    let told = if reason == BY_PERSON { Told::Closed(alert) } else { Told::Expired(alert) };
    (shared.told)(told);
    Some(())
}

fn owner_changed(message: &Message, shared: &Shared) -> Option<()> {
    if message.header().sender()?.as_str() != BUS {
        return None;
    }
    let (name, old, new): (String, String, String) = message.body().deserialize().ok()?;
    if name == PORTAL {
        shared.change(|state| state.portal = (!new.is_empty()).then_some(new));
    } else if name == DAEMON && !old.is_empty() {
        lose(shared, Daemon::Unmet);
    } else if name == DAEMON && !new.is_empty() {
        shared.change(|state| state.daemon = Daemon::Unmet);
    }
    Some(())
}

/// The daemon is gone with all it showed.
fn lose(shared: &Shared, next: Daemon) {
    let (differs, quiet) = shared.change(|state| {
        state.is_lost |= state.board.lost();
        (state.owner, state.daemon) = (None, next);
        (state.quiet.forget_daemon(), state.quiet.is_quiet())
    });
    if differs {
        (shared.told)(Told::Quiet(quiet));
    }
}

fn properties(message: &Message, shared: &Shared) -> Option<()> {
    type Changed = (String, HashMap<String, OwnedValue>, Vec<String>);
    let (interface, changed, _): Changed = message.body().deserialize().ok()?;
    for place in [Place::Inhibited, Place::Paused] {
        let (space, name) = place.name();
        if let Some(said) = changed.get(name).filter(|_| space == interface) {
            shared.hear_quiet(place, said);
        }
    }
    Some(())
}

fn setting(message: &Message, shared: &Shared) -> Option<()> {
    let (space, name, said): (String, String, OwnedValue) = message.body().deserialize().ok()?;
    if (space.as_str(), name.as_str()) == Place::Banners.name() {
        shared.hear_quiet(Place::Banners, &said);
    }
    Some(())
}

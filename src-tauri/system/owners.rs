//! Whose words on a bus are whose.
//!
//! Why: a rule for signals keeps away only what is said to everybody. What is said to our connection alone comes past it,
//! from any program of the person's on their bus and from any user of the computer on the system's. What must always
//! hold: a signal counts only where it comes from whoever has the name that it speaks for.

use std::collections::BTreeMap;

use zbus::blocking::fdo::DBusProxy;
use zbus::message::Type;
use zbus::names::BusName;
use zbus::{MatchRule, Message};

const BUS: &str = "org.freedesktop.DBus";
const CHANGED: &str = "NameOwnerChanged";

/// The names that somebody is listened for by, each with the connection that has it.
#[derive(Debug)]
pub(super) struct Owners(BTreeMap<&'static str, Option<String>>);

impl Owners {
    /// Asks who has these names, and to be told of changes.
    pub(super) fn of(bus: &DBusProxy<'_>, names: &[&'static str]) -> zbus::Result<Self> {
        let mut owners = BTreeMap::new();
        for name in names {
            let changes = MatchRule::builder().msg_type(Type::Signal).sender(BUS)?.interface(BUS)?;
            bus.add_match_rule(changes.member(CHANGED)?.arg(0, *name)?.build())?;
            let owner = bus.get_name_owner(BusName::try_from(*name)?).ok();
            owners.insert(*name, owner.map(|owner| owner.to_string()));
        }
        Ok(Self(owners))
    }

    /// The bus says that a name went to somebody else. Anything else is nothing to it.
    pub(super) fn hear(&mut self, message: &Message) -> Option<()> {
        let header = message.header();
        // Nobody but the bus itself can have its name for a sender.
        if header.sender()?.as_str() != BUS || header.member()?.as_str() != CHANGED {
            return None;
        }
        let (name, _, owner): (String, String, String) = message.body().deserialize().ok()?;
        *self.0.get_mut(name.as_str())? = (!owner.is_empty()).then_some(owner);
        Some(())
    }

    /// Does whoever has this name say it?
    pub(super) fn says(&self, name: &str, message: &Message) -> bool {
        let header = message.header();
        let owner = self.0.get(name).and_then(Option::as_deref);
        owner.is_some_and(|owner| header.sender().is_some_and(|sender| sender.as_str() == owner))
    }
}

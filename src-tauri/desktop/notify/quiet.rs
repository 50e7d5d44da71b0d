//! Whether the desktop wants no disturbance: do-not-disturb as KDE, dunst and GNOME say it.
//!
//! Why: they keep notifications off the screen themselves, but not our sounds. What must always hold: a desktop that says
//! nothing about it is not quiet.

use zbus::zvariant::{OwnedValue, Value};

/// A place where it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The specification's property, as Plasma has it.
    Inhibited,
    /// dunst's property.
    Paused,
    /// GNOME's setting, by the portal; the opposite of it.
    Banners,
}

impl Place {
    /// Every one.
    pub(super) const ALL: [Self; 3] = [Self::Inhibited, Self::Paused, Self::Banners];

    /// Interface (for the portal: namespace) and name.
    pub(super) const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Inhibited => ("org.freedesktop.Notifications", "Inhibited"),
            Self::Paused => ("org.dunstproject.cmd0", "paused"),
            Self::Banners => ("org.gnome.desktop.notifications", "show-banners"),
        }
    }
}

/// What each place said last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quiet {
    inhibited: bool,
    paused: bool,
    bannerless: bool,
}

impl Quiet {
    /// A place says this. Tells whether anything differs now for the person.
    pub(super) fn hear(&mut self, place: Place, value: &OwnedValue) -> bool {
        let Some(said) = truth(value) else { return false };
        let before = self.is_quiet();
        match place {
            Place::Inhibited => self.inhibited = said,
            Place::Paused => self.paused = said,
            Place::Banners => self.bannerless = !said,
        }
        before != self.is_quiet()
    }

    /// Is it quiet?
    pub(super) const fn is_quiet(self) -> bool {
        self.inhibited || self.paused || self.bannerless
    }

    /// The daemon is gone, and what it said with it.
    pub(super) fn forget_daemon(&mut self) -> bool {
        let before = self.is_quiet();
        (self.inhibited, self.paused) = (false, false);
        before != self.is_quiet()
    }
}

/// A truth, also one that the portal wraps once more.
fn truth(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Value(inner) => truth(inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(value: Value<'_>) -> OwnedValue {
        value.try_to_owned().unwrap()
    }

    #[test]
    fn any_place_makes_it_quiet_and_only_truths_count() {
        let mut quiet = Quiet::default();
        assert!(!quiet.hear(Place::Paused, &said(Value::from("yes"))));
        assert!(quiet.hear(Place::Paused, &said(Value::from(true))) && quiet.is_quiet());
        let wrapped = Value::Value(Box::new(Value::from(false)));
        assert!(!quiet.hear(Place::Banners, &said(wrapped)), "it was quiet already");
        assert!(!quiet.hear(Place::Paused, &said(Value::from(false))) && quiet.is_quiet());
        assert!(!quiet.forget_daemon(), "GNOME's setting is not the daemon's");
        assert!(quiet.hear(Place::Banners, &said(Value::from(true))) && !quiet.is_quiet());
        quiet.hear(Place::Inhibited, &said(Value::from(true)));
        assert!(quiet.forget_daemon() && !quiet.is_quiet());
    }
}

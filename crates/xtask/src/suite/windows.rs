//! The tests of the whole product, on a screen and a session bus of their own.

use super::bus::Bus;
use crate::process::{cargo, command};
use crate::steps::Outcome;

/// What would lead to the desktop of whoever starts the tests.
const FORGET: &[&str] = &["WAYLAND_DISPLAY", "DISPLAY", "XDG_CURRENT_DESKTOP"];

/// Runs them.
pub(super) fn run() -> Outcome {
    let bus = Bus::start()?;
    let mut xvfb = command("xvfb-run");
    for name in FORGET {
        xvfb.env_remove(name);
    }
    xvfb.env("DBUS_SESSION_BUS_ADDRESS", bus.address());
    xvfb.args(["-a", "-s", "-screen 0 1280x800x24"]).arg(cargo().get_program());
    super::nextest(xvfb, "package(deskbell-tests)")
}

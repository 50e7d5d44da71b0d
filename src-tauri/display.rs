//! Is there a screen to draw on?
//!
//! GTK answers "no" by a panic deep inside the event loop; a person gets a sentence instead.

use std::panic;
use std::process;

use deskbell_api::dto::Locale;

use crate::problem;

/// Does the environment name a display? Elsewhere than on Linux there always is one.
pub(crate) fn is_named() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY")
}

/// Runs `connect`, which reaches for the display. If it panics, the program ends with a sentence and exit code 1.
pub(crate) fn reach<T>(locale: Locale, connect: impl FnOnce() -> T) -> T {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |cause| {
        tracing::info!(%cause, "the display");
        problem::on_terminal(&problem::say("display_silent", locale), 1);
        process::exit(1);
    }));
    let connected = connect();
    panic::set_hook(usual);
    connected
}

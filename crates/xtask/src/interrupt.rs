//! Ctrl-C and its kin, as a flag that waiting looks at.
//!
//! Children share our process group, so the terminal tells them as well; what we add is to wait for them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static ASKED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From now on a signal no longer ends this process at once. Called by commands that have children to end.
pub(crate) fn watch() {
    let flag = ASKED.get_or_init(Arc::default);
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        // Where it cannot be registered, the signal ends us as it always did.
        signal_hook::flag::register(signal, Arc::clone(flag)).ok();
    }
}

/// Did somebody ask us to end?
pub(crate) fn asked() -> bool {
    ASKED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

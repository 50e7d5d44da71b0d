//! What the system says of itself: sleep, the lock of the screen, the network.
//!
//! What must always hold: after waking up and after a change of the network the line is tried at once; while the screen is
//! locked no window draws what people wrote, whatever its page does, and the session and a desk inside run on; a system
//! that says nothing of all this is no error.

#[cfg(target_os = "linux")]
mod login;
#[cfg(target_os = "linux")]
mod owners;
#[cfg(target_os = "linux")]
mod screen;

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Manager};

use crate::desktop::Signal;
use crate::shell::Shell;
use crate::windows;

/// Something that the system said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "nobody there says it"))]
enum Said {
    /// The computer woke up, or its network changed.
    Awake,
    /// The session's screen is locked, or not any more.
    Locked(Lock, bool),
}

/// Who says that the screen is locked. Each is taken at its own word alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "nobody there says it"))]
enum Lock {
    /// The seat's keeper.
    Login,
    /// The screen saver.
    Screen,
}

/// Who says now that it is locked.
#[derive(Debug, Default)]
pub(crate) struct Locks(Mutex<Held>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    login: bool,
    screen: bool,
}

impl Held {
    const fn any(self) -> bool {
        self.login || self.screen
    }
}

impl Locks {
    /// Whether it is locked, if that is something new.
    fn change(&self, change: impl FnOnce(&mut Held)) -> Option<bool> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = held.any();
        change(&mut held);
        (held.any() != before).then(|| held.any())
    }

    /// Whether it is locked.
    pub(crate) fn are_held(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).any()
    }
}

/// Listens from now on, on threads of its own that sleep until something is said.
pub(crate) fn start(app: &AppHandle) {
    #[cfg(target_os = "linux")]
    for (name, listen) in
        [("login", login::listen as fn(&AppHandle) -> zbus::Result<()>), ("screen", screen::listen)]
    {
        let app = app.clone();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            if let Err(error) = listen(&app) {
                tracing::info!(%error, name, "the system is not heard");
            }
        });
        if let Err(error) = thread {
            tracing::warn!(%error, "the system is not heard");
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = app;
}

/// The person uses our window: whoever says that the screen is locked has forgotten to say that it is not any more.
pub(crate) fn person_is_here(app: &AppHandle) {
    let changed = app.state::<Shell>().locks().change(|held| *held = Held::default());
    if changed.is_some() {
        locked(app, false);
    }
}

#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "nobody there says it"))]
fn heard(app: &AppHandle, said: Said) {
    let shell = app.state::<Shell>();
    match said {
        Said::Awake => wake(&shell),
        Said::Locked(who, on) => {
            let changed = shell.locks().change(|held| match who {
                Lock::Login => held.login = on,
                Lock::Screen => held.screen = on,
            });
            if let Some(on) = changed {
                locked(app, on);
            }
        }
    }
}

fn wake(shell: &Shell) {
    let woken = [shell.visitor().map(|it| it.wake()), shell.operator().map(|it| it.wake())];
    for problem in woken.into_iter().flatten().filter_map(Result::err) {
        tracing::warn!(code = problem.code, "the session was not woken");
    }
}

fn locked(app: &AppHandle, on: bool) {
    if let Some(desktop) = app.state::<Shell>().desktop() {
        desktop.tell(Signal::Locked(on));
    }
    let covering = app.clone();
    if let Err(error) = app.run_on_main_thread(move || windows::cover(&covering, on)) {
        tracing::warn!(%error, "the windows stay as they are");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_locked_until_everybody_says_that_it_is_not() {
        let locks = Locks::default();
        assert_eq!(locks.change(|held| held.login = true), Some(true));
        assert_eq!(locks.change(|held| held.screen = true), None);
        assert_eq!(locks.change(|held| held.login = false), None);
        assert!(locks.are_held());
        assert_eq!(locks.change(|held| held.screen = false), Some(false));
        assert_eq!(locks.change(|held| held.screen = false), None);
    }
}

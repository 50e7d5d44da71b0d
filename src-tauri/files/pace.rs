//! A foreign form may ask in a loop: then it is asked about, or answered, one thing after the other with a rest between.

use deskbell_api::dto::Problem;
use tauri::{AppHandle, Manager};

use crate::problem;
use crate::shell::Shell;

/// Somebody's turn to have the system ask something; it ends when this is dropped.
pub(super) struct Turn(Option<AppHandle>);

impl Turn {
    /// Our own pages ask when a person does.
    ///
    /// # Errors
    /// `not_confirmed`: it is not a form's turn.
    pub(super) fn take(app: &AppHandle) -> Result<Self, Problem> {
        let shell = app.state::<Shell>();
        if !is_foreign(&shell) {
            return Ok(Self(None));
        }
        Self::take_as_form(app).ok_or_else(|| problem::say("not_confirmed", shell.locale()))
    }

    /// As a form's, whoever asks; `None`: it is not.
    pub(super) fn take_as_form(app: &AppHandle) -> Option<Self> {
        app.state::<Shell>().questions().begin().then(|| Self(Some(app.clone())))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(app) = &self.0 {
            app.state::<Shell>().questions().end();
        }
    }
}

/// Has a form that is not ours run in this window?
pub(super) fn is_foreign(shell: &Shell) -> bool {
    shell.packs().has_run()
}

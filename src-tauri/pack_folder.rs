//! The folder of `--pack`: whenever something in it has changed, the visitor's window loads its page anew.
//!
//! What must always hold: looking opens no file, and a folder that is gone or half written is a state like any other:
//! the page says what is wrong with it, and is loaded again when it is mended.

use std::path::Path;
use std::thread;
use std::time::Duration;

use deskbell_pack::Fingerprint;
use tauri::{AppHandle, Manager};

use crate::shell::Shell;
use crate::windows::{self, Pane};

/// From one look to the next.
const LOOK: Duration = Duration::from_millis(100);

/// Begins to look, if the command line names a folder; ends with the program.
pub(crate) fn watch(app: &AppHandle) {
    let Some(folder) = app.state::<Shell>().request().pack.clone() else { return };
    let app = app.clone();
    let watching = move || look(&folder, || reload(&app));
    if let Err(error) = thread::Builder::new().name("pack-folder".to_owned()).spawn(watching) {
        tracing::error!(%error, "changes of the form's folder are not seen");
    }
}

/// A folder that cannot be listed looks like nothing, so that its return is a change.
fn look(folder: &Path, changed: impl Fn()) -> ! {
    let mut seen = Fingerprint::of(folder).ok();
    loop {
        thread::sleep(LOOK);
        let now = Fingerprint::of(folder).ok();
        if now != seen {
            seen = now;
            changed();
        }
    }
}

fn reload(app: &AppHandle) {
    let shell = app.state::<Shell>();
    shell.packs().forgive();
    shell.watch().forget();
    windows::reload(app, Pane::Visitor);
}

//! A file that is at the desk alone, brought here for somebody who waits for it.

use std::time::Duration;

use deskbell_api::dto::{FileView, Problem};

use super::Side;
use crate::problem;
use crate::shell::Shell;

/// How often it is looked whether it is here.
const LOOK: Duration = Duration::from_millis(100);

/// The file, with its bytes: one that is elsewhere comes first, for as long as `goes_on`, which is asked at every look.
///
/// # Errors
/// Why it does not come; `file_not_here`: it was given up, and is not brought any more.
pub(crate) async fn bring(
    shell: &Shell,
    side: &Side,
    key: &str,
    mut goes_on: impl FnMut(&FileView) -> bool,
) -> Result<FileView, Problem> {
    let mut view = side.view(key)?;
    if view.here {
        return Ok(view);
    }
    side.fetch(key)?;
    while goes_on(&view) {
        tokio::time::sleep(LOOK).await;
        view = side.view(key)?;
        if view.here {
            return Ok(view);
        }
        let trouble = view.transfer.as_ref().and_then(|transfer| transfer.code.as_ref());
        if let Some(code) = trouble {
            return Err(problem::say(code, shell.locale()));
        }
    }
    side.cancel(key)?;
    Err(problem::say("file_not_here", shell.locale()))
}

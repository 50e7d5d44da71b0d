//! Files that a person drops onto a window.
//!
//! What must always hold: the page is told that something is held over it, and never what or where it is; what a page
//! drags itself is not taken, whatever it calls that: a person who slides something in a form is not giving it a file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, DragDropEvent, Manager, WebviewWindow, WindowEvent};

use crate::files::Side;
use crate::shell::Shell;

/// Is what is held over a window a page's own?
#[derive(Clone, Default)]
pub(crate) struct OwnDrag(Arc<AtomicBool>);

impl OwnDrag {
    fn set(&self, on: bool) {
        self.0.store(on, Ordering::Relaxed);
    }

    fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Takes what is dropped onto a face's window.
pub(super) fn attend(window: &WebviewWindow) -> tauri::Result<()> {
    let app = window.app_handle().clone();
    watch_own(window, app.state::<Shell>().files().own_drag.clone())?;
    window.on_window_event(move |event| {
        if let WindowEvent::DragDrop(event) = event {
            hear(&app, event);
        }
    });
    Ok(())
}

fn hear(app: &AppHandle, event: &DragDropEvent) {
    let shell = app.state::<Shell>();
    match event {
        DragDropEvent::Enter { paths, .. } => {
            let is_file = paths.iter().any(|path| path.is_absolute());
            tell(&shell, is_file && !shell.files().own_drag.is_on());
        }
        DragDropEvent::Leave => tell(&shell, false),
        DragDropEvent::Drop { paths, .. } => {
            tell(&shell, false);
            if !shell.files().own_drag.is_on() {
                stage(&shell, paths.iter().filter(|path| path.is_absolute()).cloned().collect());
            }
        }
        _ => {}
    }
}

/// A page that shows no conversation has nowhere to put a file.
fn tell(shell: &Shell, over: bool) {
    if let Ok(side) = Side::now(shell)
        && side.has_place()
        && let Err(problem) = side.dragging(over)
    {
        tracing::debug!(code = problem.code, "a page was not told of a drag");
    }
}

fn stage(shell: &Shell, paths: Vec<PathBuf>) {
    if !paths.is_empty()
        && let Err(problem) = Side::now(shell).and_then(|side| side.drop_onto(paths))
    {
        tracing::info!(code = problem.code, "dropped files were not taken");
    }
}

/// The toolkit knows which of its own views a drag began in; whatever comes from another program has none.
#[cfg(target_os = "linux")]
fn watch_own(window: &WebviewWindow, own: OwnDrag) -> tauri::Result<()> {
    use gtk::prelude::{DragContextExtManual as _, WidgetExt as _};

    // A drag says what it holds before it is heard of as an event.
    window.with_webview(move |view| {
        view.inner().connect_drag_data_received(move |_, drag, _, _, _, _, _| {
            own.set(drag.drag_get_source_widget().is_some());
        });
    })
}

/// Elsewhere a page cannot name files in what it drags.
#[cfg(not(target_os = "linux"))]
fn watch_own(_: &WebviewWindow, _: OwnDrag) -> tauri::Result<()> {
    Ok(())
}

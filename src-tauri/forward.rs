//! A window that comes in front of the others because its person asked for it: on a notification, in the tray, by a
//! second start.
//!
//! What must always hold: the desktop is told that the wish is of now. A window manager keeps a program from stealing
//! the focus by comparing times, and the time of the last click in a hidden window is always too old.

use tauri::WebviewWindow;

/// Brings a shown window in front, with the keyboard. Called on the main thread.
pub(crate) fn present(window: &WebviewWindow) -> tauri::Result<()> {
    #[cfg(target_os = "linux")]
    if x11::present(window) {
        return Ok(());
    }
    window.set_focus()
}

#[cfg(target_os = "linux")]
mod x11 {
    use gdkx11::X11Window;
    use gdkx11::functions::x11_get_server_time;
    use gtk::prelude::{Cast, GtkWindowExt, WidgetExt};
    use tauri::WebviewWindow;

    /// `false`: the window is not on an X display, or not drawn yet.
    pub(super) fn present(window: &WebviewWindow) -> bool {
        let Ok(window) = window.gtk_window() else { return false };
        let Some(drawn) = window.window().and_then(|drawn| drawn.downcast::<X11Window>().ok()) else {
            return false;
        };
        window.present_with_time(x11_get_server_time(&drawn));
        true
    }
}

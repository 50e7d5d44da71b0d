//! What the system's web view says about the process of a page, and how one is ended.

pub(crate) use web_view::attach;
pub(super) use web_view::end_process;

#[cfg(target_os = "linux")]
mod web_view {
    use tauri::{Manager, WebviewWindow};
    use webkit2gtk::{WebProcessTerminationReason, WebViewExt};

    /// Listens to what is said about the window's process.
    pub(crate) fn attach(window: &WebviewWindow) -> tauri::Result<()> {
        let app = window.app_handle().clone();
        window.with_webview(move |view| {
            let (view, told) = (view.inner(), app.clone());
            view.connect_is_web_process_responsive_notify(move |view| {
                super::super::answers(&told, view.is_web_process_responsive());
            });
            view.connect_web_process_terminated(move |_, reason| {
                // Otherwise we ended it ourselves.
                if reason != WebProcessTerminationReason::TerminatedByApi {
                    super::super::process_ended(&app);
                }
            });
        })
    }

    /// A process in an endless loop would go on for ever behind a window that has another one.
    pub(crate) fn end_process(window: &WebviewWindow) -> tauri::Result<()> {
        window.with_webview(|view| view.inner().terminate_web_process())
    }
}

/// Elsewhere the system's web view ends a process that hangs itself when its page is loaded anew.
#[cfg(not(target_os = "linux"))]
mod web_view {
    use tauri::WebviewWindow;

    pub(crate) fn attach(_: &WebviewWindow) -> tauri::Result<()> {
        Ok(())
    }

    pub(crate) fn end_process(_: &WebviewWindow) -> tauri::Result<()> {
        Ok(())
    }
}

//! What the system's web view must not do for a page by itself.
//!
//! What must always hold: a page makes the system look no name up (a name is a letter to whoever answers for it), never
//! covers the screen, and covers itself with dialogs neither in a loop nor on the way to another page.

use tauri::Url;

pub(crate) use web_view::restrain;

/// The view's way to the network, which ends at once. Our pages need none; and WebKitGTK, which resolves names ahead for
/// whatever a page links to (`dns-prefetch`, which no policy stops), resolves none where a proxy would do it. Elsewhere
/// the view is left as it is.
pub(crate) fn nowhere() -> Option<Url> {
    if cfg!(target_os = "linux") { "http://127.0.0.1:1".parse().ok() } else { None }
}

#[cfg(target_os = "linux")]
mod web_view {
    use std::sync::{Mutex, PoisonError};
    use std::time::Instant;

    use tauri::WebviewWindow;
    use webkit2gtk::{ScriptDialog, ScriptDialogType, SettingsExt, WebViewExt};

    use super::Dialogs;

    /// Takes hold of the window's view.
    pub(crate) fn restrain(window: &WebviewWindow) -> tauri::Result<()> {
        window.with_webview(|view| {
            let view = view.inner();
            if let Some(settings) = WebViewExt::settings(&view) {
                settings.set_enable_dns_prefetching(false);
                settings.set_enable_fullscreen(false);
            }
            let dialogs = Mutex::new(Dialogs::default());
            view.connect_script_dialog(move |_, dialog| answered(&dialogs, dialog));
        })
    }

    /// Is the dialog answered without the person? One that is not, the view shows.
    fn answered(dialogs: &Mutex<Dialogs>, dialog: &ScriptDialog) -> bool {
        if dialog.dialog_type() == ScriptDialogType::BeforeUnloadConfirm {
            dialog.confirm_set_confirmed(true);
            return true;
        }
        !dialogs.lock().unwrap_or_else(PoisonError::into_inner).may_show(Instant::now())
    }
}

/// Elsewhere the system's web view looks nothing up under this policy, and offers to silence dialogs itself.
#[cfg(not(target_os = "linux"))]
mod web_view {
    use tauri::WebviewWindow;

    pub(crate) fn restrain(_: &WebviewWindow) -> tauri::Result<()> {
        Ok(())
    }
}

/// How many dialogs a page may show. Those beyond are cancelled unseen. A loop of them is no silence to the view, for each
/// is a word of the page's: the window stays, and its menus and its end are the person's.
#[cfg(any(target_os = "linux", test))]
#[derive(Debug, Default)]
struct Dialogs {
    /// When the last ones were shown, the oldest first.
    shown: std::collections::VecDeque<std::time::Instant>,
}

#[cfg(any(target_os = "linux", test))]
impl Dialogs {
    /// So many may be shown ...
    const MOST: usize = 5;
    /// ... within this time.
    const WITHIN: std::time::Duration = std::time::Duration::from_secs(60);

    /// May another one be shown now?
    fn may_show(&mut self, now: std::time::Instant) -> bool {
        self.shown.retain(|then| now.saturating_duration_since(*then) < Self::WITHIN);
        let may = self.shown.len() < Self::MOST;
        if may {
            self.shown.push_back(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn threats_22_dialogs_in_a_loop_are_not_shown_for_ever() {
        let (mut dialogs, start) = (Dialogs::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        let shown = (0..1_000).filter(|_| dialogs.may_show(after(1))).count();
        assert_eq!(shown, Dialogs::MOST);
        assert!(!dialogs.may_show(after(60)));
        assert!(dialogs.may_show(after(61)), "a minute later they may be shown again");
    }
}

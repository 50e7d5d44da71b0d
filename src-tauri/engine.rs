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
    use std::cell::{Cell, RefCell};
    use std::time::Instant;

    use deskbell_pack::FlawKind;
    use tauri::{AppHandle, Manager, WebviewWindow};
    use webkit2gtk::{ScriptDialog, ScriptDialogType, SettingsExt, WebViewExt};

    use super::{Dialogs, Verdict};
    use crate::shell::Shell;
    use crate::watch;

    /// Takes hold of the window's view.
    pub(crate) fn restrain(window: &WebviewWindow) -> tauri::Result<()> {
        let app = window.app_handle().clone();
        window.with_webview(|view| {
            let view = view.inner();
            if let Some(settings) = WebViewExt::settings(&view) {
                settings.set_enable_dns_prefetching(false);
                settings.set_enable_fullscreen(false);
            }
            let guard = Guard { app, dialogs: RefCell::default(), held: Cell::default() };
            view.connect_script_dialog(move |_, dialog| guard.answers(dialog));
        })
    }

    /// Whoever answers a page's dialogs.
    struct Guard {
        app: AppHandle,
        dialogs: RefCell<Dialogs>,
        /// A loop waits in it until its process has ended: answered, it would keep this thread busy meanwhile.
        held: Cell<Option<ScriptDialog>>,
    }

    impl Guard {
        /// Is the dialog answered without the person? One that is not, the view shows.
        fn answers(&self, dialog: &ScriptDialog) -> bool {
            if dialog.dialog_type() == ScriptDialogType::BeforeUnloadConfirm {
                dialog.confirm_set_confirmed(true);
                return true;
            }
            let verdict = self.dialogs.borrow_mut().judge(Instant::now());
            if verdict == Verdict::Loop && self.app.state::<Shell>().packs().given().is_some() {
                self.held.set(Some(dialog.clone()));
                let app = self.app.clone();
                tauri::async_runtime::spawn(
                    async move { watch::stop(&app, FlawKind::Hangs(watch::PATIENCE)) },
                );
            }
            verdict != Verdict::Show
        }
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

/// What becomes of a dialog.
#[cfg(any(target_os = "linux", test))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The person sees it.
    Show,
    /// It is cancelled unseen.
    Hide,
    /// The same, and the page does nothing else: the view takes each dialog for a sign of life, so it must be told here.
    Loop,
}

/// How many dialogs a page may show.
#[cfg(any(target_os = "linux", test))]
#[derive(Debug, Default)]
struct Dialogs {
    /// When the last ones were shown, the oldest first.
    shown: std::collections::VecDeque<std::time::Instant>,
    /// How many were cancelled since.
    hidden: usize,
}

#[cfg(any(target_os = "linux", test))]
impl Dialogs {
    /// So many may be shown ...
    const MOST: usize = 5;
    /// ... within this time.
    const WITHIN: std::time::Duration = std::time::Duration::from_secs(60);

    /// So many cancelled ones in a row are a loop.
    const LOOP: usize = 100;

    /// Another one comes.
    fn judge(&mut self, now: std::time::Instant) -> Verdict {
        self.shown.retain(|then| now.saturating_duration_since(*then) < Self::WITHIN);
        if self.shown.len() < Self::MOST {
            self.shown.push_back(now);
            self.hidden = 0;
            return Verdict::Show;
        }
        self.hidden += 1;
        if self.hidden == Self::LOOP { Verdict::Loop } else { Verdict::Hide }
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
        let judged: Vec<_> = (0..1_000).map(|_| dialogs.judge(after(1))).collect();
        let count = |verdict| judged.iter().filter(|one| **one == verdict).count();
        assert_eq!((count(Verdict::Show), count(Verdict::Loop)), (Dialogs::MOST, 1));
        assert_eq!(
            judged.iter().position(|one| *one == Verdict::Loop),
            Some(Dialogs::MOST + Dialogs::LOOP - 1)
        );
        assert_eq!(dialogs.judge(after(60)), Verdict::Hide);
        assert_eq!(dialogs.judge(after(61)), Verdict::Show, "a minute later they may be shown again");
    }
}

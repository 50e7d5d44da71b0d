//! Links out of the visitor's window: asked about here, opened by the system.
//!
//! What must always hold: what the gate refuses is never opened ([`Outward`]); what it lets pass is opened only when the
//! person has said so in a dialog of the system's, which no form can draw, cover or answer.

use deskbell_api::dto::Locale;
use deskbell_api::outward::Outward;
use tauri::{AppHandle, Manager, Url};

use crate::questions::{self, Question};
use crate::shell::Shell;
use crate::texts::text;

/// Of a link, so many characters are shown; its host is named in full beside them.
const SHOWN_CHARS: usize = 200;

/// A page wants to open this. Called on the main thread, where dialogs begin.
pub(crate) fn ask(app: &AppHandle, url: &Url) {
    let shell = app.state::<Shell>();
    let Ok(link) = Outward::read(url.as_str()) else {
        tracing::warn!(scheme = url.scheme(), "a link was not opened");
        return;
    };
    if !shell.questions().begin() {
        return;
    }
    let answer = questions::ask(app, question(&link, shell.locale()));
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let is_wanted = answer.await;
        app.state::<Shell>().questions().end();
        if is_wanted {
            open(link).await;
        }
    });
}

fn question(link: &Outward, locale: Locale) -> Question {
    let title = if link.url().starts_with("mailto:") { "link_letter" } else { "link_site" };
    Question {
        title: text(title, locale).replace("{place}", link.place()),
        description: format!("{}\n{}", text("link_from", locale), shown(link.url())),
        yes: text("link_open", locale),
        no: text("link_stay", locale),
    }
}

fn shown(url: &str) -> String {
    let start: String = url.chars().take(SHOWN_CHARS).collect();
    if start.len() < url.len() { format!("{start}…") } else { start }
}

/// Beside the main thread: an opener may take its time.
async fn open(link: Outward) {
    let opened = tauri::async_runtime::spawn_blocking(move || open::that_detached(link.url())).await;
    if !matches!(opened, Ok(Ok(()))) {
        tracing::warn!("the system opened no browser");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_30_a_long_link_is_shown_from_its_start() {
        let long = format!("https://example.org/{}", "x".repeat(1_000));
        assert_eq!(shown(&long).chars().count(), SHOWN_CHARS + 1);
        assert!(shown(&long).starts_with("https://example.org/x") && shown(&long).ends_with('…'));
        assert_eq!(shown("https://example.org/"), "https://example.org/");
    }
}

//! The three windows: what each shows, how it looks before its page does, and where it may never go.
//!
//! What must always hold: a window shows its own page for its whole life. It navigates nowhere, opens nothing but by
//! the gate for links, downloads nothing and is granted no camera, microphone or place. The visitor's window bears its own
//! title, whatever its form calls itself. The inspector is there only where the command line asked for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use deskbell_api::dto::{AppScreen, DeviceKind, Locale};
use tauri::webview::{Color, NewWindowResponse, PageLoadEvent, PermissionResponse};
use tauri::{
    AppHandle, LogicalSize, Manager, Theme, Url, Webview, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
};

use crate::arguments::Face;
use crate::closing;
use crate::engine;
use crate::files;
use crate::forward;
use crate::links;
use crate::protocol;
use crate::shell::Shell;
use crate::tray;
use crate::watch;
use crate::window_state;

/// A page that takes longer is shown unfinished: a person who waits must see that something happens.
const SHOW_AFTER: Duration = Duration::from_secs(1);
/// The tokens `paper` of the pages' style, so that nothing flashes before it is there.
const PAPER_LIGHT: Color = Color(0xFB, 0xFA, 0xF7, 0xFF);
const PAPER_DARK: Color = Color(0x15, 0x18, 0x1B, 0xFF);

/// A window of the program. There is at most one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pane {
    /// The chat form.
    Visitor,
    /// The workplace.
    Operator,
    /// First start, and what keeps the program from starting.
    App,
}

impl From<Face> for Pane {
    fn from(face: Face) -> Self {
        match face {
            Face::Visitor => Self::Visitor,
            Face::Operator => Self::Operator,
        }
    }
}

impl Pane {
    /// The window's label: capabilities and the `desk:` protocol know it by this.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Operator => "operator",
            Self::App => "app",
        }
    }

    fn page(self) -> String {
        format!("{}/index.html", self.label())
    }

    /// `name`: what the program is called.
    fn title(self, name: &str, locale: Locale) -> String {
        match (self, locale) {
            (Self::Visitor, Locale::En) => format!("{name}: chat"),
            (Self::Visitor, Locale::Ru) => format!("{name}: чат"),
            (Self::Operator, Locale::En) => format!("{name}: operator"),
            (Self::Operator, Locale::Ru) => format!("{name}: оператор"),
            (Self::App, _) => name.to_owned(),
        }
    }

    /// Inner size and the least of it, in logical pixels.
    fn sizes(self, screen: AppScreen, device: DeviceKind) -> ((f64, f64), (f64, f64)) {
        match (self, screen) {
            (Self::Visitor, _) => (visitor_size(device), (320.0, 480.0)),
            (Self::Operator, _) => ((1180.0, 760.0), (900.0, 600.0)),
            // Two ways to begin, one above the other.
            (Self::App, AppScreen::JoinOperator) => ((480.0, 720.0), (420.0, 360.0)),
            (Self::App, AppScreen::JoinVisitor | AppScreen::Asked) => ((480.0, 600.0), (420.0, 360.0)),
            // A passphrase twice, and what else there is.
            (Self::App, AppScreen::Secrets) => ((480.0, 700.0), (420.0, 360.0)),
            // Sections beside what is in them.
            (Self::App, AppScreen::Settings) => ((780.0, 660.0), (420.0, 360.0)),
            (Self::App, _) => ((480.0, 420.0), (420.0, 360.0)),
        }
    }
}

const fn visitor_size(device: DeviceKind) -> (f64, f64) {
    match device {
        DeviceKind::Desktop => (400.0, 640.0),
        DeviceKind::Tablet => (768.0, 1024.0),
        DeviceKind::Mobile => (390.0, 780.0),
    }
}

/// No window is larger than the screen that it opens on.
fn on_screen(app: &AppHandle, (width, height): (f64, f64)) -> (f64, f64) {
    let Ok(Some(monitor)) = app.primary_monitor() else { return (width, height) };
    let screen = monitor.size().to_logical::<f64>(monitor.scale_factor());
    (width.min(screen.width), height.min(screen.height))
}

/// Opens the window; it appears when its page is ready.
pub(crate) fn open(app: &AppHandle, pane: Pane) -> tauri::Result<()> {
    let shell = app.state::<Shell>();
    let request = shell.request();
    let (size, (least_width, least_height)) = pane.sizes(shell.screen().screen, request.device);
    let (width, height) = on_screen(app, size);
    let name = shell.site().name().map_or_else(|| tray::name(app), str::to_owned);
    let (opener, going, usual) = (app.clone(), app.clone(), pane.title(&name, shell.locale()));
    let shown = Arc::new(AtomicBool::new(false));
    let loaded = Arc::clone(&shown);
    let mut builder = WebviewWindowBuilder::new(app, pane.label(), WebviewUrl::App(pane.page().into()))
        .title(&usual)
        .inner_size(width, height)
        .min_inner_size(least_width, least_height)
        .center()
        .visible(false)
        .on_navigation(move |url| {
            asks_about_file(&going, pane, url);
            is_own_page(url, pane)
        })
        .on_new_window(move |url, _| {
            if !asks_about_file(&opener, pane, &url) && pane == Pane::Visitor {
                links::ask(&opener, &url);
            }
            NewWindowResponse::Deny
        })
        .devtools(pane == Pane::Visitor && request.devtools)
        .on_download(|_, _| false)
        .on_document_title_changed(move |window, title| {
            // The page counts what is unread in its title; the task bar shows the window's.
            let title = if pane == Pane::Visitor { counted(&usual, &title) } else { title };
            if let Err(error) = window.set_title(&title) {
                tracing::warn!(%error, "a window kept its title");
            }
        })
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_page_load(move |window, page| {
            if page.event() == PageLoadEvent::Finished {
                show(&window, &loaded);
            }
        });
    if let Some(nowhere) = engine::nowhere() {
        builder = builder.proxy_url(nowhere);
    }
    if let Some(profile) = shell.profile() {
        builder = builder.data_directory(profile.folder.join(storage(&shell, pane)));
    }
    let window = builder.build()?;
    closing::attend(&window, pane);
    if request.device == DeviceKind::Desktop {
        window_state::restore(&window)?;
    }
    engine::restrain(&window)?;
    if pane != Pane::App {
        files::attend(&window)?;
    }
    if shell.locks().are_held() {
        draw(&window, false)?;
    }
    if pane == Pane::Visitor {
        watch::attach(&window)?;
    }
    window.set_background_color(Some(paper(window.theme()?)))?;
    if pane == Pane::Visitor && request.devtools {
        window.open_devtools();
    }
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOW_AFTER).await;
        show(&window, &shown);
    });
    Ok(())
}

/// A link to a file leads to a question about it, from wherever it is followed.
fn asks_about_file(app: &AppHandle, pane: Pane, url: &Url) -> bool {
    let Some(link) = protocol::link_of(url).filter(|_| pane != Pane::App) else { return false };
    files::ask(app, link);
    true
}

/// The folder, in the profile's, of what the window's page keeps.
fn storage(shell: &Shell, pane: Pane) -> String {
    let own = shell.storage().filter(|_| pane == Pane::Visitor);
    own.unwrap_or_else(|| "webview".to_owned())
}

/// Of a form's title only a count of what is unread is taken: a window that calls itself a keyring is believed.
fn counted(usual: &str, title: &str) -> String {
    let count = title.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(count, _)| count);
    let is_count = |count: &&str| (1..=4).contains(&count.len()) && count.bytes().all(|b| b.is_ascii_digit());
    count.filter(is_count).map_or_else(|| usual.to_owned(), |count| format!("({count}) {usual}"))
}

/// Closes the window for good.
pub(crate) fn close(app: &AppHandle, pane: Pane) {
    if let Some(window) = app.get_webview_window(pane.label())
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, window = pane.label(), "a window did not close");
    }
}

/// Loads the window's page anew. Not what the view calls its page: a form may have named it otherwise (`pushState`).
pub(crate) fn reload(app: &AppHandle, pane: Pane) {
    let Ok(url) = format!("{}/{}", own_origin(), pane.page()).parse() else { return };
    if let Some(window) = app.get_webview_window(pane.label())
        && let Err(error) = window.navigate(url)
    {
        tracing::warn!(%error, window = pane.label(), "a window did not load its page anew");
    }
}

/// Opens the app's own window, or loads its page anew where it is open: for another screen, in that one's size.
pub(crate) fn show_anew(app: &AppHandle) -> tauri::Result<()> {
    let Some(window) = app.get_webview_window(Pane::App.label()) else { return open(app, Pane::App) };
    let shell = app.state::<Shell>();
    let (size, _) = Pane::App.sizes(shell.screen().screen, shell.request().device);
    let (width, height) = on_screen(app, size);
    window.set_size(LogicalSize::new(width, height))?;
    reload(app, Pane::App);
    Ok(())
}

/// Brings the window forward, from behind others, the task bar or the tray. Called on the main thread.
pub(crate) fn raise(app: &AppHandle, pane: Pane) {
    let window = app.get_webview_window(pane.label()).or_else(|| app.get_webview_window(Pane::App.label()));
    let Some(window) = window else { return };
    app.state::<Shell>().come_forward();
    if let Err(error) =
        window.unminimize().and_then(|()| window.show()).and_then(|()| forward::present(&window))
    {
        tracing::warn!(%error, window = window.label(), "a window did not come forward");
    }
}

/// Is the window there for the person to see?
pub(crate) fn is_shown(app: &AppHandle, pane: Pane) -> bool {
    app.get_webview_window(pane.label()).is_some_and(|window| window.is_visible().unwrap_or(false))
}

/// Opens the window, unless it is there.
pub(crate) fn open_once(app: &AppHandle, pane: Pane) -> tauri::Result<()> {
    if app.get_webview_window(pane.label()).is_some() { Ok(()) } else { open(app, pane) }
}

/// Shows the app's own window as it is meant to be now, in front. Called on the main thread.
pub(crate) fn show_app(app: &AppHandle) {
    if let Err(error) = show_anew(app) {
        tracing::error!(%error, "the app's own window did not open");
    }
    raise(app, Pane::App);
}

/// Opens the app's own window at the settings, beside the session's. Where it shows something else that waits for the
/// person, that comes forward instead. Called on the main thread.
pub(crate) fn settings(app: &AppHandle) -> tauri::Result<()> {
    if app.get_webview_window(Pane::App.label()).is_none() {
        app.state::<Shell>().show_settings();
        return open(app, Pane::App);
    }
    raise(app, Pane::App);
    Ok(())
}

/// Draws nothing of the pages any more, or draws them again. Called on the main thread.
pub(crate) fn cover(app: &AppHandle, on: bool) {
    for window in app.webview_windows().values() {
        if let Err(error) = draw(window, !on) {
            tracing::warn!(%error, window = window.label(), "a window stays as it is");
        }
    }
}

/// Without its view no page can draw, whatever it tries, and it learns that it is hidden.
fn draw(window: &WebviewWindow, on: bool) -> tauri::Result<()> {
    let view: &Webview = window.as_ref();
    if on { view.show() } else { view.hide() }
}

/// Shows it once; later calls find it shown, or minimised or closed to the tray by the person, and leave it.
fn show(window: &WebviewWindow, shown: &AtomicBool) {
    if shown.swap(true, Ordering::AcqRel) || window.is_visible().unwrap_or(true) || stays_in_tray(window) {
        return;
    }
    // The app's own window always comes because somebody asked for it, or with a question.
    let is_own = window.label() == Pane::App.label();
    let front = |()| if is_own { forward::present(window) } else { window.set_focus() };
    if let Err(error) = window.show().and_then(front) {
        tracing::warn!(%error, window = window.label(), "a window did not appear");
    }
}

/// A start for the tray shows no window. Where there is no tray, the window waits in the task bar.
fn stays_in_tray(window: &WebviewWindow) -> bool {
    let app = window.app_handle();
    if window.label() == Pane::App.label() || !app.state::<Shell>().stays_hidden() {
        return false;
    }
    if !tray::is_there(app)
        && let Err(error) = window.minimize().and_then(|()| window.show())
    {
        tracing::warn!(%error, "a window is out of reach");
    }
    true
}

const fn paper(theme: Theme) -> Color {
    match theme {
        Theme::Dark => PAPER_DARK,
        _ => PAPER_LIGHT,
    }
}

/// The origin of our pages, as a request names it.
pub(crate) const fn own_origin() -> &'static str {
    if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" }
}

/// The app's own origin is `tauri://localhost`, on Windows `http://tauri.localhost`.
fn is_own_page(url: &Url, pane: Pane) -> bool {
    let origin = match (url.scheme(), url.host_str()) {
        ("tauri", host) => host == Some("localhost"),
        ("http" | "https", host) => cfg!(windows) && host == Some("tauri.localhost"),
        _ => false,
    };
    origin && url.port().is_none() && url.path() == format!("/{}", pane.page())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_35_a_form_names_no_window() {
        let usual = "Deskbell: chat";
        for (said, shown) in [
            ("(3) Shop", "(3) Deskbell: chat"),
            ("(9999) ", "(9999) Deskbell: chat"),
            ("Unlock the keyring", usual),
            ("(Unlock the keyring) 1", usual),
            ("(12345) x", usual),
            ("()", usual),
            ("(1", usual),
            ("", usual),
        ] {
            assert_eq!(counted(usual, said), shown, "{said}");
        }
    }

    #[test]
    fn threats_32_a_window_goes_nowhere_else() {
        let allowed = |url: &str| is_own_page(&url.parse().unwrap(), Pane::Visitor);
        assert!(allowed("tauri://localhost/visitor/index.html"));
        assert!(allowed("tauri://localhost/visitor/index.html#top"));
        for url in [
            "tauri://localhost/operator/index.html",
            "tauri://localhost/",
            "tauri://localhost.evil/visitor/index.html",
            "tauri://evil/visitor/index.html",
            "tauri://localhost:8080/visitor/index.html",
            "https://tauri.localhost.evil/visitor/index.html",
            "https://localhost/visitor/index.html",
            "https://example.org/",
            "http://127.0.0.1:7717/visitor/index.html",
            "desk://localhost/send",
            "data:text/html,x",
            "blob:tauri://localhost/1",
            "javascript:alert(1)",
            "about:blank",
            "file:///etc/passwd",
        ] {
            assert!(!allowed(url), "{url}");
        }
    }
}

//! The desktop's hub: news of the session, focus, sleep and settings go in; alerts, sounds and the tray come out.
//!
//! What must always hold: one thread owns the rules ([`deskbell_api::desktop`]), so their order is the order of what
//! happened; nobody who tells it something waits for a notification daemon, a sound card or a bus.

mod answers;
mod hub;
mod notify;
mod sounds;
mod words;

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use deskbell_api::desktop::{AlertPrefs, Bell, Facts, Kind, News, Side};
use deskbell_wire::{Timestamp, VisitorId};
use tauri::{AppHandle, Manager};

use crate::arguments::Face;
use crate::shell::Shell;
use hub::{Hides, Hub};
use notify::{Notifier, Told};
use sounds::Sounds;

/// How long the program's end waits for the alerts to be taken back.
const FAREWELL: Duration = Duration::from_secs(1);

/// The hub; clones mean the same one.
#[derive(Clone)]
pub(crate) struct Desktop {
    calls: Sender<Call>,
    standing: Arc<Mutex<Standing>>,
}

/// What the hub is told.
#[derive(Debug)]
pub(crate) enum Signal {
    /// By the session.
    News(News),
    /// Our window has the focus and is shown, or not.
    Focus(bool),
    /// The conversation that the operator's page shows.
    InView(Option<VisitorId>),
    /// The person chose anew what to be told.
    Prefs(AlertPrefs),
    /// No alerts until then; `None`: alerts again.
    PauseUntil(Option<Timestamp>),
    /// The computer's session is locked, or not any more.
    Locked(bool),
    /// Shows an alert of this kind and plays its sound, whatever the settings say.
    Test(Kind),
    /// Plays a kind's sound at this loudness, 0 to 100.
    TestSound(Kind, u8),
    /// Shows a sentence of the shell's own: the texts `notice_<name>_title` and `notice_<name>_body`.
    Notice(&'static str),
}

/// What the hub's thread is told, by others and by what it started itself.
#[derive(Debug)]
enum Call {
    Signal(Signal),
    Told(Told),
    End(Sender<()>),
}

/// How things stand, for whoever asks.
#[derive(Clone, Debug, Default)]
struct Standing {
    facts: Option<Facts>,
    notifications: Notifications,
}

/// Whether notifications can be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Notifications {
    /// Not known yet.
    #[default]
    Unknown,
    /// By a program of this name.
    Shown(String),
    /// Something is there and does not answer.
    Silent,
    /// There is nothing that shows them.
    None,
}

/// What a desktop was told before its threads run, and is told after.
pub(crate) struct Heard(Receiver<Call>);

impl Desktop {
    /// One that keeps what it is told until it starts: a session may begin before there is any window.
    pub(crate) fn waiting() -> (Self, Heard) {
        let (calls, heard) = mpsc::channel();
        (Self { calls, standing: Arc::default() }, Heard(heard))
    }

    /// Starts its threads.
    pub(crate) fn start(&self, app: AppHandle, Heard(heard): Heard) -> std::io::Result<()> {
        let hub = self.hub(app);
        thread::Builder::new().name("desktop".to_owned()).spawn(move || hub.run(&heard))?;
        Ok(())
    }

    fn hub(&self, app: AppHandle) -> Hub {
        let shell = app.state::<Shell>();
        let prefs = shell.preferences().now().alerts;
        let side = match shell.request().face {
            Face::Visitor => Side::Visitor,
            Face::Operator => Side::Operator,
        };
        let told = self.calls.clone();
        let notifier = Notifier::start(sender(&app), Box::new(move |news| drop(told.send(Call::Told(news)))));
        let sounds = Sounds::start();
        Hub {
            side,
            locale: shell.locale(),
            hides_names: Hides { chosen: prefs.hide_words, locked: false },
            bell: Bell::new(prefs),
            began: Instant::now(),
            notifier: notifier.inspect_err(|error| tracing::error!(%error, "no alerts")).ok(),
            sounds: sounds.inspect_err(|error| tracing::error!(%error, "no sounds")).ok(),
            standing: Arc::clone(&self.standing),
            app: app.clone(),
        }
    }

    /// Tells it; after its end nobody hears. Never waits.
    pub(crate) fn tell(&self, signal: Signal) {
        drop(self.calls.send(Call::Signal(signal)));
    }

    /// Takes back what is shown, for the program ends. Waits for a second at most.
    pub(crate) fn end(&self) {
        let (done, ended) = mpsc::channel();
        drop(self.calls.send(Call::End(done)));
        let _ = ended.recv_timeout(FAREWELL);
    }

    /// How the session stands; `None` before it has said so.
    pub(crate) fn facts(&self) -> Option<Facts> {
        self.standing().facts
    }

    /// Whether notifications can be shown, as of the last one.
    pub(crate) fn notifications(&self) -> Notifications {
        self.standing().notifications
    }

    fn standing(&self) -> Standing {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// As what the alerts are shown. A packed program's file, icon and entry among the desktop's programs have one name.
fn sender(app: &AppHandle) -> notify::Sender {
    let program = std::env::current_exe().ok();
    let file = program.as_deref().and_then(|file| file.file_stem()).and_then(|name| name.to_str());
    let entry = file.unwrap_or(app.package_info().crate_name).to_owned();
    notify::Sender { name: app.package_info().name.clone(), entry }
}

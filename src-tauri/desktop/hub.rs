//! The hub's thread: it alone owns the rules, tells them what happened and carries out what comes of it.

use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use deskbell_api::desktop::{AlertId, At, Bell, News, Now, Ring, Side, TrayView, tray_face};
use deskbell_api::dto::Locale;
use deskbell_wire::Timestamp;
use tauri::AppHandle;

use super::answers::deed;
use super::notify::{Notifier, Press, Told};
use super::sounds::Sounds;
use super::words::Poster;
use super::{Call, Signal, Standing};
use crate::{deeds, tray};

/// Everything that the thread has.
pub(super) struct Hub {
    pub(super) app: AppHandle,
    pub(super) side: Side,
    pub(super) locale: Locale,
    pub(super) bell: Bell,
    pub(super) began: Instant,
    /// `None` where the system gave no thread for it.
    pub(super) notifier: Option<Notifier>,
    /// As the notifier.
    pub(super) sounds: Option<Sounds>,
    pub(super) standing: Arc<Mutex<Standing>>,
    pub(super) hides_names: Hides,
}

/// Why no name is shown in the tray.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hides {
    pub(super) chosen: bool,
    pub(super) locked: bool,
}

impl Hub {
    /// Until the program ends. What a session says after that rings no more: nobody would take it back.
    pub(super) fn run(mut self, heard: &Receiver<Call>) {
        self.show_tray();
        while self.next(heard).is_continue() {
            self.show_tray();
        }
    }

    /// The next thing that happens, or that is due.
    fn next(&mut self, heard: &Receiver<Call>) -> ControlFlow<()> {
        match self.wait(heard) {
            Ok(call) => self.hear(call)?,
            Err(RecvTimeoutError::Timeout) => self.bell.tick(self.at()),
            Err(RecvTimeoutError::Disconnected) => return ControlFlow::Break(()),
        }
        self.ring();
        // Of many things at once the tray shows what they came to.
        for call in heard.try_iter() {
            self.hear(call)?;
            self.ring();
        }
        ControlFlow::Continue(())
    }

    /// Until the rules want to be asked, where they want that at all.
    fn wait(&self, heard: &Receiver<Call>) -> Result<Call, RecvTimeoutError> {
        match self.bell.deadline() {
            Some(due) => heard.recv_timeout(Duration::from_millis(due.saturating_sub(self.at().now.mono))),
            None => heard.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// `Break`: that was the end.
    fn hear(&mut self, call: Call) -> ControlFlow<()> {
        let at = self.at();
        match call {
            Call::Signal(signal) => self.signal(signal, at),
            Call::Told(Told::Pressed(alert, press)) => self.press(alert, press, at),
            Call::Told(Told::Closed(alert)) => drop(self.bell.answered(alert, at)),
            Call::Told(Told::Expired(alert)) => self.bell.expired(alert, at),
            Call::Told(Told::Lost) => self.bell.forgotten(at),
            Call::Told(Told::Quiet(quiet)) => self.bell.system_quiet(quiet, at),
            Call::Told(Told::Reach(reach)) => self.stand(|standing| standing.notifications = reach),
            Call::End(done) => {
                self.notifier.iter().for_each(Notifier::end);
                let _ = done.send(());
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn signal(&mut self, signal: Signal, at: At) {
        match signal {
            Signal::News(news) => {
                if let News::Facts(facts) = &news {
                    self.stand(|standing| standing.facts = Some((**facts).clone()));
                }
                self.bell.news(news, at);
            }
            Signal::Focus(focused) => self.bell.focus(focused, at),
            Signal::InView(visitor) => self.bell.in_view(visitor, at),
            Signal::Prefs(prefs) => {
                self.hides_names.chosen = prefs.hide_words;
                self.bell.prefs(prefs, at);
            }
            Signal::PauseUntil(until) => self.bell.pause(until, at),
            Signal::Locked(locked) => {
                self.hides_names.locked = locked;
                self.bell.locked(locked, at);
            }
            Signal::Test(kind) => self.post(Poster::trial(kind, self.locale)),
            Signal::TestSound(kind, loudness) => {
                self.sounds.iter().for_each(|sounds| sounds.play(kind, loudness));
            }
            Signal::Notice(notice) => self.post(Poster::notice(notice, self.locale)),
        }
    }

    fn press(&mut self, alert: AlertId, press: Press, at: At) {
        let subject = self.bell.answered(alert, at);
        // Not every daemon takes it from the screen when it is pressed.
        self.withdraw(alert);
        if let Some(deed) = deed(subject, press, self.side) {
            deeds::perform(&self.app, deed);
        }
    }

    /// Carries out what the rules say.
    fn ring(&mut self) {
        while let Some(ring) = self.bell.poll() {
            match ring {
                Ring::Show(alert) => self.post(Poster::of(alert, self.locale)),
                Ring::Withdraw(id) => self.withdraw(id),
                Ring::Play(kind, loudness) => {
                    self.sounds.iter().for_each(|sounds| sounds.play(kind, loudness))
                }
            }
        }
    }

    fn post(&self, poster: Poster) {
        if let Some(notifier) = &self.notifier {
            notifier.show(poster);
        }
    }

    fn withdraw(&self, id: AlertId) {
        if let Some(notifier) = &self.notifier {
            notifier.withdraw(id);
        }
    }

    fn show_tray(&self) {
        let paused_until = self.bell.paused_until();
        let hide_names = self.hides_names.chosen || self.hides_names.locked;
        let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let face = tray_face(standing.facts.as_ref(), TrayView { paused_until, hide_names });
        drop(standing);
        tray::show(&self.app, face);
    }

    fn stand(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut self.standing.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn at(&self) -> At {
        At { now: now(self.began), minute: minute() }
    }
}

fn now(began: Instant) -> Now {
    let mono = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Now { mono, wall: Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)) }
}

/// Minutes of the day where the computer is.
fn minute() -> u16 {
    let time = jiff::Zoned::now().time();
    let minutes = i32::from(time.hour()) * 60 + i32::from(time.minute());
    u16::try_from(minutes).unwrap_or_default()
}

//! Notifications by D-Bus, on one connection for all of them.
//!
//! Why not a connection for each, as notify-rust makes: GNOME takes back what a connection has shown when that ends and
//! answers to it alone, and a thousand kept open are a thousand threads.
//! What must always hold: the bus is written to by one thread here and read by another one, neither of which holds the
//! board while it waits; nothing is asked of a daemon that is known to be absent.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use deskbell_api::desktop::AlertId;
use zbus::blocking::{Connection, MessageIterator};

use super::board::{Board, Order};
use super::note::{Abilities, note};
use super::quiet::{Place, Quiet};
use super::{Listener, Sender, Told, call, listen};
use crate::desktop::Notifications;
use crate::desktop::words::Poster;

/// How long nothing is tried where there was no bus or no daemon; a daemon that appears is noticed at once.
const PAUSE: Duration = Duration::from_secs(10);
/// How long the program's end waits for what is on the screen to be taken back.
const FAREWELL: Duration = Duration::from_millis(500);

/// Shows alerts; clones mean the same one.
#[derive(Clone)]
pub(in crate::desktop) struct Notifier {
    shared: Arc<Shared>,
}

/// What both threads know.
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    pub(super) told: Listener,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) board: Board,
    pub(super) daemon: Daemon,
    /// The daemon's connection: signals of any other are nobody's.
    pub(super) owner: Option<String>,
    /// The portal's, as the daemon's.
    pub(super) portal: Option<String>,
    /// What was shown is lost, and whoever shows alerts does not know it yet.
    pub(super) is_lost: bool,
    pub(super) quiet: Quiet,
    is_ending: bool,
}

/// Whoever shows notifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Daemon {
    /// Nobody was asked yet, or another one came.
    #[default]
    Unmet,
    /// There is one.
    Met(Abilities),
    /// There is one, and it does not answer.
    Silent,
    /// There was none at this time.
    Absent(Instant),
}

impl Notifier {
    /// Starts its threads, on the session's bus.
    pub(in crate::desktop) fn start(sender: Sender, told: Listener) -> std::io::Result<Self> {
        Self::start_on(None, sender, told)
    }

    /// The same on the bus at this address.
    pub(super) fn start_on(bus: Option<String>, sender: Sender, told: Listener) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new(), told });
        let writer = Writer { shared: Arc::clone(&shared), bus, sender };
        thread::Builder::new().name("notifications".to_owned()).spawn(move || writer.run())?;
        Ok(Self { shared })
    }

    /// Shows it, or replaces what is shown under its id.
    pub(in crate::desktop) fn show(&self, poster: Poster) {
        self.shared.change(|state| {
            state.board.show(poster);
            if matches!(state.daemon, Daemon::Absent(since) if since.elapsed() > PAUSE) {
                state.daemon = Daemon::Unmet;
            }
        });
    }

    /// Takes it back.
    pub(in crate::desktop) fn withdraw(&self, id: AlertId) {
        self.shared.change(|state| state.board.withdraw(id));
    }

    /// Takes everything back, for the program ends: a button that nobody answers any more is a lie. Waits for at most
    /// half a second.
    pub(in crate::desktop) fn end(&self) {
        self.shared.change(|state| {
            state.board.clear();
            state.is_ending = true;
        });
        let state = self.shared.lock();
        drop(self.shared.changed.wait_timeout_while(state, FAREWELL, |state| state.is_ending));
    }
}

impl Shared {
    /// Changes what both know, and lets the writer look at it.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let changed = change(&mut self.lock());
        self.changed.notify_all();
        changed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is something to do on the bus.
    fn wait(&self) {
        let idle = |state: &mut State| match state.daemon {
            Daemon::Unmet => false,
            Daemon::Met(_) | Daemon::Silent => !state.board.is_due() && !state.is_ending,
            Daemon::Absent(_) => !state.is_ending,
        };
        drop(self.changed.wait_while(self.lock(), idle));
    }
}

/// The thread that writes to the bus.
struct Writer {
    shared: Arc<Shared>,
    bus: Option<String>,
    sender: Sender,
}

impl Writer {
    fn run(self) {
        let mut line: Option<Connection> = None;
        loop {
            self.shared.wait();
            let open = line.take().filter(|line| !line.is_closed());
            line = open.or_else(|| self.connect());
            if let Some(line) = &line {
                self.serve(line);
            }
            self.shared.change(|state| state.is_ending = false);
        }
    }

    /// The bus, with a reader of its own.
    fn connect(&self) -> Option<Connection> {
        let opened = call::connect(self.bus.as_deref()).and_then(|line| {
            let messages = MessageIterator::from(&line);
            let shared = Arc::clone(&self.shared);
            let reader = thread::Builder::new().name("notifications read".to_owned());
            reader
                .spawn(move || listen::run(messages, &shared))
                .map_err(|error| zbus::Error::InputOutput(error.into()))?;
            // Its reader holds the line open: one that is of no use is closed, or both would stay.
            call::listen(&line).inspect_err(|_| drop(line.clone().close()))?;
            Ok(line)
        });
        opened
            .inspect_err(|error| {
                tracing::info!(%error, "no bus for notifications");
                self.met(Daemon::Absent(Instant::now()), Notifications::None);
            })
            .ok()
    }

    /// Does what there is to do.
    fn serve(&self, line: &Connection) {
        if self.shared.lock().daemon == Daemon::Unmet {
            self.greet(line);
        }
        while let Some((order, abilities)) = self.next() {
            let sent = match order {
                Order::Show(poster, replaces) => self.show(line, &poster, replaces, abilities),
                Order::Close(number) => call::close(number).and_then(|message| line.send(&message)),
            };
            if let Err(error) = sent {
                tracing::warn!(%error, "a notification did not reach the bus");
            }
        }
    }

    fn next(&self) -> Option<(Order, Abilities)> {
        let mut state = self.shared.lock();
        let abilities = match state.daemon {
            Daemon::Met(abilities) => abilities,
            Daemon::Silent => Abilities::default(),
            Daemon::Unmet | Daemon::Absent(_) => return None,
        };
        Some((state.board.next()?, abilities))
    }

    fn show(
        &self,
        line: &Connection,
        poster: &Poster,
        replaces: Option<u32>,
        abilities: Abilities,
    ) -> zbus::Result<()> {
        let id = poster.alert.id;
        let built = call::show(&self.sender, &note(poster, abilities), replaces);
        let message = built.inspect_err(|_| self.shared.lock().board.withdraw(id))?;
        // The answer may be here before `send` is back.
        self.shared.lock().board.sent(id, message.primary_header().serial_num().get());
        line.send(&message)
    }

    /// Learns who is there and what it can do.
    fn greet(&self, line: &Connection) {
        match call::abilities(line) {
            Ok(abilities) => {
                let name = call::daemon_name(line).unwrap_or_default();
                self.shared.lock().owner = call::owner(line);
                self.ask_for_quiet(line);
                self.met(Daemon::Met(abilities), Notifications::Shown(name));
            }
            Err(error) if is_silence(&error) => {
                self.shared.lock().owner = call::owner(line);
                self.met(Daemon::Silent, Notifications::Silent);
            }
            Err(error) => {
                tracing::info!(%error, "nobody shows notifications");
                self.ask_for_quiet(line);
                self.met(Daemon::Absent(Instant::now()), Notifications::None);
            }
        }
    }

    /// From now on it is so. What was lost with the one before can be shown again.
    fn met(&self, daemon: Daemon, reach: Notifications) {
        let is_there = !matches!(daemon, Daemon::Absent(_));
        let lost = self.shared.change(|state| {
            state.daemon = daemon;
            is_there && std::mem::take(&mut state.is_lost)
        });
        (self.shared.told)(Told::Reach(reach));
        if lost {
            (self.shared.told)(Told::Lost);
        }
    }

    fn ask_for_quiet(&self, line: &Connection) {
        self.shared.lock().portal = call::portal(line);
        for place in Place::ALL {
            if let Some(said) = call::ask(line, place) {
                self.shared.hear_quiet(place, &said);
            }
        }
    }
}

impl Shared {
    /// A place of the desktop says whether it is quiet.
    pub(super) fn hear_quiet(&self, place: Place, said: &zbus::zvariant::OwnedValue) {
        let mut state = self.lock();
        let differs = state.quiet.hear(place, said);
        let is_quiet = state.quiet.is_quiet();
        drop(state);
        if differs {
            (self.told)(Told::Quiet(is_quiet));
        }
    }
}

/// Did it come to no answer in time?
fn is_silence(error: &zbus::Error) -> bool {
    matches!(error, zbus::Error::InputOutput(error) if error.kind() == std::io::ErrorKind::TimedOut)
}

//! Notifications from outside: what goes over the bus, and a daemon that shows them.
//!
//! What must always hold: the ear hears everything from the moment it is there, in order, with the time at which the bus
//! passed it on.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use zbus::blocking::{Connection, MessageIterator, connection::Builder, fdo::MonitoringProxy};
use zbus::message::{Message, Type};
use zbus::zvariant::OwnedValue;

use crate::process::{Process, limit};
use crate::world::World;

/// The name of whoever shows notifications, and of its interface.
const DAEMON: &str = "org.freedesktop.Notifications";

/// A notification as an app asked for it.
#[derive(Clone, Debug)]
pub struct Note {
    /// When the bus passed it on.
    pub at: Instant,
    /// The number of the one that it replaces; 0: none.
    pub replaces: u32,
    /// Its own number, once the daemon has said it.
    pub number: Option<u32>,
    /// The connection that asked.
    pub from: String,
    /// Who shows it.
    pub app: String,
    /// Its icon's name.
    pub icon: String,
    /// The title.
    pub summary: String,
    /// The text.
    pub body: String,
    /// Keys and labels in turn.
    pub actions: Vec<String>,
    /// The hints, as text.
    pub hints: BTreeMap<String, String>,
    /// How long, in milliseconds.
    pub timeout: i32,
}

/// What was heard so far.
#[derive(Default)]
struct Heard {
    notes: Vec<Note>,
    /// By (sender, serial), so that an answer finds its note.
    calls: BTreeMap<(String, u32), usize>,
    closed: Vec<u32>,
}

/// Listens to everything about notifications on a computer's bus.
pub struct Ear {
    heard: Arc<Mutex<Heard>>,
}

impl Ear {
    /// From now on it listens.
    pub fn at(world: &World) -> Self {
        let line = Builder::address(world.bus_address()).unwrap().build().unwrap();
        let messages = MessageIterator::from(&line);
        let rules = [format!("type='method_call',interface='{DAEMON}'"), "type='method_return'".to_owned()];
        let rules: Vec<zbus::OwnedMatchRule> =
            rules.iter().map(|rule| zbus::MatchRule::try_from(rule.as_str()).unwrap().into()).collect();
        let rules: Vec<zbus::MatchRule<'_>> = rules.iter().map(|rule| rule.inner().clone()).collect();
        MonitoringProxy::new(&line).unwrap().become_monitor(&rules, 0).unwrap();
        let heard: Arc<Mutex<Heard>> = Arc::default();
        let kept = Arc::clone(&heard);
        std::thread::spawn(move || {
            for message in messages.map_while(Result::ok) {
                kept.lock().unwrap().hear(&message);
            }
            drop(line);
        });
        Self { heard }
    }

    /// Every notification so far, in the order of the bus.
    pub fn notes(&self) -> Vec<Note> {
        self.heard.lock().unwrap().notes.clone()
    }

    /// How many so far.
    pub fn count(&self) -> usize {
        self.heard.lock().unwrap().notes.len()
    }

    /// The numbers of those that were taken back.
    pub fn taken_back(&self) -> Vec<u32> {
        self.heard.lock().unwrap().closed.clone()
    }

    /// Waits for a notification that says so.
    pub async fn until(&self, what: &str, is_so: impl Fn(&Note) -> bool) -> Note {
        let find = || self.notes().into_iter().find(|note| note.number.is_some() && is_so(note));
        until(what, || find().is_some(), || format!("{:#?}", self.notes())).await;
        find().unwrap()
    }

    /// Waits until the notification with this number is taken back.
    pub async fn until_taken_back(&self, note: &Note) {
        let number = note.number.unwrap();
        until("it is taken back", || self.taken_back().contains(&number), || format!("{note:#?}")).await;
    }
}

impl Heard {
    fn hear(&mut self, message: &Message) {
        let header = message.header();
        match message.message_type() {
            Type::MethodCall if header.member().is_some_and(|name| name == "Notify") => self.note(message),
            Type::MethodCall if header.member().is_some_and(|name| name == "CloseNotification") => {
                self.closed.extend(message.body().deserialize::<u32>());
            }
            Type::MethodReturn => self.answer(message),
            _ => {}
        }
    }

    fn note(&mut self, message: &Message) {
        type Asked = (String, u32, String, String, String, Vec<String>, BTreeMap<String, OwnedValue>, i32);
        let header = message.header();
        let call = (header.sender().unwrap().to_string(), header.primary().serial_num().get());
        let (app, replaces, icon, summary, body, actions, hints, timeout): Asked =
            message.body().deserialize().unwrap();
        let hints = hints.into_iter().map(|(name, value)| (name, format!("{value:?}"))).collect();
        let from = call.0.clone();
        self.calls.insert(call, self.notes.len());
        let at = Instant::now();
        let number = None;
        self.notes.push(Note {
            from,
            at,
            replaces,
            number,
            app,
            icon,
            summary,
            body,
            actions,
            hints,
            timeout,
        });
    }

    fn answer(&mut self, message: &Message) {
        let header = message.header();
        let Some((to, serial)) = header.destination().zip(header.reply_serial()) else { return };
        if let Some(place) = self.calls.get(&(to.to_string(), serial.get())) {
            self.notes[*place].number = message.body().deserialize().ok();
        }
    }
}

/// dunst, with nothing of this computer's own configuration.
pub struct Dunst<'a> {
    world: &'a World,
    _process: Process,
}

impl<'a> Dunst<'a> {
    /// Starts it, and waits until it answers.
    pub fn start(world: &'a World) -> Self {
        let (config, choice) = (world.path("dunstrc"), world.path("choice"));
        world.install("choose-action", &format!("#!/bin/sh\ngrep -m1 -f {}\n", choice.display()));
        let text = "[global]\ndmenu = choose-action\nidle_threshold = 0\nfollow = none\nmarkup = full\n\
                    sticky_history = yes\nnotification_limit = 0\nicon_theme = none\n\
                    [urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n";
        std::fs::write(&config, text).unwrap();
        let mut command = world.command("dunst".as_ref());
        let process = Process::start(command.arg("-config").arg(&config));
        let dunst = Self { world, _process: process };
        let waits = Instant::now();
        while dunst.control(&["count"]).is_none() {
            assert!(waits.elapsed() < limit(), "dunst does not answer: {}", dunst._process.output());
            std::thread::sleep(Duration::from_millis(10));
        }
        dunst
    }

    /// How many are on the screen.
    pub fn displayed(&self) -> usize {
        self.control(&["count", "displayed"]).unwrap().trim().parse().unwrap()
    }

    /// Waits until so many are on the screen.
    pub async fn until_displayed(&self, count: usize) {
        let what = format!("{count} on the screen");
        until(&what, || self.displayed() == count, || self.displayed().to_string()).await;
    }

    /// Clicks the newest one.
    pub fn click(&self) {
        self.control(&["action", "0"]).unwrap();
    }

    /// Presses a button, by its label.
    pub fn press(&self, label: &str) {
        std::fs::write(self.world.path("choice"), format!("{label}\n")).unwrap();
        self.control(&["context"]).unwrap();
    }

    /// Closes the newest one, as a person who has seen it.
    pub fn close(&self) {
        self.control(&["close"]).unwrap();
    }

    /// Wants no disturbance, or does again.
    pub fn pause(&self, is_paused: bool) {
        self.control(&["set-paused", if is_paused { "true" } else { "false" }]).unwrap();
    }

    fn control(&self, words: &[&str]) -> Option<String> {
        let mut command = Command::new("dunstctl");
        self.world.environment(&mut command);
        let done = command.args(words).output().unwrap();
        done.status.success().then(|| String::from_utf8_lossy(&done.stdout).into_owned())
    }
}

/// A daemon that takes whatever comes and says nothing until it is told to.
pub struct Standing {
    line: Connection,
}

/// What it can be asked.
struct Interface {
    last: u32,
    /// It takes this long for each.
    slow: Duration,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Interface {
    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &mut self,
        _app: String,
        replaces: u32,
        _icon: String,
        _summary: String,
        _body: String,
        _actions: Vec<String>,
        _hints: BTreeMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        std::thread::sleep(self.slow);
        if replaces != 0 {
            return replaces;
        }
        self.last += 1;
        self.last
    }

    fn close_notification(&self, _number: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("Standing".to_owned(), String::new(), "1".to_owned(), "1.2".to_owned())
    }
}

impl Standing {
    /// Stands on the computer's bus, and takes so long for each notification.
    pub fn start(world: &World, slow: Duration) -> Self {
        let interface = Interface { last: 0, slow };
        let line = Builder::address(world.bus_address()).unwrap().name(DAEMON).unwrap();
        let line = line.serve_at("/org/freedesktop/Notifications", interface).unwrap().build().unwrap();
        Self { line }
    }

    /// A person presses what has this key on the notification with this number.
    pub fn press(&self, note: &Note, key: &str) {
        self.signal(None, &(note.number.unwrap(), key));
    }

    /// Anybody on the bus says the same to the app, past the rules by which it listens.
    pub fn press_as_another(world: &World, note: &Note, key: &str) {
        let line = Builder::address(world.bus_address()).unwrap().build().unwrap();
        Self { line }.signal(Some(&note.from), &(note.number.unwrap(), key));
    }

    fn signal(&self, to: Option<&str>, pressed: &(u32, &str)) {
        let path = "/org/freedesktop/Notifications";
        self.line.emit_signal(to, path, DAEMON, "ActionInvoked", pressed).unwrap();
    }
}

async fn until(what: &str, is_so: impl Fn() -> bool, report: impl Fn() -> String) {
    let waits = Instant::now();
    while !is_so() {
        assert!(waits.elapsed() < limit(), "never: {what}\n{}", report());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

//! The real thing on a bus of the test's own, with daemons that behave as daemons do.

use std::collections::HashMap;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use deskbell_api::desktop::{Alert, AlertId, Kind};
use deskbell_api::dto::Locale;
use tempfile::TempDir;
use zbus::blocking::{Connection, MessageIterator, connection::Builder};
use zbus::message::{Message, Type};
use zbus::zvariant::Value;

use super::call::{DAEMON, SETTINGS};
use super::{Notifications, Notifier, Press, Sender, Told};
use crate::desktop::words::Poster;

const PATH: &str = "/org/freedesktop/Notifications";
/// Longer than any wait of the product's.
const LIMIT: Duration = Duration::from_secs(20);

/// A bus, gone with the test.
struct Bus {
    address: String,
    daemon: Child,
    _folder: TempDir,
}

impl Bus {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("bus");
        let address = format!("unix:path={}", socket.display());
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--session", "--nofork", "--nopidfile", "--address", &address]);
        // Nothing is started by the bus itself.
        daemon.env("XDG_DATA_DIRS", folder.path()).env("XDG_DATA_HOME", folder.path());
        let daemon = daemon.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let until = Instant::now() + LIMIT;
        while !socket.exists() {
            assert!(Instant::now() < until, "no bus");
            std::thread::yield_now();
        }
        Self { address, daemon, _folder: folder }
    }

    fn notifier(&self) -> (Notifier, Receiver<Told>) {
        let (telling, told) = mpsc::channel();
        let sender = Sender { name: "Deskbell".to_owned(), entry: "deskbell".to_owned() };
        let listener = Box::new(move |news| drop(telling.send(news)));
        (Notifier::start_on(Some(self.address.clone()), sender, listener).unwrap(), told)
    }

    fn daemon(&self) -> Daemon {
        let line = Builder::address(self.address.as_str()).unwrap().build().unwrap();
        let messages = MessageIterator::from(&line);
        line.request_name(DAEMON).unwrap();
        let (hearing, calls) = mpsc::channel();
        std::thread::spawn(move || {
            let calls = messages.map_while(Result::ok).filter(|it| it.message_type() == Type::MethodCall);
            calls.for_each(|call| drop(hearing.send(call)));
        });
        Daemon { line, calls }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// A daemon that answers when the test says so.
struct Daemon {
    line: Connection,
    calls: Receiver<Message>,
}

impl Daemon {
    /// The next call of this name; what is asked beside it is answered as an ordinary daemon would.
    fn next(&self, member: &str) -> Message {
        loop {
            let call = self.calls.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("no {member}"));
            if call.header().member().unwrap() == member {
                return call;
            }
            self.serve(&call);
        }
    }

    fn serve(&self, call: &Message) {
        let header = call.header();
        match header.member().unwrap().as_str() {
            "GetCapabilities" => self.line.reply(&header, &vec!["body-markup", "actions"]).unwrap(),
            "GetServerInformation" => self.line.reply(&header, &("test", "", "1", "1.2")).unwrap(),
            "Get" => {
                self.line.reply_error(&header, "org.freedesktop.DBus.Error.InvalidArgs", &"none").unwrap()
            }
            "CloseNotification" => {}
            other => panic!("an unexpected {other}"),
        }
    }

    fn shows(&self, number: u32) -> (u32, String) {
        let call = self.next("Notify");
        self.line.reply(&call.header(), &number).unwrap();
        words(&call)
    }

    fn signal(
        &self,
        interface: &str,
        name: &str,
        body: &(impl serde::Serialize + zbus::zvariant::DynamicType),
    ) {
        self.line.emit_signal(None::<&str>, PATH, interface, name, body).unwrap();
    }
}

/// What a call replaces, and what it says.
fn words(call: &Message) -> (u32, String) {
    type Asked =
        (String, u32, String, String, String, Vec<String>, HashMap<String, zbus::zvariant::OwnedValue>, i32);
    let asked: Asked = call.body().deserialize().unwrap();
    (asked.1, asked.4)
}

fn alert(id: u64, words: &str) -> Poster {
    let alert = Alert {
        id: AlertId(id),
        kind: Kind::Words,
        subject: None,
        who: None,
        words: Some(words.to_owned()),
        count: 1,
        acts: vec![],
        stays: false,
        silent: false,
    };
    Poster::of(alert, Locale::En)
}

fn until(told: &Receiver<Told>, wanted: &Told) {
    while told.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("never {wanted:?}")) != *wanted {}
}

fn shown() -> Told {
    Told::Reach(Notifications::Shown("test".to_owned()))
}

#[test]
fn threats_34_what_is_pressed_is_told_and_only_by_the_daemon() {
    let bus = Bus::start();
    let daemon = bus.daemon();
    let (notifier, told) = bus.notifier();
    notifier.show(alert(1, "one"));
    let call = daemon.next("Notify");
    daemon.line.reply(&call.header(), &7u32).unwrap();
    assert_eq!(words(&call), (0, "one".to_owned()));
    // Whoever is on the bus may say so to us alone, past every rule; it came before what the daemon says.
    let another = Builder::address(bus.address.as_str()).unwrap().build().unwrap();
    let (to, pressed) = (call.header().sender().cloned(), (7u32, "decline"));
    another.emit_signal(to.clone(), PATH, DAEMON, "ActionInvoked", &pressed).unwrap();
    let (portal, off) = ("/org/freedesktop/portal/desktop", Value::from(false));
    let silenced = ("org.gnome.desktop.notifications", "show-banners", off);
    another.emit_signal(to, portal, SETTINGS, "SettingChanged", &silenced).unwrap();
    notifier.show(alert(1, "two"));
    assert_eq!(daemon.shows(7), (7, "two".to_owned()));
    daemon.signal(DAEMON, "ActionInvoked", &(7u32, "reply"));
    daemon.signal(DAEMON, "ActionInvoked", &(8u32, "reply"));
    daemon.signal(DAEMON, "NotificationClosed", &(7u32, 2u32));
    let heard: Vec<_> = std::iter::from_fn(|| told.recv_timeout(LIMIT).ok())
        .filter(|it| !matches!(it, Told::Reach(_)))
        .take(2)
        .collect();
    let reply = Press::Button(deskbell_api::desktop::Act::Reply);
    assert_eq!(heard, [Told::Pressed(AlertId(1), reply), Told::Closed(AlertId(1))]);
}

#[test]
fn a_daemon_that_does_not_answer_delays_nobody_and_gets_only_the_newest() {
    let bus = Bus::start();
    let daemon = bus.daemon();
    let (notifier, _told) = bus.notifier();
    notifier.show(alert(1, "number 0"));
    let first = daemon.next("Notify");
    let begin = Instant::now();
    (1..=10_000).for_each(|number| notifier.show(alert(1, &format!("number {number}"))));
    notifier.show(alert(2, "another"));
    assert!(begin.elapsed() < Duration::from_secs(5), "whoever shows an alert waits for nothing");
    assert_eq!(daemon.shows(8).1, "another", "one without an answer holds up no other");
    daemon.line.reply(&first.header(), &7u32).unwrap();
    assert_eq!(daemon.shows(7), (7, "number 10000".to_owned()));
    notifier.withdraw(AlertId(2));
    let closed: u32 = daemon.next("CloseNotification").body().deserialize().unwrap();
    assert_eq!(closed, 8);
}

#[test]
fn a_daemon_that_starts_anew_is_noticed_and_what_it_lost_is_said() {
    let bus = Bus::start();
    let (notifier, told) = bus.notifier();
    until(&told, &Told::Reach(Notifications::None));
    notifier.show(alert(1, "nobody there"));
    let daemon = bus.daemon();
    assert_eq!(daemon.shows(7).1, "nobody there");
    daemon.line.close().unwrap();
    let daemon = bus.daemon();
    let waits = std::thread::spawn(move || daemon.shows(1).1);
    until(&told, &Told::Lost);
    notifier.show(alert(1, "again"));
    assert_eq!(waits.join().unwrap(), "again");
}

#[test]
fn do_not_disturb_is_heard_and_forgotten_with_the_daemon() {
    let bus = Bus::start();
    let daemon = bus.daemon();
    let (_notifier, told) = bus.notifier();
    // Who asks for its properties listens already.
    let asked = daemon.next("Get");
    daemon.line.reply_error(&asked.header(), "org.freedesktop.DBus.Error.InvalidArgs", &"none").unwrap();
    let asked = daemon.next("Get");
    daemon.line.reply_error(&asked.header(), "org.freedesktop.DBus.Error.InvalidArgs", &"none").unwrap();
    let changed = |is_paused: bool| HashMap::from([("paused", Value::from(is_paused))]);
    let properties = "org.freedesktop.DBus.Properties";
    let say = |daemon: &Daemon, is_paused: bool| {
        let body = ("org.dunstproject.cmd0", changed(is_paused), Vec::<String>::new());
        daemon.signal(properties, "PropertiesChanged", &body);
    };
    say(&daemon, true);
    until(&told, &Told::Quiet(true));
    say(&daemon, false);
    until(&told, &Told::Quiet(false));
    say(&daemon, true);
    until(&told, &Told::Quiet(true));
    daemon.line.close().unwrap();
    until(&told, &Told::Quiet(false));
}

#[test]
fn the_end_takes_everything_back_and_waits_for_nobody() {
    let bus = Bus::start();
    let daemon = bus.daemon();
    let (notifier, told) = bus.notifier();
    notifier.show(alert(1, "one"));
    daemon.shows(7);
    until(&told, &shown());
    notifier.show(alert(2, "without an answer"));
    daemon.next("Notify");
    let begin = Instant::now();
    notifier.end();
    assert!(begin.elapsed() < Duration::from_secs(2));
    let closed: u32 = daemon.next("CloseNotification").body().deserialize().unwrap();
    assert_eq!(closed, 7);
}

#[test]
fn no_bus_is_calm() {
    let (telling, told) = mpsc::channel();
    let sender = Sender { name: "Deskbell".to_owned(), entry: "deskbell".to_owned() };
    let nowhere = "unix:path=/nonexistent/bus".to_owned();
    let listener = Box::new(move |news| drop(telling.send(news)));
    let notifier = Notifier::start_on(Some(nowhere), sender, listener).unwrap();
    until(&told, &Told::Reach(Notifications::None));
    (0..10_000).for_each(|id| notifier.show(alert(id, "nobody")));
    notifier.end();
}

//! A client as a process of its own: the driver, the session and the store of the product, and a person who writes in
//! bursts. What the person is told goes to standard output, a line each, before anything else happens.

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use deskbell_client::{Audience, Client};
use deskbell_core::store::{OutboxState, Store};
use deskbell_core::{Config, EntryStatus, LinkPhase, Notice, Now, Role, Session};
use deskbell_store::{Key, Location, SqliteStore};
use deskbell_vault::Vault;
use deskbell_wire::{Cursor, DeviceId, Epoch, JoinLink, Secret, SendBody, SiteKey, StreamId, Uid, VisitorId};
use uuid::Uuid;

use super::Trouble;
use crate::checker::{Told, words};
use crate::dice::Dice;

/// The setting under which an operator's session is kept: here the store stands for the keyring.
const TOKEN: &str = "token";
/// With so many messages in its outbox a person waits: the end has to come within a minute.
const WAITING: usize = 64;
/// The operator's login.
pub(super) const LOGIN: &str = "ada";

/// Who it is, as the command line and the first line of standard input say.
pub(super) struct Who {
    pub(super) store: PathBuf,
    pub(super) link: JoinLink,
    pub(super) device: DeviceId,
    /// `None`: the operator.
    pub(super) visitor: Option<VisitorId>,
    pub(super) seed: u64,
}

/// What the parent says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    /// The network is there again.
    Wake,
    /// Write no more.
    Quiet,
    /// Say where you are.
    State,
}

type Torn = Client<SqliteStore, Journal>;

/// The child's program.
pub(super) fn run(words: &[String]) -> ExitCode {
    match serve(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("client: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn serve(words: &[String]) -> Result<(), Trouble> {
    let who = Who::read(words)?;
    let mut first = String::new();
    std::io::stdin().read_line(&mut first)?;
    let (key, secret) = first.trim().split_once(' ').ok_or("no key")?;
    let key = Secret::try_from(key.to_owned()).map_err(|_| "a bad key")?;
    let store = SqliteStore::open(&Location::File(who.store.clone()), Some(&Key::new(*key.bytes())))?;
    let signs_in = who.visitor.is_none() && store.setting(TOKEN)?.is_none();
    let role = who.role(&store, secret)?;
    let session = Session::open(Config { device_id: who.device, role, seed: who.seed }, store)?;
    let vault = Vault::open(&who.store.with_extension("files"), Some(key.bytes()))?;
    let client = Client::start(who.link.clone(), session, Journal, vault)?;
    if signs_in {
        let password = secret.to_owned();
        client.ask(move |session, _, now| session.sign_in(LOGIN.to_owned(), password, now))?;
    }
    live(&client, &mut Dice::new(who.seed), &orders())?;
    client.stop();
    Ok(())
}

impl Who {
    fn read(words: &[String]) -> Result<Self, Trouble> {
        let [store, link, device, visitor, seed] = words else { return Err("five words are needed".into()) };
        let visitor = if visitor == "operator" { None } else { Some(visitor.parse()?) };
        Ok(Self {
            store: store.into(),
            link: link.parse()?,
            device: device.parse()?,
            visitor,
            seed: seed.parse()?,
        })
    }

    /// The words that [`Self::read`] reads.
    pub(super) fn words(&self) -> [String; 5] {
        let visitor = self.visitor.map_or_else(|| "operator".to_owned(), |visitor| visitor.to_string());
        let store = self.store.to_string_lossy().into_owned();
        [store, self.link.to_string(), self.device.to_string(), visitor, self.seed.to_string()]
    }

    fn role(&self, store: &SqliteStore, secret: &str) -> Result<Role, Trouble> {
        let token = |hex: String| Secret::try_from(hex).map_err(|_| Trouble::from("a bad token"));
        Ok(match self.visitor {
            Some(visitor) => Role::Visitor {
                stream: StreamId::public(SiteKey::main(), visitor),
                token: token(secret.to_owned())?,
            },
            None => Role::Operator { token: store.setting(TOKEN)?.map(token).transpose()? },
        })
    }
}

/// Orders of the parent; closed when it is gone.
fn orders() -> Receiver<Order> {
    let (orders, received) = channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let order = match line.as_deref() {
                Ok("wake") => Order::Wake,
                Ok("quiet") => Order::Quiet,
                Ok("state") => Order::State,
                _ => return,
            };
            if orders.send(order).is_err() {
                return;
            }
        }
    });
    received
}

/// Writes in bursts until told to be quiet; ends when the parent does.
fn live(client: &Torn, dice: &mut Dice, orders: &Receiver<Order>) -> Result<(), Trouble> {
    let mut writes = true;
    loop {
        let pause = if writes { dice.roll(12) } else { 1_000 };
        match orders.recv_timeout(Duration::from_millis(pause)) {
            Ok(Order::Wake) => client.ask(|session, _, now| session.wake(now))?,
            Ok(Order::Quiet) => writes = false,
            Ok(Order::State) => client.ask(|session, _, now| state(session, now))?,
            Err(RecvTimeoutError::Timeout) if writes => burst(client, dice)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

fn burst(client: &Torn, dice: &mut Dice) -> Result<(), Trouble> {
    for _ in 0..=dice.roll(12) {
        let number = dice.number();
        client.ask(move |session, _, now| write(session, number, now))?;
    }
    Ok(())
}

/// One message, to the own stream or to any that the operator sees.
fn write(session: &mut Session<SqliteStore>, number: u64, now: Now) {
    open_all(session, now);
    let streams: Vec<StreamId> =
        session.streams().filter(|replica| replica.backfill).map(|replica| replica.stream.clone()).collect();
    let waiting: usize = session.streams().map(|replica| replica.outbox.rows().count()).sum();
    let Some(stream) = Dice::new(number).pick(&streams).filter(|_| waiting < WAITING) else { return };
    let uid = Uid(Uuid::new_v4());
    let body = SendBody::message(words(uid, "good day"));
    if session.send(&stream, body, uid, now).is_ok() {
        say(Told::Queued { stream, uid, message: true });
    }
}

/// The operator opens every conversation.
fn open_all(session: &mut Session<SqliteStore>, now: Now) {
    let talked = session.rows().0.filter(|row| row.chat_id.is_some()).map(|row| row.stream.clone());
    let new: Vec<StreamId> =
        talked.filter(|stream| !session.held(stream).is_some_and(|held| held.backfill)).collect();
    for stream in new {
        session.open_stream(&stream, now);
    }
}

/// `state LIVE WAITING UNDECIDED STREAMS`: the line, the outbox, and base and seq of each stream.
fn state(session: &mut Session<SqliteStore>, now: Now) {
    open_all(session, now);
    let rows: Vec<OutboxState> =
        session.streams().flat_map(|replica| replica.outbox.rows().map(|row| row.state)).collect();
    let waiting = rows.iter().filter(|state| **state == OutboxState::Queued).count();
    let streams: Vec<String> = session
        .streams()
        .map(|replica| format!("{}:{}:{}", replica.stream.visitor, replica.base, replica.seq()))
        .collect();
    let live = session.link() == LinkPhase::Live;
    say(format_args!("state {live} {waiting} {} {}", rows.len() - waiting, streams.join(",")));
}

/// Tells the parent what the person is told.
struct Journal;

impl Audience<SqliteStore> for Journal {
    fn hear(&mut self, session: &mut Session<SqliteStore>, notice: Notice) {
        match notice {
            Notice::Link(LinkPhase::Live) => say("live"),
            Notice::Link(LinkPhase::Stopped(reason)) => say(format_args!("stopped {reason:?}")),
            Notice::Link(_) => say("down"),
            Notice::SignedIn(_, token) => {
                // Refused: then it signs in again after the next start.
                let _ = session.store_mut().set_setting(TOKEN, &token.to_hex());
            }
            Notice::Applied { stream, .. } | Notice::Older(stream) => say_range(session, stream),
            Notice::Replaced(stream) => {
                say(Told::Replaced(stream.clone()));
                say_range(session, stream);
            }
            Notice::Status { stream, uid, status: EntryStatus::Sent(place) } => {
                // The parent knows which life of the desk it is: there is only one.
                say(Told::Acked { stream, uid, epoch: Epoch(Uuid::nil()), seq: place.seq });
            }
            _ => {}
        }
    }
}

fn say_range(session: &Session<SqliteStore>, stream: StreamId) {
    let reached = session.held(&stream).and_then(|replica| Some((replica.cursor?, replica.base)));
    if let Some((Cursor { epoch, seq, .. }, base)) = reached {
        say(Told::Reached { stream, epoch, base, seq });
    }
}

/// One line, at once. Where nobody listens any more, the end is near anyway.
fn say(line: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(format!("{line}\n").as_bytes()).and_then(|()| out.flush());
}

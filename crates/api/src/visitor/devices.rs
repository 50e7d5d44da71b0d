//! The visitor's devices: the code that links another one, the list, rights that are taken away, and linking this
//! one to the visitor of another device.
//!
//! What must always hold: what this device wrote as the visitor that it was is neither sent for the other visitor nor
//! lost: it links only when nothing waits, takes nothing while it links, and its history stays in its own file. A
//! code is tried once; when that fails, the device goes on as who it was.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use deskbell_core::{LinkPhase, Now, Session};
use deskbell_store::SqliteStore;
use deskbell_wire::{Ask, DeviceId, DeviceRow, Secret, StreamId, Told, VisitorId};

use super::VisitorApp;
use super::audience::VisitorAudience;
use crate::dto::{Device, LinkCode, Problem};
use crate::problem::{closed_code, problem, stop_code};
use crate::profile::{DeskKey, Keep, LinkedVisitor, ProfileSecrets};

/// The line itself gives up before that: dialling takes 15 s at most, an answer 10 s.
const PATIENCE: Duration = Duration::from_secs(30);
/// What was typed is cut here: a code has 12 characters and a few hyphens.
const TYPED_CHARS: usize = 100;

/// How a try with a code ended: whom the device may speak for now, with which token, or a problem's code.
type Outcome = Result<(VisitorId, Secret), &'static str>;

/// A try with a code under way.
#[derive(Debug, Default)]
pub(super) struct Linking {
    waiting: Option<SyncSender<Outcome>>,
    done: bool,
}

impl VisitorApp {
    /// A one-time code that links another device to this visitor.
    ///
    /// # Errors
    /// `offline`, `rate`, `devices_full`, `unreachable`, `stopped`.
    pub fn link_code(&self) -> Result<LinkCode, Problem> {
        let code = self.question(Ask::LinkCode {}, |told| match told {
            Told::LinkCode { code, expires } => Some(LinkCode { code, expires: expires.0 }),
            _ => None,
        });
        code.map_err(|problem| self.instead(problem, "devices_full"))
    }

    /// The devices that may speak for this visitor.
    ///
    /// # Errors
    /// `offline`, `unreachable`, `stopped`.
    pub fn devices(&self) -> Result<Vec<Device>, Problem> {
        let this = self.options.secrets.device_id;
        self.question(Ask::Devices {}, move |told| match told {
            Told::Devices(rows) => Some(rows.iter().map(|row| device(row, this)).collect()),
            _ => None,
        })
    }

    /// Takes a device's right to speak for this visitor away. Never this one's.
    ///
    /// # Errors
    /// `invalid`, `offline`, `unreachable`, `stopped`.
    pub fn revoke(&self, device: &str) -> Result<(), Problem> {
        let device = device.parse().map_err(|_| problem("invalid", self.locale))?;
        let done = self.question(Ask::Revoke { device }, |told| matches!(told, Told::Done {}).then_some(()));
        done.map_err(|problem| self.instead(problem, "invalid"))
    }

    /// Links this device to the visitor who made the code, and starts that visitor's session. `keep` is given where
    /// the history is kept and the secrets with the link in them, and says whether those are kept. This session is
    /// to be stopped then: it takes nothing any more.
    ///
    /// # Errors
    /// `unsent`, `linking`, `bad_code`, `limit`, `unreachable` and other codes of the line, `link_not_kept`, the codes
    /// of [`Keep::open`], `no_random`, `stopped`. The session goes on as it was then.
    pub fn link(
        &self,
        code: &str,
        keep: impl FnOnce(&Keep, &ProfileSecrets) -> bool,
    ) -> Result<Self, Problem> {
        let code = code.chars().take(TYPED_CHARS).collect();
        let (stream, token) = (self.stream.clone(), ProfileSecrets::new_token(self.locale)?);
        let wait =
            self.ask(move |session, audience, now| begin(session, audience, &stream, (code, token), now))?;
        let wait = wait.map_err(|code| problem(code, self.locale))?;
        let ended = wait.recv_timeout(PATIENCE).unwrap_or(Err("unreachable"));
        let linked = ended.map_err(|code| problem(code, self.locale));
        linked.and_then(|visitor| self.become_other(visitor, keep)).map_err(|problem| self.go_on(problem))
    }

    /// The history opens first: a link whose history does not open is not kept.
    fn become_other(
        &self,
        (visitor_id, token): (VisitorId, Secret),
        keep: impl FnOnce(&Keep, &ProfileSecrets) -> bool,
    ) -> Result<Self, Problem> {
        let mut options = self.options.as_ref().clone();
        let (desk, site) = (DeskKey::of(&options.link), options.link.site.clone());
        options.secrets.link(&desk, &site, LinkedVisitor { visitor_id, token });
        let other = Self::start(options)?;
        if keep(&other.options.keep, &other.options.secrets) {
            return Ok(other);
        }
        other.stop();
        Err(problem("link_not_kept", self.locale))
    }

    /// The device stays who it was.
    fn go_on(&self, problem: Problem) -> Problem {
        let back = self.ask(|session, audience, now| {
            audience.linking = Linking::default();
            session.reconnect(now);
        });
        back.err().unwrap_or(problem)
    }

    /// The desk's one word for "out of bounds" means something else with each question.
    fn instead(&self, told: Problem, code: &str) -> Problem {
        if told.code == "settings_invalid" { problem(code, self.locale) } else { told }
    }
}

fn begin(
    session: &mut Session<SqliteStore>,
    audience: &mut VisitorAudience,
    stream: &StreamId,
    (code, token): (String, Secret),
    now: Now,
) -> Result<Receiver<Outcome>, &'static str> {
    if audience.linking.is_on() {
        return Err("linking");
    }
    if session.held(stream).is_some_and(|held| !held.outbox.is_empty()) {
        return Err("unsent");
    }
    let (answer, wait) = sync_channel(1);
    audience.linking = Linking { waiting: Some(answer), done: false };
    session.redeem(stream.site.clone(), code, token, now);
    Ok(wait)
}

impl Linking {
    /// Is the device on its way to another visitor, or there?
    pub(super) fn is_on(&self) -> bool {
        self.waiting.is_some() || self.done
    }

    /// The desk linked the device.
    pub(super) fn linked(&mut self, visitor: VisitorId, token: Secret) {
        self.done = true;
        self.end(Ok((visitor, token)));
    }

    /// The line changed while the device was being linked. `true`: that is how the try ended.
    pub(super) fn heard(&mut self, session: &Session<SqliteStore>, phase: LinkPhase) -> bool {
        let code = match phase {
            LinkPhase::Stopped(reason) => stop_code(reason),
            LinkPhase::Waiting => session.ended().map_or("unreachable", closed_code),
            LinkPhase::Connecting | LinkPhase::Live => return false,
        };
        self.end(Err(code))
    }

    fn end(&mut self, outcome: Outcome) -> bool {
        // Whoever waited may have given up.
        self.waiting.take().is_some_and(|waiting| waiting.try_send(outcome).is_ok())
    }
}

fn device(row: &DeviceRow, this: DeviceId) -> Device {
    Device {
        device_id: row.device_id.to_string(),
        this: row.device_id == this,
        linked: row.linked.0,
        seen: row.seen.0,
        connected: row.connected,
    }
}

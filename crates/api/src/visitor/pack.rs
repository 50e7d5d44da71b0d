//! The site's pack in a visitor's session.
//!
//! What must always hold: the page gets the pack that this site's form names, or the one that it named before while
//! the new one is on its way; never another site's (threats 3).

use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use deskbell_client::{Client, WeakClient};
use deskbell_core::{LinkPhase, Session};
use deskbell_pack::{Flaw, Pack};
use deskbell_store::SqliteStore;
use deskbell_wire::{Ask, FormSettings, PackDigest, Told};

use super::VisitorApp;
use super::audience::VisitorAudience;
use crate::dto::Problem;
use crate::packs::flaw_problem;
use crate::packs::keeper::{Keeper, Surroundings};
use crate::packs::shelf::Shelf;
use crate::packs::standing::{Current, Named, PATIENCE, Standing};
use crate::profile::Keep;

/// For a part of a pack. A desk answers at once, or the line ends.
const ANSWER: Duration = Duration::from_secs(30);

/// The standing of packs that can be run.
pub(super) type Packs = Standing<Arc<Pack>>;

/// The session's end of it: when it is dropped, the keeper ends.
pub(super) struct SitePack {
    packs: Arc<Packs>,
    kept: Option<PackDigest>,
}

impl SitePack {
    /// `form`: as it was kept; `last`: the pack that the site had last, as it was kept.
    pub(super) fn new(form: Option<&FormSettings>, last: Option<&str>) -> Self {
        let named = form.map_or(Named::Unknown, |form| form.pack.map_or(Named::Nothing, Named::Pack));
        let kept = last.and_then(|digest| digest.parse().ok());
        Self { packs: Arc::new(Standing::new(named, kept)), kept }
    }

    pub(super) fn share(&self) -> Arc<Packs> {
        Arc::clone(&self.packs)
    }

    pub(super) fn line(&self, phase: LinkPhase) {
        self.packs.line(phase);
    }

    pub(super) fn named(&self, form: &FormSettings) {
        self.packs.named(form.pack);
    }

    pub(super) fn is_news(&self) -> bool {
        self.packs.is_news()
    }

    /// What is to be kept as the site's last pack, where that changed; empty: none.
    pub(super) fn news_to_keep(&mut self) -> Option<String> {
        let last = self.packs.last();
        let changed = self.kept != last;
        self.kept = last;
        changed.then(|| last.map(|digest| digest.to_string()).unwrap_or_default())
    }
}

impl Drop for SitePack {
    fn drop(&mut self) {
        self.packs.end();
    }
}

impl VisitorApp {
    /// The site's pack; `None`: the built-in default form. Waits up to 2 s where nothing is here yet and the line is
    /// coming up or a pack is on its way: not for a window's own thread. What comes later, or changes, or is removed
    /// is told by [`VisitorUpdate::Pack`](crate::dto::VisitorUpdate::Pack) to a page that asked before.
    ///
    /// # Errors
    /// A flaw of the pack, as [`flaw_problem`] says it: the default form is offered then.
    pub fn pack(&self) -> Result<Option<Arc<Pack>>, Problem> {
        match self.packs.get(PATIENCE) {
            Current::Nothing => Ok(None),
            Current::Pack(_, pack) => Ok(Some(pack)),
            Current::Flaw(_, flaw) => Err(flaw_problem(&flaw, self.locale)),
        }
    }
}

/// The thread that looks after a session's pack; whoever stops the session waits for it.
#[derive(Clone)]
pub(super) struct Thread(Arc<Mutex<Option<JoinHandle<()>>>>);

impl Thread {
    pub(super) fn start(
        packs: Arc<Packs>,
        client: &Client<SqliteStore, VisitorAudience>,
        keep: &Keep,
    ) -> std::io::Result<Self> {
        let (around, shelf) = (Around(client.downgrade()), Shelf::of(keep));
        let run = move || Keeper::new(&packs, around, shelf).run();
        let thread = std::thread::Builder::new().name("deskbell-packs".to_owned()).spawn(run)?;
        Ok(Self(Arc::new(Mutex::new(Some(thread)))))
    }

    pub(super) fn join(self) {
        // No thread any more: somebody else has waited for it.
        if let Some(thread) = self.0.lock().ok().and_then(|mut thread| thread.take()) {
            let _ = thread.join();
        }
    }
}

struct Around(WeakClient<SqliteStore, VisitorAudience>);

impl Surroundings for Around {
    type Pack = Arc<Pack>;

    fn read(&self, bytes: &[u8]) -> Result<Arc<Pack>, Flaw> {
        Pack::from_archive(bytes).map(Arc::new)
    }

    fn ask(&self, ask: Ask) -> Option<Told> {
        let question = move |session: &mut Session<SqliteStore>, audience: &mut VisitorAudience, _| {
            audience.question(session, ask)
        };
        self.0.ask(question).ok()?.recv_timeout(ANSWER).ok()
    }

    fn news(&self) {
        // The session has ended: nobody is there to be told.
        let _ = self.0.ask(|session, audience, _| audience.pack_news(session));
    }
}

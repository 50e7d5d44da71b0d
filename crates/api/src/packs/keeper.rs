//! The thread that looks after a site's pack: from the shelf, or from the desk in parts, checked, and said to the page.
//!
//! Why a thread of its own: megabytes are hashed, read and written here, and the line must not wait for that. What must
//! always hold: it ends with its session; what the disk refuses to keep is used all the same; a pack is taken from the
//! shelf for the site that it came for, and for no other: a desk that names somebody else's pack does not learn from
//! what is not asked for that this app has it (threats 3).

use std::time::{Duration, Instant};

use deskbell_pack::{Flaw, FlawKind, PACK_BYTES};
use deskbell_wire::{Ask, PackDigest, PackRef, Told};

use super::fetch::{Came, Fetch, Step};
use super::shelf::Shelf;
use super::standing::{Busy, Named, Standing};

/// What the keeper needs of the session and of the pack's own crate.
pub(crate) trait Surroundings {
    /// What a pack is.
    type Pack: Clone;
    /// Reads a pack's bytes and checks them.
    fn read(&self, bytes: &[u8]) -> Result<Self::Pack, Flaw>;
    /// Asks the desk and waits for the answer; `None`: there came none.
    fn ask(&self, ask: Ask) -> Option<Told>;
    /// What the page should have may be another now.
    fn news(&self);
}

/// The thread.
pub(crate) struct Keeper<'a, S: Surroundings> {
    standing: &'a Standing<S::Pack>,
    around: S,
    shelf: Shelf,
    fetch: Fetch,
    born: Instant,
}

impl<'a, S: Surroundings> Keeper<'a, S> {
    pub(crate) fn new(standing: &'a Standing<S::Pack>, around: S, shelf: Shelf) -> Self {
        Self { standing, around, shelf, fetch: Fetch::default(), born: Instant::now() }
    }

    /// Until the session is over.
    pub(crate) fn run(mut self) {
        let mut before = None;
        while let Some(look) = self.standing.look() {
            if before.replace(look.turn) != Some(look.turn) {
                self.turn_to(look.named);
            }
            self.fetch.line(look.live);
            let now = self.now();
            let limit = match self.fetch.next(now) {
                Step::Ask(digest, from) => {
                    let told = self.around.ask(Ask::Pack { digest, from });
                    self.told(look.named, digest, told);
                    continue;
                }
                Step::Rest(until) => Some(Duration::from_millis(until.saturating_sub(now))),
                Step::Idle => None,
            };
            self.standing.wait(look.version, limit);
        }
    }

    fn turn_to(&mut self, named: Named) {
        let Named::Pack(pack) = named else {
            self.fetch.want(None);
            self.around.news();
            return;
        };
        // Until the new one is here, the site's last one serves.
        let last = self.standing.last();
        let is_here = match last {
            Some(last) if self.standing.has(last) || self.use_kept(last) => last == pack.digest,
            _ => false,
        };
        if is_here {
            self.fetch.want(None);
            self.standing.busy(named, Busy::Done);
        } else {
            self.fetch(named, pack);
        }
        self.around.news();
    }

    fn fetch(&mut self, named: Named, pack: PackRef) {
        if self.fetch.want(Some(pack)) {
            self.standing.busy(named, Busy::Fetching);
        } else {
            self.flawed(named, pack.digest, whole(FlawKind::TooLarge(PACK_BYTES)));
        }
    }

    fn told(&mut self, named: Named, digest: PackDigest, told: Option<Told>) {
        let now = self.now();
        match self.fetch.told(digest, told, now) {
            Came::Nothing => {}
            Came::Whole(digest, bytes) => {
                if self.accept(digest, &bytes)
                    && let Err(error) = self.shelf.put(digest, &bytes)
                {
                    tracing::warn!(%error, "a pack was not kept: it is fetched again at the next start");
                }
                self.standing.busy(named, Busy::Done);
                self.around.news();
            }
            Came::Lie(digest) => {
                tracing::warn!(%digest, "what came is not the pack that the desk named");
                self.flawed(named, digest, whole(FlawKind::Digest));
                self.around.news();
            }
        }
    }

    /// Is it on the shelf? One that cannot be used there cannot be used when it is fetched either.
    fn use_kept(&mut self, digest: PackDigest) -> bool {
        self.shelf.take(digest).map(|bytes| self.accept(digest, &bytes)).is_some()
    }

    /// Gives it out, where it can be used.
    fn accept(&self, digest: PackDigest, bytes: &[u8]) -> bool {
        match self.around.read(bytes) {
            Ok(pack) => self.standing.pack(digest, pack),
            Err(flaw) => {
                tracing::warn!(%digest, code = flaw.kind.code(), "the site's pack cannot be used");
                self.standing.flaw(digest, flaw);
                false
            }
        }
    }

    fn flawed(&self, named: Named, digest: PackDigest, flaw: Flaw) {
        self.standing.flaw(digest, flaw);
        self.standing.busy(named, Busy::Done);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// About the pack as a whole.
fn whole(kind: FlawKind) -> Flaw {
    Flaw { file: String::new(), place: None, kind }
}

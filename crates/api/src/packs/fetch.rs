//! Fetching a pack from the desk in parts: the machine, without time, disk or line.
//!
//! What must always hold: nothing is given out before its digest fits; nothing grows beyond what the site's form named,
//! and that never beyond [`PACK_BYTES`]; a desk that lied about a pack is not asked for it again for an hour, and one that
//! lied about [`LIES`] packs is not asked for any.

use std::fmt;

use deskbell_wire::limits::PACK_BYTES;
use deskbell_wire::pack::decode_part;
use deskbell_wire::{PackDigest, PackRef, Refusal, Told};
use sha2::{Digest, Sha256};

/// After a lie (ms).
const LIE_REST: u64 = 60 * 60 * 1_000;
/// Lies that are put up with in that time.
const LIES: usize = 8;
/// After the desk said that the site has another pack: its form, which names it, is on its way (ms).
const STALE_REST: u64 = 30_000;
/// After the desk said that it cannot (ms).
const REFUSED_REST: u64 = 60_000;
/// After the desk said "slower", at first and at most (ms); and after no answer at all.
const PACE_REST: u64 = 1_000;
const LONGEST_REST: u64 = 30_000;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Ask the desk for the part from this byte on.
    Ask(PackDigest, u32),
    /// Nothing before this moment.
    Rest(u64),
    /// Nothing before something else happens.
    Idle,
}

/// What an answer made of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Came {
    /// Nothing yet.
    Nothing,
    /// The whole pack, and it is the one that was named.
    Whole(PackDigest, Vec<u8>),
    /// What came is not the pack that was named; it is thrown away.
    Lie(PackDigest),
}

impl fmt::Debug for Came {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("Nothing"),
            Self::Whole(digest, bytes) => write!(f, "Whole({digest}, {} bytes)", bytes.len()),
            Self::Lie(digest) => write!(f, "Lie({digest})"),
        }
    }
}

/// A pack on its way.
#[derive(Default)]
pub(crate) struct Fetch {
    wanted: Option<PackRef>,
    bytes: Vec<u8>,
    live: bool,
    /// Nothing is asked before this moment.
    rest_until: u64,
    /// Rests since the last part.
    rests: u32,
    /// The lies that are not forgiven yet, and when they will be, in this order.
    lies: Vec<(PackDigest, u64)>,
}

impl Fetch {
    /// From now on this pack is wanted, or none. What came of another one is forgotten. `false`: it is too large to be
    /// fetched at all.
    pub(crate) fn want(&mut self, wanted: Option<PackRef>) -> bool {
        let fits = wanted.is_none_or(|pack| pack.bytes as usize <= PACK_BYTES);
        let wanted = wanted.filter(|_| fits);
        if wanted != self.wanted {
            self.drop_parts();
            (self.rest_until, self.rests) = (0, 0);
            self.wanted = wanted;
        }
        fits
    }

    /// Is the line up?
    pub(crate) fn line(&mut self, live: bool) {
        if live && !self.live {
            (self.rest_until, self.rests) = (0, 0);
        }
        self.live = live;
    }

    /// What to do now (ms of a clock that never goes back).
    pub(crate) fn next(&self, now: u64) -> Step {
        let Some(PackRef { digest, .. }) = self.wanted else { return Step::Idle };
        if let Some(until) = self.mistrusts(digest, now) {
            return Step::Rest(until);
        }
        if !self.live {
            return Step::Idle;
        }
        match u32::try_from(self.bytes.len()) {
            Ok(from) if now >= self.rest_until => Step::Ask(digest, from),
            Ok(_) => Step::Rest(self.rest_until),
            Err(_) => Step::Idle,
        }
    }

    /// The desk's answer to a [`Step::Ask`] for this pack; `None`: there was none.
    pub(crate) fn told(&mut self, asked: PackDigest, told: Option<Told>, now: u64) -> Came {
        let Some(wanted) = self.wanted.filter(|pack| pack.digest == asked) else { return Came::Nothing };
        match told {
            Some(Told::Pack { total, part }) => match self.take(wanted, total, &part) {
                Some(came) => came,
                None => self.lie(asked, now),
            },
            Some(Told::Refused { code: Refusal::Stale, .. }) => {
                self.drop_parts();
                self.rest(now, STALE_REST)
            }
            None | Some(Told::Refused { code: Refusal::Rate | Refusal::Offline, .. }) => {
                let longer = PACE_REST << self.rests.min(5);
                self.rests += 1;
                self.rest(now, longer.min(LONGEST_REST))
            }
            Some(_) => self.rest(now, REFUSED_REST),
        }
    }

    /// `None`: this cannot be a part of that pack.
    fn take(&mut self, wanted: PackRef, total: u32, part: &str) -> Option<Came> {
        let part = decode_part(part).filter(|part| !part.is_empty())?;
        let whole = wanted.bytes as usize;
        if total != wanted.bytes || self.bytes.len() + part.len() > whole {
            return None;
        }
        self.bytes.extend_from_slice(&part);
        self.rests = 0;
        if self.bytes.len() < whole {
            return Some(Came::Nothing);
        }
        let fits = digest_of(&self.bytes) == wanted.digest;
        let bytes = self.drop_parts();
        fits.then(|| {
            self.wanted = None;
            Came::Whole(wanted.digest, bytes)
        })
    }

    fn lie(&mut self, digest: PackDigest, now: u64) -> Came {
        self.drop_parts();
        self.lies.retain(|(_, until)| now < *until);
        self.lies.push((digest, now + LIE_REST));
        Came::Lie(digest)
    }

    /// Until when this pack is not asked for, because of what the desk said of it or of many others.
    fn mistrusts(&self, digest: PackDigest, now: u64) -> Option<u64> {
        let lies: Vec<_> = self.lies.iter().filter(|(_, until)| now < *until).collect();
        let of_it = lies.iter().find(|(of, _)| *of == digest);
        of_it.or_else(|| lies.first().filter(|_| lies.len() >= LIES)).map(|(_, until)| *until)
    }

    fn rest(&mut self, now: u64, ms: u64) -> Came {
        self.rest_until = now + ms;
        Came::Nothing
    }

    fn drop_parts(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// What a pack with these bytes is called.
pub(crate) fn digest_of(bytes: &[u8]) -> PackDigest {
    PackDigest(Sha256::digest(bytes).into())
}

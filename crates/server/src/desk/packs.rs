//! Sites' packs at the desk: which one a site has, who is told of it, and its bytes in parts.
//!
//! What must always hold: what is given out is what was named, to visitors of its site alone (threats 3); nobody makes
//! the desk send without end (threats 23); a new pack does not make everybody fetch at the same instant, also not where
//! settings are saved meanwhile; settings neither carry a pack nor lose one.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use deskbell_wire::limits::PACK_PART_BYTES;
use deskbell_wire::pack::encode_part;
use deskbell_wire::{DeskFrame, FormSettings, PackDigest, PackRef, Refusal, SiteKey, Timestamp, Told};

use super::Desk;
use super::ask::refused;
use super::conn::{Conn, Origin, Stage};
use super::fanout::encoded;
use super::io::{Class, ConnId, Output, Text};
use super::pace::{Pace, Paces};

/// A new pack is announced to so many connections at a time as will fetch that many bytes, but to one at least.
const WAVE_BYTES: usize = 4 * 1024 * 1024;
/// Milliseconds between two waves. With [`WAVE_BYTES`]: what visitors begin to fetch in a second is 16 MiB, a fifth
/// of what a line of 1 Gbit/s carries.
const WAVE_MS: i64 = 250;

/// A site's pack: an archive whose digest was checked.
#[derive(Clone, PartialEq, Eq)]
pub struct SitePack {
    /// SHA-256 of `bytes`.
    pub digest: PackDigest,
    /// The archive, at most [`deskbell_wire::limits::PACK_BYTES`].
    pub bytes: Arc<[u8]>,
}

/// The packs, and who is still to be told of one.
#[derive(Default)]
pub(super) struct Packs {
    /// By the site's row.
    by_site: HashMap<i64, SitePack>,
    untold: VecDeque<ConnId>,
    /// The pack that a site had before the one that not everybody has been told of.
    before: HashMap<i64, Option<PackRef>>,
    /// When the last wave was told.
    told_at: Option<Timestamp>,
    by_origin: Paces,
}

impl Packs {
    pub(super) fn of(&self, site: i64) -> Option<PackRef> {
        self.by_site.get(&site).map(SitePack::name)
    }

    /// Who does not know yet that his site has another pack.
    pub(super) fn untold(&self) -> HashSet<ConnId> {
        self.untold.iter().copied().collect()
    }

    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        let last = self.told_at.filter(|_| !self.untold.is_empty())?;
        Some(Timestamp(last.0 + WAVE_MS))
    }

    /// Counts a part that somebody at that address asks for, or says how many milliseconds are missing.
    pub(super) fn count(&mut self, origin: Origin, pace: Pace, now: Timestamp) -> Result<(), u64> {
        self.by_origin.take(origin, pace, now)
    }
}

impl SitePack {
    fn name(&self) -> PackRef {
        PackRef { digest: self.digest, bytes: u32::try_from(self.bytes.len()).unwrap_or(u32::MAX) }
    }
}

impl Desk {
    /// The site's pack is this one from now on; `None`: it has none. Its visitors are told, one wave after the other.
    pub(super) fn take_pack(&mut self, key: &SiteKey, pack: Option<SitePack>) {
        let Some(site) = self.sites.get(key.as_str()).copied() else {
            if pack.is_some() {
                tracing::warn!("there is a pack for {key}, which is no site of this desk; nobody gets it");
            }
            return;
        };
        if self.packs.of(site).map(|known| known.digest) == pack.as_ref().map(|pack| pack.digest) {
            return;
        }
        self.packs.untold.retain(|conn| site_at(&self.conns, *conn) != Some(site));
        match pack {
            Some(pack) => {
                tracing::info!("the pack of {key} is {} now", pack.digest);
                let before = self.packs.of(site);
                self.packs.before.insert(site, before);
                self.packs.by_site.insert(site, pack);
                let there = self.people.iter().filter(|(key, _)| key.site == site);
                self.packs.untold.extend(there.flat_map(|(_, person)| &person.conns));
            }
            None => {
                tracing::info!("{key} has no pack any more");
                self.packs.by_site.remove(&site);
                self.packs.before.remove(&site);
                // Nothing is fetched for that.
                self.tell_form(site);
            }
        }
    }

    /// Tells those of a new pack who do not know of it yet, as many as one wave takes.
    pub(super) fn tell_packs(&mut self) {
        // A clock that was set back must not silence anybody.
        let soon = |last: Timestamp| (0..WAVE_MS).contains(&(self.now.0 - last.0));
        if self.packs.untold.is_empty() || self.packs.told_at.is_some_and(soon) {
            return;
        }
        self.packs.told_at = Some(self.now);
        let mut texts: HashMap<i64, Option<Text>> = HashMap::new();
        let mut taken = 0;
        while taken < WAVE_BYTES
            && let Some(to) = self.packs.untold.pop_front()
        {
            let Some(site) = site_at(&self.conns, to) else { continue };
            let text =
                texts.entry(site).or_insert_with(|| encoded(&DeskFrame::Form(Box::new(self.form(site)))));
            if let Some(text) = text.clone() {
                taken += text.len() + self.packs.by_site.get(&site).map_or(0, |pack| pack.bytes.len());
                self.outputs.push(Output::Frame { to, text, class: Class::Answer });
            }
        }
    }

    /// A part of the site's pack, for a visitor of that site.
    pub(super) fn pack_part(&self, conn: ConnId, digest: PackDigest, from: u32) -> Told {
        let pack = site_at(&self.conns, conn).and_then(|site| self.packs.by_site.get(&site));
        let Some(pack) = pack.filter(|pack| pack.digest == digest) else {
            return refused(Refusal::Stale);
        };
        let rest = usize::try_from(from).ok().and_then(|from| pack.bytes.get(from..)).unwrap_or_default();
        if rest.is_empty() {
            return Told::Refused { code: Refusal::Invalid, detail: Some("from".to_owned()) };
        }
        let part = rest.get(..PACK_PART_BYTES).unwrap_or(rest);
        Told::Pack { total: pack.name().bytes, part: encode_part(part) }
    }

    /// What the site's visitors' forms are told: the settings, and the pack, which no settings keep.
    pub(super) fn form(&self, site: i64) -> FormSettings {
        FormSettings { pack: self.packs.of(site), ..self.settings_of(site).form.clone() }
    }

    /// The same for those who are to hear of the pack in their turn.
    pub(super) fn form_before(&self, site: i64) -> FormSettings {
        let pack = self.packs.before.get(&site).copied().flatten();
        FormSettings { pack, ..self.settings_of(site).form.clone() }
    }
}

/// The site whose visitor is on that connection.
fn site_at(conns: &HashMap<ConnId, Conn>, conn: ConnId) -> Option<i64> {
    match conns.get(&conn).map(|conn| &conn.stage) {
        Some(Stage::Visitor(seat)) => Some(seat.key.site),
        _ => None,
    }
}

impl fmt::Debug for SitePack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SitePack({}, {} bytes)", self.digest, self.bytes.len())
    }
}

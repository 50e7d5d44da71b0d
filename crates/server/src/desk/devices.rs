//! A visitor's devices: the one-time code that links another, the list of them, and taking a right away.
//!
//! What must always hold: whose right was taken has no connection left when the answer leaves (S10, threats 8), and no
//! code that it made is good any more; from the first link on a token is good for its own device alone (threats 12).

use deskbell_db::DbError;
use deskbell_wire::limits::{LINK_CODE_CHARS, LINK_CODE_MS};
use deskbell_wire::{
    ByeCode, DeskFrame, DeviceId, DeviceRow, Linked, PROTO, Redeem, Refusal, StreamId, Timestamp, Told,
};

use super::conn::{Origin, Seat, Stage};
use super::hello::token_hash;
use super::io::ConnId;
use super::link_codes::{OpenCode, code_hash, grouped, plain, spell};
use super::person::PersonKey;
use super::storage::RETRY_MS;
use super::{Desk, Farewell};
use crate::store::LinkRow;

/// Devices that may speak for one visitor.
const DEVICES_MOST: usize = 10;

impl Desk {
    /// A visitor wants to link another device. An earlier code of the same visitor is no longer good.
    pub(super) fn link_code(&mut self, conn: ConnId) -> Result<Told, Refusal> {
        let (seat, origin) = self.seat(conn).ok_or(Refusal::Forbidden)?;
        let (pace, now) = (self.limits.link_codes, self.now);
        if self.links.made(origin, pace, now).is_err() || !self.links.has_room(seat.key, now) {
            return Err(Refusal::Rate);
        }
        if self.rows_of(seat.key).map_err(unread)?.len() >= DEVICES_MOST {
            return Err(Refusal::Invalid);
        }
        let bytes = self.entropy.bytes::<LINK_CODE_CHARS>().map_err(|_| Refusal::Storage)?;
        let code = spell(&bytes);
        let expires = Timestamp(now.0 + LINK_CODE_MS);
        let hash = code_hash(seat.key.site, &code);
        self.links.open(hash, OpenCode { key: seat.key, maker: seat.device, expires });
        Ok(Told::LinkCode { code: grouped(&code), expires })
    }

    /// The devices that may speak for the visitor who asks.
    pub(super) fn devices(&mut self, conn: ConnId) -> Result<Told, Refusal> {
        let (seat, _) = self.seat(conn).ok_or(Refusal::Forbidden)?;
        self.device_rows(&seat).map(Told::Devices).map_err(unread)
    }

    fn device_rows(&self, seat: &Seat) -> Result<Vec<DeviceRow>, DbError> {
        let mut rows = self.rows_of(seat.key)?;
        if rows.is_empty() {
            let row = self.people.get(seat.key).map_or(0, |person| person.row);
            let linked = self.store.registration(row)?.map_or(self.now, |(_, created)| created);
            rows.push(LinkRow { device: seat.device, token: [0; 32], linked, seen: self.now });
        }
        let shown = |link: LinkRow| {
            let connected = self.conns_of(seat.key, |seat| seat.device == link.device).next().is_some();
            let seen = if connected { self.now } else { link.seen };
            DeviceRow { device_id: link.device, linked: link.linked, seen, connected }
        };
        Ok(rows.into_iter().map(shown).collect())
    }

    /// A visitor takes a device's right away. Never the asking one's: so the last one always stays.
    pub(super) fn revoke(&mut self, conn: ConnId, device: DeviceId) -> Result<Told, Refusal> {
        let (seat, _) = self.seat(conn).ok_or(Refusal::Forbidden)?;
        if device == seat.device {
            return Err(Refusal::Invalid);
        }
        let row = self.people.get(seat.key).map_or(0, |person| person.row);
        let dropped = self.alone(|store| store.drop_link(row, device));
        let farewell = match &dropped {
            Ok(false) => return Err(Refusal::Invalid),
            Ok(true) => ByeCode::BadToken.into(),
            // What became of it is unknown: the device's next hello finds out.
            Err(_) => Farewell { code: ByeCode::Limit, retry_after: Some(RETRY_MS) },
        };
        // A code that the device still shows would let it in again.
        self.links.close(seat.key);
        self.dismiss_all(seat.key, farewell, |other| other.device == device);
        dropped.map(|_| Told::Done {}).map_err(unread)
    }

    /// A device that was told a code. The try is counted before anything is looked up.
    pub(super) fn redeem(&mut self, conn: ConnId, redeem: &Redeem) -> Result<(), Farewell> {
        if redeem.proto != PROTO {
            return Err(ByeCode::Version.into());
        }
        let Some(origin) = self.conns.get(&conn).map(|conn| conn.origin) else { return Ok(()) };
        self.links
            .tried(origin, self.limits.redeems, self.now)
            .map_err(|wait| Farewell { code: ByeCode::Limit, retry_after: Some(wait) })?;
        if !self.store.readable() || !self.health.is_sure() {
            return Err(DbError::InUse.into());
        }
        let site = *self.sites.get(redeem.site.as_str()).ok_or(ByeCode::NoSite)?;
        let code = plain(&redeem.code.0).ok_or(ByeCode::BadCode)?;
        let open = self.links.find(&code_hash(site, &code), self.now).ok_or(ByeCode::BadCode)?;
        let stream = StreamId::public(redeem.site.clone(), open.key.visitor);
        self.link(&stream, open, redeem)?;
        if let Some(known) = self.conns.get_mut(&conn) {
            known.stage = Stage::SignedIn;
        }
        self.answer(conn, &DeskFrame::Linked(Linked { visitor_id: open.key.visitor }));
        Ok(())
    }

    fn link(&mut self, stream: &StreamId, open: OpenCode, redeem: &Redeem) -> Result<(), Farewell> {
        // A visitor of this second has no row yet.
        self.flush();
        let known = self.load(open.key, stream)?;
        let row = self.people.get(open.key).filter(|_| known).map_or(0, |person| person.row);
        let first = self.store.registration(row)?.ok_or(DbError::InUse)?;
        let links = self.store.links(row)?;
        let again = links.iter().any(|link| link.device == redeem.device_id);
        if redeem.device_id == open.maker || (!again && links.len() >= DEVICES_MOST) {
            return Err(ByeCode::BadCode.into());
        }
        let (now, token) = (self.now, token_hash(&redeem.token));
        let maker = LinkRow { device: open.maker, token: first.0, linked: first.1, seen: now };
        let new = LinkRow { device: redeem.device_id, token, linked: now, seen: now };
        let alone = links.is_empty();
        self.alone(|store| {
            if alone {
                store.put_link(row, &maker)?;
            }
            store.put_link(row, &new)
        })?;
        self.links.close(open.key);
        self.hold_to_links(&open, alone, redeem.device_id);
        Ok(())
    }

    /// From the first link on a token is good for its own device alone; a device that is linked anew has a new one.
    fn hold_to_links(&mut self, open: &OpenCode, first: bool, linked: DeviceId) {
        let lost = |seat: &Seat| seat.device == linked || (first && seat.device != open.maker);
        self.dismiss_all(open.key, ByeCode::BadToken.into(), lost);
        let staying: Vec<ConnId> = self.conns_of(open.key, |_| true).collect();
        for conn in staying {
            if let Some(Stage::Visitor(seat)) = self.conns.get_mut(&conn).map(|conn| &mut conn.stage) {
                seat.linked = true;
            }
        }
    }

    /// May this device speak for the visitor? `Some(true)`: as a linked one.
    pub(super) fn may_speak(
        &self,
        key: PersonKey,
        device: DeviceId,
        token: &[u8; 32],
    ) -> Result<Option<bool>, DbError> {
        let links = self.rows_of(key)?;
        if links.is_empty() {
            let fits = self.people.get(key).is_some_and(|person| person.token == *token);
            return Ok(fits.then_some(false));
        }
        let fits = links.iter().any(|link| link.device == device && link.token == *token);
        Ok(fits.then_some(true))
    }

    /// A linked device came or went: when is written with the next commit.
    pub(super) fn note_device(&mut self, seat: &Seat) {
        if seat.linked {
            self.dirty.devices.insert((seat.key, seat.device), self.now);
            self.dirty.note(self.now);
        }
    }

    fn rows_of(&self, key: PersonKey) -> Result<Vec<LinkRow>, DbError> {
        match self.people.get(key).map_or(0, |person| person.row) {
            0 => Ok(Vec::new()),
            row => self.store.links(row),
        }
    }

    fn seat(&self, conn: ConnId) -> Option<(Seat, Origin)> {
        let conn = self.conns.get(&conn)?;
        match &conn.stage {
            Stage::Visitor(seat) => Some((*seat, conn.origin)),
            _ => None,
        }
    }

    fn conns_of(&self, key: PersonKey, which: impl Fn(&Seat) -> bool) -> impl Iterator<Item = ConnId> {
        let conns = self.people.get(key).into_iter().flat_map(|person| person.conns.iter().copied());
        conns.filter(move |conn| self.seat(*conn).is_some_and(|(seat, _)| which(&seat)))
    }

    fn dismiss_all(&mut self, key: PersonKey, farewell: Farewell, which: impl Fn(&Seat) -> bool) {
        let leaving: Vec<ConnId> = self.conns_of(key, which).collect();
        for conn in leaving {
            self.dismiss(conn, farewell);
        }
    }
}

fn unread(error: DbError) -> Refusal {
    tracing::warn!(%error, "a question about devices is not answered");
    Refusal::Storage
}

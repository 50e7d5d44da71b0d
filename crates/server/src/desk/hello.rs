//! `hello`: a connection becomes a session.
//!
//! What must always hold: the connection is subscribed before its heads are read (S6: both happen here, in one
//! step, with no transaction open); an older connection of the same device is closed (S8).

use deskbell_db::DbError;
use deskbell_wire::limits::HELLO_CURSORS;
use deskbell_wire::{
    ByeCode, Cursor, DeskFrame, DeviceId, Hello, Identity, Limits, OperatorCard, OperatorStatus, PROTO,
    Secret, Seq, SiteKey, StreamCursor, StreamHead, StreamId, VisitorId, Welcome,
};
use sha2::{Digest as _, Sha256};

use super::conn::{Seat, Stage, Workplace};
use super::io::{ConnId, Output};
use super::person::{Person, PersonKey};
use super::policy::Wish;
use super::{Desk, Farewell};

/// Milliseconds after which somebody over a limit may come back.
const LIMIT_MS: u64 = 30_000;

impl Desk {
    pub(super) fn hello(&mut self, conn: ConnId, hello: Hello) -> Result<(), Farewell> {
        if hello.proto != PROTO {
            return Err(ByeCode::Version.into());
        }
        if hello.cursors.len() > HELLO_CURSORS {
            return Err(ByeCode::Protocol.into());
        }
        if !self.store.readable() || !self.health.is_sure() {
            return Err(DbError::InUse.into());
        }
        match &hello.who {
            Identity::Visitor { site, visitor_id, token } => {
                let (site, visitor) = (site.clone(), *visitor_id);
                self.visitor_hello(conn, &hello, (site, visitor), token)
            }
            Identity::Operator { token } => self.operator_hello(conn, &hello, token),
        }
    }

    fn visitor_hello(
        &mut self,
        conn: ConnId,
        hello: &Hello,
        (site, visitor): (SiteKey, VisitorId),
        token: &Secret,
    ) -> Result<(), Farewell> {
        let stream = StreamId::public(site, visitor);
        let key = self.key_of(&stream).ok_or(ByeCode::NoSite)?;
        let linked = self.register(conn, key, &stream, (hello.device_id, token))?;
        self.catch_up(key);
        let others = self.people.get(key).map(|person| person.conns.clone()).unwrap_or_default();
        self.make_room(conn, hello, &others, self.limits.visitor_devices)?;
        if let Some(person) = self.people.get_mut(key) {
            if person.conns.is_empty() && person.visit.come(self.now) {
                self.dirty.seen.insert(key);
                self.dirty.note(self.now);
            }
            person.conns.push(conn);
        }
        let seat = Seat { key, device: hello.device_id, linked, device_row: 0, last: None };
        self.note_device(&seat);
        self.begin_session(conn, Stage::Visitor(seat));
        let cursor = hello.cursors.iter().find(|held| held.stream == stream).map(|held| &held.cursor);
        let head = self.head_for(stream, key, cursor)?;
        self.welcome(conn, vec![head], None);
        self.answer(conn, &DeskFrame::Form(Box::new(self.form(key.site))));
        self.tell_present(conn, key);
        self.people.touch(key, self.now);
        self.set_alarm(key);
        Ok(())
    }

    /// Knows the visitor by his token, or takes a new one in. Idempotent. `true`: one of several linked devices.
    fn register(
        &mut self,
        conn: ConnId,
        key: PersonKey,
        stream: &StreamId,
        (device, token): (DeviceId, &Secret),
    ) -> Result<bool, Farewell> {
        let hash = token_hash(token);
        if self.load(key, stream)? {
            return self.may_speak(key, device, &hash)?.ok_or_else(|| ByeCode::BadToken.into());
        }
        if let Some(origin) = self.conns.get(&conn).map(|conn| conn.origin)
            && self.limits.registrations.burst > 0
        {
            let visits = &mut self.by_origin.entry(origin).or_default().1;
            visits
                .take(self.limits.registrations, self.now)
                .map_err(|wait| Farewell { code: ByeCode::Limit, retry_after: Some(wait) })?;
        }
        self.people.insert(key, Person::new(stream.clone(), hash, self.now));
        self.dirty.visitors.insert(key);
        self.dirty.note(self.now);
        Ok(false)
    }

    fn operator_hello(&mut self, conn: ConnId, hello: &Hello, token: &Secret) -> Result<(), Farewell> {
        let (session, account) = self.store.session(&token_hash(token))?.ok_or(ByeCode::BadToken)?;
        let (row, card) = (account.row, account.card.clone());
        let places = self.store.places(row)?;
        let operator = self.know_operator(account, places);
        let (others, status) = (operator.conns.clone(), operator.status);
        self.make_room(conn, hello, &others, self.limits.operator_devices)?;
        self.operator_came(conn, row);
        self.begin_session(
            conn,
            Stage::Operator(Box::new(Workplace {
                operator: row,
                session,
                device: hello.device_id,
                device_row: 0,
                last: None,
                follows: Vec::new(),
                watch: None,
                requests: None,
            })),
        );
        let (heads, follows) = self.heads_for(conn, &hello.cursors)?;
        self.welcome(conn, heads, Some((card, status)));
        for key in &follows {
            self.tell_marks_to(conn, *key);
        }
        if let Some(Stage::Operator(place)) = self.conns.get_mut(&conn).map(|conn| &mut conn.stage) {
            place.follows = follows;
        }
        self.tell_typing_to(conn);
        self.tell_site_to(&[conn]);
        self.look_who_is_there();
        Ok(())
    }

    /// S8: ends the older connection of the same device; and nobody has more devices than allowed.
    fn make_room(
        &mut self,
        conn: ConnId,
        hello: &Hello,
        others: &[ConnId],
        most: usize,
    ) -> Result<(), Farewell> {
        let same = others.iter().copied().find(|other| {
            *other != conn
                && match self.conns.get(other).map(|conn| &conn.stage) {
                    Some(Stage::Visitor(seat)) => seat.device == hello.device_id,
                    Some(Stage::Operator(place)) => place.device == hello.device_id,
                    _ => false,
                }
        });
        match same {
            // Overtaken: the device has left this connection for one that said hello earlier.
            Some(newer) if newer > conn => return Err(ByeCode::Replaced.into()),
            Some(older) => self.dismiss(older, ByeCode::Replaced.into()),
            None if others.len() >= most => {
                return Err(Farewell { code: ByeCode::Limit, retry_after: Some(LIMIT_MS) });
            }
            None => {}
        }
        Ok(())
    }

    fn begin_session(&mut self, conn: ConnId, stage: Stage) {
        let operator = matches!(stage, Stage::Operator(_));
        if let Some(known) = self.conns.get_mut(&conn) {
            known.stage = stage;
        }
        self.outputs.push(Output::Authenticated { conn, operator });
    }

    fn heads_for(
        &mut self,
        conn: ConnId,
        cursors: &[StreamCursor],
    ) -> Result<(Vec<StreamHead>, Vec<PersonKey>), DbError> {
        let (mut heads, mut follows) = (Vec::with_capacity(cursors.len()), Vec::new());
        for StreamCursor { stream, cursor } in cursors {
            match self.reach(conn, stream, Wish::Read)? {
                Some(key) => {
                    heads.push(self.head_for(stream.clone(), key, Some(cursor))?);
                    follows.push(key);
                }
                // What is forbidden looks like what does not exist.
                _ => heads.push(StreamHead { stream: stream.clone(), head: 0, reset: cursor.seq > 0 }),
            }
        }
        Ok((heads, follows))
    }

    fn head_for(
        &self,
        stream: StreamId,
        key: PersonKey,
        cursor: Option<&Cursor>,
    ) -> Result<StreamHead, DbError> {
        let (row, head) = self.people.get(key).map_or((0, 0), |person| (person.log.row, person.log.head));
        let reset = match cursor {
            Some(cursor) => self.is_of_another_life(row, head, cursor)?,
            None => false,
        };
        Ok(StreamHead { stream, head, reset })
    }

    /// S9: a cursor of another epoch, above the head, or at another event.
    fn is_of_another_life(&self, row: i64, head: Seq, cursor: &Cursor) -> Result<bool, DbError> {
        if cursor.epoch != self.epoch || cursor.seq > head {
            return Ok(true);
        }
        if cursor.seq == 0 {
            return Ok(false);
        }
        let there = self.store.event_id(row, cursor.seq)?;
        Ok(there.is_none_or(|(message_id, _)| message_id != cursor.message_id))
    }

    fn welcome(
        &mut self,
        conn: ConnId,
        heads: Vec<StreamHead>,
        operator: Option<(OperatorCard, OperatorStatus)>,
    ) {
        let (operator, status) = operator.unzip();
        let welcome =
            Welcome { epoch: self.epoch, limits: Limits::default(), heads, operator, status, now: self.now };
        self.answer(conn, &DeskFrame::Welcome(welcome));
    }

    /// The present, whole, for a visitor's device.
    fn tell_present(&mut self, conn: ConnId, key: PersonKey) {
        let rating = self.site_of(key).form.rating;
        let present = self.presence(key.site).clone();
        let Some(person) = self.people.get_mut(key) else { return };
        let state = Box::new(person.state(present, rating));
        let answering = person.answering.is_some();
        if person.conns.len() == 1 {
            person.told = Some(state.clone());
        }
        self.answer(conn, &DeskFrame::State(state));
        self.tell_marks_to(conn, key);
        if answering {
            self.tell_answering_to(conn, key);
        }
    }

    /// A visitor's connection is gone.
    pub(super) fn visitor_left(&mut self, conn: ConnId, key: PersonKey) {
        self.gone_clears_typing(key, conn);
        let Some(person) = self.people.get_mut(key) else { return };
        person.conns.retain(|other| *other != conn);
        if person.conns.is_empty() {
            person.told = None;
            person.visit.seen = self.now;
            self.dirty.seen.insert(key);
            self.dirty.note(self.now);
            self.lists.left.push(key);
        }
        self.people.touch(key, self.now);
        self.set_alarm(key);
    }
}

/// What is kept of a token.
pub(super) fn token_hash(token: &Secret) -> [u8; 32] {
    Sha256::digest(token.bytes()).into()
}

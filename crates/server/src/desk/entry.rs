//! One entry of an outbox: whose it is, whether it may, whether it was here before, and what it writes.
//!
//! What must always hold: everything is decided before the first row is written; seq is the head plus one, counted
//! here and nowhere else (I4).

use deskbell_db::DbError;
use deskbell_wire::{
    Ack, Author, ChatId, DeviceId, Entry, Event, EventBody, MessageId, Nack, NackCode, SendBody, Seq, Side,
    StreamId, Uid,
};

use super::Desk;
use super::conn::Stage;
use super::io::ConnId;
use super::log::Turn;
use super::person::PersonKey;
use super::plan::{self, Deed, Plan, Scene, Writer};
use super::policy::Wish;
use super::requests::is_theirs;
use crate::entropy::NoEntropy;
use crate::store::{Known, NewMail, NewRow};

/// What became of an entry. Told after the commit.
pub(super) enum Verdict {
    /// It caused these events; the last of them answers it.
    Written { key: PersonKey, side: Option<Side>, events: Vec<Event> },
    /// Its effect was there already.
    Held(Ack),
    /// It was not taken.
    Refused(Nack),
}

/// Why an entry is not taken.
pub(super) enum Refusal {
    Nack(NackCode, Option<u64>),
    Db(DbError),
}

/// Whose entry it is, and from which device.
struct Sender {
    key: PersonKey,
    writer: Writer,
    device_row: i64,
    last: Option<(PersonKey, Uid)>,
    /// The row of the file that the entry carries; 0: none.
    file: i64,
}

impl Desk {
    /// Inside a transaction. `touched` gets the stream, and the head that was acknowledged before.
    pub(super) fn take_entry(
        &mut self,
        conn: ConnId,
        entry: &Entry,
        touched: &mut Vec<(PersonKey, Seq)>,
    ) -> Result<Verdict, Refusal> {
        let mut sender = self.sender(conn, entry)?;
        plan::check(entry)?;
        self.find_device(conn, &mut sender)?;
        let (stream, head) = match self.people.get(sender.key) {
            Some(person) => (person.log.row, person.log.head),
            None => return Err(NackCode::Forbidden.into()),
        };
        if let Some(ack) = self.known(&sender, stream, entry)? {
            return Ok(Verdict::Held(ack));
        }
        self.check_previous(&sender, stream, entry)?;
        self.pace(conn, &sender)?;
        self.check_rest(conn, sender.key, stream, &entry.body)?;
        let scene = self.scene(sender.key).ok_or(NackCode::Forbidden)?;
        let mut plan = plan::plan(scene, &sender.writer, entry.body.clone())?;
        if let Some(file) = self.carried(self.owner(conn, &sender), sender.key, entry)? {
            sender.file = file.row;
            plan = plan.carrying(file.card);
        }
        if !touched.iter().any(|(key, _)| *key == sender.key) {
            touched.push((sender.key, head));
        }
        self.store.begin_entry()?;
        let verdict = self.write(conn, &mut sender, entry, plan)?;
        self.store.end_entry()?;
        self.set_last(conn, sender.key, entry.uid);
        Ok(verdict)
    }

    /// What a decision about a visitor is made from.
    pub(super) fn scene(&self, key: PersonKey) -> Option<Scene<'_>> {
        let person = self.people.get(key)?;
        let connected = !person.conns.is_empty();
        Some(Scene { log: &person.log, site: self.site_of(key), connected, now: self.now })
    }

    /// A request is settled in the stream in which it was left, by those for whom it is; letters are few.
    fn check_rest(
        &mut self,
        conn: ConnId,
        key: PersonKey,
        stream: i64,
        body: &SendBody,
    ) -> Result<(), Refusal> {
        match body {
            SendBody::Settle { request, .. } => {
                let kept = self.store.request(*request)?.filter(|kept| kept.stream == stream);
                let theirs =
                    kept.zip(self.rights_of(conn)).is_some_and(|(kept, rights)| is_theirs(rights, &kept));
                if theirs { Ok(()) } else { Err(NackCode::Invalid.into()) }
            }
            SendBody::Transcript { .. } if !self.mails.take(key, self.now) => Err(NackCode::Limit.into()),
            _ => Ok(()),
        }
    }

    /// Inside a transaction: does what the desk does by itself, where it still fits.
    pub(super) fn do_deed(
        &mut self,
        key: PersonKey,
        deed: &Deed,
        touched: &mut Vec<(PersonKey, Seq)>,
    ) -> Result<Vec<Event>, Refusal> {
        // What was told before a commit of unknown outcome is not told again.
        if let Deed::Mailed { asked, .. } = deed
            && !self.store.has_mail(*asked)?
        {
            return Ok(Vec::new());
        }
        let Some(scene) = self.scene(key) else { return Ok(Vec::new()) };
        let bodies = plan::deed(scene, deed);
        let Some(person) = self.people.get(key).filter(|_| !bodies.is_empty()) else { return Ok(Vec::new()) };
        let (stream, head) = ((*person.stream).clone(), person.log.head);
        if !touched.iter().any(|(known, _)| *known == key) {
            touched.push((key, head));
        }
        self.store.begin_entry()?;
        self.ensure_stream(key)?;
        let sender = Sender { key, writer: Writer::Desk, device_row: 0, last: None, file: 0 };
        let mut events = Vec::with_capacity(bodies.len());
        for body in bodies {
            events.push(self.write_event(&sender, &stream, body, None)?);
        }
        if let Some(rule) = deed.rule() {
            self.note_acted(key, rule)?;
        }
        self.store.end_entry()?;
        Ok(events)
    }

    /// Who sends, with the right to (S10).
    fn sender(&mut self, conn: ConnId, entry: &Entry) -> Result<Sender, Refusal> {
        let reached = self.reach(conn, &entry.stream, Wish::Send(&entry.body))?;
        let key = reached.ok_or(NackCode::Forbidden)?;
        match self.conns.get(&conn).map(|conn| &conn.stage) {
            Some(Stage::Visitor(seat)) => {
                let (device_row, last) = (seat.device_row, seat.last);
                Ok(Sender { key, writer: Writer::Visitor, device_row, last, file: 0 })
            }
            Some(Stage::Operator(place)) => {
                let operator = self.operators.get(&place.operator).ok_or(NackCode::Forbidden)?;
                let writer = Writer::Operator(place.operator, operator.card.clone());
                Ok(Sender { key, writer, device_row: place.device_row, last: place.last, file: 0 })
            }
            _ => Err(NackCode::Forbidden.into()),
        }
    }

    /// The device's row, where the device ever wrote.
    fn find_device(&mut self, conn: ConnId, sender: &mut Sender) -> Result<(), DbError> {
        if sender.device_row != 0 {
            return Ok(());
        }
        let Some((side, owner, device)) = self.owner(conn, sender) else { return Ok(()) };
        if owner != 0 {
            sender.device_row = self.store.device_row(side, owner, device)?.unwrap_or(0);
            self.set_device_row(conn, sender.device_row);
        }
        Ok(())
    }

    fn owner(&self, conn: ConnId, sender: &Sender) -> Option<(Side, i64, DeviceId)> {
        match &self.conns.get(&conn)?.stage {
            Stage::Visitor(seat) => Some((Side::Visitor, self.people.get(sender.key)?.row, seat.device)),
            Stage::Operator(place) => Some((Side::Operator, place.operator, place.device)),
            _ => None,
        }
    }

    /// S2: the same uid and body again is acknowledged again; another body is refused.
    fn known(&self, sender: &Sender, stream: i64, entry: &Entry) -> Result<Option<Ack>, Refusal> {
        if sender.device_row == 0 || !self.dedup {
            return Ok(None);
        }
        let Some(known) = self.store.known(sender.device_row, entry.uid)? else { return Ok(None) };
        if known.stream != stream || known.hash != plan::hash(stream, &entry.body) {
            return Err(NackCode::UidConflict.into());
        }
        self.ack_of(stream, known.seq, entry).map(Some)
    }

    /// The acknowledgement that names an event that is there already.
    fn ack_of(&self, stream: i64, seq: Seq, entry: &Entry) -> Result<Ack, Refusal> {
        let (message_id, ts) = self.store.event_id(stream, seq)?.ok_or(DbError::Corrupt)?;
        Ok(Ack { uid: entry.uid, stream: entry.stream.clone(), seq, message_id, ts, dup: true })
    }

    /// S3: the entry before this one must be there.
    fn check_previous(&self, sender: &Sender, stream: i64, entry: &Entry) -> Result<(), Refusal> {
        let Some(previous) = entry.prev_uid else { return Ok(()) };
        if sender.last == Some((sender.key, previous)) {
            return Ok(());
        }
        let known = match sender.device_row {
            0 => None,
            device => self.store.known(device, previous)?,
        };
        if known.is_some_and(|known| known.stream == stream) {
            Ok(())
        } else {
            Err(NackCode::PrevUnknown.into())
        }
    }

    /// Threats 22: nobody writes faster than he may.
    fn pace(&mut self, conn: ConnId, sender: &Sender) -> Result<(), Refusal> {
        let limits = &self.limits;
        let taken = match &sender.writer {
            Writer::Desk => Ok(()),
            Writer::Operator(row, _) => match self.operators.get_mut(row) {
                Some(operator) => operator.pace.take(limits.operator_entries, self.now),
                None => Ok(()),
            },
            Writer::Visitor => {
                let Some(origin) = self.conns.get(&conn).map(|conn| conn.origin) else { return Ok(()) };
                let Some(person) = self.people.get_mut(sender.key) else { return Ok(()) };
                person.pace.take(limits.visitor_entries, self.now).and_then(|()| {
                    match limits.address_entries.burst {
                        0 => Ok(()),
                        _ => {
                            self.by_origin.entry(origin).or_default().0.take(limits.address_entries, self.now)
                        }
                    }
                })
            }
        };
        taken.map_err(|wait| Refusal::Nack(NackCode::Rate, Some(wait)))
    }

    fn write(
        &mut self,
        conn: ConnId,
        sender: &mut Sender,
        entry: &Entry,
        plan: Plan,
    ) -> Result<Verdict, Refusal> {
        let stream = self.ensure_rows(conn, sender)?;
        let hash = plan::hash(stream, &entry.body);
        match plan {
            Plan::Holds(seq) => {
                self.store.add_uid(sender.device_row, entry.uid, &Known { stream, seq, hash })?;
                self.ack_of(stream, seq, entry).map(Verdict::Held)
            }
            Plan::Write(bodies) => {
                let events = self.write_events(sender, entry, bodies)?;
                let seq = events.last().map_or(0, |event| event.seq);
                self.note_mail(sender.key, entry, events.last())?;
                if let Some(event) = events.last().filter(|_| sender.file != 0) {
                    self.store.commit_file(sender.file, event.message_id)?;
                }
                self.store.add_uid(sender.device_row, entry.uid, &Known { stream, seq, hash })?;
                let side = sender.writer.side();
                Ok(Verdict::Written { key: sender.key, side, events })
            }
        }
    }

    /// A transcript that was asked for waits from now on.
    fn note_mail(&mut self, key: PersonKey, entry: &Entry, asked: Option<&Event>) -> Result<(), Refusal> {
        let (SendBody::Transcript { email, lang, zone_min }, Some(asked)) = (&entry.body, asked) else {
            return Ok(());
        };
        let Some(log) = self.people.get(key).map(|person| &person.log) else { return Ok(()) };
        let (stream, chat, asked) = (log.row, log.newest_chat, asked.message_id);
        let mail = NewMail { stream, asked, chat, email, lang: *lang, zone_min: *zone_min };
        self.store.add_mail(&mail, self.now)?;
        self.mails.next = Some(self.now);
        Ok(())
    }

    /// Makes the rows that an entry hangs on, and gives the stream's.
    fn ensure_rows(&mut self, conn: ConnId, sender: &mut Sender) -> Result<i64, Refusal> {
        let stream = self.ensure_stream(sender.key)?;
        if sender.device_row == 0
            && let Some((side, owner, device)) = self.owner(conn, sender)
        {
            sender.device_row = self.store.device(side, owner, device)?;
            self.set_device_row(conn, sender.device_row);
        }
        Ok(stream)
    }

    fn ensure_stream(&mut self, key: PersonKey) -> Result<i64, Refusal> {
        let person = self.people.get_mut(key).ok_or(NackCode::Forbidden)?;
        if person.row == 0 {
            person.row = self.store.add_visitor(key.site, key.visitor, &person.token, self.now)?;
        }
        person.log.visitor_row = person.row;
        if person.log.row == 0 {
            person.log.row = self.store.add_stream(person.row)?;
            self.lists.written += 1;
        }
        Ok(person.log.row)
    }

    fn write_events(
        &mut self,
        sender: &Sender,
        entry: &Entry,
        bodies: Vec<EventBody>,
    ) -> Result<Vec<Event>, Refusal> {
        let last = bodies.len();
        let mut events = Vec::with_capacity(last);
        for (at, body) in bodies.into_iter().enumerate() {
            let uid = (at + 1 == last).then_some(entry.uid);
            events.push(self.write_event(sender, &entry.stream, body, uid)?);
        }
        Ok(events)
    }

    fn write_event(
        &mut self,
        sender: &Sender,
        stream: &StreamId,
        body: EventBody,
        uid: Option<Uid>,
    ) -> Result<Event, Refusal> {
        let (now, side, operator) = (self.now, sender.writer.side(), sender.writer.row());
        let message_id = MessageId(self.entropy.timed_id(now)?);
        let chat_id = ChatId(self.entropy.timed_id(now)?);
        let turn = Turn { side, operator, now, chat_id, message_id };
        let log = &mut self.people.get_mut(sender.key).ok_or(NackCode::Forbidden)?.log;
        log.prepare(&self.store, &body, &turn)?;
        let seq = log.head + 1;
        let chat = log.chat.as_deref().map_or((0, None), |chat| (chat.row, Some(chat.id)));
        self.store.add_event(&NewRow {
            stream: log.row,
            seq,
            message_id,
            chat: chat.0,
            ts: now,
            side,
            operator,
            device: if uid.is_some() { sender.device_row } else { 0 },
            uid,
            body: &body,
        })?;
        log.append(&self.store, &body, &turn)?;
        let author = sender.writer.author();
        Ok(Event { stream: stream.clone(), seq, message_id, chat_id: chat.1, author, ts: now, body, uid })
    }

    pub(super) fn set_device_row(&mut self, conn: ConnId, row: i64) {
        match self.conns.get_mut(&conn).map(|conn| &mut conn.stage) {
            Some(Stage::Visitor(seat)) => seat.device_row = row,
            Some(Stage::Operator(place)) => place.device_row = row,
            _ => {}
        }
    }

    fn set_last(&mut self, conn: ConnId, key: PersonKey, uid: Uid) {
        match self.conns.get_mut(&conn).map(|conn| &mut conn.stage) {
            Some(Stage::Visitor(seat)) => seat.last = Some((key, uid)),
            Some(Stage::Operator(place)) => place.last = Some((key, uid)),
            _ => {}
        }
    }
}

impl Writer {
    /// `None`: the desk itself.
    fn side(&self) -> Option<Side> {
        match self {
            Self::Visitor => Some(Side::Visitor),
            Self::Operator(..) => Some(Side::Operator),
            Self::Desk => None,
        }
    }

    fn row(&self) -> i64 {
        match self {
            Self::Visitor | Self::Desk => 0,
            Self::Operator(row, _) => *row,
        }
    }

    fn author(&self) -> Author {
        match self {
            Self::Visitor => Author::Visitor,
            Self::Operator(_, card) => Author::Operator(card.clone()),
            Self::Desk => Author::System,
        }
    }
}

impl From<NackCode> for Refusal {
    fn from(code: NackCode) -> Self {
        Self::Nack(code, None)
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<NoEntropy> for Refusal {
    fn from(error: NoEntropy) -> Self {
        Self::Db(DbError::Io(error.to_string()))
    }
}

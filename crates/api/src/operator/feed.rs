//! What the desktop is told of an operator's session.
//!
//! Why by events and not by the list: the desk gives every event of every chat that is this operator's to answer, and
//! the session brings each to the disk once; the list is gathered, and forgets.
//! What must always hold: a visitor's message is an occasion once, whether its chat was ever opened here or not; what
//! an operator has answered, read or taken is none; of a chat that is another's nothing is told.

use std::collections::{BTreeMap, HashMap};

use deskbell_core::Session;
use deskbell_core::replica::Replica;
use deskbell_core::store::{Receipts, Store};
use deskbell_store::SqliteStore;
use deskbell_wire::{
    Author, Event, EventBody, FileCard, GroupId, OperatorId, Requests, Seq, Side, Site, StreamId, VisitorId,
    VisitorRow, VisitorStatus,
};

use super::pile::RequestPile;
use super::talk::{Cause, Talk, Whose};
use crate::desktop::{Facts, Guest, Newsroom, Occasion, Over, Reporter, Side as Face, Subject, line};
use crate::dto::Locale;
use crate::files::said;

/// Events that are looked through for the beginning of a chat, and for what is unread after a restore.
const TAIL: u32 = 200;

/// The operator's reporter.
pub(super) struct Feed {
    reporter: Reporter,
    locale: Locale,
    /// Open chats whose events are held.
    talks: HashMap<StreamId, Talk>,
    asking: BTreeMap<VisitorId, Guest>,
    requests: RequestPile,
    groups: Vec<GroupId>,
}

/// A message of a visitor that nobody has answered nor read.
struct Words<'a> {
    event: &'a Event,
    text: &'a str,
    file: Option<&'a FileCard>,
}

impl Feed {
    /// A session begins.
    pub(super) fn new(newsroom: Newsroom, locale: Locale) -> Self {
        Self {
            reporter: Reporter::new(newsroom),
            locale,
            talks: HashMap::new(),
            asking: BTreeMap::new(),
            requests: RequestPile::default(),
            groups: Vec::new(),
        }
    }

    /// Nobody is signed in any more.
    pub(super) fn clear(&mut self) {
        self.talks.clear();
        self.asking.clear();
        self.requests = RequestPile::default();
        self.reporter.over(Over::Everything);
        self.reporter.unanswered(Vec::new());
    }

    /// Events are on the disk.
    pub(super) fn applied(
        &mut self,
        session: &Session<SqliteStore>,
        (stream, events): (&StreamId, &[Event]),
        me: OperatorId,
    ) {
        let Some(first) = events.first() else { return };
        let mut talk = self.take(session, (stream, first.seq), me);
        let was = talk.whose(me);
        for event in events {
            talk.follow(event, me);
            self.ends(event, stream.visitor);
        }
        let row = session.row(stream);
        row.into_iter().for_each(|row| talk.fill_from(row));
        talk.foreign = !self.works_in(talk.group);
        if was != talk.whose(me) {
            self.changed_hands(stream.visitor, talk.whose(me));
        }
        let words = unheard(session, (stream, events), row);
        self.spoken(session, (stream, &mut talk), &words, me);
        if words.is_empty() {
            self.accepted(session, stream, (events, me));
        }
        self.calls(session, stream, &mut talk, me);
        self.keep(session, stream, talk, me);
    }

    /// The chat as it was before `before`.
    fn take(
        &mut self,
        session: &Session<SqliteStore>,
        (stream, before): (&StreamId, Seq),
        me: OperatorId,
    ) -> Talk {
        self.talks.remove(stream).unwrap_or_else(|| {
            let mut held = session.store().before(stream, before, TAIL).unwrap_or_default();
            held.reverse();
            Talk::from_history(&held, me)
        })
    }

    /// Closed ones are forgotten: what comes next opens another.
    fn keep(&mut self, session: &Session<SqliteStore>, stream: &StreamId, talk: Talk, me: OperatorId) {
        let visitor = stream.visitor;
        let since = talk.asked.filter(|_| talk.whose(me) == Whose::Mine);
        let guest = since.map(|since| Guest { visitor, name: name(session, stream), since });
        if self.asking.get(&visitor) != guest.as_ref() {
            self.asking.remove(&visitor);
            self.asking.extend(guest.map(|guest| (visitor, guest)));
            self.reporter.unanswered(self.asking.values().cloned().collect());
        }
        if talk.open {
            self.talks.insert(stream.clone(), talk);
        }
    }

    /// What the event brings to its end.
    fn ends(&self, event: &Event, visitor: VisitorId) {
        match (&event.body, &event.author) {
            (EventBody::Message { .. }, Author::Operator(_)) => {
                self.over_all(&[Subject::Waiting(visitor), Subject::Transfer(visitor)]);
                self.reporter.over(Over::Read(visitor, event.seq));
            }
            (EventBody::Closed { .. }, _) => {
                self.over_all(&[Subject::Waiting(visitor), Subject::Transfer(visitor)]);
            }
            _ => {}
        }
    }

    fn changed_hands(&self, visitor: VisitorId, whose: Whose) {
        match whose {
            Whose::Mine | Whose::Nobodys => {
                self.over_all(&[Subject::Waiting(visitor), Subject::Transfer(visitor)]);
            }
            Whose::Others => self.over_all(&[
                Subject::Waiting(visitor),
                Subject::Transfer(visitor),
                Subject::Words(visitor),
            ]),
            Whose::Anybodys => self.over_all(&[Subject::Words(visitor)]),
        }
    }

    fn over_all(&self, subjects: &[Subject]) {
        subjects.iter().for_each(|subject| self.reporter.over(Over::Subject(*subject)));
    }

    /// The visitor wrote.
    fn spoken(
        &self,
        session: &Session<SqliteStore>,
        (stream, talk): (&StreamId, &mut Talk),
        words: &[Words<'_>],
        me: OperatorId,
    ) {
        let visitor = stream.visitor;
        let subject = match talk.whose(me) {
            // A chat that was over before anybody looked.
            Whose::Mine | Whose::Nobodys => Subject::Words(visitor),
            Whose::Anybodys if talk.handed.is_some_and(|by| !by.own) => Subject::Transfer(visitor),
            Whose::Anybodys => Subject::Waiting(visitor),
            Whose::Others => return,
        };
        talk.told |= !words.is_empty();
        for Words { event, text, file } in words {
            self.reporter.occasion(Occasion {
                words: Some(said(text, *file, self.locale)),
                ..bare(session, (stream, subject), Cause::of(event))
            });
        }
    }

    /// The visitor accepted this operator's invitation, and has not written.
    fn accepted(
        &self,
        session: &Session<SqliteStore>,
        stream: &StreamId,
        (events, me): (&[Event], OperatorId),
    ) {
        let Some(event) = events.last() else { return };
        let mine = matches!(&event.body, EventBody::Joined { operator } if operator.id == me);
        if mine && !matches!(&event.author, Author::Operator(card) if card.id == me) {
            self.reporter.occasion(bare(
                session,
                (stream, Subject::Waiting(stream.visitor)),
                Cause::of(event),
            ));
        }
    }

    /// A chat calls that nobody is in, without a word of the visitor's.
    fn calls(&self, session: &Session<SqliteStore>, stream: &StreamId, talk: &mut Talk, me: OperatorId) {
        if talk.whose(me) != Whose::Anybodys {
            return;
        }
        let waits = session.row(stream).is_some_and(|row| row.status == VisitorStatus::Waiting);
        let (subject, cause) = match talk.handed.filter(|by| !by.own) {
            Some(by) => (Subject::Transfer(stream.visitor), Some(by)),
            None => (Subject::Waiting(stream.visitor), talk.deserted.filter(|_| waits)),
        };
        if let Some(cause) = cause.filter(|_| !talk.told) {
            talk.told = true;
            self.reporter.occasion(bare(session, (stream, subject), cause));
        }
    }

    /// Rows of the list are new or changed.
    pub(super) fn rows(&mut self, session: &Session<SqliteStore>, rows: &[VisitorRow], me: OperatorId) {
        for VisitorRow { stream, operator, .. } in rows.iter().filter(|row| row.chat_id.is_some()) {
            let mine = operator.as_ref().is_some_and(|card| card.id == me);
            let held = session.held(stream).map_or(0, Replica::seq);
            // Of a chat that waits since before the program began nothing is news.
            if held > 0 && (mine || self.talks.contains_key(stream)) {
                let mut talk = self.take(session, (stream, held + 1), me);
                session.row(stream).into_iter().for_each(|row| talk.fill_from(row));
                self.calls(session, stream, &mut talk, me);
                self.keep(session, stream, talk, me);
            }
        }
    }

    /// The site changed: perhaps the groups that this operator works in.
    pub(super) fn site(&mut self, site: &Site, me: OperatorId) {
        let seat = site.operators.iter().find(|seat| seat.card.id == me);
        self.groups = seat.map(|seat| seat.groups.clone()).unwrap_or_default();
    }

    /// In no group: in all.
    fn works_in(&self, group: Option<GroupId>) -> bool {
        group.is_none_or(|group| self.groups.is_empty() || self.groups.contains(&group))
    }

    /// All events of the stream are others now. Those that were told are known by their ids.
    pub(super) fn replaced(&mut self, session: &Session<SqliteStore>, stream: &StreamId, me: OperatorId) {
        self.talks.remove(stream);
        let mut events = session.store().before(stream, i64::MAX.unsigned_abs(), TAIL).unwrap_or_default();
        events.reverse();
        self.applied(session, (stream, &events), me);
    }

    /// A side received or read.
    pub(super) fn receipts(&self, stream: &StreamId, side: Side, receipts: Receipts) {
        if side == Side::Operator && receipts.read > 0 {
            self.reporter.over(Over::Read(stream.visitor, receipts.read));
        }
    }

    /// The list of requests changed.
    pub(super) fn requests(
        &mut self,
        session: &mut Session<SqliteStore>,
        requests: &Requests,
        me: OperatorId,
    ) {
        self.requests.heard(&self.reporter, session, (requests, me));
    }

    /// How things stand.
    pub(super) fn stands(
        &mut self,
        session: &Session<SqliteStore>,
        me: Option<OperatorId>,
        (signed_in, online): (bool, bool),
    ) {
        let rows = || session.rows().0.filter(|_| signed_in);
        let answers = |row: &&VisitorRow| row.operator.as_ref().is_none_or(|card| Some(card.id) == me);
        let mut waiting: Vec<_> =
            rows().filter(|row| row.status == VisitorStatus::Waiting).map(guest).collect();
        waiting.sort_by_key(|guest| (guest.since, guest.visitor));
        let unread = rows().filter(answers).map(|row| row.unread).sum();
        let line = line(session.link());
        self.reporter.facts(Facts {
            side: Face::Operator,
            line,
            online,
            signed_in,
            unread,
            waiting,
            invitation: None,
        });
    }
}

impl Cause {
    fn of(event: &Event) -> Self {
        Self { event: event.message_id, seq: event.seq, ts: event.ts, own: false }
    }
}

/// What nobody has answered nor read, of what came now. How much is unread is known from the list before the desk says
/// how far it was read.
fn unheard<'a>(
    session: &Session<SqliteStore>,
    (stream, events): (&StreamId, &'a [Event]),
    row: Option<&VisitorRow>,
) -> Vec<Words<'a>> {
    let read = session.held(stream).map_or(0, |held| held.operator.read);
    let mut words = Vec::new();
    for event in events {
        match (&event.body, &event.author) {
            (EventBody::Message { text, file }, Author::Visitor) if event.seq > read => {
                words.push(Words { event, text, file: file.as_ref() });
            }
            (EventBody::Message { .. }, Author::Operator(_)) => words.clear(),
            _ => {}
        }
    }
    let newest = events.last().map_or(0, |event| event.seq);
    if let Some(row) = row.filter(|row| row.head >= newest) {
        let unread = usize::try_from(row.unread).unwrap_or(usize::MAX);
        words.drain(..words.len().saturating_sub(unread));
    }
    words
}

fn bare(session: &Session<SqliteStore>, (stream, subject): (&StreamId, Subject), cause: Cause) -> Occasion {
    Occasion {
        subject,
        event: Some(cause.event),
        seq: Some(cause.seq),
        who: name(session, stream),
        words: None,
        live: cause.ts >= session.since(),
        ts: cause.ts,
    }
}

fn name(session: &Session<SqliteStore>, stream: &StreamId) -> Option<String> {
    session.row(stream)?.name.clone()
}

fn guest(row: &VisitorRow) -> Guest {
    Guest { visitor: row.stream.visitor, name: row.name.clone(), since: row.since }
}

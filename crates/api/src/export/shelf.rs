//! The conversations that a device holds, read part by part.

use deskbell_core::Session;
use deskbell_core::store::{OutboxRow, Store, StoreError};
use deskbell_store::SqliteStore;
use deskbell_vault::Vault;
use deskbell_wire::{Event, EventBody, Seq, StreamId};

use super::line::Line;
use crate::dto::{Problem, Sender};
use crate::lines;
use crate::operator::OperatorApp;
use crate::visitor::VisitorApp;

/// Events that are read at once: the session's thread does other things between two parts.
const PART: u32 = 200;

/// A conversation that is held.
pub(super) struct Held {
    pub(super) stream: StreamId,
    /// What the visitor is called, where it is known.
    pub(super) name: Option<String>,
    /// The seq just below the first event held; 0: it is whole.
    pub(super) base: Seq,
    pub(super) head: Seq,
}

/// Sizes of files (bytes), with whether they are here, and what is below them.
pub(super) type FilesPart = (Vec<(u64, bool)>, Option<Seq>);

/// Where they are.
pub(super) trait Shelf {
    /// All, each with something in it.
    fn held(&self) -> Result<Vec<Held>, Problem>;
    /// The events just above `after`, oldest first.
    fn part(&self, stream: &StreamId, after: Seq) -> Result<Vec<Line>, Problem>;
    /// The files of a part of the events below `below`: their sizes, and whether they are here. And what is below that
    /// part; `None`: nothing.
    fn files(&self, stream: &StreamId, below: Option<Seq>) -> Result<FilesPart, Problem>;
    /// Own messages that the desk does not have yet.
    fn waiting(&self, stream: &StreamId) -> Result<Vec<Line>, Problem>;
}

impl Shelf for VisitorApp {
    fn held(&self) -> Result<Vec<Held>, Problem> {
        let stream = self.stream().clone();
        let mut all = self.ask(|session, _, _| held(session))?;
        all.retain(|one| one.stream == stream);
        Ok(all)
    }

    fn part(&self, stream: &StreamId, after: Seq) -> Result<Vec<Line>, Problem> {
        let stream = stream.clone();
        self.ask(move |session, _, _| part(session, &stream, after))?.map_err(|error| self.store(&error))
    }

    fn files(&self, stream: &StreamId, below: Option<Seq>) -> Result<FilesPart, Problem> {
        let (stream, vault) = (stream.clone(), self.desk_files().vault().clone());
        self.ask(move |session, _, _| files(session, &vault, &stream, below))?
            .map_err(|error| self.store(&error))
    }

    fn waiting(&self, stream: &StreamId) -> Result<Vec<Line>, Problem> {
        let stream = stream.clone();
        self.ask(move |session, _, _| waiting(session, &stream, Sender::Visitor))
    }
}

impl Shelf for OperatorApp {
    fn held(&self) -> Result<Vec<Held>, Problem> {
        let mut all = self.ask(|session, _, _| held(session))?;
        for one in all.iter_mut().filter(|one| one.name.is_none()) {
            one.name = self.last_name(&one.stream)?;
        }
        Ok(all)
    }

    fn part(&self, stream: &StreamId, after: Seq) -> Result<Vec<Line>, Problem> {
        let stream = stream.clone();
        self.ask(move |session, _, _| part(session, &stream, after))?.map_err(|error| self.store(&error))
    }

    fn files(&self, stream: &StreamId, below: Option<Seq>) -> Result<FilesPart, Problem> {
        let (stream, vault) = (stream.clone(), self.desk_files().vault().clone());
        self.ask(move |session, _, _| files(session, &vault, &stream, below))?
            .map_err(|error| self.store(&error))
    }

    fn waiting(&self, stream: &StreamId) -> Result<Vec<Line>, Problem> {
        let stream = stream.clone();
        self.ask(move |session, _, _| waiting(session, &stream, Sender::Operator))
    }
}

fn held(session: &Session<SqliteStore>) -> Vec<Held> {
    let name = |stream: &StreamId| session.row(stream)?.name.clone();
    let one = |held: &deskbell_core::replica::Replica| Held {
        stream: held.stream.clone(),
        name: name(&held.stream),
        base: held.base,
        head: held.cursor.as_ref().map_or(held.base, |cursor| cursor.seq),
    };
    let something = |held: &&deskbell_core::replica::Replica| {
        held.cursor.is_some() || held.outbox.rows().any(|row| row.body.is_message())
    };
    session.streams().filter(something).map(one).collect()
}

fn part(session: &Session<SqliteStore>, stream: &StreamId, after: Seq) -> Result<Vec<Line>, StoreError> {
    let mut events = session.store().before(stream, after + 1 + u64::from(PART), PART)?;
    // Near the end there are fewer above, and older ones come along.
    events.retain(|event| event.seq > after);
    events.reverse();
    let line = |event: &Event| Line::from(lines::from_event(event)).with(event.body.file(), event.message_id);
    Ok(events.iter().map(line).collect())
}

fn files(
    session: &Session<SqliteStore>,
    vault: &Vault,
    stream: &StreamId,
    below: Option<Seq>,
) -> Result<FilesPart, StoreError> {
    let events = session.store().files(stream, None, below, PART)?;
    let next = events.last().map(|event| event.seq).filter(|_| events.len() == PART as usize);
    let file = |event: &Event| event.body.file().map(|card| (card.size, vault.has(&card.digest)));
    Ok((events.iter().filter_map(file).collect(), next))
}

fn waiting(session: &Session<SqliteStore>, stream: &StreamId, own: Sender) -> Vec<Line> {
    let Some(held) = session.held(stream) else { return Vec::new() };
    let rows = held.outbox.rows();
    let line = |row: &OutboxRow| {
        let line = Line::from(lines::from_row(row, held.outbox.is_acked(row.uid), own)?);
        Some(line.with(session.upload(row.uid).map(|(upload, _)| &upload.card), row.uid))
    };
    rows.filter_map(line).collect()
}

impl OperatorApp {
    /// What the visitor was called last, as far as this device knows without a line.
    fn last_name(&self, stream: &StreamId) -> Result<Option<String>, Problem> {
        let mut below: Seq = i64::MAX.unsigned_abs();
        loop {
            let stream = stream.clone();
            let events = self
                .ask(move |session, _, _| session.store().before(&stream, below, PART))?
                .map_err(|error| self.store(&error))?;
            let Some(oldest) = events.last() else { return Ok(None) };
            below = oldest.seq;
            let name = events.iter().find_map(|event| match &event.body {
                EventBody::CardSaved { card } if !card.name.is_empty() => Some(card.name.clone()),
                _ => None,
            });
            if name.is_some() {
                return Ok(name);
            }
        }
    }
}

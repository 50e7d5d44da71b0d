//! What an operator may know of a visitor: asked for when he opens the card, and read then.

use deskbell_db::DbError;
use deskbell_wire::{Person, Refusal, StreamId, Told};

use super::Desk;
use super::ask::refused;
use super::io::ConnId;
use super::person::PersonKey;
use super::policy::Wish;

impl Desk {
    pub(super) fn person_card(&mut self, conn: ConnId, stream: &StreamId) -> Told {
        let card = match self.reach(conn, stream, Wish::Read) {
            Ok(Some(key)) => self.read_card(key, stream),
            Ok(None) => return refused(Refusal::Forbidden),
            Err(error) => Err(error),
        };
        match card {
            Ok(Some(card)) => Told::Person(Box::new(card)),
            Ok(None) => refused(Refusal::Forbidden),
            Err(error) => {
                tracing::warn!(%error, "a visitor's card cannot be read");
                refused(Refusal::Storage)
            }
        }
    }

    fn read_card(&self, key: PersonKey, stream: &StreamId) -> Result<Option<Person>, DbError> {
        let Some(person) = self.people.get(key) else { return Ok(None) };
        let about = &person.log.about;
        let connected = !person.conns.is_empty();
        Ok(Some(Person {
            stream: stream.clone(),
            card: about.card.clone(),
            first_seen: self.store.first_seen(person.row)?.unwrap_or(self.now),
            last_seen: if connected { self.now } else { person.visit.seen },
            visits: person.visit.number,
            chats: self.store.count_chats(person.log.row)?,
            ratings: self.store.marks_given(person.log.row)?,
            consented: about.consented,
            banned: about.banned,
            devices: self.store.count_devices(person.row)?,
        }))
    }
}

//! Who is behind a connection, and what it reaches. The policy decides; here it is asked.

use deskbell_db::DbError;
use deskbell_wire::{Audience, StreamId};

use super::Desk;
use super::conn::Stage;
use super::io::ConnId;
use super::person::PersonKey;
use super::policy::{Act, Rights, Role, Subject, Wish, allows};

impl Desk {
    /// Who is behind a connection, as far as rights go.
    pub(super) fn role(&self, conn: ConnId) -> Option<Role<'_>> {
        match &self.conns.get(&conn)?.stage {
            Stage::Visitor(seat) => Some(Role::Visitor(&self.people.get(seat.key)?.stream)),
            Stage::Operator(place) => Some(Role::Operator(&self.operators.get(&place.operator)?.rights)),
            Stage::New | Stage::Checking { .. } | Stage::SignedIn => None,
        }
    }

    /// What an operator's connection has beyond being one.
    pub(super) fn rights_of(&self, conn: ConnId) -> Option<&Rights> {
        match self.role(conn)? {
            Role::Operator(rights) => Some(rights),
            Role::Visitor(_) => None,
        }
    }

    /// May the connection do that in the stream of a visitor who is in memory?
    pub(super) fn may(&self, conn: ConnId, key: PersonKey, wish: Wish<'_>) -> bool {
        let Some((role, person)) = self.role(conn).zip(self.people.get(key)) else { return false };
        allows(role, Act::In(person.subject(key), wish))
    }

    /// The visitor whose stream that is, where the connection may do that there. `None`: he is not there, or it may
    /// not; nobody can tell one from the other (threats 1).
    pub(super) fn reach(
        &mut self,
        conn: ConnId,
        stream: &StreamId,
        wish: Wish<'_>,
    ) -> Result<Option<PersonKey>, DbError> {
        let Some(key) = self.key_of(stream) else { return Ok(None) };
        // A visitor's own is the only one that is looked for.
        let looked_for = match self.role(conn) {
            Some(role @ Role::Visitor(_)) => {
                allows(role, Act::In(Subject { stream, site: key.site, log: None }, wish))
            }
            Some(Role::Operator(_)) => stream.audience == Audience::Public,
            None => false,
        };
        if !looked_for || !self.load(key, stream)? {
            return Ok(None);
        }
        Ok(self.may(conn, key, wish).then_some(key))
    }

    /// How the desk itself names a stream's visitor. `None`: no such site.
    pub(super) fn key_of(&self, stream: &StreamId) -> Option<PersonKey> {
        let site = *self.sites.get(stream.site.as_str())?;
        Some(PersonKey { site, visitor: stream.visitor })
    }
}

//! Questions that want an answer now and leave no trace in a log.
//!
//! What must always hold: every question is answered once, with its own number; who has no right to ask hears the
//! same whatever he asked for (threats 2, 7); nobody asks faster than he may (threats 22).

use deskbell_db::DbError;
use deskbell_wire::{Ask, DeskFrame, Refusal, Told};

use super::conn::Stage;
use super::io::ConnId;
use super::policy::allows_ask;
use super::{Desk, Farewell};

/// A refusal, and what there is more to say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct No {
    pub(super) code: Refusal,
    /// A field's path, or the mail server's words.
    pub(super) detail: Option<String>,
}

/// What is answered. `None`: not yet; whoever works on it answers with [`Desk::told`].
pub(super) type Reply = Result<Option<Told>, No>;

impl Desk {
    pub(super) fn ask(&mut self, conn: ConnId, n: u64, ask: Ask) -> Result<(), Farewell> {
        let reply = self.may_ask(conn, &ask).and_then(|()| self.reply(conn, n, ask));
        match reply {
            Ok(None) => {}
            Ok(Some(told)) => self.told(conn, n, told),
            Err(no) => self.told(conn, n, Told::Refused { code: no.code, detail: no.detail }),
        }
        Ok(())
    }

    /// Answers a question. A connection that is gone hears nothing.
    pub(super) fn told(&mut self, conn: ConnId, n: u64, told: Told) {
        if self.conns.contains_key(&conn) {
            self.answer(conn, &DeskFrame::Told { n, told });
        }
    }

    fn may_ask(&mut self, conn: ConnId, ask: &Ask) -> Result<(), No> {
        if !self.role(conn).is_some_and(|role| allows_ask(role, ask)) {
            return Err(Refusal::Forbidden.into());
        }
        let taken = match self.conns.get(&conn).map(|conn| &conn.stage) {
            Some(Stage::Visitor(seat)) => {
                let person = self.people.get_mut(seat.key);
                person.map(|person| person.asks.take(self.limits.visitor_asks, self.now))
            }
            Some(Stage::Operator(place)) => {
                let operator = self.operators.get_mut(&place.operator);
                operator.map(|operator| operator.asks.take(self.limits.operator_asks, self.now))
            }
            _ => None,
        };
        match taken {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(Refusal::Rate.into()),
            None => Err(Refusal::Forbidden.into()),
        }
    }

    /// One arm per question; the right to ask was checked before.
    fn reply(&mut self, conn: ConnId, n: u64, ask: Ask) -> Reply {
        match ask {
            Ask::Person { stream } => self.ask_person(conn, &stream),
            Ask::SaveSite(settings) => self.save_site(*settings),
            Ask::SetGroups { operator, groups } => self.set_groups(operator, groups),
            Ask::TestMail { .. } => {
                let _ = n;
                Err(Refusal::Unavailable.into())
            }
            Ask::LinkCode {} => Err(Refusal::Unavailable.into()),
            Ask::Devices {} => Err(Refusal::Unavailable.into()),
            Ask::Revoke { .. } => Err(Refusal::Unavailable.into()),
        }
    }
}

impl From<Refusal> for No {
    fn from(code: Refusal) -> Self {
        Self { code, detail: None }
    }
}

impl From<DbError> for No {
    fn from(error: DbError) -> Self {
        tracing::warn!(%error, "a question could not be answered");
        Refusal::Storage.into()
    }
}

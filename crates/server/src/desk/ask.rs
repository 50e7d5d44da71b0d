//! Questions that want an answer now and leave no trace in a log.
//!
//! What must always hold: every question is answered once, with its own number; who has no right to ask hears the
//! same whatever he asked for (threats 2, 7); nobody asks faster than he may (threats 22).

use deskbell_wire::{Ask, DeskFrame, Refusal, Told};
use zeroize::Zeroizing;

use super::conn::{Conn, Stage};
use super::io::ConnId;
use super::policy::{Act, allows};
use super::{Desk, Farewell};

impl Desk {
    pub(super) fn ask(&mut self, conn: ConnId, n: u64, ask: Ask) -> Result<(), Farewell> {
        let allowed = self.role(conn).is_some_and(|role| allows(role, Act::Ask(&ask)));
        let told = match self.pace_asks(conn, &ask) {
            Ok(()) if allowed => self.reply(conn, n, ask),
            Ok(()) => Some(refused(Refusal::Forbidden)),
            Err(_) => Some(refused(Refusal::Rate)),
        };
        if let Some(told) = told {
            self.told(conn, n, told);
        }
        Ok(())
    }

    /// One arm per question; the right to ask was checked before. `None`: not yet; whoever works on it answers
    /// with [`Self::told`].
    fn reply(&mut self, conn: ConnId, n: u64, ask: Ask) -> Option<Told> {
        Some(match ask {
            Ask::Person { stream } => self.person_card(conn, &stream),
            Ask::SaveSite(settings) => self.save_site(*settings),
            Ask::SetGroups { operator, groups } => self.set_groups(operator, &groups),
            Ask::TestMail { to } => return self.test_mail(conn, n, self.main_site(), &to),
            Ask::SetPassword { operator, password } => {
                return self.reset_password((conn, n), operator, Zeroizing::new(password.0));
            }
            Ask::SignOut {} => self.end_session(conn),
            Ask::LinkCode {} => self.link_code(conn).unwrap_or_else(refused),
            Ask::Devices {} => self.devices(conn).unwrap_or_else(refused),
            Ask::Revoke { device } => self.revoke(conn, device).unwrap_or_else(refused),
            Ask::Pack { digest, from } => self.pack_part(conn, digest, from),
        })
    }

    /// Threats 22: nobody asks faster than he may, also not for what he may not have.
    fn pace_asks(&mut self, conn: ConnId, ask: &Ask) -> Result<(), u64> {
        let Some(Conn { origin, stage }) = self.conns.get(&conn) else { return Ok(()) };
        match stage {
            Stage::Visitor(seat) if matches!(ask, Ask::Pack { .. }) => {
                let Some(person) = self.people.get_mut(seat.key) else { return Ok(()) };
                let origin = *origin;
                person.parts.take(self.limits.visitor_parts, self.now)?;
                self.packs.count(origin, self.limits.address_parts, self.now)
            }
            Stage::Visitor(seat) => match self.people.get_mut(seat.key) {
                Some(person) => person.asks.take(self.limits.visitor_asks, self.now),
                None => Ok(()),
            },
            Stage::Operator(place) => match self.operators.get_mut(&place.operator) {
                Some(operator) => operator.asks.take(self.limits.operator_asks, self.now),
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Answers a question. A connection that is gone hears nothing.
    pub(super) fn told(&mut self, conn: ConnId, n: u64, told: Told) {
        if self.conns.contains_key(&conn) {
            self.answer(conn, &DeskFrame::Told { n, told });
        }
    }
}

/// No, and nothing more to say.
pub(super) fn refused(code: Refusal) -> Told {
    Told::Refused { code, detail: None }
}

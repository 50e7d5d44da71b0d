//! Questions that want an answer now and leave no trace in a log.
//!
//! What must always hold: every question is answered once, with its own number; who has no right to ask hears the
//! same whatever he asked for (threats 2, 7); nobody asks faster than he may (threats 22).

use deskbell_wire::{Ask, DeskFrame, Refusal, Told};

use super::io::ConnId;
use super::policy::{Act, allows};
use super::{Desk, Farewell};

impl Desk {
    pub(super) fn ask(&mut self, conn: ConnId, n: u64, ask: Ask) -> Result<(), Farewell> {
        let allowed = self.role(conn).is_some_and(|role| allows(role, Act::Ask(&ask)));
        let told = if allowed { self.reply(conn, n, ask) } else { Some(refused(Refusal::Forbidden)) };
        if let Some(told) = told {
            self.told(conn, n, told);
        }
        Ok(())
    }

    /// One arm per question; the right to ask was checked before. `None`: not yet; whoever works on it answers
    /// with [`Self::told`].
    fn reply(&mut self, conn: ConnId, n: u64, ask: Ask) -> Option<Told> {
        Some(match ask {
            Ask::Person { .. } | Ask::SaveSite(_) | Ask::SetGroups { .. } => refused(Refusal::Unavailable),
            Ask::TestMail { to } => return self.test_mail(conn, n, self.main_site(), &to),
            Ask::LinkCode {} => self.link_code(conn).unwrap_or_else(refused),
            Ask::Devices {} => self.devices(conn).unwrap_or_else(refused),
            Ask::Revoke { device } => self.revoke(conn, device).unwrap_or_else(refused),
        })
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

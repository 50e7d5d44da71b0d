//! New passwords, and the end of sessions.
//!
//! What must always hold: where a password changes, every session that the old one opened ends with it, its open
//! connections included (threats 8); a new password comes from whoever looks after the desk, or from the program that
//! hosts it.

use deskbell_wire::{Ask, ByeCode, OperatorId, Refusal, Secretive, Timestamp, Told};
use zeroize::Zeroizing;

use super::Desk;
use super::ask::refused;
use super::conn::Stage;
use super::io::{ConnId, HashTicket, Output};
use super::policy::{Act, allows};
use crate::account;
use crate::error::DeskError;

impl Desk {
    /// Gives an account another password and ends all its sessions, at once.
    ///
    /// # Errors
    /// [`DeskError::NoAccount`], or what the disk says.
    pub fn set_password(&mut self, login: &str, password: &str, now: Timestamp) -> Result<(), DeskError> {
        self.now = now;
        let row = self.store.credentials(login)?.ok_or(DeskError::NoAccount)?.row;
        self.change_password(row, password)
    }

    /// Somebody who looks after the desk does. `None`: the answer comes when the password is hashed.
    pub(super) fn reset_password(
        &mut self,
        (conn, n): (ConnId, u64),
        operator: OperatorId,
        password: Zeroizing<String>,
    ) -> Option<Told> {
        match self.store.operator_login(operator) {
            Ok(Some((_, true))) if account::check_password(&password).is_ok() => {
                let ticket = HashTicket { conn, n, operator };
                self.outputs.push(Output::Hash { ticket, password });
                None
            }
            Ok(_) => Some(refused(Refusal::Invalid)),
            Err(_) => Some(refused(Refusal::Storage)),
        }
    }

    /// The new password is hashed. Whoever asked may have lost the right meanwhile.
    pub(super) fn hashed(&mut self, ticket: HashTicket, hash: Option<Zeroizing<String>>) {
        let HashTicket { conn, n, operator } = ticket;
        let ask = Ask::SetPassword { operator, password: Secretive(String::new()) };
        let told = match hash {
            _ if !self.role(conn).is_some_and(|role| allows(role, Act::Ask(&ask))) => {
                refused(Refusal::Forbidden)
            }
            None => refused(Refusal::Rate),
            Some(hash) => self.take_password(operator, &hash),
        };
        let done = told == Told::Done {};
        // First the answer: whoever asked may be the one whose sessions end.
        self.told(conn, n, told);
        if done && let Ok(Some((row, _))) = self.store.operator_login(operator) {
            self.dismiss_operator(row);
        }
    }

    fn take_password(&mut self, operator: OperatorId, hash: &str) -> Told {
        let taken = match self.store.operator_login(operator) {
            Ok(Some((row, true))) => self.keep_password(row, hash),
            Ok(_) => return refused(Refusal::Invalid),
            Err(error) => Err(error.into()),
        };
        taken.map_or_else(|_| refused(Refusal::Storage), |()| Told::Done {})
    }

    fn change_password(&mut self, row: i64, hash: &str) -> Result<(), DeskError> {
        self.keep_password(row, hash)?;
        self.dismiss_operator(row);
        Ok(())
    }

    fn keep_password(&mut self, row: i64, hash: &str) -> Result<(), DeskError> {
        self.alone(|store| {
            store.set_password(row, hash)?;
            store.end_sessions(row)
        })?;
        Ok(())
    }

    /// Everybody with the old password, also whoever is just signing in with it.
    fn dismiss_operator(&mut self, row: i64) {
        let theirs = |stage: &Stage| match stage {
            Stage::Operator(place) => place.operator == row,
            Stage::Checking { operator } => *operator == row,
            _ => false,
        };
        let conns: Vec<ConnId> =
            self.conns.iter().filter(|(_, conn)| theirs(&conn.stage)).map(|(id, _)| *id).collect();
        for conn in conns {
            self.dismiss(conn, ByeCode::BadToken.into());
        }
    }

    /// The device behind this connection signs out. The connection is its own to close; others with its token end.
    pub(super) fn end_session(&mut self, conn: ConnId) -> Told {
        let Some(session) = self.session_of(conn) else { return refused(Refusal::Forbidden) };
        if self.alone(|store| store.end_session(session)).is_err() {
            return refused(Refusal::Storage);
        }
        let same = |other: &ConnId| *other != conn && self.session_of(*other) == Some(session);
        let others: Vec<ConnId> = self.conns.keys().copied().filter(same).collect();
        for other in others {
            self.dismiss(other, ByeCode::BadToken.into());
        }
        Told::Done {}
    }

    fn session_of(&self, conn: ConnId) -> Option<i64> {
        match &self.conns.get(&conn)?.stage {
            Stage::Operator(place) => Some(place.session),
            _ => None,
        }
    }
}

//! Operators: who is at work, and what that means for visitors.
//!
//! What must always hold: a desk is available while an operator with status online is connected, or was until less
//! than a minute ago: a lost line must not send visitors away.

use deskbell_wire::{ByeCode, GroupId, OperatorCard, OperatorId, OperatorStatus, Secret, Timestamp};

use super::conn::{Operator, Post, Stage};
use super::io::ConnId;
use super::pace::Bucket;
use super::policy::{Act, Rights, allows};
use super::{Desk, Farewell};
use crate::error::DeskError;
use crate::store::Account;

/// Milliseconds for which a lost operator still counts.
pub(super) const GRACE_MS: i64 = 60_000;

/// An account, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorEntry {
    /// Who.
    pub card: OperatorCard,
    /// Empty for the owner of a hosted desk, who has no password.
    pub login: String,
    /// Looks after the desk: may change its settings.
    pub admin: bool,
}

impl Desk {
    /// The operator, known from now on.
    pub(super) fn know_operator(&mut self, account: Account, places: Vec<(i64, GroupId)>) -> &Operator {
        let operator = self.operators.entry(account.row).or_insert_with(|| Operator {
            card: account.card.clone(),
            status: account.status,
            conns: Vec::new(),
            lost: None,
            pace: Bucket::default(),
            asks: Bucket::default(),
            rights: Rights::default(),
        });
        operator.card = account.card;
        operator.rights = Rights { admin: account.admin, places };
        operator
    }

    pub(super) fn operator_came(&mut self, conn: ConnId, row: i64) {
        self.at_work.push(Post { conn, operator: row });
        if let Some(operator) = self.operators.get_mut(&row) {
            operator.conns.push(conn);
            operator.lost = None;
        }
    }

    pub(super) fn operator_left(&mut self, conn: ConnId, row: i64) {
        self.at_work.retain(|post| post.conn != conn);
        self.requests.watchers.retain(|other| *other != conn);
        self.lists.watchers.retain(|other| *other != conn);
        self.people.watched = !self.lists.watchers.is_empty();
        self.gone_clears_answering(conn);
        if let Some(operator) = self.operators.get_mut(&row) {
            operator.conns.retain(|other| *other != conn);
            if operator.conns.is_empty() {
                operator.lost = Some(self.now);
            }
        }
        self.look_who_is_there();
    }

    pub(super) fn set_status(&mut self, conn: ConnId, status: OperatorStatus) -> Result<(), Farewell> {
        let Some(role) = self.role(conn) else { return Ok(()) };
        if !allows(role, Act::SetStatus) {
            return Err(ByeCode::Protocol.into());
        }
        if let Some(Stage::Operator(place)) = self.conns.get(&conn).map(|conn| &conn.stage)
            && let Some(operator) = self.operators.get_mut(&place.operator)
        {
            operator.status = status;
            self.dirty.statuses.push((place.operator, status));
            self.dirty.note(self.now);
            self.look_who_is_there();
        }
        Ok(())
    }

    /// Works out availability anew and tells the visitors when it changed.
    pub(super) fn look_who_is_there(&mut self) {
        for operator in self.operators.values_mut() {
            if operator.is_over(self.now) {
                operator.lost = None;
            }
        }
        self.count_presence();
        self.note_colleagues();
    }

    /// Adds an account; `password` is an argon2id hash, or empty with an empty login for an owner. The first account
    /// looks after the desk.
    ///
    /// # Errors
    /// [`DeskError::LoginTaken`], or what the disk says.
    pub fn add_operator(
        &mut self,
        name: &str,
        login: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<OperatorCard, DeskError> {
        self.add_account(name, (login, password), false, now)
    }

    /// Adds an account that looks after the desk; else like [`Self::add_operator`].
    ///
    /// # Errors
    /// [`DeskError::LoginTaken`], or what the disk says.
    pub fn add_admin(
        &mut self,
        name: &str,
        login: &str,
        password: &str,
        now: Timestamp,
    ) -> Result<OperatorCard, DeskError> {
        self.add_account(name, (login, password), true, now)
    }

    fn add_account(
        &mut self,
        name: &str,
        (login, password): (&str, &str),
        admin: bool,
        now: Timestamp,
    ) -> Result<OperatorCard, DeskError> {
        self.now = now;
        let id = OperatorId(self.entropy.id().map_err(DeskError::system)?);
        let card = OperatorCard { id, name: name.to_owned(), position: String::new() };
        if self.alone(|store| store.add_operator(&card, (login, password), admin, now))? {
            self.note_colleagues();
            Ok(card)
        } else {
            Err(DeskError::LoginTaken)
        }
    }

    /// Every account.
    ///
    /// # Errors
    /// What the disk says.
    pub fn list_operators(&self) -> Result<Vec<OperatorEntry>, DeskError> {
        let all = self.store.operators()?;
        let entry = |(account, login): (Account, String)| OperatorEntry {
            card: account.card,
            login,
            admin: account.admin,
        };
        Ok(all.into_iter().map(entry).collect())
    }

    /// A session of the first account, for the app that hosts the desk. An earlier one of the same device ends.
    ///
    /// # Errors
    /// [`DeskError::NoAccount`], or what the disk says.
    pub fn local_session(
        &mut self,
        device: deskbell_wire::DeviceId,
        now: Timestamp,
    ) -> Result<(OperatorCard, Secret), DeskError> {
        let account = self.store.first_operator()?.ok_or(DeskError::NoAccount)?;
        let token = Secret::new(self.entropy.bytes().map_err(DeskError::system)?);
        let origin = [b"local".as_slice(), device.0.as_bytes()].concat();
        let hash = super::hello::token_hash(&token);
        self.alone(|store| {
            store.end_sessions_from(account.row, &origin)?;
            store.add_session(account.row, &hash, &origin, now)
        })?;
        Ok((account.card, token))
    }
}

//! Operators and their sessions. Of a token only its hash is kept, of a password only its argon2id hash.

use deskbell_db::DbError;
use deskbell_wire::{OperatorCard, OperatorId, OperatorStatus, Timestamp};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::Store;

/// An operator's account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) row: i64,
    pub(crate) card: OperatorCard,
    pub(crate) status: OperatorStatus,
    /// May change the site's settings.
    pub(crate) admin: bool,
}

/// What a sign-in is checked against.
pub(crate) struct Credentials {
    pub(crate) row: i64,
    /// argon2id, in the PHC format; empty where there is no password.
    pub(crate) password: String,
}

const ACCOUNT: &str = "SELECT id, operator_id, name, position, online, admin FROM operators WHERE id = ?1";
const FIRST: &str =
    "SELECT id, operator_id, name, position, online, admin FROM operators ORDER BY id LIMIT 1";
const ALL: &str = "SELECT id, operator_id, name, position, online, admin, login FROM operators ORDER BY id";
const BY_TOKEN: &str = "SELECT s.id, o.id, o.operator_id, o.name, o.position, o.online, o.admin FROM sessions s \
     JOIN operators o ON o.id = s.operator WHERE s.token = ?1";

impl Store {
    /// Adds an account; the first one looks after the desk in any case. `false`: the login is taken.
    pub(crate) fn add_operator(
        &self,
        card: &OperatorCard,
        (login, password): (&str, &str),
        admin: bool,
        now: Timestamp,
    ) -> Result<bool, DbError> {
        let added = self.change(
            "INSERT OR IGNORE INTO operators (operator_id, login, password, name, position, online, created, admin)
             VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7 OR NOT EXISTS (SELECT 1 FROM operators))",
            params![card.id.0.as_bytes(), login, password, card.name, card.position, now.0, admin],
        )?;
        Ok(added == 1)
    }

    pub(crate) fn operator(&self, row: i64) -> Result<Option<Account>, DbError> {
        self.one(ACCOUNT, [row], |row| account(row, 0))
    }

    pub(crate) fn first_operator(&self) -> Result<Option<Account>, DbError> {
        self.one(FIRST, [], |row| account(row, 0))
    }

    /// Every account, with its login.
    pub(crate) fn operators(&self) -> Result<Vec<(Account, String)>, DbError> {
        self.all(ALL, [], |row| Ok((account(row, 0)?, row.get(6)?)))
    }

    pub(crate) fn credentials(&self, login: &str) -> Result<Option<Credentials>, DbError> {
        self.one("SELECT id, password FROM operators WHERE login = ?1 AND login <> ''", [login], |row| {
            Ok(Credentials { row: row.get(0)?, password: row.get(1)? })
        })
    }

    /// The row of an account, and whether it has a login.
    pub(crate) fn operator_login(&self, id: OperatorId) -> Result<Option<(i64, bool)>, DbError> {
        self.one("SELECT id, login <> '' FROM operators WHERE operator_id = ?1", [id.0.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    pub(crate) fn set_password(&self, operator: i64, password: &str) -> Result<(), DbError> {
        self.change("UPDATE operators SET password = ?2 WHERE id = ?1", params![operator, password]).map(drop)
    }

    pub(crate) fn set_status(&self, operator: i64, status: OperatorStatus) -> Result<(), DbError> {
        let online = status == OperatorStatus::Online;
        self.change("UPDATE operators SET online = ?2 WHERE id = ?1", params![operator, online]).map(drop)
    }

    pub(crate) fn add_session(
        &self,
        operator: i64,
        token: &[u8; 32],
        address: &[u8],
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.insert(
            "INSERT INTO sessions (operator, token, address, created) VALUES (?1, ?2, ?3, ?4)",
            params![operator, token, address, now.0],
        )?;
        Ok(())
    }

    /// The session of a token's hash: its row and whose it is.
    pub(crate) fn session(&self, token: &[u8; 32]) -> Result<Option<(i64, Account)>, DbError> {
        self.one(BY_TOKEN, [token], |row| Ok((row.get(0)?, account(row, 1)?)))
    }

    /// Has the operator signed in from there before?
    pub(crate) fn knows_address(&self, operator: i64, address: &[u8]) -> Result<bool, DbError> {
        let found = self.one(
            "SELECT 1 FROM sessions WHERE operator = ?1 AND address = ?2",
            params![operator, address],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    pub(crate) fn end_sessions_from(&self, operator: i64, address: &[u8]) -> Result<(), DbError> {
        self.change("DELETE FROM sessions WHERE operator = ?1 AND address = ?2", params![operator, address])
            .map(drop)
    }

    /// The session's token is good for nothing any more. Where it came from stays known (threats 10).
    pub(crate) fn end_session(&self, session: i64) -> Result<(), DbError> {
        self.change("UPDATE sessions SET token = randomblob(32) WHERE id = ?1", [session]).map(drop)
    }

    pub(crate) fn end_sessions(&self, operator: i64) -> Result<(), DbError> {
        self.change("DELETE FROM sessions WHERE operator = ?1", [operator]).map(drop)
    }
}

fn account(row: &Row<'_>, at: usize) -> rusqlite::Result<Account> {
    let online: bool = row.get(at + 4)?;
    Ok(Account {
        row: row.get(at)?,
        card: OperatorCard {
            id: OperatorId(Uuid::from_bytes(row.get(at + 1)?)),
            name: row.get(at + 2)?,
            position: row.get(at + 3)?,
        },
        status: if online { OperatorStatus::Online } else { OperatorStatus::Away },
        admin: row.get(at + 5)?,
    })
}

//! Signing in with login and password.
//!
//! What must always hold: who is refused cannot tell a wrong password from an account that is not there, neither by
//! the answer nor by its time (threats 11); nobody guesses faster than allowed, and nobody can lock anybody out from
//! where that person has signed in before (threats 10).

use std::collections::HashMap;
use std::sync::Arc;

use deskbell_wire::limits::NAME_CHARS;
use deskbell_wire::{ByeCode, DeskFrame, PROTO, Secret, SignIn, SignedIn, Timestamp};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::conn::{Origin, Stage};
use super::io::{ConnId, Output};
use super::pace::Bucket;
use super::{Desk, Farewell};
use crate::options::DeskLimits;
use crate::password;

/// Characters of a password.
pub(crate) const PASSWORD_CHARS: usize = 1_000;
/// Buckets are swept when there are so many.
const SWEEP_AT: usize = 10_000;
/// Milliseconds to wait when too many passwords are being compared.
const BUSY_MS: u64 = 5_000;

/// Who tried how often: by the login's hash, by address, and by both where the address is known to be the person's.
#[derive(Default)]
pub(super) struct Tries {
    by_login: HashMap<[u8; 32], Bucket>,
    by_origin: HashMap<Origin, Bucket>,
    at_home: HashMap<([u8; 32], Origin), Bucket>,
}

/// One try.
struct Guess<'a> {
    login: &'a str,
    origin: Origin,
    /// That operator has signed in from there before.
    at_home: bool,
}

impl Desk {
    pub(super) fn sign_in(&mut self, conn: ConnId, sign_in: SignIn) -> Result<(), Farewell> {
        let password = Zeroizing::new(sign_in.password);
        if sign_in.proto != PROTO {
            return Err(ByeCode::Version.into());
        }
        if sign_in.login.chars().count() > NAME_CHARS || password.chars().count() > PASSWORD_CHARS {
            return Err(ByeCode::BadCredentials.into());
        }
        let Some(origin) = self.conns.get(&conn).map(|conn| conn.origin) else { return Ok(()) };
        let credentials = self.store.credentials(&sign_in.login)?;
        let at_home = match &credentials {
            Some(credentials) => self.store.knows_address(credentials.row, origin.bytes())?,
            None => false,
        };
        let guess = Guess { login: &sign_in.login, origin, at_home };
        self.sign_ins
            .take(&guess, &self.limits, self.now)
            .map_err(|wait| Farewell { code: ByeCode::Limit, retry_after: Some(wait) })?;
        let (operator, hash) = match credentials {
            Some(found) if !found.password.is_empty() => (found.row, Arc::from(found.password)),
            _ => (0, password::fits_nothing()),
        };
        if let Some(known) = self.conns.get_mut(&conn) {
            known.stage = Stage::Checking { operator };
        }
        self.outputs.push(Output::Verify { conn, password, hash });
        Ok(())
    }

    pub(super) fn verified(&mut self, conn: ConnId, right: Option<bool>) {
        let Some(Stage::Checking { operator }) = self.conns.get(&conn).map(|conn| &conn.stage) else {
            return;
        };
        let (operator, right) = (*operator, right);
        let done = match right {
            None => Err(Farewell { code: ByeCode::Limit, retry_after: Some(BUSY_MS) }),
            Some(true) if operator != 0 => self.signed_in(conn, operator),
            Some(_) => Err(ByeCode::BadCredentials.into()),
        };
        if let Err(farewell) = done {
            self.dismiss(conn, farewell);
        }
    }

    fn signed_in(&mut self, conn: ConnId, operator: i64) -> Result<(), Farewell> {
        let Some(origin) = self.conns.get(&conn).map(|conn| conn.origin) else { return Ok(()) };
        let account = self.store.operator(operator)?.ok_or(ByeCode::BadCredentials)?;
        let Ok(bytes) = self.entropy.bytes() else {
            return Err(Farewell { code: ByeCode::Limit, retry_after: Some(BUSY_MS) });
        };
        let token = Secret::new(bytes);
        let (hash, now) = (super::hello::token_hash(&token), self.now);
        self.alone(|store| store.add_session(operator, &hash, origin.bytes(), now))?;
        if let Some(known) = self.conns.get_mut(&conn) {
            known.stage = Stage::SignedIn;
        }
        self.answer(conn, &DeskFrame::SignedIn(SignedIn { operator: account.card, token }));
        Ok(())
    }
}

impl Tries {
    /// Counts a try, or says how many milliseconds are missing.
    fn take(&mut self, who: &Guess<'_>, limits: &DeskLimits, now: Timestamp) -> Result<(), u64> {
        self.sweep(now);
        let (login, origin): ([u8; 32], _) = (Sha256::digest(who.login).into(), who.origin);
        let (pace, home_pace) = (limits.sign_ins, limits.known_sign_ins);
        if who.at_home {
            return self.at_home.entry((login, origin)).or_default().take(home_pace, now);
        }
        // Asked in this order: who is refused by his address cannot use up somebody's account.
        self.by_origin.entry(origin).or_default().take(pace, now)?;
        self.by_login.entry(login).or_default().take(pace, now)
    }

    fn sweep(&mut self, now: Timestamp) {
        if self.by_login.len() + self.by_origin.len() + self.at_home.len() > SWEEP_AT {
            self.by_login.retain(|_, bucket| !bucket.is_full(now));
            self.by_origin.retain(|_, bucket| !bucket.is_full(now));
            self.at_home.retain(|_, bucket| !bucket.is_full(now));
        }
    }
}

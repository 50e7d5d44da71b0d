//! What an account may look like.

use deskbell_wire::limits::NAME_CHARS;

use crate::desk::PASSWORD_CHARS;
use crate::error::DeskError;

/// Characters that a password has at least.
const PASSWORD_LEAST: usize = 8;

/// A name to show, a login to sign in with, a password.
pub(crate) fn check(name: &str, login: &str, plain: &str) -> Result<(), DeskError> {
    check_name(name)?;
    let plain_login = !login.is_empty() && !login.chars().any(|c| c.is_whitespace() || c.is_control());
    if !plain_login || login.chars().count() > NAME_CHARS {
        return Err(DeskError::BadAccount("A login has 1 to 200 characters and no spaces."));
    }
    check_password(plain)
}

pub(crate) fn check_password(plain: &str) -> Result<(), DeskError> {
    if (PASSWORD_LEAST..=PASSWORD_CHARS).contains(&plain.chars().count()) {
        Ok(())
    } else {
        Err(DeskError::BadAccount("A password has 8 to 1,000 characters."))
    }
}

pub(crate) fn check_name(name: &str) -> Result<(), DeskError> {
    let fits = (1..=NAME_CHARS).contains(&name.trim().chars().count());
    if fits && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(DeskError::BadAccount("A name has 1 to 200 characters, on one line."))
    }
}

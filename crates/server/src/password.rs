//! Passwords: argon2id, and nothing else ever sees one.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::error::DeskError;

/// Fits no password: made of random bytes with the same parameters, so comparing takes as long as for any other.
static FITS_NOTHING: LazyLock<Arc<str>> = LazyLock::new(|| {
    let mut bytes = [0; 32];
    // Without random bytes it is a hash of zeroes: still one that no account has.
    let _ = getrandom::fill(&mut bytes);
    hash_bytes(&bytes).unwrap_or_default().into()
});

/// The hash of a password, in the PHC format. Takes tens of milliseconds and 19 MiB.
///
/// # Errors
/// When the operating system gives no random bytes or memory.
pub(crate) fn hash(password: &str) -> Result<String, DeskError> {
    hash_bytes(password.as_bytes())
}

/// Does the password fit the hash? Takes as long as [`hash`].
pub(crate) fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A hash that fits nothing, for accounts that are not there.
pub(crate) fn fits_nothing() -> Arc<str> {
    FITS_NOTHING.clone()
}

fn hash_bytes(password: &[u8]) -> Result<String, DeskError> {
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(DeskError::system)?;
    let salt = SaltString::encode_b64(&salt).map_err(DeskError::system)?;
    let hash = argon2().hash_password(password, &salt).map_err(DeskError::system)?;
    Ok(hash.to_string())
}

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let hash = hash("correct horse").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("correct horse", &hash) && !fits("correct horse ", &hash) && !fits("", &fits_nothing()));
    }
}

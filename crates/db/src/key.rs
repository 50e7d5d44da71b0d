//! The key of a database.

use std::fmt;
use std::fmt::Write as _;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 256 random bits. Wiped when dropped; never shown by `Debug`.
///
/// It is used raw, without derivation, so it must come from a generator (or argon2id), never from a password; in
/// return opening a file costs no time.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    /// Takes 32 bytes from the operating system's generator; the caller reads them.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The statement that gives the key to SQLCipher.
    /// Its buffer never grows, so no copy stays behind.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut sql = Zeroizing::new(String::with_capacity(96));
        sql.push_str("PRAGMA key = \"x'");
        for byte in self.0 {
            // Writing to a String cannot fail.
            let _ = write!(sql, "{byte:02x}");
        }
        sql.push_str("'\"");
        sql
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_hides_itself_and_its_statement_fits_the_buffer() {
        let key = Key::new([0xab; 32]);
        assert_eq!(format!("{key:?}"), "Key(…)");
        let sql = key.pragma();
        assert_eq!(*sql, format!("PRAGMA key = \"x'{}'\"", "ab".repeat(32)));
        assert!(sql.len() <= 96);
    }
}

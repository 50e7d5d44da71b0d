//! The one-time codes that are open, how they are written, and who tried how often.
//!
//! What must always hold: a code is good once, within ten minutes, on the site on which it was made; its hash is in
//! memory and nothing of it on the disk.
//!
//! What a guess is worth (threats 10): a code is 12 characters of 32, one of 2^60. An address has 5 tries and then
//! one in 5 minutes, at most 293 in a day. A million addresses that guess all day against 10,000 open codes, as many
//! as there can be, hit with a probability of 293e6 * 1e4 / 2^60 = 2.5e-6: once in a thousand years.

use std::collections::HashMap;

use deskbell_wire::limits::LINK_CODE_CHARS;
use deskbell_wire::{DeviceId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::conn::Origin;
use super::pace::{Pace, Paces};
use super::person::PersonKey;

/// What codes are written with: nobody takes one of these for another (no 0, O, 1, I).
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters between two hyphens, as a code is shown.
const GROUP: usize = 4;
/// Codes that are open at once on the whole desk.
const CODES_MOST: usize = 10_000;

/// The codes that are open, and who tried how often.
#[derive(Default)]
pub(super) struct Links {
    codes: HashMap<[u8; 32], OpenCode>,
    /// The one open code of a visitor.
    by_person: HashMap<PersonKey, [u8; 32]>,
    made: Paces,
    tried: Paces,
}

/// An open code.
#[derive(Clone, Copy)]
pub(super) struct OpenCode {
    pub(super) key: PersonKey,
    /// The device that shows it.
    pub(super) maker: DeviceId,
    pub(super) expires: Timestamp,
}

impl Links {
    /// Counts a code that is made, or says how many milliseconds are missing.
    pub(super) fn made(&mut self, origin: Origin, pace: Pace, now: Timestamp) -> Result<(), u64> {
        self.made.take(origin, pace, now)
    }

    /// Counts a try, or says how many milliseconds are missing.
    pub(super) fn tried(&mut self, origin: Origin, pace: Pace, now: Timestamp) -> Result<(), u64> {
        self.tried.take(origin, pace, now)
    }

    /// Is there room for a code of this visitor? Codes that are over make room.
    pub(super) fn has_room(&mut self, key: PersonKey, now: Timestamp) -> bool {
        if self.codes.len() >= CODES_MOST {
            self.codes.retain(|_, open| now < open.expires);
            self.by_person.retain(|_, hash| self.codes.contains_key(hash));
        }
        self.codes.len() < CODES_MOST || self.by_person.contains_key(&key)
    }

    pub(super) fn open(&mut self, hash: [u8; 32], open: OpenCode) {
        self.close(open.key);
        self.by_person.insert(open.key, hash);
        self.codes.insert(hash, open);
    }

    pub(super) fn find(&self, hash: &[u8; 32], now: Timestamp) -> Option<OpenCode> {
        self.codes.get(hash).copied().filter(|open| now < open.expires)
    }

    /// The visitor's code is no longer good.
    pub(super) fn close(&mut self, key: PersonKey) {
        if let Some(hash) = self.by_person.remove(&key) {
            self.codes.remove(&hash);
        }
    }
}

/// Five bits of each byte: every code is as likely as every other.
pub(super) fn spell(bytes: &[u8]) -> String {
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte & 31)).copied().map_or('2', char::from);
    bytes.iter().map(letter).collect()
}

/// As it is shown: `ABCD-EFGH-JKLM`.
pub(super) fn grouped(code: &str) -> String {
    let mut shown = String::with_capacity(code.len() + code.len() / GROUP);
    for (at, letter) in code.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            shown.push('-');
        }
        shown.push(letter);
    }
    shown
}

/// A typed code without what only helps reading. `None`: it cannot be one.
pub(super) fn plain(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(LINK_CODE_CHARS);
    let aside = |c: &char| c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    for letter in typed.chars().filter(|c| !aside(c)) {
        let letter = letter.to_ascii_uppercase();
        let known = u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte));
        if !known || code.len() == LINK_CODE_CHARS {
            return None;
        }
        code.push(letter);
    }
    (code.len() == LINK_CODE_CHARS).then_some(code)
}

/// A code is good on its own site alone.
pub(super) fn code_hash(site: i64, code: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"deskbell link code");
    hash.update(site.to_be_bytes());
    hash.update(code);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = "ABCDEFGH2345";
        assert_eq!(grouped(code), "ABCD-EFGH-2345");
        for typed in
            ["ABCD-EFGH-2345", " abcd efgh 2345\n", "AbCdEfGh2345", "abcd–efgh—2345", "ABCD\u{2212}EFGH2345"]
        {
            assert_eq!(plain(typed).as_deref(), Some(code), "{typed:?}");
        }
        for typed in
            ["", "ABCD-EFGH-234", "ABCD-EFGH-23456", "ABCD-EFGH-2340", "ABCD-EFGH-234I", "ABCD-EFGH-234Ä"]
        {
            assert_eq!(plain(typed), None, "{typed:?}");
        }
        assert_eq!(plain(&"A".repeat(60_000)), None);
    }

    #[test]
    fn threats_10_every_byte_of_randomness_counts() {
        let all: Vec<u8> = (0..=255).collect();
        let spelt = spell(&all);
        for letter in ALPHABET {
            assert_eq!(spelt.bytes().filter(|other| other == letter).count(), 8);
        }
        assert_eq!(plain(&spell(&all[..LINK_CODE_CHARS])).unwrap(), spell(&all[..LINK_CODE_CHARS]));
    }
}

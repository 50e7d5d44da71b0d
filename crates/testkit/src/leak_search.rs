//! Looks for words in files, in every shape in which a program may have left them (threats 44).
//!
//! A search that finds nothing proves something only beside a control in which it finds every word: run it over an
//! unencrypted copy, too.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A word where it should not be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// The word.
    pub word: String,
    /// In which shape: `utf-8`, `utf-16le`, `base64` …
    pub shape: &'static str,
    /// Where.
    pub file: PathBuf,
}

/// Every word in every file below the folders, in UTF-8, UTF-16LE, hexadecimal and base64 at all three alignments.
/// A file that vanishes meanwhile is passed over. Words have at least 6 bytes: shorter ones occur by chance.
///
/// # Errors
/// When a folder or a file cannot be read.
pub fn leaks(words: &[&str], places: &[&Path]) -> io::Result<BTreeSet<Leak>> {
    assert!(words.iter().all(|word| word.len() >= 6), "too short to be searched for");
    let needles: Vec<_> = words.iter().flat_map(|word| shapes(word)).collect();
    let mut found = BTreeSet::new();
    for file in files(places)? {
        let bytes = match fs::read(&file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            read => read?,
        };
        for needle in &needles {
            if contains(&bytes, &needle.bytes) {
                let (word, shape) = (needle.word.clone(), needle.shape);
                found.insert(Leak { word, shape, file: file.clone() });
            }
        }
    }
    Ok(found)
}

/// The words among `leaks`, each once: for the control, where all must be found.
pub fn words_of(leaks: &BTreeSet<Leak>) -> BTreeSet<&str> {
    leaks.iter().map(|leak| leak.word.as_str()).collect()
}

struct Needle {
    word: String,
    shape: &'static str,
    bytes: Vec<u8>,
}

fn shapes(word: &str) -> Vec<Needle> {
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut all = vec![
        ("utf-8", word.as_bytes().to_vec()),
        ("utf-16le", wide),
        ("hexadecimal", hex.to_uppercase().into_bytes()),
        ("hexadecimal", hex.into_bytes()),
    ];
    // JSON may have written what is not ASCII as \uXXXX.
    if !word.is_ascii() {
        let escaped: String = word.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
        all.push(("json", escaped.into_bytes()));
    }
    all.extend((0..3).map(|skip| ("base64", base64_inside(word.as_bytes(), skip))));
    all.into_iter().map(|(shape, bytes)| Needle { word: word.to_owned(), shape, bytes }).collect()
}

/// The letters of base64 that stand for `bytes` alone when `skip` bytes of something else come before them in the
/// group of three.
fn base64_inside(bytes: &[u8], skip: usize) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |at: usize| -> Option<u8> {
        let byte = bytes.get((at / 8).checked_sub(skip)?)?;
        Some(byte >> (7 - at % 8) & 1)
    };
    let letter = |at: usize| -> Option<u8> {
        let value = (0..6).try_fold(0, |value, n| Some(value << 1 | usize::from(bit(at * 6 + n)?)))?;
        Some(LETTERS[value])
    };
    let groups = (bytes.len() + skip) * 8 / 6;
    (0..groups).filter_map(letter).collect()
}

fn files(places: &[&Path]) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = places.iter().map(|place| place.to_path_buf()).collect();
    while let Some(place) = open.pop() {
        let kind = fs::symlink_metadata(&place)?.file_type();
        if kind.is_dir() {
            for entry in fs::read_dir(&place)? {
                open.push(entry?.path());
            }
        } else if kind.is_file() {
            found.push(place);
        }
    }
    Ok(found)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    let Some((&first, rest)) = needle.split_first() else { return false };
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == first);
    starts.into_iter().any(|(at, _)| bytes[at + 1..].starts_with(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_at_every_alignment_is_what_an_encoder_writes() {
        // base64("secret"), base64("xsecretyy"), base64("xxsecrety"), from coreutils.
        for (skip, whole) in [(0, "c2VjcmV0"), (1, "eHNlY3JldHl5"), (2, "eHhzZWNyZXR5")] {
            let inside = String::from_utf8(base64_inside(b"secret", skip)).unwrap();
            assert!(whole.contains(&inside) && inside.len() >= 7, "{skip}: {inside} in {whole}");
        }
    }

    #[test]
    fn each_shape_is_found_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let word = "Привет, Ада";
        let below = folder.path().join("deep").join("er");
        fs::create_dir_all(&below).unwrap();
        for (n, needle) in shapes(word).into_iter().enumerate() {
            let file = below.join(n.to_string());
            fs::write(&file, [b"noise".as_slice(), &needle.bytes, b"noise"].concat()).unwrap();
            let found = leaks(&[word, "absent"], &[folder.path()]).unwrap();
            assert_eq!(found.iter().map(|leak| leak.shape).collect::<Vec<_>>(), [needle.shape]);
            assert_eq!(words_of(&found).into_iter().collect::<Vec<_>>(), [word]);
            fs::remove_file(&file).unwrap();
        }
        assert!(leaks(&[word], &[folder.path()]).unwrap().is_empty());
    }
}

//! A pack as one file: a plain tar of its files, sorted, without times and owners.
//!
//! What must always hold: the same files make the same bytes on every system, and there is one archive for them; bytes
//! that are not exactly such an archive are refused. Nothing is unpacked to a disk, and nothing is allocated by what a
//! header says before that is known to fit.

use std::fmt::Write as _;
use std::io::Read;

use sha2::{Digest, Sha256};
use tar::{Archive, Builder, EntryType, Header};

use crate::files::{Files, PACK_BYTES, PACK_FILES, unreadable};
use crate::flaw::{Flaw, FlawKind};

/// The most bytes of an archive: those of the files, a header and padding for each, and the end.
pub const ARCHIVE_BYTES: u64 = PACK_BYTES + PACK_FILES as u64 * 1024 + 1024;

/// The archive of these files.
pub(crate) fn written(files: &Files) -> Vec<u8> {
    let mut builder = Builder::new(Vec::with_capacity(files.bytes() as usize + files.len() * 1024 + 1024));
    for (path, bytes) in files.iter() {
        // Writing into memory does not fail, and `Files` has no path that a header has no room for.
        let _ = header(path, bytes.len() as u64).and_then(|header| builder.append(&header, bytes));
    }
    builder.into_inner().unwrap_or_default()
}

fn header(path: &str, bytes: u64) -> std::io::Result<Header> {
    let mut header = Header::new_ustar();
    header.set_path(path)?;
    header.set_entry_type(EntryType::Regular);
    header.set_size(bytes);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    Ok(header)
}

/// The files of an archive.
pub(crate) fn opened(bytes: &[u8]) -> Result<Files, Flaw> {
    if bytes.len() as u64 > ARCHIVE_BYTES {
        return Err(Flaw { file: String::new(), place: None, kind: FlawKind::TooLarge(ARCHIVE_BYTES) });
    }
    let mut files = Files::default();
    // Raw: extensions of the format (long names, sparse files) are entries of another type, and refused as such.
    let mut archive = Archive::new(bytes);
    for entry in archive.entries().map_err(|_| broken())?.raw(true) {
        let mut entry = entry.map_err(|_| broken())?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| broken())?;
        if entry.header().entry_type() != EntryType::Regular {
            return Err(unreadable(&path, "it is not a plain file"));
        }
        let size = entry.size();
        files.check(&path, size)?;
        let mut contents = Vec::new();
        entry.read_to_end(&mut contents).map_err(|_| broken())?;
        if contents.len() as u64 != size {
            return Err(broken());
        }
        files.insert(path, contents)?;
    }
    if written(&files) == bytes { Ok(files) } else { Err(broken()) }
}

fn broken() -> Flaw {
    unreadable("", "the archive is not as Deskbell writes it")
}

/// SHA-256 in lower-case hexadecimal digits.
pub(crate) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a string does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

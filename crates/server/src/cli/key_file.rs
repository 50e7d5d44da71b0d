//! The file of the database's key: made once, readable for its owner alone, never beside the data.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use deskbell_wire::Secret;
use zeroize::Zeroizing;

use super::CliError;

/// Does the file lie in the folder, whatever the paths look like?
pub(super) fn lies_in(file: &Path, folder: &Path) -> bool {
    absolute(file).starts_with(absolute(folder))
}

/// The database's key; made where there is none.
pub(super) fn read_or_make(file: &Path) -> Result<Zeroizing<[u8; 32]>, CliError> {
    let failed = |error: io::Error| CliError::KeyFile(file.to_owned(), error.kind());
    match fs::read_to_string(file).map(Zeroizing::new) {
        Ok(text) => parse_key(&text).ok_or_else(|| CliError::BadKey(file.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_key(file).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

fn parse_key(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let secret = Secret::try_from(text.trim().to_owned()).ok()?;
    Some(Zeroizing::new(*secret.bytes()))
}

fn make_key(file: &Path) -> io::Result<Zeroizing<[u8; 32]>> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut()).map_err(io::Error::other)?;
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file)?;
    let digits = Zeroizing::new(Secret::new(*bytes).to_hex() + "\n");
    made.write_all(digits.as_bytes())?;
    // Without its key everything that the desk will write is lost.
    made.sync_all()?;
    Ok(bytes)
}

/// The path as it really is, as far as it exists.
fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut rest = Vec::new();
    for ancestor in full.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            return rest.iter().rev().fold(real, |path, name| path.join(name));
        }
        rest.extend(ancestor.file_name());
    }
    full
}

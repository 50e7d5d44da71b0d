//! Copies that other programs show: readable by this person alone, for as long as Deskbell runs.
//!
//! What must always hold: they lie in a folder of the profile's that is swept at the start and at the end; a copy cannot
//! be run, nor written to by whoever shows it, and bears the system's mark of what came from elsewhere; its name leads
//! nowhere else.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::mark;
use crate::profile::make_private;

/// Its name, in a profile's.
pub(crate) const FOLDER: &str = "open";

/// Copies of one run at most.
const COPIES: u32 = 10_000;

/// Writes a copy under this name, in a folder of its own.
///
/// # Errors
/// What `write` says, or the disk; a name that is none.
pub(super) fn copy<E: From<io::Error>>(
    profile: &Path,
    name: &str,
    write: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<PathBuf, E> {
    if Path::new(name).file_name() != Some(OsStr::new(name)) {
        return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
    }
    let place = own_folder(&profile.join(FOLDER))?.join(name);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&place)?;
    if let Err(error) = write(&mut file) {
        let _ = fs::remove_file(&place);
        return Err(error);
    }
    // The program that shows it may be wary of what came from elsewhere; a sealed file takes no mark.
    mark::came_from_elsewhere(&place);
    seal(&file)?;
    Ok(place)
}

/// A folder that nobody else has the name of.
fn own_folder(all: &Path) -> io::Result<PathBuf> {
    make_private(all)?;
    for number in 0..COPIES {
        let folder = all.join(number.to_string());
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.and_then(|()| make_private(&folder)).map(|()| folder),
        }
    }
    Err(io::Error::from(io::ErrorKind::QuotaExceeded))
}

/// Nobody writes to it any more.
fn seal(file: &File) -> io::Result<()> {
    let mut rights = file.metadata()?.permissions();
    rights.set_readonly(true);
    file.set_permissions(rights)
}

/// Nothing is left of the copies. What another program still shows, it goes on showing.
pub(crate) fn sweep(profile: &Path) {
    match fs::remove_dir_all(profile.join(FOLDER)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "copies of opened files stay until the next start");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn write(file: &mut File) -> io::Result<()> {
        file.write_all(b"words")
    }

    #[cfg(unix)]
    #[test]
    fn threats_36_a_copy_cannot_be_run_and_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let profile = tempfile::tempdir().unwrap();
        let copies = [copy(profile.path(), "a.pdf", write), copy(profile.path(), "a.pdf", write)];
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for place in copies.map(Result::unwrap) {
            assert_eq!((mode(&place), fs::read(&place).unwrap()), (0o400, b"words".to_vec()));
            assert_eq!(mode(place.parent().unwrap()), 0o700);
        }
        assert_eq!(mode(&profile.path().join(FOLDER)), 0o700);
        sweep(profile.path());
        assert!(!profile.path().join(FOLDER).exists());
    }

    #[test]
    fn threats_38_a_name_stays_in_its_folder() {
        let profile = tempfile::tempdir().unwrap();
        for name in ["", ".", "..", "../a", "/etc/passwd", "a/b", "a/"] {
            copy(profile.path(), name, write).unwrap_err();
        }
    }

    #[test]
    fn what_could_not_be_written_is_not_shown() {
        let profile = tempfile::tempdir().unwrap();
        let full = || Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull));
        assert!(copy(profile.path(), "a.pdf", |_| full()).is_err());
        assert!(!profile.path().join(FOLDER).join("0/a.pdf").exists());
        sweep(profile.path());
        sweep(profile.path());
    }
}

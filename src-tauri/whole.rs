//! A file that a person wants somewhere: it has its name only when it is whole.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Files of the same name that are left from before, or lie in the way.
const PARTS: u32 = 100;

/// Writes a file for its owner's eyes beside its place, on the disk to the last byte, and gives it its name. What stood
/// there gives way: the dialog has asked.
///
/// # Errors
/// What `write` says, or the disk. Nothing stands at the place then that did not before.
pub(crate) fn write<T, E: From<io::Error>>(
    place: &Path,
    write: impl FnOnce(&mut File) -> Result<T, E>,
) -> Result<T, E> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let (part, mut file) = part(place, |part| options.open(part))?;
    let written = write(&mut file).and_then(|written| {
        file.sync_all()?;
        fs::rename(&part, place)?;
        Ok(written)
    });
    if written.is_err() {
        // Half a file would look like a whole one.
        let _ = fs::remove_file(part);
    }
    written
}

/// Makes a file or a folder beside its place, under a name that says that it is not whole. `make` takes nothing that is
/// there: what people wrote to each other is for this person's eyes, and in a folder that others write to, what is there
/// already may be somebody else's, or lead elsewhere.
///
/// # Errors
/// What `make` says.
pub(crate) fn part<T>(place: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    let mut number = 0_u32;
    loop {
        let mut part = place.as_os_str().to_owned();
        part.push(if number == 0 { ".part".to_owned() } else { format!(".part{number}") });
        match make(Path::new(&part)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < PARTS => number += 1,
            made => return Ok((part.into(), made?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn threats_44_what_lies_in_the_way_is_neither_followed_nor_written_to() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (place, theirs) = (folder.path().join("talk.html"), folder.path().join("theirs"));
        fs::write(&theirs, "").unwrap();
        std::os::unix::fs::symlink(&theirs, folder.path().join("talk.html.part")).unwrap();
        write(&place, |file| file.write_all(b"what people wrote")).unwrap();
        assert_eq!((fs::read(&theirs).unwrap(), fs::read(&place).unwrap().len()), (Vec::new(), 17));
        assert_eq!(fs::metadata(place).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn half_a_file_is_none_and_what_was_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("talk.html");
        fs::write(&place, "before").unwrap();
        let torn = write(&place, |file| {
            file.write_all(b"hal")?;
            Err::<(), _>(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert_eq!(torn.unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read(&place).unwrap(), b"before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

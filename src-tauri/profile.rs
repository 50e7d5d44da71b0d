//! A profile: one person's folder on this computer.
//!
//! What must always hold: the folder is its owner's alone, one process at a time has it open, and what
//! `profile.json` remembers is no secret.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use deskbell_api::profile::HISTORY;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A profile's name is never longer, in Unicode scalar values.
const NAME_CHARS: usize = 64;
/// What a profile remembers in the clear is never longer, in bytes.
const SHORT_BYTES: u64 = 1 << 20;

/// An open profile; dropping it lets another process open it.
pub(crate) struct Profile {
    /// Its files.
    pub(crate) folder: PathBuf,
    /// Names the profile's entry in the keyring.
    pub(crate) keyring_user: String,
    _lock: File,
}

/// Why a profile does not open.
#[derive(Debug)]
pub(crate) enum ProfileError {
    /// The name has characters that a folder's name should not have.
    Name,
    /// Another process has it open.
    Open,
    /// The folder cannot be made or written to.
    Folder(io::Error),
}

/// What a profile remembers from one start to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Remembered {
    /// The desk's link.
    pub(crate) desk: Option<String>,
    /// Is the desk inside this program?
    pub(crate) host: bool,
    /// Where that desk listens, if somewhere else than by default.
    pub(crate) listen: Option<SocketAddr>,
}

impl Profile {
    #[cfg(test)]
    pub(crate) fn open(name: &str, data: Option<&Path>) -> Result<Self, ProfileError> {
        Self::open_in(name, data, None)
    }

    /// Opens or makes the profile below `data`, or below the system's folder for data.
    ///
    /// An edition keeps its profiles apart from plain Deskbell's: one company's program shows nothing of another's.
    pub(crate) fn open_in(
        name: &str,
        data: Option<&Path>,
        edition: Option<&str>,
    ) -> Result<Self, ProfileError> {
        let folder = folder(name, data, edition)?;
        make_private(&folder)?;
        let lock = lock(&folder.join("lock"))?;
        let keyring_user = match (data, edition) {
            (Some(data), _) => format!("{name}@{}", folder_mark(data)?),
            (None, Some(edition)) => format!("{name}@{edition}"),
            (None, None) => name.to_owned(),
        };
        Ok(Self { folder, keyring_user, _lock: lock })
    }

    /// The data of a desk inside this program.
    pub(crate) fn desk_folder(&self) -> PathBuf {
        self.folder.join("desk")
    }

    /// Is there a desk in that folder? A lock alone, left by a start that failed, is none.
    pub(crate) fn has_desk(&self) -> bool {
        self.desk_folder().join("desk.db").exists()
    }

    /// Is there anything that only this profile's key opens?
    pub(crate) fn has_history(&self) -> bool {
        let kept = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with(HISTORY);
        fs::read_dir(&self.folder).is_ok_and(|entries| entries.filter_map(Result::ok).any(kept))
            || self.has_desk()
    }

    /// What was remembered; an unreadable file is as good as none, since the person can say it again.
    pub(crate) fn remembered(&self) -> Remembered {
        let text = read_short(&self.folder, "profile.json").unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Remembers, whole or not at all.
    pub(crate) fn remember(&self, remembered: &Remembered) -> io::Result<()> {
        write_whole(&self.folder, "profile.json", &serde_json::to_vec_pretty(remembered)?)
    }
}

/// Reads a file of a profile that is short where this program wrote it; of a longer one no more than shows that.
pub(crate) fn read_short(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(folder.join(name))?.take(SHORT_BYTES).read_to_end(&mut text)?;
    Ok(text)
}

/// Writes a file of a profile that only its owner reads, whole or not at all.
pub(crate) fn write_whole(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let draft = folder.join(format!("{name}.new"));
    let mut file = private().truncate(true).open(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(draft, folder.join(name))
}

/// Where profiles are; `None` where the environment names no home folder.
pub(crate) fn root(data: Option<&Path>, edition: Option<&str>) -> Option<PathBuf> {
    match data {
        Some(data) => Some(data.to_owned()),
        None => Some(system_folder()?.join(edition.unwrap_or("deskbell"))),
    }
}

/// The folder of the profile with this name.
pub(crate) fn folder(
    name: &str,
    data: Option<&Path>,
    edition: Option<&str>,
) -> Result<PathBuf, ProfileError> {
    if !is_name(name) {
        return Err(ProfileError::Name);
    }
    Ok(root(data, edition).ok_or_else(no_home)?.join(name))
}

impl From<io::Error> for ProfileError {
    fn from(error: io::Error) -> Self {
        Self::Folder(error)
    }
}

/// Letters, digits, `_` and `-`: a folder of its own on every file system.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (1..=NAME_CHARS).contains(&name.chars().count()) && name.chars().all(plain)
}

fn lock(file: &Path) -> Result<File, ProfileError> {
    let file = private().truncate(false).open(file)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ProfileError::Open),
        Err(TryLockError::Error(error)) => Err(ProfileError::Folder(error)),
    }
}

/// How files of a profile are made.
fn private() -> OpenOptions {
    let mut options = File::options();
    options.create(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Elsewhere the system's folder for an app's data is the user's alone already.
#[cfg(not(unix))]
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Two folders may hold profiles of one name: their keyring entries must not be one.
fn folder_mark(folder: &Path) -> io::Result<String> {
    let whole = folder.canonicalize()?;
    let digest = Sha256::digest(whole.as_os_str().as_encoded_bytes());
    Ok(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

fn system_folder() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        folder("XDG_DATA_HOME").or_else(|| folder("HOME").map(|home| home.join(".local/share")))
    }
}

fn no_home() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "the environment names no home folder")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_open_once() {
        let data = tempfile::tempdir().unwrap();
        let first = Profile::open("anna", Some(data.path())).unwrap();
        assert!(matches!(Profile::open("anna", Some(data.path())), Err(ProfileError::Open)));
        Profile::open("boris", Some(data.path())).unwrap();
        drop(first);
        Profile::open("anna", Some(data.path())).unwrap();
    }

    #[test]
    fn two_folders_have_two_keyring_entries() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let one = Profile::open("anna", Some(one.path())).unwrap();
        let two = Profile::open("anna", Some(two.path())).unwrap();
        assert_ne!(one.keyring_user, two.keyring_user);
    }

    #[test]
    fn threats_38_a_name_stays_inside_the_folder() {
        let data = tempfile::tempdir().unwrap();
        for name in ["", ".", "..", "a/b", "..\\a", ".hidden", "a.b", "a b", "a\0b", &"a".repeat(65)] {
            assert!(matches!(Profile::open(name, Some(data.path())), Err(ProfileError::Name)), "{name:?}");
        }
        Profile::open("Анна-2", Some(data.path())).unwrap();
    }

    #[test]
    fn what_is_remembered_comes_back() {
        let data = tempfile::tempdir().unwrap();
        let profile = Profile::open("anna", Some(data.path())).unwrap();
        assert_eq!(profile.remembered(), Remembered::default());
        let remembered = Remembered { desk: Some("desk.example".to_owned()), host: true, listen: None };
        profile.remember(&remembered).unwrap();
        assert_eq!(profile.remembered(), remembered);
        fs::write(profile.folder.join("profile.json"), "{").unwrap();
        assert_eq!(profile.remembered(), Remembered::default());
    }

    #[cfg(unix)]
    #[test]
    fn threats_44_the_folder_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("anna")).unwrap();
        fs::set_permissions(data.path().join("anna"), fs::Permissions::from_mode(0o755)).unwrap();
        let profile = Profile::open("anna", Some(data.path())).unwrap();
        assert_eq!(fs::metadata(&profile.folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

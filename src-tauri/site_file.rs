//! `site.json`, as a company ships it: where it is looked for, and what becomes of it.
//!
//! What must always hold: the first place that has one counts, and no other is looked at; a file that cannot be used is
//! said and otherwise as good as none, so a slip of the pen keeps nobody from starting. A file that other users of the
//! computer could have put there is never used; one that any download could have is never followed unasked.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use deskbell_api::doors::{Accent, SITE_FILE_BYTES, SiteFile, site_file_problem};
use deskbell_api::dto::{Company, DeskPlace, Locale, Problem};

use crate::problem;

const NAME: &str = "site.json";

/// What a company says, if one does.
#[derive(Debug, Default)]
pub(crate) struct Site {
    /// The file that the command line names.
    named: Option<PathBuf>,
    /// Where the file lies, with what it names.
    folder: PathBuf,
    said: SiteFile,
    problem: Option<Problem>,
    /// Somebody with the right to install programs put it there, or the person named it.
    is_installed: bool,
}

/// Who could have put a file where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Author {
    /// Whoever installs programs here.
    Installer,
    /// The person, or anything that they saved there.
    Person,
    /// Anybody on this computer.
    Anybody,
}

impl Site {
    /// Reads the file that the command line names, otherwise the first that is there: beside the program, in the
    /// package's folder, in the system's.
    pub(crate) fn find(named: Option<&Path>, locale: Locale) -> Self {
        match named {
            Some(file) => {
                Self { named: Some(file.to_owned()), is_installed: true, ..Self::read(file, locale) }
            }
            None => places()
                .into_iter()
                .find(|file| file.exists())
                .map_or_else(Self::default, |file| Self::found(&file, author(&file), locale)),
        }
    }

    fn found(file: &Path, author: Author, locale: Locale) -> Self {
        if author == Author::Anybody {
            let problem = problem::say_of("site_file_anybody", &file.display().to_string(), locale);
            return Self { problem: Some(problem), ..Self::default() };
        }
        Self { is_installed: author == Author::Installer, ..Self::read(file, locale) }
    }

    fn read(file: &Path, locale: Locale) -> Self {
        let name = file.display().to_string();
        let said = match text(file) {
            Ok(text) => SiteFile::read(&text).map_err(|bad| site_file_problem(&bad, &name, locale)),
            Err(error) => {
                tracing::warn!(%error, "the company's file");
                Err(problem::say_of("site_file_missing", &name, locale))
            }
        };
        let folder = file.parent().map(Path::to_owned).unwrap_or_default();
        match said {
            Ok(said) => Self { folder, said, ..Self::default() },
            Err(problem) => Self { folder, problem: Some(problem), ..Self::default() },
        }
    }

    /// The edition, where it is not plain Deskbell: its links' scheme, and its own place for data.
    pub(crate) fn edition(&self) -> Option<&str> {
        self.said.id.as_deref()
    }

    /// The file that the command line names.
    pub(crate) fn named(&self) -> Option<&Path> {
        self.named.as_deref()
    }

    /// What the program is called for people.
    pub(crate) fn name(&self) -> Option<&str> {
        self.said.name.as_deref()
    }

    /// The folder of the chat form, if it is there.
    pub(crate) fn pack(&self) -> Option<PathBuf> {
        let folder = self.folder.join(self.said.pack.as_deref()?);
        folder.is_dir().then(|| std::path::absolute(folder).ok()).flatten()
    }

    /// For the app's window.
    pub(crate) fn company(&self) -> Option<Company> {
        let SiteFile { name, desk, accent, .. } = &self.said;
        let is_silent = name.is_none() && desk.is_none() && accent.is_none() && self.problem.is_none();
        (!is_silent).then(|| Company {
            name: name.clone(),
            desk: desk.as_ref().map(DeskPlace::from),
            straight: self.is_installed && desk.as_ref().is_some_and(|link| link.pin.is_some()),
            colors: accent.clone().map(|Accent { light, dark }| (light, dark)),
            problem: self.problem.clone(),
        })
    }
}

/// By the rights of the file and of the folders that lead to it.
#[cfg(unix)]
fn author(file: &Path) -> Author {
    use std::os::unix::fs::MetadataExt as _;
    let program = std::env::current_exe().and_then(std::fs::metadata).map_or(0, |program| program.uid());
    let real = file.canonicalize().unwrap_or_default();
    let ways = [Some(real.as_path()), real.parent(), file.parent()];
    let owners: Option<Vec<u32>> = ways
        .into_iter()
        .map(|way| way?.metadata().ok().filter(|about| about.mode() & 0o002 == 0).map(|about| about.uid()))
        .collect();
    let is_programs = |owner: &u32| [0, program].contains(owner);
    // An image is mounted as it was made: nobody writes into it.
    let is_image = std::env::var_os("APPIMAGE").is_some();
    match owners {
        Some(owners) if owners.iter().all(|owner| *owner == 0) => Author::Installer,
        Some(owners) if is_image && owners.iter().all(is_programs) => Author::Installer,
        Some(owners) if owners.iter().all(is_programs) => Author::Person,
        _ => Author::Anybody,
    }
}

/// Elsewhere programs lie where an installer put them.
#[cfg(not(unix))]
fn author(_: &Path) -> Author {
    Author::Installer
}

/// One byte more than a file may have is enough to see that it is too long.
fn text(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(file)?.take(SITE_FILE_BYTES as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

fn places() -> Vec<PathBuf> {
    let Ok(program) = std::env::current_exe() else { return Vec::new() };
    let (folder, name) = (program.parent(), program.file_stem());
    let mut places: Vec<PathBuf> = folder.iter().map(|folder| folder.join(NAME)).collect();
    if let (Some(folder), Some(name)) = (folder, name) {
        if cfg!(target_os = "macos") {
            places.push(folder.join("../Resources").join(NAME));
        } else if !cfg!(windows) {
            places.push(folder.join("../lib").join(name).join(NAME));
            places.push(Path::new("/etc").join(name).join(NAME));
        }
    }
    if cfg!(target_os = "linux") {
        places.push(Path::new("/etc/deskbell").join(NAME));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(text: &str) -> (tempfile::TempDir, Site) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(NAME);
        std::fs::write(&file, text).unwrap();
        let site = Site::find(Some(&file), Locale::En);
        (folder, site)
    }

    #[test]
    fn only_a_desk_that_is_known_by_its_key_is_gone_to_unasked() {
        let pin = "0f".repeat(32);
        let desk = |desk: &str| format!(r#"{{ "version": 1, "desk": "{desk}" }}"#);
        let (_folder, pinned) = site(&desk(&format!("deskbell://join?host=desk.example&pin={pin}")));
        assert!(pinned.company().unwrap().straight);
        let (_folder, bare) = site(&desk("desk.example"));
        let company = bare.company().unwrap();
        assert!(!company.straight && company.desk.unwrap().address == "desk.example:7717");
    }

    #[test]
    fn threats_31_a_file_that_was_found_is_trusted_as_far_as_whoever_could_have_put_it_there() {
        let pin = "0f".repeat(32);
        let text = format!(
            r#"{{ "version": 1, "name": "Shop", "pack": "form", "desk": "deskbell://join?host=a.example&pin={pin}" }}"#
        );
        let (folder, _) = site(&text);
        std::fs::create_dir(folder.path().join("form")).unwrap();
        let found = |author| Site::found(&folder.path().join(NAME), author, Locale::En);
        assert!(found(Author::Installer).company().unwrap().straight);
        let person = found(Author::Person);
        assert!(person.company().is_some_and(|company| !company.straight && company.desk.is_some()));
        let anybody = found(Author::Anybody);
        assert_eq!((anybody.name(), anybody.pack(), anybody.edition()), (None, None, None));
        assert!(anybody.company().unwrap().problem.unwrap().message.contains(NAME));
    }

    #[cfg(unix)]
    #[test]
    fn threats_31_a_folder_that_all_may_write_to_is_anybodys() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, _) = site("{}");
        let file = folder.path().join(NAME);
        let allow = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        allow(&file, 0o644);
        assert_ne!(author(&file), Author::Anybody);
        allow(folder.path(), 0o1777);
        assert_eq!(author(&file), Author::Anybody);
        allow(folder.path(), 0o755);
        allow(&file, 0o666);
        assert_eq!(author(&file), Author::Anybody);
        assert_eq!(author(&folder.path().join("none")), Author::Anybody);
    }

    #[test]
    fn a_form_lies_beside_the_file_or_is_none() {
        let (folder, site) = site(r#"{ "version": 1, "pack": "form" }"#);
        assert_eq!(site.pack(), None);
        std::fs::create_dir(folder.path().join("form")).unwrap();
        assert_eq!(site.pack(), Some(folder.path().join("form")));
    }

    #[test]
    fn a_file_that_cannot_be_used_is_said_with_its_name_and_the_start_goes_on() {
        for (text, part) in [("{", "line 1, column 1"), (r#"{ "version": 1, "dekst": "a" }"#, "“dekst”")]
        {
            let (folder, site) = site(text);
            let said = site.company().unwrap().problem.unwrap().message;
            assert!(said.contains(part) && said.contains(folder.path().to_str().unwrap()), "{said}");
            assert_eq!(site.said, SiteFile::default());
        }
        let absent = Site::find(Some(Path::new("/nowhere/site.json")), Locale::Ru);
        assert!(absent.company().unwrap().problem.unwrap().message.contains("/nowhere/site.json"));
        assert_eq!(Site::default().company(), None);
    }
}

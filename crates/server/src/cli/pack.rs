//! `deskbell-server pack`: a site's pack is put there, taken away and looked at with the data folder alone: neither the
//! database nor its key is touched, so it makes no difference whether the desk runs.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use deskbell_pack::{Flaw, Pack};
use deskbell_server::packs::{PackFolder, digest_of};
use deskbell_wire::{PackDigest, SiteKey};

use super::{CliError, Place, say};

#[derive(Subcommand)]
pub(super) enum PackCommand {
    /// Check a pack and make it the site's. A desk that runs tells its visitors.
    Install {
        /// The pack's folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        #[command(flatten)]
        site: Site,
    },
    /// Take the site's pack away; its visitors see the app's own form.
    Remove {
        #[command(flatten)]
        site: Site,
    },
    /// List the packs that are installed.
    List,
    /// Check a pack without installing it.
    Check {
        /// The pack's folder.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

#[derive(Args)]
pub(super) struct Site {
    /// The site's key.
    #[arg(long, value_name = "KEY", default_value = "main")]
    site: SiteKey,
}

/// What is wrong with a folder. A flaw of the pack as a whole has no file of its own to name: it names the folder.
#[derive(Debug)]
pub(crate) struct BadFolder {
    folder: PathBuf,
    flaw: Flaw,
}

pub(super) fn run(place: &Place, command: &PackCommand) -> Result<(), CliError> {
    match command {
        PackCommand::Install { folder, site } => install(place, folder, &site.site),
        PackCommand::Remove { site } => remove(place, &site.site),
        PackCommand::List => list(place),
        PackCommand::Check { folder } => {
            let pack = read(folder)?;
            say(&format!("good: {}\n", described(folder, &pack, digest_of(&pack.to_archive()))))
        }
    }
}

fn install(place: &Place, folder: &Path, site: &SiteKey) -> Result<(), CliError> {
    let pack = read(folder)?;
    let digest = PackFolder::of(&place.data()?).install(site, &pack)?;
    say(&format!("installed: {}\n", described(folder, &pack, digest)))
}

fn remove(place: &Place, site: &SiteKey) -> Result<(), CliError> {
    if PackFolder::of(&place.data()?).remove(site)? {
        say(&format!("removed: the pack of {site}\n"))
    } else {
        Err(CliError::NoPack(site.clone()))
    }
}

fn list(place: &Place) -> Result<(), CliError> {
    let folder = PackFolder::of(&place.data()?);
    let mut text = String::new();
    for site in folder.sites()? {
        let line = match folder.read(&site) {
            Ok(checked) => format!("{site}\t{}\t{}\n", contents(&checked.pack), checked.archive.digest),
            Err(error) => format!("{site}\tnot used\t{error}\n"),
        };
        text.push_str(&line);
    }
    say(&text)
}

/// Checks the folder, and says what a person should look at.
fn read(folder: &Path) -> Result<Pack, CliError> {
    let pack = Pack::read(folder).map_err(|flaw| BadFolder { folder: folder.to_owned(), flaw })?;
    for warning in pack.warnings() {
        eprintln!("warning: {warning}");
    }
    Ok(pack)
}

fn described(folder: &Path, pack: &Pack, digest: PackDigest) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = whole.file_name().unwrap_or_else(|| whole.as_os_str());
    format!("{}, {}, digest {digest}", name.display(), contents(pack))
}

fn contents(pack: &Pack) -> String {
    let (files, bytes) = pack.size();
    format!("{files} file{}, {}", if files == 1 { "" } else { "s" }, size(bytes))
}

fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} bytes"),
        KIB..0x10_0000 => format!("{} KiB", bytes / KIB),
        _ => format!("{}.{} MiB", bytes / KIB / KIB, bytes % (KIB * KIB) * 10 / (KIB * KIB)),
    }
}

impl fmt::Display for BadFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.flaw.file.is_empty() {
            write!(f, "{}: ", self.folder.display())?;
        }
        self.flaw.fmt(f)
    }
}

impl std::error::Error for BadFolder {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_said_in_a_unit_that_people_read() {
        let said = [0, 1_023, 1_024, 1_048_575, 1_048_576, 16 * 1_048_576 + 524_288].map(size);
        assert_eq!(said, ["0 bytes", "1023 bytes", "1 KiB", "1023 KiB", "1.0 MiB", "16.5 MiB"]);
    }
}

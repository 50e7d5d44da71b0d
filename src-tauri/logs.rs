//! What the program writes down of itself: on the terminal, and in files of the profile for a week.
//!
//! What must always hold: our own words alone, and they never hold what people write (a library's debug lines would); a
//! log fills no disk, and nobody waits for the file.

use std::io::{self, Write};
use std::path::Path;

use deskbell_api::dto::Problem;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::problem;
use crate::profile;
use crate::shell::Shell;

/// The folder in the profile's.
pub(crate) const FOLDER: &str = "logs";
/// One file a day, so many days.
const DAYS: usize = 7;
/// One run writes no more than this.
const RUN_BYTES: u64 = 8 * 1024 * 1024;

/// Begins. `folder` is the profile's; without one there is the terminal alone. `DESKBELL_LOG` is one of
/// `off error warn info debug trace`. The files end with what is returned.
pub(crate) fn begin(folder: Option<&Path>) -> Option<WorkerGuard> {
    let named = std::env::var("DESKBELL_LOG").ok().and_then(|level| level.parse().ok());
    let terminal = layer().with_writer(io::stderr).with_filter(ours(named.unwrap_or(LevelFilter::WARN)));
    let (file, guard) = folder.and_then(writer).unzip();
    let file = file.map(|file| {
        let level = ours(named.unwrap_or(LevelFilter::INFO));
        layer().with_ansi(false).with_writer(file).with_filter(level)
    });
    // A second start of one process, in tests, keeps the first one's.
    drop(tracing_subscriber::registry().with(terminal).with(file).try_init());
    guard
}

/// Our crates at this level; of others what they warn of, at most.
fn ours(level: LevelFilter) -> Targets {
    Targets::new().with_target("deskbell", level).with_default(level.min(LevelFilter::WARN))
}

/// A disk that takes no log is no reason not to start.
fn writer(folder: &Path) -> Option<(tracing_appender::non_blocking::NonBlocking, WorkerGuard)> {
    let folder = folder.join(FOLDER);
    profile::make_private(&folder).ok()?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("deskbell")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(&folder)
        .ok()?;
    Some(tracing_appender::non_blocking(Bounded { inner: appender, left: RUN_BYTES }))
}

/// A writer that ends after so many bytes, with a word about it.
struct Bounded<W> {
    inner: W,
    left: u64,
}

impl<W: Write> Write for Bounded<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Ok(line.len());
        }
        self.left = self.left.saturating_sub(u64::try_from(line.len()).unwrap_or(u64::MAX));
        self.inner.write_all(line)?;
        if self.left == 0 {
            self.inner.write_all(b"This run has said enough: no more is written until the next start.\n")?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Shows the folder in the system's file manager, and says where it is.
///
/// # Errors
/// `data_folder`: there is no profile, or it cannot be written.
pub(crate) fn show(shell: &Shell) -> Result<String, Problem> {
    let denied = || problem::say("data_folder", shell.locale());
    let folder = shell.profile().map(|profile| profile.folder.join(FOLDER)).ok_or_else(denied)?;
    profile::make_private(&folder).map_err(|_| denied())?;
    if let Err(error) = open::that_detached(&folder) {
        tracing::info!(%error, "no file manager shows the logs");
    }
    Ok(folder.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_says_too_much_is_cut_off_with_a_word_about_it() {
        let mut log = Bounded { inner: Vec::new(), left: 10 };
        for _ in 0..100 {
            log.write_all(b"12345\n").unwrap();
        }
        let text = String::from_utf8(log.inner).unwrap();
        assert!(text.starts_with("12345\n12345\nThis run has said enough") && text.len() < 100);
    }

    #[test]
    fn threats_9_what_libraries_say_at_length_is_not_written() {
        use tracing::Level;
        let would = |target: &'static str, level| ours(LevelFilter::TRACE).would_enable(target, &level);
        assert!(would("deskbell_shell::launch", Level::TRACE) && would("zbus", Level::WARN));
        assert!(!would("zbus::connection", Level::DEBUG) && !would("hyper", Level::INFO));
    }

    #[cfg(unix)]
    #[test]
    fn threats_44_the_files_are_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let profile = tempfile::tempdir().unwrap();
        let (mut log, guard) = writer(profile.path()).unwrap();
        log.write_all(b"a line\n").unwrap();
        drop(guard);
        let folder = profile.path().join(FOLDER);
        let mode = folder.metadata().unwrap().permissions().mode();
        assert_eq!((mode & 0o777, folder.read_dir().unwrap().count()), (0o700, 1));
    }
}

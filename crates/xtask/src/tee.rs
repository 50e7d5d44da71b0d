//! Runs a program whose output goes to the terminal as it comes, and keeps its end for reading.

use std::io::{Read, Write, stderr, stdout};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use crate::process;
use crate::stop::Result;

/// How much of the end is kept, in bytes.
const KEPT: usize = 64 * 1024;
/// How long the pipes may outlive the program: a grandchild that was left behind holds them for ever.
const LINGER: Duration = Duration::from_secs(2);

/// How it ended, and the last 64 KiB that it printed on both streams.
pub(crate) fn run(command: &mut Command) -> Result<(ExitStatus, String)> {
    let mut child = process::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
    let kept = Arc::default();
    let pumps = [
        child.stdout.take().map(|from| pump(from, stdout(), Arc::clone(&kept))),
        child.stderr.take().map(|from| pump(from, stderr(), Arc::clone(&kept))),
    ];
    let status = process::wait(&mut child)?;
    let deadline = Instant::now() + LINGER;
    while Instant::now() < deadline && !pumps.iter().flatten().all(JoinHandle::is_finished) {
        sleep(process::GLANCE);
    }
    let text = String::from_utf8_lossy(&lock(&kept)).into_owned();
    Ok((status, text))
}

type Kept = Arc<Mutex<Vec<u8>>>;

fn pump(
    mut from: impl Read + Send + 'static,
    mut to: impl Write + Send + 'static,
    kept: Kept,
) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let bytes = buffer.get(..length).unwrap_or_default();
            // A terminal that is gone does not end the tests.
            to.write_all(bytes).and_then(|()| to.flush()).ok();
            keep(&mut lock(&kept), bytes);
        }
    })
}

fn keep(kept: &mut Vec<u8>, bytes: &[u8]) {
    kept.extend_from_slice(bytes);
    let excess = kept.len().saturating_sub(KEPT);
    kept.drain(..excess);
}

fn lock(kept: &Mutex<Vec<u8>>) -> MutexGuard<'_, Vec<u8>> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_streams_and_the_exit_code_are_kept() {
        let (status, text) =
            run(process::command("sh").args(["-c", "echo one; echo two >&2; exit 3"])).unwrap();
        assert_eq!(status.code(), Some(3));
        assert!(text.contains("one") && text.contains("two"), "{text}");
    }

    #[test]
    fn a_grandchild_that_holds_the_pipe_does_not_hold_us() {
        let before = Instant::now();
        run(process::command("sh").args(["-c", "sleep 12 & echo done"])).unwrap();
        assert!(before.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn only_the_end_is_kept() {
        let mut kept = vec![b'a'; KEPT];
        keep(&mut kept, b"end");
        assert_eq!(kept.len(), KEPT);
        assert!(kept.ends_with(b"end"));
    }
}

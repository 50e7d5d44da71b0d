//! A second start of a profile that is open: it hands over what it was asked for, and ends.
//!
//! What must always hold: the door is in the profile's own folder, which no other user enters; what comes in is read
//! with a limit of bytes and of time, and is a wish that the person is asked about, never an order (threats 31); nobody
//! waits for a program that does not answer.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use deskbell_api::dto::Problem;
use interprocess::local_socket::traits::{ListenerExt, Stream as _};
use interprocess::local_socket::{Listener, ListenerOptions, Name, Stream};
use serde::{Deserialize, Serialize};
use tauri::AppHandle;

use crate::arguments::Request;
use crate::problem;
use crate::profile::{self, Profile, ProfileError};

/// An errand is never longer, in bytes.
const ERRAND_BYTES: u64 = 16 * 1024;
/// A program that has taken an errand answers within this time, or is stuck.
const ANSWER: Duration = Duration::from_secs(5);
/// Whoever hands something over writes it at once.
const READ: Duration = Duration::from_secs(2);
/// The windows have this long to come forward: less than the other end waits for it.
const FORWARD: Duration = Duration::from_secs(4);
/// A program that is about to begin or to end has no door for a while. Ending takes the longer time.
const NOBODY: Duration = Duration::from_secs(12);

/// So many are heard at once: one that says nothing holds up no other.
const GUESTS: usize = 16;

/// What a second start was asked for. Nothing at all: to show the window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Errand {
    /// A link that was opened.
    pub(crate) link: Option<String>,
    /// A desk that was named on the command line.
    pub(crate) desk: Option<String>,
    /// No window is to be shown.
    pub(crate) hidden: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// Done.
    Taken,
    /// The windows do not come forward.
    Stuck,
    /// The program is ending: soon its place is free.
    Ending,
}

/// What became of an errand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The other program has it.
    Taken,
    /// Nobody is at the door, now.
    Nobody,
    /// Somebody has the profile open and does not answer.
    Stuck,
}

/// Tries to open the profile; where another program has it, hands the errand over to that one. `open` gives `None` while
/// the profile is somebody else's.
pub(crate) fn open_or_hand_over<T>(
    folder: &Path,
    errand: &Errand,
    mut open: impl FnMut() -> Option<T>,
) -> Result<T, Outcome> {
    let until = Instant::now() + NOBODY;
    loop {
        if let Some(opened) = open() {
            return Ok(opened);
        }
        match hand_over(folder, errand) {
            Outcome::Nobody if Instant::now() < until => thread::sleep(Duration::from_millis(50)),
            Outcome::Nobody => return Err(Outcome::Stuck),
            outcome => return Err(outcome),
        }
    }
}

/// Opens the profile that a command line asks for. `Err`: there is nothing more to do, and this is the exit code.
pub(crate) fn profile(request: &Request) -> Result<Result<Profile, Problem>, ExitCode> {
    let (name, data, locale) = (&request.profile, request.data.as_deref(), request.locale);
    let edition = request.site.edition();
    let say = |error: &ProfileError| problem::of_profile(error, name, locale);
    let errand = Errand {
        link: request.link.clone(),
        desk: request.desk.as_ref().map(ToString::to_string),
        hidden: request.hidden,
    };
    let folder = match profile::folder(name, data, edition) {
        Ok(folder) => folder,
        Err(error @ ProfileError::Name) => return Err(problem::on_terminal(&say(&error), 2)),
        Err(error) => return Ok(Err(say(&error))),
    };
    let opened = open_or_hand_over(&folder, &errand, || match Profile::open_in(name, data, edition) {
        Err(ProfileError::Open) => None,
        opened => Some(opened.map_err(|error| say(&error))),
    });
    opened.map_err(|outcome| match outcome {
        Outcome::Taken => {
            // Who opens a link may have closed the other end already.
            drop(writeln!(io::stdout(), "{}", problem::say("handed_over", locale).message));
            ExitCode::SUCCESS
        }
        Outcome::Nobody | Outcome::Stuck => {
            problem::on_terminal(&problem::say_of("profile_silent", name, locale), 1)
        }
    })
}

/// Beside this thread: not every system's sockets have a time limit of their own.
fn hand_over(folder: &Path, errand: &Errand) -> Outcome {
    let (folder, errand) = (folder.to_owned(), errand.clone());
    let (done, outcome) = mpsc::channel();
    thread::spawn(move || done.send(ask(&folder, &errand)));
    match outcome.recv_timeout(ANSWER) {
        Ok(Ok(Answer::Taken)) => Outcome::Taken,
        Ok(Ok(Answer::Stuck)) | Err(_) => Outcome::Stuck,
        Ok(Ok(Answer::Ending) | Err(_)) => Outcome::Nobody,
    }
}

fn ask(folder: &Path, errand: &Errand) -> io::Result<Answer> {
    let mut stream = at_door(folder, Stream::connect)?;
    let mut line = serde_json::to_vec(errand)?;
    line.push(b'\n');
    stream.write_all(&line)?;
    Ok(serde_json::from_slice(&read_line(stream, Instant::now() + ANSWER)?)?)
}

/// Opens the door. `take` brings a wish before the person; `false`: the program is ending. It must not wait.
pub(crate) fn listen(app: &AppHandle, folder: &Path, take: fn(&AppHandle, Errand) -> bool) -> io::Result<()> {
    let listener = at_door(folder, |name| {
        // What stands there is left from a program that has ended: the profile is ours.
        ListenerOptions::new().name(name).try_overwrite(true).reclaim_name(false).create_sync()
    })?;
    let app = app.clone();
    thread::Builder::new().name("door".to_owned()).spawn(move || answer_all(&listener, &app, take))?;
    Ok(())
}

fn answer_all(listener: &Listener, app: &AppHandle, take: fn(&AppHandle, Errand) -> bool) {
    let place = Arc::new(());
    for stream in listener.incoming() {
        match stream {
            Ok(stream) if Arc::strong_count(&place) <= GUESTS => {
                let (app, place) = (app.clone(), Arc::clone(&place));
                let guest = thread::Builder::new().name("guest".to_owned());
                drop(guest.spawn(move || {
                    if let Err(error) = answer(stream, &app, take) {
                        tracing::info!(%error, "a second start went wrong");
                    }
                    drop(place);
                }));
            }
            // Whoever is turned away asks again.
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "nobody hears second starts");
                // A listener that fails at once would fail in a loop.
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

fn answer(mut stream: Stream, app: &AppHandle, take: fn(&AppHandle, Errand) -> bool) -> io::Result<()> {
    // Windows' pipes have no limits; there whoever stalls holds up this user's second starts alone.
    drop(stream.set_recv_timeout(Some(READ)));
    drop(stream.set_send_timeout(Some(READ)));
    let errand: Errand = serde_json::from_slice(&read_line(&mut stream, Instant::now() + READ)?)?;
    let (done, taken) = mpsc::channel();
    let handle = app.clone();
    let asked = app.run_on_main_thread(move || {
        let _ = done.send(take(&handle, errand));
    });
    let answer = asked.map_or(Answer::Ending, |()| said(taken.recv_timeout(FORWARD)));
    let mut line = serde_json::to_vec(&answer)?;
    line.push(b'\n');
    stream.write_all(&line)
}

fn said(taken: Result<bool, RecvTimeoutError>) -> Answer {
    match taken {
        Ok(true) => Answer::Taken,
        // Nobody will do it any more: the windows are gone.
        Ok(false) | Err(RecvTimeoutError::Disconnected) => Answer::Ending,
        Err(RecvTimeoutError::Timeout) => Answer::Stuck,
    }
}

/// A line within the limit, or nothing that anything can be read from. Whoever hands it over byte by byte has no more
/// time than others.
fn read_line(stream: impl Read, until: Instant) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    BufReader::new(Hurried { stream, until }.take(ERRAND_BYTES)).read_until(b'\n', &mut line)?;
    Ok(line)
}

/// A reader that gives nothing more when the time is over.
struct Hurried<R> {
    stream: R,
    until: Instant,
}

impl<R: Read> Read for Hurried<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if Instant::now() >= self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.read(bytes)
    }
}

/// The door's name leads through the open folder: a socket's own name may not be longer than 107 bytes.
#[cfg(target_os = "linux")]
fn at_door<T>(folder: &Path, act: impl FnOnce(Name<'_>) -> io::Result<T>) -> io::Result<T> {
    use std::os::fd::AsRawFd;
    let open = std::fs::File::open(folder)?;
    let name = PathBuf::from(format!("/proc/self/fd/{}/door", open.as_raw_fd()));
    act(interprocess::local_socket::ToFsName::to_fs_name::<interprocess::local_socket::GenericFilePath>(
        name,
    )?)
}

#[cfg(all(unix, not(target_os = "linux")))]
fn at_door<T>(folder: &Path, act: impl FnOnce(Name<'_>) -> io::Result<T>) -> io::Result<T> {
    let name = folder.join("door");
    act(interprocess::local_socket::ToFsName::to_fs_name::<interprocess::local_socket::GenericFilePath>(
        name,
    )?)
}

/// A pipe is named for the whole computer: the folder's own name keeps users and profiles apart, and Windows lets only
/// this user write to it.
#[cfg(windows)]
fn at_door<T>(folder: &Path, act: impl FnOnce(Name<'_>) -> io::Result<T>) -> io::Result<T> {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(folder.canonicalize()?.as_os_str().as_encoded_bytes());
    let mark: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("deskbell-{mark}");
    act(interprocess::local_socket::ToNsName::to_ns_name::<interprocess::local_socket::GenericNamespaced>(
        name,
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_at_the_door_is_no_reason_to_wait_once_the_profile_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let mut tries = 0;
        let opened = open_or_hand_over(folder.path(), &Errand::default(), || {
            tries += 1;
            (tries == 3).then_some("open")
        });
        assert_eq!(opened, Ok("open"));
    }

    #[test]
    fn a_program_whose_windows_are_gone_ends_and_is_not_stuck() {
        let (done, taken) = mpsc::channel();
        drop(done);
        assert_eq!(said(taken.recv_timeout(FORWARD)), Answer::Ending);
        let (_done, taken) = mpsc::channel();
        assert_eq!(said(taken.recv_timeout(Duration::ZERO)), Answer::Stuck);
    }

    #[test]
    fn an_errand_is_read_with_a_limit() {
        let long = vec![b'x'; 100_000];
        let later = Instant::now() + ANSWER;
        assert_eq!(read_line(long.as_slice(), later).unwrap().len(), 16 * 1024);
        assert_eq!(read_line(b"{}\nmore".as_slice(), later).unwrap(), b"{}\n");
    }

    /// Ends the time with its third byte.
    struct Dripping(u8);

    impl Read for Dripping {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            assert!(self.0 < 3, "read on when the time was over");
            self.0 += 1;
            if self.0 == 3 {
                thread::sleep(Duration::from_millis(20));
            }
            bytes[0] = b' ';
            Ok(1)
        }
    }

    #[test]
    fn threats_19_an_errand_that_drips_in_is_given_up() {
        let until = Instant::now() + Duration::from_millis(20);
        let given_up = read_line(Dripping(0), until).unwrap_err();
        assert_eq!(given_up.kind(), io::ErrorKind::TimedOut);
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_with_a_long_name_has_a_door_too() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a".repeat(120)).join("b".repeat(120));
        std::fs::create_dir_all(&deep).unwrap();
        if cfg!(target_os = "linux") {
            let open = |name: Name<'_>| ListenerOptions::new().name(name).reclaim_name(false).create_sync();
            let listener = at_door(&deep, open).unwrap();
            let answering = thread::spawn(move || {
                let mut stream = interprocess::local_socket::traits::Listener::accept(&listener).unwrap();
                assert_eq!(
                    read_line(&mut stream, Instant::now() + ANSWER).unwrap(),
                    b"{\"link\":null,\"desk\":null,\"hidden\":true}\n"
                );
                stream.write_all(b"\"taken\"\n").unwrap();
            });
            let errand = Errand { hidden: true, ..Errand::default() };
            assert_eq!(hand_over(&deep, &errand), Outcome::Taken);
            answering.join().unwrap();
            assert!(deep.join("door").exists());
        }
    }
}

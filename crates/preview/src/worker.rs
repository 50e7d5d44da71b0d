//! The program's side: one process for one file, killed when it takes too long.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::MAX_SIDE;
use crate::details;
use crate::details::edits::{Edit, Settled};
use crate::encode::{self, Picture};
use crate::feed::{Fed, Feed, Source, len};
use crate::overwrite::copy;
use crate::talk::{End, Said, Task};
use crate::why::Why;

/// What one file may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// More edits are not believed.
const EDITS: usize = 100_000;

/// Takes what comes from the worker.
type Take<'a> = dyn FnMut(&[u8]) -> Result<(), Why> + 'a;

/// Looks into files, each in a process of its own.
#[derive(Clone, Debug)]
pub struct Worker {
    program: PathBuf,
    args: Vec<OsString>,
    patience: Duration,
}

/// What the threads at the worker's pipes have to say.
enum Event {
    /// The worker takes the next piece of the file.
    Wants,
    Said(Said),
    /// It says no more.
    Gone,
}

impl Worker {
    /// `program` with `args` is to call [`crate::child::main`], before it does anything else.
    pub fn new(program: PathBuf, args: Vec<OsString>) -> Self {
        Self { program, args, patience: PATIENCE }
    }

    /// The same with less time for a file.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// A small picture of a picture or of a PDF's first page, upright, at most `max_side` dots (and [`MAX_SIDE`]) on its
    /// longer side, never larger than the file's own. Blocks for as long as 15 seconds.
    ///
    /// # Errors
    /// All of [`Why`].
    pub fn picture(&self, file: &mut dyn Read, media: &str, max_side: u32) -> Result<Picture, Why> {
        let max_side = max_side.clamp(1, MAX_SIDE);
        let most = max_side as usize * max_side as usize * 4;
        let mut dots = Vec::new();
        let task = Task::Picture { media: plain(media)?, max_side };
        let end = self.run(&task, Feed::row(file), &mut |piece| {
            dots.extend_from_slice(piece);
            if dots.len() > most { Err(Why::Unreadable) } else { Ok(()) }
        })?;
        encode::picture(dots, end.numbers, max_side)
    }

    /// Does a file say something beside itself: place, time, camera, author, program, a small copy of an earlier state?
    /// Types without details say no. Blocks for as long as 15 seconds.
    ///
    /// # Errors
    /// All of [`Why`]; [`Why::Unsupported`] for a type whose details are not known here.
    pub fn has_details(&self, file: &mut dyn Source, media: &str) -> Result<bool, Why> {
        let media = plain(media)?;
        let mut nothing = |_: &[u8]| Err(Why::Unreadable);
        let end = if details::is_written_anew(&media) {
            self.run(&Task::HasDetails { media }, Feed::row(file), &mut nothing)?
        } else {
            let len = len(file)?;
            self.run(&Task::AreIn { media, len }, Feed::asked(file), &mut nothing)?
        };
        Ok(end.numbers.contains(&1))
    }

    /// Writes the same picture, film or sound without that, dot for dot the same, still upright. What was written before
    /// an error is to be thrown away. Blocks for as long as 15 seconds, and for as long as a copy takes.
    ///
    /// # Errors
    /// All of [`Why`]; [`Why::Unsupported`] for a type whose details are not known here, or are not taken out.
    pub fn without_details(&self, file: &mut dyn Source, media: &str, to: &mut dyn Write) -> Result<(), Why> {
        let media = plain(media)?;
        if details::is_written_anew(&media) {
            let mut write = |piece: &[u8]| to.write_all(piece).map_err(|error| Why::Bytes(error.kind()));
            return self.run(&Task::WithoutDetails { media }, Feed::row(file), &mut write).map(drop);
        }
        let (len, mut edits) = (len(file)?, Vec::new());
        self.run(&Task::Edits { media, len }, Feed::asked(file), &mut |piece| {
            edits.push(Edit::read(piece).filter(|_| edits.len() < EDITS).ok_or(Why::Unreadable)?);
            Ok(())
        })?;
        let edits = Settled::new(edits, len).ok_or(Why::Unreadable)?;
        copy(file, &edits, to)
    }

    fn run(&self, task: &Task, feed: Feed<'_>, take: &mut Take<'_>) -> Result<End, Why> {
        let mut running = Running::start(self)?;
        let (events, heard) = sync_channel(4);
        let (pieces, to_write) = sync_channel(1);
        let (stdin, stdout) = running.pipes()?;
        let line = task.line();
        let writer_events = events.clone();
        let threads = [
            named("deskbell-look-in", move || write_all(stdin, &line, &to_write, &writer_events))?,
            named("deskbell-look-out", move || read_all(stdout, &events))?,
        ];
        let ended = converse(feed, take, &heard, pieces, Instant::now() + self.patience);
        // Killed first: then both pipes end, and so do the threads.
        running.kill();
        drop(heard);
        for thread in threads {
            let _ = thread.join();
        }
        ended.and_then(|end| end.outcome.map(|()| end))
    }
}

/// Gives pieces and takes pieces, on the caller's thread, for neither side of the file need be fit for another.
fn converse(
    mut feed: Feed<'_>,
    take: &mut Take<'_>,
    heard: &Receiver<Event>,
    pieces: SyncSender<Vec<u8>>,
    until: Instant,
) -> Result<End, Why> {
    let mut pieces = Some(pieces);
    loop {
        let fed = match heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Event::Wants) => feed.is_free()?,
            Ok(Event::Said(Said::Asks { at, count })) => feed.asks(at, count)?,
            Ok(Event::Said(Said::Piece(piece))) => take(&piece).map(|()| Fed::Nothing)?,
            Ok(Event::Said(Said::End(end))) => return Ok(end),
            Ok(Event::Gone) | Err(RecvTimeoutError::Disconnected) => return Err(Why::Unreadable),
            Err(RecvTimeoutError::Timeout) => return Err(Why::Late),
        };
        match fed {
            // A writer that is gone is seen by the reader, too.
            Fed::Piece(piece) => drop(pieces.as_ref().map(|pieces| pieces.send(piece))),
            Fed::Nothing => {}
            Fed::End => pieces = None,
        }
    }
}

/// A worker that has seen enough closes its end before the file's: that is no error.
fn write_all(mut stdin: ChildStdin, line: &str, pieces: &Receiver<Vec<u8>>, events: &SyncSender<Event>) {
    let mut is_taken = stdin.write_all(line.as_bytes()).is_ok();
    while is_taken && events.send(Event::Wants).is_ok() {
        let Ok(piece) = pieces.recv() else { break };
        is_taken = stdin.write_all(&piece).is_ok();
    }
}

fn read_all(stdout: ChildStdout, events: &SyncSender<Event>) {
    let mut stdout = io::BufReader::new(stdout);
    while let Some(said) = Said::read(&mut stdout) {
        let is_end = matches!(said, Said::End(_));
        if events.send(Event::Said(said)).is_err() || is_end {
            return;
        }
    }
    let _ = events.send(Event::Gone);
}

fn named(name: &str, run: impl FnOnce() + Send + 'static) -> Result<thread::JoinHandle<()>, Why> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(|error| Why::Worker(error.kind()))
}

/// A type that fits into the worker's line.
fn plain(media: &str) -> Result<String, Why> {
    let is_plain = media.len() <= 100 && media.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain { Ok(media.to_owned()) } else { Err(Why::Unsupported) }
}

/// The process; it ends with this value.
struct Running(Child);

impl Running {
    fn start(worker: &Worker) -> Result<Self, Why> {
        let mut command = Command::new(&worker.program);
        command
            .args(&worker.args)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if cfg!(unix) {
            command.current_dir("/");
        }
        command.spawn().map(Self).map_err(|error| Why::Worker(error.kind()))
    }

    fn pipes(&mut self) -> Result<(ChildStdin, ChildStdout), Why> {
        let pipes = self.0.stdin.take().zip(self.0.stdout.take());
        pipes.ok_or(Why::Worker(io::ErrorKind::BrokenPipe))
    }

    fn kill(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

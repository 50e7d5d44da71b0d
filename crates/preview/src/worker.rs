//! The program's side: one process for one file, killed when it takes too long.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::encode::{self, Picture};
use crate::talk::{End, Said, Task};
use crate::why::Why;
use crate::{MAX_BYTES, MAX_SIDE};

/// What one file may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// Bytes of the file on their way at once.
const PIECE: usize = 64 * 1024;

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
        let end = self.run(&task, file, &mut |piece| {
            dots.extend_from_slice(piece);
            if dots.len() > most { Err(Why::Unreadable) } else { Ok(()) }
        })?;
        encode::picture(dots, end.numbers, max_side)
    }

    /// Does a picture say something beside itself: place, time, camera, program, a small copy of an earlier state?
    /// Types without details say no. Blocks for as long as 15 seconds.
    ///
    /// # Errors
    /// All of [`Why`]; [`Why::Unsupported`] for a type whose details are not known here.
    pub fn has_details(&self, file: &mut dyn Read, media: &str) -> Result<bool, Why> {
        let task = Task::HasDetails { media: plain(media)? };
        let end = self.run(&task, file, &mut |_| Err(Why::Unreadable))?;
        Ok(end.numbers.contains(&1))
    }

    /// Writes the same picture without that, dot for dot the same, still upright. What was written before an error is
    /// to be thrown away. Blocks for as long as 15 seconds.
    ///
    /// # Errors
    /// All of [`Why`]; [`Why::Unsupported`] for a type whose details are not known here.
    pub fn without_details(&self, file: &mut dyn Read, media: &str, to: &mut dyn Write) -> Result<(), Why> {
        let task = Task::WithoutDetails { media: plain(media)? };
        let mut write = |piece: &[u8]| to.write_all(piece).map_err(|error| Why::Bytes(error.kind()));
        self.run(&task, file, &mut write).map(drop)
    }

    fn run(
        &self,
        task: &Task,
        file: &mut dyn Read,
        take: &mut dyn FnMut(&[u8]) -> Result<(), Why>,
    ) -> Result<End, Why> {
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
        let ended = converse(file, take, &heard, pieces, Instant::now() + self.patience);
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
    file: &mut dyn Read,
    take: &mut dyn FnMut(&[u8]) -> Result<(), Why>,
    heard: &Receiver<Event>,
    pieces: SyncSender<Vec<u8>>,
    until: Instant,
) -> Result<End, Why> {
    let mut pieces = Some(pieces);
    let mut left = MAX_BYTES;
    loop {
        match heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Event::Wants) => match next_piece(file)? {
                Some(piece) => {
                    left = left.checked_sub(piece.len() as u64).ok_or(Why::TooLarge)?;
                    // A writer that is gone is seen by the reader, too.
                    let _ = pieces.as_ref().map(|pieces| pieces.send(piece));
                }
                None => pieces = None,
            },
            Ok(Event::Said(Said::Piece(piece))) => take(&piece)?,
            Ok(Event::Said(Said::End(end))) => return Ok(end),
            Ok(Event::Gone) | Err(RecvTimeoutError::Disconnected) => return Err(Why::Unreadable),
            Err(RecvTimeoutError::Timeout) => return Err(Why::Late),
        }
    }
}

/// `None`: the file ends.
fn next_piece(file: &mut dyn Read) -> Result<Option<Vec<u8>>, Why> {
    let mut piece = Vec::with_capacity(PIECE);
    file.take(PIECE as u64).read_to_end(&mut piece).map_err(|error| Why::Bytes(error.kind()))?;
    Ok(Some(piece).filter(|piece| !piece.is_empty()))
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

//! The worker's side: it takes limits upon itself, reads one file from its standard input, answers, and is gone.

mod confine;
mod decode;
mod page;

use std::io::{self, BufRead, Read, Write};
use std::process::ExitCode;

use crate::details::edits::Settled;
use crate::details::file::File;
use crate::talk::{self, End, Pieces, Task};
use crate::why::Why;
use crate::{MAX_BYTES, MAX_SIDE, details};

/// Dots in rows, four bytes each, not multiplied by their alpha.
struct Dots {
    bytes: Vec<u8>,
    size: [u32; 2],
}

/// Looks into one file. To be called before the program has done anything else: the limits hold for the whole process.
pub fn main() -> ExitCode {
    if confine::confine().is_err() {
        return ExitCode::FAILURE;
    }
    let (stdin, stdout) = (io::stdin().lock(), io::stdout().lock());
    match answer(stdin, io::BufWriter::new(stdout)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(mut from: impl BufRead, mut to: impl Write) -> io::Result<()> {
    let Some(task) = Task::read(&mut from) else { return Ok(()) };
    let (outcome, numbers) = match perform(&task, from, &mut to) {
        Ok(numbers) => (Ok(()), numbers),
        Err(why) => (Err(why), [0, 0]),
    };
    End { outcome, numbers }.write(&mut to)
}

fn perform(task: &Task, mut from: impl Read, to: &mut impl Write) -> Result<[u32; 2], Why> {
    match task {
        Task::AreIn { media, len } => {
            let said = details::are_in(
                media,
                &mut File::new(*len, &mut |at, count| talk::bring(&mut from, to, at, count)),
            )?;
            Ok([u32::from(said), 0])
        }
        Task::Edits { media, len } => {
            let edits = details::edits(
                media,
                &mut File::new(*len, &mut |at, count| talk::bring(&mut from, to, at, count)),
            )?;
            tell(&edits, to).map(|()| [0, 0])
        }
        task => in_a_row(task, from, Pieces(to)),
    }
}

fn tell(edits: &Settled, to: &mut impl Write) -> Result<(), Why> {
    edits.edits().iter().try_for_each(|edit| edit.write(to)).map_err(|error| Why::Bytes(error.kind()))
}

/// Reads the file from its beginning to its end.
fn in_a_row(task: &Task, from: impl Read, mut to: Pieces<&mut impl Write>) -> Result<[u32; 2], Why> {
    match task {
        Task::Picture { media, max_side } => {
            let dots = dots(media, from, (*max_side).clamp(1, MAX_SIDE))?;
            to.write_all(&dots.bytes).map_err(|error| Why::Bytes(error.kind()))?;
            Ok(dots.size)
        }
        Task::HasDetails { media } => {
            let said = details::strip(media, &whole(from)?, &mut io::sink())?;
            Ok([u32::from(said), 0])
        }
        Task::WithoutDetails { media } => {
            // Small writes of headers go out together with what follows.
            let mut to = io::BufWriter::with_capacity(64 * 1024, to);
            details::strip(media, &whole(from)?, &mut to)?;
            to.flush().map_err(|error| Why::Bytes(error.kind()))?;
            Ok([0, 0])
        }
        Task::AreIn { .. } | Task::Edits { .. } => Err(Why::Unsupported),
    }
}

fn dots(media: &str, from: impl Read, max_side: u32) -> Result<Dots, Why> {
    if media == "application/pdf" {
        return page::first(whole(from)?, max_side);
    }
    let format = decode::format(media).ok_or(Why::Unsupported)?;
    decode::picture(&whole(from)?, format, max_side)
}

fn whole(from: impl Read) -> Result<Vec<u8>, Why> {
    let mut bytes = Vec::new();
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Why::Bytes(error.kind()))?;
    if bytes.len() as u64 > MAX_BYTES { Err(Why::TooLarge) } else { Ok(bytes) }
}

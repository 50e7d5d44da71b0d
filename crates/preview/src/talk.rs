//! What program and worker say to each other: one line, the file's bytes; back come pieces, and an end with a verdict.
//!
//! A worker that was killed or has crashed says no end: what came until then is thrown away.

use std::io::{self, BufRead, Read, Write};

use crate::why::Why;

/// The longest piece that is believed.
const PIECE: usize = 64 * 1024;
/// The longest line.
const LINE: usize = 200;

/// What the worker is to do with the bytes that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Dots of it, four bytes each, at most so many on its longer side.
    Picture { media: String, max_side: u32 },
    /// Does it say something beside the picture?
    HasDetails { media: String },
    /// The same picture without that.
    WithoutDetails { media: String },
}

/// How it ended. The numbers are a picture's width and height, or 1 for details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) outcome: Result<(), Why>,
    pub(crate) numbers: [u32; 2],
}

/// What comes from the worker.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    Piece(Vec<u8>),
    End(End),
}

impl Task {
    pub(crate) fn line(&self) -> String {
        match self {
            Self::Picture { media, max_side } => format!("picture {media} {max_side}\n"),
            Self::HasDetails { media } => format!("details {media}\n"),
            Self::WithoutDetails { media } => format!("strip {media}\n"),
        }
    }

    pub(crate) fn read(from: &mut impl BufRead) -> Option<Self> {
        let mut line = Vec::new();
        from.take(LINE as u64).read_until(b'\n', &mut line).ok()?;
        Self::parse(std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let (what, media) = (words.next()?, words.next()?.to_owned());
        match (what, words.next()) {
            ("picture", Some(side)) => Some(Self::Picture { media, max_side: side.parse().ok()? }),
            ("details", None) => Some(Self::HasDetails { media }),
            ("strip", None) => Some(Self::WithoutDetails { media }),
            _ => None,
        }
    }
}

/// Writes bytes as pieces.
pub(crate) struct Pieces<W>(pub(crate) W);

impl<W: Write> Write for Pieces<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = bytes.get(..PIECE).unwrap_or(bytes);
        if !piece.is_empty() {
            let length = u32::try_from(piece.len()).unwrap_or(0);
            self.0.write_all(&length.to_be_bytes())?;
            self.0.write_all(piece)?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl End {
    pub(crate) fn write(self, to: &mut impl Write) -> io::Result<()> {
        let code = match self.outcome {
            Ok(()) => 0,
            Err(Why::Unsupported) => 1,
            Err(Why::TooLarge) => 2,
            Err(_) => 3,
        };
        let [one, other] = self.numbers.map(u32::to_be_bytes);
        to.write_all(&[[0; 4], [0, 0, 0, code], one, other].concat())?;
        to.flush()
    }
}

impl Said {
    /// The next; `None` when the worker is gone or says what makes no sense.
    pub(crate) fn read(from: &mut impl Read) -> Option<Self> {
        match usize::try_from(number(from)?).ok()? {
            0 => {
                let code = number(from)?;
                let outcome = match code {
                    0 => Ok(()),
                    1 => Err(Why::Unsupported),
                    2 => Err(Why::TooLarge),
                    _ => Err(Why::Unreadable),
                };
                Some(Self::End(End { outcome, numbers: [number(from)?, number(from)?] }))
            }
            length if length <= PIECE => {
                let mut piece = vec![0; length];
                from.read_exact(&mut piece).ok()?;
                Some(Self::Piece(piece))
            }
            _ => None,
        }
    }
}

fn number(from: &mut impl Read) -> Option<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes).ok()?;
    Some(u32::from_be_bytes(bytes))
}

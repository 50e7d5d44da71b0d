//! What program and worker say to each other: one line, the file's bytes; back come pieces, and an end with a verdict.
//! Of a file that may be large the worker asks for what it needs, stretch by stretch, and gets that alone.
//!
//! A worker that was killed or has crashed says no end: what came until then is thrown away.

use std::io::{self, BufRead, Read, Write};

use crate::details::edits::Edit;
use crate::why::Why;

/// The longest piece that is believed.
const PIECE: usize = 64 * 1024;
/// The longest line.
const LINE: usize = 200;
/// In place of a piece's length: the worker asks.
const ASKS: u32 = u32::MAX;

/// What the worker is to do with the bytes that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Dots of it, four bytes each, at most so many on its longer side.
    Picture { media: String, max_side: u32 },
    /// Does it say something beside the picture?
    HasDetails { media: String },
    /// The same picture without that.
    WithoutDetails { media: String },
    /// Does a file of so many bytes, which are asked for, say something?
    AreIn { media: String, len: u64 },
    /// What is to be overwritten in it.
    Edits { media: String, len: u64 },
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
    /// It needs these bytes of the file.
    Asks {
        at: u64,
        count: u32,
    },
    End(End),
}

impl Task {
    pub(crate) fn line(&self) -> String {
        match self {
            Self::Picture { media, max_side } => format!("picture {media} {max_side}\n"),
            Self::HasDetails { media } => format!("details {media}\n"),
            Self::WithoutDetails { media } => format!("strip {media}\n"),
            Self::AreIn { media, len } => format!("look {media} {len}\n"),
            Self::Edits { media, len } => format!("edits {media} {len}\n"),
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
            ("look", Some(len)) => Some(Self::AreIn { media, len: len.parse().ok()? }),
            ("edits", Some(len)) => Some(Self::Edits { media, len: len.parse().ok()? }),
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
            asks if asks == ASKS as usize => {
                let at = u64::from(number(from)?) << 32 | u64::from(number(from)?);
                Some(Self::Asks { at, count: number(from)? })
            }
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

/// Asks for bytes of the file, and gets them.
pub(crate) fn bring(
    from: &mut impl Read,
    to: &mut impl Write,
    at: u64,
    count: usize,
) -> Result<Vec<u8>, Why> {
    let gone = |error: io::Error| Why::Bytes(error.kind());
    let count_word = u32::try_from(count).map_err(|_| Why::TooLarge)?.to_be_bytes();
    let words = [ASKS.to_be_bytes().as_slice(), &at.to_be_bytes(), &count_word].concat();
    to.write_all(&words).and_then(|()| to.flush()).map_err(gone)?;
    let mut bytes = vec![0; count];
    from.read_exact(&mut bytes).map_err(gone)?;
    Ok(bytes)
}

impl Edit {
    /// One piece each.
    pub(crate) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let words =
            [&self.at.to_be_bytes(), self.len.to_be_bytes().as_slice(), &[self.fill], &self.words].concat();
        Pieces(to).write_all(&words)
    }

    pub(crate) fn read(piece: &[u8]) -> Option<Self> {
        let (at, rest) = piece.split_first_chunk::<8>()?;
        let (len, rest) = rest.split_first_chunk::<8>()?;
        let ([fill], words) = rest.split_first_chunk::<1>()?;
        let (at, len) = (u64::from_be_bytes(*at), u64::from_be_bytes(*len));
        Some(Self { at, len, words: words.to_vec(), fill: *fill })
    }
}

fn number(from: &mut impl Read) -> Option<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes).ok()?;
    Some(u32::from_be_bytes(bytes))
}

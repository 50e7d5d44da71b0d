//! How a file gets to the worker: in a row, or stretch by stretch as it asks.

use std::io::{Read, Seek, SeekFrom};

use crate::MAX_BYTES;
use crate::details::file::PIECE as STRETCH;
use crate::why::Why;

/// Bytes of the file on their way at once.
const PIECE: usize = 64 * 1024;

/// A file's bytes, in a row or from any place.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// One of both.
pub(crate) enum Feed<'a> {
    Row {
        file: &'a mut dyn Read,
        /// Bytes that may still come.
        left: u64,
    },
    Asked {
        file: &'a mut dyn Source,
        /// The pipe is free.
        is_free: bool,
        asked: Option<(u64, u32)>,
    },
}

/// What goes to the worker now.
pub(crate) enum Fed {
    Piece(Vec<u8>),
    Nothing,
    /// The file has ended.
    End,
}

impl<'a> Feed<'a> {
    pub(crate) fn row(file: &'a mut dyn Read) -> Self {
        Self::Row { file, left: MAX_BYTES }
    }

    pub(crate) fn asked(file: &'a mut dyn Source) -> Self {
        Self::Asked { file, is_free: false, asked: None }
    }

    /// The pipe to the worker takes something.
    pub(crate) fn is_free(&mut self) -> Result<Fed, Why> {
        match self {
            Self::Row { file, left } => {
                let Some(piece) = piece(*file)? else { return Ok(Fed::End) };
                *left = left.checked_sub(piece.len() as u64).ok_or(Why::TooLarge)?;
                Ok(Fed::Piece(piece))
            }
            Self::Asked { is_free, .. } => {
                *is_free = true;
                self.answered()
            }
        }
    }

    /// The worker asks. One that asks again before it was answered is up to no good.
    pub(crate) fn asks(&mut self, at: u64, count: u32) -> Result<Fed, Why> {
        match self {
            Self::Asked { asked, .. } if asked.is_none() => {
                *asked = Some((at, count));
                self.answered()
            }
            _ => Err(Why::Unreadable),
        }
    }

    fn answered(&mut self) -> Result<Fed, Why> {
        let Self::Asked { file, is_free: is_free @ true, asked } = self else { return Ok(Fed::Nothing) };
        let Some((at, count)) = asked.take() else { return Ok(Fed::Nothing) };
        *is_free = false;
        stretch(*file, at, count).map(Fed::Piece)
    }
}

/// Bytes of the file in all.
pub(crate) fn len(file: &mut dyn Source) -> Result<u64, Why> {
    file.seek(SeekFrom::End(0)).map_err(|error| Why::Bytes(error.kind()))
}

/// `None`: the file ends.
fn piece(file: &mut dyn Read) -> Result<Option<Vec<u8>>, Why> {
    let mut piece = Vec::with_capacity(PIECE);
    file.take(PIECE as u64).read_to_end(&mut piece).map_err(|error| Why::Bytes(error.kind()))?;
    Ok(Some(piece).filter(|piece| !piece.is_empty()))
}

fn stretch(file: &mut dyn Source, at: u64, count: u32) -> Result<Vec<u8>, Why> {
    let count = usize::try_from(count).ok().filter(|count| *count <= STRETCH).ok_or(Why::Unreadable)?;
    let mut bytes = vec![0; count];
    let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut bytes));
    read.map(|()| bytes).map_err(|error| Why::Bytes(error.kind()))
}

//! Conversations to take along: one file for people (HTML) or for programs (JSON, docs/export.md), and beside it the files
//! that were sent, where they are wanted.
//!
//! Why here: what an event means in words is known here, and the session that holds the history is asked from here.
//! What must always hold: the file is written part by part, so neither the memory nor the session's thread is held up by a
//! long history; whatever a stranger wrote is text in it and nothing else (I15); nothing leaves this computer.

mod beside;
mod html;
mod json;
mod line;
mod shelf;
#[cfg(test)]
mod tests;
mod words;

use std::io::{self, Write};

use crate::dto::{ExportFormat, Locale, Problem, Sender};
use crate::operator::OperatorApp;
use crate::visitor::VisitorApp;

pub use beside::{Beside, Put, Use};
use line::Line;
use shelf::{Held, Shelf};

/// A moment in words, where the person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Year, month (1 to 12) and day.
    pub date: (i16, u8, u8),
    /// `17:05`.
    pub time: String,
    /// RFC 3339, with the offset from UTC.
    pub exact: String,
}

/// What an export needs beside the history.
pub struct ExportOptions {
    /// Which shape.
    pub format: ExportFormat,
    /// For words.
    pub locale: Locale,
    /// The desk's address, for people.
    pub desk: String,
    /// The program's version.
    pub version: String,
    /// Now (Unix milliseconds).
    pub now: i64,
    /// Says a moment (Unix milliseconds) in words.
    pub clock: Box<dyn Fn(i64) -> Moment + Send>,
}

/// Why there is no export.
#[derive(Debug)]
pub enum ExportError {
    /// The history could not be read, or the session has ended.
    Session(Problem),
    /// The file could not be written.
    File(io::Error),
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<Problem> for ExportError {
    fn from(problem: Problem) -> Self {
        Self::Session(problem)
    }
}

impl VisitorApp {
    /// Writes the visitor's own conversation, as far as this device holds it, with its files `beside` where there is such
    /// a place. Returns how many conversations there are in the file.
    ///
    /// # Errors
    /// Where the history cannot be read or the file cannot be written; what `beside` says.
    pub fn export(
        &self,
        options: &ExportOptions,
        to: &mut dyn Write,
        beside: Option<&mut dyn Beside>,
    ) -> Result<u64, ExportError> {
        write(self, Sender::Visitor, options, (to, beside))
    }
}

impl OperatorApp {
    /// Writes the conversations that this device holds: those that the operator has opened. As
    /// [`VisitorApp::export`].
    ///
    /// # Errors
    /// The same.
    pub fn export(
        &self,
        options: &ExportOptions,
        to: &mut dyn Write,
        beside: Option<&mut dyn Beside>,
    ) -> Result<u64, ExportError> {
        write(self, Sender::Operator, options, (to, beside))
    }
}

/// A shape of the file.
trait Shape {
    fn begin(&mut self, conversations: &[Held], to: &mut dyn Write) -> io::Result<()>;
    fn open(&mut self, conversation: &Held, to: &mut dyn Write) -> io::Result<()>;
    fn line(&mut self, line: &Line, to: &mut dyn Write) -> io::Result<()>;
    fn close(&mut self, to: &mut dyn Write) -> io::Result<()>;
    fn end(&mut self, to: &mut dyn Write) -> io::Result<()>;
}

/// Where an export goes: the file, and a place for files.
type Places<'f, 'b> = (&'f mut (dyn Write + 'f), Option<&'b mut (dyn Beside + 'b)>);

fn write(
    shelf: &dyn Shelf,
    reader: Sender,
    options: &ExportOptions,
    (to, beside): Places<'_, '_>,
) -> Result<u64, ExportError> {
    let with_files = beside.is_some();
    let mut shape: Box<dyn Shape + '_> = match options.format {
        ExportFormat::Html => Box::new(html::Html::new(options, reader, with_files)),
        ExportFormat::Json => Box::new(json::Json::new(options)),
    };
    let conversations = shelf.held()?;
    let mut copy = Copy { shelf, shape: shape.as_mut(), places: (to, beside) };
    copy.shape.begin(&conversations, copy.places.0)?;
    for conversation in &conversations {
        copy.shape.open(conversation, copy.places.0)?;
        copy.conversation(conversation)?;
        copy.shape.close(copy.places.0)?;
    }
    copy.shape.end(copy.places.0)?;
    copy.places.0.flush()?;
    Ok(u64::try_from(conversations.len()).unwrap_or(u64::MAX))
}

/// An export that is being written.
struct Copy<'s, 'o, 'f, 'b> {
    shelf: &'s dyn Shelf,
    shape: &'s mut (dyn Shape + 'o),
    places: Places<'f, 'b>,
}

impl Copy<'_, '_, '_, '_> {
    fn conversation(&mut self, of: &Held) -> Result<(), ExportError> {
        let mut after = of.base;
        while after < of.head {
            let part = self.shelf.part(&of.stream, after)?;
            let Some(last) = part.iter().filter_map(|line| line.seq).max() else { break };
            after = last;
            part.into_iter().try_for_each(|line| self.line(line))?;
        }
        self.shelf.waiting(&of.stream)?.into_iter().try_for_each(|line| self.line(line))
    }

    fn line(&mut self, mut line: Line) -> Result<(), ExportError> {
        if let Some(beside) = self.places.1.as_deref_mut() {
            beside::put(line.file.as_mut(), beside)?;
        }
        Ok(self.shape.line(&line, self.places.0)?)
    }
}

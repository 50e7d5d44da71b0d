//! The shape for programs: docs/export.md.

use std::io::{self, Write};

use serde::Serialize;

use super::line::Line;
use super::shelf::Held;
use super::{ExportOptions, Shape};

/// Rises when a program that reads it would have to change.
const VERSION: u32 = 1;

pub(super) struct Json<'a> {
    options: &'a ExportOptions,
    conversations: u64,
    lines: u64,
}

#[derive(Serialize)]
struct About<'a> {
    format: &'static str,
    version: u32,
    program: &'a str,
    exported: String,
    desk: &'a str,
}

#[derive(Serialize)]
struct Conversation<'a> {
    visitor: String,
    site: &'a str,
    name: Option<&'a str>,
    /// Does it begin with its first line?
    whole: bool,
}

/// A line, with its time in the form that people and programs read.
#[derive(Serialize)]
struct Dated<'a> {
    time: String,
    #[serde(flatten)]
    line: &'a Line,
}

impl<'a> Json<'a> {
    pub(super) fn new(options: &'a ExportOptions) -> Self {
        Self { options, conversations: 0, lines: 0 }
    }
}

impl Shape for Json<'_> {
    fn begin(&mut self, _: &[Held], to: &mut dyn Write) -> io::Result<()> {
        let ExportOptions { version, now, desk, clock, .. } = self.options;
        let about = About {
            format: "deskbell-conversations",
            version: VERSION,
            program: version,
            exported: clock(*now).exact,
            desk,
        };
        write!(to, "{},\n\"conversations\":[", opened(&about)?)
    }

    fn open(&mut self, held: &Held, to: &mut dyn Write) -> io::Result<()> {
        let about = Conversation {
            visitor: held.stream.visitor.to_string(),
            site: held.stream.site.as_str(),
            name: held.name.as_deref(),
            whole: held.base == 0,
        };
        let comma = if self.conversations == 0 { "" } else { "," };
        (self.conversations, self.lines) = (self.conversations + 1, 0);
        write!(to, "{comma}\n{},\n\"lines\":[", opened(&about)?)
    }

    fn line(&mut self, line: &Line, to: &mut dyn Write) -> io::Result<()> {
        let comma = if self.lines == 0 { "" } else { "," };
        self.lines += 1;
        writeln!(to, "{comma}")?;
        serde_json::to_writer(to, &Dated { time: (self.options.clock)(line.date).exact, line })?;
        Ok(())
    }

    fn close(&mut self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(b"\n]}")
    }

    fn end(&mut self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(b"\n]}\n")
    }
}

/// An object that is not closed yet.
fn opened(about: &impl Serialize) -> io::Result<String> {
    let mut text = serde_json::to_string(about)?;
    text.pop();
    Ok(text)
}

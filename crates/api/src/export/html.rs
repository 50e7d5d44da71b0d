//! The shape for people: one file that any browser shows and prints, today and in twenty years.
//!
//! What must always hold: it holds no script, asks nobody for anything (its own policy forbids both), and is readable
//! without its style; what people wrote passes [`escaped`] and stands in elements alone, never in attributes (I15), but
//! for the addresses of files beside it, which are percent-encoded.

use std::io::{self, Write};

use super::line::{Line, Named};
use super::shelf::Held;
use super::words::Words;
use super::{ExportOptions, Shape};
use crate::dto::{MessageKind, MessageStatus, Sender};

const STYLE: &str = include_str!("style.css");

pub(super) struct Html<'a> {
    options: &'a ExportOptions,
    /// Whose export it is: that side stands on the right.
    reader: Sender,
    /// Are there files beside it?
    with_files: bool,
    words: Words,
    conversations: usize,
    /// What the conversation's visitor is called.
    visitor: String,
    day: String,
    /// Who said the last line: a name is not repeated.
    last: Option<(Sender, Option<String>)>,
}

impl<'a> Html<'a> {
    pub(super) fn new(options: &'a ExportOptions, reader: Sender, with_files: bool) -> Self {
        let words = Words::of(options.locale);
        Self {
            options,
            reader,
            with_files,
            words,
            conversations: 0,
            visitor: String::new(),
            day: String::new(),
            last: None,
        }
    }

    fn title_of(&self, held: &Held) -> String {
        if self.reader == Sender::Visitor {
            return self.words.say("own");
        }
        let nameless = || {
            let id = held.stream.visitor.to_string();
            self.words.say("nameless").replace("{id}", id.get(..4).unwrap_or_default())
        };
        held.name.clone().unwrap_or_else(nameless)
    }

    fn new_day(&mut self, day: String, to: &mut dyn Write) -> io::Result<()> {
        if self.day != day {
            writeln!(to, "<h3>{}</h3>", escaped(&day))?;
            (self.day, self.last) = (day, None);
        }
        Ok(())
    }

    fn speech(&mut self, line: &Line, time: &str, to: &mut dyn Write) -> io::Result<()> {
        let mine = line.from == self.reader;
        let who = line.name.clone();
        let said = (line.from, who.clone());
        writeln!(to, "<div class=\"{}\">", if mine { "said mine" } else { "said" })?;
        if self.last.as_ref() != Some(&said) {
            let theirs = line.from == Sender::Visitor && !mine;
            let side = || if theirs { self.visitor.clone() } else { self.words.side(line.from, self.reader) };
            let name = who.unwrap_or_else(side);
            writeln!(to, "<p class=\"who\"><bdi>{}</bdi></p>", escaped(&name))?;
        }
        self.last = Some(said);
        if !line.text.is_empty() || line.file.is_none() {
            writeln!(to, "<p class=\"words\" dir=\"auto\">{}</p>", escaped(&line.text))?;
        }
        if let Some(file) = &line.file {
            self.file(file, to)?;
        }
        let fate = self.words.fate(line.status).map(|fate| format!(" · {}", escaped(&fate)));
        writeln!(to, "<p class=\"when\">{time}{}</p>\n</div>", fate.unwrap_or_default())
    }

    fn file(&self, file: &Named, to: &mut dyn Write) -> io::Result<()> {
        let words = escaped(&self.words.file(file));
        match file.address() {
            None => writeln!(to, "<p class=\"words\" dir=\"auto\">{words}</p>"),
            Some((at, false)) => {
                writeln!(to, "<p class=\"words\" dir=\"auto\"><a href=\"{at}\">{words}</a></p>")
            }
            Some((at, true)) => {
                let picture = format!("<img src=\"{at}\" alt=\"\" loading=\"lazy\">");
                writeln!(to, "<p class=\"words\" dir=\"auto\"><a href=\"{at}\">{picture}{words}</a></p>")
            }
        }
    }
}

impl Shape for Html<'_> {
    fn begin(&mut self, conversations: &[Held], to: &mut dyn Write) -> io::Result<()> {
        let ExportOptions { now, desk, version, clock, .. } = self.options;
        let (moment, title) = (clock(*now), escaped(&self.words.say("title")));
        let about = self
            .words
            .say("about")
            .replace("{day}", &self.words.day(moment.date))
            .replace("{time}", &moment.time);
        let about = escaped(&about.replace("{desk}", desk).replace("{version}", version));
        let pictures = if self.with_files { " img-src 'self' file:;" } else { "" };
        let policy = format!(
            "default-src 'none';{pictures} style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        );
        writeln!(
            to,
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">",
            self.words.language()
        )?;
        writeln!(to, "<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">")?;
        writeln!(to, "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>")?;
        writeln!(to, "<style>\n{STYLE}</style>\n</head>\n<body>\n<main>")?;
        writeln!(to, "<header><h1>{title}</h1>\n<p>{about}</p></header>")?;
        if conversations.is_empty() {
            writeln!(to, "<p>{}</p>", escaped(&self.words.say("nothing")))?;
        }
        if conversations.len() > 1 {
            writeln!(to, "<nav>\n<ol>")?;
            for (at, held) in conversations.iter().enumerate() {
                let name = escaped(&self.title_of(held));
                writeln!(to, "<li><a href=\"#c{}\"><bdi>{name}</bdi></a></li>", at + 1)?;
            }
            writeln!(to, "</ol>\n</nav>")?;
        }
        Ok(())
    }

    fn open(&mut self, held: &Held, to: &mut dyn Write) -> io::Result<()> {
        self.conversations += 1;
        (self.day, self.last) = (String::new(), None);
        self.visitor = self.title_of(held);
        let name = escaped(&self.visitor);
        writeln!(to, "<section id=\"c{}\">\n<h2><bdi>{name}</bdi></h2>", self.conversations)?;
        if held.base > 0 {
            writeln!(to, "<p class=\"note\">{}</p>", escaped(&self.words.say("part")))?;
        }
        Ok(())
    }

    fn line(&mut self, line: &Line, to: &mut dyn Write) -> io::Result<()> {
        // What happened beside the talk means nothing to a visitor, who has not seen it either.
        let Some(note) = self.words.line(line, self.reader) else { return Ok(()) };
        let moment = (self.options.clock)(line.date);
        self.new_day(self.words.day(moment.date), to)?;
        let (exact, time) = (escaped(&moment.exact), escaped(&moment.time));
        let time = format!("<time datetime=\"{exact}\">{time}</time>");
        if line.kind == MessageKind::Message {
            return self.speech(line, &time, to);
        }
        self.last = None;
        writeln!(to, "<p class=\"note\" dir=\"auto\">{time} {}</p>", escaped(&note))
    }

    fn close(&mut self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(b"</section>\n")
    }

    fn end(&mut self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(b"</main>\n</body>\n</html>\n")
    }
}

impl Words {
    /// What became of an own message that the desk does not have.
    fn fate(&self, status: MessageStatus) -> Option<String> {
        let key = match status {
            MessageStatus::Queued => "fate_queued",
            MessageStatus::Failed => "fate_failed",
            MessageStatus::Held => "fate_held",
            MessageStatus::Sent | MessageStatus::Delivered | MessageStatus::Read => return None,
        };
        Some(self.say(key))
    }
}

/// A text as HTML: markup is text, and characters that have no glyph and turn a page upside down are gone.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(c),
            c if c.is_control() => {}
            // Each paragraph stands by itself; what was turned round in it must end with it.
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            c => safe.push(c),
        }
    }
    safe
}

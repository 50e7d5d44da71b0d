//! Templates in lodash's language, compiled to plain functions without running or parsing JavaScript.
//!
//! The page has no eval, so what lodash does when a template is first used is done here when a pack is loaded. What
//! must always hold: line N of the script is line N of the template; what lodash and a JavaScript engine accept is
//! accepted (in doubt, too: then the engine has the last word and [`Compiled::place`] says where in the template it
//! stumbled); and what is printed is escaped unless the page says that very text is trusted.
//!
//! Three differences from lodash, on purpose. `<%= %>` and `${ }` escape. An opening `<%` that nothing closes is an
//! error, not text. And code keeps to its frame: the code of all `<% %>` together is one function's body, and each
//! `<%= %>` is one expression; lodash takes `<% } %> … <% { %>`, which closes the function it is put into.
//!
//! `print(…)` writes as it is, as in lodash. `_` is the page's own lodash if it has one, otherwise a small stand-in.

mod brackets;
mod lexer;
mod literals;
mod pieces;
mod places;
mod script;
mod spot;
mod state;
mod tokens;
mod words;
mod wrong;

use std::ops::Range;

use crate::flaw::Place;
use lexer::Lexer;
use pieces::{Kind, Piece, Pieces};
use places::Points;
use script::Writer;
use spot::Spot;
use wrong::Wrong;

/// A template as a classic, sloppy script.
///
/// The script sets `document.currentScript.template` to `function (obj, isTrusted)`, which gives the HTML.
/// `isTrusted`, if it is a function, is asked about each text that `<%= %>` or `${ }` prints.
#[derive(Clone)]
pub struct Compiled {
    source: String,
    script: String,
    points: Points,
}

/// What people wrote is not shown.
impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled").field("bytes", &self.script.len()).finish_non_exhaustive()
    }
}

impl Compiled {
    /// The script. It wants to be served as UTF-8.
    pub fn script(&self) -> &str {
        &self.script
    }

    /// Where in the template a place of the script is: exact in code, otherwise the nearest place before it that is.
    ///
    /// `generated` is as engines tell it: both count from 1, the column in UTF-16 code units. Any place will do.
    pub fn place(&self, generated: Place) -> Place {
        places::of(&self.source, self.points.offset(&self.source, generated))
    }
}

/// Compiles a template.
///
/// # Errors
/// Where in the template it cannot be read, and what is wrong there, in one English clause.
pub fn compile(source: &str) -> Result<Compiled, (Place, String)> {
    translate(source).map_err(|Wrong { at, what }| (places::of(source, at), what.told(source)))
}

fn translate(source: &str) -> Result<Compiled, Wrong> {
    let mut translation =
        Translation { source, lexer: Lexer::new(source), writer: Writer::new(source), spot: Spot::Text };
    for piece in Pieces::new(source) {
        match piece? {
            Piece::Text(text) => translation.text(text)?,
            Piece::Code(Kind::Evaluate, code) => translation.evaluate(code)?,
            Piece::Code(kind, code) => translation.print(kind, code)?,
        }
    }
    translation.lexer.finish()?;
    let (script, points) = translation.writer.finish();
    Ok(Compiled { source: source.to_owned(), script, points })
}

struct Translation<'a> {
    source: &'a str,
    lexer: Lexer<'a>,
    writer: Writer<'a>,
    spot: Spot,
}

impl Translation<'_> {
    fn text(&mut self, range: Range<usize>) -> Result<(), Wrong> {
        let text = self.source.get(range.clone()).unwrap_or_default();
        self.lexer.text(text)?;
        self.spot = self.spot.after(text);
        self.writer.stands_in_code(self.lexer.is_in_code());
        self.writer.text(range);
        Ok(())
    }

    fn evaluate(&mut self, code: Range<usize>) -> Result<(), Wrong> {
        let (kept, ending) = self.lexer.evaluate(code)?;
        self.writer.evaluate(kept, ending);
        Ok(())
    }

    fn print(&mut self, kind: Kind, code: Range<usize>) -> Result<(), Wrong> {
        self.writer.stands_in_code(self.lexer.is_in_code());
        self.lexer.print(kind, code.clone())?;
        self.writer.print(kind == Kind::Escape, self.spot.is_unquoted(), code);
        self.spot = self.spot.after_print();
        Ok(())
    }
}

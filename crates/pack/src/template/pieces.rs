//! Cuts a template into text and code exactly as lodash's delimiters do, in one pass.
//!
//! At each place the order is `<%- %>`, `<%= %>`, `${ }`, `<% %>`; each takes at least one character of code (`${}`
//! none) and ends at the first `%>` after it. So `<%=%>` is the code `=`, and `<%%>` opens a piece that ends later.

use std::ops::Range;

use super::wrong::{What, Wrong};

/// What happens with a piece of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `<%- %>`: escaped.
    Escape,
    /// `<%= %>` and `${ }`: printed.
    Print,
    /// `<% %>`: run.
    Evaluate,
}

/// A piece of the template, as a range of its bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is.
    Text(Range<usize>),
    /// Between delimiters.
    Code(Kind, Range<usize>),
}

/// Code that was found: where its delimiters begin and end, too.
struct Found {
    kind: Kind,
    code: Range<usize>,
    outer: Range<usize>,
}

pub(super) struct Pieces<'a> {
    source: &'a str,
    /// Up to here everything is told.
    told: usize,
    /// A `${` before this is known not to close: keeps the search linear.
    hopeless: usize,
    /// Code that waits for the text before it to be told.
    next: Option<Found>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, told: 0, hopeless: 0, next: None }
    }

    fn find(&self, what: &[u8; 2], from: usize) -> Option<usize> {
        let rest = self.source.as_bytes().get(from..)?;
        rest.windows(2).position(|window| window == what).map(|at| from + at)
    }

    /// The next code from `from` on.
    fn code(&mut self, mut from: usize) -> Result<Option<Found>, Wrong> {
        while let Some((at, byte)) = self.opening(from) {
            let found = if byte == b'<' { self.tag(at)? } else { self.brace(at) };
            if found.is_some() {
                return Ok(found);
            }
            from = at + 1;
        }
        Ok(None)
    }

    fn opening(&self, from: usize) -> Option<(usize, u8)> {
        let rest = self.source.as_bytes().get(from..)?;
        let mut pairs = rest.iter().zip(rest.get(1..)?).enumerate();
        pairs.find_map(|(at, pair)| match pair {
            (b'<', b'%') => Some((from + at, b'<')),
            (b'$', b'{') => Some((from + at, b'$')),
            _ => None,
        })
    }

    fn tag(&self, at: usize) -> Result<Option<Found>, Wrong> {
        let kind = match self.source.as_bytes().get(at + 2) {
            Some(b'-') => Some(Kind::Escape),
            Some(b'=') => Some(Kind::Print),
            _ => None,
        };
        if let Some(kind) = kind
            && let Some(end) = self.find(b"%>", at + 4)
        {
            return Ok(Some(Found { kind, code: at + 3..end, outer: at..end + 2 }));
        }
        match self.find(b"%>", at + 3) {
            Some(end) => Ok(Some(Found { kind: Kind::Evaluate, code: at + 2..end, outer: at..end + 2 })),
            // lodash takes this one as text, and somebody may have meant it.
            None if self.source.get(at..at + 4) == Some("<%%>") => Ok(None),
            None => Err(Wrong { at, what: What::UnclosedTag }),
        }
    }

    /// `${` up to the first `}` that no backslash precedes.
    fn brace(&mut self, at: usize) -> Option<Found> {
        if at < self.hopeless {
            return None;
        }
        let start = at + 2;
        let mut characters = self.source.get(start..)?.char_indices();
        while let Some((offset, character)) = characters.next() {
            let escaped = if character == '\\' { characters.next() } else { None };
            if matches!(escaped, Some((_, '\n' | '\r' | '\u{2028}' | '\u{2029}'))) {
                self.hopeless = start + offset;
                return None;
            }
            if character == '}' {
                let end = start + offset;
                return Some(Found { kind: Kind::Print, code: start..end, outer: at..end + 1 });
            }
        }
        self.hopeless = self.source.len();
        None
    }

    /// What comes next; nothing, if it prints nothing.
    fn step(&mut self) -> Result<Option<Piece>, Wrong> {
        let from = self.told;
        let found = match self.next.take() {
            Some(found) => Some(found),
            None => self.code(from)?,
        };
        let text = from..found.as_ref().map_or(self.source.len(), |found| found.outer.start);
        if !text.is_empty() {
            self.told = text.end;
            self.next = found;
            return Ok(Some(Piece::Text(text)));
        }
        let Some(found) = found else { return Ok(None) };
        self.told = found.outer.end;
        // `${}` prints nothing.
        Ok((!found.code.is_empty()).then_some(Piece::Code(found.kind, found.code)))
    }
}

impl Iterator for Pieces<'_> {
    type Item = Result<Piece, Wrong>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.told < self.source.len() {
            match self.step() {
                Ok(None) => {}
                Ok(Some(piece)) => return Some(Ok(piece)),
                Err(wrong) => {
                    self.told = self.source.len();
                    return Some(Err(wrong));
                }
            }
        }
        None
    }
}

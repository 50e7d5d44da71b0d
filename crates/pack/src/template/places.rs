//! From a place of the script back to the template, and from an offset to a place.

use std::ops::Range;

use crate::flaw::Place;

/// Where something of the template begins in the script.
#[derive(Clone, Debug)]
pub(super) struct Point {
    /// Line and column in the script as an engine counts, both from 0, the column in UTF-16 code units.
    pub(super) generated: (u32, u32),
    /// The part of the template.
    pub(super) source: Range<usize>,
    /// Whether it is in the script letter by letter: code is, text is not.
    pub(super) verbatim: bool,
}

/// All of them, in the script's order.
#[derive(Clone, Debug, Default)]
pub(super) struct Points(pub(super) Vec<Point>);

impl Points {
    /// The template's offset for a place of the script.
    pub(super) fn offset(&self, source: &str, generated: Place) -> usize {
        let target = (generated.line.saturating_sub(1), generated.column.saturating_sub(1));
        let after = self.0.partition_point(|point| point.generated <= target);
        let Some(point) = after.checked_sub(1).and_then(|at| self.0.get(at)) else { return 0 };
        let part = source.get(point.source.clone()).unwrap_or_default();
        let within = if point.verbatim {
            walk(part, point.generated, target)
        } else {
            line(part, target.0.saturating_sub(point.generated.0))
        };
        point.source.start + within
    }
}

/// How far into `code`, which begins at `from`, the place `target` is.
fn walk(code: &str, from: (u32, u32), target: (u32, u32)) -> usize {
    let (mut at, mut previous) = (from, '\0');
    for (offset, character) in code.char_indices() {
        if at >= target {
            return offset;
        }
        at = after(at, previous, character);
        if at.0 > target.0 {
            return offset;
        }
        previous = character;
    }
    code.len()
}

/// Where an engine is after a character: a `\r\n` ends one line.
pub(super) fn after((line, column): (u32, u32), previous: char, character: char) -> (u32, u32) {
    match character {
        '\n' if previous == '\r' => (line, 0),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => (line + 1, 0),
        other => (line, column + if u32::from(other) > 0xFFFF { 2 } else { 1 }),
    }
}

/// Where the line `number`, counted from 0, begins; the last one if there are not as many.
fn line(text: &str, number: u32) -> usize {
    starts(text).take(usize::try_from(number).unwrap_or(usize::MAX)).last().unwrap_or(0)
}

/// Where each line but the first begins.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().filter_map(move |(at, byte)| match byte {
        b'\n' => Some(at + 1),
        b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(at + 1),
        _ => None,
    })
}

/// The place of an offset of the template. Lines end with `\n`, `\r\n` or `\r`, as editors have it.
pub(super) fn of(source: &str, offset: usize) -> Place {
    let before = source.get(..offset).unwrap_or(source);
    let (lines, start) = starts(before).fold((0_u32, 0), |(lines, _), start| (lines + 1, start));
    let column = before.get(start..).unwrap_or_default().chars().count();
    Place { line: lines + 1, column: u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1) }
}

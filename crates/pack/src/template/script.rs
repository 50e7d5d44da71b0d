//! Writes the script: what lodash would hand to `Function`, on as many lines as the template has.
//!
//! Texts become string literals in which a line of the template ends with a line of the script. The statements are
//! lodash's own (one `+=` for each run of texts and printed values between two pieces of code, none for an empty one),
//! for templates can lean on them: a branch without braces takes one of them, `print` inside `<%= %>` is lost.

use std::ops::Range;
use std::sync::LazyLock;

use super::places::{self, Point, Points};
use super::state::Ending;

/// Everything before the template's own. The names are ours alone; if the settings have one of them, it is kept from
/// them. The frame itself is lodash's: `obj`, `_` and `print` are there unless the settings have their own.
static HEAD: LazyLock<String> = LazyLock::new(|| one_line(include_str!("head.js")));
const PRINT: &str = "function print(){__deskbell_p+=[].join.call(arguments,'')}";
const BODY: &str = "with(__deskbell.scope(obj)){";
const END: &str = "}return __deskbell_p}})";
static TOOLS: LazyLock<String> = LazyLock::new(|| one_line(include_str!("tools.js")));

/// Engines go through a sum from the inside: WebKit's runs out of stack at some 30 000 texts and values. Parentheses
/// around so many of them keep it flat, and change nothing: all are texts.
const GROUP: u32 = 1_000;

fn one_line(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    lines.fold(String::new(), |joined, line| joined + line)
}

pub(super) struct Writer<'a> {
    source: &'a str,
    script: String,
    points: Vec<Point>,
    /// Where an engine is, from 0, in UTF-16 code units.
    at: (u32, u32),
    /// Whether the last statement is still being added to.
    open: bool,
    /// How many texts and values the sum has since its last parenthesis, and whether there is one.
    terms: u32,
    grouped: bool,
    /// Whether the next one stands in code, and not in a comment that people left open.
    in_code: bool,
    /// Whether there is code; only then lodash has `print`.
    evaluates: bool,
    /// Whether a `;` or a new line is still due after code.
    undecided: bool,
    /// Lines the script is ahead of the template: made good at the next line of text.
    ahead: u32,
}

impl<'a> Writer<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let script = String::with_capacity(source.len() + source.len() / 8 + 4096);
        Self {
            source,
            script,
            points: Vec::new(),
            at: (0, 0),
            open: false,
            terms: 0,
            grouped: false,
            in_code: true,
            evaluates: false,
            undecided: false,
            ahead: 0,
        }
    }

    /// The script and the way back.
    pub(super) fn finish(mut self) -> (String, Points) {
        self.end_statement();
        let print = if self.evaluates { PRINT } else { "" };
        let head = [&HEAD, print, BODY].concat();
        let columns = u32::try_from(head.len()).unwrap_or(u32::MAX);
        for point in self.points.iter_mut().take_while(|point| point.generated.0 == 0) {
            point.generated.1 = point.generated.1.saturating_add(columns);
        }
        ([&head, &self.script, END, &TOOLS].concat(), Points(self.points))
    }

    /// Whether what comes next stands in code, and not in a comment that people left open.
    pub(super) fn stands_in_code(&mut self, in_code: bool) {
        self.in_code = in_code;
    }

    /// Text, as it is.
    pub(super) fn text(&mut self, range: Range<usize>) {
        self.begin_value();
        self.glue("'");
        self.point(range.clone(), false);
        self.literal(range);
        self.glue("'");
    }

    /// A value: escaped whatever the page says of it, or only if it is not trusted.
    pub(super) fn print(&mut self, always: bool, unquoted: bool, code: Range<usize>) {
        self.begin_value();
        // lodash hands `<%- a, b %>` on as two arguments, but prints the last of `<%= a, b %>`.
        let (open, close) = match (always, unquoted) {
            (true, false) => ("__deskbell_e(", ")"),
            (true, true) => ("__deskbell_ue(", ")"),
            (false, false) => ("__deskbell_i((", "))"),
            (false, true) => ("__deskbell_ui((", "))"),
        };
        self.glue(open);
        self.code(code);
        self.glue(close);
    }

    /// Code, and how to go on after it.
    pub(super) fn evaluate(&mut self, code: Range<usize>, ending: Ending) {
        self.end_statement();
        if std::mem::take(&mut self.undecided) {
            self.break_line();
        }
        self.evaluates = true;
        self.code(code);
        match ending {
            Ending::Semicolon => self.glue(";"),
            Ending::Space => self.glue(" "),
            Ending::Either => self.undecided = true,
            Ending::Line => self.break_line(),
            Ending::Both => {
                self.glue(";");
                self.break_line();
            }
        }
    }

    /// A new line that the template does not have.
    fn break_line(&mut self) {
        // After a `\r` it would be no line of its own.
        self.script.push_str(if self.script.ends_with('\r') { " \n" } else { "\n" });
        self.at = (self.at.0.saturating_add(1), 0);
        self.ahead = self.ahead.saturating_add(1);
    }

    fn begin_value(&mut self) {
        if std::mem::take(&mut self.undecided) {
            self.glue(";");
        }
        let full = self.terms >= GROUP && self.in_code;
        self.glue(match (self.open, full, self.grouped) {
            (false, ..) => "__deskbell_p+=",
            (_, true, true) => ")+(",
            (_, true, false) => "+(",
            (_, false, _) => "+",
        });
        self.grouped |= full;
        self.terms = if full { 1 } else { self.terms.saturating_add(1) };
        self.open = true;
    }

    fn end_statement(&mut self) {
        if std::mem::take(&mut self.grouped) {
            self.glue(")");
        }
        if std::mem::take(&mut self.open) {
            self.glue(";");
        }
        self.terms = 0;
    }

    /// Something of ours: ASCII, on one line.
    fn glue(&mut self, text: &str) {
        self.script.push_str(text);
        self.at.1 = self.at.1.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX));
    }

    fn point(&mut self, source: Range<usize>, verbatim: bool) {
        self.points.push(Point { generated: self.at, source, verbatim });
    }

    fn code(&mut self, range: Range<usize>) {
        self.point(range.clone(), true);
        let code = self.source.get(range).unwrap_or_default();
        self.script.push_str(code);
        let mut previous = '\0';
        for character in code.chars() {
            self.at = places::after(self.at, previous, character);
            self.ahead += u32::from(matches!(character, '\u{2028}' | '\u{2029}'));
            previous = character;
        }
    }

    fn literal(&mut self, range: Range<usize>) {
        let text = self.source.get(range).unwrap_or_default();
        let mut characters = text.char_indices().peekable();
        let mut plain = 0;
        while let Some((at, character)) = characters.next() {
            let escape = match character {
                '\'' => "\\'",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\u{2028}' => "\\u2028",
                '\u{2029}' => "\\u2029",
                // `</script>` stays harmless wherever the script is put.
                '/' if text.get(..at).is_some_and(|before| before.ends_with('<')) => "\\/",
                other => {
                    self.at = places::after(self.at, '\0', other);
                    continue;
                }
            };
            self.script.push_str(text.get(plain..at).unwrap_or_default());
            self.glue(escape);
            plain = at + character.len_utf8();
            let next = characters.peek().map(|&(_, next)| next);
            if character == '\n' || character == '\r' && next != Some('\n') {
                self.end_line();
            }
        }
        self.script.push_str(text.get(plain..).unwrap_or_default());
    }

    /// The script's line ends where the template's does, inside the literal.
    fn end_line(&mut self) {
        if let Some(less) = self.ahead.checked_sub(1) {
            self.ahead = less;
        } else {
            self.script.push_str("\\\n");
            self.at = (self.at.0 + 1, 0);
        }
    }
}

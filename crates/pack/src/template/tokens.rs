//! One token after the other.

use super::brackets::Inside;
use super::lexer::Lexer;
use super::state::Prev;
use super::wrong::Wrong;

impl Lexer<'_> {
    pub(super) fn token(&mut self) -> Result<(), Wrong> {
        if self.space() {
            return Ok(());
        }
        let rest = self.rest();
        if rest.starts_with("//") || rest.starts_with("/*") {
            return self.slash();
        }
        if rest.starts_with("<!--") || self.line_start && rest.starts_with("-->") {
            self.line_comment();
            return Ok(());
        }
        self.told = true;
        let result = self.counted();
        self.line_start = false;
        result
    }

    /// A token that counts.
    fn counted(&mut self) -> Result<(), Wrong> {
        match self.peek(0).unwrap_or_default() {
            quote @ (b'"' | b'\'') => return self.string(quote),
            b'`' => self.open_backticks(),
            b'/' => return self.slash(),
            b'(' => self.open_round(),
            b'[' => self.open_square(),
            b'{' => self.open_curly(),
            bracket @ (b')' | b']' | b'}') => return self.close(bracket),
            b';' => return self.semicolon(),
            b'0'..=b'9' => self.number(),
            b'.' => self.dot(),
            b'?' => self.question(),
            b':' => self.colon(),
            b'=' if self.peek(1) == Some(b'>') => {
                self.at += 2;
                self.prev = Prev::Arrow;
            }
            sign @ (b'+' | b'-') if self.peek(1) == Some(sign) => self.twice(),
            byte if is_name(byte) => self.word(),
            _ => self.operator(1),
        }
        Ok(())
    }

    pub(super) fn operator(&mut self, length: usize) {
        self.at += length;
        self.prev = Prev::Operator;
    }

    /// `++` or `--`: before a value unless one ended on this line.
    fn twice(&mut self) {
        let after = if self.prev.divides() && !self.line_start { Prev::Operand } else { Prev::Operator };
        self.operator(2);
        self.prev = after;
    }

    fn dot(&mut self) {
        if self.rest().starts_with("...") {
            self.operator(3);
        } else if self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) {
            self.number();
        } else {
            self.at += 1;
            self.prev = Prev::Dot;
        }
    }

    fn question(&mut self) {
        match (self.peek(1), self.peek(2)) {
            (Some(b'?'), _) => self.operator(2),
            (Some(b'.'), after) if !after.is_some_and(|byte| byte.is_ascii_digit()) => {
                self.at += 2;
                self.prev = Prev::Dot;
            }
            _ => {
                self.operator(1);
                if let Some(level) = self.level() {
                    level.questions = level.questions.saturating_add(1);
                }
            }
        }
    }

    fn colon(&mut self) {
        self.operator(1);
        let Some(level) = self.level() else { return };
        level.body = None;
        if let Some(less) = level.questions.checked_sub(1) {
            level.questions = less;
        } else if level.inside.has_labels() {
            self.prev = Prev::Start;
        }
    }

    /// More than a number can be, for what follows one directly is wrong anyhow.
    fn number(&mut self) {
        let mut before = 0;
        let hexadecimal = matches!(self.peek(1), Some(b'x' | b'X'));
        while let Some(byte) = self.peek(0) {
            let signed = matches!(byte, b'+' | b'-') && matches!(before, b'e' | b'E') && !hexadecimal;
            if !(signed || byte == b'.' || is_name(byte)) || byte >= 0x80 {
                break;
            }
            before = byte;
            self.at += 1;
        }
        self.prev = Prev::Operand;
    }

    /// White space, if there is some.
    fn space(&mut self) -> bool {
        let Some(character) = self.rest().chars().next() else { return false };
        let breaks = matches!(character, '\n' | '\r' | '\u{2028}' | '\u{2029}');
        if breaks {
            self.end_line();
        }
        let space = breaks || character.is_whitespace() || character == '\u{FEFF}';
        if space {
            self.at += character.len_utf8();
        }
        space
    }

    /// A new line ends a `return` and its like.
    pub(super) fn end_line(&mut self) {
        self.line_start = true;
        self.broken = true;
        if matches!(self.prev, Prev::Return | Prev::Jump) {
            self.prev = Prev::Start;
        }
    }

    /// Skips a name.
    pub(super) fn name(&mut self) {
        while let Some(byte) = self.peek(0) {
            if byte == b'\\' && self.peek(1) == Some(b'u') && self.peek(2) == Some(b'{') {
                let length = self.rest().find('}').unwrap_or(self.rest().len());
                self.at += length + 1;
            } else if byte >= 0x80 {
                let character = self.rest().chars().next().unwrap_or_default();
                if character.is_whitespace() || character == '\u{FEFF}' {
                    break;
                }
                self.at += character.len_utf8();
            } else if is_name(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Whether `of` stands where a loop has it.
    pub(super) fn is_of_a_loop(&self) -> bool {
        self.inside() == Inside::Loop && self.prev == Prev::Operand
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'\\') || byte >= 0x80
}

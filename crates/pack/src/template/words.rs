//! What a word tells about the token after it.

use super::lexer::Lexer;
use super::state::Prev;

impl Lexer<'_> {
    pub(super) fn word(&mut self) {
        let began = self.at;
        self.name();
        let word = self.source.get(began..self.at).unwrap_or_default();
        self.prev = if self.prev == Prev::Dot { Prev::Operand } else { self.after_word(word) };
    }

    fn after_word(&mut self, word: &str) -> Prev {
        match word {
            "if" | "while" | "with" => Prev::Condition,
            "for" => Prev::For,
            "await" if self.prev == Prev::For => Prev::For,
            "await" | "yield" => Prev::Doubt,
            "return" => Prev::Return,
            "of" if self.is_of_a_loop() => Prev::Operator,
            "typeof" | "instanceof" | "in" | "new" | "delete" | "void" | "throw" | "case" | "extends" => {
                Prev::Operator
            }
            "else" | "do" | "try" | "finally" => Prev::Start,
            "break" | "continue" | "debugger" => Prev::Jump,
            "function" | "class" => {
                let declared = matches!(self.prev, Prev::Start | Prev::Async);
                if let Some(level) = self.level() {
                    level.body = Some(declared);
                }
                Prev::Operand
            }
            "async" if self.prev == Prev::Start => Prev::Async,
            _ => Prev::Operand,
        }
    }
}

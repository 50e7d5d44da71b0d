//! The little of JSON that a brand's file needs: it is read whole, and a mistake in it is told with its line.
//!
//! Its own reader, because this program links nothing; numbers are whole, for a brand has no others.

use std::collections::BTreeMap;

/// Objects and lists in each other are no deeper.
const DEPTH: usize = 16;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Flag(bool),
    Number(i64),
    Text(String),
    List(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

/// Reads a whole text; an error is a sentence with the line.
pub(crate) fn read(text: &str) -> Result<Json, String> {
    let mut reader = Reader { rest: text.chars().collect(), at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at == reader.rest.len() {
        Ok(value)
    } else {
        Err(reader.wrong("something stands behind the end"))
    }
}

/// A text as JSON writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "\""
}

struct Reader {
    rest: Vec<char>,
    at: usize,
}

impl Reader {
    fn wrong(&self, why: &str) -> String {
        let line = self.rest.iter().take(self.at).filter(|c| **c == '\n').count() + 1;
        format!("line {line}: {why}")
    }

    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|c| matches!(c, ' ' | '\n' | '\r' | '\t')) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: char) -> Result<(), String> {
        self.space();
        if self.peek() == Some(wanted) {
            self.at += 1;
            return Ok(());
        }
        Err(self.wrong(&format!("`{wanted}` is missing")))
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEPTH {
            return Err(self.wrong("too deep"));
        }
        self.space();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.list(depth),
            Some('"') => self.text().map(Json::Text),
            Some(c) if c == '-' || c.is_ascii_digit() => self.number(),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, String> {
        let mut fields = BTreeMap::new();
        self.take('{')?;
        self.space();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(Json::Object(fields));
        }
        loop {
            self.space();
            let name = self.text()?;
            self.take(':')?;
            let value = self.value(depth + 1)?;
            if fields.insert(name.clone(), value).is_some() {
                return Err(self.wrong(&format!("`{name}` stands there twice")));
            }
            if !self.goes_on('}')? {
                return Ok(Json::Object(fields));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, String> {
        let mut values = Vec::new();
        self.take('[')?;
        self.space();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(Json::List(values));
        }
        loop {
            values.push(self.value(depth + 1)?);
            if !self.goes_on(']')? {
                return Ok(Json::List(values));
            }
        }
    }

    /// A comma goes on, the closing bracket ends.
    fn goes_on(&mut self, end: char) -> Result<bool, String> {
        self.space();
        let goes_on = self.peek() == Some(',');
        if goes_on {
            self.at += 1;
        } else {
            self.take(end)?;
        }
        Ok(goes_on)
    }

    fn text(&mut self) -> Result<String, String> {
        self.take('"')?;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                c if u32::from(c) < 0x20 => break,
                c => text.push(c),
            }
        }
        Err(self.wrong("a text does not end on its line"))
    }

    fn escape(&mut self) -> Result<char, String> {
        let c = self.peek();
        self.at += 1;
        match c {
            Some(c @ ('"' | '\\' | '/')) => Ok(c),
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('u') => self.code(),
            _ => Err(self.wrong("an escape that means nothing here")),
        }
    }

    /// Characters beyond 16 bits are written as they are, not in halves.
    fn code(&mut self) -> Result<char, String> {
        let digits: String = self.rest.iter().skip(self.at).take(4).collect();
        self.at += 4;
        let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
        code.ok_or_else(|| self.wrong("an escape that is no character"))
    }

    fn number(&mut self) -> Result<Json, String> {
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')) {
            self.at += 1;
        }
        let text: String = self.rest.iter().skip(from).take(self.at - from).collect();
        text.parse().map(Json::Number).map_err(|_| self.wrong(&format!("`{text}` is no whole number")))
    }

    fn word(&mut self) -> Result<Json, String> {
        for (word, value) in [("null", Json::Null), ("true", Json::Flag(true)), ("false", Json::Flag(false))]
        {
            if self.rest.iter().skip(self.at).take(word.len()).copied().eq(word.chars()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.wrong("a value is missing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_whole() {
        let json = read(
            " {\"a\": [1, -2, true, null], \"b\": {\"c\": \"\\u0416 \\\"x\\\"\"}, \"d\": {}, \"e\": []}\n",
        );
        let Ok(Json::Object(fields)) = json else { panic!("{json:?}") };
        assert_eq!(
            fields["a"],
            Json::List(vec![Json::Number(1), Json::Number(-2), Json::Flag(true), Json::Null])
        );
        let inner = BTreeMap::from([("c".to_owned(), Json::Text("Ж \"x\"".to_owned()))]);
        assert_eq!(fields["b"], Json::Object(inner));
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        for (text, line, why) in [
            ("{\n\"a\": 1,\n}", 3, "`\"` is missing"),
            ("{\"a\": 1}\nx", 2, "something stands behind the end"),
            ("{\"a\": 1, \"a\": 2}", 1, "`a` stands there twice"),
            ("{\"a\": \"b\n\"}", 2, "a text does not end on its line"),
            ("{\"a\": 1.5}", 1, "`1.5` is no whole number"),
            ("", 1, "a value is missing"),
        ] {
            assert_eq!(read(text), Err(format!("line {line}: {why}")), "{text:?}");
        }
        assert!(read(&"[".repeat(100_000)).unwrap_err().contains("too deep"));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = "a \"b\" \\ \n \u{1} Ж";
        assert_eq!(read(&quoted(text)), Ok(Json::Text(text.to_owned())));
    }
}

//! JSON that knows where it stands.
//!
//! What must always hold: whatever is wrong with a file of JSON is said with the line and column of the very value.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::flaw::{Flaw, FlawKind, Place};
use crate::text::{SAYING_BYTES, is_continuation, number, place_of, quoted};

/// A file of JSON.
#[derive(Clone, Copy)]
pub(crate) struct Json<'a> {
    file: &'a str,
    text: &'a str,
}

/// A value in it.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    json: Json<'a>,
    raw: &'a str,
}

impl<'a> Json<'a> {
    /// A file's text, checked: every part of it is valid from here on.
    pub(crate) fn read(file: &'a str, text: &'a str) -> Result<(Part<'a>, Value), Flaw> {
        if text.len() as u64 > SAYING_BYTES {
            return Err(Flaw { file: file.to_owned(), place: None, kind: FlawKind::TooLarge(SAYING_BYTES) });
        }
        let json = Self { file, text };
        let value = serde_json::from_str(text).map_err(|err| json.invalid(&err))?;
        Ok((Part { json, raw: text.trim_ascii() }, value))
    }

    fn invalid(&self, err: &serde_json::Error) -> Flaw {
        let sentence = err.to_string();
        let what = sentence.rsplit_once(" at line ").map_or(sentence.as_str(), |(what, _)| what);
        let what = self.plainly(err).unwrap_or(what);
        let line = self.text.split('\n').nth(err.line().saturating_sub(1)).unwrap_or_default();
        // The parser counts bytes; the last one that it took is where it stopped.
        let before = line.bytes().take(err.column().saturating_sub(1));
        let column = 1 + before.filter(|byte| !is_continuation(*byte)).count();
        let place = Place { line: number(err.line().max(1)), column: number(column) };
        self.flaw(place, format!("It is not valid JSON: {what}."))
    }

    /// What people write into JSON because scripts take it; the parser's own word is what it had expected instead.
    fn plainly(&self, err: &serde_json::Error) -> Option<&'static str> {
        if self.text.trim_ascii().is_empty() {
            return Some("the file is empty");
        }
        let before: usize =
            self.text.split('\n').take(err.line().saturating_sub(1)).map(|line| line.len() + 1).sum();
        let stopped = self.text.as_bytes().get(before + err.column().saturating_sub(1)..)?;
        match stopped {
            [b'/', b'/' | b'*', ..] => Some("comments cannot stand in it"),
            [b'\'', ..] => Some("texts and names stand between double quotes"),
            _ => None,
        }
    }

    fn flaw(&self, place: Place, what: String) -> Flaw {
        Flaw { file: self.file.to_owned(), place: Some(place), kind: FlawKind::Json(what) }
    }
}

impl<'a> Part<'a> {
    /// Where it begins in the file's text, in bytes.
    pub(crate) fn at(&self) -> usize {
        // Both are slices of one text, without which this would be 0: the beginning of the file.
        self.raw.as_ptr().addr().saturating_sub(self.json.text.as_ptr().addr())
    }

    /// What is wrong with it.
    pub(crate) fn wrong(&self, what: String) -> Flaw {
        self.json.flaw(place_of(self.json.text, self.at()), what)
    }

    /// It, where it should have been something else.
    pub(crate) fn unlike(&self, name: &str, wanted: &str) -> Flaw {
        self.wrong(format!("{} should be {wanted}, but it is {}.", quoted(name), self.kind()))
    }

    /// Whether it is `null`.
    pub(crate) fn is_null(&self) -> bool {
        self.raw == "null"
    }

    /// Whether it is `null`, or `false`: there are programs that write one for the other.
    pub(crate) fn is_nothing(&self) -> bool {
        self.is_null() || self.raw == "false"
    }

    /// What kind of value, for a sentence.
    pub(crate) fn kind(&self) -> &'static str {
        match self.raw.bytes().next() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a text",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    /// Its entries in the order of the file, if it is an object: name, the name's own place, value.
    pub(crate) fn entries(&self) -> Option<Vec<(String, Part<'a>, Part<'a>)>> {
        let Entries(entries) = serde_json::from_str(self.raw).ok()?;
        let entry = |(name, value): (&'a RawValue, &'a RawValue)| {
            let (name, value) = (self.inner(name), self.inner(value));
            Some((name.text()?, name, value))
        };
        entries.into_iter().map(entry).collect()
    }

    /// Its items, if it is a list.
    pub(crate) fn items(&self) -> Option<Vec<Part<'a>>> {
        let items: Vec<&'a RawValue> = serde_json::from_str(self.raw).ok()?;
        Some(items.into_iter().map(|item| self.inner(item)).collect())
    }

    /// Its characters, if it is a text.
    pub(crate) fn text(&self) -> Option<String> {
        serde_json::from_str(self.raw).ok()
    }

    fn inner(&self, raw: &'a RawValue) -> Part<'a> {
        Part { json: self.json, raw: raw.get() }
    }
}

/// An object as it stands in the file, with the names that are there twice.
struct Entries<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

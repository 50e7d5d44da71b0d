//! What an export says by itself (`ui/locales/*/export.json`).

use std::collections::HashMap;

use deskbell_wire::file::size_words;

use super::beside::Put;
use super::line::{Line, Named};
use crate::dto::{Detail, Locale, MessageKind, RequestBody, Sender};

const EN: &str = include_str!("../../../../ui/locales/en/export.json");
const RU: &str = include_str!("../../../../ui/locales/ru/export.json");

/// The texts of a language.
pub(super) struct Words {
    texts: HashMap<String, String>,
    locale: Locale,
}

impl Words {
    pub(super) fn of(locale: Locale) -> Self {
        let catalogue = match locale {
            Locale::En => EN,
            Locale::Ru => RU,
        };
        // It is a part of the program, and a test reads it.
        Self { texts: serde_json::from_str(catalogue).unwrap_or_default(), locale }
    }

    pub(super) fn language(&self) -> &'static str {
        match self.locale {
            Locale::En => "en",
            Locale::Ru => "ru",
        }
    }

    /// The text of a key; the key where there is none, which a test rules out.
    pub(super) fn say(&self, key: &str) -> String {
        self.texts.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// A day in words.
    pub(super) fn day(&self, (year, month, day): (i16, u8, u8)) -> String {
        let months = self.say("months");
        let month = months.split(' ').nth(usize::from(month.max(1) - 1)).unwrap_or_default();
        let said = self.say("day").replace("{day}", &day.to_string()).replace("{month}", month);
        said.replace("{year}", &year.to_string())
    }

    /// What a side without a name is called.
    pub(super) fn side(&self, side: Sender, reader: Sender) -> String {
        match side {
            side if side == reader => self.say("you"),
            Sender::Visitor => self.say("visitor"),
            Sender::Operator => self.say("operator"),
            Sender::System => self.say("desk"),
        }
    }

    /// A line in words; `None`: the reader has no use for it.
    pub(super) fn line(&self, line: &Line, reader: Sender) -> Option<String> {
        let name = line.name.clone().unwrap_or_else(|| self.say("operator"));
        let say = |key: &str| self.say(key).replace("{name}", &name);
        Some(match line.kind {
            MessageKind::Message => line.text.clone(),
            MessageKind::Opened => self.say("opened"),
            MessageKind::Joined => say("joined"),
            MessageKind::Left => say("left"),
            MessageKind::Closed => self.say(line.reason.as_deref().unwrap_or("closed")),
            MessageKind::Moved => self.moved(line),
            MessageKind::Invited => format!("{} {}", self.say("invited"), line.text),
            MessageKind::Rated => self.rated(line),
            _ if reader == Sender::Visitor => return None,
            MessageKind::InviteEnded => self.say(line.reason.as_deref().unwrap_or("invite_expired")),
            MessageKind::Requested => self.requested(line),
            MessageKind::Card => self.card(line),
            MessageKind::TranscriptAsked => self.say("transcript_asked"),
            MessageKind::Settled => self.say("settled"),
            MessageKind::LeadShown => self.say("lead_shown"),
            MessageKind::Consented => self.say("consented"),
            MessageKind::Banned => self.say("banned"),
            MessageKind::TranscriptEnded | MessageKind::LeadEnded => return None,
        })
    }

    /// A file, by its name and size, and whether it could not be had.
    pub(super) fn file(&self, file: &Named) -> String {
        let size = size_words(file.size, self.locale == Locale::Ru);
        let key = if file.found == Some(Put::Absent) { "file_absent" } else { "file" };
        // The name comes last: it may hold braces of its own.
        self.say(key).replace("{size}", &size).replace("{name}", file.shown())
    }

    fn moved(&self, line: &Line) -> String {
        match &line.detail {
            Some(Detail::Moved { name, .. }) if !name.is_empty() => self.say("moved").replace("{name}", name),
            _ => self.say("moved_everybody"),
        }
    }

    fn rated(&self, line: &Line) -> String {
        match line.detail {
            Some(Detail::Rated { mark: Some(mark) }) => {
                self.say("rated").replace("{mark}", &mark.to_string())
            }
            _ => self.say("unrated"),
        }
    }

    fn card(&self, line: &Line) -> String {
        let Some(Detail::Card { card }) = &line.detail else { return self.say("card") };
        let parts = std::iter::once(&card.name).chain(&card.emails).chain(&card.phones);
        self.list("card", parts.map(String::as_str))
    }

    fn requested(&self, line: &Line) -> String {
        match &line.detail {
            Some(Detail::Requested { body: RequestBody::Offline { name, email, phone, text, .. } }) => {
                self.list("requested", [name, email, phone, text].map(String::as_str).into_iter())
            }
            Some(Detail::Requested { body: RequestBody::Callback { name, phone, .. } }) => {
                self.list("callback", [name, phone].map(String::as_str).into_iter())
            }
            Some(Detail::Requested { body: RequestBody::Lead { fields, .. } }) => {
                self.list("requested", fields.values().map(String::as_str))
            }
            _ => self.say("requested"),
        }
    }

    fn list<'a>(&self, key: &str, parts: impl Iterator<Item = &'a str>) -> String {
        let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { self.say(key) } else { format!("{}: {}", self.say(key), parts.join(", ")) }
    }
}

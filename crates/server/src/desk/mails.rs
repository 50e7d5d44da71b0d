//! Transcripts on their way: what is due goes out to a thread that may wait, what became of it comes back.
//!
//! What must always hold: a mail is in the database until its end is an event; after a crash it is sent again, under
//! the same name. Nobody has the desk write to strangers as often as he likes.

use std::collections::{HashMap, HashSet};

use deskbell_db::DbError;
use deskbell_wire::{EventBody, MailOutcome, Refusal, Side, Timestamp, Told};

use super::ask::refused;
use super::io::{ConnId, MailTicket, Output, Parcel};
use super::pace::Bucket;
use super::person::PersonKey;
use super::plan::Deed;
use super::{Desk, Pace};
use crate::mail::{self, Letter, Line, Locale, MailError, MailSettings, Transcript, Who, retry};
use crate::store::{Mail, StoredEvent};

/// Mails under way at once.
const AT_ONCE: usize = 2;
/// Transcripts of one visitor: five, then one every ten minutes.
const PACE: Pace = Pace::new(5, 600_000);
/// Milliseconds until mails are looked at again when the database could not be read.
const LATER_MS: i64 = 60_000;

/// Mails as the desk knows them without looking.
#[derive(Default)]
pub(super) struct Mails {
    /// When the next one's time comes; a guess that is never too late.
    pub(super) next: Option<Timestamp>,
    under_way: HashSet<i64>,
    paces: HashMap<PersonKey, Bucket>,
}

impl Mails {
    /// What the database holds is looked at first.
    pub(super) fn since(now: Timestamp) -> Self {
        Self { next: Some(now), ..Self::default() }
    }

    pub(super) fn wakes_at(&self) -> Option<Timestamp> {
        self.next.filter(|_| self.under_way.len() < AT_ONCE)
    }

    /// May this visitor have another one?
    pub(super) fn take(&mut self, key: PersonKey, now: Timestamp) -> bool {
        self.paces.retain(|_, bucket| !bucket.is_full(now));
        self.paces.entry(key).or_default().take(PACE, now).is_ok()
    }
}

impl Desk {
    /// Hands out what is due.
    pub(super) fn send_mails(&mut self) {
        if !self.health.can_write() {
            return;
        }
        // What became of a letter is written before it is looked for the next one: none goes out twice.
        self.commit();
        if self.mails.wakes_at().is_none_or(|at| at.0 > self.now.0) {
            return;
        }
        match self.due() {
            Ok(due) => due.into_iter().for_each(|mail| self.hand_out(mail)),
            Err(error) => {
                tracing::warn!(%error, "the mails could not be read");
                self.mails.next = Some(Timestamp(self.now.0 + LATER_MS));
            }
        }
    }

    fn due(&mut self) -> Result<Vec<Mail>, DbError> {
        let most = u32::try_from(AT_ONCE * 2).unwrap_or(u32::MAX);
        let mut due = self.store.due_mails(self.now, most)?;
        due.retain(|mail| !self.mails.under_way.contains(&mail.row));
        due.truncate(AT_ONCE - self.mails.under_way.len().min(AT_ONCE));
        if due.is_empty() {
            self.mails.next = self.store.next_mail()?.filter(|at| at.0 > self.now.0);
        }
        Ok(due)
    }

    fn hand_out(&mut self, mail: Mail) {
        let row = mail.row;
        match self.letter(&mail) {
            Ok(Some((settings, letter))) => {
                self.mails.under_way.insert(row);
                let ticket = MailTicket::Transcript(row);
                self.outputs.push(Output::Mail(Box::new(Parcel { ticket, settings, letter })));
            }
            // The site's mail server was taken out meanwhile, or the address is none after all.
            Ok(None) => self.end_mail(&mail, MailOutcome::Refused),
            Err(error) => {
                tracing::warn!(%error, "a transcript could not be written");
                self.put_off(&mail);
            }
        }
    }

    fn letter(&self, waiting: &Mail) -> Result<Option<(MailSettings, Letter)>, DbError> {
        let site = self.settings_of(waiting.site);
        let (Some(kept), Some(span)) = (&site.mail, self.store.span(waiting.chat)?) else { return Ok(None) };
        let settings = MailSettings::from(kept);
        let lines = self.store.said(waiting.stream_row, &span, mail::LINES)?;
        let locale = Locale::from(waiting.lang);
        let mut told = Vec::with_capacity(lines.len());
        for line in lines {
            told.push(self.line(line, locale)?);
        }
        let record = self.store.visitor(waiting.site, waiting.stream.visitor)?;
        let transcript = Transcript {
            site: site.form.title.clone(),
            locale,
            visitor: record.map(|record| record.about.card.name).unwrap_or_default(),
            opened: span.opened,
            closed: span.closed,
            zone_minutes: waiting.zone_min,
            before: self.store.count_said(waiting.stream_row, &span)?.saturating_sub(told.len()),
            lines: told,
        };
        Ok(self.sealed(&transcript, settings, &waiting.email, waiting.asked.0))
    }

    fn sealed(
        &self,
        transcript: &Transcript,
        settings: MailSettings,
        to: &str,
        id: uuid::Uuid,
    ) -> Option<(MailSettings, Letter)> {
        match transcript.letter(&settings, to, id, self.now) {
            Ok(letter) => Some((settings, letter)),
            Err(error) => {
                tracing::warn!(%error, "a letter cannot be addressed");
                None
            }
        }
    }

    fn line(&self, event: StoredEvent, locale: Locale) -> Result<Line, DbError> {
        let who = match event.side {
            Some(Side::Visitor) => Who::Visitor,
            Some(Side::Operator) => Who::Operator { name: self.card(event.operator)?.name },
            None => Who::System,
        };
        let text = match event.body {
            EventBody::Message { text, file } => locale.message(text, file.as_ref()),
            _ => String::new(),
        };
        Ok(Line { at: event.ts, who, text })
    }

    /// A thread came back.
    pub(super) fn mailed(&mut self, ticket: MailTicket, result: Result<(), MailError>) {
        match ticket {
            MailTicket::Test { conn, n } => {
                let told = match result {
                    Ok(()) => Told::Done {},
                    Err(error) => Told::Refused { code: Refusal::Mail, detail: Some(error.to_string()) },
                };
                self.told(conn, n, told);
            }
            MailTicket::Transcript(row) => {
                self.mails.under_way.remove(&row);
                self.mails.next = Some(self.now);
                match self.store.mail(row) {
                    Ok(Some(mail)) => self.came_back(&mail, result),
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, "a mail could not be read again"),
                }
            }
        }
    }

    fn came_back(&mut self, mail: &Mail, result: Result<(), MailError>) {
        match result {
            Ok(()) => self.end_mail(mail, MailOutcome::Sent),
            Err(error) => {
                tracing::warn!(code = error.code(), tries = mail.tries + 1, "a mail was not taken");
                if error.may_pass() {
                    self.put_off(mail);
                } else {
                    self.end_mail(mail, MailOutcome::Refused);
                }
            }
        }
    }

    /// Tried again later; the first time the visitor is told.
    fn put_off(&mut self, mail: &Mail) {
        let tries = mail.tries + 1;
        let Some(next) = retry::next(tries, mail.first, self.now) else {
            return self.end_mail(mail, MailOutcome::Refused);
        };
        if let Err(error) = self.alone(|store| store.put_mail_off(mail.row, next, tries)) {
            tracing::warn!(%error, "when to try a mail again could not be kept");
            self.mails.next = Some(Timestamp(self.now.0 + LATER_MS));
            return;
        }
        if mail.tries == 0 {
            self.end_mail(mail, MailOutcome::Delayed);
        }
        self.mails.next = Some(self.mails.next.map_or(next, |known| Timestamp(known.0.min(next.0))));
    }

    /// Says in the log what became of it.
    fn end_mail(&mut self, mail: &Mail, outcome: MailOutcome) {
        let key = PersonKey { site: mail.site, visitor: mail.stream.visitor };
        match self.load(key, &mail.stream) {
            Ok(true) => self.deeds.push((key, Deed::Mailed { asked: mail.asked, outcome })),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a visitor could not be read"),
        }
    }

    /// `test_mail`: answered when the mail server has answered.
    pub(super) fn test_mail(&mut self, conn: ConnId, n: u64, site: i64, to: &str) -> Option<Told> {
        let settings = self.settings_of(site);
        let Some(kept) = &settings.mail else { return Some(refused(Refusal::Unavailable)) };
        let mail = MailSettings::from(kept);
        if let Err(error) = mail.check() {
            return Some(Told::Refused { code: Refusal::Invalid, detail: Some(error.to_string()) });
        }
        let transcript =
            Transcript { site: settings.form.title.clone(), opened: self.now, ..Transcript::default() };
        let id = match self.entropy.id() {
            Ok(id) => id,
            Err(_) => return Some(refused(Refusal::Storage)),
        };
        match transcript.letter(&mail, to, id, self.now) {
            Ok(letter) => {
                let ticket = MailTicket::Test { conn, n };
                self.outputs.push(Output::Mail(Box::new(Parcel { ticket, settings: mail, letter })));
                None
            }
            Err(error) => Some(Told::Refused { code: Refusal::Invalid, detail: Some(error.to_string()) }),
        }
    }
}

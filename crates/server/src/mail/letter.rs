//! A letter as a mail server takes it: headers, and the same conversation as text and as HTML.
//!
//! What must always hold: of what strangers gave, only the address stands in a header besides the site's title, and
//! both only in a form that cannot end the header; every byte is ASCII, so every server can take it.

use std::fmt;
use std::time::{Duration, SystemTime};

use deskbell_wire::Timestamp;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use uuid::Uuid;

use super::error::LetterError;
use super::page::{self, Page};
use super::settings::MailSettings;
use super::transcript::Transcript;
use super::{address, clean, html, plain};

/// The last moment that a header can tell, in milliseconds since 1970.
const LAST_MS: u64 = 253_402_300_799_000;
/// The most characters of the sender's name.
const SENDER_CHARS: usize = 200;

/// A letter, written and addressed.
#[derive(Clone)]
pub struct Letter {
    pub(super) from: Address,
    pub(super) to: Address,
    raw: Vec<u8>,
}

impl Transcript {
    /// Writes the letter to `to`, sent by the sender of `settings`.
    ///
    /// `id` names it: the same one for every try, so that a letter that arrives twice is known to be one. `now` is
    /// its date.
    ///
    /// # Errors
    /// An address that is none.
    pub fn letter(
        &self,
        settings: &MailSettings,
        to: &str,
        id: Uuid,
        now: Timestamp,
    ) -> Result<Letter, LetterError> {
        let to = address::parse(to).ok_or(LetterError::Recipient)?;
        let from = address::parse(&settings.from).ok_or(LetterError::Sender)?;
        let name = clean::header(&settings.from_name, SENDER_CHARS);
        let name = (!name.is_empty()).then_some(name);
        let message = Message::builder()
            .date(date(now))
            .from(Mailbox::new(name, from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .subject(page::subject(self))
            .message_id(Some(format!("<{}@{}>", id.simple(), from.domain())))
            // RFC 3834: nobody's holiday message answers it.
            .raw_header(header(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated"))
            .raw_header(header(HeaderName::new_from_ascii_str("Content-Language"), self.locale.tag()))
            .multipart(self.parts(id))
            // What can be missing is the sender, where the library cannot read back the name that it wrote.
            .map_err(|_| LetterError::Sender)?;
        Ok(Letter { from, to, raw: message.formatted() })
    }

    fn parts(&self, id: Uuid) -> MultiPart {
        let page = Page::of(self);
        let part = |kind, body: String| SinglePart::builder().header(kind).body(body);
        MultiPart::alternative()
            // No line of a part can begin so: what others wrote is indented, or stands inside an element.
            .boundary(format!("=_{}", id.simple()))
            .singlepart(part(ContentType::TEXT_PLAIN, plain::write(&page)))
            .singlepart(part(ContentType::TEXT_HTML, html::write(&page, self.locale)))
    }
}

impl Letter {
    /// The bytes as they go to the server, lines ended by CR LF.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({} bytes)", self.raw.len())
    }
}

fn header(name: HeaderName, value: &str) -> HeaderValue {
    HeaderValue::new(name, value.to_owned())
}

fn date(now: Timestamp) -> SystemTime {
    let ms = u64::try_from(now.0).unwrap_or_default().min(LAST_MS);
    SystemTime::UNIX_EPOCH + Duration::from_millis(ms)
}

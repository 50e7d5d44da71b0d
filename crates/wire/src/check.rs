//! Is an entry within bounds? Asked by the client before it is queued and by the desk before it is taken, so that
//! both say the same.

use crate::body::SendBody;
use crate::contact::{is_email, is_phone};
use crate::limits::{BODY_BYTES, CARD_CONTACTS, FIELD_CHARS, FIELDS, NAME_CHARS, TEXT_CHARS};
use crate::request::Request;

/// What is wrong with an entry. All are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyFlaw {
    /// Nothing but white space.
    #[error("there is nothing to send")]
    Empty,
    /// Over a limit.
    #[error("it is over a limit")]
    TooLarge,
    /// No e-mail address.
    #[error("this is no e-mail address")]
    Email,
    /// No phone number.
    #[error("this is no phone number")]
    Phone,
    /// A mark that is not 1 to 5.
    #[error("a mark is 1 to 5")]
    Mark,
    /// Anything else that makes no sense.
    #[error("it makes no sense")]
    Invalid,
}

impl SendBody {
    /// The first thing that is wrong.
    ///
    /// # Errors
    /// A [`BodyFlaw`].
    pub fn check(&self) -> Result<(), BodyFlaw> {
        match self {
            Self::Message { text, file: Some(_), .. } => {
                test(text.chars().count() <= TEXT_CHARS, BodyFlaw::TooLarge)?;
                test(!text.contains('\0'), BodyFlaw::Invalid)?;
                self.fits(text.len())
            }
            Self::Message { text, .. } | Self::Invite { text } => {
                words(text)?;
                self.fits(text.len())
            }
            Self::Rate { mark } => test(mark.is_none_or(|mark| (1..=5).contains(&mark)), BodyFlaw::Mark),
            Self::Card { name, emails, phones } => card(name.as_deref(), emails, phones),
            Self::Transcript { email, .. } => test(is_email(email), BodyFlaw::Email),
            Self::Request(request) => {
                request.check()?;
                self.fits(BODY_BYTES)
            }
            Self::Start {}
            | Self::Close {}
            | Self::Accept { .. }
            | Self::Reject { .. }
            | Self::CancelLead {}
            | Self::Consent { .. }
            | Self::Withdraw {}
            | Self::Join {}
            | Self::Leave {}
            | Self::Move { .. }
            | Self::Settle { .. }
            | Self::Ban { .. } => Ok(()),
        }
    }

    /// Would the body's JSON stay within its limit? Encoded only where the text alone does not tell.
    fn fits(&self, len: usize) -> Result<(), BodyFlaw> {
        const LONGEST_ESCAPE: usize = 6;
        const AROUND: usize = 64;
        let fits = len * LONGEST_ESCAPE + AROUND <= BODY_BYTES
            || serde_json::to_string(self).is_ok_and(|json| json.len() <= BODY_BYTES);
        test(fits, BodyFlaw::TooLarge)
    }
}

impl Request {
    fn check(&self) -> Result<(), BodyFlaw> {
        match self {
            Self::Offline { name, email, phone, text, .. } => {
                person(name, email, phone)?;
                words(text)
            }
            Self::Callback { name, phone, .. } => {
                person(name, "", phone)?;
                test(!phone.is_empty(), BodyFlaw::Phone)
            }
            Self::Lead { fields, .. } => {
                test(!fields.is_empty(), BodyFlaw::Empty)?;
                let short = |text: &String, most| text.chars().count() <= most && !text.contains('\0');
                let fit =
                    |(name, value): (&String, &String)| short(name, NAME_CHARS) && short(value, FIELD_CHARS);
                test(fields.len() <= FIELDS && fields.iter().all(fit), BodyFlaw::TooLarge)
            }
        }
    }
}

fn card(name: Option<&str>, emails: &[String], phones: &[String]) -> Result<(), BodyFlaw> {
    test(emails.len() <= CARD_CONTACTS && phones.len() <= CARD_CONTACTS, BodyFlaw::TooLarge)?;
    test(emails.iter().all(|email| is_email(email)), BodyFlaw::Email)?;
    test(phones.iter().all(|phone| is_phone(phone)), BodyFlaw::Phone)?;
    named(name.unwrap_or_default())
}

/// Each may be empty.
fn person(name: &str, email: &str, phone: &str) -> Result<(), BodyFlaw> {
    named(name)?;
    test(email.is_empty() || is_email(email), BodyFlaw::Email)?;
    test(phone.is_empty() || is_phone(phone), BodyFlaw::Phone)
}

fn named(name: &str) -> Result<(), BodyFlaw> {
    test(!name.chars().any(char::is_control), BodyFlaw::Invalid)?;
    test(name.chars().count() <= NAME_CHARS, BodyFlaw::TooLarge)
}

fn words(text: &str) -> Result<(), BodyFlaw> {
    test(!text.trim().is_empty(), BodyFlaw::Empty)?;
    test(!text.contains('\0'), BodyFlaw::Invalid)?;
    test(text.chars().count() <= TEXT_CHARS, BodyFlaw::TooLarge)
}

fn test(good: bool, flaw: BodyFlaw) -> Result<(), BodyFlaw> {
    if good { Ok(()) } else { Err(flaw) }
}

//! Why a letter was not written or not taken: a stable code for programs and logs, a sentence for people.
//!
//! What must always hold: the code tells nothing of anybody. The sentence may hold what the server said, and servers
//! repeat addresses: it goes to those who set the server up, and into no log.

use std::fmt;

use super::clean;
use super::settings::BadSettings;

/// The most characters of a server's answer that are kept.
const REPLY_CHARS: usize = 500;

/// What a mail server answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Three digits: 4xx for now, 5xx for good.
    pub code: u16,
    /// Its words, on one line, at most 500 characters. Servers repeat addresses in them.
    pub text: String,
}

/// Why a mail server does not have the letter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// The server said no for now (4xx).
    #[error("The mail server cannot take the letter for now: {reply}.")]
    Temporary {
        /// Its answer.
        reply: Reply,
    },
    /// The server said no for good (5xx).
    #[error("The mail server refuses the letter: {reply}.")]
    Permanent {
        /// Its answer.
        reply: Reply,
    },
    /// There is no server there, it does not answer in time, or the line broke.
    #[error("The mail server cannot be reached: {cause}.")]
    Unreachable {
        /// In the system's words.
        cause: String,
    },
    /// The connection cannot be encrypted as the settings say. Nothing was sent.
    #[error("The connection to the mail server cannot be made secure: {cause}.")]
    Tls {
        /// In the library's words.
        cause: String,
    },
    /// The server refuses the login.
    #[error("The mail server refuses the login{}.", .reply.as_ref().map(|reply| format!(": {reply}")).unwrap_or_default())]
    Auth {
        /// Its answer; `None` where it offers no way to log in that is known here.
        reply: Option<Reply>,
    },
    /// The settings cannot be used. Nothing was sent.
    #[error("The mail settings cannot be used: {0}")]
    Settings(#[from] BadSettings),
}

/// Why a letter cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LetterError {
    /// The address that it would go to is none.
    #[error("this is no address that a letter can be sent to")]
    Recipient,
    /// The sender's address is none.
    #[error("the sender's address is none")]
    Sender,
}

impl MailError {
    /// Stable, for programs. Never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Temporary { .. } => "mail_temporary",
            Self::Permanent { .. } => "mail_permanent",
            Self::Unreachable { .. } => "mail_unreachable",
            Self::Tls { .. } => "mail_tls",
            Self::Auth { .. } => "mail_auth",
            Self::Settings(bad) => bad.code(),
        }
    }

    /// May the same letter be taken later, without anybody doing anything?
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Temporary { .. } | Self::Unreachable { .. })
    }
}

impl LetterError {
    /// Stable, for programs. Never changes its meaning.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Recipient => "mail_to",
            Self::Sender => "mail_from",
        }
    }
}

impl Reply {
    pub(super) fn new(code: u16, text: &str) -> Self {
        Self { code, text: clean::one_line(text, REPLY_CHARS) }
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.text)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reply({})", self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_to_people_on_one_line_and_to_debug_by_its_number() {
        let reply = Reply::new(550, "5.1.1 <ann@example.test>:\r\n  unknown\u{1b}[31m");
        let error = MailError::Permanent { reply };
        assert_eq!(
            error.to_string(),
            "The mail server refuses the letter: 550 5.1.1 <ann@example.test>: unknown[31m."
        );
        assert_eq!(format!("{error:?}"), "Permanent { reply: Reply(550) }");
    }

    #[test]
    fn only_what_may_pass_by_itself_is_tried_again() {
        let reply = Reply::new(450, "later");
        assert!(MailError::Temporary { reply: reply.clone() }.may_pass());
        assert!(MailError::Unreachable { cause: String::new() }.may_pass());
        assert!(!MailError::Permanent { reply: reply.clone() }.may_pass());
        assert!(!MailError::Auth { reply: Some(reply) }.may_pass());
        assert!(!MailError::Tls { cause: String::new() }.may_pass());
        assert!(!MailError::Settings(BadSettings::Host).may_pass());
    }
}

//! Transcripts by e-mail: what a letter says, and how it is handed to a mail server.
//!
//! A room of its own: it knows no database, no queue and no clock. Whoever keeps the queue does, per letter:
//!
//! 1. take an id (a UUID, kept with the row: it names the letter over every try) and check the address with
//!    [`is_address`]; bound how often a visitor may ask, since a letter goes to whatever address a stranger gave;
//! 2. read the chat into a [`Transcript`] and call [`Transcript::letter`], again before each try: nothing of a letter
//!    need be kept but the id, the address, the chat, when it was asked for and how many tries were made;
//! 3. [`send`] it on a thread that may wait (two and a half minutes at most), never on the desk's own;
//! 4. on an error with [`MailError::may_pass`] try again when [`retry::next`] says; on any other, or when it says
//!    `None`, give up and tell the visitor. [`MailError::code`] is for programs and logs; the
//!    sentence is for whoever set the mail server up, since servers repeat addresses in their answers.
//!
//! What must always hold: what a stranger wrote is text in both parts of a letter and in no header; no password and
//! no letter leaves over a connection that is not encrypted as the settings say; `Debug` shows neither words,
//! addresses nor passwords.
//!
//! A letter may arrive twice where a server took it and its answer was lost or came too late: both have the same
//! `Message-ID`.
//! A login is handed to the mail library as plain text for the length of one conversation: that copy is not wiped.

mod address;
mod clean;
mod error;
mod html;
mod letter;
mod moment;
mod page;
mod plain;
pub mod retry;
mod send;
mod settings;
mod transcript;
mod words;

pub use address::is_address;
pub use error::{LetterError, MailError, Reply};
pub use letter::Letter;
pub use page::LINES;
pub use send::{Patience, send, send_within};
pub use settings::{BadSettings, Login, MailSettings, Security};
pub use transcript::{Line, Transcript, Who};
pub use words::Locale;

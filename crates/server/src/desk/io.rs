//! What goes into the desk's machine and what comes out of it.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use deskbell_wire::{ClientFrame, OperatorId, Seq, SiteKey, StreamId};
use zeroize::Zeroizing;

use super::packs::SitePack;
use crate::mail::{Letter, MailError, MailSettings};

/// A frame's JSON, encoded once and shared by all who get it.
pub type Text = axum::extract::ws::Utf8Bytes;

/// A connection, for as long as it lives. Never given out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnId(pub u64);

/// What happened outside.
#[derive(Debug)]
pub enum Input {
    /// A client connected.
    Opened {
        /// Its connection.
        conn: ConnId,
        /// From where.
        address: IpAddr,
    },
    /// A client said something.
    Frame {
        /// Its connection.
        conn: ConnId,
        /// What.
        frame: ClientFrame,
    },
    /// A client sent what is no frame.
    Malformed {
        /// Its connection.
        conn: ConnId,
    },
    /// The answer to [`Output::Verify`].
    Verified {
        /// Whose.
        conn: ConnId,
        /// Did the password fit the hash? `None`: too many are waiting for that answer.
        right: Option<bool>,
    },
    /// The answer to [`Output::Hash`].
    Hashed {
        /// Which.
        ticket: HashTicket,
        /// The PHC text. `None`: too many passwords are waiting for that, or the system refused.
        hash: Option<Zeroizing<String>>,
    },
    /// The answer to [`Output::Mail`].
    Mailed {
        /// Which.
        ticket: MailTicket,
        /// What the mail server said.
        result: Result<(), MailError>,
    },
    /// A site's pack is another one.
    Pack {
        /// Whose; a site that the desk does not know is passed over.
        site: SiteKey,
        /// Verified; `None`: the site has none any more.
        pack: Option<SitePack>,
    },
    /// The connection is gone, whoever ended it.
    Closed {
        /// Which.
        conn: ConnId,
    },
    /// Nothing but time has passed.
    Tick,
    /// The desk stops: everyone is told.
    Stop,
}

/// What has to be done outside, in this order.
pub enum Output {
    /// Send this.
    Frame {
        /// To whom.
        to: ConnId,
        /// The frame.
        text: Text,
        /// What may happen to it when the client reads too slowly.
        class: Class,
    },
    /// The connection belongs to a known person now: the deadline for `hello` is over.
    Authenticated {
        /// Which.
        conn: ConnId,
        /// An operator's, not a visitor's.
        operator: bool,
    },
    /// Compare a password with an argon2id hash, away from the desk's thread, and answer [`Input::Verified`].
    Verify {
        /// For whom.
        conn: ConnId,
        /// What was typed.
        password: Zeroizing<String>,
        /// The PHC text; where there is no such account, one that takes as long and fits nothing.
        hash: Arc<str>,
    },
    /// Hash a password for an account, away from the desk's thread, and answer [`Input::Hashed`].
    Hash {
        /// Whose it is.
        ticket: HashTicket,
        /// The new password.
        password: Zeroizing<String>,
    },
    /// Hand a letter to a mail server, away from the desk's thread, and answer [`Input::Mailed`].
    Mail(Box<Parcel>),
    /// Send what is queued, then close. Nothing else comes for this connection.
    Close {
        /// Which.
        conn: ConnId,
    },
}

/// A letter and who takes it.
pub struct Parcel {
    /// Whose it is.
    pub ticket: MailTicket,
    /// The mail server.
    pub settings: MailSettings,
    /// The letter.
    pub letter: Letter,
}

/// For whom a password is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashTicket {
    /// Who asked.
    pub conn: ConnId,
    /// The question's number.
    pub n: u64,
    /// Whose password it will be.
    pub operator: OperatorId,
}

/// Whose a letter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTicket {
    /// A transcript, by its row.
    Transcript(i64),
    /// An operator wants to see whether mail comes.
    Test {
        /// Who asked.
        conn: ConnId,
        /// The question's number.
        n: u64,
    },
}

/// What may happen to a frame when its client reads too slowly (S7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Class {
    /// Never dropped: acks, nacks, answers, states.
    Answer,
    /// An event: gives way to one `lag` for its stream.
    Event {
        /// Of which stream.
        stream: Arc<StreamId>,
        /// Its place there.
        seq: Seq,
    },
    /// Typing: dropped without a word.
    Passing,
}

/// Hides what people wrote and every secret.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame { to, text, class } => write!(f, "Frame({to}, {} bytes, {class:?})", text.len()),
            Self::Authenticated { conn, operator } => {
                write!(f, "Authenticated({conn}, operator: {operator})")
            }
            Self::Verify { conn, .. } => write!(f, "Verify({conn})"),
            Self::Hash { ticket, .. } => write!(f, "Hash({})", ticket.conn),
            Self::Mail(parcel) => write!(f, "Mail({:?})", parcel.ticket),
            Self::Close { conn } => write!(f, "Close({conn})"),
        }
    }
}

impl fmt::Display for ConnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

//! What a device's person was told, as one line of a journal each: written before the next thing happens, it is what
//! a kill leaves behind.

use std::fmt;
use std::str::FromStr;

use deskbell_wire::{Epoch, Seq, SiteKey, StreamId, Uid, VisitorId};

/// One line of a journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// An entry is on its way: the device promised that it is durable.
    Queued {
        /// Where to.
        stream: StreamId,
        /// Its name.
        uid: Uid,
        /// Words, or a verb.
        message: bool,
    },
    /// Its person sent a failed or held entry again: it is at the end of the outbox now.
    Requeued(Uid),
    /// Its file is at the desk: it went to the end of the outbox, and goes out from there.
    Arrived(Uid),
    /// Files were sent together, in this order.
    Together(Vec<Uid>),
    /// A file does not go on by itself, or not at once: those that were sent with it need not wait for it.
    Hindered(Uid),
    /// Its person took a failed or held entry back.
    Discarded(Uid),
    /// The desk said that it is durable.
    Acked {
        /// Which log.
        stream: StreamId,
        /// The entry.
        uid: Uid,
        /// In which life of the desk.
        epoch: Epoch,
        /// Where.
        seq: Seq,
    },
    /// Events are held up to here.
    Reached {
        /// Which log.
        stream: StreamId,
        /// Of which life of the desk.
        epoch: Epoch,
        /// The seq just below the oldest.
        base: Seq,
        /// The newest.
        seq: Seq,
    },
    /// What was held gave way to another life of the desk.
    Replaced(StreamId),
}

/// Not a line of a journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadLine;

impl Told {
    /// The uid of a message that was queued.
    pub(super) fn message(&self) -> Option<Uid> {
        match self {
            Self::Queued { uid, message: true, .. } => Some(*uid),
            _ => None,
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Queued { stream, uid, message } => {
                write!(f, "queued {} {uid} {}", stream.visitor, if *message { "message" } else { "verb" })
            }
            Self::Requeued(uid) => write!(f, "requeued {uid}"),
            Self::Arrived(uid) => write!(f, "arrived {uid}"),
            Self::Together(uids) => {
                f.write_str("together")?;
                uids.iter().try_for_each(|uid| write!(f, " {uid}"))
            }
            Self::Hindered(uid) => write!(f, "hindered {uid}"),
            Self::Discarded(uid) => write!(f, "discarded {uid}"),
            Self::Acked { stream, uid, epoch, seq } => {
                write!(f, "acked {} {uid} {epoch} {seq}", stream.visitor)
            }
            Self::Reached { stream, epoch, base, seq } => {
                write!(f, "reached {} {epoch} {base} {seq}", stream.visitor)
            }
            Self::Replaced(stream) => write!(f, "replaced {}", stream.visitor),
        }
    }
}

impl FromStr for Told {
    type Err = BadLine;

    fn from_str(line: &str) -> Result<Self, BadLine> {
        let parts: Vec<&str> = line.split(' ').collect();
        match parts[..] {
            ["queued", visitor, uid, kind @ ("message" | "verb")] => {
                Ok(Self::Queued { stream: stream(visitor)?, uid: parse(uid)?, message: kind == "message" })
            }
            ["requeued", uid] => Ok(Self::Requeued(parse(uid)?)),
            ["arrived", uid] => Ok(Self::Arrived(parse(uid)?)),
            ["together", ref uids @ ..] => {
                Ok(Self::Together(uids.iter().map(|uid| parse(uid)).collect::<Result<_, _>>()?))
            }
            ["hindered", uid] => Ok(Self::Hindered(parse(uid)?)),
            ["discarded", uid] => Ok(Self::Discarded(parse(uid)?)),
            ["acked", visitor, uid, epoch, seq] => Ok(Self::Acked {
                stream: stream(visitor)?,
                uid: parse(uid)?,
                epoch: parse(epoch)?,
                seq: parse(seq)?,
            }),
            ["reached", visitor, epoch, base, seq] => Ok(Self::Reached {
                stream: stream(visitor)?,
                epoch: parse(epoch)?,
                base: parse(base)?,
                seq: parse(seq)?,
            }),
            ["replaced", visitor] => Ok(Self::Replaced(stream(visitor)?)),
            _ => Err(BadLine),
        }
    }
}

fn parse<T: FromStr>(text: &str) -> Result<T, BadLine> {
    text.parse().map_err(|_| BadLine)
}

fn stream(visitor: &str) -> Result<StreamId, BadLine> {
    Ok(StreamId::public(SiteKey::main(), parse::<VisitorId>(visitor)?))
}

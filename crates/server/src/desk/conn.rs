//! The connections of a desk and who is behind each.

use std::collections::HashSet;
use std::net::IpAddr;

use deskbell_wire::{DeviceId, OperatorCard, OperatorStatus, Timestamp, Uid};

use super::io::ConnId;
use super::pace::Bucket;
use super::person::PersonKey;
use super::policy::Rights;
use super::requests::Pile;

/// Where a client comes from, as limits count it: an IPv4 address, or the /64 of an IPv6 one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Origin([u8; 16]);

impl Origin {
    pub(crate) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self(v4.to_ipv6_mapped().octets()),
            IpAddr::V6(v6) => Self((u128::from(v6) & !u128::from(u64::MAX)).to_be_bytes()),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Conn {
    pub(crate) origin: Origin,
    pub(crate) stage: Stage,
}

/// How far a connection has come.
#[derive(Debug)]
pub(crate) enum Stage {
    /// Nothing was said yet.
    New,
    /// A password is being compared; the account's row, 0 where there is none.
    Checking { operator: i64 },
    /// A password or a one-time code was right; `hello` follows.
    SignedIn,
    /// A visitor's.
    Visitor(Seat),
    /// An operator's.
    Operator(Box<Workplace>),
}

/// A device in a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seat {
    pub(crate) key: PersonKey,
    pub(crate) device: DeviceId,
    /// One of several that may speak for the visitor.
    pub(crate) linked: bool,
    /// The device's row; 0 where it never wrote.
    pub(crate) device_row: i64,
    /// The uid that this connection committed last: saves looking it up as the next one's `prev_uid` (S3).
    pub(crate) last: Option<(PersonKey, Uid)>,
}

/// An operator's device in a session.
#[derive(Debug)]
pub(crate) struct Workplace {
    pub(crate) operator: i64,
    /// The session's row.
    pub(crate) session: i64,
    pub(crate) device: DeviceId,
    pub(crate) device_row: i64,
    pub(crate) last: Option<(PersonKey, Uid)>,
    /// The streams of the hello's cursors: their heads go with every `pong` (C4).
    pub(crate) follows: Vec<PersonKey>,
    pub(crate) watch: Option<Watching>,
    pub(crate) requests: Option<Pile>,
}

/// An operator's connection, and whose it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Post {
    pub(crate) conn: ConnId,
    /// The operator's row.
    pub(crate) operator: i64,
}

/// A list that is kept up to date.
#[derive(Debug, Default)]
pub(crate) struct Watching {
    pub(crate) limit: usize,
    pub(crate) version: u64,
    pub(crate) total: u64,
    pub(crate) known: HashSet<PersonKey>,
    /// Nothing was sent yet.
    pub(crate) fresh: bool,
}

/// An operator whom this desk has seen since it started.
#[derive(Debug)]
pub(crate) struct Operator {
    pub(crate) card: OperatorCard,
    pub(crate) status: OperatorStatus,
    pub(crate) conns: Vec<ConnId>,
    /// When the last connection went away.
    pub(crate) lost: Option<Timestamp>,
    pub(crate) pace: Bucket,
    pub(crate) asks: Bucket,
    pub(crate) rights: Rights,
}

impl Operator {
    /// Is the grace of a lost operator over?
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.lost.is_some_and(|lost| now.0 >= lost.0 + super::operators::GRACE_MS)
    }
}

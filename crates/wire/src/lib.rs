//! The frames that a desk and its clients exchange.
//!
//! Why a crate of its own: both ends, the tests and the documentation must mean the same bytes.
//! What must always hold: no I/O, no clock, no randomness; a name once used is never given another meaning;
//! whatever arrives is either a whole valid frame or an error, never half of one.

pub mod ask;
pub mod body;
pub mod check;
pub mod client_frame;
pub mod codec;
pub mod contact;
pub mod desk_frame;
pub mod file;
pub mod ids;
pub mod join;
pub mod limits;
pub mod pack;
pub mod people;
pub mod request;
pub mod site;

pub use ask::{Ask, Linked, Redeem, Refusal, Secretive, Site, Told};
pub use body::{Author, CloseReason, EventBody, InviteEnd, Lang, MailOutcome, OpenedBy, SendBody};
pub use check::BodyFlaw;
pub use client_frame::{
    Bound, ClientFrame, Cursor, Entry, Ephemeral, Fetch, Hello, Identity, ListName, Mark, MarkKind, SignIn,
    Snapshot, StreamCursor, Watch,
};
pub use codec::{FrameError, decode_client, decode_desk, encode};
pub use contact::{is_email, is_phone};
pub use desk_frame::{
    Ack, Bye, ByeCode, DeskFrame, Event, Heard, List, Marks, Nack, NackCode, Page, Requests, SignedIn, State,
    StreamHead, Welcome,
};
pub use file::{
    FileBounds, FileCard, FileDigest, FileQuota, FileRefusal, FileRules, GroupFiles, Kind, Opening, agree,
    kind_of, opening, size_words, sniff, tidy_name,
};
pub use ids::{
    Audience, ChatId, DeviceId, Epoch, FileId, GroupId, MessageId, OperatorId, Secret, Seq, SiteKey,
    StreamId, Timestamp, Uid, VisitorId,
};
pub use join::{BadLink, JoinLink, Pin};
pub use limits::Limits;
pub use pack::{PackDigest, PackRef};
pub use people::{
    Availability, DeviceRow, GivenMark, Invitation, LastWords, OperatorCard, OperatorSeat, OperatorStatus,
    Person, Rating, Side, VisitorCard, VisitorRow, VisitorState, VisitorStatus,
};
pub use request::{LeadEnd, LeadForm, Request, RequestRow};
pub use site::{
    Consent, Field, FieldName, FormSettings, Group, MailSecurity, MailSettings, Retention, RetentionMessage,
    Rule, RuleAction, SiteSettings, Times, Way,
};

/// The version of the protocol that this crate speaks. A desk answers another one with [`ByeCode::Version`].
pub const PROTO: u16 = 1;

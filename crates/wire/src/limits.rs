//! Every limit of the protocol, with its unit, in one place.

use serde::{Deserialize, Serialize};

/// The largest frame, in bytes of JSON text.
pub const FRAME_BYTES: usize = 64 * 1024;
/// The longest text of a message, in Unicode scalar values.
pub const TEXT_CHARS: usize = 8_000;
/// The largest body of an entry, in bytes of JSON text.
pub const BODY_BYTES: usize = 32 * 1024;
/// The largest archive of a pack, in bytes: 16 MiB of files, 1 KiB around each of 2,000, and 1 KiB for the end.
pub const PACK_BYTES: usize = (16 * 1024 + 2_000 + 1) * 1024;
/// The largest part of a pack in one frame, in bytes before base64 makes four of three.
pub const PACK_PART_BYTES: usize = 32 * 1024;
/// How deep JSON may nest.
pub const JSON_DEPTH: usize = 16;
/// Cursors in one `hello`.
pub const HELLO_CURSORS: usize = 64;
/// Events that one `fetch` or `snapshot` may ask for.
pub const PAGE_EVENTS: u32 = 200;
/// Entries of one stream that a client has under way at once (C2).
pub const IN_FLIGHT: usize = 8;
/// Entries that the desk commits together (S1).
pub const BATCH_ENTRIES: usize = 50;
/// Events queued for one connection before its pushes give way to `lag` (S7).
pub const QUEUE_EVENTS: usize = 256;
/// Bytes queued for one connection before its pushes give way to `lag` (S7).
pub const QUEUE_BYTES: usize = 1024 * 1024;
/// Rows of a list that one `watch` may cover.
pub const LIST_ROWS: u32 = 500;
/// The longest name of a person, in Unicode scalar values.
pub const NAME_CHARS: usize = 200;
/// E-mail addresses, and phone numbers, on a visitor's card.
pub const CARD_CONTACTS: usize = 5;
/// Groups of a site.
pub const GROUPS: usize = 50;
/// Rules of a site.
pub const RULES: usize = 20;
/// Fields of a form.
pub const FIELDS: usize = 20;
/// The longest value of a lead form's field, in characters.
pub const FIELD_CHARS: usize = 2_000;
/// Timed messages of a site while a chat waits.
pub const RETENTION_MESSAGES: usize = 10;
/// Characters of a one-time code that links a device.
pub const LINK_CODE_CHARS: usize = 12;
/// Milliseconds for which such a code is good.
pub const LINK_CODE_MS: i64 = 10 * 60 * 1_000;
/// Bytes of one file, where a site does not say otherwise: 25 MiB.
pub const FILE_BYTES: u64 = 25 * 1024 * 1024;
/// Bytes of files that a visitor may send within 24 hours, where a site does not say otherwise: 100 MiB.
pub const FILE_DAY_BYTES: u64 = 100 * 1024 * 1024;
/// Bytes of all files of a site, where it does not say otherwise: 10 GiB.
pub const FILE_SITE_BYTES: u64 = 10 * 1024 * 1024 * 1024;
/// The longest name of a file, in Unicode scalar values.
pub const FILE_NAME_CHARS: usize = 200;
/// Extensions of a list of allowed types.
pub const FILE_TYPES: usize = 100;
/// Milliseconds after which the desk forgets a file that no message refers to.
pub const FILE_UNUSED_MS: i64 = 24 * 3_600 * 1_000;
/// Bytes of a piece in which a page hands a file over.
pub const FILE_PIECE_BYTES: usize = 1024 * 1024;
/// Milliseconds within which a new connection says `hello` or `sign_in`.
pub const HELLO_MS: u64 = 10_000;
/// Milliseconds between a client's pings (C7).
pub const HEARTBEAT_MS: u64 = 25_000;
/// Milliseconds without an answer after which a connection is dead (C7).
pub const DEAD_MS: u64 = 10_000;
/// Milliseconds after which an entry that was never acknowledged is held for the person to decide.
pub const HELD_MS: i64 = 24 * 3_600 * 1_000;
/// Milliseconds back in which own messages that a restored desk lacks return as held (C5).
pub const RESTORE_MS: i64 = 7 * HELD_MS;

/// What a desk tells a client at `welcome`: those limits that a desk may set otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// See [`FRAME_BYTES`].
    pub frame_bytes: usize,
    /// See [`TEXT_CHARS`].
    pub text_chars: usize,
    /// See [`IN_FLIGHT`].
    pub in_flight: usize,
    /// See [`PAGE_EVENTS`].
    pub page_events: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frame_bytes: FRAME_BYTES,
            text_chars: TEXT_CHARS,
            in_flight: IN_FLIGHT,
            page_events: PAGE_EVENTS,
        }
    }
}

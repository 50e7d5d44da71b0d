//! The shape of the file.
//!
//! What must always hold: a released migration is never changed, only followed by another.

use deskbell_db::Migration;

pub(crate) const MIGRATIONS: &[Migration] = &[Migration(CHAT), Migration(FILES), Migration(TOGETHER)];

// streams: the range held is base + 1 ..= cursor_seq (I7); no cursor where nothing is held.
// messages: the small columns come before the body, which may spill over to pages of its own.
// words: what is unread is counted without touching a body.
// outbox: place grows; the order of places is the order of the outbox (C2).
const CHAT: &str = "CREATE TABLE streams (
         id INTEGER PRIMARY KEY,
         site TEXT NOT NULL,
         visitor BLOB NOT NULL CHECK (length(visitor) = 16),
         audience TEXT NOT NULL CHECK (audience IN ('public', 'internal')),
         base INTEGER NOT NULL DEFAULT 0 CHECK (base >= 0),
         epoch BLOB CHECK (length(epoch) = 16),
         cursor_seq INTEGER CHECK (cursor_seq > base),
         cursor_id BLOB CHECK (length(cursor_id) = 16),
         visitor_delivered INTEGER NOT NULL DEFAULT 0,
         visitor_read INTEGER NOT NULL DEFAULT 0,
         operator_delivered INTEGER NOT NULL DEFAULT 0,
         operator_read INTEGER NOT NULL DEFAULT 0,
         UNIQUE (site, visitor, audience),
         CHECK ((epoch IS NULL) = (cursor_seq IS NULL) AND (epoch IS NULL) = (cursor_id IS NULL))
     ) STRICT;

     CREATE TABLE messages (
         stream INTEGER NOT NULL REFERENCES streams (id),
         seq INTEGER NOT NULL CHECK (seq > 0),
         message_id BLOB NOT NULL CHECK (length(message_id) = 16),
         side TEXT NOT NULL CHECK (side IN ('visitor', 'operator', 'system')),
         kind TEXT NOT NULL,
         ts INTEGER NOT NULL,
         chat BLOB CHECK (length(chat) = 16),
         uid BLOB CHECK (length(uid) = 16),
         operator TEXT,
         body TEXT NOT NULL,
         PRIMARY KEY (stream, seq),
         CHECK ((operator IS NOT NULL) = (side = 'operator'))
     ) STRICT, WITHOUT ROWID;
     CREATE UNIQUE INDEX own_messages ON messages (stream, uid) WHERE uid IS NOT NULL;
     CREATE INDEX words ON messages (stream, side, seq) WHERE kind = 'message';

     CREATE TABLE outbox (
         place INTEGER PRIMARY KEY,
         uid BLOB NOT NULL UNIQUE CHECK (length(uid) = 16),
         stream INTEGER NOT NULL REFERENCES streams (id),
         created_at INTEGER NOT NULL,
         state TEXT NOT NULL CHECK (state IN ('queued', 'held', 'failed')),
         code TEXT,
         body TEXT NOT NULL,
         CHECK ((code IS NOT NULL) = (state = 'failed'))
     ) STRICT;

     CREATE TABLE settings (
         key TEXT PRIMARY KEY,
         value TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;";

// uploads: the file of an outbox row, for as long as the row is there.
// files: the messages that carry one, beside their rows in messages; digest: what a sweep of the vault leaves.
const FILES: &str = "CREATE TABLE uploads (
         uid BLOB PRIMARY KEY REFERENCES outbox (uid) ON DELETE CASCADE,
         audience_group INTEGER,
         place BLOB CHECK (length(place) = 32),
         state TEXT NOT NULL CHECK (state IN ('going', 'paused', 'whole')),
         digest BLOB NOT NULL CHECK (length(digest) = 32),
         card TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;

     CREATE TABLE files (
         stream INTEGER NOT NULL,
         seq INTEGER NOT NULL,
         message_id BLOB NOT NULL CHECK (length(message_id) = 16),
         chat BLOB CHECK (length(chat) = 16),
         digest BLOB NOT NULL CHECK (length(digest) = 32),
         PRIMARY KEY (stream, seq),
         FOREIGN KEY (stream, seq) REFERENCES messages (stream, seq) ON DELETE CASCADE
     ) STRICT, WITHOUT ROWID;
     CREATE INDEX files_by_message ON files (message_id);
     CREATE INDEX files_by_chat ON files (stream, chat, seq);";

// batch: of files that were sent together, the uid of the first; none: it was sent alone.
// refused: in the wire's words, why the desk does not take it.
const TOGETHER: &str = "ALTER TABLE uploads ADD COLUMN batch BLOB CHECK (length(batch) = 16);
     ALTER TABLE uploads ADD COLUMN refused TEXT;";

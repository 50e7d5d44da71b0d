-- The client's file as the first version had it. Never changed: a file of then must open now.
CREATE TABLE streams (
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
) STRICT, WITHOUT ROWID;

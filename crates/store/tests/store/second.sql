CREATE TABLE uploads (
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
CREATE INDEX files_by_chat ON files (stream, chat, seq);

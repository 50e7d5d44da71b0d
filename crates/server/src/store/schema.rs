//! The shape of the desk's database.
//!
//! What must always hold: a step once released is never changed. Nothing is NULL: 0, '' and x'' say "none".
//! `messages` and `uids` carry no foreign keys: they are on the path of every message, and the committer alone
//! writes them.

use deskbell_db::Migration;

/// The steps, oldest first.
pub const MIGRATIONS: &[Migration] = &[Migration(
    "CREATE TABLE desk (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        epoch BLOB NOT NULL,
        created INTEGER NOT NULL,
        certificate BLOB NOT NULL,
        private_key BLOB NOT NULL
    ) STRICT;

    CREATE TABLE sites (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE
    ) STRICT;
    INSERT INTO sites (key) VALUES ('main');

    -- login '' and password '': the owner of a hosted desk, who signs in by being at that computer.
    CREATE TABLE operators (
        id INTEGER PRIMARY KEY,
        operator_id BLOB NOT NULL UNIQUE,
        login TEXT NOT NULL,
        password TEXT NOT NULL,
        name TEXT NOT NULL,
        position TEXT NOT NULL,
        online INTEGER NOT NULL,
        created INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX operators_login ON operators (login) WHERE login <> '';

    CREATE TABLE sessions (
        id INTEGER PRIMARY KEY,
        operator INTEGER NOT NULL REFERENCES operators (id),
        token BLOB NOT NULL UNIQUE,
        address BLOB NOT NULL,
        created INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX sessions_operator ON sessions (operator);

    CREATE TABLE visitors (
        id INTEGER PRIMARY KEY,
        site INTEGER NOT NULL REFERENCES sites (id),
        visitor_id BLOB NOT NULL,
        token BLOB NOT NULL,
        created INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        UNIQUE (site, visitor_id)
    ) STRICT;

    -- side 1: a visitor's, 2: an operator's. The owner is in the key: nobody can use another's uids.
    CREATE TABLE devices (
        id INTEGER PRIMARY KEY,
        side INTEGER NOT NULL,
        owner INTEGER NOT NULL,
        device_id BLOB NOT NULL,
        UNIQUE (side, owner, device_id)
    ) STRICT;

    CREATE TABLE streams (
        id INTEGER PRIMARY KEY,
        visitor INTEGER NOT NULL REFERENCES visitors (id),
        audience INTEGER NOT NULL,
        UNIQUE (visitor, audience)
    ) STRICT;

    CREATE TABLE chats (
        id INTEGER PRIMARY KEY,
        chat_id BLOB NOT NULL UNIQUE,
        stream INTEGER NOT NULL REFERENCES streams (id),
        opened INTEGER NOT NULL,
        opened_at INTEGER NOT NULL,
        closed INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX chats_stream ON chats (stream, opened);
    CREATE INDEX chats_open ON chats (stream) WHERE closed = 0;

    CREATE TABLE members (
        chat INTEGER NOT NULL REFERENCES chats (id),
        seq INTEGER NOT NULL,
        operator INTEGER NOT NULL REFERENCES operators (id),
        PRIMARY KEY (chat, seq)
    ) STRICT, WITHOUT ROWID;

    -- side 0: the desk, 1: the visitor, 2: an operator. body: the text of a message, else JSON.
    CREATE TABLE messages (
        stream INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        message_id BLOB NOT NULL,
        chat INTEGER NOT NULL,
        ts INTEGER NOT NULL,
        side INTEGER NOT NULL,
        operator INTEGER NOT NULL,
        device INTEGER NOT NULL,
        uid BLOB NOT NULL,
        kind INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (stream, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE uids (
        device INTEGER NOT NULL,
        uid BLOB NOT NULL,
        stream INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (device, uid)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE marks (
        stream INTEGER NOT NULL,
        side INTEGER NOT NULL,
        delivered INTEGER NOT NULL,
        read INTEGER NOT NULL,
        PRIMARY KEY (stream, side)
    ) STRICT, WITHOUT ROWID;",
)];

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
), Migration(
    "-- settings: JSON of SiteSettings without the mail server's password, which stands beside it.
    ALTER TABLE sites ADD COLUMN settings TEXT NOT NULL DEFAULT '';
    ALTER TABLE sites ADD COLUMN mail_password TEXT NOT NULL DEFAULT '';
    ALTER TABLE sites ADD COLUMN next_group INTEGER NOT NULL DEFAULT 1;

    -- The first account looks after the desk.
    ALTER TABLE operators ADD COLUMN admin INTEGER NOT NULL DEFAULT 0;
    UPDATE operators SET admin = 1 WHERE id = (SELECT min(id) FROM operators);
    -- An operator without a row works in all groups.
    CREATE TABLE places (
        operator INTEGER NOT NULL REFERENCES operators (id),
        site INTEGER NOT NULL REFERENCES sites (id),
        grp INTEGER NOT NULL,
        PRIMARY KEY (operator, site, grp)
    ) STRICT, WITHOUT ROWID;

    -- card: JSON of VisitorCard. visit: when the present visit began. acted: JSON, when each rule last acted.
    ALTER TABLE visitors ADD COLUMN card TEXT NOT NULL DEFAULT '';
    ALTER TABLE visitors ADD COLUMN visits INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE visitors ADD COLUMN visit INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE visitors ADD COLUMN consented INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE visitors ADD COLUMN banned INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE visitors ADD COLUMN acted TEXT NOT NULL DEFAULT '';

    -- Devices that were linked by a code, each with a token of its own; the first device's stands in visitors.
    CREATE TABLE links (
        visitor INTEGER NOT NULL REFERENCES visitors (id),
        device_id BLOB NOT NULL,
        token BLOB NOT NULL,
        linked INTEGER NOT NULL,
        seen INTEGER NOT NULL,
        PRIMARY KEY (visitor, device_id)
    ) STRICT, WITHOUT ROWID;

    -- grp 0: everybody. rated: the row of the operator whom a mark is for. waited: when the chat began to wait for an operator,
    -- 0 where it does not; told: how many of the site's timed messages it has had.
    ALTER TABLE chats ADD COLUMN grp INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE chats ADD COLUMN rated INTEGER NOT NULL DEFAULT 0;
    UPDATE chats SET rated = coalesce(
        (SELECT operator FROM members WHERE chat = chats.id ORDER BY seq DESC LIMIT 1), 0);
    ALTER TABLE chats ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE chats ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
    -- A chat may have had several operators: each has a mark of his own.
    CREATE TABLE ratings (
        chat INTEGER NOT NULL REFERENCES chats (id),
        operator INTEGER NOT NULL REFERENCES operators (id),
        mark INTEGER NOT NULL,
        marked_at INTEGER NOT NULL,
        PRIMARY KEY (chat, operator)
    ) STRICT, WITHOUT ROWID;

    -- The groups that a stream's chats were ever for: who works in one of them may read it.
    CREATE TABLE readers (
        stream INTEGER NOT NULL REFERENCES streams (id),
        grp INTEGER NOT NULL,
        PRIMARY KEY (stream, grp)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO readers (stream, grp) SELECT DISTINCT stream, 0 FROM chats;

    -- The invitation, or the lead form, that waits. kind 1: invitation, 2: lead form. event: JSON of its body.
    CREATE TABLE offers (
        stream INTEGER PRIMARY KEY REFERENCES streams (id),
        kind INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        message_id BLOB NOT NULL,
        ts INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        event TEXT NOT NULL
    ) STRICT;

    -- done: the row of the operator who worked it off, 0 while it is open.
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        message_id BLOB NOT NULL UNIQUE,
        stream INTEGER NOT NULL REFERENCES streams (id),
        seq INTEGER NOT NULL,
        grp INTEGER NOT NULL,
        done INTEGER NOT NULL,
        done_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX requests_open ON requests (done, id);
    CREATE INDEX requests_done ON requests (done_at) WHERE done <> 0;
    CREATE INDEX requests_stream ON requests (stream);

    -- Mails that wait for the mail server. first: when it was first tried to be sent, next: when it is tried again.
    CREATE TABLE mails (
        id INTEGER PRIMARY KEY,
        stream INTEGER NOT NULL REFERENCES streams (id),
        asked BLOB NOT NULL,
        chat INTEGER NOT NULL,
        email TEXT NOT NULL,
        lang INTEGER NOT NULL,
        zone_min INTEGER NOT NULL,
        first INTEGER NOT NULL,
        next INTEGER NOT NULL,
        tries INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX mails_next ON mails (next);",
), Migration(
    "-- Files on their way and files of messages. state 1: under way, 2: whole, 3: a message's. part: where its bytes are
    -- gathered. visitor: in whose stream. side, owner, device_id, file_id: who sends it, as devices has it. grp: for which
    -- group, 0: everybody. used: when its upload was last asked for. message_id x'' before state 3.
    CREATE TABLE files (
        id INTEGER PRIMARY KEY,
        part BLOB NOT NULL UNIQUE,
        site INTEGER NOT NULL REFERENCES sites (id),
        visitor INTEGER NOT NULL REFERENCES visitors (id),
        side INTEGER NOT NULL,
        owner INTEGER NOT NULL,
        device_id BLOB NOT NULL,
        file_id BLOB NOT NULL,
        grp INTEGER NOT NULL,
        name TEXT NOT NULL,
        media TEXT NOT NULL,
        size INTEGER NOT NULL,
        digest BLOB NOT NULL,
        secret BLOB NOT NULL UNIQUE,
        state INTEGER NOT NULL,
        created INTEGER NOT NULL,
        used INTEGER NOT NULL,
        message_id BLOB NOT NULL,
        UNIQUE (side, owner, device_id, file_id)
    ) STRICT;
    CREATE INDEX files_sent ON files (side, owner, created);
    CREATE INDEX files_digest ON files (digest);
    -- Those that no message carries are few among many: what asks for them names these.
    CREATE INDEX files_open ON files (used) WHERE state < 3;
    CREATE INDEX files_open_of ON files (side, owner) WHERE state < 3;
    CREATE UNIQUE INDEX files_message ON files (message_id) WHERE state = 3;

    -- What a site's files take: each that is under way, and of those that are whole each content once. Counted where the
    -- rows are, so that no way of adding or dropping one can forget it.
    ALTER TABLE sites ADD COLUMN file_bytes INTEGER NOT NULL DEFAULT 0;
    CREATE TRIGGER files_came AFTER INSERT ON files BEGIN
        UPDATE sites SET file_bytes = file_bytes + NEW.size WHERE id = NEW.site;
    END;
    CREATE TRIGGER files_whole AFTER UPDATE OF state ON files
        WHEN OLD.state = 1 AND NEW.state > 1 AND EXISTS (
            SELECT 1 FROM files WHERE digest = NEW.digest AND site = NEW.site AND state > 1 AND id <> NEW.id)
    BEGIN
        UPDATE sites SET file_bytes = file_bytes - NEW.size WHERE id = NEW.site;
    END;
    CREATE TRIGGER files_again AFTER UPDATE OF state ON files
        WHEN OLD.state > 1 AND NEW.state = 1 AND EXISTS (
            SELECT 1 FROM files WHERE digest = NEW.digest AND site = NEW.site AND state > 1 AND id <> NEW.id)
    BEGIN
        UPDATE sites SET file_bytes = file_bytes + NEW.size WHERE id = NEW.site;
    END;
    CREATE TRIGGER files_went AFTER DELETE ON files
        WHEN OLD.state = 1 OR NOT EXISTS (
            SELECT 1 FROM files WHERE digest = OLD.digest AND site = OLD.site AND state > 1)
    BEGIN
        UPDATE sites SET file_bytes = file_bytes - OLD.size WHERE id = OLD.site;
    END;",
)];

-- What was sent and received, each content once, whatever exchanges it belongs to. The tables of bodies before
-- this step stay as they are: their rows are moved here little by little.
CREATE TABLE body (
    id INTEGER PRIMARY KEY,
    -- SHA-256 of the bytes as they were, but for secrets.
    hash BLOB NOT NULL UNIQUE,
    -- In bytes: as they were, and as they are kept.
    size INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    -- plain, or zstd (RFC 8878).
    coding TEXT NOT NULL,
    -- 1 where they are in a file of the folder history.sqlite3-bodies: it is called after the hash in
    -- hexadecimal, with .zst where they are coded.
    in_file INTEGER NOT NULL,
    -- NULL where they are in a file.
    bytes BLOB
) STRICT;

CREATE INDEX body_in_file ON body (stored) WHERE in_file = 1;

-- Which exchange sent or received which of them. An empty body has no row.
CREATE TABLE body_use (
    exchange INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    -- 0 sent, 1 received.
    side INTEGER NOT NULL,
    body INTEGER NOT NULL REFERENCES body (id),
    PRIMARY KEY (exchange, side)
) STRICT, WITHOUT ROWID;

CREATE INDEX body_use_body ON body_use (body);

-- Files whose content nobody needs any more: they are deleted after the transaction that says so.
CREATE TABLE dropped_file (
    hash BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TRIGGER body_let_go AFTER DELETE ON body_use
WHEN NOT EXISTS (SELECT 1 FROM body_use WHERE body = old.body) BEGIN
    DELETE FROM body WHERE id = old.body;
END;

CREATE TRIGGER body_replaced AFTER UPDATE OF body ON body_use
WHEN old.body <> new.body AND NOT EXISTS (SELECT 1 FROM body_use WHERE body = old.body) BEGIN
    DELETE FROM body WHERE id = old.body;
END;

CREATE TRIGGER body_dropped AFTER DELETE ON body WHEN old.in_file = 1 BEGIN
    INSERT OR IGNORE INTO dropped_file (hash) VALUES (old.hash);
END;

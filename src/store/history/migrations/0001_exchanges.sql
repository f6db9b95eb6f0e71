-- Every send is a row. What the list shows is here and nothing else, so that pages are read fast.
CREATE TABLE exchange (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Nanoseconds since 1970, UTC.
    started_at INTEGER NOT NULL,
    -- The latest started_at of this row and all before it. It rises with the id, so that a search by
    -- time finds its rows by id, also when the clock was once set back.
    latest_at INTEGER NOT NULL,
    -- The posttui that sends it; NULL once it has an outcome.
    owner TEXT,
    method TEXT NOT NULL,
    url TEXT NOT NULL,
    -- host:port
    host TEXT NOT NULL,
    path TEXT NOT NULL,
    -- in-flight, a status code, or the kind of a failure as JSON.
    standing TEXT NOT NULL,
    message TEXT,
    -- Nanoseconds.
    duration INTEGER,
    body_bytes INTEGER,
    -- What words are looked for in, in lower case.
    haystack TEXT NOT NULL
) STRICT;

CREATE INDEX exchange_standing ON exchange (standing);
CREATE INDEX exchange_method ON exchange (method);
CREATE INDEX exchange_host ON exchange (host);
CREATE INDEX exchange_latest_at ON exchange (latest_at);
CREATE INDEX exchange_owner ON exchange (owner) WHERE owner IS NOT NULL;
-- The rows that began more than a minute before an earlier row: the clock was set back.
CREATE INDEX exchange_late ON exchange (started_at) WHERE started_at < latest_at - 60000000000;

-- The exchange as JSON, without its bodies.
CREATE TABLE detail (
    id INTEGER PRIMARY KEY REFERENCES exchange (id) ON DELETE CASCADE,
    request TEXT NOT NULL,
    prepared TEXT NOT NULL,
    hops TEXT NOT NULL,
    outcome TEXT
) STRICT;

-- The bodies, byte for byte, in parts counted from 0; an empty body has no row.
CREATE TABLE request_body (
    id INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (id, part)
) STRICT;

CREATE TABLE response_body (
    id INTEGER NOT NULL REFERENCES exchange (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (id, part)
) STRICT;

-- How many rows there are of each value, so that nothing has to be counted.
CREATE TABLE tally (
    -- all, standing, method or host
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (facet, value)
) STRICT, WITHOUT ROWID;

INSERT INTO tally (facet, value, total) VALUES ('all', '', 0);

CREATE TRIGGER exchange_inserted AFTER INSERT ON exchange BEGIN
    INSERT INTO tally (facet, value, total)
    VALUES
        ('all', '', 1),
        ('standing', new.standing, 1),
        ('method', new.method, 1),
        ('host', new.host, 1)
    ON CONFLICT (facet, value) DO UPDATE SET total = total + 1;
END;

CREATE TRIGGER exchange_settled AFTER UPDATE OF standing ON exchange WHEN new.standing <> old.standing BEGIN
    UPDATE tally SET total = total - 1 WHERE facet = 'standing' AND value = old.standing;
    INSERT INTO tally (facet, value, total) VALUES ('standing', new.standing, 1)
    ON CONFLICT (facet, value) DO UPDATE SET total = total + 1;
END;

CREATE TRIGGER exchange_deleted AFTER DELETE ON exchange BEGIN
    UPDATE tally SET total = total - 1
    WHERE (facet, value) IN (
        VALUES ('all', ''), ('standing', old.standing), ('method', old.method), ('host', old.host)
    );
END;

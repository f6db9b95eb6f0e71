-- What the user puts on an exchange.
ALTER TABLE exchange ADD COLUMN name TEXT;
ALTER TABLE exchange ADD COLUMN note TEXT;
-- Each tag between blanks: ' bug before-the-fix '.
ALTER TABLE exchange ADD COLUMN tags TEXT;
ALTER TABLE exchange ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
-- Where it came from: the environment (empty for none), and the exchange that it repeats, which may be
-- gone.
ALTER TABLE exchange ADD COLUMN environment TEXT NOT NULL DEFAULT '';
ALTER TABLE exchange ADD COLUMN replayed_from INTEGER;
-- What came and went: bytes of the body that was sent, HTTP version and media type of the answer (empty
-- where there is none).
ALTER TABLE exchange ADD COLUMN sent_bytes INTEGER;
ALTER TABLE exchange ADD COLUMN version TEXT;
ALTER TABLE exchange ADD COLUMN media TEXT NOT NULL DEFAULT '';
-- The posttui that removed it and can still take that back; once that one has ended, it is gone.
ALTER TABLE exchange ADD COLUMN removed_by TEXT;

CREATE INDEX exchange_pinned ON exchange (pinned) WHERE pinned <> 0;
CREATE INDEX exchange_name ON exchange (name) WHERE name IS NOT NULL;
CREATE INDEX exchange_note ON exchange (id) WHERE note IS NOT NULL;
CREATE INDEX exchange_tags ON exchange (tags) WHERE tags IS NOT NULL;
CREATE INDEX exchange_environment ON exchange (environment);
CREATE INDEX exchange_replayed ON exchange (replayed_from) WHERE replayed_from IS NOT NULL;
CREATE INDEX exchange_media ON exchange (media);
CREATE INDEX exchange_duration ON exchange (duration) WHERE duration IS NOT NULL;
CREATE INDEX exchange_size ON exchange (body_bytes) WHERE body_bytes IS NOT NULL;
CREATE INDEX exchange_removed ON exchange (removed_by) WHERE removed_by IS NOT NULL;

-- Two more columns with few different values are counted; a removed row counts no more, and counts again
-- when it is brought back.
INSERT INTO tally (facet, value, total)
SELECT 'environment', '', total FROM tally WHERE facet = 'all'
UNION ALL SELECT 'media', '', total FROM tally WHERE facet = 'all';

DROP TRIGGER exchange_inserted;
DROP TRIGGER exchange_settled;
DROP TRIGGER exchange_deleted;

CREATE TRIGGER exchange_inserted AFTER INSERT ON exchange BEGIN
    INSERT INTO tally (facet, value, total)
    VALUES
        ('all', '', 1),
        ('standing', new.standing, 1),
        ('method', new.method, 1),
        ('host', new.host, 1),
        ('environment', new.environment, 1),
        ('media', new.media, 1)
    ON CONFLICT (facet, value) DO UPDATE SET total = total + 1;
END;

CREATE TRIGGER exchange_settled AFTER UPDATE OF standing ON exchange
WHEN new.standing <> old.standing AND new.removed_by IS NULL BEGIN
    UPDATE tally SET total = total - 1 WHERE facet = 'standing' AND value = old.standing;
    INSERT INTO tally (facet, value, total) VALUES ('standing', new.standing, 1)
    ON CONFLICT (facet, value) DO UPDATE SET total = total + 1;
END;

CREATE TRIGGER exchange_answered AFTER UPDATE OF media ON exchange
WHEN new.media <> old.media AND new.removed_by IS NULL BEGIN
    UPDATE tally SET total = total - 1 WHERE facet = 'media' AND value = old.media;
    INSERT INTO tally (facet, value, total) VALUES ('media', new.media, 1)
    ON CONFLICT (facet, value) DO UPDATE SET total = total + 1;
END;

CREATE TRIGGER exchange_deleted AFTER DELETE ON exchange WHEN old.removed_by IS NULL BEGIN
    UPDATE tally SET total = total - 1
    WHERE (facet, value) IN (
        VALUES ('all', ''), ('standing', old.standing), ('method', old.method), ('host', old.host), ('environment', old.environment), ('media', old.media)
    );
END;

CREATE TRIGGER exchange_removed AFTER UPDATE OF removed_by ON exchange
WHEN old.removed_by IS NULL AND new.removed_by IS NOT NULL BEGIN
    UPDATE tally SET total = total - 1
    WHERE (facet, value) IN (
        VALUES ('all', ''), ('standing', old.standing), ('method', old.method), ('host', old.host), ('environment', old.environment), ('media', old.media)
    );
END;

CREATE TRIGGER exchange_restored AFTER UPDATE OF removed_by ON exchange
WHEN old.removed_by IS NOT NULL AND new.removed_by IS NULL BEGIN
    INSERT INTO tally (facet, value, total)
    VALUES
        ('all', '', 1),
        ('standing', new.standing, 1),
        ('method', new.method, 1),
        ('host', new.host, 1),
        ('environment', new.environment, 1),
        ('media', new.media, 1)
    ON CONFLICT (facet, value) DO UPDATE SET total = total + 1;
END;

-- The saved request that an exchange was sent from: the folder of its collection and its path, a line
-- each. NULL where it was sent from none.
ALTER TABLE exchange ADD COLUMN saved TEXT;

CREATE INDEX exchange_saved ON exchange (saved, id) WHERE saved IS NOT NULL;

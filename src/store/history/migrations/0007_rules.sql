-- What the user's rules said of an answer is found without a look at the rows of which they said nothing.
CREATE INDEX exchange_level ON exchange (level) WHERE level IS NOT NULL;
CREATE INDEX exchange_message ON exchange (id) WHERE message IS NOT NULL;

-- The words of an exchange, found by this index alone: it holds no text, which is in the other tables.
CREATE VIRTUAL TABLE words USING fts5 (
    -- What the row shows, and the tags; then what the user called it.
    row_words, name_words, note_words,
    -- Header fields of request and answer, `name: value` a line.
    request_headers, response_headers,
    -- Bodies as text: `name value` a line for forms.
    sent, received,
    content = '',
    contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 0'
);

-- Whether the words are those of the row as it is now.
ALTER TABLE exchange ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX exchange_unindexed ON exchange (id) WHERE indexed = 0;

CREATE TRIGGER exchange_words_deleted AFTER DELETE ON exchange BEGIN
    DELETE FROM words WHERE rowid = old.id;
END;

-- Views over the history, meant for reading. `posttui history --sql` makes them for its own statement; for
-- another program, run this text first. What is damaged of a row is left out.

-- One row an exchange.
CREATE TEMP VIEW exchanges AS
SELECT
    id,
    strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000000000.0, 'unixepoch') AS started_at,
    method, url, host, path,
    CASE WHEN standing GLOB '[0-9]*' THEN CAST(standing AS INTEGER) END AS status,
    CASE
        WHEN NOT json_valid(standing) THEN NULL
        WHEN standing GLOB '"*' THEN json_extract(standing, '$')
        WHEN standing GLOB '{*' THEN (SELECT key || ' ' || value FROM json_each(standing))
    END AS failure,
    standing = 'in-flight' AS in_flight,
    message, level AS rule, evidence,
    duration / 1000000.0 AS duration_ms,
    sent_bytes, body_bytes, version,
    nullif(media, '') AS media,
    nullif(environment, '') AS environment,
    replayed_from,
    -- The folder of the collection and the path in it, a line each.
    saved,
    name, note, pinned
FROM exchange WHERE removed_by IS NULL;

-- One row a tag.
CREATE TEMP VIEW tags AS
SELECT exchange.id, tag.value AS tag
FROM exchange, json_each('["' || replace(replace(replace(trim(tags), '\', '\\'), '"', '\"'), ' ', '","') || '"]') AS tag
WHERE tags IS NOT NULL AND removed_by IS NULL;

-- One row an answer that is kept as an example of a saved request.
CREATE TEMP VIEW examples AS
SELECT id, name, replace(saved, rtrim(saved, replace(saved, char(10), '')), '') AS request,
    CASE WHEN standing GLOB '[0-9]*' THEN CAST(standing AS INTEGER) END AS status
FROM exchange
WHERE pinned <> 0 AND name IS NOT NULL AND saved IS NOT NULL AND removed_by IS NULL;

-- One row a header field that was sent.
CREATE TEMP VIEW request_headers AS
SELECT detail.id, field.key + 1 AS position,
    lower(json_extract(field.value, '$.name')) AS name,
    json_extract(field.value, '$.value') AS value
FROM detail, json_each(iif(json_valid(prepared), prepared, '{}'), '$.headers') AS field;

-- One row a header field of the last answer.
CREATE TEMP VIEW response_headers AS
SELECT detail.id, field.key + 1 AS position,
    lower(json_extract(field.value, '$.name')) AS name,
    json_extract(field.value, '$.value') AS value
FROM detail, json_each(iif(json_valid(outcome), outcome, '{}'), '$.response.head.headers') AS field;

-- One row a hop: what a redirect or a challenge led on to.
CREATE TEMP VIEW hops AS
SELECT detail.id, hop.key + 1 AS position,
    json_extract(hop.value, '$.method') AS method,
    json_extract(hop.value, '$.url') AS url,
    json_extract(hop.value, '$.response.status') AS status,
    json_extract(hop.value, '$.remote_address') AS remote_address
FROM detail, json_each(iif(json_valid(hops), hops, '[]')) AS hop;

-- One row a body that is not empty; side is sent or received, size its bytes. Bodies that are the same are kept
-- once, with one hash (SHA-256). bytes is the body where coding is plain, else it is compressed with Zstandard; it
-- is NULL for a large one, which is a file of the folder history.sqlite3-bodies, called after its hash (with .zst
-- where it is compressed). In `posttui history --sql` the function body(hash) gives any of them as it was.
CREATE TEMP VIEW bodies AS
SELECT body_use.exchange AS id,
    CASE side WHEN 0 THEN 'sent' ELSE 'received' END AS side,
    lower(hex(body.hash)) AS hash,
    body.size, body.stored, body.coding, body.bytes
FROM body_use JOIN body ON body.id = body_use.body;

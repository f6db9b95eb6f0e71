-- Views over the history, meant for reading. `posttui history --sql` makes them for its own statement; for
-- another program, run this text first.

-- One row an exchange.
CREATE TEMP VIEW exchanges AS
SELECT
    id,
    strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000000000.0, 'unixepoch') AS started_at,
    method, url, host, path,
    CASE WHEN standing GLOB '[0-9]*' THEN CAST(standing AS INTEGER) END AS status,
    CASE
        WHEN standing GLOB '"*' THEN json_extract(standing, '$')
        WHEN standing GLOB '{*' THEN (SELECT key || ' ' || value FROM json_each(standing))
    END AS failure,
    standing = 'in-flight' AS in_flight,
    message,
    duration / 1000000.0 AS duration_ms,
    body_bytes
FROM exchange;

-- One row a header field that was sent.
CREATE TEMP VIEW request_headers AS
SELECT detail.id, field.key + 1 AS position,
    lower(json_extract(field.value, '$.name')) AS name,
    json_extract(field.value, '$.value') AS value
FROM detail, json_each(detail.prepared, '$.headers') AS field;

-- One row a header field of the last answer.
CREATE TEMP VIEW response_headers AS
SELECT detail.id, field.key + 1 AS position,
    lower(json_extract(field.value, '$.name')) AS name,
    json_extract(field.value, '$.value') AS value
FROM detail, json_each(detail.outcome, '$.response.head.headers') AS field;

-- One row a hop: what a redirect or a challenge led on to.
CREATE TEMP VIEW hops AS
SELECT detail.id, hop.key + 1 AS position,
    json_extract(hop.value, '$.method') AS method,
    json_extract(hop.value, '$.url') AS url,
    json_extract(hop.value, '$.response.status') AS status,
    json_extract(hop.value, '$.remote_address') AS remote_address
FROM detail, json_each(detail.hops) AS hop;

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

//! Exchanges -> HAR: an entry a hop. What HAR has no place for is in fields that begin with `_`, as its
//! specification asks.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::timings::{self, milliseconds};
use serde_json::{Value, json};

use crate::{
    inspect::decoded_up_to,
    model::{
        Exchange, Failure, Header, Hop, Label, Outcome, Piece, PreparedBody, ResponseHead,
        find_header,
    },
};

/// Coded bodies are decoded up to this size, as HAR wants them; longer ones stay as received.
const LARGEST: usize = 64 * 1024 * 1024;

/// What stands around the entries.
pub struct Archive;

impl Archive {
    /// Everything before the first entry.
    pub fn start() -> String {
        let creator = json!({ "name": "posttui", "version": env!("CARGO_PKG_VERSION") });
        format!(
            "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"pages\":[],\"entries\":[\n"
        )
    }

    /// Everything after the last one.
    pub const END: &str = "\n]}}\n";

    /// Between two of them.
    pub const BETWEEN: &str = ",\n";
}

/// The entries of an exchange; one that is in flight, or that never reached the wire, has one, too.
pub fn entries(exchange: &Exchange, label: &Label) -> Vec<Value> {
    let mut entries = entries_of(exchange);
    if let Some(last) = entries.last_mut().and_then(Value::as_object_mut) {
        // What the user put on it, of what was answered in the end.
        let texts = [("_name", &label.name), ("_note", &label.note)];
        for (name, text) in texts {
            if let Some(text) = text {
                last.insert(name.to_owned(), text.as_str().into());
            }
        }
        if !label.tags.is_empty() {
            last.insert("_tags".to_owned(), json!(label.tags));
        }
        if label.pinned {
            last.insert("_pinned".to_owned(), true.into());
        }
    }
    entries
}

fn entries_of(exchange: &Exchange) -> Vec<Value> {
    if exchange.hops.is_empty() {
        return vec![entry(exchange, None, 0, Duration::ZERO)];
    }
    let mut before = Duration::ZERO;
    let hops = exchange.hops.iter().enumerate();
    hops.map(|(index, hop)| {
        let entry = entry(exchange, Some(hop), index, before);
        before += hop.duration;
        entry
    })
    .collect()
}

fn entry(exchange: &Exchange, hop: Option<&Hop>, index: usize, before: Duration) -> Value {
    let is_last = index + 1 >= exchange.hops.len();
    let started_at = exchange.started_at.checked_add(before);
    let started_at = started_at.unwrap_or(exchange.started_at);
    let took = hop.map_or(exchange.duration.unwrap_or_default(), |hop| hop.duration);
    let mut entry = json!({
        "startedDateTime": started_at.to_string(),
        "time": milliseconds(took),
        "request": request(exchange, hop),
        "response": response(exchange, hop, is_last),
        "cache": {},
        "timings": timings::write(hop, took),
        "_exchange": exchange.id.0,
        "_hop": index + 1,
    });
    let mut set = |name: &str, value: Value| {
        if let Some(entry) = entry.as_object_mut() {
            entry.insert(name.to_owned(), value);
        }
    };
    if let Some(address) = hop.and_then(|hop| hop.remote_address.as_deref()) {
        let (ip, port) = address.rsplit_once(':').unwrap_or((address, ""));
        set("serverIPAddress", ip.trim_matches(['[', ']']).into());
        set("connection", port.into());
    }
    if let Some(message) = exchange.message.as_deref().filter(|_| is_last) {
        set("comment", message.into());
    }
    if let Some(Outcome::Failure(failure)) = exchange.outcome.as_ref().filter(|_| is_last) {
        set("_failure", json!(failure_of(failure)));
    }
    entry
}

fn failure_of(failure: &Failure) -> Value {
    json!({ "kind": failure.kind, "phase": failure.phase, "causes": failure.causes,
        "processed": failure.processed })
}

fn request(exchange: &Exchange, hop: Option<&Hop>) -> Value {
    let prepared = &exchange.prepared;
    let (method, url, headers) = hop.map_or(
        (&prepared.method, &prepared.url, &prepared.headers),
        |hop| (&hop.method, &hop.url, &hop.request_headers),
    );
    let version = hop.and_then(|hop| hop.response.as_ref());
    let version = version.map_or("HTTP/1.1".to_owned(), |head| head.version.to_string());
    let bytes = hop.map_or(prepared.body.len(), |hop| hop.request_body_bytes);
    let query = url::Url::parse(url).ok();
    let query: Vec<Value> = query
        .iter()
        .flat_map(url::Url::query_pairs)
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    let mut request = json!({
        "method": method, "url": url, "httpVersion": version, "cookies": cookies(headers),
        "headers": header_list(headers), "queryString": query, "headersSize": -1, "bodySize": bytes,
    });
    // A hop that dropped the body has none.
    if bytes > 0
        && !prepared.body.is_empty()
        && let Some(request) = request.as_object_mut()
    {
        request.insert("postData".to_owned(), post_data(&prepared.body, headers));
    }
    request
}

fn post_data(body: &PreparedBody, headers: &[Header]) -> Value {
    let media = find_header(headers, "content-type").map(Header::text);
    let media = media.unwrap_or_default();
    let files: Vec<Value> = body
        .files()
        .map(|file| json!({ "path": file.path.to_string_lossy(), "size": file.size }))
        .collect();
    if !files.is_empty() {
        // The history keeps no content of files.
        let known: String = body.pieces().iter().map(piece_text).collect();
        return json!({ "mimeType": media, "text": known, "_files": files });
    }
    let bytes = body.in_memory();
    if media.starts_with("application/x-www-form-urlencoded") {
        let params: Vec<Value> = form_urlencoded::parse(&bytes)
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        return json!({ "mimeType": media, "params": params, "text": String::from_utf8_lossy(&bytes) });
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => json!({ "mimeType": media, "text": text }),
        Err(_) => {
            json!({ "mimeType": media, "text": STANDARD.encode(&bytes), "_encoding": "base64" })
        }
    }
}

fn piece_text(piece: &Piece) -> String {
    match piece {
        Piece::Memory(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Piece::File(file) => format!("‹ the content of {} ›", file.path.display()),
    }
}

fn response(exchange: &Exchange, hop: Option<&Hop>, is_last: bool) -> Value {
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let received = received.filter(|_| is_last);
    let head = received
        .map(|response| &response.head)
        .or_else(|| hop.and_then(|hop| hop.response.as_ref()));
    let Some(head) = head else {
        // As browsers write what was not answered.
        return json!({
            "status": 0, "statusText": "", "httpVersion": "", "cookies": [], "headers": [],
            "content": { "size": 0, "mimeType": "x-unknown" }, "redirectURL": "",
            "headersSize": -1, "bodySize": -1,
        });
    };
    let location = find_header(&head.headers, "location").map(Header::text);
    let size = received.map_or(-1, |response| response.size() as i64);
    json!({
        "status": head.status,
        "statusText": head.reason.as_deref().unwrap_or_else(|| super::phrase(head.status)),
        "httpVersion": head.version.to_string(),
        "cookies": set_cookies(head),
        "headers": header_list(&head.headers),
        "content": received.map_or_else(|| json!({ "size": 0, "mimeType": media(head) }), content),
        "redirectURL": location.unwrap_or_default(),
        "headersSize": -1,
        "bodySize": size,
    })
}

fn media(head: &ResponseHead) -> String {
    let media = find_header(&head.headers, "content-type").map(Header::text);
    media.unwrap_or_else(|| "x-unknown".to_owned())
}

/// The body without its content codings, as HAR asks for; where they cannot be undone, as received.
fn content(response: &crate::model::Response) -> Value {
    let head = &response.head;
    let coding = find_header(&head.headers, "content-encoding").map(Header::text);
    let decoded = decoded_up_to(&response.body, coding.as_deref(), LARGEST);
    let is_coded = decoded.is_none();
    let body = decoded.unwrap_or_else(|| response.body.clone());
    let mut content = match std::str::from_utf8(&body) {
        Ok(text) => json!({ "text": text }),
        Err(_) => json!({ "text": STANDARD.encode(&body), "encoding": "base64" }),
    };
    if let Some(content) = content.as_object_mut() {
        content.insert("size".to_owned(), body.len().into());
        content.insert("mimeType".to_owned(), media(head).into());
        let saved = body.len() as i64 - response.body.len() as i64;
        content.insert("compression".to_owned(), saved.into());
        if is_coded {
            content.insert("_coded".to_owned(), true.into());
        }
        if let Some(whole) = response.cut_from() {
            content.insert("_whole".to_owned(), whole.into());
        }
        if response.masked() > 0 {
            content.insert("_masked".to_owned(), response.masked().into());
        }
    }
    content
}

fn header_list(headers: &[Header]) -> Vec<Value> {
    let headers = headers.iter();
    headers
        .map(|header| json!({ "name": header.name, "value": header.text() }))
        .collect()
}

fn cookies(headers: &[Header]) -> Vec<Value> {
    let rows = headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("cookie"))
        .map(Header::text);
    rows.flat_map(|row| {
        let pairs = row.split(';').map(|pair| cookie(pair.trim()));
        pairs.collect::<Vec<_>>()
    })
    .collect()
}

fn set_cookies(head: &ResponseHead) -> Vec<Value> {
    let headers = head.headers.iter();
    headers
        .filter(|header| header.name.eq_ignore_ascii_case("set-cookie"))
        .map(|header| {
            let text = header.text();
            cookie(text.split(';').next().unwrap_or_default().trim())
        })
        .collect()
}

fn cookie(pair: &str) -> Value {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    json!({ "name": name, "value": value })
}

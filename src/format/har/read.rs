//! HAR -> exchanges: an entry each, whoever wrote it. What an entry has not is left empty; one that is no
//! request at all is left out, which is told.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::Value;

use crate::model::{
    Body, BodyKind, Credentials, Exchange, ExchangeId, Failure, FailureKind, Field, Header, Hop,
    HttpVersion, Label, Options, Original, Outcome, Phase, PreparedRequest, Processed, Purpose,
    Request, Response, ResponseHead, Secrets, Transit,
};

use super::timings;

/// A text that is no HAR.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    #[error("it is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("it has no log.entries, so that it is no HAR")]
    NoEntries,
}

/// What was in it.
#[derive(Debug)]
pub struct Read {
    /// In the order of the file; without numbers.
    pub exchanges: Vec<Exchange>,
    /// What their users put on them, in the same order.
    pub labels: Vec<Label>,
    /// What was left out and why, a sentence each.
    pub notes: Vec<String>,
}

/// Header fields that are made anew with every send.
const AUTOMATIC: [&str; 4] = ["host", "content-length", "connection", "accept-encoding"];

/// Reads an archive. `now` is the time of entries that tell none.
pub fn import(text: &[u8], now: Timestamp) -> Result<Read, HarError> {
    // A byte order mark is no part of JSON, but some tools write one.
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let archive: Value = serde_json::from_slice(text)?;
    let entries = archive.pointer("/log/entries").and_then(Value::as_array);
    let mut read = Read {
        exchanges: Vec::new(),
        labels: Vec::new(),
        notes: Vec::new(),
    };
    for (index, entry) in entries.ok_or(HarError::NoEntries)?.iter().enumerate() {
        match exchange(entry, now) {
            Ok(exchange) => {
                read.exchanges.push(exchange);
                read.labels.push(label(entry));
            }
            Err(reason) => read.notes.push(format!("Entry {}: {reason}.", index + 1)),
        }
    }
    Ok(read)
}

fn exchange(entry: &Value, now: Timestamp) -> Result<Exchange, String> {
    let request = entry.get("request").ok_or("it has no request")?;
    let url = text(request, "url");
    let parsed = url::Url::parse(&url).map_err(|error| format!("“{url}” is no URL: {error}"))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(format!("“{}:” is not HTTP", parsed.scheme()));
    }
    let duration = entry.get("time").and_then(Value::as_f64);
    let duration = duration.filter(|time| *time >= 0.0 && time.is_finite());
    let duration = duration.map(|time| Duration::from_secs_f64((time / 1000.0).min(1e9)));
    let prepared = prepared(request, &url);
    let outcome = outcome(entry);
    let hop = Hop {
        method: prepared.method.clone(),
        url: prepared.url.clone(),
        request_headers: prepared.headers.clone(),
        request_body_bytes: prepared.body.len(),
        dropped: Vec::new(),
        purpose: Purpose::Request,
        attempt: 1,
        failure: None,
        remote_address: address(entry),
        response: outcome.received().map(|response| response.head.clone()),
        duration: duration.unwrap_or_default(),
        transit: Transit {
            phases: timings::read(entry, duration.unwrap_or_default()),
            ..Transit::default()
        },
    };
    let comment = entry.get("comment").and_then(Value::as_str);
    let started_at = text(entry, "startedDateTime").parse();
    Ok(Exchange {
        id: ExchangeId(0),
        started_at: started_at.unwrap_or(now),
        request: built(&prepared, &url),
        hops: vec![hop],
        prepared,
        outcome: Some(outcome),
        duration,
        message: comment.filter(|text| !text.is_empty()).map(str::to_owned),
        verdict: crate::model::Verdict::default(),
    })
}

/// What posttui writes beside an entry.
fn label(entry: &Value) -> Label {
    let said = |name: &str| Some(text(entry, name)).filter(|text| !text.is_empty());
    let tags = entry.get("_tags").and_then(Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(Value::as_str);
    Label {
        name: said("_name"),
        note: said("_note"),
        tags: tags.map(str::to_owned).collect(),
        pinned: entry.get("_pinned") == Some(&true.into()),
    }
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

fn headers(value: &Value) -> Vec<Header> {
    let list = value.get("headers").and_then(Value::as_array);
    let list = list.into_iter().flatten();
    let headers = list.map(|header| Header::new(text(header, "name"), text(header, "value")));
    // Browsers list the pseudo-headers of HTTP/2, which are no header fields.
    headers
        .filter(|header| !header.name.is_empty() && !header.name.starts_with(':'))
        .collect()
}

fn prepared(request: &Value, url: &str) -> PreparedRequest {
    let method = text(request, "method");
    PreparedRequest {
        method: if method.is_empty() {
            "GET".to_owned()
        } else {
            method
        },
        url: url.to_owned(),
        headers: headers(request),
        body: request
            .get("postData")
            .map(post_data)
            .unwrap_or_default()
            .into(),
        options: Options::default(),
        credentials: Credentials::default(),
        secrets: Secrets::default(),
        cookies: crate::model::Cookies::default(),
        lineage: crate::model::Lineage::default(),
    }
}

/// The text as it was sent; from the parameters where only these are there.
fn post_data(data: &Value) -> Bytes {
    let body = text(data, "text");
    if text(data, "_encoding") == "base64"
        && let Ok(bytes) = STANDARD.decode(&body)
    {
        return bytes.into();
    }
    if !body.is_empty() {
        return body.into();
    }
    let params = data.get("params").and_then(Value::as_array);
    let mut form = form_urlencoded::Serializer::new(String::new());
    for param in params.into_iter().flatten() {
        form.append_pair(&text(param, "name"), &text(param, "value"));
    }
    form.finish().into()
}

/// The request as a user would have built it, to be edited and sent again.
fn built(prepared: &PreparedRequest, url: &str) -> Request {
    let (place, parameters) = url.split_once('?').unwrap_or((url, ""));
    let is_automatic = |name: &str| AUTOMATIC.iter().any(|it| name.eq_ignore_ascii_case(it));
    let mut rows: Vec<Field> = prepared
        .headers
        .iter()
        .filter(|header| !is_automatic(&header.name))
        .map(|header| Field::new(header.name.clone(), header.text()))
        .collect();
    let body = body(prepared, &mut rows);
    Request {
        method: prepared.method.clone(),
        url: place.to_owned(),
        query: form_urlencoded::parse(parameters.as_bytes())
            .map(|(name, value)| Field::new(name, value))
            .collect(),
        headers: rows,
        body,
        ..Request::default()
    }
}

/// The kind of body that its content type speaks for, which then needs no row.
fn body(prepared: &PreparedRequest, rows: &mut Vec<Field>) -> Body {
    let bytes = prepared.body.in_memory();
    if bytes.is_empty() {
        return Body {
            kind: BodyKind::None,
            ..Body::default()
        };
    }
    let found = rows
        .iter()
        .position(|row| row.name.eq_ignore_ascii_case("content-type"));
    let media = found.map(|index| rows.remove(index).value);
    let media = media.unwrap_or_default();
    let content = String::from_utf8_lossy(&bytes).into_owned();
    match media.split(';').next().unwrap_or_default().trim() {
        "application/x-www-form-urlencoded" => Body {
            kind: BodyKind::Form,
            form: form_urlencoded::parse(&bytes)
                .map(|(name, value)| Field::new(name, value))
                .collect(),
            ..Body::default()
        },
        "application/json" => Body {
            kind: BodyKind::Json,
            json: content,
            ..Body::default()
        },
        _ => Body {
            kind: BodyKind::Text,
            text: content,
            text_type: media,
            ..Body::default()
        },
    }
}

fn address(entry: &Value) -> Option<String> {
    let ip = text(entry, "serverIPAddress");
    let ip = ip.trim_matches(['[', ']']);
    let port = text(entry, "connection");
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    match (ip.is_empty(), is_port) {
        (true, _) => None,
        (false, true) if ip.contains(':') => Some(format!("[{ip}]:{port}")),
        (false, true) => Some(format!("{ip}:{port}")),
        (false, false) => Some(ip.to_owned()),
    }
}

fn outcome(entry: &Value) -> Outcome {
    let response = entry.get("response");
    let status = response.and_then(|it| it.get("status")?.as_u64());
    let status = status.and_then(|status| u16::try_from(status).ok());
    match (response, status.filter(|status| *status > 0)) {
        // What had arrived before it failed is no whole answer.
        (Some(response), Some(status)) if entry.get("_failure").is_some() => {
            Outcome::Failure(Failure {
                partial: Some(answer(response, status)),
                ..failure(entry)
            })
        }
        (Some(response), Some(status)) => Outcome::Response(answer(response, status)),
        _ => Outcome::Failure(failure(entry)),
    }
}

fn answer(response: &Value, status: u16) -> Response {
    let phrase = text(response, "statusText");
    let usual = super::phrase(status);
    let mut headers = headers(response);
    let content = response.get("content");
    let body = content.map(content_bytes).unwrap_or_default();
    let is_coded = content.is_some_and(|it| it.get("_coded") == Some(&true.into()));
    if !is_coded {
        // The body is written without its codings: the header would say what is not so.
        for header in &mut headers {
            if header.name.eq_ignore_ascii_case("content-encoding") {
                "x-original-content-encoding".clone_into(&mut header.name);
            }
        }
    }
    Response {
        head: ResponseHead {
            status,
            reason: (!phrase.is_empty() && phrase != usual).then_some(phrase),
            version: version(&text(response, "httpVersion")),
            headers,
        },
        body,
        whole: content
            .and_then(|it| it.get("_whole")?.as_u64())
            .map(Original::cut),
    }
}

fn content_bytes(content: &Value) -> Bytes {
    let body = text(content, "text");
    if text(content, "encoding") == "base64"
        && let Ok(bytes) = STANDARD.decode(&body)
    {
        return bytes.into();
    }
    body.into()
}

/// Browsers write `h2`, `http/2.0` and the like.
fn version(written: &str) -> HttpVersion {
    match written.to_ascii_lowercase().as_str() {
        "http/0.9" => HttpVersion::Http09,
        "http/1.0" => HttpVersion::Http10,
        "h2" | "http/2" | "http/2.0" => HttpVersion::Http2,
        "h3" | "http/3" | "http/3.0" => HttpVersion::Http3,
        _ => HttpVersion::Http11,
    }
}

/// Why there is no answer, where posttui or a browser has written it down.
fn failure(entry: &Value) -> Failure {
    let own = entry.get("_failure");
    let part = |name: &str| own.and_then(|own| own.get(name)).cloned();
    let kind = part("kind").and_then(|kind| serde_json::from_value(kind).ok());
    let phase = part("phase").and_then(|phase| serde_json::from_value(phase).ok());
    let processed = part("processed").and_then(|it| serde_json::from_value(it).ok());
    let causes = part("causes").and_then(|causes| serde_json::from_value(causes).ok());
    let told = entry.pointer("/response/_error").and_then(Value::as_str);
    Failure {
        kind: kind.unwrap_or(FailureKind::Other),
        phase: phase.unwrap_or(Phase::Wait),
        causes: causes.unwrap_or_else(|| {
            let told = told.filter(|told| !told.is_empty());
            vec![told.unwrap_or("the archive holds no answer").to_owned()]
        }),
        processed: processed.unwrap_or(Processed::Maybe),
        partial: None,
    }
}

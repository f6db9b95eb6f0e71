//! Requests as a server understands them, so that two ways to write the same are the same.

use std::collections::BTreeMap;

use serde_json::Value;

/// Header fields that say who sends and how the connection is used, and those that follow from the body.
const OF_THE_PROGRAM: [&str; 8] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
    "proxy-connection",
    "content-length",
    "content-type",
];

/// What came of it, and what arrived.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    outcome: String,
    requests: Vec<Request>,
}

#[derive(Debug, PartialEq)]
struct Request {
    method: String,
    /// Whole where it went by way of a proxy.
    target: String,
    query: Vec<(String, String)>,
    host: String,
    headers: BTreeMap<String, String>,
    content_type: Option<String>,
    accept: Option<String>,
    body: Body,
}

#[derive(Debug, PartialEq)]
enum Body {
    Form(Vec<(String, String)>),
    Json(Value),
    Parts(Vec<Part>),
    Text(String),
}

#[derive(Debug, PartialEq)]
struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    content: String,
}

/// Decodes what was recorded of a case.
pub fn decode(recorded: &Value) -> Decoded {
    let requests = recorded["requests"].as_array().expect("the requests");
    Decoded {
        outcome: recorded["outcome"]
            .as_str()
            .expect("the outcome")
            .to_owned(),
        requests: requests
            .iter()
            .map(|request| decode_request(request.as_str().expect("a text")))
            .collect(),
    }
}

fn decode_request(text: &str) -> Request {
    let (head, body) = text.split_once("\r\n\r\n").expect("the end of the head");
    let mut lines = head.split("\r\n");
    let mut start = lines.next().expect("a request line").split(' ');
    let (method, target) = (
        start.next().expect("a method"),
        start.next().expect("a target"),
    );
    let mut headers: BTreeMap<String, String> = lines
        .map(|line| line.split_once(':').expect("a field"))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let host = headers.get("host").cloned().unwrap_or_default();
    let (content_type, accept) = (
        headers.get("content-type").cloned(),
        headers.get("accept").cloned(),
    );
    headers.retain(|name, _| !OF_THE_PROGRAM.contains(&name.as_str()));
    let (target, query) = target.split_once('?').unwrap_or((target, ""));
    Request {
        method: method.to_owned(),
        target: target.to_owned(),
        query: pairs(query),
        host,
        headers,
        body: decode_body(content_type.as_deref(), body),
        content_type: content_type.map(|it| it.split(';').next().unwrap_or_default().to_owned()),
        accept,
    }
}

fn pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

fn decode_body(content_type: Option<&str>, body: &str) -> Body {
    match content_type {
        Some("application/x-www-form-urlencoded") => Body::Form(pairs(body)),
        Some("application/json") => Body::Json(serde_json::from_str(body).expect("JSON")),
        Some(multipart) if multipart.starts_with("multipart/form-data") => {
            let boundary = multipart.split("boundary=").nth(1).expect("a boundary");
            let boundary = format!("--{}", boundary.trim_matches('"'));
            let parts = body.split(&boundary).skip(1);
            let parts = parts.filter(|part| !part.starts_with("--"));
            Body::Parts(parts.map(decode_part).collect())
        }
        _ => Body::Text(body.to_owned()),
    }
}

fn decode_part(part: &str) -> Part {
    let part = part
        .strip_prefix("\r\n")
        .expect("the end of the boundary's line");
    let (head, content) = part
        .split_once("\r\n\r\n")
        .expect("the end of a part's head");
    let field = |name: &str| {
        let mut lines = head.split("\r\n");
        lines.find_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        })
    };
    let disposition = field("content-disposition").expect("a disposition");
    let parameter = |name: &str| {
        let after = disposition.split(&format!("; {name}=\"")).nth(1)?;
        after.split('"').next().map(str::to_owned)
    };
    Part {
        name: parameter("name").expect("a name"),
        file_name: parameter("filename"),
        content_type: field("content-type"),
        content: content
            .strip_suffix("\r\n")
            .expect("the line end")
            .to_owned(),
    }
}

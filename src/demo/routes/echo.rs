//! The request told back, exactly as it was received.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::{
    demo::{call::Call, reply::Reply},
    model::Header,
};

/// What was received, in the order in which it came.
#[derive(Serialize)]
struct Echo<'a> {
    method: &'a str,
    target: &'a str,
    version: String,
    /// `[name, value]`; a value that is not UTF-8 is read as ISO-8859-1.
    headers: Vec<(&'a str, String)>,
    body_bytes: usize,
    /// `utf-8`, or `base64` for a body that is not UTF-8.
    body_encoding: &'static str,
    body: String,
    /// The fields of a urlencoded body, else null.
    form: Option<Vec<(String, String)>>,
}

pub fn echo(call: &Call) -> Reply {
    let (body_encoding, body) = match std::str::from_utf8(&call.body) {
        Ok(text) => ("utf-8", text.to_owned()),
        Err(_) => ("base64", STANDARD.encode(&call.body)),
    };
    let head = call.head;
    let echo = Echo {
        method: &head.method,
        target: &head.target,
        version: head.version.to_string(),
        headers: head.headers.iter().map(name_and_value).collect(),
        body_bytes: call.body.len(),
        body_encoding,
        body,
        form: call.form(),
    };
    Reply::json(200, &echo)
}

fn name_and_value(header: &Header) -> (&str, String) {
    (&header.name, header.text())
}

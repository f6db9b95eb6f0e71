//! A prepared request -> a curl command that puts the same on the wire.
//!
//! curl adds fields of its own where none is given: those that are not wanted are switched off
//! (`-H 'accept:'`). The automatic `user-agent` of posttui is left out, so that curl names itself.

use std::time::Duration;

use crate::{
    model::{Header, Options, Piece, PreparedBody, PreparedRequest, Redirects, find_header},
    prepare::USER_AGENT,
    units::plain_seconds,
};

use super::{
    credentials,
    quote::{printf, quote},
    way,
};

const FORM: &str = "application/x-www-form-urlencoded";

/// From this size on curl asks before it sends a body (`Expect: 100-continue`), in bytes.
const EXPECT_FROM: u64 = 1024 * 1024;

/// The command, an option a line. What no argument can hold, a NUL or a file among other bytes, goes in
/// by a pipe.
pub fn export(prepared: &PreparedRequest) -> String {
    let body = &prepared.body;
    let has_length = find_header(&prepared.headers, "content-length").is_some();
    let has_data = !body.pieces().is_empty() || has_length;
    let (data, pipe) = data(body);
    let mut words = Vec::new();
    words.extend(method(&prepared.method, has_data));
    words.push(quote(&prepared.url));
    if prepared.url.contains(['[', ']', '{', '}']) {
        words.push("--globoff".to_owned());
    }
    words.extend(headers(prepared, has_data));
    if has_data {
        words.push(data);
    }
    words.extend(credentials::export(prepared));
    words.extend(options(&prepared.options));
    // curl would send a POST again that may have taken effect: left out, it sends it once.
    let times = prepared.options.retry.times;
    if times > 0 && !prepared.may_act_twice() {
        words.push(format!("--retry {times}"));
    }
    words.extend(way::export(&prepared.options.transport, &prepared.url));
    let command = format!("curl {}", words.join(" \\\n  "));
    match pipe {
        Some(pipe) => format!("{pipe} | {command}"),
        None => command,
    }
}

/// The option that brings the body along, and what has to be piped into curl for it.
fn data(body: &PreparedBody) -> (String, Option<String>) {
    let from_pipe = || "--data-binary @-".to_owned();
    match body.pieces() {
        [Piece::File(file)] => {
            let path = format!("@{}", file.path.display());
            (format!("--data-binary {}", quote(&path)), None)
        }
        pieces if body.has_files() => {
            let commands: Vec<String> = pieces.iter().map(command_of).collect();
            (from_pipe(), Some(format!("{{ {}; }}", commands.join("; "))))
        }
        _ => {
            let bytes = body.in_memory();
            match std::str::from_utf8(&bytes) {
                Ok(text) if !text.contains('\0') => (format!("--data-raw {}", quote(text)), None),
                _ => (from_pipe(), Some(format!("printf {}", printf(&bytes)))),
            }
        }
    }
}

/// The command that prints a piece of a body.
fn command_of(piece: &Piece) -> String {
    match piece {
        Piece::Memory(bytes) => format!("printf {}", printf(bytes)),
        Piece::File(file) => format!("cat -- {}", quote(&file.path.display().to_string())),
    }
}

/// The method, where it is not the one that curl takes by itself.
fn method(method: &str, has_data: bool) -> Option<String> {
    match method {
        "POST" if has_data => None,
        "GET" if !has_data => None,
        "HEAD" if !has_data => Some("--head".to_owned()),
        other => Some(format!("-X {}", quote(other))),
    }
}

fn headers(prepared: &PreparedRequest, has_data: bool) -> Vec<String> {
    let all = &prepared.headers;
    let mut words: Vec<String> = all
        .iter()
        .filter(|header| !is_added_by_curl(header, prepared, has_data))
        .map(|header| credentials::option_for(header).unwrap_or_else(|| field(header)))
        .collect();
    let mut suppress = |name: &str| {
        if find_header(all, name).is_none() {
            words.push(format!("-H {}", quote(&format!("{name}:"))));
        }
    };
    suppress("accept");
    suppress("user-agent");
    if has_data {
        suppress("content-type");
    }
    if prepared.body.has_files() || prepared.body.len() >= EXPECT_FROM {
        suppress("expect");
    }
    words
}

fn field(header: &Header) -> String {
    let (name, value) = (&header.name, header.text());
    let line = if value.is_empty() {
        format!("{name};")
    } else {
        format!("{name}: {value}")
    };
    format!("-H {}", quote(&line))
}

/// Whether curl sends the very same field by itself.
fn is_added_by_curl(header: &Header, prepared: &PreparedRequest, has_data: bool) -> bool {
    let value = header.text();
    match header.name.to_ascii_lowercase().as_str() {
        "host" => value == host_of(&prepared.url),
        "content-length" => true,
        "accept" => value == "*/*",
        "user-agent" => value == USER_AGENT,
        "content-type" => has_data && value == FORM,
        _ => false,
    }
}

fn host_of(url: &str) -> String {
    let Ok(url) = url::Url::parse(url) else {
        return String::new();
    };
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn options(options: &Options) -> Vec<String> {
    let usual = Options::default();
    let mut words = Vec::new();
    match options.redirects {
        // curl asks nobody: what is not followed here without a yes is not followed there.
        Redirects::Follow => words.push("--location".to_owned()),
        Redirects::KeepMethod => {
            words.push("--location --post301 --post302 --post303".to_owned());
        }
        Redirects::Stop | Redirects::Ask => {}
    }
    if options.connect_timeout != usual.connect_timeout {
        let limit = options.connect_timeout;
        words.push(format!("--connect-timeout {}", plain_seconds(limit)));
    }
    if options.total_timeout != usual.total_timeout {
        let limit = options.total_timeout.unwrap_or(Duration::ZERO);
        words.push(format!("--max-time {}", plain_seconds(limit)));
    }
    words
}

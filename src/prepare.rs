//! Request -> [`PreparedRequest`]: exactly what will go on the wire, or what is wrong and where.
//!
//! The header fields are listed in the order in which they are written, the automatic ones included,
//! so that what the screen shows before and after a send is what the server receives.

mod address;
mod again;
mod authorize;
mod automatic;
mod body;
mod given;
mod head;
mod idempotency;
mod marks;
mod media_type;
mod multipart;
mod own_host;
mod path;

use http::{HeaderName, HeaderValue, Method};
use url::Url;

pub use address::{AddressError, complete_address, complete_text};
pub use again::{Stale, as_it_was, needs_secrets};
pub use automatic::{Automatic, automatic, is_suppressible};
pub use given::{Given, PLACEHOLDER_BOUNDARY, PLACEHOLDER_KEY};
pub use head::{
    field_for_proxy, piece_note, request_head, request_head_by, request_line, request_line_by,
};
pub use media_type::guess_type;
pub use multipart::{part_file_name, part_type};
pub use path::{
    PathParameter, arrange_path, complete_path, is_path_parameter_begun, path_parameters,
};

use authorize::authorize;

use crate::{
    auth::Applied,
    cookies,
    model::{
        BodySpot, Cell, Cookies, Field, Header, Options, PreparedRequest, REDACTED, Request,
        Secrets,
    },
    options::{self, OptionError},
};

/// The `User-Agent` sent unless the user gives another.
pub const USER_AGENT: &str = concat!("posttui/", env!("CARGO_PKG_VERSION"));

/// The codings that a body is shown without: RFC 9110, Section 12.5.3.
const ACCEPTED_CODINGS: &str = "gzip, deflate, br, zstd";

/// Where in the builder something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Method,
    Url,
    /// The row of the headers, counted from 0 over all rows.
    Header(usize),
    /// The field of the auth tab that is called so; [`crate::auth::KIND_FIELD`] for the kind itself.
    Auth(&'static str),
    /// The row of the multipart body, counted from 0 over all rows, and its cell.
    Part(usize, Cell),
    /// A text of the body other than a row.
    Body(BodySpot),
    /// The row of the path parameters, counted likewise.
    Path(usize),
    /// The row of the query, counted likewise.
    Query(usize),
    /// The row of the form, counted likewise.
    Form(usize),
    /// The option of this name: see [`crate::options`].
    Option(&'static str),
}

/// A request that cannot be sent. Nothing has gone out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PrepareError {
    pub place: Place,
    pub reason: String,
}

impl PrepareError {
    fn new(place: Place, reason: impl Into<String>) -> Self {
        Self {
            place,
            reason: reason.into(),
        }
    }
}

impl From<OptionError> for PrepareError {
    fn from(error: OptionError) -> Self {
        Self::new(Place::Option(error.name), error.reason)
    }
}

/// Turns what the user built into what will go on the wire, for a request that needs nothing from
/// outside: see [`prepare_with`].
pub fn prepare(request: &Request) -> Result<PreparedRequest, PrepareError> {
    prepare_with(request, &Given::default())
}

/// Turns what the user built into what will go on the wire. What is no part of the request itself,
/// such as the sizes of the files that it names, is given.
pub fn prepare_with(request: &Request, given: &Given) -> Result<PreparedRequest, PrepareError> {
    let method = prepare_method(&request.method)?;
    let mut url = prepare_url(&request.url, &request.path)?;
    marks::refuse(request)?;
    append_query(&mut url, &request.query);
    let in_url = take_credentials(&mut url);
    let mut options = options::read(&request.options)?;
    if let Some(unusable) = &given.unusable {
        return Err(unusable.clone().into());
    }
    let authorized = authorize(request, in_url)?;
    if let Some(Applied::Query(name, value)) = &authorized.applied {
        append_query(&mut url, &[Field::new(name, value)]);
    }
    let mut headers = vec![Header::new("host", host_field(&url))];
    append_user_headers(&mut headers, &request.headers)?;
    own_host::settle(&mut options, &headers, &request.headers, &host_field(&url))?;
    let (content_type, body) = body::serialise(request, &headers, given)?;
    let mut add_default = |name: &str, value: String| {
        let given = headers.iter().any(|header| header.is(name));
        if !given && !automatic::is_suppressed(name, &request.headers) {
            headers.push(Header::new(name, value));
        }
    };
    if let Some(content_type) = content_type {
        add_default("content-type", content_type);
    }
    if let Some(Applied::Header(header)) = &authorized.applied {
        add_default(&header.name, header.text());
    }
    add_default("user-agent", USER_AGENT.to_owned());
    add_default("accept", "*/*".to_owned());
    let (cookies, value) = jar_cookies(request, &options, given, &url);
    if let Some(value) = value {
        add_default("cookie", value);
    }
    if options.compression {
        add_default("accept-encoding", ACCEPTED_CODINGS.to_owned());
    }
    if let Some(key) = idempotency::key(&options.idempotency_key, given) {
        add_default(idempotency::HEADER, key);
    }
    if !body.is_empty() || expects_content(&method) {
        add_default("content-length", body.len().to_string());
    }
    Ok(PreparedRequest {
        method,
        url: url.into(),
        headers,
        body,
        options,
        credentials: authorized.credentials,
        secrets: Secrets::default(),
        cookies,
        lineage: crate::model::Lineage::default(),
    })
}

/// Checks the method: any registered or custom one that is a token (RFC 9110, Section 9.1). Methods
/// are case-sensitive, so that `post` is sent as `post`.
fn prepare_method(text: &str) -> Result<String, PrepareError> {
    let text = text.trim();
    let wrong = |reason: String| PrepareError {
        place: Place::Method,
        reason,
    };
    if text.is_empty() {
        return Err(wrong(
            "the method is empty: choose POST or another one".to_owned(),
        ));
    }
    if text.eq_ignore_ascii_case("connect") {
        return Err(wrong(
            "CONNECT asks a proxy for a tunnel and has no response to show".to_owned(),
        ));
    }
    Method::from_bytes(text.as_bytes())
        .map(|method| method.as_str().to_owned())
        .map_err(|_| {
            wrong(format!(
                "“{text}” is no method: only letters, digits and !#$%&'*+-.^_`|~ may stand in one"
            ))
        })
}

fn prepare_url(text: &str, path: &[Field]) -> Result<Url, PrepareError> {
    let wrong = |reason| PrepareError {
        place: Place::Url,
        reason,
    };
    if let Some(reason) = marks::missing_in_url(text) {
        return Err(wrong(reason));
    }
    let filled = path::fill_path(text, path)
        .map_err(|(row, reason)| PrepareError::new(Place::Path(row), reason))?;
    complete_address(&filled).map_err(|error| wrong(error.to_string()))
}

fn append_query(url: &mut Url, query: &[Field]) {
    let rows = query.iter().filter(|field| field.is_sent());
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(rows.map(|field| (&field.name, &field.value)));
    let added = pairs.finish();
    if added.is_empty() {
        return;
    }
    let query = match url.query() {
        None | Some("") => added,
        Some(typed) => format!("{typed}&{added}"),
    };
    url.set_query(Some(&query));
}

/// What the request has to do with the jar, and the value that the jar has for it. A `cookie` row of the
/// user's takes the place of the jar's cookies; one that is off keeps them back.
fn jar_cookies(
    request: &Request,
    options: &Options,
    given: &Given,
    url: &Url,
) -> (Cookies, Option<String>) {
    let jar = given.jar.clone().filter(|_| options.use_jar);
    let is_own = |row: &Field| row.name.trim().eq_ignore_ascii_case("cookie");
    let is_sent = jar.is_some()
        && !request
            .headers
            .iter()
            .any(|row| is_own(row) && (!row.enabled || row.is_sent()));
    let value = jar.as_deref().filter(|_| is_sent);
    let value = value.and_then(|jar| cookies::header(jar, url));
    (Cookies { jar, is_sent }, value)
}

/// Takes `user:password@` out of the URL: both, decoded.
fn take_credentials(url: &mut Url) -> Option<(Vec<u8>, Vec<u8>)> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let username = percent_decode(url.username());
    let password = percent_decode(url.password().unwrap_or_default());
    // Neither can fail: only URLs without a host refuse them, and `complete_address` lets none pass.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Some((username, password))
}

fn percent_decode(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let ahead = bytes.clone();
        let digits = (byte == b'%')
            .then(|| bytes.next().zip(bytes.next()))
            .flatten();
        let value = digits.and_then(|(high, low)| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            Some((digit(high)? * 16 + digit(low)?) as u8)
        });
        if value.is_none() {
            bytes = ahead;
        }
        decoded.push(value.unwrap_or(byte));
    }
    decoded
}

/// The Host field: RFC 9112, Section 3.2; the default port is left out.
pub fn host_field(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn append_user_headers(headers: &mut Vec<Header>, fields: &[Field]) -> Result<(), PrepareError> {
    for (row, field) in fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.is_sent())
    {
        let header = check_header(field).map_err(|reason| PrepareError {
            place: Place::Header(row),
            reason,
        })?;
        if header.is("host") {
            headers.retain(|header| !header.is("host"));
            headers.insert(0, header);
        } else {
            headers.push(header);
        }
    }
    Ok(())
}

/// Checks one row of the headers; the name goes out as it was typed, but over HTTP/2.
fn check_header(field: &Field) -> Result<Header, String> {
    let name = field.name.trim();
    if name.is_empty() {
        return Err("a header needs a name".to_owned());
    }
    let known = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        format!("“{name}” is no header name: no spaces, colons or non-ASCII letters")
    })?;
    if known == http::header::CONTENT_LENGTH || known == http::header::TRANSFER_ENCODING {
        return Err(format!(
            "posttui computes {known} from the body: leave this header out"
        ));
    }
    let value = field.value.trim_matches([' ', '\t']);
    if value.contains(REDACTED) {
        return Err(format!(
            "the history does not keep the secret in {name}: type it again"
        ));
    }
    if let Some(reason) = marks::missing(value) {
        return Err(reason);
    }
    if let Some(control) = value
        .chars()
        .find(|char| char.is_ascii_control() && *char != '\t')
    {
        return Err(format!(
            "the value of {name} holds {}, which no header may",
            control_name(control)
        ));
    }
    // Everything else is allowed as obs-text (RFC 9110, Section 5.5) and goes out as UTF-8.
    HeaderValue::from_bytes(value.as_bytes())
        .map(|value| Header::new(name, value.as_bytes()))
        .map_err(|error| format!("the value of {name} cannot be sent: {error}"))
}

fn control_name(control: char) -> String {
    match control {
        '\n' => "a line feed".to_owned(),
        '\r' => "a carriage return".to_owned(),
        '\0' => "a NUL".to_owned(),
        other => format!("the control character U+{:04X}", u32::from(other)),
    }
}

/// Methods that say `content-length: 0` when there is no body (RFC 9110, Section 8.6).
fn expects_content(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

#[cfg(test)]
mod tests;

//! A curl command -> the request that it would send, and what of it has no counterpart here.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    format::query,
    model::{Body, BodyKind, Field, Redirects, Request},
};

use super::{
    CurlError,
    data::Data,
    options::{self, Deed, Given},
    way::{self, Taken},
    words,
};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// A command as a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub request: Request,
    /// What is not taken over, a sentence each; none of them holds the value of an option that may be
    /// a secret.
    pub notes: Vec<String>,
}

/// Reads a command; see [`super`].
pub fn import(text: &str) -> Result<Imported, CurlError> {
    let found = words::split(text)?;
    let Some((program, arguments)) = found.all.split_first() else {
        return Err(CurlError::NotCurl);
    };
    if !words::is_curl(program) {
        return Err(CurlError::NotCurl);
    }
    let mut reading = Reading::default();
    for option in options::read(arguments)? {
        reading.take(&option)?;
    }
    if !found.expansions.is_empty() {
        let names = found.expansions.join(", ");
        reading.note(format!(
            "Kept as written, since nothing is looked up or run here: {names}."
        ));
    }
    if let Some(tail) = found.tail {
        reading.note(format!("What follows the command is left out: {tail}"));
    }
    reading.finish()
}

/// The command as far as it is read.
#[derive(Debug, Default)]
struct Reading {
    request: Request,
    urls: Vec<String>,
    method: Option<String>,
    data: Data,
    url_query: Vec<String>,
    /// Options that are on or off.
    switches: Vec<Deed>,
    user: Option<String>,
    other_scheme: bool,
    /// Last digits of the redirects after which a POST stays one.
    post_kept: Vec<String>,
    cookies: Vec<String>,
    /// Options about curl's own output.
    output: Vec<String>,
    notes: Vec<String>,
}

impl Reading {
    fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn switch(&mut self, deed: Deed, on: bool) {
        self.switches.retain(|other| *other != deed);
        if on {
            self.switches.push(deed);
        }
    }

    fn has(&self, deed: Deed) -> bool {
        self.switches.contains(&deed)
    }

    fn take(&mut self, given: &Given) -> Result<(), CurlError> {
        let value = given.value.clone();
        match given.deed {
            Deed::Url => self.urls.push(value),
            Deed::Method => self.method = Some(value),
            Deed::Header => self.header(&value),
            Deed::Data | Deed::DataRaw | Deed::DataUrlencode | Deed::Json => self.data.add(given),
            Deed::Form => {
                self.switch(Deed::Form, true);
                let name = value.split('=').next().unwrap_or_default();
                self.note(format!(
                    "{} {name}: multipart bodies are not taken over.",
                    given.name
                ));
            }
            Deed::User => self.user = Some(value),
            Deed::Bearer => self.set("Authorization", &format!("Bearer {value}")),
            Deed::Cookie => self.cookie(value),
            Deed::UserAgent => self.set_or_suppress("User-Agent", &value),
            Deed::Referer => self.referer(&value),
            Deed::MaxTime => {
                let limit = seconds("--max-time", &value)?;
                self.request.options.total_timeout = Some(limit).filter(|limit| !limit.is_zero());
            }
            Deed::ConnectTimeout => self.connect_timeout(seconds("--connect-timeout", &value)?),
            Deed::UrlQuery => self.url_query.push(value),
            Deed::Upload => {
                self.switch(Deed::Upload, true);
                self.note(format!("--upload-file {value}: the file is not read."));
            }
            Deed::Get | Deed::Head | Deed::Follow | Deed::Compressed => {
                self.switch(given.deed, given.on);
            }
            Deed::Next => return Err(CurlError::Next),
            Deed::Output => self.output.push(given.name.clone()),
            Deed::Nothing => {}
            Deed::Elsewhere => self.elsewhere(given),
        }
        Ok(())
    }

    /// `Name: value`; `Name:` keeps a field from being sent, `Name;` sends it empty.
    fn header(&mut self, line: &str) {
        if let Some(file) = line.strip_prefix('@') {
            self.note(format!("--header @{file}: the file is not read."));
        } else if let Some((name, value)) = line.split_once(':') {
            self.set_or_suppress(name.trim(), value.trim());
        } else if let Some(name) = line.strip_suffix(';') {
            self.set(name.trim(), "");
        } else {
            self.note(format!(
                "--header {line}: it has no colon, and curl does not send it either."
            ));
        }
    }

    fn set(&mut self, name: &str, value: &str) {
        let lower = name.to_ascii_lowercase();
        if matches!(lower.as_str(), "content-length" | "transfer-encoding") {
            self.note(format!(
                "--header {name}: posttui computes it from the body."
            ));
        } else {
            self.request.headers.push(Field::new(name, value));
        }
    }

    fn set_or_suppress(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.set(name, value);
        } else if crate::prepare::is_suppressible(name) {
            self.request.headers.push(Field {
                enabled: false,
                ..Field::new(name, "")
            });
        } else if ["host", "content-length", "accept"]
            .iter()
            .any(|kept| name.eq_ignore_ascii_case(kept))
        {
            self.note(format!(
                "--header {name}: posttui cannot leave it out of a request."
            ));
        }
        // Any other field is not sent unless there is a row for it.
    }

    fn cookie(&mut self, value: String) {
        if value.contains('=') {
            self.cookies.push(value);
        } else {
            self.note(format!("--cookie {value}: the file is not read."));
        }
    }

    fn referer(&mut self, value: &str) {
        let url = value.strip_suffix(";auto").unwrap_or(value);
        if url.len() != value.len() {
            self.note("--referer: its ;auto has no counterpart.");
        }
        self.set_or_suppress("Referer", url);
    }

    fn connect_timeout(&mut self, limit: Duration) {
        if limit.is_zero() {
            self.note("--connect-timeout 0: posttui always has a limit here.");
        } else {
            self.request.options.connect_timeout = limit;
        }
    }

    fn elsewhere(&mut self, given: &Given) {
        match way::take(&mut self.request.options.transport, given) {
            Taken::Whole => return,
            Taken::But(why) => return self.note(format!("{}: {why}.", given.name)),
            Taken::No => {}
        }
        if let Some(status) = given.name.strip_prefix("--post30") {
            self.post_kept.push(status.to_owned());
            return;
        }
        self.other_scheme |= matches!(
            given.name.as_str(),
            "--digest" | "--ntlm" | "--negotiate" | "--anyauth" | "--aws-sigv4"
        );
        let why = match given.name.as_str() {
            _ if !given.on => return,
            "--proxy-user" => "write the credentials into the proxy's URL",
            "--location-trusted" => {
                self.switch(Deed::Follow, true);
                "redirects are followed, but credentials never go to another host"
            }
            "--config" | "--netrc" | "--netrc-file" | "--netrc-optional" => "no file is read",
            "--http3" | "--http1.0" => "posttui speaks HTTP/1.1 and HTTP/2",
            _ => "it has no counterpart here",
        };
        self.note(format!("{}: {why}.", given.name));
    }

    fn finish(mut self) -> Result<Imported, CurlError> {
        self.place_url()?;
        self.place_credentials();
        if !self.cookies.is_empty() {
            let cookies = self.cookies.join("; ");
            self.set("Cookie", &cookies);
        }
        if self.has(Deed::Compressed) && self.sent_header("accept-encoding").is_none() {
            self.set("Accept-Encoding", "gzip, deflate, br, zstd");
        }
        self.place_method();
        self.place_data();
        self.request.options.redirects = self.redirects();
        if !self.output.is_empty() {
            let names = self.output.join(", ");
            self.note(format!(
                "Only about curl's own output, and left out: {names}."
            ));
        }
        let (request, notes) = (self.request, self.notes);
        Ok(Imported { request, notes })
    }

    fn redirects(&mut self) -> Redirects {
        let kept = |digit: &str| self.post_kept.iter().any(|it| it == digit);
        match (self.has(Deed::Follow), ["1", "2", "3"].map(kept)) {
            (false, _) => Redirects::Stop,
            (true, [true, true, true]) => Redirects::KeepMethod,
            (true, [false, false, false]) => Redirects::Follow,
            (true, _) => {
                self.note(
                    "--post301, --post302, --post303: they are taken over all together only.",
                );
                Redirects::Follow
            }
        }
    }

    /// curl takes the first URL; without a scheme it means http.
    fn place_url(&mut self) -> Result<(), CurlError> {
        let mut urls = std::mem::take(&mut self.urls).into_iter();
        let url = urls.next().filter(|url| !url.is_empty());
        let url = url.ok_or(CurlError::NoUrl)?;
        for other in urls {
            self.note(format!(
                "A further URL is left out: {}",
                without_credentials(&other)
            ));
        }
        self.request.url = if url.contains("://") || url.starts_with("{{") {
            url
        } else {
            format!("http://{url}")
        };
        Ok(())
    }

    fn place_credentials(&mut self) {
        let Some(user) = self.user.take() else { return };
        if self.other_scheme {
            self.note("--user: the credentials of this scheme are not taken over.");
            return;
        }
        if self.sent_header("authorization").is_some() {
            return;
        }
        if !user.contains(':') {
            self.note("--user: curl would ask for the password; here it is empty.");
        }
        let pair = if user.contains(':') {
            user
        } else {
            format!("{user}:")
        };
        self.set("Authorization", &format!("Basic {}", STANDARD.encode(pair)));
    }

    fn place_method(&mut self) {
        let has_body = self.has(Deed::Form) || !self.data.is_empty();
        let implied = match () {
            () if self.has(Deed::Head) => "HEAD",
            () if self.has(Deed::Upload) => "PUT",
            () if self.has(Deed::Get) || !has_body => "GET",
            () => "POST",
        };
        if self.has(Deed::Follow)
            && self
                .method
                .as_deref()
                .is_some_and(|it| !matches!(it, "GET" | "HEAD"))
        {
            self.note(
                "--request with --location: curl keeps the method after a 301, 302 or 303; posttui goes on with GET, as browsers do.",
            );
        }
        self.request.method = self.method.take().unwrap_or_else(|| implied.to_owned());
    }

    fn place_data(&mut self) {
        let data = std::mem::take(&mut self.data);
        for (option, file) in &data.files {
            self.note(format!(
                "{option} @{file}: the file is not read; its bytes are missing."
            ));
        }
        for pair in std::mem::take(&mut self.url_query) {
            self.add_query(&pair);
        }
        if self.has(Deed::Get) || (self.has(Deed::Head) && self.method.is_none()) {
            if let Some(text) = &data.text {
                self.add_query(text);
            }
            self.request.body.kind = BodyKind::None;
            return;
        }
        if data.is_json && self.sent_header("accept").is_none() {
            self.set("Accept", JSON);
        }
        self.request.body = self.body(data);
    }

    /// Query rows where they come out the same, else a part of the URL.
    fn add_query(&mut self, pairs: &str) {
        match query::read_exactly(pairs) {
            Some(rows) => self.request.query.extend(rows),
            None if pairs.is_empty() => {}
            None => {
                let url = &mut self.request.url;
                url.push(if url.contains('?') { '&' } else { '?' });
                url.push_str(pairs);
            }
        }
    }

    /// The body, and the row of its type where the kind of body does not bring that along.
    fn body(&mut self, data: Data) -> Body {
        let Some(text) = data.text else {
            return Body {
                kind: BodyKind::None,
                ..Body::default()
            };
        };
        let suppressed = self.is_suppressed("content-type");
        let given = self.sent_header("content-type");
        let default = if data.is_json { JSON } else { FORM };
        let kind = given.clone().unwrap_or_else(|| default.to_owned());
        if suppressed && given.is_none() {
            return self.untyped(text);
        }
        if kind == FORM
            && let Some(rows) = query::read_exactly(&text)
        {
            self.drop_header("content-type");
            return form_body(rows);
        }
        let media = kind.split(';').next().unwrap_or_default().trim();
        let is_json = media.eq_ignore_ascii_case(JSON) || media.ends_with("+json");
        let (brought, body) = match is_json {
            _ if text.is_empty() => ("", body_of(BodyKind::None, text)),
            true => (JSON, body_of(BodyKind::Json, text)),
            false => (TEXT, body_of(BodyKind::Text, text)),
        };
        if kind == brought {
            self.drop_header("content-type");
        } else if given.is_none() {
            self.set("Content-Type", &kind);
        }
        body
    }

    fn untyped(&mut self, text: String) -> Body {
        if text.is_empty() {
            self.drop_header("content-type");
            return body_of(BodyKind::None, text);
        }
        body_of(BodyKind::Text, text)
    }

    /// The value of the last row that is sent under a name.
    fn sent_header(&self, name: &str) -> Option<String> {
        let mut rows = self.request.headers.iter().rev();
        rows.find(|row| row.enabled && row.name.eq_ignore_ascii_case(name))
            .map(|row| row.value.clone())
    }

    fn is_suppressed(&self, name: &str) -> bool {
        let mut rows = self.request.headers.iter();
        rows.any(|row| !row.enabled && row.name.eq_ignore_ascii_case(name))
    }

    fn drop_header(&mut self, name: &str) {
        self.request
            .headers
            .retain(|row| !row.name.eq_ignore_ascii_case(name));
    }
}

fn form_body(rows: Vec<Field>) -> Body {
    Body {
        kind: BodyKind::Form,
        form: rows,
        ..Body::default()
    }
}

fn body_of(kind: BodyKind, text: String) -> Body {
    let mut body = Body {
        kind,
        ..Body::default()
    };
    match kind {
        BodyKind::Json => body.json = text,
        BodyKind::Text => body.text = text,
        BodyKind::Form | BodyKind::None => {}
    }
    body
}

fn seconds(option: &'static str, value: &str) -> Result<Duration, CurlError> {
    let parsed = value.trim().parse::<f64>().ok();
    parsed
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| CurlError::Seconds {
            option,
            value: value.to_owned(),
        })
}

/// A URL to be told, without the user and password in it.
fn without_credentials(url: &str) -> String {
    let start = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(start);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}{host}{path}")
}

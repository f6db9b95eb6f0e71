//! A curl command -> the request that it would send, and what of it has no counterpart here.

use std::time::Duration;

use crate::{
    model::{Field, Request},
    units::plain_seconds,
};

use super::{
    CurlError,
    credentials::Credentials,
    data::Data,
    form,
    options::{self, Deed, Given},
    way::{self, Taken},
    words,
};

/// A command as a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub request: Request,
    /// What is not taken over and makes it another request than curl's, a sentence each; none of them
    /// holds the value of an option that may be a secret.
    pub notes: Vec<String>,
    /// What is left out and makes no difference to the request, likewise.
    pub remarks: Vec<String>,
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
    if let Some(mark) = found.all.iter().find_map(|word| open_mark(word)) {
        reading.note(format!(
            "{mark} stands for what is filled in when it is sent: type that in its place."
        ));
    }
    if let Some(tail) = found.tail {
        reading.remark(format!("What follows the command is left out: {tail}"));
    }
    reading.finish()
}

/// What posttui writes into the commands that it copies, where a value is not known or not told.
fn open_mark(word: &str) -> Option<&str> {
    let (_, rest) = word.split_at_checked(word.find('‹')?)?;
    let end = rest.find('›')? + '›'.len_utf8();
    rest.get(..end)
}

/// The command as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) request: Request,
    pub(super) urls: Vec<String>,
    pub(super) method: Option<String>,
    pub(super) data: Data,
    /// The parts of a multipart body.
    pub(super) parts: Vec<Field>,
    /// The file that is the whole body of a PUT.
    pub(super) upload: Option<String>,
    pub(super) url_query: Vec<String>,
    /// Options that are on or off.
    pub(super) switches: Vec<Deed>,
    pub(super) credentials: Credentials,
    /// Last digits of the redirects after which a POST stays one.
    pub(super) post_kept: Vec<String>,
    pub(super) cookies: Vec<String>,
    /// Options about curl's own output.
    pub(super) output: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) remarks: Vec<String>,
}

impl Reading {
    /// Tells what makes the request another one than curl's.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Tells what makes no difference to the request.
    pub(super) fn remark(&mut self, remark: impl Into<String>) {
        let remark = remark.into();
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    fn switch(&mut self, deed: Deed, on: bool) {
        self.switches.retain(|other| *other != deed);
        if on {
            self.switches.push(deed);
        }
    }

    pub(super) fn has(&self, deed: Deed) -> bool {
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
                match form::parts(&value, given.name == "--form-string") {
                    Ok(parts) => self.form(&given.name, parts),
                    Err(why) => self.note(format!("{} {why}.", given.name)),
                }
                self.switch(Deed::Form, true);
            }
            Deed::User => self.credentials.user = Some(value),
            Deed::Bearer => self.credentials.bearer = Some(value),
            Deed::Cookie => self.cookie(value),
            Deed::UserAgent => self.set_or_suppress("User-Agent", &value),
            Deed::Referer => self.referer(&value),
            Deed::MaxTime => {
                let limit = seconds("--max-time", &value)?;
                let text = if limit.is_zero() {
                    "never".to_owned()
                } else {
                    plain_seconds(limit)
                };
                self.request.options.set("timeout", text);
            }
            Deed::ConnectTimeout => self.connect_timeout(seconds("--connect-timeout", &value)?),
            Deed::UrlQuery => self.url_query.push(value),
            Deed::Upload => self.upload = Some(value),
            Deed::Get | Deed::Head | Deed::Follow | Deed::Compressed | Deed::GlobOff => {
                self.switch(given.deed, given.on);
            }
            Deed::Next => return Err(CurlError::Next),
            Deed::Output => self.output.push(given.name.clone()),
            Deed::Nothing => {}
            Deed::Elsewhere => self.elsewhere(given),
        }
        Ok(())
    }

    /// The files of one option are one part of several in curl, which RFC 7578, Section 4.3, has done away
    /// with: each is a part of its own.
    fn form(&mut self, option: &str, parts: Vec<Field>) {
        if let [first, _, ..] = parts.as_slice() {
            self.note(format!(
                "{option} {}: curl nests its {} files in one multipart/mixed part; here each is a part of that name.",
                first.name,
                parts.len()
            ));
        }
        self.parts.extend(parts);
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
            self.remark(format!(
                "--header {line}: it has no colon, and curl does not send it either."
            ));
        }
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        let lower = name.to_ascii_lowercase();
        if matches!(lower.as_str(), "content-length" | "transfer-encoding") {
            self.remark(format!(
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
            self.remark("--connect-timeout 0: posttui always has a limit here.");
        } else {
            let text = plain_seconds(limit);
            self.request.options.set("connect_timeout", text);
        }
    }

    fn elsewhere(&mut self, given: &Given) {
        match way::take(&mut self.request.options, given) {
            Taken::Whole => return,
            Taken::But(why) => return self.note(format!("{}: {why}.", given.name)),
            Taken::No => {}
        }
        if let Some(status) = given.name.strip_prefix("--post30") {
            self.post_kept.push(status.to_owned());
            return;
        }
        if self.credentials.take(given) {
            return;
        }
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

//! The options of a command, all read -> their places in the request.

use crate::{
    format::query,
    model::{Body, BodyKind, Field, FileBody, Redirects, is_idempotent},
};

use super::{
    CurlError,
    data::Data,
    import::{Imported, Reading},
    options::Deed,
};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";

/// What curl would take for a set or a range of addresses: curl(1), URL globbing. The brackets of an IPv6 address
/// are none, nor is what stands between two braces, which curl refuses.
fn pattern(url: &str) -> Option<&str> {
    let start = url.find("://").map_or(0, |at| at + 3);
    let authority = url.get(start..).unwrap_or_default();
    let is_address = authority.starts_with('[') || authority.contains("@[");
    let mut rest = url;
    loop {
        let open = rest.find(['{', '['])?;
        let (inner, is_brace) = (rest.get(open + 1..)?, rest.get(open..)?.starts_with('{'));
        if is_brace && inner.starts_with('{') {
            rest = inner.split_once("}}")?.1;
            continue;
        }
        let close = inner.find(if is_brace { '}' } else { ']' })?;
        let found = inner.get(..close)?;
        let is_host = is_address && found.contains(':');
        let is_pattern = is_brace || found.contains('-');
        if !found.is_empty() && is_pattern && !is_host {
            return rest.get(open..open + close + 2);
        }
        rest = inner.get(close + 1..)?;
    }
}

/// The letters of a URL that curl sends as they are, and the WHATWG URL Standard encodes: in the path those of its
/// path percent-encode set, in the query those of its special-query one.
fn encoded(url: &str) -> Option<String> {
    let whole = url.split('#').next().unwrap_or(url);
    let start = whole.find("://").map_or(0, |at| at + 3);
    let behind = whole.get(start..).unwrap_or_default();
    let path_and_query = behind.find(['/', '?']).and_then(|at| behind.get(at..))?;
    let (path, query) = path_and_query
        .split_once('?')
        .unwrap_or((path_and_query, ""));
    let mut found: Vec<String> = Vec::new();
    for (text, encoded) in [(path, "\"<>^`{}"), (query, "\"'<>")] {
        let letters = text.chars().filter(|letter| encoded.contains(*letter));
        for letter in letters.map(String::from) {
            if !found.contains(&letter) {
                found.push(letter);
            }
        }
    }
    (!found.is_empty()).then(|| found.join(" "))
}

impl Reading {
    pub(super) fn finish(mut self) -> Result<Imported, CurlError> {
        self.place_url()?;
        self.place_credentials();
        if !self.cookies.is_empty() {
            let cookies = self.cookies.join("; ");
            self.set("Cookie", &cookies);
        }
        if self.has(Deed::Compressed) {
            self.request.options.set("compression", "on");
        }
        self.place_method();
        self.tell_retries();
        self.place_data();
        let redirects = self.redirects();
        self.request.options.set("redirects", redirects.name());
        if !self.output.is_empty() {
            let names = self.output.join(", ");
            self.remark(format!(
                "Only about curl's own output, and left out: {names}."
            ));
        }
        Ok(Imported {
            request: self.request,
            notes: self.notes,
            remarks: self.remarks,
        })
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
        if !self.has(Deed::GlobOff)
            && let Some(pattern) = pattern(&url)
        {
            self.note(format!(
                "{pattern} in the URL: curl makes an address of each thing that it stands for, unless --globoff is given; here it is a single address."
            ));
        }
        if let Some(letters) = encoded(&url) {
            self.remark(format!(
                "{letters} in the URL: curl sends it as it is, here it goes out percent-encoded, as browsers send it."
            ));
        }
        // curl has no word for a port of this machine; posttui's own, where somebody writes it, is kept.
        let is_complete = url.contains("://") || url.starts_with("{{") || url.starts_with(':');
        self.request.url = if is_complete {
            url
        } else {
            format!("http://{url}")
        };
        Ok(())
    }

    fn place_method(&mut self) {
        let has_body = self.has(Deed::Form) || !self.data.is_empty();
        let implied = match () {
            () if self.has(Deed::Head) => "HEAD",
            () if self.upload.is_some() => "PUT",
            () if self.has(Deed::Get) || !has_body => "GET",
            () => "POST",
        };
        if self.has(Deed::Follow)
            && self
                .method
                .as_deref()
                .is_some_and(|it| !matches!(it, "GET" | "HEAD"))
        {
            self.remark(
                "--request with --location: curl keeps the method after a 301, 302 or 303; posttui goes on with GET, as browsers do.",
            );
        }
        self.request.method = self.method.take().unwrap_or_else(|| implied.to_owned());
    }

    /// curl tries a POST again as any other request.
    fn tell_retries(&mut self) {
        let is_tried = !matches!(self.request.options.get("retry"), "" | "0");
        let has_key = self.sent_header("idempotency-key").is_some();
        if is_tried && !has_key && !is_idempotent(&self.request.method) {
            self.remark(format!(
                "--retry: a {} is tried again only where no connection came about; after an answer such as 503 it is sent once, since it may act twice. An Idempotency-Key allows more, or “retry a POST” in the options (--retry-unsafe).",
                self.request.method
            ));
        }
    }

    fn place_data(&mut self) {
        let data = std::mem::take(&mut self.data);
        for pair in std::mem::take(&mut self.url_query) {
            self.add_query(&pair);
        }
        let is_query = self.has(Deed::Get) || self.has(Deed::Head);
        if is_query {
            if let Some(text) = &data.text {
                self.add_query(text);
            }
            self.tell_files(&data);
            self.request.body.kind = BodyKind::None;
            return;
        }
        if data.is_json && self.sent_header("accept").is_none() {
            self.set("Accept", JSON);
        }
        self.request.body = if let Some(path) = self.upload.take() {
            self.upload_body(path)
        } else if self.has(Deed::Form) {
            if data.text.is_some() || !data.files.is_empty() {
                self.note("-d and its kin are left out: curl itself takes them or -F, not both");
            }
            Body {
                kind: BodyKind::Multipart,
                multipart: std::mem::take(&mut self.parts),
                ..Body::default()
            }
        } else {
            match data.files.as_slice() {
                [(option, path)]
                    if data.text.is_none() && path != "-" && option != "--data-urlencode" =>
                {
                    let (option, path) = (option.clone(), path.clone());
                    self.file_body(&option, path, data.is_json)
                }
                _ => {
                    self.tell_files(&data);
                    self.body(data)
                }
            }
        };
    }

    fn tell_files(&mut self, data: &Data) {
        for (option, file) in &data.files {
            self.note(format!(
                "{option} @{file}: the file is not read; its bytes are missing."
            ));
        }
    }

    /// `-d @file` alone: the file is the body, read when it is sent.
    fn file_body(&mut self, option: &str, path: String, is_json: bool) -> Body {
        if matches!(option, "--data" | "--data-ascii") {
            self.note(format!(
                "{option} @{path}: curl would take its line ends out; here it is sent as it is."
            ));
        }
        let usual = if is_json { JSON } else { FORM };
        let content_type = self.sent_header("content-type");
        if content_type.is_some() {
            self.drop_header("content-type");
        }
        whole_file(path, content_type.unwrap_or_else(|| usual.to_owned()))
    }

    /// `-T file`: curl names no type, and puts the file's name behind a URL that ends in a slash.
    fn upload_body(&mut self, path: String) -> Body {
        if path == "-" || path == "." {
            self.note("--upload-file: stdin is not read.");
            return body_of(BodyKind::None, String::new());
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        if self.request.url.ends_with('/') {
            self.request.url.push_str(name);
        }
        let content_type = self.sent_header("content-type");
        if content_type.is_some() {
            self.drop_header("content-type");
        } else if !self.is_suppressed("content-type") {
            self.request.headers.push(Field {
                enabled: false,
                ..Field::new("Content-Type", "")
            });
        }
        whole_file(path, content_type.unwrap_or_default())
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
    pub(super) fn sent_header(&self, name: &str) -> Option<String> {
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

fn whole_file(path: String, content_type: String) -> Body {
    Body {
        kind: BodyKind::File,
        file: FileBody { path, content_type },
        ..Body::default()
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
        _ => {}
    }
    body
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

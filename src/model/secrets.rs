//! The secret values of one send, and the marks that stand in their place wherever it is shown or
//! written down.

mod apart;
mod within;

use std::borrow::Cow;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use memchr::memmem;
use url::Url;

use super::{
    Body, Exchange, Failure, Field, Header, Hidden, Hop, Outcome, Piece, PreparedBody,
    PreparedRequest, Request, ResponseHead, encode_segment,
    mark::{REDACTED, mark, mark_name, marks_in},
};

/// In what a server sent, shorter values are not looked for: they would be found by chance.
pub(super) const SHORTEST_IN_ANSWERS: usize = 4;

/// Secret values with the names of their variables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets(Vec<Secret>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Secret {
    /// Empty where it has none.
    name: String,
    value: Hidden,
    /// What a request as built has in its place, so that it can be sent again.
    template: Option<String>,
    /// The value in every way in which it may be written, the longest first.
    spellings: Vec<Hidden>,
    /// Whether it is looked for in what is written as Base64 together with other things, too.
    is_leak: bool,
}

impl Secret {
    fn mark(&self) -> String {
        if self.name.is_empty() {
            return REDACTED.to_owned();
        }
        mark(&self.name)
    }
}

impl Secrets {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a value; `template` gives it back when the request is sent again.
    pub fn add(&mut self, name: &str, value: &str, template: Option<String>) {
        if value.is_empty() || self.0.iter().any(|it| it.value.0 == value) {
            return;
        }
        self.0.push(Secret {
            name: mark_name(name),
            value: value.into(),
            template,
            spellings: spellings(value),
            is_leak: false,
        });
        // A value that is part of another one must not break it up.
        self.0.sort_by_key(|it| std::cmp::Reverse(it.value.0.len()));
    }

    /// Adds a value of which nothing may be left: what is written as Base64 around it goes with it.
    pub fn add_leak(&mut self, name: &str, value: &str) {
        self.add(name, value, None);
        for secret in &mut self.0 {
            secret.is_leak |= secret.value.0 == value;
        }
    }

    /// Adds a value whose mark names nothing.
    pub fn add_unnamed(&mut self, value: &str) {
        self.add("", value, None);
    }

    /// The value that a mark of this name stands for.
    pub fn value(&self, mark: &str) -> Option<&str> {
        let found = self.0.iter().find(|it| it.name == mark);
        found.map(|it| it.value.0.as_str())
    }

    /// The text with a mark in the place of every secret.
    pub fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match self.mask_bytes(text.as_bytes(), 1) {
            Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
            None => Cow::Borrowed(text),
        }
    }

    /// `None` where no value of at least `shortest` bytes is found.
    fn mask_bytes(&self, bytes: &[u8], shortest: usize) -> Option<Vec<u8>> {
        let mut masked: Option<Vec<u8>> = None;
        let secrets = self.0.iter().filter(|it| it.value.0.len() >= shortest);
        for secret in secrets {
            let mark = secret.mark();
            if secret.is_leak {
                // Before the value itself, which may be the beginning of such a token as it is written there.
                let present = masked.as_deref().unwrap_or(bytes);
                masked = within::replace(present, &secret.spellings, mark.as_bytes()).or(masked);
            }
            for spelling in &secret.spellings {
                let present = masked.as_deref().unwrap_or(bytes);
                let (value, mark) = (spelling.0.as_bytes(), mark.as_bytes());
                // What only stood in a field of this request may be a part of anything else.
                let replaced = if secret.name.is_empty() {
                    apart::replace(present, value, mark)
                } else {
                    replace(present, value, mark)
                };
                masked = replaced.or(masked);
            }
        }
        masked
    }

    /// Whether bytes hold one of the values, however it is written.
    pub fn are_in(&self, bytes: &[u8]) -> bool {
        self.mask_bytes(bytes, 1).is_some()
    }

    fn mask_headers(&self, headers: &mut [Header], shortest: usize) {
        for header in headers {
            if let Some(masked) = self.mask_bytes(&header.value, shortest) {
                header.value = masked;
            }
        }
    }

    fn mask_in(&self, text: &mut String) {
        if let Cow::Owned(masked) = self.mask(text) {
            *text = masked;
        }
    }

    fn mask_head(&self, head: &mut ResponseHead) {
        self.mask_headers(&mut head.headers, SHORTEST_IN_ANSWERS);
    }

    /// A request on the wire without its secrets.
    #[must_use]
    pub fn mask_prepared(&self, prepared: &PreparedRequest) -> PreparedRequest {
        let mut masked = prepared.clone();
        masked.hide_cookies();
        masked.secrets = Self::default();
        if self.is_empty() {
            return masked;
        }
        self.mask_in(&mut masked.url);
        self.mask_headers(&mut masked.headers, 1);
        let way = &mut masked.options.transport;
        for text in [
            &mut way.proxy,
            &mut way.no_proxy,
            &mut way.authorities,
            &mut way.client_certificate,
            &mut way.client_key,
            &mut way.unix_socket,
            &mut way.addresses,
        ] {
            self.mask_in(text);
        }
        way.client_password = Hidden::default();
        for value in masked
            .credentials
            .later
            .iter_mut()
            .flat_map(|auth| auth.fields.values_mut())
        {
            self.mask_in(value);
        }
        let pieces = prepared
            .body
            .pieces()
            .iter()
            .map(|piece| self.mask_piece(piece));
        masked.body = PreparedBody::new(pieces.collect());
        masked
    }

    /// The content of a file is neither shown nor kept, its path is.
    fn mask_piece(&self, piece: &Piece) -> Piece {
        match piece {
            Piece::Memory(bytes) => match self.mask_bytes(bytes, 1) {
                Some(masked) => Piece::Memory(masked.into()),
                None => piece.clone(),
            },
            Piece::File(file) => {
                let path = file.path.to_string_lossy();
                let mut file = file.clone();
                if let Cow::Owned(masked) = self.mask(&path) {
                    file.path = masked.into();
                }
                Piece::File(file)
            }
        }
    }

    #[must_use]
    pub fn mask_hop(&self, mut hop: Hop) -> Hop {
        self.mask_in(&mut hop.url);
        self.mask_headers(&mut hop.request_headers, 1);
        self.mask_heads(&mut hop);
        hop
    }

    /// A hop without what the server sent back in its head, and in the place that it led on to from `asked`.
    #[must_use]
    pub fn mask_answered(&self, mut hop: Hop, asked: &str) -> Hop {
        if hop.url != asked {
            self.mask_in(&mut hop.url);
        }
        self.mask_heads(&mut hop);
        hop
    }

    /// What the server said before its body, whatever it was.
    fn mask_heads(&self, hop: &mut Hop) {
        hop.heads_mut().for_each(|head| self.mask_head(head));
        if let Some(raw) = &mut hop.transit.unreadable {
            self.mask_in(raw);
        }
    }

    /// An outcome without the secrets that the server sent back in its heads; the body stays as received.
    #[must_use]
    pub fn mask_outcome(&self, mut outcome: Outcome) -> Outcome {
        match &mut outcome {
            Outcome::Response(response) => self.mask_head(&mut response.head),
            Outcome::Failure(Failure {
                causes, partial, ..
            }) => {
                for cause in causes {
                    self.mask_in(cause);
                }
                if let Some(response) = partial {
                    self.mask_head(&mut response.head);
                }
            }
        }
        outcome
    }

    /// As [`Secrets::mask_outcome`], and the secrets that the server sent back in the body are marks too:
    /// what may be written down.
    #[must_use]
    pub fn mask_outcome_whole(&self, outcome: Outcome) -> Outcome {
        let mut outcome = self.mask_outcome(outcome);
        if let Some(response) = outcome.received_mut()
            && let Some(body) = self.mask_received(&response.body)
        {
            let values = marks_in(&body).saturating_sub(marks_in(&response.body));
            response.mask(body.into(), values);
        }
        outcome
    }

    /// Bytes that a server sent, with marks in the place of what it sent back; `None` where there is nothing.
    pub fn mask_received(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.mask_bytes(bytes, SHORTEST_IN_ANSWERS)
    }

    /// A request as built in which the template of a secret stands where its value was typed.
    #[must_use]
    pub fn mask_request(&self, request: &Request) -> Request {
        let mut masked = request.clone();
        if self.is_empty() {
            return masked;
        }
        self.retype(&mut masked.method);
        self.retype(&mut masked.url);
        let Body {
            kind: _,
            form,
            json,
            text,
            text_type,
            multipart,
            file,
            graphql,
        } = &mut masked.body;
        let files = [&mut file.path, &mut file.content_type];
        let queries = [&mut graphql.query, &mut graphql.variables];
        for typed in [json, text, text_type]
            .into_iter()
            .chain(files)
            .chain(queries)
        {
            self.retype(typed);
        }
        for rows in [
            form,
            multipart,
            &mut masked.path,
            &mut masked.query,
            &mut masked.headers,
        ] {
            self.retype_rows(rows);
        }
        for value in masked.auth.fields.values_mut() {
            self.retype(value);
        }
        for (_, text) in masked.options.iter_mut() {
            self.retype(text);
        }
        masked
    }

    fn retype_rows(&self, rows: &mut [Field]) {
        for row in rows {
            self.retype(&mut row.name);
            self.retype(&mut row.value);
        }
    }

    fn retype(&self, text: &mut String) {
        for secret in &self.0 {
            let value = secret.value.0.as_str();
            if text.contains(value) {
                let mark = secret.mark();
                *text = text.replace(value, secret.template.as_deref().unwrap_or(&mark));
            }
        }
    }

    /// A whole exchange without its secrets, as the screen shows it.
    #[must_use]
    pub fn mask_exchange(&self, exchange: Exchange) -> Exchange {
        if self.is_empty() {
            return exchange;
        }
        Exchange {
            request: self.mask_request(&exchange.request),
            prepared: self.mask_prepared(&exchange.prepared),
            hops: exchange
                .hops
                .into_iter()
                .map(|hop| self.mask_hop(hop))
                .collect(),
            outcome: exchange.outcome.map(|outcome| self.mask_outcome(outcome)),
            ..exchange
        }
    }
}

/// Every way in which a value may be written on the wire: as it is, in a path, in a query, in a form, in
/// JSON, in Base64.
fn spellings(value: &str) -> Vec<Hidden> {
    let form: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let json = serde_json::Value::from(value).to_string();
    let json = json.trim_start_matches('"').strip_suffix('"');
    let mut all = vec![
        value.to_owned(),
        form.replace('+', "%20"),
        form,
        json.unwrap_or(value).to_owned(),
        STANDARD.encode(value),
        URL_SAFE_NO_PAD.encode(value),
        encode_segment(value),
        // As a part of a host name.
        value.to_lowercase(),
        escaped_json(json.unwrap_or(value), "0123456789abcdef"),
        escaped_json(json.unwrap_or(value), "0123456789ABCDEF"),
        escaped_markup(value, "&quot;", "&#39;"),
        escaped_markup(value, "&#34;", "&#x27;"),
    ];
    if let Ok(mut url) = Url::parse("http://host/") {
        url.set_query(Some(value));
        all.extend(url.query().map(str::to_owned));
        url.set_path(value);
        all.extend(url.path().strip_prefix('/').map(str::to_owned));
    }
    all.retain(|spelling| !spelling.is_empty());
    all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    all.dedup();
    all.into_iter().map(Hidden).collect()
}

/// JSON in ASCII alone, as many servers write it (RFC 8259, Section 7), with these digits.
fn escaped_json(json: &str, digits: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for char in json.chars() {
        if char.is_ascii() {
            escaped.push(char);
            continue;
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            escaped.push_str("\\u");
            let digit = |shift: u16| digits.chars().nth(usize::from(*unit >> shift & 0xF));
            escaped.extend([12, 8, 4, 0].into_iter().filter_map(digit));
        }
    }
    escaped
}

/// A text in HTML or XML, where quotes are written in one of several ways.
fn escaped_markup(text: &str, quote: &str, apostrophe: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', quote)
        .replace('\'', apostrophe)
}

fn replace(bytes: &[u8], value: &[u8], mark: &[u8]) -> Option<Vec<u8>> {
    let mut found = memmem::find_iter(bytes, value).peekable();
    found.peek()?;
    let mut replaced = Vec::with_capacity(bytes.len());
    let mut end = 0;
    for start in found {
        replaced.extend_from_slice(bytes.get(end..start).unwrap_or_default());
        replaced.extend_from_slice(mark);
        end = start + value.len();
    }
    replaced.extend_from_slice(bytes.get(end..).unwrap_or_default());
    Some(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{model::readable_marks, prepare::prepare};

    const VALUE: &str = "p w/\"ü&7";

    fn secrets() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add("token", VALUE, Some("{{ token }}".to_owned()));
        secrets
    }

    fn request() -> Request {
        let mut request = Request {
            url: format!("http://h/{VALUE}/x?a={VALUE}"),
            query: vec![Field::new("q", VALUE)],
            headers: vec![Field::new("x-token", VALUE)],
            ..Request::default()
        };
        request.body.form = vec![Field::new(VALUE, VALUE)];
        request
    }

    #[test]
    fn a_value_is_masked_however_it_is_written() {
        let prepared = prepare(&request()).unwrap();
        let masked = secrets().mask_prepared(&prepared);
        assert_eq!(
            readable_marks(&masked.url),
            "http://h/‹secret token›/x?a=‹secret token›&q=‹secret token›"
        );
        assert_eq!(masked.body.in_memory(), "‹secret token›=‹secret token›");
        assert_eq!(
            secrets().mask(&format!("{} {}", STANDARD.encode(VALUE), r#""p w/\"ü&7""#)),
            "‹secret token› \"‹secret token›\""
        );
    }

    #[test]
    fn a_value_is_masked_as_servers_escape_it() {
        let mut secrets = Secrets::default();
        secrets.add("pin", "grün&'\"<1>", None);
        for written in [
            r#"gr\u00fcn&'\"<1>"#,
            r#"gr\u00FCn&'\"<1>"#,
            "grün&amp;&#39;&quot;&lt;1&gt;",
            "grün&amp;&#x27;&#34;&lt;1&gt;",
        ] {
            assert_eq!(secrets.mask(written), "‹secret pin›", "{written}");
        }
    }

    #[test]
    fn a_request_as_built_gets_the_template_back() {
        let built = secrets().mask_request(&request());
        assert_eq!(built.url, "http://h/{{ token }}/x?a={{ token }}");
        assert_eq!(built.headers[0].value, "{{ token }}");
        assert_eq!(built.body.form[0].name, "{{ token }}");
    }

    #[test]
    fn the_longer_secret_is_masked_first_and_nothing_is_masked_without_one() {
        let mut secrets = Secrets::default();
        secrets.add("short", "abc", None);
        secrets.add("long", "xabcx", None);
        assert_eq!(secrets.mask("xabcx abc"), "‹secret long› ‹secret short›");
        assert!(matches!(Secrets::default().mask("abc"), Cow::Borrowed(_)));
    }

    #[test]
    fn short_values_are_not_looked_for_in_answers() {
        let mut secrets = Secrets::default();
        secrets.add("pin", "1", None);
        assert!(secrets.mask_bytes(b"111", SHORTEST_IN_ANSWERS).is_none());
        assert!(secrets.mask_bytes(b"111", 1).is_some());
    }
}

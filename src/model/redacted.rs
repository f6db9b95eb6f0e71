//! What may be kept of secrets: a mark in their place, and what helps without being secret.
//!
//! Credentials live in known places: some header fields, the `user:password@` of a URL, the fields of
//! the auth tab and wherever these put an API key. Before an
//! exchange is written down, each of them is replaced by [`REDACTED`]. The authentication scheme,
//! the names of cookies and their attributes stay, since they explain an answer and open no door.

mod named;
mod own;
mod template_only;

use std::borrow::Cow;

use super::{
    Auth, Choices, Credentials, Exchange, Failure, Field, Header, Hop, Options, Outcome, Piece,
    PreparedBody, PreparedRequest, Request, Response, SecretPlace,
};

pub use own::{OwnSecrets, PatternError};

use named::is_secret_name;

/// Stands where a secret was.
pub const REDACTED: &str = "‹redacted by posttui›";

/// What can be written down without its secrets.
pub trait Redact {
    /// A copy in which [`REDACTED`] stands for every secret.
    #[must_use]
    fn redacted(&self) -> Self;
}

impl Redact for Request {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        copy.url = redact_typed_url(&self.url);
        named::redact_query(&mut copy.url, &is_secret_name);
        for field in &mut copy.headers {
            redact_field(field);
        }
        for row in copy.query.iter_mut().chain(&mut copy.body.form) {
            named::redact_row(row, &is_secret_name);
        }
        for row in &mut copy.body.multipart {
            named::redact_row(row, &is_secret_name);
        }
        for text in [&mut copy.body.json, &mut copy.body.graphql.variables] {
            if let Cow::Owned(redacted) = named::redact_json(text, &is_secret_name) {
                *text = redacted;
            }
        }
        copy.auth = self.auth.redacted();
        copy.options = self.options.redacted();
        copy
    }
}

impl Redact for Choices {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        for (name, text) in copy.iter_mut() {
            if Self::is_secret(name) {
                if !template_only::is_template_only(text, &[]) {
                    REDACTED.clone_into(text);
                }
            } else if name == "proxy" {
                *text = redact_typed_url(text);
            }
        }
        copy
    }
}

/// A proxy may be given with the `user:password@` that it wants; the scheme may be left out.
fn hide_proxy(options: &mut Options) {
    let proxy = &mut options.transport.proxy;
    *proxy = redact_typed_url(proxy);
}

impl Redact for Auth {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        for (name, value) in &mut copy.fields {
            // A template says where the secret is, and holds none itself.
            if value.is_empty() || template_only::is_template_only(value, &[]) {
                continue;
            }
            *value = if self.is_public(name) {
                redact_typed_url(value)
            } else {
                REDACTED.to_owned()
            };
        }
        copy
    }
}

impl Redact for PreparedRequest {
    fn redacted(&self) -> Self {
        let mut copy = self.masked();
        copy.url = redact_typed_url(&copy.url);
        named::redact_query(&mut copy.url, &is_secret_name);
        copy.headers = redact_headers(&copy.headers);
        hide_proxy(&mut copy.options);
        copy.credentials = Credentials::default();
        copy.body = redact_pieces(&copy.body, &copy.headers);
        self.credentials.hide_in_url(&mut copy.url);
        self.credentials.hide_in_headers(&mut copy.headers);
        copy
    }
}

/// The fields of a body whose name says that they are secret. Files are not read, so that nothing of them is kept.
fn redact_pieces(body: &PreparedBody, headers: &[Header]) -> PreparedBody {
    let pieces = body.pieces().iter().map(|piece| match piece {
        Piece::Memory(bytes) => match named::redact_body(bytes, headers, &is_secret_name) {
            Some(redacted) => Piece::Memory(redacted.into()),
            None => piece.clone(),
        },
        Piece::File(_) => piece.clone(),
    });
    PreparedBody::new(pieces.collect())
}

impl Redact for Hop {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        copy.url = redact_typed_url(&self.url);
        named::redact_query(&mut copy.url, &is_secret_name);
        copy.request_headers = redact_headers(&self.request_headers);
        if let Some(head) = &mut copy.response {
            head.headers = redact_headers(&head.headers);
        }
        for head in &mut copy.transit.interim {
            head.headers = redact_headers(&head.headers);
        }
        if let Some(text) = &mut copy.transit.unreadable {
            *text = redact_urls(text).into_owned();
        }
        copy
    }
}

impl Redact for Response {
    fn redacted(&self) -> Self {
        let mut copy = self.clone();
        copy.head.headers = redact_headers(&self.head.headers);
        copy
    }
}

impl Redact for Failure {
    fn redacted(&self) -> Self {
        let causes = self.causes.iter();
        Self {
            kind: self.kind,
            phase: self.phase,
            causes: causes
                .map(|cause| redact_urls(cause).into_owned())
                .collect(),
            processed: self.processed,
            partial: self.partial.as_ref().map(Redact::redacted),
        }
    }
}

impl Redact for Outcome {
    fn redacted(&self) -> Self {
        match self {
            Self::Response(response) => Self::Response(response.redacted()),
            Self::Failure(failure) => Self::Failure(failure.redacted()),
        }
    }
}

impl Redact for Exchange {
    fn redacted(&self) -> Self {
        Self {
            id: self.id,
            started_at: self.started_at,
            request: self.request.redacted(),
            prepared: self.prepared.redacted(),
            hops: self.prepared.credentials.hide_in_hops(&self.hops),
            outcome: self
                .outcome
                .as_ref()
                .map(|outcome| self.prepared.credentials.hide_in_outcome(outcome)),
            duration: self.duration,
            message: self.message.clone(),
            verdict: self.verdict.clone(),
        }
    }
}

/// An API key lives where the user says: what is known of the place goes along with the request.
impl Credentials {
    /// The hops without their secrets.
    pub fn hide_in_hops(&self, hops: &[Hop]) -> Vec<Hop> {
        let hide = |hop: &Hop| {
            let mut copy = hop.redacted();
            self.hide_in_url(&mut copy.url);
            self.hide_in_headers(&mut copy.request_headers);
            if let Some(head) = &mut copy.response {
                self.hide_in_headers(&mut head.headers);
            }
            copy
        };
        hops.iter().map(hide).collect()
    }

    /// The outcome without its secrets.
    pub fn hide_in_outcome(&self, outcome: &Outcome) -> Outcome {
        let mut copy = outcome.redacted();
        let response = match &mut copy {
            Outcome::Response(response) => Some(response),
            Outcome::Failure(failure) => failure.partial.as_mut(),
        };
        if let Some(response) = response {
            self.hide_in_headers(&mut response.head.headers);
        }
        copy
    }

    fn hide_in_headers(&self, headers: &mut [Header]) {
        for header in headers {
            let is_secret = self.secrets.iter().any(|place| {
                matches!(place, SecretPlace::Header(name) if header.name.eq_ignore_ascii_case(name))
            });
            if is_secret {
                header.value = REDACTED.into();
                continue;
            }
            let mut text = header.text();
            if self.hide_in_url(&mut text) {
                header.value = text.into();
            }
        }
    }

    /// Replaces the value of every secret query parameter; says whether there was one.
    fn hide_in_url(&self, url: &mut String) -> bool {
        let mut changed = false;
        for place in &self.secrets {
            let SecretPlace::Query(name) = place else {
                continue;
            };
            let written: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            for start in ['?', '&'] {
                changed |= hide_values(url, &format!("{start}{written}="));
            }
        }
        changed
    }
}

fn hide_values(text: &mut String, before: &str) -> bool {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(before)) {
        let start = from + found + before.len();
        let length = text.get(start..).map_or(0, |rest| {
            rest.find(['&', '#', ' ', '"', '<', '>'])
                .unwrap_or(rest.len())
        });
        text.replace_range(start..start + length, REDACTED);
        from = start + REDACTED.len();
    }
    from > 0
}

/// What a header field may hold that is secret.
#[derive(Clone, Copy)]
enum Secret {
    /// Credentials after the name of their scheme: RFC 9110, Section 11.4.
    Credentials,
    /// `name=value; name=value`: RFC 6265, Section 4.2.
    Cookies,
    /// `name=value; attribute; attribute`: RFC 6265, Section 4.1.
    SetCookie,
    /// The whole value.
    Whole,
}

const SECRET_HEADERS: [(&str, Secret); 5] = [
    ("authorization", Secret::Credentials),
    ("proxy-authorization", Secret::Credentials),
    ("cookie", Secret::Cookies),
    ("set-cookie", Secret::SetCookie),
    ("x-amz-security-token", Secret::Whole),
];

/// The authentication schemes whose name is kept: the IANA registry and those in wide use beside it.
/// Any other first word may be the secret itself.
const SCHEMES: [&str; 20] = [
    "apikey",
    "aws4-hmac-sha256",
    "basic",
    "bearer",
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hawk",
    "hoba",
    "key",
    "mutual",
    "negotiate",
    "ntlm",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "token",
    "vapid",
];

/// Attributes of a cookie: RFC 6265, Section 4.1.1, and what browsers added.
const COOKIE_ATTRIBUTES: [&str; 9] = [
    "domain",
    "expires",
    "httponly",
    "max-age",
    "partitioned",
    "path",
    "priority",
    "samesite",
    "secure",
];

fn redact_headers(headers: &[Header]) -> Vec<Header> {
    headers.iter().map(redact_header).collect()
}

fn redact_header(header: &Header) -> Header {
    let text = String::from_utf8_lossy(&header.value);
    match redact_value(&header.name, &text) {
        Cow::Owned(kept) => Header::new(header.name.clone(), kept),
        // Untouched values keep their very bytes, UTF-8 or not.
        Cow::Borrowed(_) => header.clone(),
    }
}

fn redact_field(field: &mut Field) {
    if let Cow::Owned(kept) = redact_value(field.name.trim(), &field.value) {
        field.value = kept;
    }
}

/// What may be kept of a header field's value; borrowed where that is all of it.
fn redact_value<'a>(name: &str, value: &'a str) -> Cow<'a, str> {
    let secret = SECRET_HEADERS
        .iter()
        .find(|(secret, _)| name.eq_ignore_ascii_case(secret));
    match secret {
        Some(_) if value.trim().is_empty() => Cow::Borrowed(value),
        // A template says where the secret is, and is not one.
        Some(_) if template_only::is_template_only(value, &SCHEMES) => Cow::Borrowed(value),
        Some((_, Secret::Credentials)) => Cow::Owned(redact_credentials(value)),
        Some((_, Secret::Cookies)) => Cow::Owned(redact_cookies(value)),
        Some((_, Secret::SetCookie)) => Cow::Owned(redact_set_cookie(value)),
        Some((_, Secret::Whole)) => Cow::Owned(REDACTED.to_owned()),
        None => redact_urls(value),
    }
}

fn redact_credentials(value: &str) -> String {
    match value.trim().split_once([' ', '\t']) {
        Some((scheme, _)) if is_one_of(scheme, &SCHEMES) => format!("{scheme} {REDACTED}"),
        _ => REDACTED.to_owned(),
    }
}

fn redact_cookies(value: &str) -> String {
    let cookies = value.split(';').map(str::trim);
    let kept: Vec<String> = cookies
        .filter(|cookie| !cookie.is_empty())
        .map(redact_pair)
        .collect();
    kept.join("; ")
}

fn redact_set_cookie(value: &str) -> String {
    let mut parts = value.split(';').map(str::trim);
    let mut kept = redact_pair(parts.next().unwrap_or_default());
    for attribute in parts.filter(|part| !part.is_empty()) {
        kept.push_str("; ");
        kept.push_str(&redact_attribute(attribute));
    }
    kept
}

/// `name=value` without the value. A cookie without a name is all value.
fn redact_pair(pair: &str) -> String {
    match pair.split_once('=') {
        Some((name, _)) => format!("{name}={REDACTED}"),
        None => REDACTED.to_owned(),
    }
}

/// A known attribute stays. A second `=` in it comes of several cookies folded into one line, so that
/// its value is not kept.
fn redact_attribute(attribute: &str) -> String {
    let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
    if !is_one_of(name.trim(), &COOKIE_ATTRIBUTES) {
        REDACTED.to_owned()
    } else if value.contains('=') {
        format!("{name}={REDACTED}")
    } else {
        attribute.to_owned()
    }
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Replaces the credentials of a URL as it was typed: the scheme may be missing, and its slashes may
/// be too few or the wrong way round, all of which the WHATWG URL standard reads.
fn redact_typed_url(url: &str) -> String {
    let scheme = ["https:", "http:"]
        .iter()
        .map(|scheme| scheme.len())
        .find(|length| {
            let start = url.trim_start().get(..*length);
            start.is_some_and(|start| is_one_of(start, &["https:", "http:"]))
        });
    let blanks = url.len() - url.trim_start().len();
    let (scheme, rest) = url.split_at(blanks + scheme.unwrap_or(0));
    let authority = rest.trim_start_matches(['/', '\\']);
    let slashes = rest.len() - authority.len();
    let start = scheme.len() + slashes;
    let redacted = redact_authority(authority);
    let whole = match redacted {
        Some(kept) => format!("{}{kept}", url.get(..start).unwrap_or_default()),
        None => url.to_owned(),
    };
    redact_urls(&whole).into_owned()
}

/// Replaces the credentials of every URL (`//user:password@host`) within a text.
fn redact_urls(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some(slashes) = rest.find("//") {
        let (before, after) = rest.split_at(slashes + 2);
        kept.push_str(before);
        rest = after;
        if let Some((_, host)) = split_credentials(after) {
            kept.push_str(REDACTED);
            rest = host;
            changed = true;
        }
    }
    if !changed {
        return Cow::Borrowed(text);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// What begins with an authority, its credentials replaced; `None` where it has none.
fn redact_authority(text: &str) -> Option<String> {
    let (_, host) = split_credentials(text)?;
    Some(format!("{REDACTED}{host}"))
}

/// Splits what begins with an authority into its credentials and the rest from the `@` on. The last
/// `@` before the path counts: WHATWG URL standard, authority state.
fn split_credentials(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|char: char| "/\\?#\"'<>".contains(char))
        .unwrap_or(text.len());
    let at = text.get(..end)?.rfind('@')?;
    let (credentials, host) = text.split_at(at);
    let is_kept = credentials.is_empty()
        || credentials == REDACTED
        || template_only::are_credentials_kept(credentials);
    (!is_kept).then_some((credentials, host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str, value: &str) -> String {
        redact_header(&Header::new(name, value)).text()
    }

    #[test]
    fn the_scheme_stays_and_the_credentials_go() {
        assert_eq!(
            value("Authorization", "Bearer s3cret"),
            format!("Bearer {REDACTED}")
        );
        assert_eq!(
            value("proxy-authorization", "Basic czNjcmV0 x"),
            format!("Basic {REDACTED}")
        );
        assert_eq!(value("authorization", "s3cret"), REDACTED);
        assert_eq!(value("authorization", "s3cret with words"), REDACTED);
        assert_eq!(value("authorization", ""), "");
    }

    #[test]
    fn cookie_names_and_attributes_stay() {
        assert_eq!(
            value("Cookie", "sid=s3cret; theme=s3cret==; s3cret"),
            format!("sid={REDACTED}; theme={REDACTED}; {REDACTED}")
        );
        assert_eq!(
            value(
                "set-cookie",
                "sid=s3cret; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly"
            ),
            format!("sid={REDACTED}; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly")
        );
        let folded = value(
            "set-cookie",
            "a=\"s3cret;s3cret\"; Path=/, b=s3cret; Secure",
        );
        assert_eq!(
            folded,
            format!("a={REDACTED}; {REDACTED}; Path={REDACTED}; Secure")
        );
    }

    #[test]
    fn other_headers_keep_their_bytes() {
        let header = Header::new("x-name", vec![0xff, b'a']);
        assert_eq!(redact_header(&header), header);
        assert_eq!(value("from", "me@example.com"), "me@example.com");
    }

    #[test]
    fn credentials_in_urls_go_however_they_were_typed() {
        for typed in [
            "https://me:s3cret@host/path",
            "HTTP:me:s3cret@host/path",
            "https:\\\\me:s3cret@host",
            "  https:////me:s3cret@host",
            "me:s3cret@host:3000/path",
            "//me:s3@cret@host",
            "https://s3cret@host",
            "https://host/?next=https://me:s3cret@other/",
        ] {
            let kept = redact_typed_url(typed);
            assert!(
                !kept.contains("cret") && kept.contains(REDACTED),
                "{typed} {kept}"
            );
            assert!(kept.contains("@host") || kept.contains("@other"), "{kept}");
            assert_eq!(redact_typed_url(&kept), kept, "once is enough");
        }
        assert_eq!(
            value("location", "https://me:s3cret@host/"),
            format!("https://{REDACTED}@host/")
        );
    }

    #[test]
    fn urls_without_credentials_stay_as_they_are() {
        for url in [
            "https://host/users/@me?to=a@b.c",
            ":3000/a",
            "host/a@b",
            "https://host//@me",
            "",
            "é@",
            "http:",
        ] {
            if url != "é@" {
                assert_eq!(redact_typed_url(url), url);
            }
            assert_eq!(redact_urls(url), url);
        }
    }

    #[test]
    fn a_request_as_built_loses_its_secrets() {
        let request = Request {
            url: "https://me:s3cret@host/".to_owned(),
            headers: vec![
                Field::new(" Authorization ", "Bearer s3cret"),
                Field::new("x", "kept"),
            ],
            ..Request::default()
        };
        let kept = format!("{:?}", request.redacted());
        assert!(!kept.contains("s3cret") && kept.contains("kept"), "{kept}");
    }

    #[test]
    fn an_api_key_goes_wherever_the_hops_carry_it() {
        let credentials = Credentials {
            later: None,
            secrets: vec![
                SecretPlace::Header("x-own".to_owned()),
                SecretPlace::Query("key".to_owned()),
            ],
        };
        let head = crate::model::ResponseHead {
            status: 302,
            reason: None,
            version: crate::model::HttpVersion::Http11,
            headers: vec![Header::new("location", "/b?a=1&key=s3cret#x")],
        };
        let hop = Hop {
            method: "POST".to_owned(),
            url: "http://h/?key=s3cret&monkey=kept".to_owned(),
            request_headers: vec![Header::new("X-Own", "s3cret")],
            request_body_bytes: 0,
            dropped: Vec::new(),
            purpose: crate::model::Purpose::Request,
            attempt: 1,
            failure: None,
            remote_address: None,
            response: Some(head.clone()),
            duration: std::time::Duration::ZERO,
            transit: crate::model::Transit::default(),
        };
        let outcome = Outcome::Response(Response {
            head,
            body: bytes::Bytes::new(),
            whole: None,
        });
        let hidden = (
            credentials.hide_in_hops(&[hop]),
            credentials.hide_in_outcome(&outcome),
        );
        let text = format!("{hidden:?}");
        assert_eq!(
            hidden.0[0].url,
            format!("http://h/?key={REDACTED}&monkey=kept")
        );
        assert!(hidden.0[0].request_headers[0].text() == REDACTED, "{text}");
        let values = hidden.1.received().unwrap();
        assert!(!format!("{values:?}").contains("s3cret"));
        let kept = hidden.1.received().unwrap().head.headers[0].text();
        assert_eq!(kept, format!("/b?a=1&key={REDACTED}#x"));
    }
}

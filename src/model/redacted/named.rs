//! Fields whose name says that their value is secret: `password`, `otp`, `client_secret` …, in forms, in JSON, in
//! XML and in the parts of a multipart body.

use std::borrow::Cow;

use memchr::memmem;

use super::{
    REDACTED, addresses, graphql, lines, markup,
    masking::{IsSecret, Masking, Patches},
    members,
    template_only::is_template_only,
};
use crate::model::{Body, Field, Header, find_header};

/// A row of a form as it was built. A template says where the secret is, and is none.
pub(super) fn redact_row(field: &mut Field, is_secret: IsSecret<'_>) {
    let is_kept = field.value.is_empty()
        || field.part.is_file
        || is_template_only(&field.value, &[])
        || !is_secret(field.name.trim());
    if !is_kept {
        REDACTED.clone_into(&mut field.value);
    }
}

/// A JSON text, which may hold templates and need not be sound.
pub(super) fn redact_json<'a>(text: &'a str, is_secret: IsSecret<'_>) -> Cow<'a, str> {
    let masking = &mut Masking::new(is_secret);
    let redacted = members::redact(text.as_bytes(), true, masking);
    owned(
        text,
        without_lines_and_urls(text.as_bytes(), redacted, masking),
    )
}

/// The texts of a body as they were typed.
pub(super) fn redact_typed(body: &mut Body, headers: &[Field], is_secret: IsSecret<'_>) {
    let is_media = |row: &&Field| row.name.trim().eq_ignore_ascii_case("content-type");
    let typed = headers.iter().find(is_media).map(|row| row.value.clone());
    let media = typed.unwrap_or_else(|| body.text_type.clone());
    for text in [&mut body.json, &mut body.graphql.variables] {
        if let Cow::Owned(redacted) = redact_json(text, is_secret) {
            *text = redacted;
        }
    }
    let masking = &mut Masking::new(is_secret);
    if let Some(redacted) = graphql::redact(&body.graphql.query, masking) {
        body.graphql.query = redacted;
    }
    let redacted = redact_shape(body.text.as_bytes(), &media, true, masking);
    if let Cow::Owned(redacted) = owned(&body.text, redacted) {
        body.text = redacted;
    }
}

fn owned(text: &str, redacted: Option<Vec<u8>>) -> Cow<'_, str> {
    let redacted = redacted.and_then(|bytes| String::from_utf8(bytes).ok());
    redacted.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A body on the wire; `None` where it can stay.
pub(super) fn redact_body(
    body: &[u8],
    headers: &[Header],
    is_secret: IsSecret<'_>,
) -> Option<Vec<u8>> {
    mask_body(body, headers, &mut Masking::new(is_secret))
}

/// Likewise, and what was taken out is known after it.
pub(super) fn mask_body(
    body: &[u8],
    headers: &[Header],
    masking: &mut Masking<'_>,
) -> Option<Vec<u8>> {
    let media = find_header(headers, "content-type").map(Header::text);
    redact_shape(body, &media.unwrap_or_default(), false, masking)
}

/// Whether a body holds no text that anybody would read.
pub(super) fn is_of_pictures(headers: &[Header]) -> bool {
    let media = find_header(headers, "content-type").map(Header::text);
    media.is_some_and(|media| Shape::of(b"", &media) == Shape::Nothing)
}

/// What a body is written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Form,
    Multipart,
    Markup,
    GraphQl,
    /// Members as JSON writes them, among whatever else.
    Members,
    /// Pictures and the like.
    Nothing,
}

/// With one of these an operation of GraphQL begins that has a name or variables.
const GRAPHQL: [&[u8]; 3] = [b"query ", b"mutation ", b"subscription "];

/// In so many bytes at its beginning a body shows what it is.
const BEGINNING: usize = 1024;

impl Shape {
    fn of(body: &[u8], media: &str) -> Self {
        let essence = media.split(';').next().unwrap_or_default().trim();
        let essence = essence.to_ascii_lowercase();
        let is_one_of = |kinds: &[&str]| kinds.iter().any(|kind| essence.starts_with(kind));
        if essence == "application/x-www-form-urlencoded" {
            Self::Form
        } else if essence.starts_with("multipart/") {
            Self::Multipart
        } else if essence.ends_with("xml") || essence.ends_with("html") {
            Self::Markup
        } else if essence == "application/graphql" {
            Self::GraphQl
        } else if essence.contains("json") {
            Self::Members
        } else if is_one_of(&["image/", "audio/", "video/", "font/"]) {
            Self::Nothing
        } else {
            Self::looks_like(body)
        }
    }

    /// A body whose media type says nothing of its shape: `text/plain`, or none at all.
    fn looks_like(body: &[u8]) -> Self {
        let beginning = body.get(..BEGINNING).unwrap_or(body).trim_ascii_start();
        let is_part = || memmem::find(beginning, b"form-data; name=").is_some();
        let is_form = || beginning.contains(&b'=') && body.iter().all(u8::is_ascii_graphic);
        match beginning.first() {
            Some(b'<') => Self::Markup,
            Some(b'{' | b'[' | b'"') => Self::Members,
            Some(_) if GRAPHQL.iter().any(|word| beginning.starts_with(word)) => Self::GraphQl,
            Some(b'-') if is_part() => Self::Multipart,
            Some(_) if is_form() => Self::Form,
            _ => Self::Members,
        }
    }
}

fn redact_shape(
    body: &[u8],
    media: &str,
    has_templates: bool,
    masking: &mut Masking<'_>,
) -> Option<Vec<u8>> {
    let shape = Shape::of(body, media);
    let redacted = match shape {
        Shape::Form => redact_form(std::str::from_utf8(body).ok()?, masking),
        Shape::Multipart => redact_multipart(body, masking),
        Shape::Markup => markup::redact(body, masking),
        Shape::GraphQl => {
            let redacted = graphql::redact(std::str::from_utf8(body).ok()?, masking);
            redacted.map(String::into_bytes)
        }
        Shape::Members => members::redact(body, has_templates, masking),
        Shape::Nothing => return None,
    };
    without_lines_and_urls(body, redacted, masking)
}

/// What was redacted of a text, and is without the secrets in its lines of header fields and in its addresses; `None`
/// where it can stay.
fn without_lines_and_urls(
    text: &[u8],
    redacted: Option<Vec<u8>>,
    masking: &mut Masking<'_>,
) -> Option<Vec<u8>> {
    let present = redacted.as_deref().unwrap_or(text);
    let redacted = lines::redact(present, masking).or(redacted);
    let present = redacted.as_deref().unwrap_or(text);
    addresses::redact(present, masking).or(redacted)
}

/// The query of a URL, typed or on the wire.
pub(super) fn redact_query(url: &mut String, is_secret: IsSecret<'_>) {
    mask_query(url, &mut Masking::new(is_secret));
}

/// Likewise, and what was taken out is known after it.
pub(super) fn mask_query(url: &mut String, masking: &mut Masking<'_>) {
    let Some((before, rest)) = url.split_once('?') else {
        return;
    };
    let (query, fragment) = match rest.split_once('#') {
        Some((query, fragment)) => (query, format!("#{fragment}")),
        None => (rest, String::new()),
    };
    let redacted = redact_pairs(query, REDACTED, masking);
    if redacted != query {
        *url = format!("{before}?{redacted}{fragment}");
    }
}

fn redact_form(text: &str, masking: &mut Masking<'_>) -> Option<Vec<u8>> {
    let mark: String = form_urlencoded::byte_serialize(REDACTED.as_bytes()).collect();
    let redacted = redact_pairs(text, &mark, masking);
    (redacted != text).then(|| redacted.into_bytes())
}

fn redact_pairs(text: &str, mark: &str, masking: &mut Masking<'_>) -> String {
    let pairs = text.split('&').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let plain = form_urlencoded::parse(pair.as_bytes()).next();
        let is_secret = plain.is_some_and(|(name, plain)| {
            masking.is_secret(name.as_bytes())
                && !is_template_only(value, &[])
                && masking.takes(plain.as_bytes())
        });
        if is_secret {
            format!("{name}={mark}")
        } else {
            pair.to_owned()
        }
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// The values of parts: RFC 7578, Section 4. A part ends where a line begins as a boundary does, or with the body.
fn redact_multipart(body: &[u8], masking: &mut Masking<'_>) -> Option<Vec<u8>> {
    const END: &[u8] = b"\r\n--";
    let mut patches = Patches::default();
    let ends = memmem::find_iter(body, END).chain([body.len()]);
    let mut start = 0;
    for end in ends {
        let part = body.get(start..end).unwrap_or_default();
        if let Some((name, content)) = name_and_content(part)
            && masking.is_secret(name)
            && masking.takes(part.get(content..).unwrap_or_default())
        {
            patches.mark(start + content..end);
        }
        start = (end + END.len()).min(body.len());
    }
    patches.apply(body)
}

/// What a part is called, and where its content begins.
fn name_and_content(part: &[u8]) -> Option<(&[u8], usize)> {
    const BEFORE: &[u8] = b"form-data; name=\"";
    const BLANK_LINE: &[u8] = b"\r\n\r\n";
    let content = memmem::find(part, BLANK_LINE)? + BLANK_LINE.len();
    let head = part.get(..content)?;
    let name = head.get(memmem::find(head, BEFORE)? + BEFORE.len()..)?;
    let mut before = 0;
    let end = name.iter().position(|byte| {
        let is_end = *byte == b'"' && before != b'\\';
        before = *byte;
        is_end
    });
    Some((name.get(..end?)?, content))
}

#[cfg(test)]
mod tests {
    use super::{super::names::is_secret_name, *};

    fn body(text: &str, media: &str) -> Option<String> {
        let redacted = redact_body(
            text.as_bytes(),
            &[Header::new("content-type", media)],
            &is_secret_name,
        )?;
        Some(String::from_utf8(redacted).unwrap())
    }

    #[test]
    fn their_values_are_marks_in_every_kind_of_body() {
        let json = r#"{"user":"ann","password" : "a\"b","n":{"otp":123456,"pwd":""}}"#;
        assert_eq!(
            body(json, "application/json; charset=utf-8").unwrap(),
            format!(
                r#"{{"user":"ann","password" : "{REDACTED}","n":{{"otp":"{REDACTED}","pwd":""}}}}"#
            )
        );
        let form = body(
            "user=ann&pass%77ord=x+y&token=",
            "application/x-www-form-urlencoded",
        );
        let form = form.unwrap();
        let pairs: Vec<_> = form_urlencoded::parse(form.as_bytes()).collect();
        assert_eq!(pairs[1], ("password".into(), REDACTED.into()));
        assert_eq!((pairs.len(), &pairs[2].1), (3, &"".into()));
        let part = |name: &str, value: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let sent = [
            part("user", "ann"),
            part("password", "x\r\ny"),
            "--b--\r\n".to_owned(),
        ]
        .concat();
        let kept = [
            part("user", "ann"),
            part("password", REDACTED),
            "--b--\r\n".to_owned(),
        ]
        .concat();
        assert_eq!(
            body(&sent, "multipart/form-data; boundary=b").unwrap(),
            kept
        );
        for (text, media) in [
            ("user=ann", "application/x-www-form-urlencoded"),
            ("my password=x", "text/plain"),
            (r#"{"a":1}"#, "application/json"),
            (r#"{"password":"x"}"#, "image/svg"),
        ] {
            assert_eq!(body(text, media), None, "{text}");
        }
        for (text, media) in [
            (r#"{"password":["x"]}"#, "text/plain"),
            (r#"{"password":"x"}"#, ""),
            ("password=x&a=b", "text/plain"),
            ("<a><password>x</password></a>", "application/soap+xml"),
            ("<a password='x'/>", "text/plain"),
            ("mutation { a(password: \"x\") }", "application/graphql"),
            (&sent, ""),
        ] {
            let kept = body(text, media).unwrap();
            assert!(
                !kept.contains("'x'") && !kept.contains("\"x") && kept.contains("redacted"),
                "{kept}"
            );
        }
    }

    #[test]
    fn the_query_of_a_url_is_looked_at_too() {
        let mut url = "http://h/p?a=1&token=t0k&b#password=x".to_owned();
        redact_query(&mut url, &is_secret_name);
        assert_eq!(url, format!("http://h/p?a=1&token={REDACTED}&b#password=x"));
        let mut plain = "http://h/p?a={{ x }}".to_owned();
        redact_query(&mut plain, &is_secret_name);
        assert_eq!(plain, "http://h/p?a={{ x }}");
    }

    #[test]
    fn a_template_stays() {
        let text = r#"{"password": "{{ password }}", "token": "t0ken"}"#;
        assert_eq!(
            redact_json(text, &is_secret_name),
            format!(r#"{{"password": "{{{{ password }}}}", "token": "{REDACTED}"}}"#)
        );
        let mut row = Field::new("password", "{{ password }}");
        redact_row(&mut row, &is_secret_name);
        assert_eq!(row.value, "{{ password }}");
    }
}

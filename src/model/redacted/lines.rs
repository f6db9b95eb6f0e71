//! Lines of header fields within texts: what an echo, a page for debugging or a trace shows of a request.
//!
//! ```text
//! GET / HTTP/1.1\r\nAuthorization: Bearer …        > Cookie: sid=…        curl -H 'X-Api-Key: …'
//! ```
//!
//! So are names and values in quotation marks, as programs print their dictionaries and lists:
//! `'Authorization': 'Bearer …'`, `'Authorization', 'Bearer …'`. They are found in JSON strings and in HTML as they stand there. A field is known by its name, which has a hyphen or is
//! `Authorization` or `Cookie`, where a line, a quotation or a tag begins with it, and elsewhere by the scheme of its
//! credentials.

use std::ops::Range;

use memchr::{memchr2_iter, memmem};

use super::{
    REDACTED, fields,
    masking::{Masking, Patches},
    names::is_of_field,
};
use crate::model::Header;

/// No name and no value is longer, in bytes.
const LONGEST_NAME: usize = 64;
const LONGEST_VALUE: usize = 8 * 1024;

/// The text without the values of those that are secret; `None` where it can stay.
pub(super) fn redact(text: &[u8], masking: &mut Masking<'_>) -> Option<Vec<u8>> {
    let mut patches = Patches::default();
    let mut from = 0;
    for sign in memchr2_iter(b':', b',', text) {
        if sign < from {
            continue;
        }
        let found = quoted(text, sign, masking).or_else(|| field(text, sign, masking));
        let Some((name, value)) = found else {
            continue;
        };
        from = value.end;
        let written = String::from_utf8_lossy(text.get(value.clone()).unwrap_or_default());
        let name = String::from_utf8_lossy(text.get(name).unwrap_or_default());
        let field = Header::new(name.into_owned(), written.into_owned());
        let secrets = fields::secrets_in(&field);
        // Each of them is looked for elsewhere, too.
        let taken = secrets.iter().filter(|it| masking.takes(it.as_bytes()));
        if taken.count() > 0 {
            let kept = fields::redact_header(&field);
            let kept = if kept == field {
                REDACTED.into()
            } else {
                kept.value
            };
            patches.put(value, kept);
        }
    }
    patches.apply(text)
}

/// Name and value of the field that the colon is of, where its name is one of a secret.
fn field(
    text: &[u8],
    colon: usize,
    masking: &mut Masking<'_>,
) -> Option<(Range<usize>, Range<usize>)> {
    let start = start_of_name(text, colon);
    let name = text.get(start..colon)?;
    if text.get(colon) != Some(&b':') || !is_of_field(name) || !masking.is_secret(name) {
        return None;
    }
    let before = text.get(..start)?;
    let quote = before.last().copied().filter(|byte| is_quote(*byte));
    let value = value(text, colon + 1, quote);
    let written = String::from_utf8_lossy(text.get(value.clone())?);
    let is_field = begins(before) || fields::has_scheme(&written);
    (is_field && !value.is_empty()).then_some((start..colon, value))
}

/// Quotation marks, and as HTML writes them.
const QUOTES: [&[u8]; 6] = [b"'", b"\"", b"&quot;", b"&#34;", b"&#39;", b"&#x27;"];

/// Likewise of a name and a value that stand in quotation marks around a colon or a comma. Behind a comma what has nothing
/// but letters and hyphens is the name of another field.
fn quoted(
    text: &[u8],
    sign: usize,
    masking: &mut Masking<'_>,
) -> Option<(Range<usize>, Range<usize>)> {
    let before = text.get(..sign)?.trim_ascii_end();
    let quote = QUOTES.iter().find(|quote| before.ends_with(quote))?;
    let name_end = before.len() - quote.len();
    let start = start_of_name(text, name_end);
    let name = text.get(start..name_end)?;
    if !text.get(..start)?.ends_with(quote) || !is_of_field(name) || !masking.is_secret(name) {
        return None;
    }
    let rest = text.get(sign + 1..)?;
    let behind = rest.trim_ascii_start();
    let opened = behind.strip_prefix(*quote)?;
    let value = text.len() - opened.len();
    let near = opened.get(..LONGEST_VALUE).unwrap_or(opened);
    let mut ends = memmem::find_iter(near, quote);
    let end = ends.find(|end| !near.get(..*end).is_some_and(|it| it.ends_with(b"\\")))?;
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'-';
    let is_name = text.get(sign) == Some(&b',') && near.get(..end)?.iter().all(is_letter);
    (end > 0 && !is_name).then_some((start..name_end, value..value + end))
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

fn start_of_name(text: &[u8], colon: usize) -> usize {
    let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let before = text.get(..colon).unwrap_or_default();
    let length = before
        .iter()
        .rev()
        .take(LONGEST_NAME)
        .take_while(is_of_name)
        .count();
    let start = colon - length;
    // The letter of an escape is none of the name: `\nCookie: …`.
    let is_escape = before.get(..start).is_some_and(|it| it.ends_with(b"\\"))
        && matches!(before.get(start), Some(b'n' | b'r' | b't'));
    if is_escape { start + 1 } else { start }
}

/// Whether what stands before a name lets a line, a quotation, a tag or the like begin with it.
fn begins(before: &[u8]) -> bool {
    let before = match before
        .iter()
        .rposition(|byte| !matches!(byte, b' ' | b'\t'))
    {
        Some(last) => before.get(..=last).unwrap_or_default(),
        None => return true,
    };
    let escapes: [&[u8]; 5] = [b"\\n", b"\\r", b"\\t", b"&gt;", b"&lt;"];
    let last = before.last().copied().unwrap_or(b'\n');
    matches!(last, b'\n' | b'\r' | b'>' | b'<' | b'*' | b'|')
        || is_quote(last)
        || escapes.iter().any(|escape| before.ends_with(escape))
}

/// What stands behind the colon, up to the end of the line, of the quotation or of the string that it is in.
fn value(text: &[u8], from: usize, quote: Option<u8>) -> Range<usize> {
    let rest = text.get(from..).unwrap_or_default();
    let blanks = rest
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    let mut start = from + blanks;
    let mut quote = quote;
    if let Some(opening) = text.get(start).copied().filter(|byte| is_quote(*byte)) {
        (start, quote) = (start + 1, Some(opening));
    }
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.get(..LONGEST_VALUE).unwrap_or(rest);
    let mut end = 0;
    while let Some(byte) = rest.get(end) {
        let next = rest.get(end + 1);
        let is_end = matches!(byte, b'\n' | b'\r' | b'"' | b'<')
            || Some(*byte) == quote
            || (*byte == b'\\' && matches!(next, Some(b'n' | b'r')))
            || (*byte == b'\\' && quote == Some(b'"') && next == Some(&b'"'));
        if is_end {
            break;
        }
        end += 1;
    }
    let written = rest.get(..end).unwrap_or_default();
    // Backslashes before the end are escapes of that.
    let is_of_value = |byte: &u8| !matches!(byte, b'\\' | b' ' | b'\t');
    let length = written
        .iter()
        .rposition(is_of_value)
        .map_or(0, |last| last + 1);
    start..start + length
}

#[cfg(test)]
mod tests {
    use super::{super::names::is_secret_name, *};

    fn redacted(text: &str) -> String {
        let redacted = redact(text.as_bytes(), &mut Masking::new(&is_secret_name));
        String::from_utf8(redacted.unwrap_or_else(|| text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn secret_fields_go_from_lines_strings_and_pages() {
        for (text, expected) in [
            (
                "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer s3cret\r\nCookie: sid=s3cret; a=1\r\n\r\nbody",
                "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer §\r\nCookie: sid=§; a=§\r\n\r\nbody",
            ),
            (
                r#"{"raw":"GET /\r\nauthorization: s3cret\r\nX-Api-Key: s3cret\r\nAccept: */*"}"#,
                r#"{"raw":"GET /\r\nauthorization: §\r\nX-Api-Key: §\r\nAccept: */*"}"#,
            ),
            (
                r#"{"headers":["Authorization: Bearer s3cret","Accept: */*"]}"#,
                r#"{"headers":["Authorization: Bearer §","Accept: */*"]}"#,
            ),
            (
                "<pre>&gt; Set-Cookie: sid=s3cret; Path=/</pre>",
                "<pre>&gt; Set-Cookie: sid=§; Path=/</pre>",
            ),
            (
                r#"{"curl":"curl -H 'X-Auth-Token: s3cret' -H \"Authorization: Basic s3cret\" http://h/"}"#,
                r#"{"curl":"curl -H 'X-Auth-Token: §' -H \"Authorization: Basic §\" http://h/"}"#,
            ),
            (
                r#"{"a":"{\"b\":\"[\\\"Authorization: Bearer s3cret\\\"]\"}"}"#,
                r#"{"a":"{\"b\":\"[\\\"Authorization: Bearer §\\\"]\"}"}"#,
            ),
            (
                "12:00 INFO sent Authorization: Bearer s3cret",
                "12:00 INFO sent Authorization: Bearer §",
            ),
            (
                "{'Host': 'h', 'Authorization': 'Bearer s3cret', 'X-Api-Key': 's3c\\'ret'}",
                "{'Host': 'h', 'Authorization': 'Bearer §', 'X-Api-Key': '§'}",
            ),
            (
                "rawHeaders: [ 'Vary', 'Cookie', 'Authorization', 'Bearer s3cret', 'Cookie', 'sid=s3cret' ]",
                "rawHeaders: [ 'Vary', 'Cookie', 'Authorization', 'Bearer §', 'Cookie', 'sid=§' ]",
            ),
            (
                "<pre>{&quot;authorization&quot;: &quot;s3cret&quot;, &quot;a&quot;: 1}</pre>",
                "<pre>{&quot;authorization&quot;: &quot;§&quot;, &quot;a&quot;: 1}</pre>",
            ),
            ("client-secret: \"s3cret\"\n", "client-secret: \"§\"\n"),
        ] {
            assert_eq!(redacted(text), expected.replace('§', REDACTED), "{text}");
        }
    }

    #[test]
    fn other_lines_stay_and_so_do_templates_and_marks() {
        for text in [
            "Host: h\nContent-Type: text/plain\nIdempotency-Key: 7\ntoken: 1\n",
            "Authorization: \n",
            "Authorization: Bearer {{ token }}\nCookie: sid=‹secret sid›\n",
            "The header Authorization: it was missing",
            r#"{"x-api-key":true,"x-auth-token": 12}"#,
            "['Authorization', 'Accept-Language', 'Cookie']",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_it_ends(text in "(Authorization|Cookie|[:;=\"'\\\\<>nr \n]|Bearer ){0,30}") {
            let _ = redacted(&text);
        }
    }
}

//! JSON, sound or not: the values of members whose names say that they are secret.
//!
//! It need not be a whole text, since an answer may be cut off, nor one text alone: events and lines of JSON are
//! read as well. A string, a number, and every one of them in a list or an object goes; `true`, `false` and `null`
//! are no secrets. JSON that is written into a string is looked through likewise, and so are pairs such as
//! `{"name":"password","value":"…"}` and header fields in lists, `["Authorization","Bearer …"]`. Of what is called
//! `cookies` those go that sessions have.

use std::ops::Range;

use memchr::{memchr, memchr3, memmem};

use super::{
    REDACTED, graphql,
    masking::{Masking, Patches},
    names::{is_of_field, is_of_session, may_be_of_a_thing},
};

/// What a pair is called by, and what holds its value.
const PAIR_NAMES: [&[u8]; 2] = [b"name", b"key"];
const PAIR_VALUE: &[u8] = b"value";

/// The other half of a pair is looked for so far behind the first one, in bytes.
const FARTHEST: usize = 16 * 1024;

/// JSON within strings is looked through so many times over.
const DEEPEST: usize = 4;

/// The text without them; `None` where it can stay. With templates, quotes within `{{ … }}` end no string.
pub(super) fn redact(
    text: &[u8],
    has_templates: bool,
    masking: &mut Masking<'_>,
) -> Option<Vec<u8>> {
    redact_within(text, has_templates, 0, masking)
}

fn redact_within(
    text: &[u8],
    has_templates: bool,
    depth: usize,
    masking: &mut Masking<'_>,
) -> Option<Vec<u8>> {
    let mut walk = Walk {
        text,
        has_templates,
        depth,
        due: None,
        cookies: 0..0,
        patches: Patches::default(),
    };
    let mut at = 0;
    while let Some(quote) = text.get(at..).and_then(|rest| memchr(b'"', rest)) {
        let name = walk.string(at + quote);
        at = name.end + 1;
        let Some(value) = walk.value_after(&name) else {
            match walk.listed_after(&name, masking) {
                Some(value) => at = walk.mask(value, masking),
                None => walk.inner(name, masking),
            }
            continue;
        };
        let start = name.start;
        let written = text.get(name).unwrap_or_default();
        at = if walk.is_secret(written, start, masking) || walk.is_of_pair(written, value, masking)
        {
            walk.mask(value, masking)
        } else if written.eq_ignore_ascii_case(b"cookies") && walk.is_container(value) {
            walk.cookies = value..walk.end_of_container(value);
            value
        } else if written == b"query" {
            walk.graphql(value, masking)
        } else {
            value
        };
    }
    walk.patches.apply(text)
}

struct Walk<'t> {
    text: &'t [u8],
    has_templates: bool,
    /// How many strings are around it.
    depth: usize,
    /// Where the value begins that the name before it makes a secret.
    due: Option<usize>,
    /// Where the cookies of the latest `cookies` are.
    cookies: Range<usize>,
    patches: Patches,
}

impl Walk<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    fn after_space(&self, mut at: usize) -> usize {
        while self.byte(at).is_some_and(|it| it.is_ascii_whitespace()) {
            at += 1;
        }
        at
    }

    /// What stands between the quote there and the one that ends the string, or the end of the text.
    fn string(&self, quote: usize) -> Range<usize> {
        let start = quote + 1;
        let mut at = start;
        while let Some(found) = self
            .text
            .get(at..)
            .and_then(|rest| memchr3(b'"', b'\\', b'{', rest))
        {
            at += found;
            match self.byte(at) {
                Some(b'"') => return start..at,
                Some(b'\\') => at += 2,
                _ => at = self.after_template(at),
            }
        }
        start..self.text.len()
    }

    /// Behind the template that begins there, where one does.
    fn after_template(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = (self.has_templates && rest.starts_with(b"{{"))
            .then(|| memmem::find(rest, b"}}"))
            .flatten();
        end.map_or(at + 1, |end| at + end + 2)
    }

    /// Where the value of a member begins; `None` where the string is no name.
    fn value_after(&self, name: &Range<usize>) -> Option<usize> {
        let colon = self.after_space(name.end + 1);
        (self.byte(colon)? == b':').then(|| self.after_space(colon + 1))
    }

    /// Whether a name that stands there is one of a secret.
    fn is_secret(&self, name: &[u8], at: usize, masking: &mut Masking<'_>) -> bool {
        let is_cookie = self.cookies.contains(&at) && masking.is_secret(b"cookie");
        masking.is_secret(name) || (is_cookie && is_of_session(&String::from_utf8_lossy(name)))
    }

    /// Where the value begins that follows the name of a header field in a list. What looks like the name of another field
    /// is none: the list is one of names.
    fn listed_after(&self, name: &Range<usize>, masking: &mut Masking<'_>) -> Option<usize> {
        let written = self.text.get(name.clone())?;
        // Most strings of a list are nothing like a name: these are not asked about.
        if !is_of_letters(written) || !is_of_field(written) || !masking.is_secret(written) {
            return None;
        }
        let comma = self.after_space(name.end + 1);
        let value = (self.byte(comma)? == b',').then(|| self.after_space(comma + 1))?;
        if self.byte(value)? != b'"' {
            return None;
        }
        let next = self.string(value);
        let is_name = is_of_letters(self.text.get(next.clone())?);
        (!is_name && self.value_after(&next).is_none()).then_some(value)
    }

    /// Whether a member is the value of a pair whose name, before it or behind it, is one of a secret.
    fn is_of_pair(&mut self, member: &[u8], value: usize, masking: &mut Masking<'_>) -> bool {
        if PAIR_NAMES.contains(&member) {
            if self.is_secret_name_at(value, masking) {
                self.due = self.sibling(value, &[PAIR_VALUE]);
            }
            return false;
        }
        member == PAIR_VALUE
            && (self.due == Some(value)
                || self
                    .sibling(value, &PAIR_NAMES)
                    .is_some_and(|name| self.is_secret_name_at(name, masking)))
    }

    fn is_secret_name_at(&self, at: usize, masking: &mut Masking<'_>) -> bool {
        let name = (self.byte(at) == Some(b'"')).then(|| self.string(at));
        let name = name.and_then(|name| self.text.get(name));
        name.is_some_and(|name| {
            self.is_secret(name, at, masking) && !may_be_of_a_thing(&String::from_utf8_lossy(name))
        })
    }

    /// Where the value of a member begins that follows in the same object.
    fn sibling(&self, value: usize, wanted: &[&[u8]]) -> Option<usize> {
        let (mut at, mut depth) = (value, 0_usize);
        while at < value + FARTHEST {
            match self.byte(at)? {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.checked_sub(1)?,
                b'"' => {
                    let name = self.string(at);
                    at = name.end;
                    let found = self.value_after(&name).filter(|_| depth == 0);
                    if found.is_some() && wanted.contains(&self.text.get(name)?) {
                        return found;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// A string that holds JSON.
    fn inner(&mut self, string: Range<usize>, masking: &mut Masking<'_>) {
        let written = self.text.get(string.clone()).unwrap_or_default();
        let is_json = matches!(written.trim_ascii_start().first(), Some(b'{' | b'['))
            && memmem::find(written, b"\\\"").is_some();
        if !is_json || self.depth >= DEEPEST {
            return;
        }
        let quoted = [b"\"", written, b"\""].concat();
        let inner = serde_json::from_slice::<String>(&quoted).ok();
        let redacted = inner.and_then(|inner| {
            redact_within(
                inner.as_bytes(),
                self.has_templates,
                self.depth + 1,
                masking,
            )
        });
        if let Some(text) = redacted.and_then(|bytes| String::from_utf8(bytes).ok()) {
            let quoted = serde_json::Value::from(text).to_string();
            let inner = quoted.get(1..quoted.len().saturating_sub(1));
            self.patches.put(string, inner.unwrap_or_default());
        }
    }

    /// Where a list or an object ends, or the text.
    fn end_of_container(&self, start: usize) -> usize {
        let (mut at, mut depth) = (start, 0_usize);
        while let Some(byte) = self.byte(at) {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => at = self.string(at).end,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        at
    }

    fn is_container(&self, at: usize) -> bool {
        let is_template = self.has_templates
            && self
                .text
                .get(at..)
                .is_some_and(|rest| rest.starts_with(b"{{"));
        !is_template && matches!(self.byte(at), Some(b'{' | b'['))
    }

    /// Marks the value there, and says where it ends.
    fn mask(&mut self, at: usize, masking: &mut Masking<'_>) -> usize {
        if self.is_container(at) {
            return self.mask_within(at, masking);
        }
        self.mask_one(at, masking).unwrap_or(at)
    }

    /// Marks a string or a number, and says where it ends.
    fn mask_one(&mut self, at: usize, masking: &mut Masking<'_>) -> Option<usize> {
        match self.byte(at)? {
            b'"' => {
                let inner = self.string(at);
                let end = inner.end + 1;
                if masking.takes(self.text.get(inner.clone())?) {
                    self.patches.mark(inner);
                }
                Some(end)
            }
            b'-' | b'0'..=b'9' => {
                let mut end = at + 1;
                while matches!(
                    self.byte(end),
                    Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')
                ) {
                    end += 1;
                }
                if masking.takes(self.text.get(at..end)?) {
                    self.patches.put(at..end, format!("\"{REDACTED}\""));
                }
                Some(end)
            }
            _ => None,
        }
    }

    /// Marks every string and number of a list or an object, the names left out, and says where it ends.
    fn mask_within(&mut self, start: usize, masking: &mut Masking<'_>) -> usize {
        let mut depth = 0_usize;
        let mut at = start;
        while let Some(byte) = self.byte(at) {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b'"' => {
                    let text = self.string(at);
                    if let Some(value) = self.value_after(&text) {
                        at = value;
                        continue;
                    }
                }
                _ => {}
            }
            at = self.mask_one(at, masking).unwrap_or(at + 1);
            if depth == 0 {
                break;
            }
        }
        at
    }

    /// A query of GraphQL as a string: RFC 8259 around what the GraphQL specification, Section 2, describes.
    fn graphql(&mut self, at: usize, masking: &mut Masking<'_>) -> usize {
        if self.byte(at) != Some(b'"') {
            return at;
        }
        let inner = self.string(at);
        let end = inner.end + 1;
        let written = self.text.get(at..end).unwrap_or_default();
        let query = serde_json::from_slice::<String>(written).ok();
        if let Some(redacted) = query.and_then(|query| graphql::redact(&query, masking)) {
            let quoted = serde_json::Value::from(redacted).to_string();
            self.patches.put(at..end, quoted);
        }
        end
    }
}

/// Whether a text may be the name of a header field: those that are in use have letters and hyphens.
fn is_of_letters(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    bytes.all(|byte| byte.is_ascii_alphabetic() || *byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::{super::names::is_secret_name, *};

    fn redacted(text: &str) -> String {
        let redacted = redact(text.as_bytes(), false, &mut Masking::new(&is_secret_name));
        String::from_utf8(redacted.unwrap_or_else(|| text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn a_value_goes_whatever_its_type() {
        for (text, expected) in [
            (
                r#"{"password": ["x", 12, null]}"#,
                r#"{"password": ["§", "§", null]}"#,
            ),
            (
                r#"{"token":{"value":"t","kind":{"id":-1.5e3}},"a":"kept"}"#,
                r#"{"token":{"value":"§","kind":{"id":"§"}},"a":"kept"}"#,
            ),
            (
                r#"{"otp":123456,"secret":true}"#,
                r#"{"otp":"§","secret":true}"#,
            ),
            (r#"{"pass\u0077ord":"a\"b"}"#, r#"{"pass\u0077ord":"§"}"#),
            (r#"{"token":"cut of"#, r#"{"token":"§"#),
            (r#"{"token":["a","b"#, r#"{"token":["§","§"#),
            (
                "data: {\"token\":\"a\"}\n\ndata: {\"id\":1}\n",
                "data: {\"token\":\"§\"}\n\ndata: {\"id\":1}\n",
            ),
            (
                r#"{"token":"‹secret token›","pwd":""}"#,
                r#"{"token":"‹secret token›","pwd":""}"#,
            ),
            (r#"["password","x"]"#, r#"["password","x"]"#),
        ] {
            assert_eq!(redacted(text), expected.replace('§', REDACTED), "{text}");
        }
    }

    #[test]
    fn header_fields_pairs_and_json_in_strings_go_too() {
        for (text, expected) in [
            (
                r#"{"Authorization":"Bearer x","headers":{"Set-Cookie":["a=b"],"Proxy-Authorization":"y","cookie":"c=d"}}"#,
                r#"{"Authorization":"§","headers":{"Set-Cookie":["§"],"Proxy-Authorization":"§","cookie":"§"}}"#,
            ),
            (
                r#"[{"name":"password","value":"x"},{"value":"y","on":{"a":[1]},"key":"token"},{"name":"user","value":"ann"}]"#,
                r#"[{"name":"password","value":"§"},{"value":"§","on":{"a":[1]},"key":"token"},{"name":"user","value":"ann"}]"#,
            ),
            (
                r#"{"log":"{\"user\":\"ann\",\"password\":\"x\",\"n\":[\"{\\\"otp\\\":12345}\"]}"}"#,
                r#"{"log":"{\"user\":\"ann\",\"password\":\"§\",\"n\":[\"{\\\"otp\\\":\\\"§\\\"}\"]}"}"#,
            ),
            (
                r#"{"name":"password","type":"string"}"#,
                r#"{"name":"password","type":"string"}"#,
            ),
            (
                r#"{"headers":[["Host","h"],["Authorization","Bearer x"]],"rawHeaders":["Host","h","X-Api-Key","x1","Cookie","a=b"]}"#,
                r#"{"headers":[["Host","h"],["Authorization","§"]],"rawHeaders":["Host","h","X-Api-Key","§","Cookie","§"]}"#,
            ),
            (
                r#"{"vary":["Authorization","Accept-Language","Cookie"],"fields":["token","x1"]}"#,
                r#"{"vary":["Authorization","Accept-Language","Cookie"],"fields":["token","x1"]}"#,
            ),
            (
                r#"{"cookies":{"theme":"dark","connect.sid":"s:1"},"sid":"kept","a":{"cookies":[{"name":"sid","value":"x"},{"name":"b","value":"y"}]}}"#,
                r#"{"cookies":{"theme":"dark","connect.sid":"§"},"sid":"kept","a":{"cookies":[{"name":"sid","value":"§"},{"name":"b","value":"y"}]}}"#,
            ),
            (
                r#"[{"name":"Token","value":"gold"},{"value":12,"name":"Session Pass"},{"name":"X-Token","value":"x"}]"#,
                r#"[{"name":"Token","value":"gold"},{"value":12,"name":"Session Pass"},{"name":"X-Token","value":"§"}]"#,
            ),
        ] {
            assert_eq!(redacted(text), expected.replace('§', REDACTED), "{text}");
        }
    }

    #[test]
    fn the_arguments_of_a_query_go_too() {
        let text = r#"{"query":"mutation { login(user: \"ann\", password: \"x\\\"y\") { id } }","variables":{"pwd":"z"}}"#;
        let expected = r#"{"query":"mutation { login(user: \"ann\", password: \"§\") { id } }","variables":{"pwd":"§"}}"#;
        assert_eq!(redacted(text), expected.replace('§', REDACTED));
    }

    #[test]
    fn quotes_within_templates_end_nothing() {
        let text = r#"{"password": "{{ env("X") }}", "otp": {{ prompt("OTP") }}, "token": "t"}"#;
        let redacted = redact(text.as_bytes(), true, &mut Masking::new(&is_secret_name)).unwrap();
        let expected = text.replace("\"t\"", &format!("\"{REDACTED}\""));
        assert_eq!(String::from_utf8(redacted).unwrap(), expected);
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_it_ends(text in "[\"{}:\\[\\]\\\\ a1-]{0,40}|\"token\":.{0,30}") {
            let _ = redacted(&text);
        }
    }
}

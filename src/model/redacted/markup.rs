//! XML and HTML: the content of elements, the attributes and the fields of forms whose names say that they are secret.

mod pair;

use std::ops::Range;

use memchr::{memchr, memmem};

use super::masking::{Masking, Patches};

/// So far behind an element's beginning its end is looked for, in bytes: a text of nothing but beginnings must not
/// take for ever.
const FARTHEST: usize = 16 * 1024;

/// The text without them; `None` where it can stay.
pub(super) fn redact(text: &[u8], masking: &mut Masking<'_>) -> Option<Vec<u8>> {
    let mut patches = Patches::default();
    let mut at = 0;
    while let Some(open) = find(text, at, b"<") {
        at = open + 1;
        let Some(tag) = Tag::read(text, at) else {
            continue;
        };
        at = tag.end;
        tag.mask_attributes(text, masking, &mut patches);
        let name = text.get(tag.name.clone()).unwrap_or_default();
        if !tag.is_closed && masking.is_secret(local(name)) {
            let near = text.get(..at + FARTHEST).unwrap_or(text);
            let end = find(near, at, &[b"</", name].concat());
            let end = end.or_else(|| find(text, at, b"<")).unwrap_or(text.len());
            mask_content(text, at..end, masking, &mut patches);
            at = end;
        } else if let Some(value) = pair::value_beside(text, &tag, masking) {
            at = value.end;
            mask_content(text, value, masking, &mut patches);
        }
    }
    patches.apply(text)
}

fn find(text: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    memmem::find(text.get(from..)?, needle).map(|found| from + found)
}

/// The name without the prefix of its namespace.
fn local(name: &[u8]) -> &[u8] {
    name.rsplit(|byte| *byte == b':').next().unwrap_or(name)
}

/// An opening tag, from its name on.
struct Tag {
    name: Range<usize>,
    attributes: Vec<(Range<usize>, Range<usize>)>,
    /// Whether it has no content: `<a/>`.
    is_closed: bool,
    /// Behind its `>`.
    end: usize,
}

impl Tag {
    /// `None` where no name begins there: a comment, a closing tag, a sign in a text.
    fn read(text: &[u8], start: usize) -> Option<Self> {
        let byte = |at: usize| text.get(at).copied();
        let is_name =
            |byte: u8| !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=' | b'<');
        let name_end = |mut at: usize| {
            while byte(at).is_some_and(is_name) {
                at += 1;
            }
            at
        };
        if !byte(start)?.is_ascii_alphabetic() && byte(start)? != b'_' {
            return None;
        }
        let name = start..name_end(start);
        let mut tag = Self {
            end: name.end,
            name,
            attributes: Vec::new(),
            is_closed: false,
        };
        loop {
            let at = tag.end;
            match byte(at) {
                Some(b'>') => {
                    tag.is_closed = at > 0 && byte(at - 1) == Some(b'/');
                    tag.end = at + 1;
                    return Some(tag);
                }
                None | Some(b'<') => return Some(tag),
                Some(it) if !is_name(it) => tag.end += 1,
                Some(_) => {
                    let name = at..name_end(at);
                    tag.end = name.end;
                    if let Some(value) = value(text, name.end) {
                        tag.end = value.end;
                        tag.attributes.push((name, value));
                    }
                }
            }
        }
    }

    fn mask_attributes(&self, text: &[u8], masking: &mut Masking<'_>, patches: &mut Patches) {
        let part = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        let mut says = self.attributes.iter();
        // `<input name="csrf_token" value="…">`, `<meta name="…" content="…">`, `<add key="…" value="…"/>`.
        let is_field = says.any(|(name, value)| {
            matches!(part(name), b"name" | b"key") && masking.is_secret(part(value))
        });
        for (name, value) in &self.attributes {
            let is_value = is_field && matches!(part(name), b"value" | b"content");
            if (is_value || masking.is_secret(local(part(name)))) && masking.takes(part(value)) {
                patches.mark(value.clone());
            }
        }
    }
}

/// The value of an attribute whose name ends there, without its quotes.
fn value(text: &[u8], name_end: usize) -> Option<Range<usize>> {
    let after_space = |mut at: usize| {
        while text.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        at
    };
    let equals = after_space(name_end);
    if text.get(equals) != Some(&b'=') {
        return None;
    }
    let start = after_space(equals + 1);
    let rest = text.get(start..)?;
    if let quote @ (b'"' | b'\'') = rest.first()? {
        let length = memchr(*quote, rest.get(1..)?).unwrap_or(rest.len() - 1);
        return Some(start + 1..start + 1 + length);
    }
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
    let length = rest.iter().position(is_end).unwrap_or(rest.len());
    Some(start..start + length)
}

/// The texts of an element, those of its children and of `CDATA` too.
fn mask_content(
    text: &[u8],
    content: Range<usize>,
    masking: &mut Masking<'_>,
    patches: &mut Patches,
) {
    const CDATA: &[u8] = b"<![CDATA[";
    let mut at = content.start;
    while at < content.end {
        let rest = text.get(at..content.end).unwrap_or_default();
        let (run, next) = if rest.starts_with(CDATA) {
            let start = at + CDATA.len();
            let end = find(text, start, b"]]>").unwrap_or(content.end);
            (start..end.min(content.end), end + 3)
        } else if rest.starts_with(b"<") {
            let end = memchr(b'>', rest).map_or(content.end, |end| at + end + 1);
            (end..end, end)
        } else {
            let end = memchr(b'<', rest).map_or(content.end, |end| at + end);
            (at..end, end)
        };
        let written = text.get(run.clone()).unwrap_or_default();
        if !written.trim_ascii().is_empty() && masking.takes(written) {
            patches.mark(run);
        }
        at = next;
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{REDACTED, names::is_secret_name},
        *,
    };

    fn redacted(text: &str) -> String {
        let redacted = redact(text.as_bytes(), &mut Masking::new(&is_secret_name));
        String::from_utf8(redacted.unwrap_or_else(|| text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn elements_attributes_and_fields_of_forms_lose_their_secrets() {
        for (text, expected) in [
            (
                "<u><password>x</password><n>y</n></u>",
                "<u><password>§</password><n>y</n></u>",
            ),
            (
                "<s:Password Type='t'>x</s:Password>",
                "<s:Password Type='t'>§</s:Password>",
            ),
            (
                "<a token=\"t\" id='1' pwd=p>x</a>",
                "<a token=\"§\" id='1' pwd=§>x</a>",
            ),
            (
                "<password><![CDATA[x<y]]></password>",
                "<password><![CDATA[§]]></password>",
            ),
            (
                "<token>\n <v>a</v> <w/>b</token>",
                "<token>\n <v>§</v> <w/>§</token>",
            ),
            (
                "<input name=\"csrf_token\" value=\"v\">",
                "<input name=\"csrf_token\" value=\"§\">",
            ),
            (
                "<password/><b>x</b><token>cut",
                "<password/><b>x</b><token>§",
            ),
            (
                "<tr><th>Authorization</th>\n <td class=v>Bearer x</td></tr><td>Host</td><td>h</td>",
                "<tr><th>Authorization</th>\n <td class=v>§</td></tr><td>Host</td><td>h</td>",
            ),
            (
                "<dl><dt> <b>X-Api-Key</b>:</dt><dd><code>k</code></dd><dt>a</dt><dd>b</dd></dl>",
                "<dl><dt> <b>X-Api-Key</b>:</dt><dd><code>§</code></dd><dt>a</dt><dd>b</dd></dl>",
            ),
            (
                "<td>Cookie</td></tr><tr><td>a</td><td>Token</td><td>5 pieces</td>",
                "<td>Cookie</td></tr><tr><td>a</td><td>Token</td><td>5 pieces</td>",
            ),
            (
                "1 < 2 <!-- <x> --> <token></token>",
                "1 < 2 <!-- <x> --> <token></token>",
            ),
        ] {
            assert_eq!(redacted(text), expected.replace('§', REDACTED), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_it_ends(text in "[<>/='\" !\\[\\]a]{0,40}|<token.{0,30}") {
            let _ = redacted(&text);
        }
    }
}

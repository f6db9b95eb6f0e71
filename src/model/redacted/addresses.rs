//! Addresses that stand in a body among whatever else: the `user:password@` in them, and parameters whose names say
//! that they are secret.

use std::ops::Range;

use memchr::memmem;

use super::{
    masking::{Masking, Patches},
    template_only::are_credentials_kept,
};

/// What stands between a scheme and its authority: RFC 3986, Section 3. JSON may write a slash with an escape.
const BEFORE: [&[u8]; 2] = [b"://", b":\\/\\/"];

/// An address is not longer, in bytes.
const LONGEST: usize = 8 * 1024;

/// The text without them; `None` where it can stay.
pub(super) fn redact(text: &[u8], masking: &mut Masking<'_>) -> Option<Vec<u8>> {
    let mut starts: Vec<usize> = BEFORE
        .iter()
        .flat_map(|before| memmem::find_iter(text, before).map(|at| at + before.len()))
        .collect();
    starts.sort_unstable();
    // Everybody's secrets are looked for where passwords are.
    let masks_credentials = masking.is_secret(b"password");
    let mut found = Vec::new();
    for start in starts {
        let address = start..end_of_address(text, start);
        let credentials = credentials(text, address.clone());
        found.extend(credentials.filter(|_| masks_credentials));
        let parameters = parameters(text, address).into_iter();
        found.extend(parameters.filter_map(|(name, value)| {
            // A mark holds blanks, where an address ends.
            let is_marked = text.get(value.clone())?.starts_with("‹".as_bytes());
            (!is_marked && masking.is_secret(text.get(name)?)).then_some(value)
        }));
    }
    found.sort_unstable_by_key(|place| place.start);
    // An address within another one is met twice.
    found.dedup_by(|next, before| next.start < before.end || next == before);
    let mut patches = Patches::default();
    for place in found {
        if masking.takes(text.get(place.clone()).unwrap_or_default()) {
            patches.mark(place);
        }
    }
    patches.apply(text)
}

fn end_of_address(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    let ends = |(index, byte): (usize, &u8)| match byte {
        // A slash with an escape is a slash.
        b'\\' => rest.get(index + 1) != Some(&b'/'),
        b'"' | b'\'' | b'<' | b'>' | b'`' => true,
        byte => byte.is_ascii_whitespace() || byte.is_ascii_control(),
    };
    let length = rest.iter().enumerate().position(ends);
    start + length.unwrap_or(rest.len())
}

/// The `user:password` before an `@`. A user alone opens no door.
fn credentials(text: &[u8], address: Range<usize>) -> Option<Range<usize>> {
    let start = address.start;
    let rest = text.get(address)?;
    let end = rest.iter().position(|byte| b"/\\?#".contains(byte));
    let authority = rest.get(..end.unwrap_or(rest.len()))?;
    let at = authority.iter().rposition(|byte| *byte == b'@')?;
    let written = std::str::from_utf8(authority.get(..at)?).ok()?;
    let (_, password) = written.split_once(':')?;
    let is_kept = password.is_empty() || are_credentials_kept(written);
    (!is_kept).then_some(start..start + at)
}

/// The names and values of the query.
fn parameters(text: &[u8], address: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let written = text.get(address.clone()).unwrap_or_default();
    let Some(mark) = written.iter().position(|byte| *byte == b'?') else {
        return Vec::new();
    };
    let query = written.get(mark + 1..).unwrap_or_default();
    let mut found = Vec::new();
    let mut start = address.start + mark + 1;
    for pair in query.split(|byte| b"&;#".contains(byte)) {
        if let Some(equals) = pair.iter().position(|byte| *byte == b'=') {
            let value = start + equals + 1..start + pair.len();
            found.push((start..start + equals, value));
        }
        start += pair.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::{REDACTED, names::is_secret_name};
    use super::*;

    fn redacted(text: &str) -> String {
        let redacted = redact(text.as_bytes(), &mut Masking::new(&is_secret_name));
        String::from_utf8(redacted.unwrap_or_else(|| text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn passwords_and_secret_parameters_go_from_addresses_in_texts() {
        for (text, expected) in [
            (
                r#"{"next":"https://me:s3cret@host/a?access_token=t0ken&page=2#x"}"#,
                r#"{"next":"https://§@host/a?access_token=§&page=2#x"}"#,
            ),
            (
                r#"{"next":"https:\/\/me:s3cret@host\/a?token=t0ken"}"#,
                r#"{"next":"https:\/\/§@host\/a?token=§"}"#,
            ),
            (
                "go to postgres://app:s3cret@db/x, or <http://h/?a=1&amp;api_key=k3y>",
                "go to postgres://§@db/x, or <http://h/?a=1&amp;api_key=§>",
            ),
            (
                "http://h/?to=https://me:s3cret@other/?token=t0ken",
                "http://h/?to=https://§@other/?token=§",
            ),
        ] {
            let expected = expected.replace('§', REDACTED);
            assert_eq!(redacted(text), expected);
            assert_eq!(redacted(&expected), expected, "once is enough");
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in [
            "https://host/users/@me?to=a@b.c&page=1",
            "// call me: a@b.c",
            "https://me@host/",
            "https://{{ user }}:{{ password }}@host/?token={{ token }}",
            "a://",
            "://:@",
        ] {
            assert_eq!(redacted(text), text);
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_stands_there_it_ends(text in "([a:/@?&=# \"\\\\]|https://|token=){0,30}") {
            let _ = redacted(&text);
        }
    }
}

//! Values that are found where they stand by themselves: not within a longer word or number.

use memchr::memmem;

/// `None` where the value does not stand by itself anywhere. A number in JSON becomes a text, so that what it
/// stands in stays JSON.
pub(super) fn replace(bytes: &[u8], value: &[u8], mark: &[u8]) -> Option<Vec<u8>> {
    let mut replaced = Vec::new();
    let mut end = 0;
    for start in memmem::find_iter(bytes, value) {
        let (before, rest) = bytes.split_at_checked(start)?;
        let after = rest.get(value.len()..).unwrap_or_default();
        if !is_apart(before, value, after) {
            continue;
        }
        let quote: &[u8] = if is_bare_number(before, value, after) {
            b"\""
        } else {
            b""
        };
        replaced.extend_from_slice(bytes.get(end..start).unwrap_or_default());
        for part in [quote, mark, quote] {
            replaced.extend_from_slice(part);
        }
        end = start + value.len();
    }
    if end == 0 {
        return None;
    }
    replaced.extend_from_slice(bytes.get(end..).unwrap_or_default());
    Some(replaced)
}

fn is_apart(before: &[u8], value: &[u8], after: &[u8]) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    let joins = |inside: Option<&u8>, outside: Option<&u8>| is_word(inside) && is_word(outside);
    !joins(value.first(), before.last()) && !joins(value.last(), after.first())
}

/// Whether a value is a number between the signs that stand around one in JSON: RFC 8259, Section 2.
fn is_bare_number(before: &[u8], value: &[u8], after: &[u8]) -> bool {
    let before = before.trim_ascii_end().last();
    let after = after.trim_ascii_start().first();
    value.iter().all(u8::is_ascii_digit)
        && before.is_some_and(|byte| b":[,".contains(byte))
        && after.is_some_and(|byte| b",]}".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str) -> Option<String> {
        let bytes = replace(text.as_bytes(), b"987654", "‹x›".as_bytes())?;
        Some(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_value_within_another_one_stays_and_json_stays_json() {
        assert_eq!(replaced(r#"{"y":1987654321,"z":"a987654"}"#), None);
        assert_eq!(
            replaced(r#"{"x": 987654 ,"y":[987654],"t":"pin 987654."}"#).as_deref(),
            Some(r#"{"x": "‹x›" ,"y":["‹x›"],"t":"pin ‹x›."}"#)
        );
        assert_eq!(replaced("pin=987654").as_deref(), Some("pin=‹x›"));
        assert_eq!(replaced("987654").as_deref(), Some("‹x›"));
    }
}

//! A query string or urlencoded form, `a=1&b=2` -> rows.

use crate::model::Field;

/// The rows of a query string: at least two pairs, or a `?` before one. A URL, a sentence and a lone
/// `a=1` are none.
pub fn read(text: &str) -> Option<Vec<Field>> {
    let text = text.trim();
    let (marked, pairs) = match text.strip_prefix('?') {
        Some(pairs) => (true, pairs),
        None => (false, text),
    };
    let enough = marked || pairs.contains('&');
    let plain = !pairs.contains(|char: char| char.is_whitespace() || char.is_control());
    let readable = pairs
        .split('&')
        .all(|pair| matches!(pair.split_once('='), Some((name, _)) if is_name(name)));
    (enough && plain && readable).then(|| decode(pairs))
}

/// The rows of a body whose pairs, written anew, are the very same bytes; `None` for any other.
pub fn read_exactly(body: &str) -> Option<Vec<Field>> {
    let rows = decode(body);
    let mut again = form_urlencoded::Serializer::new(String::new());
    again.extend_pairs(rows.iter().map(|row| (&row.name, &row.value)));
    let sent = rows.iter().all(Field::is_sent);
    (!rows.is_empty() && sent && again.finish() == body).then_some(rows)
}

fn decode(pairs: &str) -> Vec<Field> {
    form_urlencoded::parse(pairs.as_bytes())
        .map(|(name, value)| Field::new(name, value))
        .collect()
}

/// What a URL has before its first `=` holds a colon or a slash, which encoders never leave alone.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains([':', '/', '?', '#', '{', '"', '\'', '<', ';', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_become_rows() {
        assert_eq!(
            read("a=1&b=2+3&c=%C3%BC&d=&a[]=x=y\n"),
            Some(vec![
                Field::new("a", "1"),
                Field::new("b", "2 3"),
                Field::new("c", "ü"),
                Field::new("d", ""),
                Field::new("a[]", "x=y"),
            ])
        );
        assert_eq!(read("?q=x"), Some(vec![Field::new("q", "x")]));
    }

    #[test]
    fn other_texts_are_no_query() {
        for text in [
            "",
            "a=1",
            "a & b",
            "a=1& b=2",
            "http://h/?a=1&b=2",
            "R&D",
            "=&=",
            "{\"a\":\"x=1&y=2\"}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn only_what_is_written_the_same_way_becomes_a_form() {
        assert!(read_exactly("a=1&b=x+y").is_some());
        for body in ["", "a", "a=b%20c", "{}", "a=1&", "a=%c3%bc", "a=~"] {
            assert_eq!(read_exactly(body), None, "{body}");
        }
    }
}

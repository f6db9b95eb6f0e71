//! The page of the header fields: as they were received, in order, with what the one under the cursor
//! means.

use std::ops::Range;

use jiff::Timestamp;

use crate::{
    app::rich::{Line, Tone, entry, wrap},
    model::{Exchange, Header, Outcome},
    status::headers::{self, Explanation},
    text,
};

/// Columns before a name, where the mark of the chosen one stands.
const MARK: usize = 2;

/// Columns before what is said of the chosen one.
const INDENT: u16 = 4;

/// Columns of the names of parts.
const PARTS: usize = 26;

/// The fields that arrived.
fn fields(exchange: &Exchange) -> &[Header] {
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    received.map_or(&[], |response| &response.head.headers)
}

/// How many fields there are.
pub fn count(exchange: &Exchange) -> usize {
    fields(exchange).len()
}

/// One of them, counted from 0.
pub fn field(exchange: &Exchange, index: usize) -> Option<&Header> {
    fields(exchange).get(index)
}

/// The lines of the page, and which of them are about the chosen field.
pub fn lines(exchange: &Exchange, chosen: usize, columns: u16) -> (Vec<Line>, Range<usize>) {
    let outcome = exchange.outcome.as_ref();
    if outcome.and_then(Outcome::received).is_none() {
        let line = Line::new(Tone::Dim, "No response head arrived.");
        return (vec![line], 0..0);
    }
    let fields = fields(exchange);
    let widest = fields.iter().map(|header| text::width(&header.name)).max();
    let names = widest.unwrap_or(0).min(usize::from(columns) * 2 / 5);
    let mut lines = Vec::new();
    let mut about = 0..0;
    for (index, header) in fields.iter().enumerate() {
        let is_chosen = index == chosen;
        let start = lines.len();
        lines.extend(field_lines(header, is_chosen, names, columns));
        if is_chosen {
            lines.extend(explanation(header, received_at(exchange), columns));
            about = start..lines.len();
        }
    }
    (lines, about)
}

fn received_at(exchange: &Exchange) -> Timestamp {
    let took = exchange.duration.unwrap_or_default();
    let began = exchange.started_at;
    began.checked_add(took).unwrap_or(began)
}

fn field_lines(header: &Header, is_chosen: bool, names: usize, columns: u16) -> Vec<Line> {
    let name = format!("{}{}", if is_chosen { "▸ " } else { "  " }, header.name);
    let mut lines = if text::width(&text::display(&header.name)) > names {
        // A long name has a line of its own, so that all values begin in one column.
        let mut lines = vec![Line::new(Tone::Name, &name)];
        let blanks = names + MARK + 1;
        let value = format!("{}{}", " ".repeat(blanks), header.text());
        lines.extend(wrap(Tone::Plain, &value, columns, blanks));
        lines
    } else {
        entry(&name, &header.text(), names + MARK, columns)
    };
    if is_chosen && let Some(piece) = lines.first_mut().and_then(|line| line.0.first_mut()) {
        piece.tone = Tone::Heading;
    }
    lines
}

/// What the field means, and what its value says.
fn explanation(header: &Header, at: Timestamp, columns: u16) -> Vec<Line> {
    let explanation = headers::explain(&header.name);
    let mut lines = indented(Tone::Plain, &sentence(&explanation), columns);
    for (name, value) in headers::decoded(&header.name, &header.text(), at) {
        let name = format!("{}{name}", " ".repeat(usize::from(INDENT)));
        lines.extend(entry(&name, &value, PARTS, columns));
    }
    lines
}

/// The meaning with where it is laid down.
pub fn sentence(explanation: &Explanation) -> String {
    let registered = if explanation.registered {
        ""
    } else {
        ", not registered"
    };
    match &explanation.reference {
        Some(reference) => format!("{} [{reference}{registered}]", explanation.meaning),
        None => explanation.meaning.clone(),
    }
}

fn indented(tone: Tone, text: &str, columns: u16) -> Vec<Line> {
    let blanks = " ".repeat(usize::from(INDENT));
    wrap(tone, &format!("{blanks}{text}"), columns, blanks.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{ExchangeId, HttpVersion, Request, Response, ResponseHead, Verdict},
        prepare::prepare,
    };

    fn exchange() -> Exchange {
        let request = Request {
            url: "http://h/".into(),
            ..Request::default()
        };
        let head = ResponseHead {
            status: 200,
            reason: None,
            version: HttpVersion::Http11,
            headers: vec![
                Header::new("Content-Type", "text/html; charset=utf-8"),
                Header::new("X-Own", "\x1b[31m1"),
            ],
        };
        Exchange {
            id: ExchangeId(1),
            started_at: Timestamp::UNIX_EPOCH,
            prepared: prepare(&request).unwrap(),
            request,
            hops: Vec::new(),
            outcome: Some(Outcome::Response(Response {
                head,
                body: bytes::Bytes::new(),
                whole: None,
            })),
            duration: None,
            message: None,
            verdict: Verdict::default(),
        }
    }

    #[test]
    fn the_field_under_the_cursor_is_explained() {
        let exchange = exchange();
        let shown = |chosen| {
            let (lines, about) = lines(&exchange, chosen, 80);
            let text: Vec<String> = lines.iter().map(Line::text).collect();
            (text, about)
        };
        let (text, about) = shown(0);
        assert!(text[0].starts_with("▸ Content-Type text/html"), "{text:?}");
        assert!(text[1].contains("media type of the body"), "{text:?}");
        assert!(
            text.iter()
                .any(|line| line.contains("charset") && line.ends_with("utf-8"))
        );
        assert_eq!((about.start, about.end), (0, text.len() - 1));
        let (text, about) = shown(1);
        assert!(text[1].starts_with("▸ X-Own"), "{text:?}");
        assert!(!text.concat().contains('\x1b'));
        assert_eq!(about.start, 1);
        assert_eq!(field(&exchange, 1).unwrap().name, "X-Own");
        assert_eq!((count(&exchange), field(&exchange, 2)), (2, None));
    }

    #[test]
    fn values_begin_in_one_column_however_long_a_name_is() {
        let mut exchange = exchange();
        if let Some(Outcome::Response(response)) = &mut exchange.outcome {
            response.head.headers = vec![
                Header::new("strict-transport-security", "max-age=1"),
                Header::new("server", "x"),
            ];
        }
        let shown = |columns| {
            let (lines, _) = lines(&exchange, 9, columns);
            lines.iter().map(Line::text).collect::<Vec<_>>()
        };
        assert_eq!(
            shown(80),
            [
                "  strict-transport-security max-age=1",
                "  server                    x"
            ]
        );
        assert_eq!(
            shown(40),
            [
                "  strict-transport-security",
                "                   max-age=1",
                "  server           x"
            ]
        );
    }
}

//! The page of the header fields: as they were received, in order, with what the one under the cursor
//! means.

use std::ops::Range;

use jiff::Timestamp;

use crate::{
    app::rich::{Line, Tone, entry, wrap},
    model::{Exchange, Header, Outcome, ResponseHead},
    status::{
        catalogue,
        headers::{self, Explanation},
    },
    text,
};

/// Columns before a name, where the mark of the chosen one stands.
const MARK: usize = 2;

/// Columns before what is said of the chosen one.
const INDENT: u16 = 4;

/// Columns of the names of parts.
const PARTS: usize = 26;

/// The heads that arrived, the interim ones first.
fn heads(exchange: &Exchange) -> impl Iterator<Item = &ResponseHead> {
    let last = exchange.hops.last();
    let interim = last.map_or(&[][..], |hop| &hop.transit.interim);
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    interim
        .iter()
        .chain(received.map(|response| &response.head))
}

/// How many fields there are.
pub fn count(exchange: &Exchange) -> usize {
    heads(exchange).map(|head| head.headers.len()).sum()
}

/// One of them, counted from 0.
pub fn field(exchange: &Exchange, index: usize) -> Option<&Header> {
    heads(exchange).flat_map(|head| &head.headers).nth(index)
}

/// The lines of the page, and which of them are about the chosen field.
pub fn lines(exchange: &Exchange, chosen: usize, columns: u16) -> (Vec<Line>, Range<usize>) {
    let mut lines = Vec::new();
    let mut about = 0..0;
    let mut index = 0;
    let widest = heads(exchange)
        .flat_map(|head| &head.headers)
        .map(|header| text::width(&header.name));
    let names = widest.max().unwrap_or(0).min(usize::from(columns) / 3);
    let all: Vec<&ResponseHead> = heads(exchange).collect();
    for head in &all {
        if all.len() > 1 {
            if !lines.is_empty() {
                lines.push(Line::blank());
            }
            lines.push(title(head));
        }
        for header in &head.headers {
            let is_chosen = index == chosen;
            let start = lines.len();
            lines.extend(field_lines(header, is_chosen, names, columns));
            if is_chosen {
                lines.extend(explanation(header, received_at(exchange), columns));
                about = start..lines.len();
            }
            index += 1;
        }
    }
    if all.is_empty() {
        lines.push(Line::new(Tone::Dim, "No response head arrived."));
        lines.extend(unreadable(exchange, columns));
    }
    (lines, about)
}

fn title(head: &ResponseHead) -> Line {
    let phrase = head.reason.as_deref();
    let phrase = phrase.unwrap_or_else(|| catalogue::phrase(head.status));
    Line::new(Tone::Heading, &format!("{} {phrase}", head.status))
}

fn received_at(exchange: &Exchange) -> Timestamp {
    let took = exchange.duration.unwrap_or_default();
    let began = exchange.started_at;
    began.checked_add(took).unwrap_or(began)
}

fn field_lines(header: &Header, is_chosen: bool, names: usize, columns: u16) -> Vec<Line> {
    let name = format!("{}{}", if is_chosen { "▸ " } else { "  " }, header.name);
    let mut lines = entry(&name, &header.text(), names + MARK, columns);
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

/// What came where a head was expected.
pub fn unreadable(exchange: &Exchange, columns: u16) -> Vec<Line> {
    let last = exchange.hops.last();
    let Some(text) = last.and_then(|hop| hop.transit.unreadable.as_ref()) else {
        return Vec::new();
    };
    let mut lines = vec![
        Line::blank(),
        Line::new(Tone::Heading, "What came in its place, its beginning"),
    ];
    for line in text.split_inclusive('\n') {
        lines.extend(wrap(Tone::Plain, line, columns, 2));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{ExchangeId, HttpVersion, Request, Response, Verdict},
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
}

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

/// The heads that arrived: interim ones (RFC 9110, Section 15.2), then the final one, or that of a proxy
/// which made no way to the server.
fn heads(exchange: &Exchange) -> impl Iterator<Item = &ResponseHead> {
    let transit = exchange.hops.last().map(|hop| &hop.transit);
    let interim = transit.map_or(&[][..], |it| &it.interim);
    let refusal = transit.and_then(|it| it.proxy_refusal.as_deref());
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let received = received.map(|response| &response.head);
    interim.iter().chain(received).chain(refusal)
}

fn fields(exchange: &Exchange) -> impl Iterator<Item = &Header> {
    heads(exchange).flat_map(|head| &head.headers)
}

/// How many fields there are.
pub fn count(exchange: &Exchange) -> usize {
    fields(exchange).count()
}

/// One of them, counted from 0.
pub fn field(exchange: &Exchange, index: usize) -> Option<&Header> {
    fields(exchange).nth(index)
}

/// The lines of the page, and which of them are about the chosen field.
pub fn lines(exchange: &Exchange, chosen: usize, columns: u16) -> (Vec<Line>, Range<usize>) {
    let widest = fields(exchange)
        .map(|header| text::width(&header.name))
        .max();
    let names = widest.unwrap_or(0).min(usize::from(columns) * 2 / 5);
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let mut lines = Vec::new();
    if received.is_none() {
        lines.push(Line::new(Tone::Dim, missing(exchange)));
        lines.extend(unreadable(exchange, columns));
    }
    // One head alone needs no name.
    let is_named = received.is_none() || heads(exchange).count() > 1;
    let mut about = 0..0;
    let mut index = 0;
    for head in heads(exchange) {
        if is_named {
            lines.extend((!lines.is_empty()).then(Line::blank));
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
    (lines, about)
}

/// What is said where the head of the answer is not there.
fn missing(exchange: &Exchange) -> &'static str {
    let transit = exchange.hops.last().map(|hop| &hop.transit);
    match transit {
        Some(transit) if transit.proxy_refusal.is_some() => {
            "The server was not asked: this is what the proxy answered."
        }
        Some(transit) if !transit.interim.is_empty() => "No final head arrived after these.",
        _ => "No response head arrived.",
    }
}

fn title(head: &ResponseHead) -> Line {
    let phrase = catalogue::phrase_of(head);
    Line::new(Tone::Heading, &format!("{} {phrase}", head.status))
}

/// What came in the place of a head, or of one that is not whole, as it is.
pub fn unreadable(exchange: &Exchange, columns: u16) -> Vec<Line> {
    let last = exchange.hops.last();
    let Some(raw) = last.and_then(|hop| hop.transit.unreadable.as_ref()) else {
        return Vec::new();
    };
    let mut lines = vec![
        Line::blank(),
        Line::new(Tone::Heading, "What came instead of a whole head"),
    ];
    for line in raw.lines() {
        lines.extend(wrap(Tone::Plain, line, columns, 2));
    }
    lines
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
        model::{ExchangeId, Hop, HttpVersion, Request, Response, Transit, Verdict},
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

    fn shown(exchange: &Exchange) -> Vec<String> {
        let (lines, _) = lines(exchange, 0, 80);
        lines.iter().map(Line::text).collect()
    }

    fn hop(transit: Transit) -> Hop {
        let prepared = exchange().prepared;
        Hop {
            transit,
            ..Hop::begun(prepared.method, prepared.url)
        }
    }

    fn head(status: u16, headers: Vec<Header>) -> ResponseHead {
        ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers,
        }
    }

    #[test]
    fn interim_heads_stand_before_the_final_one_and_are_walked_with_it() {
        let mut exchange = exchange();
        let hints = head(103, vec![Header::new("Link", "</a.css>; rel=preload")]);
        exchange.hops = vec![hop(Transit {
            interim: vec![head(100, Vec::new()), hints],
            ..Transit::default()
        })];
        let text = shown(&exchange);
        assert_eq!(
            text[..3],
            ["100 Continue", "", "103 Early Hints"].map(str::to_owned)
        );
        assert!(text[3].starts_with("▸ Link "), "{text:?}");
        let of_final = text.iter().position(|line| line == "200 OK").unwrap();
        assert!(
            text[of_final + 1].starts_with("  Content-Type "),
            "{text:?}"
        );
        assert_eq!(count(&exchange), 3);
        assert_eq!(field(&exchange, 0).unwrap().name, "Link");
        assert_eq!(field(&exchange, 1).unwrap().name, "Content-Type");
    }

    #[test]
    fn what_came_in_the_place_of_a_head_is_shown_as_it_is() {
        let mut exchange = exchange();
        exchange.outcome = None;
        exchange.hops = vec![hop(Transit {
            unreadable: Some("HTTP/1.1 abc OK\nX-A: 1".to_owned()),
            ..Transit::default()
        })];
        assert_eq!(
            shown(&exchange),
            [
                "No response head arrived.",
                "",
                "What came instead of a whole head",
                "HTTP/1.1 abc OK",
                "X-A: 1"
            ]
        );
        exchange.hops = vec![hop(Transit {
            proxy_refusal: Some(Box::new(head(407, vec![Header::new("Via", "squid")]))),
            ..Transit::default()
        })];
        let text = shown(&exchange);
        assert!(text[0].contains("what the proxy answered"), "{text:?}");
        assert_eq!(text[2], "407 Proxy Authentication Required");
        assert!(text[3].starts_with("▸ Via squid"), "{text:?}");
    }
}

//! What went over the wire, hop by hop, in the spirit of `curl --verbose`: `*` is what was found out, `>`
//! what was sent, `<` what was received.

use crate::{
    app::{
        panel::response::timing,
        rich::{Line, Tone},
    },
    cli::output::{self, Look},
    model::{Exchange, Header, Hop, ResponseHead},
    status::catalogue,
};

/// Tells it on stderr.
pub fn tell(exchange: &Exchange) {
    let look = Look::stderr();
    output::tell(look, &lines(exchange, look.wrapping()));
}

fn lines(exchange: &Exchange, columns: u16) -> Vec<Line> {
    let mut lines: Vec<Line> = exchange.hops.iter().flat_map(hop_lines).collect();
    let way = timing::lines(exchange, columns.saturating_sub(2).min(100));
    lines.extend(way.into_iter().map(|line| {
        let mut marked = Line::new(Tone::Dim, "* ");
        marked.0.extend(line.0);
        marked
    }));
    lines
}

fn hop_lines(hop: &Hop) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.push(marked(">", &hop.request_line()));
    lines.extend(hop.request_headers.iter().map(|it| field(">", it)));
    lines.push(marked(">", ""));
    let transit = &hop.transit;
    for head in transit.interim.iter().chain(&hop.response) {
        lines.extend(head_lines(head));
    }
    if let Some(head) = &transit.proxy_refusal {
        lines.push(marked("*", "The server was not asked; the proxy answered:"));
        lines.extend(head_lines(head));
    }
    if let Some(raw) = &transit.unreadable {
        lines.extend(raw.lines().map(|line| marked("<", line)));
    }
    lines
}

fn head_lines(head: &ResponseHead) -> Vec<Line> {
    let phrase = catalogue::phrase_of(head);
    let mut lines = vec![marked(
        "<",
        &format!("{} {} {phrase}", head.version, head.status),
    )];
    lines.extend(head.headers.iter().map(|it| field("<", it)));
    lines.push(marked("<", ""));
    lines
}

fn field(mark: &str, header: &Header) -> Line {
    Line::new(Tone::Dim, &format!("{mark} "))
        .then(Tone::Name, &format!("{}:", header.name))
        .then(Tone::Plain, &format!(" {}", header.text()))
}

fn marked(mark: &str, text: &str) -> Line {
    Line::new(Tone::Dim, &format!("{mark} ")).then(Tone::Strong, text)
}

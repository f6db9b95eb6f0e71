//! The page about the way: a waterfall of each hop, its connection, what TLS agreed on, the
//! certificates, the sizes. `posttui send --verbose` tells the same.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    app::rich::{Line, Tone, entry, wrap},
    model::{Certificate, Exchange, Hop, HttpVersion, Outcome, Phase, Span, Tls, find_header},
    status::certificate::{signer, validity},
    text,
    units::{human_duration, human_size},
};

/// Columns of the names at the left.
const NAMES: usize = 13;

/// Columns of a time at the right.
const TIMES: usize = 9;

/// The longest bar in columns: a waterfall is read at a glance.
const WIDEST_BAR: usize = 60;

/// What is shorter than this before the first phase is told as nothing.
const SHORTEST: Duration = Duration::from_micros(100);

/// The lines of the page.
pub fn lines(exchange: &Exchange, columns: u16) -> Vec<Line> {
    if exchange.hops.is_empty() {
        return vec![Line::new(Tone::Dim, "Nothing went over the wire.")];
    }
    let mut lines = Vec::new();
    for (index, hop) in exchange.hops.iter().enumerate() {
        if index > 0 {
            lines.push(Line::blank());
        }
        if exchange.hops.len() > 1 {
            let title = format!("{}  {} {}", index + 1, hop.method, hop.url);
            lines.extend(wrap(Tone::Strong, &title, columns, 3));
        }
        lines.extend(waterfall(hop, columns));
        let is_last = index + 1 == exchange.hops.len();
        lines.push(Line::blank());
        for (name, value) in facts(exchange, hop, is_last) {
            lines.extend(entry(name, &value, NAMES, columns));
        }
        if let Some(tls) = &hop.transit.tls {
            lines.extend(certificates(tls, exchange.started_at, columns));
        }
    }
    lines
}

/// What a phase is called beside its bar.
pub fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Resolve => "DNS",
        Phase::Connect => "connect",
        Phase::Tls => "TLS",
        Phase::Send => "request sent",
        Phase::Wait => "first byte",
        Phase::Receive => "download",
    }
}

fn waterfall(hop: &Hop, columns: u16) -> Vec<Line> {
    let spans = hop.transit.spans(hop.duration);
    if spans.is_empty() {
        let text = format!("{}; its phases were not measured.", precise(hop.duration));
        return wrap(Tone::Dim, &text, columns, 0);
    }
    let room = usize::from(columns).saturating_sub(NAMES + TIMES + 3);
    let room = room.min(WIDEST_BAR);
    let phases = spans.iter().map(|span| (phase_name(span.phase), *span));
    let mut lines: Vec<Line> = before(&spans)
        .map(|span| ("preparing", span))
        .into_iter()
        .chain(phases)
        .map(|(name, span)| {
            let time = precise(span.length());
            Line::new(Tone::Name, &text::pad(name, NAMES))
                .then(
                    Tone::Heading,
                    &format!(" {}", bar(span, hop.duration, room)),
                )
                .then(Tone::Plain, &format!(" {time:>TIMES$}"))
        })
        .collect();
    let total = precise(hop.duration);
    lines.push(
        Line::new(Tone::Name, &text::pad("total", NAMES))
            .then(Tone::Plain, &" ".repeat(room + 2))
            .then(Tone::Strong, &format!("{total:>TIMES$}")),
    );
    lines
}

/// What went by before the first phase: the request was made ready, and a kept connection was looked for.
fn before(spans: &[Span]) -> Option<Span> {
    let first = spans.first()?;
    (first.from >= SHORTEST).then_some(Span {
        phase: first.phase,
        from: Duration::ZERO,
        to: first.from,
    })
}

/// A bar from the span's beginning to its end, of at least one mark: what was there is to be seen.
fn bar(span: Span, total: Duration, room: usize) -> String {
    let total = total.as_secs_f64().max(f64::MIN_POSITIVE);
    let place = |at: Duration| (at.as_secs_f64() / total * room as f64).round() as usize;
    let from = place(span.from).min(room.saturating_sub(1));
    let to = place(span.to).clamp(from + 1, room.max(from + 1));
    let mark = if place(span.to) > place(span.from) {
        "█"
    } else {
        "▏"
    };
    let bar = format!("{}{}", " ".repeat(from), mark.repeat(to - from));
    text::pad(&bar, room)
}

/// Hundredths of a millisecond below ten: what happens on this machine takes no longer.
pub fn precise(duration: Duration) -> String {
    if duration < Duration::from_millis(10) {
        format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
    } else {
        human_duration(duration)
    }
}

fn facts(exchange: &Exchange, hop: &Hop, is_last: bool) -> Vec<(&'static str, String)> {
    let transit = &hop.transit;
    let mut facts = Vec::new();
    if let Some(text) = connection(hop) {
        facts.push(("connection", text));
    }
    if let Some(proxy) = &transit.proxy {
        facts.push(("by way of", proxy.words()));
    }
    if !transit.resolved.is_empty() {
        facts.push(("resolver", transit.resolved.join(", ")));
    }
    if let Some(head) = &hop.response {
        facts.push(("spoken", head.version.to_string()));
    }
    if let Some(text) = transit
        .tls
        .as_ref()
        .and_then(|tls| agreed(tls, transit.reused == Some(true)))
    {
        facts.push(("TLS", text));
    }
    facts.push(("sent", sent(hop)));
    if !transit.interim.is_empty() {
        let interim = transit.interim.iter().map(|head| head.status.to_string());
        facts.push(("before it", interim.collect::<Vec<_>>().join(", ")));
    }
    if let Some(text) = received(exchange, hop, is_last) {
        facts.push(("received", text));
    }
    facts
}

fn connection(hop: &Hop) -> Option<String> {
    let transit = &hop.transit;
    let kind = if transit.reused? {
        "reused connection: it was there already"
    } else {
        "new connection"
    };
    let addresses = match (&transit.local_address, &hop.remote_address) {
        (Some(local), Some(remote)) => format!(", {local} → {remote}"),
        (None, Some(remote)) => format!(", to {remote}"),
        (_, None) => String::new(),
    };
    Some(format!("{kind}{addresses}"))
}

/// `TLS 1.3 · TLS_AES_128_GCM_SHA256 · X25519 · ALPN h2`.
fn agreed(tls: &Tls, is_reused: bool) -> Option<String> {
    let version = tls.version.clone()?;
    let mut parts = vec![version];
    parts.extend(tls.cipher.clone());
    parts.extend(tls.group.clone());
    match &tls.alpn {
        Some(name) => parts.push(format!("ALPN {name}")),
        // Rows of an older posttui do not know.
        None if tls.cipher.is_some() => parts.push("no ALPN".to_owned()),
        None => {}
    }
    if tls.resumed {
        parts.push("an earlier session taken up again".to_owned());
    }
    if is_reused {
        parts.push("agreed on when the connection was made".to_owned());
    }
    Some(parts.join(" · "))
}

fn sent(hop: &Hop) -> String {
    let phases = &hop.transit.phases;
    let never = phases.iter().all(|start| start.phase < Phase::Send);
    if hop.response.is_none() && never && !phases.is_empty() {
        return "nothing of the request".to_owned();
    }
    let sizes = hop.transit.sizes;
    let bytes = sizes.and_then(|sizes| sizes.request_body);
    let bytes = bytes.unwrap_or(hop.request_body_bytes);
    let head = sizes.map(|sizes| sizes.request_head);
    with_head(head, (bytes, &body_sent(hop)), hop)
}

/// How much of the body went out; of one that did not go whole, of how much.
pub fn body_sent(hop: &Hop) -> String {
    let whole = human_size(hop.request_body_bytes);
    match hop.transit.sizes.and_then(|sizes| sizes.request_body) {
        Some(sent) if sent < hop.request_body_bytes => format!("{} of {whole}", human_size(sent)),
        _ => whole,
    }
}

fn received(exchange: &Exchange, hop: &Hop, is_last: bool) -> Option<String> {
    let head = hop.transit.sizes.and_then(|sizes| sizes.response_head);
    let response = exchange.outcome.as_ref().and_then(Outcome::received);
    let Some(response) = response.filter(|_| is_last) else {
        // What a redirect says besides its head is not kept.
        return head.map(|head| format!("head {}{}", human_size(head), compressed(hop)));
    };
    let mut body = human_size(response.size());
    if let Some(decoded) = hop.transit.decoded_bytes {
        let coding = find_header(&response.head.headers, "content-encoding");
        let coding = coding.map(crate::model::Header::text).unwrap_or_default();
        body = format!("{body}, decoded {} ({coding})", human_size(decoded));
    }
    Some(with_head(head, (response.size(), &body), hop))
}

/// `222 B: head 180 B, body 42 B`. Over HTTP/2 the head is shorter on the wire than is known here.
fn with_head(head: Option<u64>, (bytes, body): (u64, &str), hop: &Hop) -> String {
    let Some(head) = head else {
        return format!("body {body}");
    };
    let parts = format!("head {}{}, body {body}", human_size(head), compressed(hop));
    if compressed(hop).is_empty() {
        format!("{}: {parts}", human_size(head + bytes))
    } else {
        parts
    }
}

fn compressed(hop: &Hop) -> &'static str {
    match hop.response.as_ref().map(|head| head.version) {
        Some(HttpVersion::Http2) => " before HPACK",
        Some(HttpVersion::Http3) => " before QPACK",
        Some(HttpVersion::Http09 | HttpVersion::Http10 | HttpVersion::Http11) | None => "",
    }
}

fn certificates(tls: &Tls, at: Timestamp, columns: u16) -> Vec<Line> {
    if tls.certificates.is_empty() {
        return Vec::new();
    }
    let (tone, title) = match (tls.trusted, tls.version.is_some()) {
        (true, _) => (
            Tone::Heading,
            "Certificates, checked and trusted".to_owned(),
        ),
        (false, true) => (Tone::Warning, "Certificates, NOT checked".to_owned()),
        (false, false) => (
            Tone::Warning,
            format!("Certificates shown for {}, NOT trusted", tls.host),
        ),
    };
    let mut lines = vec![Line::blank(), Line::new(tone, &title)];
    for (index, certificate) in tls.certificates.iter().enumerate() {
        let title = format!("{}  {}", index + 1, certificate.subject);
        lines.extend(wrap(Tone::Strong, &title, columns, 3));
        for (name, value) in certificate_facts(certificate, at) {
            lines.extend(entry(&format!("   {name}"), &value, NAMES, columns));
        }
    }
    lines
}

/// What a certificate says, at the time of the exchange.
fn certificate_facts(certificate: &Certificate, at: Timestamp) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if !certificate.names.is_empty() {
        facts.push(("names", certificate.names.join(", ")));
    }
    facts.push(("signed by", signer(certificate).to_owned()));
    facts.push(("valid", validity(certificate, at)));
    facts.push((
        "key",
        format!("{}, {}", certificate.key, certificate.signature),
    ));
    facts.push(("serial", certificate.serial.clone()));
    facts.push(("SHA-256", certificate.sha256.clone()));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn bars_follow_each_other_and_none_is_lost() {
        let span = |from, to| Span {
            phase: Phase::Wait,
            from: ms(from),
            to: ms(to),
        };
        let shown = |from, to| bar(span(from, to), ms(100), 10);
        assert_eq!(shown(0, 20), "██        ");
        assert_eq!(shown(20, 80), "  ██████  ");
        assert_eq!(shown(80, 81), "        ▏ ");
        assert_eq!(shown(100, 100), "         ▏");
        assert_eq!(bar(span(0, 0), ms(0), 3), "▏  ");
    }

    #[test]
    fn what_goes_by_before_the_first_phase_has_a_bar_of_its_own() {
        let send = |from| Span {
            phase: Phase::Send,
            from,
            to: ms(3),
        };
        let found = before(&[send(ms(1))]).unwrap();
        assert_eq!((found.from, found.to), (Duration::ZERO, ms(1)));
        assert_eq!(before(&[send(Duration::from_micros(40))]), None);
        assert_eq!(before(&[]), None);
    }

    #[test]
    fn short_times_are_told_to_the_hundredth() {
        assert_eq!(precise(Duration::from_micros(1234)), "1.23 ms");
        assert_eq!(precise(ms(84)), "84 ms");
    }
}

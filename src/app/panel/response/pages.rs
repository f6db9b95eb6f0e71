//! The pages of the response zone other than the body: headers, meaning, hops, what was sent.

use std::slice;

use jiff::Timestamp;

use super::{headers, parts, timing};
use crate::{
    app::rich::{Line, Tone, entry, wrap},
    cookies::why_refused,
    model::{
        Exchange, Hop, Outcome, Piece, PreparedRequest, Purpose, Redact, ResponseTab,
        readable_marks, request_target,
    },
    options::unkept,
    status::{
        catalogue,
        diagnosis::{Diagnosis, Finding, Mark, redirect_evidence},
        failure,
        losses::losses,
    },
    text,
    units::{human_duration, human_size},
};

/// How much of a sent body is shown; the whole of it can be loaded into the builder.
const SENT_BODY_SHOWN: usize = 64 * 1024;

/// The lines of one page for `columns` columns. A body is laid out elsewhere: here are the lines that
/// stand in its place where there is none.
pub fn page(
    tab: ResponseTab,
    exchange: &Exchange,
    diagnosis: Option<&Diagnosis>,
    (step_keys, columns): (&[String], u16),
) -> Vec<Line> {
    match tab {
        ResponseTab::Body => no_body_page(exchange, diagnosis, columns),
        ResponseTab::Headers => headers::lines(exchange, 0, columns).0,
        ResponseTab::Meaning => {
            diagnosis.map_or_else(Vec::new, |found| meaning_page(found, step_keys, columns))
        }
        ResponseTab::Timing => timing::lines(&exchange.redacted(), columns),
        // What is drawn may be looked at over a shoulder, and copied from here.
        ResponseTab::Hops => hops_page(&exchange.redacted(), columns),
        ResponseTab::Sent => sent_page(&exchange.prepared.redacted(), columns),
    }
}

/// Rows of the summary at the most: a long meaning is read on its own page.
const SUMMARY_ROWS: usize = 7;

/// The lines above every page: the status with its meaning, what matters for a POST, the facts.
pub fn summary(
    exchange: &Exchange,
    diagnosis: &Diagnosis,
    (is_kept, columns): (bool, u16),
) -> Vec<Line> {
    let mark = Tone::Mark(diagnosis.mark);
    let title = format!("{} {}", diagnosis.mark.symbol(), diagnosis.title);
    let mut lines = match &diagnosis.message {
        Some(message) => match diagnosis.level {
            Some(level) => {
                let message = format!("{} {message}", level.symbol());
                titled(mark, &title, Tone::Level(level), &message, columns)
            }
            None => titled(mark, &title, Tone::Strong, message, columns),
        },
        None => titled(mark, &title, Tone::Plain, &diagnosis.meaning, columns),
    };
    if diagnosis.message.is_some() {
        lines.extend(wrap(
            Tone::Plain,
            &format!("  {}", diagnosis.meaning),
            columns,
            2,
        ));
    }
    for line in redirect_evidence(exchange) {
        lines.extend(wrap(Tone::Warning, &format!("  {line}"), columns, 2));
    }
    if let (Mark::Failure, Some(sentence)) = (diagnosis.mark, &diagnosis.for_post) {
        lines.extend(wrap(Tone::Strong, &format!("  {sentence}"), columns, 2));
    }
    lines.truncate(SUMMARY_ROWS - 1);
    lines.push(Line::new(
        Tone::Dim,
        &format!("  {}", facts(exchange, is_kept)),
    ));
    lines
}

fn titled(mark: Tone, title: &str, tone: Tone, text: &str, columns: u16) -> Vec<Line> {
    let used = text::width(title) + 2;
    let mut lines = wrap(tone, &format!("{}{text}", " ".repeat(used)), columns, 2);
    if let Some(first) = lines.first_mut() {
        let rest: String = first.text().chars().skip(used).collect();
        *first = Line::new(mark, title).then(tone, &format!("  {rest}"));
    }
    lines
}

/// Time, size, version: what was measured; then its number, where the history has one for it that lasts.
fn facts(exchange: &Exchange, is_kept: bool) -> String {
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    let mut facts: Vec<String> = exchange.duration.map(human_duration).into_iter().collect();
    if let Some(response) = received {
        facts.push(human_size(response.size()));
        facts.push(response.head.version.to_string());
    }
    if exchange.went_unchecked() {
        facts.push("certificate NOT checked".to_owned());
    }
    let hops = exchange.hops.len();
    if hops > 1 {
        facts.push(format!("{hops} hops"));
    }
    facts.push(if exchange.id.0 > 0 && is_kept {
        format!("#{}", exchange.id)
    } else if exchange.id.0 > 0 {
        "not kept: the history cannot be opened".to_owned()
    } else {
        not_kept(exchange)
    });
    facts.join(" · ")
}

/// Why an exchange has no number: it was to be so, or the history did not take it.
fn not_kept(exchange: &Exchange) -> String {
    let recording = &exchange.prepared.options.recording;
    let urls = exchange.hops.iter().map(|hop| &hop.url);
    let why = urls
        .chain([&exchange.prepared.url])
        .find_map(|url| unkept(recording, url));
    match why {
        Some(why) => format!("not kept: {}", why.words()),
        None => "not saved".to_owned(),
    }
}

/// What stands in the place of a body that is not there.
fn no_body_page(exchange: &Exchange, diagnosis: Option<&Diagnosis>, columns: u16) -> Vec<Line> {
    let received = exchange.outcome.as_ref().and_then(Outcome::received);
    if received.is_some_and(|response| !response.body.is_empty()) {
        // It is being laid out, which takes a moment.
        return Vec::new();
    }
    match &exchange.outcome {
        None => vec![Line::new(
            Tone::Dim,
            "In flight in another posttui; its outcome will be here.",
        )],
        Some(Outcome::Failure(_)) => {
            let mut lines = diagnosis.map_or_else(Vec::new, |found| why_page(found, columns));
            lines.extend(headers::unreadable(exchange, columns));
            lines
        }
        Some(Outcome::Response(response)) => {
            let why = match response.head.status {
                204 | 205 | 304 => "The response has no body: this status never has one.",
                _ if exchange.hops.last().is_some_and(|hop| hop.method == "HEAD") => {
                    "The response has no body: HEAD asks for the headers alone."
                }
                _ => "The response has an empty body.",
            };
            vec![Line::new(Tone::Dim, why)]
        }
    }
}

/// A heading, the paragraphs below it, and what each of them begins with.
type Section<'a> = (&'a str, &'a [String], &'a str);

fn meaning_page(diagnosis: &Diagnosis, step_keys: &[String], columns: u16) -> Vec<Line> {
    let evidence = evidence(diagnosis);
    let [said, why @ ..] = why_sections(diagnosis, &evidence);
    let first = [
        ("What it means", slice::from_ref(&diagnosis.meaning), ""),
        ("For this request", diagnosis.for_post.as_slice(), ""),
        said,
    ];
    let mut lines = section_lines(&first, columns);
    if !diagnosis.parts.is_empty() {
        lines.push(Line::blank());
        lines.push(Line::new(Tone::Heading, "Its parts"));
        lines.extend(parts::lines(&diagnosis.parts, columns));
    }
    lines.extend(step_lines(diagnosis, step_keys, columns));
    lines.push(Line::blank());
    lines.extend(section_lines(&why, columns));
    lines
}

/// Why there is no answer: what the summary above does not say already.
fn why_page(diagnosis: &Diagnosis, columns: u16) -> Vec<Line> {
    section_lines(&why_sections(diagnosis, &evidence(diagnosis)), columns)
}

/// Each finding with the section that lays it down.
fn evidence(diagnosis: &Diagnosis) -> Vec<String> {
    diagnosis.findings.iter().map(Finding::cited).collect()
}

fn why_sections<'a>(diagnosis: &'a Diagnosis, evidence: &'a [String]) -> [Section<'a>; 4] {
    let causes = match diagnosis.mark {
        Mark::Failure => "Reported causes, outermost first",
        Mark::Class(_) => "Likely causes",
    };
    [
        ("What this exchange says", evidence, "• "),
        (causes, &diagnosis.causes, "• "),
        ("Next step", slice::from_ref(&diagnosis.next), ""),
        ("Laid down in", diagnosis.reference.as_slice(), ""),
    ]
}

/// What keys do on this page.
fn step_lines(diagnosis: &Diagnosis, keys: &[String], columns: u16) -> Vec<Line> {
    let steps = diagnosis.steps();
    if steps.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![
        Line::blank(),
        Line::new(Tone::Heading, "What these keys do here"),
    ];
    let widest = keys.iter().map(|key| text::width(key)).max().unwrap_or(1);
    for (key, (step, _)) in keys.iter().zip(&steps) {
        lines.extend(entry(key, &step.words(), widest, columns));
    }
    lines
}

fn section_lines(sections: &[Section], columns: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    for (title, paragraphs, bullet) in sections {
        if paragraphs.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Line::blank());
        }
        lines.push(Line::new(Tone::Heading, title));
        for paragraph in *paragraphs {
            let text = format!("{bullet}{paragraph}");
            lines.extend(wrap(Tone::Plain, &text, columns, text::width(bullet)));
        }
    }
    lines
}

fn hops_page(exchange: &Exchange, columns: u16) -> Vec<Line> {
    if exchange.hops.is_empty() {
        return vec![Line::new(Tone::Dim, "Nothing went over the wire.")];
    }
    let numbered = exchange.hops.iter().enumerate();
    numbered
        .flat_map(|(index, hop)| {
            let mut lines = hop_lines(&exchange.hops, index, hop, columns);
            if exchange.prepared.options.use_jar {
                lines.extend(refused_cookies(hop, exchange.started_at, columns));
            }
            lines
        })
        .collect()
}

fn hop_lines(hops: &[Hop], index: usize, hop: &Hop, columns: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    if index > 0 {
        lines.push(Line::blank());
    }
    lines.extend(wrap(
        Tone::Strong,
        &format!("{}  {} {}", index + 1, hop.method, hop.url),
        columns,
        3,
    ));
    let answer = hop.response.as_ref().map_or_else(
        || "no response head".to_owned(),
        |head| {
            let phrase = catalogue::phrase_of(head);
            format!("{} {phrase} · {}", head.status, head.version)
        },
    );
    let mut entries = match hop.purpose {
        Purpose::Request if hop.attempt > 1 && hop.dropped.is_empty() => {
            vec![("attempt", hop.attempt.to_string())]
        }
        Purpose::Request => Vec::new(),
        Purpose::Challenge => vec![("why", "the answer to the server's challenge".to_owned())],
        Purpose::Token => vec![("why", "fetches the token for the request".to_owned())],
    };
    if let Some(kind) = hop.failure {
        entries.push(("failed", failure::describe(kind).name.to_owned()));
    } else {
        entries.push(("answer", answer));
    }
    if let Some(address) = &hop.remote_address {
        entries.push(("address", address.clone()));
    }
    entries.push(("body sent", timing::body_sent(hop)));
    entries.push(("time", human_duration(hop.duration)));
    if let Some(location) = hop
        .response
        .as_ref()
        .and_then(|head| crate::model::find_header(&head.headers, "location"))
    {
        entries.push(("location", location.text()));
    }
    for loss in losses(hops, index) {
        entries.push(("not sent along", loss.words()));
    }
    for (name, value) in entries {
        lines.extend(entry(&format!("   {name}"), &value, 17, columns));
    }
    lines
}

/// The cookies of a hop's answer that are not kept, as no browser would keep them.
fn refused_cookies(hop: &Hop, at: Timestamp, columns: u16) -> Vec<Line> {
    let fields = hop.response.iter().flat_map(|head| &head.headers);
    fields
        .filter(|header| header.name.eq_ignore_ascii_case("set-cookie"))
        .filter_map(|header| why_refused(&header.value, &hop.url, at))
        .flat_map(|reason| entry("   cookie refused", &reason, 17, columns))
        .collect()
}

/// The request as it went on the wire (HTTP/1.1 form): request line, header fields, body.
fn sent_page(prepared: &PreparedRequest, columns: u16) -> Vec<Line> {
    let target = request_target(&prepared.url);
    let target = readable_marks(target);
    let mut lines = wrap(
        Tone::Strong,
        &format!("{} {target}", prepared.method),
        columns,
        2,
    );
    for header in &prepared.headers {
        let line = format!("{}: {}", header.name, header.text());
        lines.extend(wrap(Tone::Plain, &line, columns, 2));
    }
    lines.push(Line::blank());
    if prepared.body.is_empty() {
        lines.push(Line::new(Tone::Dim, "No body."));
        return lines;
    }
    for piece in prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => lines.extend(bytes_lines(bytes, columns)),
            Piece::File(file) => {
                let (path, size) = (file.path.display(), human_size(file.size));
                let note =
                    format!("‹ the content of {path}, {size}; the history does not keep it ›");
                lines.extend(wrap(Tone::Dim, &note, columns, 2));
            }
        }
    }
    lines
}

fn bytes_lines(bytes: &[u8], columns: u16) -> Vec<Line> {
    let shown = bytes.get(..SENT_BODY_SHOWN).unwrap_or(bytes);
    let mut lines = Vec::new();
    for line in String::from_utf8_lossy(shown).lines() {
        lines.extend(wrap(Tone::Plain, line, columns, 0));
    }
    if shown.len() < bytes.len() {
        let note = format!("… {} in all", human_size(bytes.len() as u64));
        lines.push(Line::new(Tone::Dim, &note));
    }
    lines
}

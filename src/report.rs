//! Exchanges as a Markdown report, for a bug ticket: what was sent, what came back, what it means, and a
//! curl command that does it again. It is made of exchanges without their secrets.

use std::fmt::Write;

use crate::{
    compare::Side,
    format::curl,
    inspect::{Document, Received},
    model::{Exchange, Label, Outcome, Piece, PreparedRequest, Response},
    prepare::request_head,
    status::{diagnosis::Diagnosis, failure},
    units::{human_duration, human_size},
};

/// Of a body so much is in the report, in bytes.
const BODY_SHOWN: usize = 8 * 1024;

/// One exchange as a section of the report.
pub fn section(exchange: &Exchange, diagnosis: Option<&Diagnosis>, label: &Label) -> String {
    let mut text = String::new();
    let prepared = &exchange.prepared;
    let side = Side::of(exchange);
    line(
        &mut text,
        &format!(
            "## {} {} — {}",
            prepared.method,
            inline(&prepared.url),
            side.came_to
        ),
    );
    line(&mut text, "");
    facts(&mut text, exchange, label);
    if let Some(diagnosis) = diagnosis {
        meaning(&mut text, diagnosis);
    }
    line(&mut text, "### Request\n");
    fence(&mut text, "http", &sent(prepared));
    match &exchange.outcome {
        None => line(&mut text, "No answer yet: it is in flight.\n"),
        Some(Outcome::Response(response)) => {
            line(&mut text, "### Response\n");
            received(&mut text, response);
        }
        Some(Outcome::Failure(failed)) => {
            line(&mut text, "### Failure\n");
            let name = failure::describe(failed.kind).name;
            line(
                &mut text,
                &format!("{name}: {}\n", inline(&failed.causes.join(": "))),
            );
            if let Some(partial) = &failed.partial {
                line(&mut text, "What had arrived before:\n");
                received(&mut text, partial);
            }
        }
    }
    line(&mut text, "### Again with curl\n");
    fence(&mut text, "sh", &curl::export(prepared));
    text
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// A text within a line: no line ends, and nothing that Markdown would take for a mark of its own.
fn inline(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' | '\r' => safe.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' => {
                safe.push('\\');
                safe.push(char);
            }
            other => safe.push(other),
        }
    }
    safe
}

/// A block of code, fenced by more backticks than there are in it.
fn fence(text: &mut String, language: &str, content: &str) {
    let mut longest = 0;
    let mut run = 0;
    for char in content.chars() {
        run = if char == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let ticks = "`".repeat((longest + 1).max(3));
    let end = if content.ends_with('\n') { "" } else { "\n" };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{ticks}{language}\n{content}{end}{ticks}\n");
}

fn facts(text: &mut String, exchange: &Exchange, label: &Label) {
    let mut facts = vec![("sent", exchange.started_at.to_string())];
    if let Some(took) = exchange.duration {
        facts.push(("took", human_duration(took)));
    }
    if let Some(message) = &exchange.message {
        facts.push(("message", message.clone()));
    }
    let address = exchange
        .hops
        .last()
        .and_then(|hop| hop.remote_address.clone());
    facts.extend(address.map(|address| ("address", address)));
    if exchange.hops.len() > 1 {
        let hops = exchange.hops.iter().map(|hop| {
            let status = hop.response.as_ref().map(|head| head.status.to_string());
            format!(
                "{} {} → {}",
                hop.method,
                hop.url,
                status.unwrap_or_default()
            )
        });
        facts.push(("hops", hops.collect::<Vec<_>>().join(", ")));
    }
    if exchange.id.0 > 0 {
        facts.push(("exchange", format!("#{}", exchange.id)));
    }
    let environment = exchange.prepared.lineage.environment.clone();
    facts.extend(environment.map(|name| ("environment", name)));
    let again = exchange.prepared.lineage.replayed_from;
    facts.extend(again.map(|id| ("again of", format!("#{id}"))));
    facts.extend(label.name.clone().map(|name| ("name", name)));
    facts.extend(label.note.clone().map(|note| ("note", note)));
    if !label.tags.is_empty() {
        facts.push(("tags", label.tags.join(", ")));
    }
    if label.pinned {
        facts.push(("pinned", "yes".to_owned()));
    }
    for (name, fact) in facts {
        line(text, &format!("- {name}: {}", inline(&fact)));
    }
    line(text, "");
}

fn meaning(text: &mut String, diagnosis: &Diagnosis) {
    line(text, &format!("{}\n", inline(&diagnosis.meaning)));
    let evidence = diagnosis.findings.iter().map(|finding| &finding.text);
    let mut told = false;
    for sentence in evidence {
        line(text, &format!("- {}", inline(sentence)));
        told = true;
    }
    if told {
        line(text, "");
    }
}

/// The request as it went out: head and body.
fn sent(prepared: &PreparedRequest) -> String {
    let mut text = request_head(prepared).replace("\r\n", "\n");
    for piece in prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => text.push_str(&start(&String::from_utf8_lossy(bytes))),
            Piece::File(file) => {
                let (path, size) = (file.path.display(), human_size(file.size));
                let _ = write!(text, "‹ the content of {path}, {size} ›");
            }
        }
    }
    text
}

fn received(text: &mut String, response: &Response) {
    let head = &response.head;
    let phrase = crate::status::catalogue::phrase_of(head);
    let mut shown = format!("{} {} {phrase}\n", head.version, head.status);
    for header in &head.headers {
        let _ = writeln!(shown, "{}: {}", header.name, header.text());
    }
    shown.push('\n');
    shown.push_str(&body(response));
    fence(text, "http", &shown);
}

fn body(response: &Response) -> String {
    if response.body.is_empty() {
        return String::new();
    }
    let document = Document::read(&Received::of(response, false));
    match document.text() {
        Some(bytes) => start(&String::from_utf8_lossy(bytes)),
        None => format!("‹ {} of no text ›", human_size(response.size())),
    }
}

/// The start of a long text.
fn start(text: &str) -> String {
    if text.len() <= BODY_SHOWN {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(BODY_SHOWN);
    let shown = text.get(..end).unwrap_or_default();
    format!("{shown}\n… {} in all", human_size(text.len() as u64))
}

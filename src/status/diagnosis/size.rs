//! What was too large or of unknown length: 411, 413, 414, 431.

use crate::{
    model::{DOTS, Header, REDACTED, RequestTab},
    units::human_size,
};

use super::{Finding, Scene, Step};

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    match scene.status() {
        411 => vec![length_required(scene)],
        413 => vec![content(scene)],
        414 => vec![address(scene)],
        431 => vec![headers(scene)],
        _ => Vec::new(),
    }
}

fn length_required(scene: &Scene) -> Finding {
    let text = match scene.sent("content-length") {
        Some(length) => format!(
            "The request did carry content-length: {length}; something on the way took it out."
        ),
        None => "The request carried no Content-Length.".to_owned(),
    };
    Finding::new(text)
        .by("RFC 9110, Section 15.5.12")
        .offering([to(RequestTab::Headers)])
}

fn content(scene: &Scene) -> Finding {
    let bytes = scene.sent_bytes();
    let text = match bytes {
        0..1024 => format!("The body had {}.", human_size(bytes)),
        _ => format!("The body had {} ({bytes} bytes).", human_size(bytes)),
    };
    Finding::new(text)
        .by("RFC 9110, Section 15.5.14")
        .offering([to(RequestTab::Body)])
}

fn address(scene: &Scene) -> Finding {
    let url = scene.url();
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let text = format!(
        "The URL had {} bytes, {} of them in the query. Every server takes 8000.",
        url.len(),
        query.len()
    );
    Finding::new(text)
        .by("RFC 9110, Sections 4.1 and 15.5.15")
        .offering([if query.is_empty() {
            Step::EditUrl
        } else {
            to(RequestTab::Query)
        }])
}

fn headers(scene: &Scene) -> Finding {
    let sent = scene.sent_headers();
    let (hidden, visible): (Vec<&Header>, Vec<&Header>) = sent.iter().partition(|it| is_hidden(it));
    let seen: usize = visible.iter().map(|header| size(header)).sum();
    let largest = visible.iter().max_by_key(|header| size(header));
    let largest = largest.map(|header| (header.name.clone(), size(header)));
    let names: Vec<&str> = hidden.iter().map(|header| header.name.as_str()).collect();
    let names = names.join(" and ");
    let rest = fields_on_the_wire(scene).and_then(|all| all.checked_sub(seen));
    let (all, largest) = match rest.filter(|_| !hidden.is_empty()) {
        Some(rest) => {
            let those = Some((names.clone(), rest));
            let most = largest
                .into_iter()
                .chain(those)
                .max_by_key(|(_, bytes)| *bytes);
            (seen + rest, most)
        }
        None => (seen, largest),
    };
    let mut text = match largest {
        Some((name, bytes)) => format!(
            "The header fields had {}; the largest is {name} with {}.",
            human_size(all as u64),
            human_size(bytes as u64)
        ),
        None => "The request had no header fields.".to_owned(),
    };
    if !hidden.is_empty() && rest.is_none() {
        text = format!("{text} How long {names} was is not kept.");
    }
    Finding::new(text)
        .by("RFC 6585, Section 5")
        .offering([to(RequestTab::Headers)])
}

/// Bytes of a header field on its line.
fn size(header: &Header) -> usize {
    header.name.len() + header.value.len() + ": \r\n".len()
}

/// Whether a mark stands in the place of a value, which tells nothing of its length.
fn is_hidden(header: &Header) -> bool {
    let text = header.text();
    text.contains(REDACTED) || text.contains(DOTS)
}

/// Bytes of all the fields that were sent: what the head had without its first and its last line. `None`
/// where that was not measured, or the first line is not known whole.
fn fields_on_the_wire(scene: &Scene) -> Option<usize> {
    let hop = scene.exchange.hops.last()?;
    let line = hop.request_line();
    let is_known = !line.contains(REDACTED) && !line.contains(DOTS);
    let head = usize::try_from(hop.transit.sizes?.request_head).ok()?;
    head.checked_sub(line.len() + "\r\n\r\n".len())
        .filter(|_| is_known)
}

fn to(tab: RequestTab) -> Step {
    Step::OpenTab { tab }
}

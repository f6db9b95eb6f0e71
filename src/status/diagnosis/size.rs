//! What was too large or of unknown length: 411, 413, 414, 431.

use crate::{
    model::{Header, RequestTab},
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
    let size = |header: &Header| header.name.len() + header.value.len() + ": \r\n".len();
    let sent = scene.sent_headers();
    let all: usize = sent.iter().map(size).sum();
    let text = match sent.iter().max_by_key(|header| size(header)) {
        Some(largest) => format!(
            "The header fields had {}; the largest is {} with {}.",
            human_size(all as u64),
            largest.name,
            human_size(size(largest) as u64)
        ),
        None => "The request had no header fields.".to_owned(),
    };
    Finding::new(text)
        .by("RFC 6585, Section 5")
        .offering([to(RequestTab::Headers)])
}

fn to(tab: RequestTab) -> Step {
    Step::OpenTab { tab }
}

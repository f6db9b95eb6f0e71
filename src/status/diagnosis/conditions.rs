//! The state of what the request is about: 409, 410, 412, 428 (RFC 9110, Section 13; RFC 6585).

use url::Url;

use super::{Finding, Scene, Step, paths::above};

/// Header fields that make a request conditional.
const CONDITIONS: [&str; 5] = [
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
    "if-range",
];

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    match scene.status() {
        409 => vec![conflict(scene)],
        410 => vec![gone(scene)],
        412 => vec![failed(scene)],
        428 => vec![wanted(scene)],
        _ => Vec::new(),
    }
}

fn conflict(scene: &Scene) -> Finding {
    let text = match scene.header("etag") {
        Some(tag) => format!("What is there now has ETag: {tag}"),
        None => "What the request wants does not fit what is there now.".to_owned(),
    };
    let look = scene
        .resolve(scene.url())
        .map(|url| Step::OpenAsGet { url });
    Finding::new(text)
        .by("RFC 9110, Section 15.5.10")
        .offering(look)
}

/// RFC 8594 and RFC 5829 name what took the place of a thing that is gone.
fn gone(scene: &Scene) -> Finding {
    let sunset = scene.header("sunset").map(|date| format!("Sunset: {date}"));
    let successor = scene
        .headers("link")
        .iter()
        .find_map(|field| link(field, "successor-version"));
    let step = successor
        .as_deref()
        .and_then(|address| scene.resolve(address))
        .map(|url| Step::UseNewAddress { url });
    let successor = successor.map(|address| format!("Its successor is {address}"));
    let parts: Vec<String> = sunset.into_iter().chain(successor).collect();
    if !parts.is_empty() {
        return Finding::new(parts.join("; "))
            .by("RFC 8594, Section 3")
            .offering(step);
    }
    let text = "It was there once, and the answer names neither a successor (no Link) nor the day of its end \
                (no Sunset).";
    let look = Url::parse(scene.url()).ok().and_then(|url| above(&url));
    Finding::new(text)
        .by("RFC 9110, Section 15.5.11")
        .offering(look.map(|url| Step::OpenAsGet { url }))
        .offering([Step::EditUrl])
}

/// The address that a `Link` field gives a relation to (RFC 8288, Section 3).
pub(super) fn link(field: &str, relation: &str) -> Option<String> {
    field.split('<').skip(1).find_map(|piece| {
        let (address, parameters) = piece.split_once('>')?;
        let parameters = parameters.to_ascii_lowercase();
        let related = parameters.split(';').any(|parameter| {
            let value = parameter.trim().trim_end_matches(',').strip_prefix("rel=");
            value.is_some_and(|value| value.trim_matches('"').split(' ').any(|it| it == relation))
        });
        related.then(|| address.trim().to_owned())
    })
}

fn sent_conditions(scene: &Scene) -> Vec<String> {
    CONDITIONS
        .iter()
        .filter_map(|name| Some(format!("{name}: {}", scene.sent(name)?)))
        .collect()
}

fn failed(scene: &Scene) -> Finding {
    let section = "RFC 9110, Section 15.5.13";
    let sent = match sent_conditions(scene).as_slice() {
        [] => "The request held no condition of its own".to_owned(),
        sent => format!("The condition that failed: {}", sent.join(", ")),
    };
    match scene.header("etag") {
        Some(tag) => Finding::new(format!("{sent}; what is there now has ETag: {tag}"))
            .by(section)
            .offering([if_match(tag)]),
        None => Finding::new(format!("{sent}."))
            .by(section)
            .offering(scene.resolve(scene.url()).map(|url| Step::FetchTag { url })),
    }
}

fn wanted(scene: &Scene) -> Finding {
    let tag = scene.header("etag");
    let text = match &tag {
        Some(tag) => format!("The server wants a condition; what is there now has ETag: {tag}"),
        None => "The server wants a condition, such as If-Match with the ETag that a GET of the \
                 same URL shows."
            .to_owned(),
    };
    let mut steps = vec![if_match(tag.clone().unwrap_or_default())];
    if tag.is_none()
        && let Some(url) = scene.resolve(scene.url())
    {
        steps.insert(0, Step::FetchTag { url });
    }
    Finding::new(text).by("RFC 6585, Section 3").offering(steps)
}

fn if_match(value: String) -> Step {
    Step::SetHeader {
        name: "if-match".to_owned(),
        value,
    }
}

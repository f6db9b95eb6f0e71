//! Kinds of body that the server does not take, and kinds that it does not give: 406 and 415.

use crate::model::{BodyKind, RequestTab};

use super::{Finding, Scene, Step};

/// The media type of each kind of body; a new kind is a row.
const KINDS: &[(BodyKind, &str)] = &[
    (BodyKind::Json, "application/json"),
    (BodyKind::Form, "application/x-www-form-urlencoded"),
    (BodyKind::Multipart, "multipart/form-data"),
    (BodyKind::Text, "text/plain"),
];

/// Header fields of a 415 that say what would be taken.
const ACCEPTED: [(&str, &str, &str); 3] = [
    (
        "accept-post",
        "Accepted bodies",
        "W3C LDP, Section 7.1 (Accept-Post)",
    ),
    (
        "accept-patch",
        "Accepted bodies for PATCH",
        "RFC 5789, Section 3.1",
    ),
    ("accept", "Accepted bodies", "RFC 9110, Section 15.5.16"),
];

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    match scene.status() {
        406 => vec![not_acceptable(scene)],
        415 => unsupported(scene),
        _ => Vec::new(),
    }
}

fn not_acceptable(scene: &Scene) -> Finding {
    let section = "RFC 9110, Section 15.5.7";
    let wanted: Vec<String> = ["accept", "accept-language", "accept-encoding"]
        .iter()
        .filter_map(|name| Some(format!("{name}: {}", scene.sent(name)?)))
        .collect();
    let text = if wanted.is_empty() {
        "The request asked for nothing in particular: it had no Accept, Accept-Language or Accept-Encoding."
            .to_owned()
    } else {
        format!("The request asked for {}.", wanted.join(", "))
    };
    let any = |name: &str, value: &str| {
        let sent = scene.sent(name).filter(|sent| sent.trim() != value)?;
        (!sent.is_empty()).then(|| Step::SetHeader {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    };
    let mut steps: Vec<Step> = [
        any("accept", "*/*"),
        any("accept-language", "*"),
        any("accept-encoding", "identity"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if steps.is_empty() {
        steps.push(Step::OpenTab {
            tab: RequestTab::Headers,
        });
    }
    Finding::new(text).by(section).offering(steps)
}

fn unsupported(scene: &Scene) -> Vec<Finding> {
    let sent = match scene.sent("content-type") {
        Some(kind) => format!("The body was sent as {kind}."),
        None => "The body was sent without a Content-Type.".to_owned(),
    };
    let mut findings: Vec<Finding> = ACCEPTED
        .iter()
        .filter_map(|(name, words, section)| {
            let accepted = scene.headers(name).join(", ");
            (!accepted.is_empty()).then(|| {
                Finding::new(format!("{words}: {accepted}"))
                    .by(section)
                    .offering(kinds(scene, &accepted))
            })
        })
        .collect();
    findings.extend(
        scene
            .header("accept-encoding")
            .map(|it| codings(scene, &it)),
    );
    let says_nothing = !findings.iter().any(|it| !it.steps.is_empty());
    let guess = if says_nothing {
        kinds(scene, "application/json")
    } else {
        Vec::new()
    };
    findings.push(
        Finding::new(sent)
            .by("RFC 9110, Section 15.5.16")
            .offering(guess),
    );
    findings
}

/// The content codings that the server takes, and the one that the body was sent with.
fn codings(scene: &Scene, accepted: &str) -> Finding {
    let sent = match scene.sent("content-encoding") {
        Some(coding) => format!("the body was sent as {coding}"),
        None => "the body was sent without one, so that this is not why".to_owned(),
    };
    let to_headers = scene.sent("content-encoding").map(|_| Step::OpenTab {
        tab: RequestTab::Headers,
    });
    Finding::new(format!("Accepted content codings: {accepted}; {sent}."))
        .by("RFC 9110, Section 12.5.3")
        .offering(to_headers)
}

/// The kinds of body among accepted media types, without the one that was sent.
fn kinds(scene: &Scene, accepted: &str) -> Vec<Step> {
    let sent = scene.exchange.request.body.kind;
    let types: Vec<String> = accepted
        .split(',')
        .filter_map(|range| range.split(';').next())
        .map(|range| range.trim().to_ascii_lowercase())
        .collect();
    let takes = |media: &str| {
        types.iter().any(|range| {
            range == media || (media == "application/json" && range.ends_with("+json"))
        })
    };
    KINDS
        .iter()
        .filter(|(kind, media)| *kind != sent && takes(media))
        .map(|(kind, _)| Step::SwitchBodyKind { body: *kind })
        .collect()
}

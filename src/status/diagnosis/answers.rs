//! Success: what was made and where it is, and why an answer has no body (RFC 9110, Section 15.3).

use super::{Finding, Scene, Step, limits};

/// Where an accepted job tells how it gets on, besides `Location`: Microsoft's REST guidelines.
const STATUS_PAGES: [&str; 3] = ["location", "operation-location", "azure-asyncoperation"];

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    match scene.status() {
        201 => vec![created(scene)],
        202 => vec![accepted(scene)],
        204 => {
            vec![Finding::new(
            "A 204 never has a body: the request succeeded, and there is nothing more to say.",
        )
        .by("RFC 9110, Section 15.3.5")]
        }
        205 => vec![
            Finding::new(
                "A 205 never has a body: it asks the client to empty the form that was sent.",
            )
            .by("RFC 9110, Section 15.3.6"),
        ],
        206 => vec![part(scene)],
        304 => vec![not_modified(scene)],
        _ => Vec::new(),
    }
}

fn created(scene: &Scene) -> Finding {
    let section = "RFC 9110, Section 15.3.2";
    match scene.header("location") {
        Some(location) => located("Location", &location, scene).by(section),
        None => Finding::new(
            "No Location: what was made has the request's own URL, unless the body names another one.",
        )
        .by(section),
    }
}

/// A header field with an address that can be opened.
fn located(name: &str, location: &str, scene: &Scene) -> Finding {
    let url = scene.resolve(location);
    let step = url.map(|url| Step::OpenAsGet { url });
    Finding::new(format!("{name}: {location}")).offering(step)
}

fn accepted(scene: &Scene) -> Finding {
    let found = STATUS_PAGES
        .iter()
        .find_map(|name| Some((*name, scene.header(name)?)));
    let wait = limits::retry_after(scene);
    let asks = wait.as_ref().map_or_else(String::new, |wait| {
        format!(
            ". The server asks to look there no sooner than in {}",
            wait.spoken()
        )
    });
    let finding = match found {
        Some((name, location)) => {
            let name = if name == "location" { "Location" } else { name };
            let mut finding = located(name, &location, scene);
            let poll = scene.resolve(&location).map(|url| Step::Poll { url });
            finding.steps.extend(poll);
            finding.text.push_str(&asks);
            finding
        }
        None => Finding::new(format!(
            "It is not done yet, and no Location says where to ask for the result: see the body{asks}."
        )),
    };
    finding
        .by("RFC 9110, Section 15.3.3")
        .not_before(wait.map(|wait| wait.until))
}

fn part(scene: &Scene) -> Finding {
    let section = "RFC 9110, Section 15.3.7";
    let asked = match scene.sent("range") {
        Some(range) => format!("Asked for with Range: {range}."),
        None => "No Range was asked for, so that a 206 is not allowed here.".to_owned(),
    };
    let Some(given) = scene.header("content-range") else {
        return Finding::new(format!("A part of the whole. {asked}")).by(section);
    };
    Finding::new(format!(
        "A part of the whole: Content-Range: {given}. {asked}"
    ))
    .by(section)
}

fn not_modified(scene: &Scene) -> Finding {
    let condition = ["if-none-match", "if-modified-since"]
        .iter()
        .find_map(|name| Some((*name, scene.sent(name)?)));
    let text = match condition {
        Some((name, value)) => format!(
            "A 304 never has a body: what the client has is still right (it sent {name}: {value})."
        ),
        None => "A 304 never has a body; nothing in the request asked for one (no If-None-Match, \
                 no If-Modified-Since)."
            .to_owned(),
    };
    Finding::new(text).by("RFC 9110, Section 15.4.5")
}

//! What is about the connection rather than the request: 408, 417, 421, 425, 426; and 451, which is about
//! neither.

use url::Url;

use crate::model::RequestTab;

use super::{Finding, Scene, Step, conditions::link, failed::other_scheme};

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let finding = match scene.status() {
        408 => Some(
            Finding::new("The server gave up waiting for the request, which it did not act on.")
                .by("RFC 9110, Section 15.5.9")
                .offering([Step::SendAgain]),
        ),
        417 => Some(expectation(scene)),
        421 => Some(misdirected(scene)),
        425 => Some(
            Finding::new(
                "The server does not act on what came before the TLS handshake was complete; \
                 posttui sends nothing so early, but something on the way may.",
            )
            .by("RFC 8470, Section 5.2")
            .offering([Step::SendAgain]),
        ),
        426 => Some(upgrade(scene)),
        451 => Some(blocked(scene)),
        _ => None,
    };
    finding.into_iter().collect()
}

fn expectation(scene: &Scene) -> Finding {
    let text = match scene.sent("expect") {
        Some(expect) => {
            format!("The request expected {expect}, which a server on the way cannot do.")
        }
        None => "The request had no Expect; something on the way put one in.".to_owned(),
    };
    Finding::new(text)
        .by("RFC 9110, Section 15.5.18")
        .offering([Step::OpenTab {
            tab: RequestTab::Headers,
        }])
}

fn misdirected(scene: &Scene) -> Finding {
    let host = scene.sent("host").unwrap_or_default();
    let last = scene.exchange.hops.last();
    let address = last.and_then(|hop| hop.remote_address.as_deref());
    let text = format!(
        "The server at {} does not speak for {host}.",
        address.unwrap_or("that address")
    );
    Finding::new(text)
        .by("RFC 9110, Section 15.5.20")
        .offering([Step::SendAgain])
}

/// What the server wants to be spoken; TLS is what an https address is for (RFC 2817, Section 4.2).
fn upgrade(scene: &Scene) -> Finding {
    let protocols = scene.headers("upgrade").join(", ");
    let text = if protocols.is_empty() {
        "The answer does not say what to switch to (no Upgrade), although a 426 must.".to_owned()
    } else {
        format!("Upgrade to: {protocols}")
    };
    let wants_tls = protocols.to_ascii_uppercase().contains("TLS");
    let url = Url::parse(scene.url()).ok();
    let secure = url
        .filter(|url| wants_tls && url.scheme() == "http")
        .and_then(|url| other_scheme(&url));
    Finding::new(text)
        .by("RFC 9110, Section 15.5.22")
        .offering(secure)
        .offering([Step::OpenTab {
            tab: RequestTab::Options,
        }])
}

fn blocked(scene: &Scene) -> Finding {
    let fields = scene.headers("link");
    let Some(by) = fields.iter().find_map(|field| link(field, "blocked-by")) else {
        let text = "The answer does not say who demands it (no Link with blocked-by).";
        return Finding::new(text)
            .by("RFC 7725, Section 4")
            .offering([Step::EditUrl]);
    };
    let look = scene.resolve(&by).map(|url| Step::OpenAsGet { url });
    Finding::new(format!("Blocked by: {by}"))
        .by("RFC 7725, Section 4")
        .offering(look)
}

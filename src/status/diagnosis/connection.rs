//! What is about the connection rather than the request: 408, 417, 421, 425, 426; and 451, which is about
//! neither.

use crate::model::RequestTab;

use super::{Finding, Scene, Step, conditions::link};

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
        426 => scene.header("upgrade").map(|protocols| {
            Finding::new(format!("Upgrade to: {protocols}"))
                .by("RFC 9110, Section 15.5.22")
                .offering([Step::OpenTab {
                    tab: RequestTab::Options,
                }])
        }),
        451 => blocked(scene),
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

fn blocked(scene: &Scene) -> Option<Finding> {
    let fields = scene.headers("link");
    let by = fields.iter().find_map(|field| link(field, "blocked-by"))?;
    let look = scene.resolve(&by).map(|url| Step::OpenAsGet { url });
    Some(
        Finding::new(format!("Blocked by: {by}"))
            .by("RFC 7725, Section 4")
            .offering(look),
    )
}

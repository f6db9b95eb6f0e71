//! Refusals that are meant for forged requests, and hit whoever sends a form from outside a browser.

use crate::model::RequestTab;

use super::{Finding, Scene, Step};

/// How one framework refuses.
struct Refusal {
    statuses: &'static [u16],
    /// What the body says, in lower case.
    says: &'static str,
    explanation: &'static str,
    /// The header that carries the proof.
    header: &'static str,
    reference: &'static str,
}

const REFUSALS: &[Refusal] = &[
    Refusal {
        statuses: &[403],
        says: "csrf cookie not set",
        explanation: "Django refused it: it wants the cookie csrftoken, and its value in X-CSRFToken.",
        header: "X-CSRFToken",
        reference: "Django, How to use CSRF protection",
    },
    Refusal {
        statuses: &[403],
        says: "csrf token missing",
        explanation: "Django refused it: it wants the value of the cookie csrftoken in X-CSRFToken.",
        header: "X-CSRFToken",
        reference: "Django, How to use CSRF protection",
    },
    Refusal {
        statuses: &[403],
        says: "csrf verification failed",
        explanation: "Django refused it: it wants the cookie csrftoken, and its value in X-CSRFToken or the \
                      field csrfmiddlewaretoken.",
        header: "X-CSRFToken",
        reference: "Django, How to use CSRF protection",
    },
    Refusal {
        statuses: &[422, 400],
        says: "invalidauthenticitytoken",
        explanation: "Rails refused it: it wants the session's authenticity token in X-CSRF-Token; an API \
                      is better reached without the session.",
        header: "X-CSRF-Token",
        reference: "Rails Guides, Securing Rails Applications",
    },
    Refusal {
        statuses: &[422],
        says: "the change you wanted was rejected",
        explanation: "Rails refused it, most likely for want of the session's authenticity token in \
                      X-CSRF-Token.",
        header: "X-CSRF-Token",
        reference: "Rails Guides, Securing Rails Applications",
    },
    Refusal {
        statuses: &[419],
        says: "",
        explanation: "Laravel refused it: it wants the session's token in X-CSRF-TOKEN or the field _token; \
                      routes of an API do not.",
        header: "X-CSRF-TOKEN",
        reference: "Laravel, CSRF Protection",
    },
    Refusal {
        statuses: &[403],
        says: "invalid csrf token",
        explanation: "The server wants the token of its CSRF protection in X-CSRF-Token, as Express and Spring \
                      do.",
        header: "X-CSRF-Token",
        reference: "OWASP, CSRF Prevention",
    },
    Refusal {
        statuses: &[403],
        says: "could not verify the provided csrf token",
        explanation: "Spring Security refused it: it wants the session's token in X-CSRF-TOKEN.",
        header: "X-CSRF-TOKEN",
        reference: "Spring Security, CSRF",
    },
    Refusal {
        statuses: &[403],
        says: "invalid cors request",
        explanation: "Spring refused the Origin of the request, not its credentials: CORS is for browsers, and \
                      without an Origin header it is not asked.",
        header: "",
        reference: "Spring Framework, CORS",
    },
];

/// The refusal that an answer is, where one is recognised.
fn recognised(scene: &Scene) -> Option<&'static Refusal> {
    let body = scene.body.as_deref().unwrap_or_default();
    let said = String::from_utf8_lossy(body).to_lowercase();
    // A 419 may come without a body.
    REFUSALS
        .iter()
        .find(|it| it.statuses.contains(&scene.status()) && said.contains(it.says))
}

/// Whether the answer is about where the request came from, so that no credentials would help.
pub(super) fn is_recognised(scene: &Scene) -> bool {
    recognised(scene).is_some()
}

/// What to do about it; what the status says in general would lead astray.
pub(super) fn next(scene: &Scene) -> Option<String> {
    let refusal = recognised(scene)?;
    Some(if refusal.header.is_empty() {
        "Take the Origin header out, or let the server allow this origin; then send again."
            .to_owned()
    } else {
        let name = refusal.header;
        format!(
            "Fetch the token, as the form of the page does, put it into {name} with the cookies that came with it, and send again."
        )
    })
}

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let Some(refusal) = recognised(scene) else {
        return Vec::new();
    };
    let step = if refusal.header.is_empty() {
        Step::OpenTab {
            tab: RequestTab::Headers,
        }
    } else {
        Step::SetHeader {
            name: refusal.header.to_owned(),
            value: String::new(),
        }
    };
    vec![
        Finding::new(refusal.explanation)
            .by(refusal.reference)
            .offering([step]),
    ]
}

//! Who answered with an error: the application, a gateway or a CDN; and whether a retry is safe.

use crate::model::is_idempotent;

use super::{Finding, Scene, Step, failed::look_first};

/// What stands between here and the application.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Cdn,
    Gateway,
    Application,
}

/// A header field that gives somebody away: its name, what its value holds (in lower case), who.
const SIGNS: &[(&str, &str, Role, &str)] = &[
    ("cf-ray", "", Role::Cdn, "Cloudflare"),
    ("server", "cloudflare", Role::Cdn, "Cloudflare"),
    ("x-amz-cf-id", "", Role::Cdn, "Amazon CloudFront"),
    ("x-cache", "cloudfront", Role::Cdn, "Amazon CloudFront"),
    ("via", "cloudfront", Role::Cdn, "Amazon CloudFront"),
    ("x-fastly-request-id", "", Role::Cdn, "Fastly"),
    ("x-served-by", "cache-", Role::Cdn, "Fastly"),
    ("server", "akamaighost", Role::Cdn, "Akamai"),
    ("akamai-grn", "", Role::Cdn, "Akamai"),
    ("via", "akamai", Role::Cdn, "Akamai"),
    ("x-azure-ref", "", Role::Cdn, "Azure Front Door"),
    ("x-vercel-id", "", Role::Cdn, "Vercel"),
    ("x-nf-request-id", "", Role::Cdn, "Netlify"),
    ("fly-request-id", "", Role::Cdn, "Fly.io"),
    ("x-amz-apigw-id", "", Role::Gateway, "Amazon API Gateway"),
    ("apigw-requestid", "", Role::Gateway, "Amazon API Gateway"),
    ("server", "awselb", Role::Gateway, "an AWS load balancer"),
    ("x-kong-response-latency", "", Role::Gateway, "Kong"),
    ("server", "kong", Role::Gateway, "Kong"),
    ("server", "envoy", Role::Gateway, "Envoy"),
    ("server", "istio-envoy", Role::Gateway, "Envoy (Istio)"),
    ("server", "traefik", Role::Gateway, "Traefik"),
    ("x-varnish", "", Role::Gateway, "Varnish"),
    ("via", "varnish", Role::Gateway, "Varnish"),
    ("via", "squid", Role::Gateway, "Squid"),
    ("via", "vegur", Role::Gateway, "Heroku's router"),
    ("server", "openresty", Role::Gateway, "OpenResty"),
    ("server", "nginx", Role::Gateway, "nginx"),
    ("server", "haproxy", Role::Gateway, "HAProxy"),
    ("server", "caddy", Role::Gateway, "Caddy"),
    ("server", "gunicorn", Role::Application, "Gunicorn (Python)"),
    ("server", "uvicorn", Role::Application, "Uvicorn (Python)"),
    ("server", "werkzeug", Role::Application, "Werkzeug (Python)"),
    ("server", "kestrel", Role::Application, "Kestrel (.NET)"),
    ("server", "puma", Role::Application, "Puma (Ruby)"),
    ("server", "jetty", Role::Application, "Jetty (Java)"),
    (
        "x-powered-by",
        "express",
        Role::Application,
        "Express (Node.js)",
    ),
    ("x-powered-by", "php", Role::Application, "PHP"),
    ("x-powered-by", "asp.net", Role::Application, "ASP.NET"),
];

/// Fields by which an operator finds this very request in the logs.
const NUMBERS: [&str; 9] = [
    "x-request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-amz-cf-id",
    "cf-ray",
    "x-azure-ref",
    "traceparent",
    "request-id",
];

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let status = scene.status();
    let mut findings = Vec::new();
    if status >= 500 || status == 403 {
        findings.extend(who(scene));
    }
    if (500..600).contains(&status) {
        findings.extend(number(scene));
        findings.push(repeating(scene).offering([Step::CopyCommand]));
    }
    findings
}

fn who(scene: &Scene) -> Option<Finding> {
    let signs: Vec<(Role, &str, String)> = SIGNS
        .iter()
        .filter_map(|(field, holds, role, name)| {
            let value = scene.header(field)?;
            let holds_it = value.to_lowercase().contains(holds);
            holds_it.then(|| (*role, *name, format!("{field}: {value}")))
        })
        .collect();
    let by_role = |role: Role| signs.iter().find(|(found, ..)| *found == role);
    let via = scene
        .header("via")
        .map(|via| format!(" It came by way of {via} (Via)."));
    let cache = scene
        .header("x-cache")
        .map(|cache| format!(" A cache on the way says of itself: {cache} (X-Cache)."));
    // What is quoted as the sign is not told once more.
    let besides = |field: &str| {
        let is_told = |name: &str| field.starts_with(&format!("{name}: "));
        let via = via.clone().filter(|_| !is_told("via"));
        let cache = cache.clone().filter(|_| !is_told("x-cache"));
        via.unwrap_or_default() + &cache.unwrap_or_default()
    };
    let section = "RFC 9110, Sections 7.6.3 and 10.2.4";
    let application = by_role(Role::Application);
    let between = by_role(Role::Cdn).or_else(|| by_role(Role::Gateway));
    let text = match (application, between) {
        (Some((_, name, field)), _) => {
            format!(
                "It comes from the application: {name} ({field}).{}",
                besides(field)
            )
        }
        (None, Some((role, name, field))) => {
            let role = match role {
                Role::Cdn => "the CDN",
                Role::Gateway | Role::Application => "the gateway",
            };
            format!(
                "{} {role} {name} ({field}){}{}",
                opening(scene),
                closing(scene),
                besides(field)
            )
        }
        (None, None) => match scene.header("server") {
            Some(server) => {
                format!(
                    "It comes from a server that calls itself {server}.{}",
                    besides("")
                )
            }
            None => besides("").trim().to_owned(),
        },
    };
    (!text.is_empty()).then(|| Finding::new(text).by(section))
}

/// Statuses that a gateway gives of itself when what is behind it does not answer.
fn is_gateways_own(status: u16) -> bool {
    matches!(status, 502..=504 | 520..=530 | 561)
}

fn opening(scene: &Scene) -> &'static str {
    if is_gateways_own(scene.status()) {
        "It comes from"
    } else {
        "It came through"
    }
}

fn closing(scene: &Scene) -> &'static str {
    if is_gateways_own(scene.status()) {
        ": the application behind it did not answer, or not in time."
    } else {
        ", most likely from the application behind it."
    }
}

fn number(scene: &Scene) -> Option<Finding> {
    let found = NUMBERS
        .iter()
        .find_map(|name| Some(format!("{name}: {}", scene.header(name)?)))?;
    let text = format!("In the operator's logs it is found by {found}");
    let section = if found.starts_with("traceparent") {
        "W3C Trace Context, Section 3.2"
    } else {
        "the documentation of the service"
    };
    Some(Finding::new(text).by(section))
}

fn repeating(scene: &Scene) -> Finding {
    let section = "RFC 9110, Section 9.2.2";
    let method = scene.method();
    if is_idempotent(method) {
        let text = format!(
            "A {method} may be sent again: its effect is the same however often it is sent."
        );
        return Finding::new(text).by(section).offering([Step::SendAgain]);
    }
    match scene.sent("idempotency-key") {
        Some(key) => Finding::new(format!(
            "It carried Idempotency-Key: {key}; where the server heeds it, sending again is safe."
        ))
        .by("draft-ietf-httpapi-idempotency-key-header")
        .offering([Step::SendAgain]),
        None => Finding::new(format!(
            "A {method} may act twice when it is sent again, and it carried no Idempotency-Key: look first \
             whether it took effect."
        ))
        .by(section)
        .offering(look_first(scene))
        .offering([Step::ShowTimeline]),
    }
}

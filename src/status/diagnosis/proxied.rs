//! What failed at a proxy, or on the way to it.

use crate::{
    auth::challenge,
    model::{Failure, FailureKind, Phase, ProxyUsed, RequestTab, ResponseHead, headers_named},
    status::catalogue,
};

use super::{
    Finding, Scene,
    credentials::{asked, credentials_of},
    failed::to,
};

/// The proxy that the last hop went by way of.
pub(super) fn proxy_of<'a>(scene: &Scene<'a>) -> Option<&'a ProxyUsed> {
    scene.exchange.hops.last()?.transit.proxy.as_ref()
}

/// What it answered that makes no way to the server.
fn refusal<'a>(scene: &Scene<'a>) -> Option<&'a ResponseHead> {
    let last = scene.exchange.hops.last()?;
    last.transit.proxy_refusal.as_deref()
}

/// Whether the proxy was reached, and made no way to the server.
pub(super) fn is_stopped(scene: &Scene, failure: &Failure) -> bool {
    let last = scene.exchange.hops.last();
    let is_reached = last.is_some_and(|hop| hop.transit.proxy_reached);
    // Rows of an older posttui have it among the causes alone.
    let is_said = |cause: &String| {
        (cause.starts_with("tunnel error") || cause.starts_with("SOCKS error"))
            && !cause.ends_with("failed to create underlying connection")
    };
    is_reached && failure.phase == Phase::Connect
        || failure.kind == FailureKind::Proxy && failure.causes.iter().any(is_said)
}

/// Whether it asked for a user and a password: the status 407.
pub(super) fn wants_credentials(scene: &Scene) -> bool {
    let refusal = refusal(scene);
    refusal.is_some_and(|head| head.status == 407)
}

/// Where it is laid down how a proxy is asked for a way to the server.
pub(super) fn way_section(scene: &Scene) -> &'static str {
    match proxy_of(scene) {
        Some(proxy) if proxy.address.starts_with("socks4") => "the specification of SOCKS 4",
        Some(proxy) if proxy.address.starts_with("socks") => "RFC 1928, Section 6",
        _ => "RFC 9110, Section 9.3.6",
    }
}

pub(super) fn proxy(scene: &Scene, failure: &Failure) -> Vec<Finding> {
    let mut findings = Vec::new();
    if wants_credentials(scene) {
        let challenges = refusal(scene).map(|head| headers_named(&head.headers, ASKS));
        let challenges = challenges.into_iter().flatten();
        let challenges = challenges.flat_map(|field| challenge::parse(&field.text()));
        findings.extend(challenges.map(|it| asked("The proxy", &it)));
    }
    let section = if is_stopped(scene, failure) {
        way_section(scene)
    } else {
        "RFC 9110, Section 3.7"
    };
    findings.push(
        Finding::new(what_it_did(scene, failure))
            .by(section)
            .offering([to(RequestTab::Options)]),
    );
    findings
}

/// RFC 9110, Section 11.7.1.
const ASKS: &str = "proxy-authenticate";

fn what_it_did(scene: &Scene, failure: &Failure) -> String {
    if let (Some(proxy), true) = (proxy_of(scene), wants_credentials(scene)) {
        return format!(
            "{} It answered CONNECT with 407 (Proxy Authentication Required).",
            credentials_of(proxy)
        );
    }
    let named = named(scene);
    let said = match refusal(scene) {
        Some(head) => {
            let phrase = catalogue::phrase_of(head);
            format!(": it answered CONNECT with {} {phrase}", head.status)
        }
        None if is_stopped(scene, failure) => {
            let is_nameless = proxy_of(scene)
                .is_some_and(|proxy| proxy.address.starts_with("socks5") && !proxy.has_credentials);
            let hint = if is_nameless {
                " (no user and password stand in its address)"
            } else {
                ""
            };
            format!(": it was reached, and let nothing through to the server{hint}")
        }
        None if failure.phase == Phase::Tls => {
            let cause = failure.causes.last().map_or("not told", String::as_str);
            format!(": it is spoken to by TLS, and did not pass: {cause}")
        }
        None => String::new(),
    };
    format!("{named}{said}. With “none” as the proxy in the options it goes without one.")
}

fn named(scene: &Scene) -> String {
    let options = &scene.prepared().options.transport;
    match proxy_of(scene) {
        Some(proxy) => format!(
            "{} is the proxy, named by {}",
            proxy.address,
            proxy.source()
        ),
        // Rows of an older posttui do not know which one it was.
        None if options.proxy.is_empty() => {
            "The proxy is one that the environment names".to_owned()
        }
        None => "The proxy is the one that the options name".to_owned(),
    }
}

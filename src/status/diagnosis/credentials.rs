//! Credentials: what was asked for, what was sent, and what a token says about itself (401, 403, 407).

use std::slice;

use jiff::Timestamp;

use crate::{
    auth::{
        self,
        challenge::{self, Challenge},
    },
    model::{ProxyUsed, RequestTab},
};

use super::{Finding, Scene, Step, forgery, limits::spoken_age, token::Token};

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let status = scene.status();
    if !matches!(status, 401 | 403 | 407) || forgery::is_recognised(scene) {
        return Vec::new();
    }
    let (name, who) = match status {
        407 => ("proxy-authenticate", "The proxy"),
        _ => ("www-authenticate", "The server"),
    };
    let challenges: Vec<Challenge> = scene
        .headers(name)
        .iter()
        .flat_map(|field| challenge::parse(field))
        .collect();
    let mut findings: Vec<Finding> = challenges.iter().map(|it| asked(who, it)).collect();
    findings.dedup();
    if challenges.is_empty() && status != 403 {
        let text =
            format!("{who} does not say which credentials it wants (no {name}), although it must.");
        findings.push(Finding::new(text).by("RFC 9110, Section 11.6.1"));
    }
    if status == 407 {
        findings.push(to_proxy(scene));
    } else {
        findings.push(sent(scene, to_credentials(scene, &challenges)));
    }
    if let Some(token) = scene.token {
        findings.extend(token_findings(token, scene.server_time(), &challenges));
    }
    findings
}

/// Where the credentials of a proxy are typed: in its address.
fn to_proxy(scene: &Scene) -> Finding {
    let last = scene.exchange.hops.last();
    let text = match last.and_then(|hop| hop.transit.proxy.as_ref()) {
        None => {
            "posttui used no proxy: what answers at this address is one itself, or a server that should have said 401."
                .to_owned()
        }
        Some(proxy) => credentials_of(proxy),
    };
    Finding::new(text)
        .by("RFC 9110, Section 11.7")
        .offering([Step::OpenTab {
            tab: RequestTab::Options,
        }])
}

/// Whether a proxy had credentials to ask for entrance with.
pub(super) fn credentials_of(proxy: &ProxyUsed) -> String {
    let words = proxy.words();
    if proxy.has_credentials {
        format!("The proxy is {words}; it did not take the user and the password in its address.")
    } else {
        format!(
            "The proxy is {words}; no user and password stand in its address \
             (http://user:password@host:port)."
        )
    }
}

/// Where credentials are typed: the field of the very kind that the server asks for. What it is content
/// with already stays: a server that asks for Bearer takes what OAuth 2 fetches.
fn to_credentials(scene: &Scene, challenges: &[Challenge]) -> Step {
    let request = &scene.exchange.request;
    if auth::overriding_row(request).is_some() || has_own_row(scene) {
        return Step::OpenTab {
            tab: RequestTab::Headers,
        };
    }
    // The challenge with an error is the one that what was sent was measured by.
    let (failed, others): (Vec<&Challenge>, Vec<&Challenge>) = challenges
        .iter()
        .partition(|it| it.parameter("error").is_some());
    let wanted = failed.into_iter().chain(others).find_map(|challenge| {
        let kind = auth::kind_for(slice::from_ref(challenge))?;
        Some((kind, challenge))
    });
    match wanted {
        Some((kind, challenge)) if !auth::answers(&request.auth, kind) => Step::UseAuth {
            auth: kind.name.to_owned(),
            asked: wants(challenge),
        },
        _ => Step::OpenTab {
            tab: RequestTab::Auth,
        },
    }
}

/// Whether the credentials that were sent stand in a row of the headers.
fn has_own_row(scene: &Scene) -> bool {
    let mut rows = scene.exchange.request.headers.iter();
    rows.any(|row| row.is_sent() && row.name.trim().eq_ignore_ascii_case("authorization"))
}

/// `The server asks for Bearer, realm “api”: invalid_token, The token expired.`
pub(super) fn asked(who: &str, challenge: &Challenge) -> Finding {
    let mut text = format!("{who} asks for {}", wants(challenge));
    let said: Vec<&str> = ["error", "error_description"]
        .iter()
        .filter_map(|name| challenge.parameter(name))
        .collect();
    if !said.is_empty() {
        text = format!("{text}: {}", said.join(", "));
    }
    if challenge
        .parameter("stale")
        .is_some_and(|stale| stale.eq_ignore_ascii_case("true"))
    {
        text.push_str(" (its nonce is out of date; the password may be right)");
    }
    let reference = match challenge.scheme.to_ascii_lowercase().as_str() {
        "basic" => "RFC 7617, Section 2",
        "bearer" => "RFC 6750, Section 3",
        "digest" => "RFC 7616, Section 3.3",
        "negotiate" => "RFC 4559, Section 4",
        "dpop" => "RFC 9449, Section 7.1",
        _ => "RFC 9110, Section 11.6.1",
    };
    Finding::new(text).by(reference)
}

/// `Bearer, realm “api”, scope “write”`; `Digest (SHA-256), realm “staff”`.
fn wants(challenge: &Challenge) -> String {
    let mut text = challenge.scheme.clone();
    if let Some(algorithm) = challenge.parameter("algorithm") {
        text = format!("{text} ({algorithm})");
    }
    for name in ["realm", "scope"] {
        if let Some(value) = challenge.parameter(name) {
            text = format!("{text}, {name} “{value}”");
        }
    }
    text
}

fn sent(scene: &Scene, to_credentials: Step) -> Finding {
    let section = "RFC 9110, Section 11.6.2";
    let Some(authorization) = scene.sent("authorization") else {
        let text = match scene.sent("cookie") {
            Some(_) => "The request carried no Authorization, but did carry cookie.",
            None => "The request carried no Authorization and no Cookie.",
        };
        return Finding::new(text).by(section).offering([to_credentials]);
    };
    let scheme = match authorization.trim().split_once(' ') {
        Some((scheme, _)) => format!(" ({scheme})"),
        None => ", but without the name of a scheme before it".to_owned(),
    };
    let text = format!("The request did carry authorization{scheme}.");
    Finding::new(text).by(section).offering([to_credentials])
}

fn token_findings(token: &Token, now: Timestamp, challenges: &[Challenge]) -> Vec<Finding> {
    let mut texts = Vec::new();
    match token.expires {
        Some(expires) if expires <= now => {
            let ago = spoken_age(now.duration_since(expires).as_secs().unsigned_abs());
            texts.push((
                "RFC 7519, Section 4.1.4",
                format!("THE TOKEN HAD EXPIRED {ago} before (exp: {expires})."),
            ));
        }
        Some(expires) => {
            let left = spoken_age(expires.duration_since(now).as_secs().unsigned_abs());
            texts.push((
                "RFC 7519, Section 4.1.4",
                format!(
                    "The token was to expire {left} later (exp: {expires}), so that is not why."
                ),
            ));
        }
        None => {}
    }
    if let Some(from) = token.not_before.filter(|from| *from > now) {
        let ahead = spoken_age(from.duration_since(now).as_secs().unsigned_abs());
        texts.push((
            "RFC 7519, Section 4.1.5",
            format!("THE TOKEN IS NOT VALID YET: it will be {ahead} later (nbf: {from})."),
        ));
    }
    if let Some(text) = made_for(token) {
        texts.push(("RFC 7519, Section 4.1", text));
    }
    let wanted = challenges.iter().find_map(|it| it.parameter("scope"));
    if let Some(text) = scopes(token, wanted) {
        texts.push(("RFC 6750, Section 3.1", text));
    }
    texts
        .into_iter()
        .map(|(reference, text)| Finding::new(text).by(reference))
        .collect()
}

fn made_for(token: &Token) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(issuer) = &token.issuer {
        parts.push(format!("made by {issuer}"));
    }
    if !token.audience.is_empty() {
        parts.push(format!("for {}", token.audience.join(", ")));
    }
    if let Some(algorithm) = &token.algorithm {
        parts.push(format!("signed with {algorithm}"));
    }
    (!parts.is_empty()).then(|| format!("The token is {}.", parts.join(", ")))
}

fn scopes(token: &Token, wanted: Option<&str>) -> Option<String> {
    if token.scopes.is_empty() {
        return None;
    }
    let held = token.scopes.join(" ");
    let missing: Vec<&str> = wanted
        .unwrap_or_default()
        .split_whitespace()
        .filter(|scope| !token.scopes.iter().any(|held| held == scope))
        .collect();
    Some(if missing.is_empty() {
        format!("The token's scope is “{held}”.")
    } else {
        format!(
            "THE TOKEN LACKS the scope “{}”; it has “{held}”.",
            missing.join(" ")
        )
    })
}

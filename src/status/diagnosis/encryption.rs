//! TLS that failed: which certificate, which check, its dates and names.

use jiff::Timestamp;
use url::Url;

use crate::{
    model::{Certificate, Failure, Phase, RequestTab, TlsCheck},
    status::{
        certificate::{signer, validity},
        failure::wants_certificate,
    },
};

use super::{Finding, Scene, Step, failed::other_scheme};

/// What is laid down about checking a certificate, about its names, and about the handshake.
const PATH: &str = "RFC 5280, Section 6";
const NAMES: &str = "RFC 9525, Section 6";
const ALERTS: &str = "RFC 8446, Section 6";

/// As many names of a certificate are told; some have hundreds.
const MOST_NAMES: usize = 8;

pub(super) fn look(scene: &Scene, check: TlsCheck, url: &Url) -> Vec<Finding> {
    let mut findings = vec![broken(scene, check, url)];
    let is_about_certificate = !matches!(check, TlsCheck::NotTls | TlsCheck::Handshake);
    if is_about_certificate && let Some(certificate) = shown(scene) {
        findings.push(described(certificate, scene.exchange.started_at));
    }
    findings
}

/// The certificate of a proxy that is spoken to by TLS, and did not pass.
pub(super) fn of_proxy(scene: &Scene, failure: &Failure) -> Option<Finding> {
    let certificate = shown(scene).filter(|_| failure.phase == Phase::Tls)?;
    Some(described(certificate, scene.exchange.started_at))
}

fn broken(scene: &Scene, check: TlsCheck, url: &Url) -> Finding {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let to_options = Step::OpenTab {
        tab: RequestTab::Options,
    };
    match check {
        TlsCheck::NotTls => Finding::new(format!(
            "What answers on port {port} of {host} does not speak TLS."
        ))
        .by(ALERTS)
        .offering(other_scheme(url)),
        TlsCheck::WrongHost => {
            let found = shown(scene).filter(|it| !it.names.is_empty());
            let text = match found {
                Some(certificate) => format!(
                    "The certificate has no name that fits “{host}”: it is for {}.",
                    names(certificate)
                ),
                None => format!("The certificate has no name that fits “{host}”."),
            };
            Finding::new(text)
                .by(NAMES)
                .offering(found.and_then(|it| at_its_name(it, url)))
                .offering([Step::EditUrl, to_options])
        }
        TlsCheck::UnknownIssuer => {
            let text = match shown(scene) {
                Some(it) if signer(it) == "itself" => format!(
                    "The certificate that {host} shows names itself as its issuer, and is not among those that this machine trusts."
                ),
                Some(it) => format!(
                    "Who signed the certificate of {host} ({}) is not among those that this machine trusts.",
                    signer(it)
                ),
                None => format!(
                    "Who signed the certificate of {host} is not among those that this machine trusts."
                ),
            };
            Finding::new(text).by(PATH).offering([to_options])
        }
        TlsCheck::Expired | TlsCheck::NotYetValid => {
            let at = scene.exchange.started_at;
            let text = match outdated(scene, at) {
                Some(certificate) => format!(
                    "The certificate of {} is valid from {}.",
                    certificate.subject,
                    validity(certificate, at)
                ),
                None => format!(
                    "The days of the certificate of {host} do not fit this machine's clock ({at})."
                ),
            };
            Finding::new(text)
                .by("RFC 5280, Section 4.1.2.5")
                .offering([to_options])
        }
        TlsCheck::Revoked | TlsCheck::BadCertificate => {
            let text = match shown(scene) {
                Some(certificate) => format!(
                    "The certificate in question is that of {}, signed by {}.",
                    certificate.subject,
                    signer(certificate)
                ),
                None => format!("The certificate of {host} did not pass the check."),
            };
            Finding::new(text).by(PATH).offering([to_options])
        }
        TlsCheck::Handshake if scene.failure().is_some_and(wants_certificate) => {
            let has_one = !scene
                .prepared()
                .options
                .transport
                .client_certificate
                .is_empty();
            let shown = if has_one {
                "the one that the options name was not taken"
            } else {
                "the options name none (client certificate)"
            };
            Finding::new(format!(
                "{host} on port {port} wants a client certificate; {shown}."
            ))
            .by("RFC 8446, Section 6.2")
            .offering([to_options])
        }
        TlsCheck::Handshake => {
            let said = scene.failure().and_then(|failure| failure.causes.last());
            let said = said.map_or_else(String::new, |said| format!(": {said}"));
            Finding::new(format!(
                "The handshake with {host} on port {port} came to no end{said}."
            ))
            .by(ALERTS)
            .offering([to_options])
        }
    }
}

/// The certificate in one sentence, whatever is wrong with it: it is shown without being trusted.
fn described(certificate: &Certificate, at: Timestamp) -> Finding {
    let names = match names(certificate) {
        names if names.is_empty() => "no name".to_owned(),
        names => names,
    };
    Finding::new(format!(
        "The certificate that was shown, without being trusted: {}, for {names}; signed by {}; valid from {}.",
        certificate.subject,
        signer(certificate),
        validity(certificate, at)
    ))
    .by("RFC 5280, Section 4.1")
    .general()
}

fn names(certificate: &Certificate) -> String {
    let all = &certificate.names;
    let told = all.get(..MOST_NAMES).unwrap_or(all).join(", ");
    match all.len().saturating_sub(MOST_NAMES) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// The same address at the first name that the certificate is for, where that is no pattern.
fn at_its_name(certificate: &Certificate, url: &Url) -> Option<Step> {
    let name = certificate.names.iter().find(|name| !name.contains('*'))?;
    let mut other = url.clone();
    other.set_host(Some(name)).ok()?;
    Some(Step::UseNewAddress { url: other.into() })
}

/// The certificate that the server, or a proxy, showed for itself.
fn shown<'a>(scene: &Scene<'a>) -> Option<&'a Certificate> {
    let tls = scene.exchange.hops.last()?.transit.tls.as_ref()?;
    tls.certificates.first()
}

/// The one of the chain whose days are not these.
fn outdated<'a>(scene: &Scene<'a>, at: Timestamp) -> Option<&'a Certificate> {
    let tls = scene.exchange.hops.last()?.transit.tls.as_ref()?;
    let mut chain = tls.certificates.iter();
    chain.find(|it| at > it.not_after || at < it.not_before)
}

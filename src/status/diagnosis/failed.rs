//! Sends without a whole answer: where it broke off, and what that says.

use jiff::Timestamp;
use url::Url;

use crate::{
    model::{
        Certificate, Failure, FailureKind, Phase, Processed, RequestTab, Response, TimeoutKind,
        TlsCheck,
    },
    status::certificate::{signer, validity},
    units::{counted, human_duration, human_size},
};

use super::{Finding, Scene, Step};

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let Some(failure) = scene.failure() else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    // A token that was refused did arrive: no phase of a connection says where it broke off. Of what its
    // posttui did not see the end nobody knows the phase.
    let knows_phase = !matches!(
        failure.kind,
        FailureKind::Credentials | FailureKind::Interrupted
    );
    if knows_phase {
        findings.push(Finding::new(format!(
            "It failed while {}.",
            failure.phase.doing()
        )));
    }
    findings.extend(failure.partial.as_ref().map(arrived));
    findings.extend(
        Url::parse(scene.url())
            .ok()
            .and_then(|url| about(scene, failure, &url)),
    );
    findings.extend(no_credentials(failure));
    findings.extend(again(failure));
    findings
}

fn arrived(partial: &Response) -> Finding {
    let (bytes, status) = (partial.size(), partial.head.status);
    let text = match partial.announced() {
        Some(announced) => format!(
            "{} of {} {} missing, as Content-Length counts them: a {status} head and {} of its body came.",
            announced - bytes,
            counted(announced, "byte"),
            if announced - bytes == 1 { "is" } else { "are" },
            counted(bytes, "byte")
        ),
        None => format!(
            "A {status} head and {} of its body came.",
            counted(bytes, "byte")
        ),
    };
    Finding::new(text).by("RFC 9112, Section 8")
}

/// What the kind of failure says about this very address.
fn about(scene: &Scene, failure: &Failure, url: &Url) -> Option<Finding> {
    match failure.kind {
        FailureKind::Dns => Some(name(failure, url)),
        FailureKind::Refused => Some(refused(url)),
        FailureKind::Tls(check) => tls(scene, check, url),
        FailureKind::Timeout(kind) => Some(timed_out(scene, failure, kind)),
        FailureKind::Reset => Some(lost(scene, failure)),
        FailureKind::Malformed => Some(malformed(url)),
        FailureKind::Proxy => Some(proxy(scene, url)),
        FailureKind::Unreachable
        | FailureKind::Truncated
        | FailureKind::Cancelled
        | FailureKind::Interrupted
        | FailureKind::TooLarge
        | FailureKind::Credentials
        | FailureKind::Setting
        | FailureKind::File
        | FailureKind::Other => None,
    }
}

fn name(failure: &Failure, url: &Url) -> Finding {
    let host = url.host_str().unwrap_or_default();
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_local = host.contains('.') && last == "local";
    let hint = if is_local {
        " Names in .local are found by multicast in the own network only."
    } else if !host.contains('.') {
        " It has no dot, so that only the own network or a container's network can know it."
    } else {
        ""
    };
    let said = failure
        .causes
        .last()
        .map_or_else(String::new, |said| format!(" The resolver said: {said}."));
    let finding = Finding::new(format!(
        "The name that was looked up is “{host}”.{said}{hint}"
    ));
    if is_local {
        finding.by("RFC 6762, Section 3")
    } else {
        finding
    }
}

/// The same address with the other scheme; the usual port of the one becomes that of the other.
fn other_scheme(url: &Url) -> Option<Step> {
    let mut other = url.clone();
    let scheme = match url.scheme() {
        "http" => "https",
        _ => "http",
    };
    other.set_scheme(scheme).ok()?;
    if matches!(other.port(), Some(80 | 443)) {
        other.set_port(None).ok()?;
    }
    Some(Step::SwitchScheme {
        scheme: scheme.to_owned(),
        url: other.into(),
    })
}

fn refused(url: &Url) -> Finding {
    let (host, scheme) = (url.host_str().unwrap_or_default(), url.scheme());
    let port = url.port_or_known_default().unwrap_or_default();
    let usual = url.port().is_none();
    let text = match (scheme, port) {
        ("http", 443) => format!("{host} refuses port 443, which is https's, not http's."),
        ("https", 80) => format!("{host} refuses port 80, which is http's, not https's."),
        _ if usual => format!(
            "{host} refuses port {port}, the usual one of {scheme}; servers under development listen on another one."
        ),
        _ => format!("{host} refuses port {port}."),
    };
    let wrong_way = usual || matches!((scheme, port), ("http", 443) | ("https", 80));
    Finding::new(text).offering(wrong_way.then(|| other_scheme(url)).flatten())
}

fn tls(scene: &Scene, check: TlsCheck, url: &Url) -> Option<Finding> {
    let host = url.host_str().unwrap_or_default();
    let text = match check {
        TlsCheck::NotTls => {
            let port = url.port_or_known_default().unwrap_or_default();
            let text = format!("What answers on port {port} of {host} does not speak TLS.");
            return Some(Finding::new(text).offering(other_scheme(url)));
        }
        TlsCheck::WrongHost => match shown(scene) {
            Some(certificate) if !certificate.names.is_empty() => format!(
                "The certificate has no name that fits “{host}”: it is for {}.",
                certificate.names.join(", ")
            ),
            _ => format!("The certificate has no name that fits “{host}”."),
        },
        TlsCheck::UnknownIssuer => {
            let by = shown(scene).map_or_else(String::new, |it| format!(" ({})", signer(it)));
            format!(
                "Who signed the certificate of {host}{by} is not among those that this machine trusts."
            )
        }
        TlsCheck::Expired | TlsCheck::NotYetValid => {
            let at = scene.exchange.started_at;
            let certificate = outdated(scene, at)?;
            format!(
                "The certificate of {} is valid from {}.",
                certificate.subject,
                validity(certificate, at)
            )
        }
        TlsCheck::Revoked | TlsCheck::BadCertificate => {
            let certificate = shown(scene)?;
            format!(
                "The certificate in question is that of {}, signed by {}.",
                certificate.subject,
                signer(certificate)
            )
        }
        TlsCheck::Handshake => return None,
    };
    let section = match check {
        TlsCheck::WrongHost => "RFC 9525, Section 6",
        _ => "RFC 5280, Section 6",
    };
    Some(Finding::new(text).by(section))
}

/// The certificate that the server showed for itself.
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

fn timed_out(scene: &Scene, failure: &Failure, kind: TimeoutKind) -> Finding {
    let options = &scene.prepared().options;
    let limit = match kind {
        TimeoutKind::Connect => Some(options.connect_timeout),
        TimeoutKind::Total => options.total_timeout,
        TimeoutKind::Idle => options.idle_timeout,
    };
    let limit = limit.map_or_else(String::new, |limit| {
        format!("The limit is {}. ", human_duration(limit))
    });
    let what = match failure.phase {
        Phase::Resolve => "the name server did not answer in time",
        Phase::Connect => "no answer to the first packet: the host is down, or a firewall drops it",
        Phase::Tls => "the port is open, but the TLS handshake did not come to its end",
        Phase::Send => "the server did not take the whole request in time",
        Phase::Wait => "the server has the whole request and is still at work, or has forgotten it",
        Phase::Receive => "the answer began, and its body did not come to its end in time",
    };
    Finding::new(format!("{limit}It ran out where {what}."))
}

fn lost(scene: &Scene, failure: &Failure) -> Finding {
    let size = human_size(scene.sent_bytes());
    let text = match failure.phase {
        Phase::Resolve | Phase::Connect | Phase::Tls => {
            "The connection ended before any of the request was sent.".to_owned()
        }
        Phase::Send => format!(
            "The connection ended before the whole request (a body of {size}) was sent: a server that \
             refuses large bodies may do so."
        ),
        Phase::Wait | Phase::Receive => {
            format!(
                "The connection ended after the whole request (a body of {size}) had been sent."
            )
        }
    };
    Finding::new(text).by("RFC 9112, Section 9.6")
}

fn malformed(url: &Url) -> Finding {
    let port = url.port_or_known_default().unwrap_or_default();
    let text = format!("What answers on port {port} cannot be read as the head of a response.");
    let finding = Finding::new(text).by("RFC 9112, Section 4");
    // A server for https answers plain HTTP with a TLS alert.
    finding.offering(
        (url.scheme() == "http")
            .then(|| other_scheme(url))
            .flatten(),
    )
}

fn proxy(scene: &Scene, url: &Url) -> Finding {
    if !scene.prepared().options.transport.proxy.is_empty() {
        return Finding::new("The proxy is the one that the options name.").offering([
            Step::OpenTab {
                tab: RequestTab::Options,
            },
        ]);
    }
    let variable = match url.scheme() {
        "https" => "HTTPS_PROXY",
        _ => "HTTP_PROXY",
    };
    Finding::new(format!(
        "For {} addresses the proxy is that of {variable} (or ALL_PROXY); hosts in NO_PROXY go without.",
        url.scheme()
    ))
}

/// Where the credentials that could not be had are asked for.
fn no_credentials(failure: &Failure) -> Option<Finding> {
    (failure.kind == FailureKind::Credentials).then(|| {
        Finding::new(
            "The request itself was not sent: what it proves its sender by was to be fetched first.",
        )
        .offering([Step::OpenTab {
            tab: RequestTab::Auth,
        }])
    })
}

/// What left nothing behind can be sent again without harm.
fn again(failure: &Failure) -> Option<Finding> {
    let helps = !matches!(
        failure.kind,
        FailureKind::Setting | FailureKind::Credentials
    );
    (failure.processed == Processed::No && helps).then(|| {
        Finding::new("Once the cause is gone, it can safely be sent again.")
            .offering([Step::SendAgain])
    })
}

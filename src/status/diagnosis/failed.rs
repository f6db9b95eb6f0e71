//! Sends without a whole answer: where it broke off, and what that says.

use url::Url;

use crate::{
    model::{
        Failure, FailureKind, Phase, Processed, RequestTab, Response, TimeoutKind, VersionChoice,
        find_header, is_loopback,
    },
    status::{failure::wants_certificate, retry::excuse},
    units::{counted, human_duration, human_size},
};

use super::{
    Finding, Scene, Step, encryption,
    proxied::{is_stopped, proxy, proxy_of, way_section},
};

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
        findings.push(phase(scene, failure));
    }
    findings.extend(failure.partial.as_ref().map(|partial| {
        let finding = arrived(partial);
        finding.offering(look_first(scene))
    }));
    if let Ok(url) = Url::parse(scene.url()) {
        findings.extend(about(scene, failure, &url));
    }
    findings.extend(no_credentials(failure));
    findings.extend(again(failure));
    findings
}

fn phase(scene: &Scene, failure: &Failure) -> Finding {
    if failure.is_ended_wait() {
        return Finding::new("It was ended while it waited for its next attempt.")
            .by("RFC 9110, Section 9.2.2");
    }
    let doing = match (failure.phase, proxy_of(scene)) {
        (Phase::Resolve, Some(_)) if failure.kind != FailureKind::Dns => {
            "resolving the name of the proxy"
        }
        (_, Some(_)) if is_stopped(scene, failure) => "asking the proxy for a way to the server",
        // Whether the proxy itself was reached is not known of what came to no end.
        (Phase::Connect, Some(_)) if matches!(failure.kind, FailureKind::Timeout(_)) => {
            "connecting by way of the proxy"
        }
        (Phase::Connect, Some(_)) => "connecting to the proxy",
        (Phase::Tls, Some(_)) if failure.kind == FailureKind::Proxy => {
            "securing the connection to the proxy with TLS"
        }
        (phase, _) => phase.doing(),
    };
    let section = match failure.phase {
        Phase::Resolve => "RFC 1034, Section 5",
        _ if is_stopped(scene, failure) => way_section(scene),
        Phase::Connect => "RFC 9293, Section 3.5",
        Phase::Tls => "RFC 8446, Section 4",
        Phase::Send => "RFC 9112, Section 3",
        Phase::Wait => "RFC 9112, Section 4",
        Phase::Receive => "RFC 9112, Section 6",
    };
    if failure.kind == FailureKind::Cancelled {
        return Finding::new(format!("It was ended while {doing}.")).by(section);
    }
    Finding::new(format!("It failed while {doing}."))
        .by(section)
        .general()
}

/// Sends again what may be sent twice; of all else it is looked first whether it took effect.
pub(super) fn look_first(scene: &Scene) -> Option<Step> {
    if excuse(scene.prepared(), scene.outcome).is_some() {
        return Some(Step::SendAgain);
    }
    let url = scene.resolve(scene.url())?;
    Some(Step::OpenAsGet { url })
}

pub(super) fn to(tab: RequestTab) -> Step {
    Step::OpenTab { tab }
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
fn about(scene: &Scene, failure: &Failure, url: &Url) -> Vec<Finding> {
    let finding = match failure.kind {
        FailureKind::Tls(check) => return encryption::look(scene, check, url),
        FailureKind::Dns => name(failure, url),
        FailureKind::Refused => refused(scene, url),
        FailureKind::Unreachable => unreachable(scene, url),
        FailureKind::Timeout(kind) => timed_out(scene, failure, kind),
        FailureKind::Reset => no_http2(scene, failure, url).unwrap_or_else(|| lost(scene, failure)),
        FailureKind::Malformed if failure.phase == Phase::Receive => misframed(failure),
        FailureKind::Malformed => malformed(scene, failure, url),
        FailureKind::Proxy => {
            let mut findings = proxy(scene, failure);
            findings.extend(encryption::of_proxy(scene, failure));
            return findings;
        }
        FailureKind::Setting => caused(failure, "The setting is")
            .by("the options of posttui")
            .offering([to(RequestTab::Options)]),
        FailureKind::File => caused(failure, "The file is")
            .by("RFC 9112, Section 6.2")
            .offering([to(RequestTab::Body)]),
        FailureKind::Interrupted => Finding::new(
            "Nobody waited for its answer any more: the server may still have given one.",
        )
        .by("RFC 9112, Section 9.5")
        .offering(look_first(scene)),
        FailureKind::Truncated
        | FailureKind::Cancelled
        | FailureKind::TooLarge
        | FailureKind::Credentials
        | FailureKind::Other => return Vec::new(),
    };
    vec![finding]
}

/// What the last cause says, which is where it began.
fn caused(failure: &Failure, what: &str) -> Finding {
    let said = failure.causes.last().map_or("not told", String::as_str);
    Finding::new(format!("{what} to blame: {said}."))
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
    let section = if is_local {
        "RFC 6762, Section 3"
    } else {
        "RFC 1034, Section 5"
    };
    Finding::new(format!(
        "The name that was looked up is “{host}”.{said}{hint}"
    ))
    .by(section)
    .offering([Step::EditUrl])
}

/// The same address with the other scheme; the usual port of the one becomes that of the other.
pub(super) fn other_scheme(url: &Url) -> Option<Step> {
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

fn refused(scene: &Scene, url: &Url) -> Finding {
    let (host, scheme) = (url.host_str().unwrap_or_default(), url.scheme());
    let port = url.port_or_known_default().unwrap_or_default();
    let usual = url.port().is_none();
    let text = match (scheme, port) {
        ("http", 443) => format!("{host} refuses port 443, which is https's, not http's."),
        ("https", 80) => format!("{host} refuses port 80, which is http's, not https's."),
        _ if usual => format!(
            "{host} refuses port {port}, the usual one of {scheme}; servers under development listen on another one."
        ),
        _ => format!(
            "{host} refuses port {port}; the usual one of {scheme} is {}.",
            if scheme == "https" { 443 } else { 80 }
        ),
    };
    let wrong_way = usual || matches!((scheme, port), ("http", 443) | ("https", 80));
    let other = if wrong_way {
        other_scheme(url)
    } else {
        usual_port(url)
    };
    // Most often the server is started, and the same request sent once more.
    let again = (!wrong_way).then_some(Step::SendAgain);
    Finding::new(text + &tried(scene))
        .by("RFC 9293, Section 3.10.7")
        .offering(again)
        .offering(other)
        .offering([Step::EditUrl])
}

/// The same address at the usual port of its scheme. On this machine it is seldom meant.
fn usual_port(url: &Url) -> Option<Step> {
    let mut other = url.clone();
    other.set_port(None).ok()?;
    (!is_loopback(url)).then(|| Step::UseNewAddress { url: other.into() })
}

/// Which addresses a name stands for, where it was looked up.
fn tried(scene: &Scene) -> String {
    let last = scene.exchange.hops.last();
    match last.map_or(&[][..], |hop| &hop.transit.resolved) {
        [] => String::new(),
        addresses => format!(" The name stands for {}.", addresses.join(", ")),
    }
}

fn unreachable(scene: &Scene, url: &Url) -> Finding {
    let host = url.host_str().unwrap_or_default();
    Finding::new(format!(
        "This machine has no route to {host}, or something on the way says so.{}",
        tried(scene)
    ))
    .by("RFC 1122, Section 3.2.2.1")
    .offering([Step::EditUrl])
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
    let by_proxy = proxy_of(scene).map(|proxy| {
        format!(
            "no connection by way of the proxy {} came about: it is down, does not answer, or gets no answer \
             from the server; with “none” as the proxy in the options it goes without one",
            proxy.words()
        )
    });
    let what = match (failure.phase, &by_proxy) {
        (Phase::Connect, Some(by_proxy)) => by_proxy,
        (Phase::Resolve, _) => "the name server did not answer in time",
        (Phase::Connect, _) => {
            "no answer to the first packet: the host is down, or a firewall drops it"
        }
        (Phase::Tls, _) => "the port is open, but the TLS handshake did not come to its end",
        (Phase::Send, _) => "the server did not take the whole request in time",
        (Phase::Wait, _) if raw(scene).is_some() => {
            "the server had begun the head of its answer, and did not end it"
        }
        (Phase::Wait, _) => {
            "the server has the whole request and is still at work, or has forgotten it"
        }
        (Phase::Receive, _) => "the answer began, and its body did not come to its end in time",
    };
    let first = (failure.processed != Processed::No).then(|| look_first(scene));
    // What speaks no TLS may wait for more, and say nothing of it.
    let url = Url::parse(scene.url())
        .ok()
        .filter(|_| failure.phase == Phase::Tls);
    Finding::new(format!("{limit}It ran out where {what}."))
        .by("RFC 9112, Section 9.5")
        .offering(url.and_then(|url| other_scheme(&url)))
        .offering(first.flatten())
        .offering([to(RequestTab::Options)])
}

/// What was asked for by HTTP/2 alone, of a server that may not know it: it takes the first frame for a broken
/// request, and what it says to that is no frame.
fn no_http2(scene: &Scene, failure: &Failure, url: &Url) -> Option<Finding> {
    let is_forced = scene.prepared().options.transport.version == VersionChoice::Http2;
    if !is_forced || !matches!(failure.phase, Phase::Send | Phase::Wait) {
        return None;
    }
    let tls = scene.exchange.hops.last()?.transit.tls.as_ref();
    let agreed = tls.and_then(|tls| tls.alpn.as_deref());
    if agreed == Some("h2") {
        return None;
    }
    let port = url.port_or_known_default().unwrap_or_default();
    let is_sure = tls.is_some()
        || failure
            .causes
            .iter()
            .any(|cause| cause.contains("frame with invalid size"));
    let how = if is_sure { "does" } else { "does most likely" };
    Some(
        Finding::new(format!(
            "What answers on port {port} {how} not speak HTTP/2, which the options ask for alone: with “negotiated” or “1.1” it is spoken to by HTTP/1.1."
        ))
        .by("RFC 9113, Section 3.3")
        .offering([to(RequestTab::Options)]),
    )
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
    let text = match raw(scene) {
        Some(_) => format!("{text} A part of the head of the answer had come."),
        None => text,
    };
    let first = (failure.processed != Processed::No).then(|| look_first(scene));
    Finding::new(text)
        .by("RFC 9112, Section 9.6")
        .offering(first.flatten())
}

/// What came in the place of a head, or of one that is not whole.
pub(super) fn raw<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let last = scene.exchange.hops.last()?;
    last.transit.unreadable.as_deref()
}

fn malformed(scene: &Scene, failure: &Failure, url: &Url) -> Finding {
    let port = url.port_or_known_default().unwrap_or_default();
    // Rows of an older posttui have it among the causes alone.
    let is_foreign = match raw(scene) {
        Some(raw) => !raw.starts_with("HTTP/"),
        None => failure.causes.iter().any(|it| it.starts_with("it began")),
    };
    let what = if is_foreign {
        "does not speak HTTP"
    } else {
        "cannot be read as the head of a response"
    };
    let text = match failure.causes.last() {
        Some(said) => format!("What answers on port {port} {what}: {said}."),
        None => format!("What answers on port {port} {what}."),
    };
    let finding = Finding::new(text).by("RFC 9112, Section 4");
    if raw(scene).is_some_and(|raw| raw.starts_with("HTTP/")) {
        return finding;
    }
    if raw(scene).is_some_and(is_http2) {
        let text = format!("{} It begins as HTTP/2 does.", finding.text);
        return Finding::new(text)
            .by("RFC 9113, Section 3.4")
            .offering([to(RequestTab::Options)]);
    }
    // A server for https answers plain HTTP with a TLS alert.
    finding
        .offering(
            (url.scheme() == "http")
                .then(|| other_scheme(url))
                .flatten(),
        )
        .offering([Step::EditUrl])
}

/// Whether it is the first frame of a server of HTTP/2: SETTINGS, on the stream 0 (RFC 9113, Sections 4.1 and
/// 6.5), in the words of what is no text.
fn is_http2(raw: &str) -> bool {
    let length = raw.strip_prefix(r"\x00\x00");
    length.is_some_and(|rest| {
        let after = rest.strip_prefix(r"\x").and_then(|rest| rest.get(2..));
        let after = after.or_else(|| rest.get(1..));
        after.is_some_and(|rest| rest.starts_with(r"\x04\x00\x00\x00\x00\x00"))
    })
}

/// The head came, and what follows it is no body: a chunk without a length, for example.
fn misframed(failure: &Failure) -> Finding {
    let is_chunked = failure.partial.as_ref().is_some_and(|partial| {
        let coding = find_header(&partial.head.headers, "transfer-encoding");
        coding.is_some_and(|it| it.text().to_ascii_lowercase().contains("chunked"))
    });
    let said = failure.causes.last();
    let said = said.map_or_else(String::new, |said| format!(": {said}"));
    let (what, section) = if is_chunked {
        ("the chunks of its body", "RFC 9112, Section 7.1")
    } else {
        ("its body", "RFC 9112, Section 6")
    };
    Finding::new(format!(
        "The head of the answer could be read, {what} could not{said}."
    ))
    .by(section)
}

/// Where the credentials that could not be had are asked for.
fn no_credentials(failure: &Failure) -> Option<Finding> {
    (failure.kind == FailureKind::Credentials).then(|| {
        Finding::new(
            "The request itself was not sent: what it proves its sender by was to be fetched first.",
        )
        .by("RFC 6749, Section 5.2")
        .offering([to(RequestTab::Auth)])
    })
}

/// What left nothing behind can be sent again without harm.
fn again(failure: &Failure) -> Option<Finding> {
    let helps = !matches!(
        failure.kind,
        FailureKind::Setting | FailureKind::Credentials
    );
    let is_untouched = failure.processed == Processed::No || wants_certificate(failure);
    (is_untouched && helps).then(|| {
        Finding::new("Once the cause is gone, it can safely be sent again.")
            .by("RFC 9112, Section 9.3.1")
            .offering([Step::SendAgain])
            .general()
    })
}

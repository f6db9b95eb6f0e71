//! Redirects: what each did to the request, and why one was not followed (RFC 9110, Section 15.4).

use crate::{
    model::{Exchange, Hop, Purpose, Redirects, RequestTab},
    status::losses,
};

use super::{Finding, Scene, Step};

/// As many hops as a send may have.
const MOST_HOPS: usize = 20;

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    let mut findings: Vec<Finding> = pairs(scene.exchange)
        .into_iter()
        .map(|(from, to)| followed(from, to))
        .collect();
    findings.extend(not_followed(scene));
    findings
}

/// What to do instead of following, where the redirects lead nowhere.
pub(super) fn next(scene: &Scene) -> Option<String> {
    let status = scene.status();
    let url = scene.resolve(&scene.header("location")?)?;
    let is_redirect = matches!(status, 300..=303 | 307 | 308);
    let why = reason(scene, status, &url).filter(|_| is_redirect)?;
    why.is_loop.then(|| {
        "Do not follow it: Hops shows the way round. Servers send in circles where a cookie or a login is missing, \
         or where two of them disagree about http and https, or about www and the slash at the end."
            .to_owned()
    })
}

/// What redirects did to the request, a sentence each: a POST that became a GET is said out loud.
pub fn redirect_evidence(exchange: &Exchange) -> Vec<String> {
    let pairs = pairs(exchange).into_iter();
    pairs.map(|(from, to)| sentence(from, to)).collect()
}

/// Each hop that a redirect led to, after the one that it came from. What fetches a token, the answer to a
/// challenge, and a further attempt are no redirects.
fn pairs(exchange: &Exchange) -> Vec<(&Hop, &Hop)> {
    let own: Vec<&Hop> = exchange
        .hops
        .iter()
        .filter(|hop| hop.purpose != Purpose::Token)
        .collect();
    own.iter()
        .zip(own.iter().skip(1))
        .filter(|(from, to)| to.purpose == Purpose::Request && from.attempt == to.attempt)
        .map(|(from, to)| (*from, *to))
        .collect()
}

fn status(hop: &Hop) -> u16 {
    hop.response.as_ref().map_or(0, |head| head.status)
}

fn sentence(from: &Hop, to: &Hop) -> String {
    let status = status(from);
    let lost = losses::between(from, to);
    let told = lost
        .iter()
        .map(|loss| format!("{} ({})", loss.names.join(", "), loss.why));
    let dropped = match told.collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        told => format!(" Not sent along: {}.", told.join("; ")),
    };
    let clear = if is_https(&from.url) && !is_https(&to.url) {
        " FROM HTTPS TO HTTP: from there on everything went in clear."
    } else {
        ""
    };
    if from.method == to.method {
        format!(
            "Redirected by {status} to {}, still a {}.{dropped}{clear}",
            to.url, to.method
        )
    } else {
        format!(
            "REDIRECTED by {status}: the {} BECAME A {} to {}.{dropped}{clear}",
            from.method, to.method, to.url
        )
    }
}

fn is_https(url: &str) -> bool {
    url.starts_with("https:")
}

fn followed(from: &Hop, to: &Hop) -> Finding {
    let finding = Finding::new(sentence(from, to)).by(section(status(from)));
    let url = to.url.clone();
    if from.method != to.method {
        let method = from.method.clone();
        let again = Step::SendAgainKeepingMethod {
            method,
            url: url.clone(),
        };
        finding.offering([again, Step::UseNewAddress { url }])
    } else if matches!(status(from), 301 | 308) {
        finding.offering([Step::UseNewAddress { url }])
    } else {
        finding
    }
}

fn section(status: u16) -> &'static str {
    match status {
        300 => "RFC 9110, Section 15.4.1",
        301 => "RFC 9110, Section 15.4.2",
        302 => "RFC 9110, Section 15.4.3",
        303 => "RFC 9110, Section 15.4.4",
        307 => "RFC 9110, Section 15.4.8",
        308 => "RFC 9110, Section 15.4.9",
        _ => "RFC 9110, Section 15.4",
    }
}

/// Why a 3xx is the answer itself.
fn not_followed(scene: &Scene) -> Option<Finding> {
    let status = scene.status();
    if !matches!(status, 300..=303 | 307 | 308) {
        return None;
    }
    let Some(location) = scene.header("location") else {
        let text = format!("The {status} has no Location: there is nowhere to go on to.");
        return Some(Finding::new(text).by("RFC 9110, Section 10.2.2"));
    };
    let Some(url) = scene.resolve(&location) else {
        let text = format!("Location: {location}, which is no http or https address to go on to.");
        return Some(Finding::new(text).by("RFC 9110, Section 10.2.2"));
    };
    let why = reason(scene, status, &url);
    let method = scene.method().to_owned();
    let mut steps = Vec::new();
    if why.is_some_and(|why| why.is_loop) {
        steps.push(Step::OpenTab {
            tab: RequestTab::Options,
        });
    } else {
        if !matches!(status, 307 | 308) || method == "GET" {
            steps.push(Step::OpenAsGet { url: url.clone() });
        }
        if method != "GET" {
            let url = url.clone();
            steps.push(Step::SendAgainKeepingMethod { method, url });
        }
        steps.push(Step::UseNewAddress { url });
    }
    let why = why.map_or("", |why| why.text);
    let finding = Finding::new(format!("Location: {location}{why}"));
    Some(finding.by(section(status)).offering(steps))
}

#[derive(Clone, Copy)]
struct Why {
    text: &'static str,
    is_loop: bool,
}

fn reason(scene: &Scene, status: u16, url: &str) -> Option<Why> {
    let all = &scene.exchange.hops;
    let attempt = all.last().map(|hop| hop.attempt);
    let hops: Vec<&Hop> = all
        .iter()
        .filter(|hop| hop.purpose == Purpose::Request && Some(hop.attempt) == attempt)
        .collect();
    let why = |text, is_loop| Some(Why { text, is_loop });
    if scene.prepared().options.redirects == Redirects::Stop {
        return why(
            ": not followed, since this request takes a redirect as the answer.",
            false,
        );
    }
    if scene.prepared().options.redirects == Redirects::Ask {
        return why(
            ": not followed, since this request asks at each redirect, and nobody said to go on.",
            false,
        );
    }
    if hops.len() >= MOST_HOPS {
        return why(
            ": not followed, since it is the twentieth hop; the server sends in circles.",
            true,
        );
    }
    let method = match (status, scene.method()) {
        (_, method) if scene.prepared().options.redirects == Redirects::KeepMethod => method,
        (301 | 302, "POST") => "GET",
        (303, method) if method != "HEAD" => "GET",
        (_, method) => method,
    };
    let without_fragment = url.split('#').next().unwrap_or(url);
    if hops
        .iter()
        .any(|hop| hop.method == method && hop.url == without_fragment)
    {
        return why(
            ": not followed, since this very request was sent already: A LOOP.",
            true,
        );
    }
    None
}

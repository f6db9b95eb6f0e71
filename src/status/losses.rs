//! What a redirect left behind, and why: RFC 9110, Section 15.4.

use serde::Serialize;
use url::{Origin, Url};

use crate::model::{Hop, Purpose, find_header};

/// Parts of a request that did not go along for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// In words: `the body`, `authorization`.
    pub names: Vec<String>,
    pub why: String,
    /// Where that is laid down.
    pub reference: &'static str,
}

impl Loss {
    /// `the body, content-type: a GET carries none [RFC 9110, Section 15.4]`.
    pub fn words(&self) -> String {
        format!(
            "{}: {} [{}]",
            self.names.join(", "),
            self.why,
            self.reference
        )
    }
}

/// What did not go along to the hop with this index, counted from 0.
pub fn losses(hops: &[Hop], index: usize) -> Vec<Loss> {
    let Some((to, before)) = hops.get(..=index).and_then(<[Hop]>::split_last) else {
        return Vec::new();
    };
    let is_own = |hop: &&Hop| hop.purpose != Purpose::Token;
    match before.iter().rev().find(is_own) {
        Some(from) if to.purpose == Purpose::Request && from.attempt == to.attempt => {
            between(from, to)
        }
        _ => Vec::new(),
    }
}

/// What did not go along from one hop to the one that a redirect led to.
pub(super) fn between(from: &Hop, to: &Hop) -> Vec<Loss> {
    let mut losses: Vec<Loss> = Vec::new();
    for name in &to.dropped {
        let (why, reference) = reason(name, from, to);
        match losses.iter_mut().find(|loss| loss.why == why) {
            Some(loss) => loss.names.push(name.clone()),
            None => losses.push(Loss {
                names: vec![name.clone()],
                why,
                reference,
            }),
        }
    }
    losses.extend(cookies(from, to));
    losses
}

fn reason(name: &str, from: &Hop, to: &Hop) -> (String, &'static str) {
    let is_content = name == "the body" || name.starts_with("content-");
    if is_content && from.method != to.method {
        let why = format!("a {} carries none", to.method);
        return (why, "RFC 9110, Section 15.4");
    }
    if name == "the credentials in the location" {
        let why = "a server says where to go on, not as whom".to_owned();
        return (why, "RFC 9110, Section 4.2.4");
    }
    if name == "host" {
        let why = "it names the server that the request was for".to_owned();
        return (why, "RFC 9110, Section 7.2");
    }
    let why = match (origin(&from.url), origin(&to.url)) {
        (Some(old), Some(new)) => format!(
            "{} is another origin than {}, which alone they were meant for",
            new.ascii_serialization(),
            old.ascii_serialization()
        ),
        _ => "the redirect leads to another origin".to_owned(),
    };
    (why, "RFC 9110, Section 15.4")
}

fn origin(url: &str) -> Option<Origin> {
    Url::parse(url).ok().map(|url| url.origin())
}

/// The jar chooses anew for each address.
fn cookies(from: &Hop, to: &Hop) -> Option<Loss> {
    let sent = |hop: &Hop| find_header(&hop.request_headers, "cookie").is_some();
    let is_told = to.dropped.iter().any(|name| name == "cookie");
    (sent(from) && !sent(to) && !is_told).then(|| Loss {
        names: vec!["cookie".to_owned()],
        why: "the jar has none for this address".to_owned(),
        reference: "RFC 6265, Section 5.4",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;

    fn hop(method: &str, url: &str, dropped: &[&str]) -> Hop {
        Hop {
            dropped: dropped.iter().map(ToString::to_string).collect(),
            ..Hop::begun(method, url)
        }
    }

    #[test]
    fn each_part_has_its_reason_and_one_reason_stands_once() {
        let mut from = hop("POST", "http://a.example/x", &[]);
        from.request_headers = vec![Header::new("cookie", "a=1")];
        let dropped = ["the body", "content-type", "authorization", "x-api-key"];
        let to = hop("GET", "http://b.example/y", &dropped);
        let found = losses(&[from, to], 1);
        let words: Vec<String> = found.iter().map(Loss::words).collect();
        assert_eq!(
            words,
            [
                "the body, content-type: a GET carries none [RFC 9110, Section 15.4]",
                "authorization, x-api-key: http://b.example is another origin than http://a.example, \
                 which alone they were meant for [RFC 9110, Section 15.4]",
                "cookie: the jar has none for this address [RFC 6265, Section 5.4]",
            ]
        );
    }

    #[test]
    fn only_a_redirect_loses_something() {
        let first = hop("POST", "http://a.example/x", &[]);
        let mut token = hop("POST", "http://login.example/", &[]);
        token.purpose = Purpose::Token;
        let mut again = hop("POST", "http://a.example/x", &["host"]);
        again.attempt = 2;
        let hops = [
            first.clone(),
            token,
            hop("POST", "http://b.example/", &["host"]),
            again,
        ];
        assert!(losses(&hops, 0).is_empty() && losses(&hops, 1).is_empty());
        assert_eq!(losses(&hops, 2).len(), 1);
        assert!(losses(&hops, 3).is_empty() && losses(&hops, 9).is_empty());
        assert_eq!(losses(&hops, 2)[0].reference, "RFC 9110, Section 7.2");
    }
}

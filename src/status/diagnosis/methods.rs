//! A method that is not allowed: RFC 9110, Sections 15.5.6 and 10.2.1.

use super::{Finding, Scene, Step};

/// As many methods as are offered.
const OFFERED: usize = 4;

/// What a POST was most likely meant to be comes first.
const LIKELY: [&str; 5] = ["POST", "PUT", "PATCH", "GET", "DELETE"];

pub(super) fn look(scene: &Scene) -> Vec<Finding> {
    if scene.status() != 405 {
        return Vec::new();
    }
    let section = "RFC 9110, Section 10.2.1";
    let fields = scene.headers("allow");
    if fields.is_empty() {
        let text =
            "The answer does not say which methods are allowed (no Allow), although a 405 must.";
        // Whoever asks with OPTIONS is told by many servers (RFC 9110, Section 9.3.7).
        let ask = Step::SwitchMethod {
            method: "OPTIONS".to_owned(),
        };
        return vec![
            Finding::new(text)
                .by("RFC 9110, Section 15.5.6")
                .offering([ask]),
        ];
    }
    let allowed: Vec<String> = fields
        .iter()
        .flat_map(|field| field.split(','))
        .map(|method| method.trim().to_owned())
        .filter(|method| !method.is_empty())
        .collect();
    if allowed.is_empty() {
        let text = "Allow is empty: no method at all is allowed there at present.";
        return vec![Finding::new(text).by(section)];
    }
    let text = format!("Allowed methods: {}", allowed.join(", "));
    vec![
        Finding::new(text)
            .by(section)
            .offering(steps(scene, &allowed)),
    ]
}

fn steps(scene: &Scene, allowed: &[String]) -> Vec<Step> {
    let mut offered: Vec<&String> = allowed
        .iter()
        .filter(|method| *method != scene.method())
        .filter(|method| !matches!(method.as_str(), "OPTIONS" | "HEAD" | "TRACE" | "CONNECT"))
        .collect();
    let rank = |method: &str| LIKELY.iter().position(|likely| *likely == method);
    offered.sort_by_key(|method| rank(method).unwrap_or(LIKELY.len()));
    offered
        .into_iter()
        .take(OFFERED)
        .map(|method| Step::SwitchMethod {
            method: method.clone(),
        })
        .collect()
}

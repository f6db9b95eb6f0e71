//! Values taken apart, by the name of their field. A new one is a row in [`DECODERS`].

use jiff::{SignedDuration, Timestamp};

use crate::{
    status::diagnosis::{parse_date, spoken_age},
    units::human_size,
};

type Parts = Vec<(String, String)>;

/// The name of a field in lower case, and what takes its value apart.
type Decoder = (&'static str, fn(&str, Timestamp) -> Parts);

const DECODERS: &[Decoder] = &[
    ("age", seconds),
    ("accept", ranges),
    ("accept-encoding", ranges),
    ("accept-language", ranges),
    ("alt-svc", alternatives),
    ("cache-control", |value, _| directives(value, CACHE)),
    ("cdn-cache-control", |value, _| directives(value, CACHE)),
    ("content-length", |value, _| size(value)),
    ("content-security-policy", policy),
    ("content-security-policy-report-only", policy),
    ("content-type", |value, _| media_type(value)),
    ("cookie", cookies),
    ("date", moment),
    ("expires", moment),
    ("if-modified-since", moment),
    ("if-unmodified-since", moment),
    ("last-modified", moment),
    ("permissions-policy", |value, _| listed(value, ',')),
    ("retry-after", retry_after),
    ("server-timing", server_timing),
    ("set-cookie", set_cookie),
    ("strict-transport-security", |value, _| {
        directives(value, TRANSPORT)
    }),
    ("sunset", moment),
    ("vary", vary),
];

pub(super) fn decode(name: &str, value: &str, at: Timestamp) -> Parts {
    let decoder = DECODERS.iter().find(|(known, _)| *known == name);
    decoder.map_or_else(Vec::new, |(_, decode)| decode(value, at))
}

fn part(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// A number of seconds in words.
fn seconds(value: &str, _: Timestamp) -> Parts {
    let seconds = value.trim().parse::<u64>();
    seconds.map_or_else(|_| Vec::new(), |it| vec![part("that is", spoken_age(it))])
}

/// How far a date is from when it came: RFC 9110, Section 5.6.7.
fn moment(value: &str, at: Timestamp) -> Parts {
    let Some(moment) = parse_date(value) else {
        return vec![part(
            "that is",
            "no date that HTTP has: most take it for one that is past",
        )];
    };
    vec![part("that is", relative(moment.duration_since(at)))]
}

fn relative(ahead: SignedDuration) -> String {
    let seconds = ahead.as_secs().unsigned_abs();
    if seconds == 0 {
        "the moment it came".to_owned()
    } else if ahead.is_positive() {
        format!("{} after it came", spoken_age(seconds))
    } else {
        format!("{} before it came", spoken_age(seconds))
    }
}

fn retry_after(value: &str, at: Timestamp) -> Parts {
    match value.trim().parse::<u64>() {
        Ok(_) => seconds(value, at),
        Err(_) => moment(value, at),
    }
}

fn size(value: &str) -> Parts {
    let bytes = value.trim().parse::<u64>().ok().filter(|it| *it >= 1024);
    bytes.map_or_else(Vec::new, |bytes| vec![part("that is", human_size(bytes))])
}

/// Names of directives, and what each says; `{}` stands for its value.
type Directives = &'static [(&'static str, &'static str)];

/// RFC 9111, Section 5.2; RFC 5861; RFC 8246.
const CACHE: Directives = &[
    ("max-age", "fresh for {}"),
    ("s-maxage", "in shared caches fresh for {}"),
    ("no-cache", "kept, but asked about before each use"),
    ("no-store", "kept by no cache at all"),
    ("private", "kept by the client alone, by no shared cache"),
    ("public", "any cache may keep it, credentials or not"),
    ("must-revalidate", "never used when stale"),
    ("proxy-revalidate", "never used when stale by shared caches"),
    (
        "must-understand",
        "kept only by caches that know the status",
    ),
    ("no-transform", "to be passed on unchanged"),
    ("immutable", "does not change while it is fresh"),
    (
        "stale-while-revalidate",
        "may be used stale for {} while it is asked about",
    ),
    (
        "stale-if-error",
        "may be used stale for {} when the server fails",
    ),
    ("max-stale", "may have been stale for {}"),
    ("min-fresh", "has to stay fresh for {} more"),
    ("only-if-cached", "out of a cache or not at all"),
];

/// RFC 6797, Section 6.1.
const TRANSPORT: Directives = &[
    ("max-age", "for {} to be reached by https alone"),
    ("includesubdomains", "and so are all names below this one"),
    ("preload", "browsers may build this in"),
];

fn directives(value: &str, known: Directives) -> Parts {
    value
        .split([',', ';'])
        .map(str::trim)
        .filter(|directive| !directive.is_empty())
        .map(|directive| {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let lower = name.trim().to_ascii_lowercase();
            let value = value.trim().trim_matches('"');
            let spoken = value.parse().map_or_else(|_| value.to_owned(), spoken_age);
            let words = known.iter().find(|(name, _)| *name == lower);
            let words = words.map_or("not known", |(_, words)| *words);
            part(directive, words.replace("{}", &spoken))
        })
        .collect()
}

/// RFC 6265, Section 4.1; what its attributes ask of a browser.
fn set_cookie(value: &str, at: Timestamp) -> Parts {
    let mut parts = value.split(';').map(str::trim);
    let pair = parts.next().unwrap_or_default();
    let (name, content) = pair.split_once('=').unwrap_or(("", pair));
    let mut found = vec![part("cookie", format!("{name} = {content}"))];
    let mut is_kept = false;
    for attribute in parts.filter(|attribute| !attribute.is_empty()) {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let words = match name.trim().to_ascii_lowercase().as_str() {
            "expires" => {
                is_kept = true;
                let moment = parse_date(&value.replace('-', " "));
                moment.map_or_else(
                    || "no date that can be read".to_owned(),
                    |moment| format!("forgotten {}", relative(moment.duration_since(at))),
                )
            }
            "max-age" => {
                is_kept = true;
                match value.trim().parse::<i64>() {
                    Ok(..=0) => "forgotten at once".to_owned(),
                    Ok(seconds) => format!("kept for {}", spoken_age(seconds.unsigned_abs())),
                    Err(_) => "no number".to_owned(),
                }
            }
            "domain" => format!("sent to {value} and all names below it"),
            "path" => format!("sent for paths below {value}"),
            "secure" => "sent over https alone".to_owned(),
            "httponly" => "not shown to scripts".to_owned(),
            "samesite" => match value.to_ascii_lowercase().as_str() {
                "strict" => "not sent when another site leads here",
                "lax" => "sent when another site links here, not by its forms",
                "none" => "sent from other sites too; needs Secure",
                _ => "not known",
            }
            .to_owned(),
            "partitioned" => "kept apart for each site that embeds this one".to_owned(),
            "priority" => "which cookies go first when there are too many".to_owned(),
            _ => "not known".to_owned(),
        };
        found.push(part(attribute, words));
    }
    if !is_kept {
        found.push(part("no Expires", "forgotten when the browser ends"));
    }
    found
}

fn cookies(value: &str, _: Timestamp) -> Parts {
    let pairs = value.split(';').map(str::trim).filter(|it| !it.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            part(name, value)
        })
        .collect()
}

/// CSP Level 3: a directive and its sources, each policy by itself.
fn policy(value: &str, _: Timestamp) -> Parts {
    let directives = value.split([';', ',']).map(str::trim);
    directives
        .filter(|directive| !directive.is_empty())
        .map(|directive| {
            let (name, sources) = directive.split_once(' ').unwrap_or((directive, ""));
            part(name, sources.trim())
        })
        .collect()
}

fn media_type(value: &str) -> Parts {
    let mut parts = value.split(';').map(str::trim);
    let kind = parts.next().unwrap_or_default();
    let parameters: Parts = parts
        .filter_map(|parameter| parameter.split_once('='))
        .map(|(name, value)| part(name.trim(), value.trim().trim_matches('"')))
        .collect();
    if parameters.is_empty() {
        return Vec::new();
    }
    [vec![part("media type", kind)], parameters].concat()
}

/// Preferences with their weights, the most wanted first: RFC 9110, Section 12.4.2.
fn ranges(value: &str, _: Timestamp) -> Parts {
    let mut ranges: Vec<(f64, &str)> = value
        .split(',')
        .map(str::trim)
        .filter(|range| !range.is_empty())
        .map(|range| {
            let weight = range
                .split(';')
                .find_map(|it| it.trim().strip_prefix("q=")?.parse::<f64>().ok());
            let name = range.split(";q=").next().unwrap_or(range);
            (weight.unwrap_or(1.0), name.trim())
        })
        .collect();
    if ranges.len() < 2 {
        return Vec::new();
    }
    ranges.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let words = |weight: f64| match weight {
        0.0 => "not wanted".to_owned(),
        weight => format!("weight {weight}"),
    };
    ranges
        .into_iter()
        .map(|(weight, name)| part(name, words(weight)))
        .collect()
}

fn listed(value: &str, separator: char) -> Parts {
    let items = value.split(separator).map(str::trim);
    items
        .filter(|item| !item.is_empty())
        .map(|item| {
            let (name, value) = item.split_once('=').unwrap_or((item, ""));
            part(name.trim(), value.trim())
        })
        .collect()
}

/// RFC 7838, Section 3.
fn alternatives(value: &str, _: Timestamp) -> Parts {
    if value.trim() == "clear" {
        return vec![part("clear", "forget the alternatives told before")];
    }
    let services = value.split(',').map(str::trim);
    services
        .filter(|service| !service.is_empty())
        .map(|service| {
            let mut parts = service.split(';').map(str::trim);
            let (protocol, place) = parts
                .next()
                .unwrap_or_default()
                .split_once('=')
                .unwrap_or((service, ""));
            let place = place.trim_matches('"');
            let age = parts.find_map(|it| it.strip_prefix("ma=")?.parse().ok());
            let age = age.map_or_else(String::new, |age| format!(", for {}", spoken_age(age)));
            part(protocol, format!("also at {place}{age}"))
        })
        .collect()
}

/// W3C Server Timing: what the server measured.
fn server_timing(value: &str, _: Timestamp) -> Parts {
    let metrics = value.split(',').map(str::trim);
    metrics
        .filter(|metric| !metric.is_empty())
        .map(|metric| {
            let mut parts = metric.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let said: Vec<String> = parts
                .map(|parameter| match parameter.split_once('=') {
                    Some(("dur", value)) => format!("{value} ms"),
                    Some((_, value)) => value.trim_matches('"').to_owned(),
                    None => parameter.to_owned(),
                })
                .collect();
            part(name, said.join(", "))
        })
        .collect()
}

fn vary(value: &str, _: Timestamp) -> Parts {
    if value.trim() == "*" {
        return vec![part("*", "no two requests are the same to the server")];
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, value: &str) -> Vec<String> {
        // 2024-01-01T00:00:00Z
        let at = Timestamp::from_second(1_704_067_200).unwrap();
        let parts = decode(name, value, at);
        parts
            .into_iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect()
    }

    #[test]
    fn values_are_taken_apart() {
        for (name, value, parts) in [
            (
                "cache-control",
                "max-age=3600, no-transform, s-maxage=172800, odd",
                vec![
                    "max-age=3600: fresh for 1 h 00 m",
                    "no-transform: to be passed on unchanged",
                    "s-maxage=172800: in shared caches fresh for 2 days",
                    "odd: not known",
                ],
            ),
            (
                "date",
                "Sun, 31 Dec 2023 23:59:30 GMT",
                vec!["that is: 30 s before it came"],
            ),
            (
                "expires",
                "Mon, 01 Jan 2024 02:00:00 GMT",
                vec!["that is: 2 h 00 m after it came"],
            ),
            (
                "expires",
                "0",
                vec!["that is: no date that HTTP has: most take it for one that is past"],
            ),
            ("age", "90", vec!["that is: 1 m 30 s"]),
            ("retry-after", "120", vec!["that is: 2 m 00 s"]),
            ("content-length", "2048", vec!["that is: 2.0 KiB"]),
            ("content-length", "12", vec![]),
            (
                "set-cookie",
                "id=a=b; Path=/x; HttpOnly; SameSite=Lax; Max-Age=0",
                vec![
                    "cookie: id = a=b",
                    "Path=/x: sent for paths below /x",
                    "HttpOnly: not shown to scripts",
                    "SameSite=Lax: sent when another site links here, not by its forms",
                    "Max-Age=0: forgotten at once",
                ],
            ),
            (
                "content-security-policy",
                "default-src 'self'; img-src *; upgrade-insecure-requests",
                vec![
                    "default-src: 'self'",
                    "img-src: *",
                    "upgrade-insecure-requests: ",
                ],
            ),
            (
                "strict-transport-security",
                "max-age=31536000; includeSubDomains",
                vec![
                    "max-age=31536000: for 365 days to be reached by https alone",
                    "includeSubDomains: and so are all names below this one",
                ],
            ),
            (
                "accept",
                "text/html;q=0.5, application/json",
                vec!["application/json: weight 1", "text/html: weight 0.5"],
            ),
            (
                "content-type",
                "text/html; charset=\"utf-8\"",
                vec!["media type: text/html", "charset: utf-8"],
            ),
            (
                "server-timing",
                "db;dur=53.2;desc=\"orders\", app;dur=4",
                vec!["db: 53.2 ms, orders", "app: 4 ms"],
            ),
            (
                "alt-svc",
                "h3=\":443\"; ma=86400",
                vec!["h3: also at :443, for 1 day"],
            ),
            ("x-unknown", "a, b", vec![]),
        ] {
            assert_eq!(shown(name, value), parts, "{name}: {value}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_value_breaks_it(value: String) {
            for (name, _) in DECODERS {
                shown(name, &value);
            }
        }
    }
}

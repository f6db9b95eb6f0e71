//! The catalogue against the registry, row by row.

use std::collections::BTreeSet;

use super::*;

/// The IANA HTTP Status Code Registry, last updated 2025-09-15, typed out apart from the
/// catalogue so that neither can drift alone. Its remarks, the dates of 104 (TEMPORARY) and the
/// (OBSOLETED) of 510, are left out.
const REGISTRY: &[(u16, &str, &str)] = &[
    (100, "Continue", "RFC 9110, Section 15.2.1"),
    (101, "Switching Protocols", "RFC 9110, Section 15.2.2"),
    (102, "Processing", "RFC 2518"),
    (103, "Early Hints", "RFC 8297"),
    (
        104,
        "Upload Resumption Supported",
        "draft-ietf-httpbis-resumable-upload-05",
    ),
    (200, "OK", "RFC 9110, Section 15.3.1"),
    (201, "Created", "RFC 9110, Section 15.3.2"),
    (202, "Accepted", "RFC 9110, Section 15.3.3"),
    (
        203,
        "Non-Authoritative Information",
        "RFC 9110, Section 15.3.4",
    ),
    (204, "No Content", "RFC 9110, Section 15.3.5"),
    (205, "Reset Content", "RFC 9110, Section 15.3.6"),
    (206, "Partial Content", "RFC 9110, Section 15.3.7"),
    (207, "Multi-Status", "RFC 4918"),
    (208, "Already Reported", "RFC 5842"),
    (226, "IM Used", "RFC 3229"),
    (300, "Multiple Choices", "RFC 9110, Section 15.4.1"),
    (301, "Moved Permanently", "RFC 9110, Section 15.4.2"),
    (302, "Found", "RFC 9110, Section 15.4.3"),
    (303, "See Other", "RFC 9110, Section 15.4.4"),
    (304, "Not Modified", "RFC 9110, Section 15.4.5"),
    (305, "Use Proxy", "RFC 9110, Section 15.4.6"),
    (306, "(Unused)", "RFC 9110, Section 15.4.7"),
    (307, "Temporary Redirect", "RFC 9110, Section 15.4.8"),
    (308, "Permanent Redirect", "RFC 9110, Section 15.4.9"),
    (400, "Bad Request", "RFC 9110, Section 15.5.1"),
    (401, "Unauthorized", "RFC 9110, Section 15.5.2"),
    (402, "Payment Required", "RFC 9110, Section 15.5.3"),
    (403, "Forbidden", "RFC 9110, Section 15.5.4"),
    (404, "Not Found", "RFC 9110, Section 15.5.5"),
    (405, "Method Not Allowed", "RFC 9110, Section 15.5.6"),
    (406, "Not Acceptable", "RFC 9110, Section 15.5.7"),
    (
        407,
        "Proxy Authentication Required",
        "RFC 9110, Section 15.5.8",
    ),
    (408, "Request Timeout", "RFC 9110, Section 15.5.9"),
    (409, "Conflict", "RFC 9110, Section 15.5.10"),
    (410, "Gone", "RFC 9110, Section 15.5.11"),
    (411, "Length Required", "RFC 9110, Section 15.5.12"),
    (412, "Precondition Failed", "RFC 9110, Section 15.5.13"),
    (413, "Content Too Large", "RFC 9110, Section 15.5.14"),
    (414, "URI Too Long", "RFC 9110, Section 15.5.15"),
    (415, "Unsupported Media Type", "RFC 9110, Section 15.5.16"),
    (416, "Range Not Satisfiable", "RFC 9110, Section 15.5.17"),
    (417, "Expectation Failed", "RFC 9110, Section 15.5.18"),
    (418, "(Unused)", "RFC 9110, Section 15.5.19"),
    (421, "Misdirected Request", "RFC 9110, Section 15.5.20"),
    (422, "Unprocessable Content", "RFC 9110, Section 15.5.21"),
    (423, "Locked", "RFC 4918"),
    (424, "Failed Dependency", "RFC 4918"),
    (425, "Too Early", "RFC 8470"),
    (426, "Upgrade Required", "RFC 9110, Section 15.5.22"),
    (428, "Precondition Required", "RFC 6585"),
    (429, "Too Many Requests", "RFC 6585"),
    (431, "Request Header Fields Too Large", "RFC 6585"),
    (451, "Unavailable For Legal Reasons", "RFC 7725"),
    (500, "Internal Server Error", "RFC 9110, Section 15.6.1"),
    (501, "Not Implemented", "RFC 9110, Section 15.6.2"),
    (502, "Bad Gateway", "RFC 9110, Section 15.6.3"),
    (503, "Service Unavailable", "RFC 9110, Section 15.6.4"),
    (504, "Gateway Timeout", "RFC 9110, Section 15.6.5"),
    (
        505,
        "HTTP Version Not Supported",
        "RFC 9110, Section 15.6.6",
    ),
    (506, "Variant Also Negotiates", "RFC 2295"),
    (507, "Insufficient Storage", "RFC 4918"),
    (508, "Loop Detected", "RFC 5842"),
    (510, "Not Extended", "RFC 2774"),
    (511, "Network Authentication Required", "RFC 6585"),
];

/// Unregistered codes met in the wild, and a word of the vendor that each must name.
const VENDORS: &[(u16, &str)] = &[
    (218, "Apache"),
    (419, "Laravel"),
    (420, "Twitter"),
    (430, "Shopify"),
    (440, "Microsoft"),
    (444, "nginx"),
    (449, "Microsoft"),
    (450, "Microsoft"),
    (456, "DeepL"),
    (460, "AWS"),
    (463, "AWS"),
    (464, "AWS"),
    (494, "nginx"),
    (495, "nginx"),
    (496, "nginx"),
    (497, "nginx"),
    (498, "ArcGIS"),
    (499, "nginx"),
    (499, "ArcGIS"),
    (509, "cPanel"),
    (520, "Cloudflare"),
    (521, "Cloudflare"),
    (522, "Cloudflare"),
    (523, "Cloudflare"),
    (524, "Cloudflare"),
    (525, "Cloudflare"),
    (526, "Cloudflare"),
    (527, "Cloudflare"),
    (529, "Anthropic"),
    (529, "Qualys"),
    (530, "Cloudflare"),
    (540, "Shopify"),
    (561, "AWS"),
    (598, "proxies"),
    (599, "proxies"),
    (783, "Shopify"),
    (999, "LinkedIn"),
];

const CLASSES: [Class; 6] = [
    Class::Informational,
    Class::Successful,
    Class::Redirection,
    Class::ClientError,
    Class::ServerError,
    Class::Unknown,
];

#[test]
fn the_file_can_be_read() {
    let read = serde_json::from_str::<Catalogue>(FILE);
    assert!(
        read.is_ok(),
        "{}",
        read.err().map(|e| e.to_string()).unwrap_or_default()
    );
}

#[test]
fn registered_rows_are_the_iana_registry() {
    let registered: Vec<_> = entries()
        .iter()
        .filter(|entry| entry.registered)
        .map(|entry| (entry.code, entry.phrase.as_str(), entry.reference.as_str()))
        .collect();
    assert_eq!(registered, REGISTRY);
}

#[test]
fn source_is_iana_exactly_where_registered() {
    for entry in entries() {
        assert_eq!(entry.registered, entry.source == "IANA", "{}", entry.code);
    }
}

#[test]
fn unregistered_rows_name_their_vendor_and_say_so() {
    for (code, vendor) in VENDORS {
        let entry = lookup(*code).unwrap_or_else(|| panic!("{code} is missing"));
        assert!(entry.source.contains(vendor), "{code}: {}", entry.source);
        assert!(
            entry.meaning.contains("not registered"),
            "{code}: {}",
            entry.meaning
        );
    }
    let expected: BTreeSet<u16> = VENDORS.iter().map(|(code, _)| *code).collect();
    let found: BTreeSet<u16> = entries()
        .iter()
        .filter(|entry| !entry.registered)
        .map(|entry| entry.code)
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn codes_are_unique_and_ascending() {
    assert!(entries().is_sorted_by(|one, next| one.code < next.code));
}

#[test]
fn the_wordings_that_were_asked_for() {
    for (code, wording) in [
        (200, "The request was successful."),
        (201, "The resource was created successfully."),
        (400, "The request was malformed or invalid."),
        (
            401,
            "Authentication failed, or the user lacks permission for the operation.",
        ),
        (404, "The requested resource was not found."),
        (500, "An error occurred on the server."),
    ] {
        let meaning = explain(code).meaning;
        assert!(meaning.starts_with(wording), "{code}: {meaning}");
    }
    let notes = explain(401).causes.join(" ");
    assert!(notes.contains("403"), "401 must be told from 403: {notes}");
}

/// What RFC 9110, Sections 15.4.2 to 15.4.9, says about the method of a redirected POST.
#[test]
fn redirects_say_what_becomes_of_the_method() {
    for (code, wording) in [
        (301, "may turn the POST into a GET"),
        (302, "may turn the POST into a GET"),
        (303, "change to GET is intended"),
        (307, "stays a POST"),
        (308, "stays a POST"),
    ] {
        let for_post = explain(code).for_post;
        assert!(for_post.contains(wording), "{code}: {for_post}");
    }
}

#[test]
fn rows_read_well() {
    for entry in entries() {
        for text in [&entry.phrase, &entry.source, &entry.reference] {
            assert_printable(text, entry.code);
        }
        for text in [&entry.meaning, &entry.for_post, &entry.next] {
            assert_sentence(text, entry.code);
        }
        assert_causes(&entry.causes, entry.code);
    }
}

#[test]
fn classes_read_well() {
    for class in CLASSES {
        let (entry, label) = (class_entry(class), class.label());
        for text in [&entry.name, &entry.reference] {
            assert_printable(text, label);
        }
        for text in [&entry.meaning, &entry.for_post, &entry.next] {
            assert_sentence(text, label);
        }
        assert_causes(&entry.causes, label);
    }
}

#[test]
fn an_unknown_number_has_the_meaning_of_its_class() {
    for (code, class) in [
        (199, Class::Informational),
        (299, Class::Successful),
        (399, Class::Redirection),
        (477, Class::ClientError),
        (577, Class::ServerError),
        (0, Class::Unknown),
        (99, Class::Unknown),
        (600, Class::Unknown),
    ] {
        let (explanation, entry) = (explain(code), class_entry(class));
        assert_eq!(explanation.class, class);
        assert_eq!(explanation.phrase, "Unregistered status");
        assert_eq!((explanation.registered, explanation.source), (false, None));
        assert!(
            explanation
                .meaning
                .starts_with(&format!("{code} is not registered"))
        );
        assert!(explanation.meaning.ends_with(&entry.meaning));
        assert_eq!(explanation.for_post, entry.for_post);
        assert_eq!(explanation.next, entry.next);
    }
}

#[test]
fn every_number_is_explained() {
    for code in 0..=u16::MAX {
        let explanation = explain(code);
        assert_eq!(
            (explanation.code, explanation.class),
            (code, Class::of(code))
        );
        assert_eq!(explanation.source.is_some(), lookup(code).is_some());
        assert_sentence(&explanation.meaning, code);
    }
}

#[test]
fn classes_are_told_apart_without_colour() {
    let symbols: BTreeSet<_> = CLASSES.iter().map(|class| class.symbol()).collect();
    assert_eq!(symbols.len(), CLASSES.len());
    for symbol in symbols {
        assert_eq!(unicode_width::UnicodeWidthStr::width(symbol), 1, "{symbol}");
    }
    assert_eq!(Class::of(404).label(), "4xx");
    assert_eq!(Class::of(404).name(), "Client error");
}

fn assert_causes(causes: &[String], whose: impl std::fmt::Display) {
    assert!(
        (2..=4).contains(&causes.len()),
        "{whose}: {} causes",
        causes.len()
    );
    for cause in causes {
        assert_sentence(cause, &whose);
    }
}

fn assert_sentence(text: &str, whose: impl std::fmt::Display) {
    assert_printable(text, &whose);
    assert!(text.ends_with('.'), "{whose}: no full stop: {text}");
}

fn assert_printable(text: &str, whose: impl std::fmt::Display) {
    assert!(!text.is_empty(), "{whose}: empty");
    assert_eq!(text, text.trim(), "{whose}: space at an end");
    assert!(!text.contains("  "), "{whose}: two spaces: {text}");
    assert!(
        !text.contains(char::is_control),
        "{whose}: control character: {text:?}"
    );
}

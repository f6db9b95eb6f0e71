use super::*;
use crate::model::HttpVersion;

fn post(url: &str) -> Outgoing {
    let url = Url::parse(url).unwrap();
    Outgoing {
        method: "POST".to_owned(),
        headers: vec![
            Header::new("host", host_field(&url)),
            Header::new("content-type", "application/json"),
            Header::new("authorization", "Bearer secret"),
            Header::new("x-api-key", "secret"),
            Header::new("cookie", "a=1"),
            Header::new("cookie", "b=2"),
            Header::new("user-agent", "posttui"),
            Header::new("accept", "*/*"),
            Header::new("content-length", "2"),
        ],
        url,
        body: "{}".into(),
        dropped: Vec::new(),
        purpose: Purpose::Request,
    }
}

fn head(status: u16, location: impl Into<Vec<u8>>) -> ResponseHead {
    ResponseHead {
        status,
        reason: None,
        version: HttpVersion::Http11,
        headers: vec![Header::new("location", location)],
    }
}

fn names(outgoing: &Outgoing) -> Vec<&str> {
    outgoing.headers.iter().map(|it| it.name.as_str()).collect()
}

#[test]
fn the_method_after_each_status() {
    for (status, method, expected) in [
        (301, "POST", Some("GET")),
        (302, "POST", Some("GET")),
        (303, "POST", Some("GET")),
        (307, "POST", Some("POST")),
        (308, "POST", Some("POST")),
        (301, "PUT", Some("PUT")),
        (302, "DELETE", Some("DELETE")),
        (303, "PUT", Some("GET")),
        (303, "GET", Some("GET")),
        (303, "HEAD", Some("HEAD")),
        (302, "HEAD", Some("HEAD")),
        (300, "POST", None),
        (304, "POST", None),
        (305, "POST", None),
        (306, "POST", None),
        (309, "POST", None),
        (201, "POST", None),
    ] {
        assert_eq!(next_method(method, status), expected, "{status} {method}");
    }
}

#[test]
fn a_post_that_becomes_a_get_leaves_its_body_behind() {
    let next = follow(
        &post("http://a.example/x"),
        &head(303, "/y"),
        Redirects::Follow,
    )
    .unwrap();
    assert_eq!(
        (next.method.as_str(), next.url.as_str()),
        ("GET", "http://a.example/y")
    );
    assert!(next.body.is_empty());
    assert_eq!(next.dropped, ["the body", "content-type", "content-length"]);
    assert_eq!(
        names(&next),
        [
            "host",
            "authorization",
            "x-api-key",
            "cookie",
            "cookie",
            "user-agent",
            "accept"
        ]
    );
}

#[test]
fn a_307_keeps_everything_within_its_origin() {
    let from = post("http://a.example/x");
    let next = follow(
        &from,
        &head(307, "http://a.example:80/y#part"),
        Redirects::Follow,
    )
    .unwrap();
    assert_eq!(next.url.as_str(), "http://a.example/y");
    assert_eq!((&next.headers, &next.body), (&from.headers, &from.body));
    assert!(next.dropped.is_empty());
}

#[test]
fn another_origin_gets_no_secret() {
    for location in [
        "https://a.example/y",
        "http://a.example:8080/y",
        "http://b.example/y",
        "//b.example/y",
    ] {
        let next = follow(
            &post("http://a.example/x"),
            &head(308, location),
            Redirects::Follow,
        )
        .unwrap();
        assert_eq!(
            next.dropped,
            ["authorization", "x-api-key", "cookie"],
            "{location}"
        );
        assert_eq!(
            names(&next),
            [
                "host",
                "content-type",
                "user-agent",
                "accept",
                "content-length"
            ]
        );
        assert_eq!(next.headers[0].text(), host_field(&next.url));
    }
}

#[test]
fn a_host_of_the_users_own_stays_with_its_origin() {
    let mut from = post("http://127.0.0.1:3000/x");
    from.headers[0] = Header::new("host", "api.example");
    let same = follow(&from, &head(307, "/y"), Redirects::Follow).unwrap();
    assert_eq!(same.headers[0].text(), "api.example");
    let other = follow(
        &from,
        &head(307, "http://127.0.0.1:4000/y"),
        Redirects::Follow,
    )
    .unwrap();
    assert_eq!(other.headers[0].text(), "127.0.0.1:4000");
    assert_eq!(other.dropped[0], "host");
}

#[test]
fn credentials_in_a_location_are_not_used() {
    let next = follow(
        &post("http://a.example/x"),
        &head(307, "//user:pass@a.example/y"),
        Redirects::Follow,
    )
    .unwrap();
    assert_eq!(next.url.as_str(), "http://a.example/y");
    assert_eq!(next.dropped, ["the credentials in the location"]);
}

#[test]
fn locations_are_resolved_as_browsers_do() {
    for (location, expected) in [
        (&b"z"[..], "http://a.example/x/z"),
        (b"?q=1", "http://a.example/x/y?q=1"),
        (b"../up", "http://a.example/up"),
        (b"/a b", "http://a.example/a%20b"),
        ("/ü".as_bytes(), "http://a.example/%C3%BC"),
        (b"/\xfc", "http://a.example/%FC"),
    ] {
        let next = follow(
            &post("http://a.example/x/y"),
            &head(302, location),
            Redirects::Follow,
        )
        .unwrap();
        assert_eq!(next.url.as_str(), expected);
    }
}

#[test]
fn where_a_location_leads_nowhere_the_3xx_is_the_answer() {
    for location in [
        &b""[..],
        b"  ",
        b"ftp://a.example/",
        b"mailto:a@b",
        b"javascript:alert(1)",
        b"http://",
        b"http://[::1",
        b"http://a:99999/",
    ] {
        let from = post("http://a.example/x");
        assert_eq!(
            follow(&from, &head(302, location), Redirects::Follow),
            None,
            "{location:?}"
        );
    }
    let mut bare = head(302, "/y");
    bare.headers.clear();
    assert_eq!(
        follow(&post("http://a.example/x"), &bare, Redirects::Follow),
        None
    );
}

use jiff::Timestamp;
use url::Url;

use super::*;
use crate::model::CookieChange;

fn now() -> Timestamp {
    "2026-03-04T12:00:00Z".parse().unwrap()
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn set(jar: &mut Jar, from: &str, field: &str) -> Result<(), Refusal> {
    let change = take(jar, field.as_bytes(), &url(from), now())?;
    jar.apply(change);
    Ok(())
}

/// What goes to the URL after one cookie was set by another.
fn sent(from: &str, field: &str, to: &str) -> Option<String> {
    let mut jar = Jar::default();
    let _ = set(&mut jar, from, field);
    header(&jar, &url(to))
}

#[test]
fn a_cookie_without_a_domain_is_for_its_host_alone() {
    let from = "https://a.example.com/x/y";
    for (to, goes) in [
        ("https://a.example.com/x/z", true),
        ("https://a.example.com/x", true),
        ("https://a.example.com:8443/x/", true),
        ("https://a.example.com/xx", false),
        ("https://a.example.com/", false),
        ("https://b.a.example.com/x/", false),
        ("https://example.com/x/", false),
    ] {
        assert_eq!(sent(from, "s=1", to).is_some(), goes, "{to}");
    }
}

#[test]
fn a_domain_takes_in_what_is_below_it() {
    let from = "https://a.example.com/";
    for (to, goes) in [
        ("https://example.com/", true),
        ("https://b.example.com/x", true),
        ("https://badexample.com/", false),
    ] {
        assert_eq!(
            sent(from, "s=1; Domain=.Example.com", to).is_some(),
            goes,
            "{to}"
        );
    }
    let mut jar = Jar::default();
    let refused = set(&mut jar, from, "s=1; Domain=b.example.com");
    assert_eq!(refused, Err(Refusal::OtherDomain("b.example.com".into())));
    assert!(set(&mut jar, "http://10.0.0.1/", "s=1; Domain=0.0.1").is_err());
}

#[test]
fn no_cookie_is_for_a_public_suffix() {
    let mut jar = Jar::default();
    for (from, domain) in [
        ("https://a.co.uk/", "co.uk"),
        ("https://me.github.io/", "github.io"),
        ("https://a.com/", "com"),
        ("http://api.intranet/", "intranet"),
    ] {
        let refused = set(&mut jar, from, &format!("s=1; Domain={domain}"));
        assert_eq!(refused, Err(Refusal::PublicSuffix(domain.into())), "{from}");
    }
    set(&mut jar, "https://github.io/", "s=1; Domain=github.io").unwrap();
    assert!(jar.cookies[0].host_only, "the suffix itself may have one");
    set(&mut jar, "http://localhost:3000/", "s=1; Domain=localhost").unwrap();
}

#[test]
fn secure_means_https_or_this_machine() {
    let secure = "s=1; Secure; Path=/";
    assert!(sent("https://a.test/", secure, "https://a.test/").is_some());
    assert!(sent("https://a.test/", secure, "http://a.test/").is_none());
    assert!(sent("http://a.test/", secure, "https://a.test/").is_none());
    for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000"] {
        let here = format!("http://{host}/");
        assert_eq!(sent(&here, secure, &here).as_deref(), Some("s=1"), "{host}");
    }
    let mut jar = Jar::default();
    set(&mut jar, "https://a.test/", "s=safe; Secure").unwrap();
    assert_eq!(
        set(&mut jar, "http://a.test/", "s=evil"),
        Err(Refusal::OverSecure)
    );
    set(&mut jar, "http://a.test/", "t=1").unwrap();
}

#[test]
fn prefixes_keep_their_promise() {
    let mut jar = Jar::default();
    let from = "https://a.test/x/";
    for field in [
        "__Secure-s=1",
        "__Host-s=1; Secure",
        "__Host-s=1; Secure; Path=/; Domain=a.test",
    ] {
        assert!(
            matches!(set(&mut jar, from, field), Err(Refusal::Prefix(_))),
            "{field}"
        );
    }
    set(&mut jar, from, "__Host-s=1; Secure; Path=/").unwrap();
    assert!(set(&mut jar, from, &format!("s={}", "x".repeat(5000))).is_err());
    assert!(set(&mut jar, from, "=; Path=/").is_err());
}

#[test]
fn cookies_end_when_the_server_says_so() {
    let mut jar = Jar::default();
    let from = "http://h.test/";
    set(
        &mut jar,
        from,
        "a=1; Max-Age=60; Expires=Wed, 21 Oct 2015 07:28:00 GMT",
    )
    .unwrap();
    assert_eq!(
        jar.cookies[0].expires,
        Some("2026-03-04T12:01:00Z".parse().unwrap())
    );
    set(&mut jar, from, "b=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT").unwrap();
    assert_eq!(
        jar.cookies[1].expires,
        Some("2026-10-21T07:28:00Z".parse().unwrap())
    );
    set(&mut jar, from, "c=1").unwrap();
    assert_eq!(jar.cookies[2].expires, None);
    set(&mut jar, from, "d=1; Max-Age=99999999999999").unwrap();
    assert_eq!(jar.cookies[3].expires, Some(Timestamp::MAX));
    for (field, left) in [
        ("a=; Max-Age=0", 3),
        ("b=; Max-Age=-1", 2),
        ("c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", 1),
    ] {
        let change = take(&jar, field.as_bytes(), &url(from), now()).unwrap();
        assert!(matches!(change, CookieChange::Remove(_)));
        jar.apply(change);
        assert_eq!(jar.cookies.len(), left, "{field}");
    }
}

#[test]
fn the_field_has_the_longest_path_first_and_values_as_they_came() {
    let mut jar = Jar::default();
    let from = "http://h.test/a/b";
    for field in [
        "root=1; Path=/",
        "deep=\"q u\"; Path=/a/b; HttpOnly; SameSite=Strict",
        "a==x=; Path=/a",
        "last=; Path=/",
    ] {
        set(&mut jar, from, field).unwrap();
    }
    assert_eq!(
        header(&jar, &url("http://h.test/a/b")).unwrap(),
        "deep=\"q u\"; a==x=; root=1; last="
    );
    assert_eq!(
        header(&jar, &url("http://h.test/")).unwrap(),
        "root=1; last="
    );
    assert_eq!(jar.cookies[1].same_site.as_deref(), Some("Strict"));
}

proptest::proptest! {
    #[test]
    fn no_field_breaks_it(field in ".{0,60}", attribute in "(Domain|Path|Max-Age|Expires)=[^;]{0,12}") {
        let mut jar = Jar::default();
        for from in ["http://h.test/", "https://[::1]:1/ü/", "http://10.0.0.1/"] {
            let _ = set(&mut jar, from, &field);
            let _ = set(&mut jar, from, &format!("a=1; {attribute}"));
            let _ = header(&jar, &url(from));
        }
    }
}

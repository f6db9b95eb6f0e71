//! Cookies on the wire: taken at every hop, sent at every hop, and left out where they must not go.

use std::sync::Arc;

use posttui::{
    model::{CookieChange, Field, Jar, PreparedRequest, Request},
    net::Sent,
    prepare::{Given, prepare_with},
};

use crate::{
    recorder::{Recorded, Recorder},
    sending::{OK, form_request, response, send},
};

fn with_jar(request: &Request, jar: &Jar) -> PreparedRequest {
    let given = Given {
        jar: Some(Arc::new(jar.clone())),
        ..Given::default()
    };
    prepare_with(request, &given).unwrap()
}

/// The jar after a send.
fn after(mut jar: Jar, sent: &Sent) -> Jar {
    for change in sent.cookies.clone() {
        jar.apply(change);
    }
    jar
}

/// What a request says by its Cookie fields.
fn cookies(request: &Recorded) -> Vec<String> {
    let text = request.text();
    let head = text.split("\r\n\r\n").next().unwrap();
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"))
        .map(|(_, value)| value)
        .map(str::to_owned)
        .collect()
}

fn setting(status: &str, fields: &[&str]) -> String {
    let fields = fields.join("\r\n");
    format!("HTTP/1.1 {status}\r\n{fields}\r\ncontent-length: 2\r\n\r\nok")
}

#[tokio::test]
async fn what_a_server_sets_goes_back_to_it() {
    let server = Recorder::replying([
        setting(
            "200 OK",
            &[
                "set-cookie: sid=abc; Path=/; HttpOnly",
                "Set-Cookie: b=2; Path=/deep",
            ],
        ),
        setting("200 OK", &["set-cookie: sid=; Max-Age=0; Path=/"]),
        OK.to_owned(),
    ])
    .await;
    let request = form_request(&server.url("/login"));
    let first = send(&with_jar(&request, &Jar::default())).await;
    let jar = after(Jar::default(), &first);
    assert_eq!(jar.cookies.len(), 2);
    let second = send(&with_jar(&request, &jar)).await;
    let jar = after(jar, &second);
    let third = send(&with_jar(&form_request(&server.url("/deep/x")), &jar)).await;
    assert_eq!(response(&third).body, "ok");
    let sent: Vec<_> = server.requests().iter().map(cookies).collect();
    assert_eq!(
        sent,
        [&[][..], &["sid=abc".to_owned()], &["b=2".to_owned()]]
    );
}

#[tokio::test]
async fn a_redirect_takes_along_what_was_set_on_the_way() {
    let server = Recorder::replying([
        setting(
            "302 Found",
            &[
                "location: /home",
                "set-cookie: sid=new; Path=/",
                "set-cookie: old=; Max-Age=0; Path=/",
            ],
        ),
        OK.to_owned(),
    ])
    .await;
    let mut jar = Jar::default();
    let url = url::Url::parse(&server.url("/")).unwrap();
    for field in ["sid=old; Path=/", "old=1; Path=/", "login=1; Path=/login"] {
        let now = jiff::Timestamp::now();
        let change = posttui::cookies::take(&jar, field.as_bytes(), &url, now).unwrap();
        jar.apply(change);
    }
    let sent = send(&with_jar(&form_request(&server.url("/login")), &jar)).await;
    let requests = server.requests();
    assert_eq!(cookies(&requests[0]), ["login=1; sid=old; old=1"]);
    assert_eq!(cookies(&requests[1]), ["sid=new"]);
    let dropped = &sent.hops[1].dropped;
    assert!(!dropped.contains(&"cookie".to_owned()), "{dropped:?}");
    assert_eq!(sent.cookies.len(), 2);
    assert!(matches!(sent.cookies[1], CookieChange::Remove(_)));
}

#[tokio::test]
async fn a_redirect_to_itself_with_a_new_cookie_is_no_loop() {
    let server = Recorder::replying([
        setting("302 Found", &["location: /", "set-cookie: seen=1"]),
        OK.to_owned(),
    ])
    .await;
    let mut request = form_request(&server.url("/"));
    request.method = "GET".to_owned();
    let sent = send(&with_jar(&request, &Jar::default())).await;
    assert_eq!(sent.hops.len(), 2);
    assert_eq!(cookies(&server.requests()[1]), ["seen=1"]);
}

#[tokio::test]
async fn the_users_own_field_wins_and_goes_to_no_other_host() {
    let other = Recorder::replying([OK]).await;
    let elsewhere = format!("http://localhost:{}/", other.address().port());
    let location = format!("location: {elsewhere}");
    let server =
        Recorder::replying([setting("307 Moved", &[&location, "set-cookie: sid=1"])]).await;
    let mut request = form_request(&server.url("/"));
    request.headers = vec![Field::new("Cookie", "mine=1")];
    let mut jar = Jar::default();
    for url in [server.url("/"), elsewhere] {
        let url = url::Url::parse(&url).unwrap();
        let change = posttui::cookies::take(&jar, b"jars=1", &url, jiff::Timestamp::now());
        jar.apply(change.unwrap());
    }
    let sent = send(&with_jar(&request, &jar)).await;
    assert_eq!(cookies(&server.requests()[0]), ["mine=1"]);
    assert!(cookies(&other.requests()[0]).is_empty());
    assert!(sent.hops[1].dropped.contains(&"cookie".to_owned()));
    assert_eq!(sent.cookies.len(), 1, "what is set is kept all the same");
}

#[tokio::test]
async fn without_the_jar_nothing_goes_and_nothing_is_kept() {
    let server = Recorder::replying([setting("200 OK", &["set-cookie: sid=1"])]).await;
    let mut request = form_request(&server.url("/"));
    request.options.set("cookies", "off");
    let url = url::Url::parse(&server.url("/")).unwrap();
    let mut jar = Jar::default();
    jar.apply(posttui::cookies::take(&jar, b"a=1", &url, jiff::Timestamp::now()).unwrap());
    let sent = send(&with_jar(&request, &jar)).await;
    assert!(cookies(&server.requests()[0]).is_empty());
    assert!(sent.cookies.is_empty());
}

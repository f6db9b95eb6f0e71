//! Credentials on the wire: what is added, to whom, and how a challenge or a token makes further hops.

use posttui::{
    auth::{
        challenge::challenges,
        digest::{Login, Target, answer},
    },
    model::{Auth, FailureKind, Header, PreparedRequest, Processed, Purpose, find_header},
    net::{Client, Progress},
    prepare::prepare,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    recorder::{PATIENCE, Recorded, Recorder},
    sending::{OK, failure, form_request, response, send, send_and_hear, send_with},
};

fn post(url: &str, auth: Auth) -> PreparedRequest {
    let mut request = form_request(url);
    request.auth = auth;
    prepare(&request).unwrap()
}

fn basic() -> Auth {
    Auth::new("basic")
        .with("username", "ann")
        .with("password", "s3cret")
}

/// A field of a recorded request.
fn field(request: &Recorded, name: &str) -> Option<String> {
    let text = request.text();
    let head = text.split("\r\n\r\n").next().unwrap();
    head.lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")))
        .map(str::to_owned)
}

fn body(request: &Recorded) -> String {
    request.text().split("\r\n\r\n").nth(1).unwrap().to_owned()
}

const FORM: &str = "username=john_doe&email=john%40example.com";

#[tokio::test]
async fn simple_kinds_are_in_the_first_request() {
    let key = Auth::new("api-key").with("value", "k y&");
    for (auth, name, expected) in [
        (basic(), "authorization", "Basic YW5uOnMzY3JldA=="),
        (
            Auth::new("bearer").with("token", "t"),
            "authorization",
            "Bearer t",
        ),
        (key.clone(), "X-Api-Key", "k y&"),
    ] {
        let server = Recorder::replying([OK]).await;
        send(&post(&server.url("/"), auth)).await;
        let sent = &server.requests()[0];
        assert_eq!(field(sent, name).as_deref(), Some(expected));
        assert_eq!(body(sent), FORM);
    }
    let server = Recorder::replying([OK]).await;
    let in_query = key.with("in", "query").with("name", "api key");
    send(&post(&server.url("/?a=1"), in_query)).await;
    assert!(
        server.requests()[0]
            .text()
            .starts_with("POST /?a=1&api+key=k+y%26 HTTP/1.1\r\n")
    );
}

fn unauthorized(challenges: &[&str]) -> String {
    let fields: Vec<String> = challenges
        .iter()
        .map(|challenge| format!("WWW-Authenticate: {challenge}\r\n"))
        .collect();
    let fields = fields.concat();
    format!("HTTP/1.1 401 Unauthorized\r\n{fields}content-length: 2\r\n\r\nno")
}

fn digest() -> Auth {
    Auth::new("digest")
        .with("username", "ann")
        .with("password", "s3cret")
}

#[tokio::test]
async fn a_digest_challenge_is_answered_by_a_further_hop_with_the_same_body() {
    let asked = r#"Basic realm="x", Digest realm="r", qop="auth,auth-int", nonce="n", algorithm=MD5, Digest realm="r", qop="auth", nonce="n2", algorithm=SHA-256-sess, opaque="o""#;
    let server = Recorder::replying([unauthorized(&[asked]), OK.to_owned()]).await;
    let (sent, told) = send_and_hear(&Client::new(), &post(&server.url("/a?b=1"), digest())).await;
    let requests = server.requests();
    assert_eq!(field(&requests[0], "authorization"), None);
    assert_eq!(
        (body(&requests[0]), body(&requests[1])),
        (FORM.into(), FORM.into())
    );

    let given = field(&requests[1], "authorization").unwrap();
    let read = challenges(&[Header::new("www-authenticate", given.as_str())]);
    let cnonce = read[0].parameter("cnonce").unwrap();
    assert!(cnonce.len() > 40, "{given}");
    let login = Login {
        username: "ann",
        password: "s3cret",
    };
    let target = Target {
        method: "POST",
        uri: "/a?b=1",
        cnonce,
    };
    let all = challenges(&[Header::new("www-authenticate", asked)]);
    assert_eq!(Some(given), answer(&all[2], login, target));

    let purposes: Vec<Purpose> = sent.hops.iter().map(|hop| hop.purpose).collect();
    assert_eq!(purposes, [Purpose::Request, Purpose::Challenge]);
    assert_eq!(response(&sent).body, "ok");
    let hops = told.iter().filter(|it| matches!(it, Progress::Hop { .. }));
    assert_eq!(hops.count(), 2);
}

#[tokio::test]
async fn a_wrong_password_is_told_once_and_a_stale_nonce_is_renewed() {
    let asked = unauthorized(&["Digest realm=r, nonce=n, qop=auth"]);
    let server = Recorder::replying([asked.clone(), asked.clone()]).await;
    let sent = send(&post(&server.url("/"), digest())).await;
    assert_eq!((sent.hops.len(), response(&sent).head.status), (2, 401));

    let stale = unauthorized(&["Digest realm=r, nonce=n2, qop=auth, stale=true"]);
    let server = Recorder::replying([asked, stale.clone(), OK.to_owned()]).await;
    let sent = send(&post(&server.url("/"), digest())).await;
    assert_eq!((sent.hops.len(), response(&sent).head.status), (3, 200));
    let last = field(&server.requests()[2], "authorization").unwrap();
    assert!(last.contains("nonce=\"n2\""), "{last}");

    let server = Recorder::replying(vec![stale; 4]).await;
    let sent = send(&post(&server.url("/"), digest())).await;
    assert_eq!((sent.hops.len(), response(&sent).head.status), (4, 401));
}

#[tokio::test]
async fn a_redirect_of_the_same_origin_is_answered_anew() {
    let asked = unauthorized(&["Digest realm=r, nonce=n, qop=auth"]);
    let moved = "HTTP/1.1 307 Moved\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n".to_owned();
    let replies = [asked.clone(), moved, asked, OK.to_owned()];
    let server = Recorder::replying(replies).await;
    let sent = send(&post(&server.url("/a"), digest())).await;
    let requests = server.requests();
    assert_eq!(field(&requests[2], "authorization"), None);
    assert!(
        field(&requests[3], "authorization")
            .unwrap()
            .contains("uri=\"/b\"")
    );
    assert_eq!(response(&sent).body, "ok");
}

#[tokio::test]
async fn no_credential_crosses_origins() {
    let keys = Auth::new("aws")
        .with("access_key", "AK")
        .with("secret_key", "s3cret")
        .with("session_token", "s3cret-session");
    let key = Auth::new("api-key")
        .with("name", "accept-token")
        .with("value", "s3cret");
    for auth in [basic(), digest(), keys, key] {
        let other = Recorder::replying([unauthorized(&["Digest realm=r, nonce=n"])]).await;
        let moved = format!(
            "HTTP/1.1 307 Moved\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
            other.url("/there")
        );
        let server = Recorder::replying([moved]).await;
        let sent = send(&post(&server.url("/"), auth.clone())).await;
        let arrived = other.requests()[0].text();
        assert!(
            !arrived.contains("authorization")
                && !arrived.contains("s3cret")
                && !arrived.contains("x-amz"),
            "{arrived}"
        );
        assert_eq!(response(&sent).head.status, 401, "{auth:?}");
        assert_eq!(sent.hops.len(), 2);
    }
}

#[tokio::test]
async fn a_signature_is_made_for_every_hop() {
    let moved = "HTTP/1.1 307 Moved\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n";
    let server = Recorder::replying([moved, OK]).await;
    let keys = Auth::new("aws")
        .with("access_key", "AK")
        .with("secret_key", "s3cret")
        .with("session_token", "session")
        .with("region", "eu-west-1");
    send(&post(&server.url("/a"), keys)).await;
    let requests = server.requests();
    let signed: Vec<String> = requests
        .iter()
        .map(|request| field(request, "authorization").unwrap())
        .collect();
    for (request, given) in requests.iter().zip(&signed) {
        assert!(given.contains("/eu-west-1/execute-api/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, "), "{given}");
        assert_eq!(
            field(request, "x-amz-security-token").as_deref(),
            Some("session")
        );
        assert_eq!(request.text().matches("x-amz-date: ").count(), 1);
    }
    let signature = |text: &String| text.rsplit_once('=').unwrap().1.to_owned();
    assert_ne!(signature(&signed[0]), signature(&signed[1]));
}

fn json(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn oauth(server: &Recorder) -> Auth {
    Auth::new("oauth2")
        .with("token_url", server.url("/token"))
        .with("client_id", "id")
        .with("client_secret", "s3cret")
        .with("scope", "write")
}

#[tokio::test]
async fn a_token_is_fetched_once_and_used_until_it_is_refused() {
    let tokens = Recorder::replying([
        json(
            "200 OK",
            r#"{"access_token":"t1","expires_in":3600,"refresh_token":"r1"}"#,
        ),
        json("200 OK", r#"{"access_token":"t2","expires_in":3600}"#),
    ])
    .await;
    let server =
        Recorder::replying([OK.to_owned(), unauthorized(&["Bearer"]), OK.to_owned()]).await;
    let client = Client::new();
    let prepared = post(&server.url("/"), oauth(&tokens));
    let first = send_with(&client, &prepared).await;
    let purposes: Vec<Purpose> = first.hops.iter().map(|hop| hop.purpose).collect();
    assert_eq!(purposes, [Purpose::Token, Purpose::Request]);
    let asked = &tokens.requests()[0];
    assert_eq!(
        field(asked, "authorization").as_deref(),
        Some("Basic aWQ6czNjcmV0")
    );
    assert_eq!(field(asked, "accept").as_deref(), Some("application/json"));
    assert_eq!(body(asked), "grant_type=client_credentials&scope=write");

    let second = send_with(&client, &prepared).await;
    let purposes: Vec<Purpose> = second.hops.iter().map(|hop| hop.purpose).collect();
    assert_eq!(
        purposes,
        [Purpose::Request, Purpose::Token, Purpose::Challenge]
    );
    assert_eq!(response(&second).body, "ok");
    assert_eq!(
        body(&tokens.requests()[1]),
        "grant_type=refresh_token&refresh_token=r1&scope=write"
    );
    let given: Vec<_> = server
        .requests()
        .iter()
        .map(|request| field(request, "authorization").unwrap())
        .collect();
    assert_eq!(given, ["Bearer t1", "Bearer t1", "Bearer t2"]);
}

#[tokio::test]
async fn a_token_that_has_expired_is_renewed_or_asked_for_anew() {
    let tokens = Recorder::replying([
        json(
            "200 OK",
            r#"{"access_token":"t1","expires_in":1,"refresh_token":"r1"}"#,
        ),
        json("400 Bad Request", r#"{"error":"invalid_grant"}"#),
        json("200 OK", r#"{"access_token":"t2"}"#),
    ])
    .await;
    let server = Recorder::replying([OK, OK, OK]).await;
    let client = Client::new();
    let prepared = post(&server.url("/"), oauth(&tokens));
    for hops in [2, 3, 1] {
        assert_eq!(send_with(&client, &prepared).await.hops.len(), hops);
    }
    let last = &server.requests()[2];
    assert_eq!(field(last, "authorization").as_deref(), Some("Bearer t2"));
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_not_fetched_again() {
    let tokens = Recorder::replying([json("200 OK", r#"{"access_token":"t1"}"#)]).await;
    let server = Recorder::replying([unauthorized(&["Bearer"])]).await;
    let sent = send(&post(&server.url("/"), oauth(&tokens))).await;
    assert_eq!(response(&sent).head.status, 401);
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_and_the_server_is_quoted() {
    let refusal = r#"{"error":"invalid_client","error_description":"Unknown client."}"#;
    let tokens = Recorder::replying([json("401 Unauthorized", refusal)]).await;
    let server = Recorder::replying([OK]).await.perhaps_idle();
    let sent = send(&post(&server.url("/"), oauth(&tokens))).await;
    let found = failure(&sent);
    assert_eq!(found.kind, FailureKind::Credentials);
    assert_eq!(found.processed, Processed::No);
    assert_eq!(found.partial, None);
    let causes = found.causes.join("\n");
    assert!(
        causes.contains("invalid_client (Unknown client.)"),
        "{causes}"
    );
    assert!(!causes.contains("s3cret"), "{causes}");
    assert!(server.requests().is_empty());

    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"access_token\":\"s3cret\"";
    let tokens = Recorder::handling(move |mut peer| async move {
        peer.request().await;
        peer.write(cut.as_bytes()).await;
        peer.close().await;
    })
    .await;
    let sent = send(&post(&server.url("/"), oauth(&tokens))).await;
    let found = failure(&sent);
    assert_eq!(
        (found.kind, found.processed),
        (FailureKind::Truncated, Processed::No)
    );
    assert_eq!(found.partial, None, "a part of a token is a secret, too");
}

/// Asks as a browser would, and gives the whole reply.
async fn visit(url: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let address = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let target = &url[url::Position::BeforePath..];
    let request = format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply
}

#[tokio::test]
async fn a_login_in_the_browser_brings_a_code_that_is_bound_to_this_login() {
    let tokens = Recorder::replying([json("200 OK", r#"{"access_token":"t"}"#)]).await;
    let server = Recorder::replying([OK]).await;
    let auth = oauth(&tokens)
        .with("grant", "authorization-code")
        .with("authorize_url", "http://127.0.0.1:1/authorize");
    let prepared = post(&server.url("/"), auth);
    let (client, cancel) = (Client::new(), tokio_util::sync::CancellationToken::new());
    let (sender, mut told) = tokio::sync::mpsc::unbounded_channel();
    let progress = move |progress| {
        if let Progress::Consent { url } = progress {
            sender.send(url).unwrap();
        }
    };
    let user = async {
        let page = told.recv().await.unwrap();
        let asked: std::collections::HashMap<_, _> = url::Url::parse(&page)
            .unwrap()
            .query_pairs()
            .into_owned()
            .collect();
        let back = &asked["redirect_uri"];
        assert!(back.starts_with("http://127.0.0.1:"), "{back}");
        // A connection that says nothing holds nobody up, nor does a stranger.
        let port = url::Url::parse(back).unwrap().port().unwrap();
        let _silent = tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .unwrap();
        assert!(
            visit(&format!("{back}?code=evil&state=other"))
                .await
                .contains("400")
        );
        assert!(
            visit(&format!("http://127.0.0.1:{port}/favicon.ico"))
                .await
                .contains("404")
        );
        let reply = visit(&format!("{back}?code=c0de&state={}", asked["state"])).await;
        assert!(reply.contains("close this page"), "{reply}");
        asked
    };
    let sending = client.send(&prepared, &cancel, &progress);
    let both = async { tokio::join!(sending, user) };
    let (sent, asked) = tokio::time::timeout(PATIENCE, Box::pin(both))
        .await
        .unwrap();
    assert_eq!(response(&sent).body, "ok");
    let form: std::collections::HashMap<_, _> =
        url::form_urlencoded::parse(body(&tokens.requests()[0]).as_bytes())
            .into_owned()
            .collect();
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(
        (form["code"].as_str(), &form["redirect_uri"]),
        ("c0de", &asked["redirect_uri"])
    );
    let challenge = posttui::auth::oauth::pkce_challenge(&form["code_verifier"]);
    assert_eq!(challenge, asked["code_challenge"]);
    let authorization = find_header(&sent.hops[1].request_headers, "authorization");
    assert_eq!(authorization.unwrap().text(), "Bearer t");
}

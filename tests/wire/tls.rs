//! TLS: what is trusted, which check fails otherwise, and that nothing goes out then.

use posttui::{
    model::{FailureKind, HttpVersion, Phase, Processed, TlsCheck},
    net::{Client, Sent, Settings},
};
use rcgen::{BasicConstraints, IsCa, KeyPair, date_time_ymd};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    certificates::{Authority, acceptor, for_names},
    recorder::Recorder,
    sending::{
        Flight, OK, failure, form_post, get, phases, response, send, send_and_hear, send_with,
        wire_form,
    },
};

async fn answering(acceptor: TlsAcceptor) -> Recorder {
    Recorder::handling_tls(acceptor, |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await
}

fn assert_failed(sent: &Sent, check: TlsCheck) {
    let failure = failure(sent);
    assert_eq!(
        (failure.kind, failure.phase, failure.processed),
        (FailureKind::Tls(check), Phase::Tls, Processed::No),
        "{failure:?}"
    );
    assert!(failure.causes.len() > 1, "{failure:?}");
}

#[tokio::test]
async fn a_trusted_server_gets_the_request() {
    let authority = Authority::new();
    let server = answering(authority.acceptor(&for_names(&["127.0.0.1"]), &["http/1.1"])).await;
    let client = authority.client();
    let prepared = form_post(&server.url("/"));
    let (sent, told) = send_and_hear(&client, &prepared).await;
    assert_eq!(response(&sent).body, "ok");
    assert_eq!(response(&sent).head.version, HttpVersion::Http11);
    assert_eq!(server.requests()[0].bytes, wire_form(&prepared));
    assert_eq!(
        sent.hops[0].remote_address,
        Some(server.address().to_string())
    );
    assert_eq!(
        phases(&told),
        [
            Phase::Connect,
            Phase::Tls,
            Phase::Send,
            Phase::Wait,
            Phase::Receive
        ]
    );
    send_with(&client, &prepared).await;
    assert_eq!((server.connections(), server.requests().len()), (1, 2));
}

#[tokio::test]
async fn a_certificate_that_signs_itself_is_not_trusted() {
    let key = KeyPair::generate().unwrap();
    let certificate = for_names(&["127.0.0.1"]).self_signed(&key).unwrap();
    let server = answering(acceptor(certificate.der().clone(), &key, &["http/1.1"])).await;
    let url = server.url("/");
    assert_failed(&send(&form_post(&url)).await, TlsCheck::UnknownIssuer);
    // Another authority does not change that.
    let client = Authority::new().client();
    assert_failed(
        &send_with(&client, &form_post(&url)).await,
        TlsCheck::UnknownIssuer,
    );
    assert!(server.requests().is_empty());
}

/// What `openssl req -x509` makes without further options.
#[tokio::test]
async fn a_certificate_that_signs_itself_as_an_authority_is_not_trusted_either() {
    let key = KeyPair::generate().unwrap();
    let mut params = for_names(&["127.0.0.1"]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    let server = answering(acceptor(certificate.der().clone(), &key, &["http/1.1"])).await;
    assert_failed(
        &send(&form_post(&server.url("/"))).await,
        TlsCheck::UnknownIssuer,
    );
    assert!(server.requests().is_empty());
}

/// The user says to trust just this certificate, as with curl's `--cacert`.
#[tokio::test]
async fn an_authority_that_is_its_own_server_is_trusted_where_the_user_says_so() {
    let key = KeyPair::generate().unwrap();
    let mut good = for_names(&["127.0.0.1"]);
    good.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let mut expired = good.clone();
    expired.not_before = date_time_ymd(2001, 1, 1);
    expired.not_after = date_time_ymd(2002, 1, 1);
    let mut early = good.clone();
    early.not_before = date_time_ymd(2101, 1, 1);
    early.not_after = date_time_ymd(2102, 1, 1);
    let mut elsewhere = for_names(&["wrong.example"]);
    elsewhere.is_ca = good.is_ca;
    for (params, check) in [
        (good, None),
        (expired, Some(TlsCheck::Expired)),
        (early, Some(TlsCheck::NotYetValid)),
        (elsewhere, Some(TlsCheck::WrongHost)),
    ] {
        let certificate = params.self_signed(&key).unwrap();
        let server = answering(acceptor(certificate.der().clone(), &key, &["http/1.1"])).await;
        let client = Client::with_settings(Settings {
            roots: vec![certificate.der().clone()],
            ..Settings::default()
        });
        let sent = send_with(&client, &form_post(&server.url("/"))).await;
        match check {
            None => assert_eq!(response(&sent).body, "ok"),
            Some(check) => assert_failed(&sent, check),
        }
        assert_eq!(server.requests().len(), usize::from(check.is_none()));
    }
}

#[tokio::test]
async fn a_certificate_has_its_time_and_its_names() {
    let authority = Authority::new();
    let mut expired = for_names(&["127.0.0.1"]);
    expired.not_before = date_time_ymd(2001, 1, 1);
    expired.not_after = date_time_ymd(2002, 1, 1);
    let mut early = for_names(&["127.0.0.1"]);
    early.not_before = date_time_ymd(2101, 1, 1);
    early.not_after = date_time_ymd(2102, 1, 1);
    let elsewhere = for_names(&["api.example", "10.0.0.1"]);
    for (params, check) in [
        (expired, TlsCheck::Expired),
        (early, TlsCheck::NotYetValid),
        (elsewhere, TlsCheck::WrongHost),
    ] {
        let server = answering(authority.acceptor(&params, &["http/1.1"])).await;
        let sent = send_with(&authority.client(), &form_post(&server.url("/"))).await;
        assert_failed(&sent, check);
        assert!(server.requests().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls() {
    for reply in [
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
    ] {
        let server = Recorder::handling(move |mut peer| async move {
            peer.some_bytes().await;
            peer.write(reply.as_bytes()).await;
            peer.until_closed().await;
        })
        .await;
        let url = server.url("/").replace("http:", "https:");
        assert_failed(&send(&form_post(&url)).await, TlsCheck::NotTls);
    }
}

#[tokio::test]
async fn a_handshake_without_common_ground() {
    let server = Recorder::handling(|mut peer| async move {
        peer.some_bytes().await;
        // A fatal alert: handshake_failure (RFC 8446, Section 6).
        peer.write(b"\x15\x03\x03\x00\x02\x02\x28").await;
        peer.until_closed().await;
    })
    .await;
    let url = server.url("/").replace("http:", "https:");
    assert_failed(&send(&form_post(&url)).await, TlsCheck::Handshake);
}

#[tokio::test]
async fn a_server_that_hangs_up_in_the_handshake() {
    let server = Recorder::handling(|mut peer| async move {
        peer.some_bytes().await;
        peer.close().await;
    })
    .await;
    let url = server.url("/").replace("http:", "https:");
    let sent = send(&get(&url)).await;
    let failure = failure(&sent);
    assert_eq!(
        (failure.kind, failure.phase, failure.processed),
        (FailureKind::Reset, Phase::Tls, Processed::No)
    );
}

/// While a second send makes a connection, the first one is done and leaves its own: the second goes
/// over that, and says so.
#[tokio::test]
async fn a_send_that_takes_over_a_connection_is_no_longer_connecting() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&for_names(&["127.0.0.1"]), &["http/1.1"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let client = authority.client();

    let first = Flight::start(&client, get(&url));
    let (socket, _) = listener.accept().await.unwrap();
    let mut stream = acceptor.accept(socket).await.unwrap();
    let mut buffer = vec![0; 4096];
    assert!(stream.read(&mut buffer).await.unwrap() > 0);

    let mut second = Flight::start(&client, get(&url));
    let (_never_answered, _) = listener.accept().await.unwrap();
    second.until_phase(Phase::Tls).await;
    stream.write_all(OK.as_bytes()).await.unwrap();
    assert_eq!(response(&first.end().await).body, "ok");

    assert!(stream.read(&mut buffer).await.unwrap() > 0);
    second.until_phase(Phase::Wait).await;
    let sent = second.cancelled().await;
    assert_eq!(failure(&sent).processed, Processed::Maybe);
}

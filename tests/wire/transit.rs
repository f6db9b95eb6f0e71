//! What is kept of the way: phases, addresses, certificates.

use std::{process::Stdio, time::Duration};

use posttui::{
    model::{Hop, Phase, Span},
    net::{Client, Sent},
};
use tokio::process::Command;

use crate::{
    certificates::{Authority, for_names},
    recorder::Recorder,
    sending::{OK, form_post, get, response, send, send_with},
};

fn last(sent: &Sent) -> &Hop {
    sent.hops.last().unwrap()
}

fn spans(sent: &Sent) -> Vec<Span> {
    let hop = last(sent);
    hop.transit.spans(hop.duration)
}

#[tokio::test]
async fn a_kept_connection_is_said_to_be_one() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello";
    let server = Recorder::replying([reply; 2]).await;
    let client = Client::new();
    let prepared = form_post(&server.url("/"));
    for (turn, reused) in [(0, false), (1, true)] {
        let sent = send_with(&client, &prepared).await;
        let hop = last(&sent);
        assert_eq!(hop.transit.reused, Some(reused), "{turn}");
        let phases: Vec<Phase> = spans(&sent).iter().map(|span| span.phase).collect();
        let connecting = phases.contains(&Phase::Connect);
        assert_eq!(connecting, !reused, "{phases:?}");
        let first_byte = hop.transit.first_byte.unwrap();
        assert!(first_byte <= hop.duration && first_byte > Duration::ZERO);
    }
}

#[tokio::test]
async fn a_name_has_what_the_resolver_said_and_a_phase_for_it() {
    let server = Recorder::replying([OK]).await;
    let url = server.url("/").replace("127.0.0.1", "localhost");
    let sent = send(&get(&url)).await;
    let transit = &last(&sent).transit;
    assert!(transit.resolved.contains(&"127.0.0.1".to_owned()));
    let phases: Vec<Phase> = spans(&sent).iter().map(|span| span.phase).collect();
    assert_eq!(&phases[..3], [Phase::Resolve, Phase::Connect, Phase::Send]);
}

#[tokio::test]
async fn what_tls_agreed_on_and_the_certificates_are_kept() {
    let authority = Authority::new();
    let server = Recorder::handling_tls(
        authority.acceptor(&for_names(&["127.0.0.1", "api.example"]), &["http/1.1"]),
        |mut peer| async move {
            peer.request().await;
            peer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                .await;
            peer.close().await;
        },
    )
    .await;
    let client = authority.client();
    let prepared = form_post(&server.url("/"));
    let sent = send_with(&client, &prepared).await;
    let tls = last(&sent).transit.tls.as_ref().unwrap();
    assert_eq!(tls.version.as_deref(), Some("TLS 1.3"));
    assert!(tls.trusted && !tls.resumed);
    assert_eq!(tls.group.as_deref(), Some("X25519"));
    assert_eq!(tls.cipher.as_deref(), Some("TLS_AES_256_GCM_SHA384"));
    assert_eq!(tls.alpn.as_deref(), Some("http/1.1"));
    let certificate = &tls.certificates[0];
    assert_eq!(certificate.names, ["127.0.0.1", "api.example"]);
    assert!(certificate.issuer.contains("an authority for tests"));
    assert_eq!(last(&sent).transit.reused, Some(false));
    let over = |phase| last(&sent).transit.over(phase, sent.duration);
    assert!(over(Phase::Connect) < over(Phase::Tls));
}

/// A server over TLS that closes each connection after its answer.
async fn closing(acceptor: tokio_rustls::TlsAcceptor) -> Recorder {
    Recorder::handling_tls(acceptor, |mut peer| async move {
        peer.request().await;
        peer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
            .await;
        peer.close().await;
    })
    .await
}

#[tokio::test]
async fn a_session_taken_up_again_goes_on_with_the_certificates_of_before() {
    let authority = Authority::new();
    let names = for_names(&["127.0.0.1"]);
    for (acceptor, version, suite) in [
        (
            authority.acceptor(&names, &["http/1.1"]),
            "TLS 1.3",
            "TLS_AES_256_GCM_SHA384",
        ),
        (
            authority.older_acceptor(&names, &[]),
            "TLS 1.2",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        ),
    ] {
        let server = closing(acceptor).await;
        let client = authority.client();
        let prepared = form_post(&server.url("/"));
        let mut shown = Vec::new();
        for resumed in [false, true] {
            let sent = send_with(&client, &prepared).await;
            let hop = last(&sent);
            assert_eq!(hop.transit.reused, Some(false));
            let tls = hop.transit.tls.clone().unwrap();
            assert_eq!(tls.version.as_deref(), Some(version));
            assert_eq!(tls.cipher.as_deref(), Some(suite), "{version}");
            assert_eq!((tls.resumed, tls.trusted), (resumed, true), "{version}");
            // TLS 1.2 takes the keys up again, too.
            let has_group = version == "TLS 1.3" || !resumed;
            assert_eq!(tls.group.is_some(), has_group, "{version}");
            assert_eq!(tls.alpn.is_some(), version == "TLS 1.3");
            shown.push(tls.certificates);
        }
        assert_eq!(shown[0].len(), 1);
        assert_eq!(shown[0], shown[1], "{version}");
    }
}

#[tokio::test]
async fn a_kept_connection_goes_by_what_was_agreed_on_when_it_was_made() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&for_names(&["127.0.0.1"]), &[]);
    let server = Recorder::handling_tls(acceptor, |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let client = authority.client();
    let prepared = form_post(&server.url("/"));
    let first = send_with(&client, &prepared).await;
    let second = send_with(&client, &prepared).await;
    let (first, second) = (&last(&first).transit, &last(&second).transit);
    assert_eq!(second.reused, Some(true));
    assert!(second.tls.is_some() && second.tls == first.tls);
    assert_eq!(second.tls.as_ref().unwrap().alpn, None);
    assert_eq!(second.local_address, first.local_address);
}

#[tokio::test]
async fn the_heads_are_as_long_as_the_bytes_on_the_wire() {
    let reply = "HTTP/1.1 404 Nothing Here\r\nContent-Length: 5\r\nX-A: 1\r\n\r\nhello";
    let server = Recorder::replying([reply]).await;
    let sent = send(&form_post(&server.url("/a?b=c"))).await;
    let sizes = last(&sent).transit.sizes.unwrap();
    let requests = server.requests();
    let body = last(&sent).request_body_bytes as usize;
    assert_eq!(
        sizes.request_head as usize,
        requests[0].bytes.len() - body,
        "{:?}",
        requests[0].text()
    );
    assert_eq!(
        sizes.response_head,
        Some((reply.len() - "hello".len()) as u64)
    );
    let local = last(&sent).transit.local_address.as_deref().unwrap();
    assert!(local.starts_with("127.0.0.1:"), "{local}");
}

#[tokio::test]
async fn certificates_that_fail_are_kept_without_being_trusted() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&for_names(&["elsewhere.example"]), &["http/1.1"]);
    let server = Recorder::handling_tls(acceptor, |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let mut prepared = form_post(&server.url("/"));
    let sent = send_with(&authority.client(), &prepared).await;
    let tls = last(&sent).transit.tls.as_ref().unwrap();
    assert_eq!((tls.trusted, tls.host.as_str()), (false, "127.0.0.1"));
    assert_eq!(tls.certificates[0].names, ["elsewhere.example"]);
    assert!(server.requests().is_empty());

    prepared.options.transport.insecure = true;
    let sent = send(&prepared).await;
    assert_eq!(response(&sent).body, "ok");
    let tls = last(&sent).transit.tls.as_ref().unwrap();
    assert!(!tls.trusted && tls.version.is_some());
    assert_eq!(tls.certificates[0].names, ["elsewhere.example"]);
}

/// How long the server of the comparison with curl thinks, and how long its body takes.
const THINKS: Duration = Duration::from_millis(30);
const TRICKLES: Duration = Duration::from_millis(20);

/// Connected, first byte, last byte, each in milliseconds since the start.
type Moments = [f64; 3];

async fn moments_of_curl(url: &str) -> Moments {
    let format = "%{time_connect} %{time_starttransfer} %{time_total}";
    let output = Command::new("curl")
        .args([
            "-s",
            "-o",
            "/dev/null",
            "--noproxy",
            "*",
            "-d",
            "a=1",
            "-w",
            format,
            url,
        ])
        .output()
        .await
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let seconds: Vec<f64> = text.split(' ').map(|it| it.parse().unwrap()).collect();
    [0, 1, 2].map(|index| seconds[index] * 1000.0)
}

async fn moments_of_ours(url: &str) -> Moments {
    let sent = send(&form_post(url)).await;
    let (hop, end) = (last(&sent), last(&sent).duration);
    let over = |phase| hop.transit.over(phase, end).unwrap();
    [Phase::Connect, Phase::Wait, Phase::Receive].map(|phase| over(phase).as_secs_f64() * 1000.0)
}

/// Each moment's least of several sends: what is left is the work itself, not what else the machine does.
async fn least<F: Future<Output = Moments>>(measure: impl Fn() -> F) -> Moments {
    let mut least = [f64::MAX; 3];
    for _ in 0..12 {
        let moments = measure().await;
        for (least, moment) in least.iter_mut().zip(moments) {
            *least = least.min(moment);
        }
    }
    least
}

#[tokio::test]
#[ignore = "it compares times, which a busy machine spoils: run it by itself"]
async fn the_moments_are_those_of_curl_within_two_milliseconds() {
    let mut version = Command::new("curl");
    version.arg("--version").stdout(Stdio::null());
    if version.status().await.is_err() {
        return;
    }
    let server = Recorder::handling(|mut peer| async move {
        while peer.request().await.is_some() {
            tokio::time::sleep(THINKS).await;
            peer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no")
                .await;
            tokio::time::sleep(TRICKLES).await;
            peer.write(b"k").await;
        }
    })
    .await;
    let url = server.url("/");
    let ours = least(|| moments_of_ours(&url)).await;
    let theirs = least(|| moments_of_curl(&url)).await;
    for (our, their) in ours.iter().zip(theirs) {
        assert!(
            (our - their).abs() < 2.0,
            "{ours:?} against curl's {theirs:?}"
        );
    }
    assert!(ours[1] >= 30.0 && ours[2] >= 50.0, "{ours:?}");
}

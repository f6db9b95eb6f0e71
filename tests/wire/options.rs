//! What a request may ask of its way: certificates, proxy, addresses, version, redirects, silence.

use std::{fs, path::PathBuf, time::Duration};

use posttui::{
    model::{
        FailureKind, HttpVersion, Phase, PreparedRequest, Processed, Redirects, TimeoutKind,
        TlsCheck, Transport, VersionChoice,
    },
    net::Client,
};
use rcgen::KeyPair;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixListener,
};

use crate::{
    certificates::{Authority, acceptor, for_names},
    recorder::{PATIENCE, Recorder},
    sending::{
        OK, failure, form_post, phases, response, send, send_and_hear, send_with, wire_form,
    },
};

fn by_way_of(url: &str, change: impl FnOnce(&mut Transport)) -> PreparedRequest {
    let mut prepared = form_post(url);
    change(&mut prepared.options.transport);
    prepared
}

async fn with_own_certificate() -> (Recorder, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = for_names(&["127.0.0.1"]).self_signed(&key).unwrap();
    let acceptor = acceptor(certificate.der().clone(), &key, &["h2", "http/1.1"]);
    let server = Recorder::handling_tls(acceptor, |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    (server.perhaps_idle(), certificate.pem())
}

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path: PathBuf = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn an_insecure_request_takes_any_certificate_and_only_that_request_does() {
    let (server, _) = with_own_certificate().await;
    let client = Client::new();
    let prepared = by_way_of(&server.url("/x"), |it| {
        it.insecure = true;
        it.version = VersionChoice::Http1;
    });
    let sent = send_with(&client, &prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    let strict = send_with(&client, &form_post(&server.url("/x"))).await;
    assert_eq!(
        failure(&strict).kind,
        FailureKind::Tls(TlsCheck::UnknownIssuer)
    );
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_file_of_authorities_is_trusted_beside_the_system() {
    let (server, certificate) = with_own_certificate().await;
    let folder = tempfile::tempdir().unwrap();
    let authorities = file(&folder, "authority.pem", &certificate);
    let prepared = by_way_of(&server.url("/x"), |it| {
        it.authorities = authorities;
        it.version = VersionChoice::Http1;
    });
    assert_eq!(response(&send(&prepared).await).head.status, 200);
}

#[tokio::test]
async fn a_server_that_asks_who_it_is_gets_the_clients_certificate() {
    let authority = Authority::new();
    let server = Recorder::handling_tls(authority.acceptor_asking(), |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let identity = file(&folder, "me.pem", &authority.identity("me"));
    let url = server.url("/x");
    let known = by_way_of(&url, |it| it.client_certificate = identity);
    let sent = send_with(&authority.client(), &known).await;
    assert_eq!(response(&sent).head.status, 200);
    let unknown = send_with(&authority.client(), &form_post(&url)).await;
    let failed = failure(&unknown);
    assert!(matches!(failed.kind, FailureKind::Tls(_)), "{failed:?}");
    // Whatever was sent meanwhile, it has read nothing of it.
    assert_eq!(failed.processed, posttui::model::Processed::No);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_key_of_a_client_certificate_may_be_in_a_file_of_its_own() {
    let authority = Authority::new();
    let server = Recorder::handling_tls(authority.acceptor_asking(), |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let identity = authority.identity("me");
    let (certificate, key) = identity.split_at(identity.find("-----BEGIN PRIVATE").unwrap());
    let certificate = file(&folder, "me.crt", certificate);
    let key = file(&folder, "me.key", key);
    let with_key = |key: &str| {
        by_way_of(&server.url("/x"), |it| {
            it.client_certificate = certificate.clone();
            it.client_key = key.to_owned();
        })
    };
    let sent = send_with(&authority.client(), &with_key(&key)).await;
    assert_eq!(response(&sent).head.status, 200);
    for (key, reason) in [
        ("", "no private key"),
        ("/no/such.key", "no such file"),
        (certificate.as_str(), "no private key"),
    ] {
        let sent = send_with(&authority.client(), &with_key(key)).await;
        let failure = failure(&sent);
        assert_eq!(failure.kind, FailureKind::Setting);
        let causes = failure.causes.join(" ");
        assert!(causes.contains(reason), "{key}: {causes}");
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_setting_that_cannot_be_used_sends_nothing() {
    let server = Recorder::replying([OK]).await.perhaps_idle();
    for change in [
        (|it: &mut Transport| it.authorities = "/no/such/file.pem".into()) as fn(&mut Transport),
        |it| it.client_certificate = "/dev/null".into(),
        |it| it.proxy = "gopher://proxy".into(),
        |it| it.addresses = "127.0.0.1".into(),
        |it| it.unix_socket = "/no/such.socket".into(),
    ] {
        let sent = send(&by_way_of(&server.url("/"), change)).await;
        let failure = failure(&sent);
        assert_eq!(
            (failure.kind, failure.phase, failure.processed),
            (FailureKind::Setting, Phase::Resolve, Processed::No),
            "{failure:?}"
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_proxy_of_the_request_is_used_for_this_machine_too() {
    let proxy = Recorder::replying([OK]).await;
    let prepared = by_way_of("http://127.0.0.1:9/x", |it| it.proxy = proxy.url(""));
    assert_eq!(response(&send(&prepared).await).head.status, 200);
    let request = proxy.requests()[0].text();
    assert!(
        request.starts_with("POST http://127.0.0.1:9/x HTTP/1.1\r\n"),
        "{request}"
    );
}

#[tokio::test]
async fn an_address_takes_the_place_of_a_name() {
    let server = Recorder::replying([OK]).await;
    let port = server.address().port();
    let url = format!("http://api.example:{port}/x");
    let prepared = by_way_of(&url, |it| {
        it.proxy = "none".into();
        it.addresses = "api.example=127.0.0.1".into();
    });
    let (sent, told) = send_and_hear(&Client::new(), &prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    assert_eq!(
        phases(&told).first(),
        Some(&Phase::Connect),
        "nobody is asked for the name"
    );
    let request = server.requests()[0].text();
    assert!(
        request.contains(&format!("\r\nhost: api.example:{port}\r\n")),
        "{request}"
    );
}

#[tokio::test]
async fn a_unix_socket_takes_the_place_of_host_and_port() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("server.socket");
    let listener = UnixListener::bind(&path).unwrap();
    let prepared = by_way_of("http://localhost/containers", |it| {
        it.unix_socket = path.display().to_string();
    });
    let expected = wire_form(&prepared);
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut request = vec![0; expected.len()];
        socket.read_exact(&mut request).await.unwrap();
        assert_eq!(request, expected);
        socket.write_all(OK.as_bytes()).await.unwrap();
    });
    assert_eq!(response(&send(&prepared).await).head.status, 200);
    server.await.unwrap();
}

#[tokio::test]
async fn http_1_alone_is_spoken_where_http_2_is_offered() {
    let (server, _) = with_own_certificate().await;
    let prepared = by_way_of(&server.url("/x"), |it| {
        it.insecure = true;
        it.version = VersionChoice::Http1;
    });
    let sent = send(&prepared).await;
    assert_eq!(response(&sent).head.version, HttpVersion::Http11);
}

#[tokio::test]
async fn a_post_that_keeps_its_method_is_a_post_after_a_302() {
    let found = "HTTP/1.1 302 Found\r\nlocation: /there\r\ncontent-length: 0\r\n\r\n";
    let server = Recorder::replying([found, OK]).await;
    let mut prepared = form_post(&server.url("/here"));
    prepared.options.redirects = Redirects::KeepMethod;
    let sent = send(&prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    let second = server.requests()[1].text();
    assert!(second.starts_with("POST /there HTTP/1.1\r\n"), "{second}");
    assert!(second.ends_with("email=john%40example.com"), "{second}");
}

#[tokio::test]
async fn a_server_that_falls_silent_is_given_up_after_the_idle_timeout() {
    let begun = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nthe first part";
    let server = Recorder::handling(move |mut peer| async move {
        peer.request().await;
        peer.write(begun.as_bytes()).await;
        peer.until_closed().await;
    })
    .await;
    let mut prepared = form_post(&server.url("/x"));
    let mut silence = Duration::from_millis(150);
    let sent = loop {
        prepared.options.idle_timeout = Some(silence);
        let sent = send(&prepared).await;
        // Where the machine is slow, even the first part takes longer than that.
        if failure(&sent).partial.is_some() || silence > PATIENCE / 4 {
            break sent;
        }
        silence *= 2;
    };
    let failure = failure(&sent);
    assert_eq!(
        (failure.kind, failure.processed),
        (FailureKind::Timeout(TimeoutKind::Idle), Processed::Answered)
    );
    let partial = failure.partial.as_ref().unwrap();
    assert_eq!(&partial.body[..], b"the first part");
}

/// The certificate and key of a PEM text, in a PKCS#12 file.
fn pkcs12(pem: &str, password: &str) -> Vec<u8> {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let certificate = p12_keystore::Certificate::from_der(&certificate).unwrap();
    let key = p12_keystore::PrivateKey::from_der(key.secret_der()).unwrap();
    let chain = p12_keystore::PrivateKeyChain::new(vec![1_u8, 2], key, [certificate]);
    let mut store = p12_keystore::KeyStore::new();
    store.add_entry("me", p12_keystore::KeyStoreEntry::PrivateKeyChain(chain));
    store.writer(password).write().unwrap()
}

#[tokio::test]
async fn a_client_certificate_may_be_in_a_pkcs_12_file() {
    let authority = Authority::new();
    let server = Recorder::handling_tls(authority.acceptor_asking(), |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("me.p12");
    fs::write(&path, pkcs12(&authority.identity("me"), "päss")).unwrap();
    let with_password = |password: &str| {
        by_way_of(&server.url("/x"), |it| {
            it.client_certificate = path.display().to_string();
            it.client_password = password.into();
        })
    };
    let sent = send_with(&authority.client(), &with_password("päss")).await;
    assert_eq!(response(&sent).head.status, 200);
    for (password, reason) in [("wrong", "password is wrong"), ("", "a password is needed")] {
        let sent = send_with(&authority.client(), &with_password(password)).await;
        let failure = failure(&sent);
        assert_eq!(failure.kind, FailureKind::Setting);
        let causes = failure.causes.join(" ");
        assert!(
            causes.contains(reason) && !causes.contains("wrong "),
            "{causes}"
        );
    }
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_gets_it_and_the_server_does_not() {
    let proxy = Recorder::replying([OK]).await;
    let url = proxy.url("").replace("//", "//me:s3cret@");
    let prepared = by_way_of("http://127.0.0.1:9/x", |it| it.proxy = url);
    let sent = send(&prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    let request = proxy.requests()[0].text().to_ascii_lowercase();
    assert!(
        request.contains("proxy-authorization: basic bwu6cznjcmv0"),
        "{request}"
    );
    let went = posttui::model::find_header(&sent.hops[0].request_headers, "proxy-authorization");
    assert!(went.is_some(), "what went is told");
    let sizes = sent.hops[0].transit.sizes.unwrap();
    let head = request.find("\r\n\r\n").unwrap() + 4;
    assert_eq!(sizes.request_head, head as u64);
    let kept = posttui::model::Redact::redacted(&sent.hops[0]);
    let kept = posttui::model::find_header(&kept.request_headers, "proxy-authorization");
    let kept = kept.unwrap().text();
    assert!(!kept.contains("bWU6"), "{kept}");
    let kept = format!("{:?}", posttui::model::Redact::redacted(&prepared));
    assert!(!kept.contains("s3cret"), "{kept}");
}

#[tokio::test]
async fn compression_is_offered_only_when_it_is_wanted() {
    let server = Recorder::replying([OK; 2]).await;
    let mut request = crate::sending::form_request(&server.url("/x"));
    request.options.set("compression", "on");
    for wanted in [true, false] {
        send(&posttui::prepare::prepare(&request).unwrap()).await;
        let sent = server.requests().pop().unwrap().text();
        let offered = sent.contains("\r\naccept-encoding: gzip, deflate, br, zstd\r\n");
        assert_eq!(offered, wanted, "{sent}");
        request.options.set("compression", "off");
    }
}

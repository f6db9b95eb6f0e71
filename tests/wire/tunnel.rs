//! Proxies of every kind: SOCKS 5 with and without the names, a login to it, and HTTP within TLS.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use posttui::model::{FailureKind, Phase, PreparedRequest};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use crate::{
    certificates::{Authority, for_names},
    recorder::Recorder,
    sending::{OK, failure, form_post, response, send, wire_form},
};

/// A SOCKS 5 proxy (RFC 1928) that leads every name to this machine, and what it was asked for.
struct Socks {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Socks {
    /// One that wants this user and password (RFC 1929), if any.
    async fn start(login: Option<(&'static str, &'static str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, login, Arc::clone(&told)));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: TcpStream,
    login: Option<(&'static str, &'static str)>,
    told: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    let _version = stream.read_u8().await?;
    let methods = sized(&mut stream).await?;
    let wanted = if login.is_some() { 2 } else { 0 };
    assert!(methods.contains(&wanted), "{methods:?}");
    stream.write_all(&[5, wanted]).await?;
    if let Some((user, password)) = login {
        let _version = stream.read_u8().await?;
        let given = (sized(&mut stream).await?, sized(&mut stream).await?);
        let is_right = given == (user.into(), password.into());
        stream.write_all(&[1, u8::from(!is_right)]).await?;
        if !is_right {
            return Ok(());
        }
    }
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    assert_eq!(head[..3], [5, 1, 0], "CONNECT is asked for");
    let host = match head[3] {
        1 => {
            let mut address = [0; 4];
            stream.read_exact(&mut address).await?;
            std::net::Ipv4Addr::from(address).to_string()
        }
        3 => format!(
            "name {}",
            String::from_utf8_lossy(&sized(&mut stream).await?)
        ),
        kind => panic!("an address of the kind {kind}"),
    };
    let port = stream.read_u16().await?;
    told.lock().unwrap().push(host);
    let mut target = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).await?;
    copy_bidirectional(&mut stream, &mut target).await?;
    Ok(())
}

/// Bytes behind their number.
async fn sized(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let length = stream.read_u8().await?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await?;
    Ok(bytes)
}

fn by_way_of(url: &str, proxy: &str) -> PreparedRequest {
    let mut prepared = form_post(url);
    proxy.clone_into(&mut prepared.options.transport.proxy);
    prepared
}

#[tokio::test]
async fn a_socks_proxy_connects_and_finds_names_where_it_is_told_to() {
    let server = Recorder::replying([OK, OK]).await;
    let port = server.address().port();
    let socks = Socks::start(None).await;
    // No resolver of this machine knows the name: the proxy has to.
    for (scheme, host, asked) in [
        ("socks5", "127.0.0.1", "127.0.0.1"),
        ("socks5h", "inside.invalid", "name inside.invalid"),
    ] {
        let url = format!("http://{host}:{port}/x");
        let prepared = by_way_of(&url, &format!("{scheme}://{}", socks.address));
        let sent = send(&prepared).await;
        assert_eq!(response(&sent).head.status, 200, "{scheme}");
        assert_eq!(socks.asked().last().unwrap(), asked);
        let requests = server.requests();
        assert_eq!(requests.last().unwrap().bytes, wire_form(&prepared));
    }
}

#[tokio::test]
async fn a_socks_proxy_that_wants_a_login_gets_it_and_the_server_does_not() {
    let server = Recorder::replying([OK]).await;
    let socks = Socks::start(Some(("ann", "s3cret"))).await;
    let proxy = |login: &str| format!("socks5://{login}@{}", socks.address);
    let sent = send(&by_way_of(&server.url("/"), &proxy("ann:s3cret"))).await;
    assert_eq!(response(&sent).head.status, 200);
    assert!(!server.requests()[0].text().contains("s3cret"));
    let refused = send(&by_way_of(&server.url("/"), &proxy("ann:gue55"))).await;
    let failure = failure(&refused);
    assert_ne!(failure.kind, FailureKind::Setting);
    let causes = failure.causes.join(" ");
    assert!(!causes.contains("gue55"), "{causes}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_proxy_within_tls_is_spoken_to_in_secret() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(&for_names(&["127.0.0.1"]), &["http/1.1"]);
    let proxy = Recorder::handling_tls(acceptor, |mut peer| async move {
        while peer.request().await.is_some() {
            peer.write(OK.as_bytes()).await;
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("authority.pem");
    std::fs::write(&trusted, authority.pem()).unwrap();
    let address = format!("https://127.0.0.1:{}", proxy.address().port());
    let mut prepared = by_way_of("http://127.0.0.1:9/x", &address);
    // Its certificate is checked as any server's, and it is the proxy that fails, not the server.
    for url in ["http://127.0.0.1:9/x", "https://127.0.0.1:9/x"] {
        let sent = send(&by_way_of(url, &address)).await;
        let failure = failure(&sent);
        assert_eq!(
            (failure.kind, failure.phase),
            (FailureKind::Proxy, Phase::Tls),
            "{sent:?}"
        );
        assert!(
            sent.hops[0].transit.tls.is_some(),
            "its certificate is kept"
        );
    }
    prepared.options.transport.authorities = trusted.display().to_string();
    let sent = send(&prepared).await;
    assert_eq!(response(&sent).head.status, 200);
    let request = proxy.requests()[0].text();
    assert!(
        request.starts_with("POST http://127.0.0.1:9/x HTTP/1.1\r\n"),
        "{request}"
    );
}

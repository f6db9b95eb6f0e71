//! HTTP/2, where the server offers it.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use posttui::{
    model::{FailureKind, Header, HttpVersion, Phase, Processed},
    net::Client,
};
use tokio::net::TcpListener;

use crate::{
    certificates::{Authority, for_names},
    sending::{failure, form_post, phases, response, send_and_hear},
};

/// A server of one connection that answers with what it got, and breaks the stream off at `/break`.
async fn echoing(authority: &Authority) -> String {
    let acceptor = authority.acceptor(&for_names(&["127.0.0.1"]), &["h2"]);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (socket, _) = listener.accept().await.unwrap();
        let stream = acceptor.accept(socket).await.unwrap();
        // It ends with the client, in whatever way that ends.
        let _ = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
            .serve_connection(TokioIo::new(stream), service_fn(echo))
            .await;
    });
    format!("https://{address}")
}

async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, std::io::Error> {
    if request.uri().path() == "/break" {
        return Err(std::io::Error::other("broken on purpose"));
    }
    let mut names: Vec<String> = request.headers().keys().map(ToString::to_string).collect();
    names.sort();
    let body = request.into_body().collect().await.unwrap().to_bytes();
    let text = format!("{}\n{}", names.join(" "), String::from_utf8_lossy(&body));
    Ok(Response::new(Full::from(text)))
}

#[tokio::test]
async fn a_form_goes_over_http2_and_the_connection_is_kept() {
    let authority = Authority::new();
    let url = echoing(&authority).await;
    let client = authority.client();
    let prepared = form_post(&format!("{url}/"));
    let (sent, told) = send_and_hear(&client, &prepared).await;
    let answer = response(&sent);
    assert_eq!(
        (answer.head.status, answer.head.version),
        (200, HttpVersion::Http2)
    );
    assert_eq!(
        String::from_utf8_lossy(&answer.body),
        "accept content-length content-type host user-agent\n\
         username=john_doe&email=john%40example.com"
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
    let mut typed = prepared.clone();
    typed.headers.push(Header::new("X-Own", "1"));
    let (sent, told) = send_and_hear(&client, &typed).await;
    assert_eq!(phases(&told), [Phase::Send, Phase::Wait, Phase::Receive]);
    // HTTP/2 has no other case: what is kept is what went.
    let own = sent.hops[0].request_headers.last().unwrap();
    assert_eq!(own, &Header::new("x-own", "1"));
}

#[tokio::test]
async fn a_stream_that_is_broken_off_is_a_lost_connection() {
    let authority = Authority::new();
    let url = echoing(&authority).await;
    let client: Client = authority.client();
    let (sent, _) = send_and_hear(&client, &form_post(&format!("{url}/break"))).await;
    let failure = failure(&sent);
    assert_eq!(
        (failure.kind, failure.phase, failure.processed),
        (FailureKind::Reset, Phase::Wait, Processed::Maybe),
        "{failure:?}"
    );
}

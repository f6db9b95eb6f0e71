//! What every theme needs: requests, and a send that keeps what it was told.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use posttui::{
    model::{
        Body, BodyKind, Failure, Field, Options, Outcome, Phase, PreparedRequest, Redirects,
        Request, Response,
    },
    net::{Client, Progress, Sent},
    prepare::prepare,
};
use tokio::{net::TcpSocket, sync::watch};
use tokio_util::sync::CancellationToken;

use crate::recorder::PATIENCE;

pub const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

/// The form of the README's first example.
pub fn form_request(url: &str) -> Request {
    Request {
        url: url.to_owned(),
        body: Body {
            form: vec![
                Field::new("username", "john_doe"),
                Field::new("email", "john@example.com"),
            ],
            ..Body::default()
        },
        ..Request::default()
    }
}

pub fn form_post(url: &str) -> PreparedRequest {
    prepare(&form_request(url)).unwrap()
}

/// A POST with a text body of this many bytes.
pub fn big_post(url: &str, bytes: usize) -> PreparedRequest {
    let body = Body {
        kind: BodyKind::Text,
        text: "x".repeat(bytes),
        ..Body::default()
    };
    let request = Request {
        url: url.to_owned(),
        body,
        ..Request::default()
    };
    prepare(&request).unwrap()
}

pub fn get(url: &str) -> PreparedRequest {
    let request = Request {
        method: "GET".to_owned(),
        url: url.to_owned(),
        ..Request::default()
    };
    prepare(&request).unwrap()
}

pub fn without_redirects(mut prepared: PreparedRequest) -> PreparedRequest {
    prepared.options.redirects = Redirects::Stop;
    prepared
}

pub fn with_total_timeout(mut prepared: PreparedRequest, limit: Duration) -> PreparedRequest {
    prepared.options = Options {
        total_timeout: Some(limit),
        ..prepared.options
    };
    prepared
}

/// Sends with a time limit that is doubled until the send comes as far as is meant before it, and gives the limit: how
/// far a send comes within a time is up to the machine.
pub async fn send_timed_out(
    prepared: &PreparedRequest,
    is_meant: impl Fn(&Sent) -> bool,
) -> (Sent, Duration) {
    let mut limit = Duration::from_millis(250);
    loop {
        let sent = send(&with_total_timeout(prepared.clone(), limit)).await;
        if is_meant(&sent) || limit > PATIENCE / 4 {
            return (sent, limit);
        }
        limit *= 2;
    }
}

/// The request as HTTP/1.1 writes it.
pub fn wire_form(prepared: &PreparedRequest) -> Vec<u8> {
    let url = url::Url::parse(&prepared.url).unwrap();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut bytes = format!("{} {target} HTTP/1.1\r\n", prepared.method).into_bytes();
    for header in &prepared.headers {
        bytes.extend(header.name.as_bytes());
        bytes.extend(b": ");
        bytes.extend(&header.value);
        bytes.extend(b"\r\n");
    }
    bytes.extend(b"\r\n");
    bytes.extend(&prepared.body.in_memory());
    bytes
}

/// Sends with a client of its own.
pub async fn send(prepared: &PreparedRequest) -> Sent {
    send_with(&Client::new(), prepared).await
}

pub async fn send_with(client: &Client, prepared: &PreparedRequest) -> Sent {
    send_and_hear(client, prepared).await.0
}

/// Sends, and gives what was told on the way.
pub async fn send_and_hear(client: &Client, prepared: &PreparedRequest) -> (Sent, Vec<Progress>) {
    let told = Mutex::new(Vec::new());
    let progress = |progress| told.lock().unwrap().push(progress);
    let cancel = CancellationToken::new();
    let sending = client.send(prepared, &cancel, &progress);
    let sent = tokio::time::timeout(PATIENCE, sending)
        .await
        .expect("the send came to no end");
    (sent, told.into_inner().unwrap())
}

/// An address of this machine where nobody listens, and nobody else can begin to while it is held.
pub struct Vacant {
    socket: TcpSocket,
}

impl Vacant {
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        Self { socket }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.socket.local_addr().unwrap())
    }
}

pub fn phases(told: &[Progress]) -> Vec<Phase> {
    told.iter()
        .filter_map(|progress| match progress {
            Progress::Phase(phase) => Some(*phase),
            Progress::Hop { .. }
            | Progress::Consent { .. }
            | Progress::Fork(_)
            | Progress::Retry(_)
            | Progress::Sent { .. }
            | Progress::Received { .. }
            | Progress::Arriving(_) => None,
        })
        .collect()
}

/// A send in a task of its own, to be cancelled.
pub struct Flight {
    task: tokio::task::JoinHandle<Sent>,
    told: watch::Receiver<Vec<Progress>>,
    pub cancel: CancellationToken,
}

impl Flight {
    pub fn start(client: &Client, prepared: PreparedRequest) -> Self {
        let (sender, told) = watch::channel(Vec::new());
        let (client, cancel) = (client.clone(), CancellationToken::new());
        let (sender, token) = (Arc::new(sender), cancel.clone());
        let task = tokio::spawn(async move {
            let progress = |progress| sender.send_modify(|told: &mut Vec<_>| told.push(progress));
            client.send(&prepared, &token, &progress).await
        });
        Self { task, told, cancel }
    }

    /// Waits until this has been told; fails the test when that takes too long.
    pub async fn until(&mut self, is_it: impl Fn(&Progress) -> bool) {
        let waiting = self.told.wait_for(|told| told.iter().any(&is_it));
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .expect("this was never told")
            .expect("the send ended before this was told");
    }

    pub async fn until_phase(&mut self, phase: Phase) {
        self.until(|told| *told == Progress::Phase(phase)).await;
    }

    pub async fn end(self) -> Sent {
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .expect("the send came to no end")
            .unwrap()
    }

    pub async fn cancelled(self) -> Sent {
        self.cancel.cancel();
        self.end().await
    }

    /// Drops the send in the middle.
    pub fn abort(self) {
        self.task.abort();
    }
}

pub fn response(sent: &Sent) -> &Response {
    match &sent.outcome {
        Outcome::Response(response) => response,
        Outcome::Failure(failure) => panic!("no response but {failure:?}"),
    }
}

pub fn failure(sent: &Sent) -> &Failure {
    match &sent.outcome {
        Outcome::Failure(failure) => failure,
        Outcome::Response(response) => panic!("no failure but {response:?}"),
    }
}

//! A server that answers every request with a small 201 and tells when the request arrived.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Instant,
};

const ANSWER: &[u8] =
    b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{\"id\":42}";

/// The running server.
pub struct Server {
    url: String,
    arrivals: Receiver<Instant>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/x", listener.local_addr().expect("it has one"));
        let (sender, arrivals) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                thread::spawn(move || answer(stream, &sender));
            }
        });
        Self { url, arrivals }
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// When the next request arrived.
    pub fn received(&self) -> Instant {
        self.arrivals.recv().expect("the server runs")
    }
}

fn answer(mut stream: TcpStream, arrivals: &Sender<Instant>) {
    stream.set_nodelay(true).expect("a socket option");
    let mut buffer = [0; 4096];
    let mut held = Vec::new();
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        held.extend_from_slice(&buffer[..count]);
        if is_whole(&held) {
            held.clear();
            let _ = arrivals.send(Instant::now());
            if stream.write_all(ANSWER).is_err() {
                break;
            }
        }
    }
}

/// Whether the head and as many bytes as it announces are there.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap_or(0));
    body.len() >= length
}

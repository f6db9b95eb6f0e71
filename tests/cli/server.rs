//! A server on this machine that gives scripted answers and hands over what it was sent.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
};

use crate::program::PATIENCE;

/// What the server does with one request.
#[derive(Clone)]
pub enum Answer {
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// Nothing, until the client goes away.
    Hang,
}

/// A request as it arrived.
#[derive(Debug)]
pub struct Received {
    /// Request line and header fields.
    pub head: String,
    pub body: Vec<u8>,
}

pub struct Server {
    pub port: u16,
    received: Receiver<Received>,
}

impl Server {
    /// Gives one answer a connection, in this order.
    pub fn start(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, received) = channel();
        thread::spawn(move || {
            for answer in answers {
                let (stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream);
                let Some(request) = read_request(&mut reader) else {
                    return;
                };
                let _ = sender.send(request);
                give(reader.get_mut(), &answer);
            }
        });
        Self { port, received }
    }

    /// One answer: a status line, header lines, a body.
    pub fn answering(status_line: &str, headers: &[&str], body: &[u8]) -> Self {
        Self::start(vec![answer(status_line, headers, body)])
    }

    /// One that says this, whatever it is, and hangs up.
    pub fn saying(bytes: &[u8]) -> Self {
        Self::start(vec![Answer::Bytes(bytes.to_vec())])
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The next request that arrived.
    pub fn received(&self) -> Received {
        self.received
            .recv_timeout(PATIENCE)
            .expect("the server is called")
    }
}

/// An answer of HTTP/1.1 that ends the connection.
pub fn answer(status_line: &str, headers: &[&str], body: &[u8]) -> Answer {
    let length = format!("content-length: {}", body.len());
    let lines = [&["connection: close"], headers, &[&length]].concat();
    let head = format!("HTTP/1.1 {status_line}\r\n{}\r\n\r\n", lines.join("\r\n"));
    Answer::Bytes([head.as_bytes(), body].concat())
}

/// The next request, whole: a connection that is closed with something unread is reset, and the answer may be lost.
pub fn read_request(reader: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received { head, body })
}

fn give(stream: &mut TcpStream, answer: &Answer) {
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(bytes);
        }
        Answer::Hang => {
            let _ = stream.read(&mut [0]);
        }
    }
}

/// A port that belongs to this test, and on which nothing listens while the socket lives.
pub fn deaf_port() -> (tokio::net::TcpSocket, SocketAddr) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

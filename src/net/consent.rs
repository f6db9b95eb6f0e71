//! The other end of a login in the browser: listens on loopback until the browser brings the code.

use std::{io, net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use crate::auth::oauth::{TokenError, read_callback};

/// Where the browser is sent to.
const PATH: &str = "/callback";
/// The longest request that is read, in bytes.
const LIMIT: usize = 64 * 1024;
/// Browsers open connections in advance, and some of them never say anything.
const PATIENCE: Duration = Duration::from_secs(10);

/// A listener for one login.
pub(super) struct Consent {
    listener: TcpListener,
    redirect_uri: String,
}

impl Consent {
    /// Listens on this machine only; 0 is any free port.
    pub(super) async fn open(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let redirect_uri = format!("http://{}{PATH}", listener.local_addr()?);
        Ok(Self {
            listener,
            redirect_uri,
        })
    }

    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the code. What does not belong to this login is answered and passed over, so that no
    /// other page of the browser can end it.
    pub(super) async fn code(&self, state: &str) -> Result<String, TokenError> {
        let mut visits = JoinSet::new();
        loop {
            tokio::select! {
                Ok((stream, _)) = self.listener.accept() => {
                    visits.spawn(timeout(PATIENCE, read_visit(stream)));
                }
                Some(visit) = visits.join_next() => {
                    let Ok(Ok(Some((query, stream)))) = visit else { continue };
                    let found = read_callback(&query, state);
                    answer(stream, &found).await;
                    match found {
                        Err(TokenError::State) => {}
                        found => return found,
                    }
                }
            }
        }
    }
}

/// The query of a visit to the callback, and the connection to answer it on.
async fn read_visit(mut stream: TcpStream) -> Option<(String, TcpStream)> {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        if head.len() > LIMIT || stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let line = String::from_utf8_lossy(&head);
    let target = line.lines().next()?.strip_prefix("GET ")?;
    let target = target.split(' ').next()?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    if path == PATH {
        return Some((query.to_owned(), stream));
    }
    // The icon of the page, most often.
    write(stream, "404 Not Found", "Nothing is here.").await;
    None
}

async fn answer(stream: TcpStream, found: &Result<String, TokenError>) {
    match found {
        Ok(_) => {
            let text = "posttui has what it needs. You can close this page.";
            write(stream, "200 OK", text).await;
        }
        Err(TokenError::State) => {
            let text = "This login is not the one that posttui waits for.";
            write(stream, "400 Bad Request", text).await;
        }
        Err(_) => {
            let text = "The login failed; posttui says why. You can close this page.";
            write(stream, "200 OK", text).await;
        }
    }
}

/// A browser that has gone needs no answer.
async fn write(mut stream: TcpStream, status: &str, text: &str) {
    let page =
        format!("<!doctype html><meta charset=\"utf-8\"><title>posttui</title><p>{text}</p>\n");
    let reply = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    );
    let _ = stream.write_all(reply.as_bytes()).await;
    let _ = stream.shutdown().await;
}

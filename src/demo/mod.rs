//! The playground: a small HTTP/1.1 server inside the program, to try everything against.
//!
//! It speaks HTTP by hand over [`httparse`], for it has to do what a proper server library refuses:
//! show header fields exactly as received, cut a body short, answer with garbage, on any request of
//! a connection. It listens on the loopback address only and forgets everything when it is dropped.
//!
//! ```text
//! server ── one task a connection, one turn a request ──┐
//!   wire    bytes in and out; closing, cutting, resetting│
//!   head    request line and header fields, read          │
//!   body    request body, Content-Length or chunked       │
//!   routes  ROUTES: pattern, methods, help, handler ◄─────┘
//!     call    what a handler is given
//!     reply   what a handler answers
//!     users   the accounts made in this run
//!     routes/ one file a family of routes
//! ```

mod body;
mod call;
mod head;
mod reply;
mod routes;
mod server;
mod users;
mod wire;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
};

use tokio::{net::TcpListener, task::JoinHandle};

use crate::model::{Body, Field, Request};

pub use routes::{Methods, ROUTES, Route};

/// A running playground server; dropping it ends the server and every connection.
#[derive(Debug)]
pub struct Playground {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Playground {
    /// Listens on 127.0.0.1, on a free port where `port` is `None`, and serves on tasks of the
    /// present tokio runtime.
    ///
    /// # Errors
    /// When the port cannot be listened on; the text says which one and what to do.
    pub async fn start(port: Option<u16>) -> io::Result<Self> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(0)));
        let listener = TcpListener::bind(wanted)
            .await
            .map_err(|error| explain(wanted, &error))?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(server::serve(listener));
        Ok(Self { address, server })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base of every route: `http://127.0.0.1:PORT`, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn explain(wanted: SocketAddr, error: &io::Error) -> io::Error {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there; choose another port, or none for a free one"
        }
        io::ErrorKind::PermissionDenied => "ports below 1024 need rights; choose a higher one",
        _ => "choose another port",
    };
    let text = format!("the playground cannot listen on {wanted} ({error}): {advice}");
    io::Error::new(error.kind(), text)
}

/// The request that a newcomer finds in the builder: a form for the playground's `/api/create_user`
/// and a message of one's own for each status that it answers with.
pub fn sample(base_url: &str) -> Request {
    let switched_off = Field {
        enabled: false,
        ..Field::new("debug", "1")
    };
    Request {
        url: format!("{}/api/create_user", base_url.trim_end_matches('/')),
        body: Body {
            form: vec![
                Field::new("username", "john_doe"),
                Field::new("email", "john@example.com"),
                switched_off,
            ],
            ..Body::default()
        },
        rules: vec![
            Field::new("200", "User created successfully."),
            Field::new("201", "User created successfully."),
            Field::new("400", "Invalid request."),
            Field::new("401", "Authentication failed."),
            Field::new("else", "An error occurred."),
        ],
        ..Request::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BodyKind;

    #[test]
    fn the_sample_is_a_form_with_a_row_switched_off() {
        let sample = sample("http://127.0.0.1:7878/");
        assert_eq!(sample.method, "POST");
        assert_eq!(sample.url, "http://127.0.0.1:7878/api/create_user");
        assert_eq!(sample.body.kind, BodyKind::Form);
        let sent: Vec<_> = sample.body.form.iter().map(Field::is_sent).collect();
        assert_eq!(sent, [true, true, false]);
    }
}

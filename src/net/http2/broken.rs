//! How an exchange over HTTP/2 came to nothing, in words.

use std::io;

use h2::Reason;

/// The reason that a peer gives (RFC 9113, Section 7) is told by the error inside.
#[derive(Debug, thiserror::Error)]
pub(in crate::net) enum Broken {
    #[error("the connection broke")]
    Connection(#[source] io::Error),
    #[error("the server broke the exchange off")]
    Reset(#[source] h2::Error),
    #[error("the server takes no more requests over this connection")]
    GoneAway(#[source] h2::Error),
    #[error("what came from the server breaks the rules of HTTP/2")]
    Rules(#[source] h2::Error),
    #[error("HTTP/2 does not take this request")]
    Unfit(#[source] h2::Error),
    #[error("the body of the request cannot be sent")]
    Body(#[source] reqwest::Error),
}

impl Broken {
    /// Whether it is sure that the server has done nothing about the request (RFC 9113, Section 8.7). Of a stream
    /// that a GOAWAY lets go on, its end tells as a lost connection.
    pub(in crate::net) fn is_unprocessed(&self) -> bool {
        match self {
            Self::GoneAway(_) => true,
            Self::Reset(error) => error.reason() == Some(Reason::REFUSED_STREAM),
            Self::Connection(_) | Self::Rules(_) | Self::Unfit(_) | Self::Body(_) => false,
        }
    }

    /// Whether it lies with the request.
    pub(in crate::net) fn is_ours(&self) -> bool {
        matches!(self, Self::Unfit(_) | Self::Body(_))
    }
}

impl From<h2::Error> for Broken {
    fn from(error: h2::Error) -> Self {
        let is_remote = error.is_remote();
        if error.is_io() {
            Self::Connection(error.into_io().unwrap_or(io::ErrorKind::Other.into()))
        } else if is_remote && error.is_reset() {
            Self::Reset(error)
        } else if is_remote {
            Self::GoneAway(error)
        } else if error.is_library() {
            Self::Rules(error)
        } else {
            Self::Unfit(error)
        }
    }
}

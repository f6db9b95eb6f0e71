//! From an error to its kind and its causes.

use std::{error::Error, io, iter::successors};

use rustls::AlertDescription;

use crate::{
    auth::oauth::TokenError,
    model::{FailureKind, Phase, ProxyUsed, TimeoutKind},
    spill::SpillError,
    units::human_size,
};

use super::{
    connect::{ConnectTimedOut, NoWay},
    exchange::ExchangeError,
    http2::Broken,
    outgoing::Unsendable,
    resolve::LookupFailed,
    tls,
    transport::TransportError,
    upload::FileTrouble,
};

/// What ends a hop before its response is whole.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("this request cannot be sent")]
    Unsendable(#[from] Unsendable),
    #[error("a setting of this request cannot be used")]
    Setting(#[from] TransportError),
    #[error(transparent)]
    File(#[from] FileTrouble),
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    #[error("it began with “{began}”")]
    NotHttp { began: String },
    #[error("the body could not be read to its end")]
    Body(#[source] reqwest::Error),
    #[error("no token from {}", without_query(url))]
    Token { url: String, source: TokenError },
    #[error("the token server at {} could not be asked", without_query(url))]
    TokenServer { url: String, source: Box<Trouble> },
    #[error("the request for a token cannot be made: {reason}")]
    NoTokenRequest { reason: String },
    #[error("the page for the login cannot be named: the authorize URL cannot be read")]
    NoLogin,
    #[error("posttui cannot listen for the browser's answer; another callback port may do")]
    NoCallback(#[source] io::Error),
    #[error("the system gives no random numbers, which the credentials need")]
    NoRandom,
    #[error("the body is larger than {}, the most that is kept", human_size(*limit as u64))]
    TooLarge { limit: usize },
    #[error(transparent)]
    Spill(#[from] SpillError),
    #[error("the disk does not take more of the body")]
    Disk(#[source] io::Error),
}

impl From<reqwest::Error> for Trouble {
    /// The URL is kept out of the text: it is told elsewhere, and its query may hold a secret.
    fn from(error: reqwest::Error) -> Self {
        Self::Body(error.without_url())
    }
}

/// The query of a URL may hold a secret, and says nothing here.
fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Where an error met its hop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene {
    pub(super) phase: Phase,
    pub(super) secured: Secured,
}

/// Who is spoken to by TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secured {
    /// The server at most.
    Server,
    /// The proxy alone: the server's address is one of plain HTTP.
    Proxy,
    /// The proxy, and the server through it.
    Both,
}

impl Secured {
    pub(super) fn of(url: &str, proxy: Option<&ProxyUsed>) -> Self {
        if !proxy.is_some_and(|proxy| proxy.address.starts_with("https:")) {
            return Self::Server;
        }
        if url.starts_with("https:") {
            Self::Both
        } else {
            Self::Proxy
        }
    }

    /// Whether a failed handshake was the proxy's.
    fn is_at_proxy(self, error: &(dyn Error + 'static)) -> bool {
        match self {
            Self::Server => false,
            Self::Proxy => true,
            // As long as the proxy has made no way, the server is not spoken to.
            Self::Both => find::<NoWay>(error).is_some(),
        }
    }
}

impl Trouble {
    pub(super) fn kind(&self, scene: Scene) -> FailureKind {
        match self {
            Self::Unsendable(_) => FailureKind::Other,
            Self::File(_) => FailureKind::File,
            Self::Setting(_) => FailureKind::Setting,
            Self::Exchange(error) => classify(error, scene),
            Self::Body(error) => classify(error, scene),
            Self::NotHttp { .. } => FailureKind::Malformed,
            Self::TokenServer { source, .. } => source.kind(scene),
            Self::Token { .. }
            | Self::NoTokenRequest { .. }
            | Self::NoLogin
            | Self::NoCallback(_)
            | Self::NoRandom => FailureKind::Credentials,
            Self::TooLarge { .. } | Self::Spill(_) | Self::Disk(_) => FailureKind::TooLarge,
        }
    }

    /// Whether the server ended the handshake for want of a certificate of the client: it has read nothing of
    /// what was sent meanwhile (RFC 8446, Section 4.4.2.4). Over HTTP/2 it may say that it has processed nothing.
    pub(super) fn is_unread(&self) -> bool {
        let is_refused = matches!(
            find::<rustls::Error>(self),
            Some(rustls::Error::AlertReceived(
                AlertDescription::CertificateRequired
            ))
        );
        is_refused || find::<Broken>(self).is_some_and(Broken::is_unprocessed)
    }

    /// Whether something came that cannot be read as a head.
    pub(super) fn is_misread(&self) -> bool {
        let parsed = find::<hyper::Error>(self);
        parsed.is_some_and(|error| error.is_parse() || error.is_parse_status())
    }

    /// What was reported, outermost first. Where a wrapper repeats what it wraps, it is said once.
    pub(super) fn causes(&self) -> Vec<String> {
        let mut causes: Vec<String> = chain(self).map(in_words).collect();
        causes.dedup();
        causes
    }
}

/// What an error says; some say it to programmers only.
fn in_words(error: &(dyn Error + 'static)) -> String {
    let text = error.to_string();
    if text.contains("CaUsedAsEndEntity") {
        return "the certificate is one of an authority, and none for a server".to_owned();
    }
    text
}

/// The error and all that it wraps. An [`io::Error`] leaves the error that it holds out of its own
/// chain, and it is that one which says what happened.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    successors(Some(error), |&error| {
        let held = error
            .downcast_ref::<io::Error>()
            .and_then(|it| it.get_ref());
        match held {
            Some(held) => Some(held as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref())
}

fn classify(error: &(dyn Error + 'static), scene: Scene) -> FailureKind {
    let whole = error;
    if find::<FileTrouble>(error).is_some() {
        return FailureKind::File;
    }
    if scene.phase == Phase::Receive {
        return classify_body(error);
    }
    if find::<ConnectTimedOut>(error).is_some() {
        return FailureKind::Timeout(TimeoutKind::Connect);
    }
    if let Some(error) = find::<rustls::Error>(error) {
        return if scene.secured.is_at_proxy(whole) {
            FailureKind::Proxy
        } else {
            FailureKind::Tls(tls::failed_check(error))
        };
    }
    let is_at_proxy = find::<NoWay>(error).is_some();
    if is_at_proxy && scene.phase < Phase::Tls {
        return FailureKind::Proxy;
    }
    if find::<LookupFailed>(error).is_some() {
        return FailureKind::Dns;
    }
    if let Some(error) = find::<hyper::Error>(error)
        && (error.is_parse() || error.is_parse_status())
    {
        return FailureKind::Malformed;
    }
    // The innermost one is what the system said.
    let system = chain(error).filter_map(|error| error.downcast_ref::<io::Error>());
    if let Some(kind) = system
        .last()
        .and_then(|error| classify_io(error.kind(), scene.phase))
    {
        return kind;
    }
    // What is left are the many ways of losing a connection or an HTTP/2 stream.
    let is_lost = find::<hyper::Error>(error).is_some_and(|error| !error.is_user())
        || find::<Broken>(error).is_some_and(|why| !why.is_ours());
    if is_lost {
        FailureKind::Reset
    } else {
        FailureKind::Other
    }
}

/// A body that cannot be read to its end: it stops too early, unless what came is no body at all,
/// such as a chunk without a length.
fn classify_body(error: &(dyn Error + 'static)) -> FailureKind {
    let is_invalid = chain(error)
        .filter_map(|error| error.downcast_ref::<io::Error>())
        .any(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
            )
        });
    // The frames of HTTP/2 end where the connection is no longer understood.
    let is_broken = find::<rustls::Error>(error).is_some() || find::<Broken>(error).is_some();
    if is_invalid && !is_broken {
        FailureKind::Malformed
    } else {
        FailureKind::Truncated
    }
}

fn classify_io(kind: io::ErrorKind, phase: Phase) -> Option<FailureKind> {
    use io::ErrorKind as Kind;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the system's kinds have no end, and only these have a meaning of their own here"
    )]
    match kind {
        Kind::ConnectionRefused => Some(FailureKind::Refused),
        Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::AddrNotAvailable
        | Kind::PermissionDenied => Some(FailureKind::Unreachable),
        Kind::TimedOut if phase < Phase::Send => Some(FailureKind::Timeout(TimeoutKind::Connect)),
        Kind::TimedOut
        | Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::NotConnected
        | Kind::BrokenPipe
        | Kind::UnexpectedEof => Some(FailureKind::Reset),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONNECTING: Scene = Scene {
        phase: Phase::Connect,
        secured: Secured::Server,
    };

    fn wrapped(error: impl Into<Box<dyn Error + Send + Sync>>) -> io::Error {
        io::Error::other(io::Error::other(error))
    }

    #[test]
    fn what_the_system_says_is_found_inside_its_wrappers() {
        for (kind, expected) in [
            (io::ErrorKind::ConnectionRefused, FailureKind::Refused),
            (io::ErrorKind::NetworkUnreachable, FailureKind::Unreachable),
            (io::ErrorKind::HostUnreachable, FailureKind::Unreachable),
            (
                io::ErrorKind::TimedOut,
                FailureKind::Timeout(TimeoutKind::Connect),
            ),
            (io::ErrorKind::ConnectionReset, FailureKind::Reset),
            (io::ErrorKind::Other, FailureKind::Other),
        ] {
            let error = wrapped(io::Error::from(kind));
            assert_eq!(classify(&error, CONNECTING), expected, "{kind}");
        }
    }

    #[test]
    fn what_fails_on_the_way_to_a_proxy_is_the_proxy() {
        let scene = CONNECTING;
        let refused = wrapped(io::Error::from(io::ErrorKind::ConnectionRefused));
        let at_proxy = wrapped(NoWay(refused.into()));
        assert_eq!(classify(&at_proxy, scene), FailureKind::Proxy);
        let expired = rustls::Error::from(rustls::CertificateError::Expired);
        let expired = wrapped(expired);
        assert_eq!(
            classify(
                &expired,
                Scene {
                    phase: Phase::Tls,
                    ..scene
                }
            ),
            FailureKind::Tls(crate::model::TlsCheck::Expired)
        );
    }

    #[test]
    fn a_body_that_ends_early_is_truncated_and_a_senseless_one_malformed() {
        let scene = Scene {
            phase: Phase::Receive,
            ..CONNECTING
        };
        for (kind, expected) in [
            (io::ErrorKind::UnexpectedEof, FailureKind::Truncated),
            (io::ErrorKind::ConnectionReset, FailureKind::Truncated),
            (io::ErrorKind::InvalidInput, FailureKind::Malformed),
        ] {
            assert_eq!(classify(&io::Error::from(kind), scene), expected);
        }
    }

    #[test]
    fn causes_are_told_once_each_outermost_first() {
        let trouble = Trouble::Unsendable(Unsendable::Header("x y".to_owned()));
        assert_eq!(
            trouble.causes(),
            [
                "this request cannot be sent",
                "the header field “x y” cannot be sent"
            ]
        );
        let wrappers: Vec<_> = chain(&wrapped("inside")).map(ToString::to_string).collect();
        assert_eq!(wrappers, ["inside", "inside", "inside"]);
    }
}

//! A send that got no whole response.

use serde::{Deserialize, Serialize};

use super::Response;

/// Why there is no whole response, how far the send came, and what that means for the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    /// Where the send was when it failed.
    pub phase: Phase,
    /// What was reported, outermost first; the last one is the root cause.
    pub causes: Vec<String>,
    pub processed: Processed,
    /// What had arrived before it was cut off. Its body is stored beside this value, not in it.
    pub partial: Option<Response>,
}

/// The cause of a send that was ended between two attempts.
const ENDED_WAIT: &str = "you ended the wait for the next attempt";

impl Failure {
    /// What is left of a send that was ended while it waited for its next attempt: nothing was on the wire.
    #[must_use]
    pub fn of_ended_wait(processed: Processed) -> Self {
        Self {
            kind: FailureKind::Cancelled,
            phase: Phase::Resolve,
            causes: vec![ENDED_WAIT.to_owned()],
            processed,
            partial: None,
        }
    }

    pub fn is_ended_wait(&self) -> bool {
        self.kind == FailureKind::Cancelled && self.causes.iter().any(|cause| cause == ENDED_WAIT)
    }
}

/// The kinds of failure, each with its own meaning ([`crate::status::failure`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// The name has no address, or the resolver did not answer.
    Dns,
    /// The host answered that nothing listens on that port.
    Refused,
    /// No route to the host or network.
    Unreachable,
    Tls(TlsCheck),
    Timeout(TimeoutKind),
    /// The connection was closed or reset before a response head arrived.
    Reset,
    /// The response began, and ended before its announced length.
    Truncated,
    /// What arrived is not HTTP.
    Malformed,
    /// The proxy refused or could not be reached.
    Proxy,
    /// The credentials that the request needs could not be had, so that it was not sent with them.
    Credentials,
    /// A setting of the request (proxy, certificate, address) cannot be used.
    Setting,
    /// The user cancelled.
    Cancelled,
    /// posttui itself ended (or was killed) while the exchange was in flight.
    Interrupted,
    /// The body is larger than posttui keeps; what came before is kept.
    TooLarge,
    /// A file of the request's body is not what it was when the request was prepared.
    File,
    /// None of the above; the cause chain says what is known.
    Other,
}

/// Which check of the TLS handshake failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsCheck {
    Expired,
    NotYetValid,
    /// The certificate is for other names.
    WrongHost,
    /// Signed by nobody that this machine trusts (self-signed included).
    UnknownIssuer,
    Revoked,
    /// The certificate is not acceptable for another reason.
    BadCertificate,
    /// The peer does not speak TLS (plain HTTP on an https port, for example).
    NotTls,
    /// No protocol version or cipher suite in common, or the peer sent an alert.
    Handshake,
}

/// Which of the timeouts ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeoutKind {
    /// Name resolution, TCP and TLS together took too long.
    Connect,
    /// The whole send took too long.
    Total,
    /// The server was silent for too long.
    Idle,
}

/// The phases of one hop, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    Resolve,
    Connect,
    Tls,
    /// The request is being written.
    Send,
    /// The request is written; no byte of the response has arrived.
    Wait,
    /// The head has arrived; the body is arriving.
    Receive,
}

impl Phase {
    /// What is going on, for the line beside the spinner.
    pub fn doing(self) -> &'static str {
        match self {
            Self::Resolve => "resolving the name",
            Self::Connect => "connecting",
            Self::Tls => "securing the connection with TLS",
            Self::Send => "sending the request",
            Self::Wait => "waiting for the response",
            Self::Receive => "receiving the body",
        }
    }
}

/// Whether the server may already have acted on the request: the sentence that matters for a POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Processed {
    /// Not one byte of the request left this machine towards the server.
    No,
    /// Some or all of it was sent and no answer says what became of it.
    Maybe,
    /// The server answered with a response head, so that it has at least read the request.
    Answered,
}

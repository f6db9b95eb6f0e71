//! What a failure means and what to do next, where its kind alone does not tell: that depends on the phase, on the
//! proxy, and on what the other side said.

use crate::{
    model::{Failure, FailureKind, Phase, TimeoutKind},
    status::failure::wants_certificate,
};

use super::{
    Scene,
    failed::raw,
    proxied::{proxy_of, wants_credentials},
};

pub(super) fn meaning(scene: &Scene, failure: &Failure) -> Option<&'static str> {
    let is_proxied = proxy_of(scene).is_some();
    Some(match (failure.kind, failure.phase) {
        (FailureKind::Timeout(TimeoutKind::Connect), Phase::Resolve) => {
            "The name did not become an address within the connect timeout."
        }
        (FailureKind::Timeout(TimeoutKind::Connect), Phase::Tls) => {
            "The connection was made, but the TLS handshake was not complete within the connect timeout."
        }
        (FailureKind::Timeout(TimeoutKind::Connect), Phase::Connect) if is_proxied => {
            "No connection by way of the proxy came about within the connect timeout."
        }
        (FailureKind::Malformed, Phase::Receive) => {
            "The head of the answer came, but the parts that its body is sent in cannot be told apart."
        }
        _ if wants_certificate(failure) => {
            "The server takes nobody who does not prove with a certificate who it is."
        }
        _ => return None,
    })
}

pub(super) fn next(scene: &Scene, failure: &Failure) -> Option<&'static str> {
    let is_proxied = proxy_of(scene).is_some();
    Some(match (failure.kind, failure.phase) {
        (FailureKind::Timeout(TimeoutKind::Connect), Phase::Resolve) => {
            "Check the network and the name server of this machine, or allow more time."
        }
        (FailureKind::Timeout(TimeoutKind::Connect), Phase::Tls) => {
            "Check that this port speaks TLS, and whether something on the way holds the handshake up; or allow \
             more time."
        }
        (FailureKind::Timeout(TimeoutKind::Connect), Phase::Connect) if is_proxied => {
            "Check that the proxy runs, speaks what its address says, and reaches the server; or go without it."
        }
        (FailureKind::Malformed, Phase::Receive) => {
            "What arrived is shown. The server, or a gateway before it, sends the body wrongly: look at its log."
        }
        (FailureKind::Malformed, _) if raw(scene).is_some_and(|it| it.starts_with("HTTP/")) => {
            "What arrived is shown. The server, or a gateway before it, writes its head wrongly: look at its log."
        }
        (FailureKind::Proxy, _) if wants_credentials(scene) => {
            "Put the user and the password that the proxy knows into its address, then send again."
        }
        _ if wants_certificate(failure) => {
            "Name a client certificate in the options, one that the server trusts, then send again."
        }
        _ => return None,
    })
}

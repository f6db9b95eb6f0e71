//! The TLS sessions that are kept, to make a further connection in fewer round trips. rustls looks into
//! them at the start of each handshake, and reqwest has no other place that says that one begins.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::{
    NamedGroup,
    client::{
        ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue,
        Tls13ClientSessionValue,
    },
    pki_types::{CertificateDer, ServerName},
};

use crate::{
    model::Phase,
    net::{seen::Shown, tracker::with_current},
};

/// How many servers' sessions are kept.
const KEPT: usize = 64;

/// The certificates that servers have shown: a session that is taken up again shows none.
#[derive(Debug, Clone, Default)]
pub(super) struct Chains(Arc<Mutex<Vec<(ServerName<'static>, Chain)>>>);

/// Certificates, and whether they were checked and found good.
#[derive(Debug, Clone, Default)]
pub(in crate::net) struct Chain {
    pub(in crate::net) certificates: Vec<CertificateDer<'static>>,
    pub(in crate::net) trusted: bool,
}

impl Chains {
    pub(super) fn keep(&self, name: &ServerName<'_>, chain: Chain) {
        let mut chains = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        chains.retain(|(known, _)| known != name);
        if chains.len() == KEPT {
            chains.remove(0);
        }
        chains.push((name.to_owned(), chain));
    }

    fn of(&self, name: &ServerName<'_>) -> Chain {
        let chains = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = chains.iter().find(|(known, _)| known == name);
        known.map(|(_, chain)| chain.clone()).unwrap_or_default()
    }
}

/// A store of sessions that tells when a handshake begins.
#[derive(Debug)]
pub(super) struct TellingStore {
    sessions: ClientSessionMemoryCache,
    chains: Chains,
}

impl TellingStore {
    pub(super) fn new(chains: Chains) -> Self {
        Self {
            sessions: ClientSessionMemoryCache::new(KEPT),
            chains,
        }
    }
}

impl ClientSessionStore for TellingStore {
    fn set_kx_hint(&self, server_name: ServerName<'static>, group: NamedGroup) {
        self.sessions.set_kx_hint(server_name, group);
    }

    fn kx_hint(&self, server_name: &ServerName<'_>) -> Option<NamedGroup> {
        with_current(|tracker| {
            tracker.connecting_by(Phase::Tls);
            tracker.showed(Shown {
                host: server_name.to_str().into_owned(),
                earlier: self.chains.of(server_name),
                ..Shown::default()
            });
        });
        self.sessions.kx_hint(server_name)
    }

    fn set_tls12_session(&self, server_name: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.sessions.set_tls12_session(server_name, value);
    }

    fn tls12_session(&self, server_name: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.sessions.tls12_session(server_name)
    }

    fn remove_tls12_session(&self, server_name: &ServerName<'static>) {
        self.sessions.remove_tls12_session(server_name);
    }

    fn insert_tls13_ticket(
        &self,
        server_name: ServerName<'static>,
        value: Tls13ClientSessionValue,
    ) {
        self.sessions.insert_tls13_ticket(server_name, value);
    }

    fn take_tls13_ticket(
        &self,
        server_name: &ServerName<'static>,
    ) -> Option<Tls13ClientSessionValue> {
        self.sessions.take_tls13_ticket(server_name)
    }
}

//! What a hop has shown of its way while it went: when each phase began, what the resolver and the server's TLS
//! said. reqwest keeps none of it; its resolver, its connector and rustls pass by here.

use std::time::Instant;

use rustls::{
    NamedGroup,
    pki_types::{CertificateDer, ServerName},
};

use crate::model::{Phase, PhaseStart, Tls, Transit};

use super::certificate;

/// Everything seen of one hop.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) phases: Vec<(Phase, Instant)>,
    pub(super) resolved: Vec<String>,
    pub(super) tls: Option<Shown>,
}

/// What a server showed in a handshake.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) host: String,
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) trusted: bool,
    pub(super) version: Option<&'static str>,
    pub(super) group: Option<NamedGroup>,
}

impl Shown {
    pub(super) fn new(
        name: &ServerName<'_>,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
    ) -> Self {
        let chain = [end_entity].into_iter().chain(intermediates);
        Self {
            host: name.to_str().into_owned(),
            chain: chain.map(|it| it.clone().into_owned()).collect(),
            ..Self::default()
        }
    }

    fn to_tls(&self) -> Tls {
        Tls {
            host: self.host.clone(),
            version: self.version.map(str::to_owned),
            group: self.group.map(|group| format!("{group:?}")),
            trusted: self.trusted,
            certificates: certificate::read_chain(&self.chain),
            ..Tls::default()
        }
    }
}

impl Seen {
    /// What is kept of a hop that began then.
    pub(super) fn transit(&self, began: Instant) -> Transit {
        let phases = self.phases.iter().map(|(phase, at)| PhaseStart {
            phase: *phase,
            at: at.saturating_duration_since(began),
        });
        let phases: Vec<PhaseStart> = phases.collect();
        let began_at = |wanted| phases.iter().find(|start| start.phase == wanted);
        let made = phases.iter().any(|start| start.phase < Phase::Send);
        Transit {
            first_byte: began_at(Phase::Receive).map(|start| start.at),
            reused: began_at(Phase::Send).map(|_| !made),
            resolved: self.resolved.clone(),
            tls: self.tls.as_ref().map(Shown::to_tls),
            phases,
            ..Transit::default()
        }
    }
}

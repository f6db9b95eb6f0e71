//! What a hop has shown of its way while it went: when each phase began, what the resolver and the server's TLS
//! said. reqwest keeps none of it; its resolver, its connector and rustls pass by here.

use std::time::Instant;

use crate::model::{Phase, PhaseStart, ProxyUsed, Sizes, Tls, Transit};

use super::{
    certificate,
    connections::Ends,
    tls::{Agreed, Chain},
};

/// Everything seen of one hop.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) phases: Vec<(Phase, Instant)>,
    pub(super) resolved: Vec<String>,
    pub(super) ends: Option<Ends>,
    pub(super) sizes: Sizes,
    pub(super) tls: Option<Shown>,
    pub(super) proxy: Option<ProxyUsed>,
}

/// What a server showed in a handshake, and what was agreed on.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) host: String,
    pub(super) agreed: Agreed,
    pub(super) chain: Chain,
    /// What it showed at an earlier time: a session that is taken up again goes on with that.
    pub(super) earlier: Chain,
}

impl Shown {
    /// `None` where the server neither agreed on anything nor showed who it is.
    fn to_tls(&self) -> Option<Tls> {
        let agreed = &self.agreed;
        let resumed = agreed.finished && agreed.resumed;
        let chain = if resumed { &self.earlier } else { &self.chain };
        if !agreed.finished && chain.certificates.is_empty() {
            return None;
        }
        Some(Tls {
            host: self.host.clone(),
            version: agreed
                .version
                .filter(|_| agreed.finished)
                .map(str::to_owned),
            cipher: agreed.suite_name(),
            group: agreed.group.map(|group| format!("{group:?}")),
            alpn: agreed.protocol.clone(),
            resumed,
            trusted: chain.trusted,
            certificates: certificate::read_chain(&chain.certificates),
        })
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
            proxy: self.proxy.clone(),
            resolved: self.resolved.clone(),
            local_address: self.ends.map(|ends| ends.local.to_string()),
            sizes: Some(self.sizes),
            tls: self.tls.as_ref().and_then(Shown::to_tls),
            phases,
            ..Transit::default()
        }
    }
}

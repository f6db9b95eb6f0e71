//! What a hop has shown of its way while it went: when each phase began, what the resolver said, over which
//! connection it went, which heads came.

use std::{sync::Arc, time::Instant};

use rustls::pki_types::CertificateDer;

use crate::model::{Phase, PhaseStart, ProxyUsed, ResponseHead, Sizes, Tls, Transit};

use super::{
    certificate, head_size,
    link::Link,
    unreadable,
    wiretap::{Heads, LONGEST_HEAD, Wiretap},
};

/// Everything seen of one hop.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) phases: Vec<(Phase, Instant)>,
    pub(super) resolved: Vec<String>,
    /// The connection that took the request, made or kept.
    pub(super) link: Option<Arc<Link>>,
    /// Whether it was there already.
    pub(super) is_kept: bool,
    /// The certificates that a handshake has shown so far.
    pub(super) shown: Option<Shown>,
    /// Whether it is sure that the server has not read the request, although it was sent.
    pub(super) is_unread: bool,
    pub(super) sizes: Sizes,
    pub(super) proxy: Option<ProxyUsed>,
    pub(super) proxy_reached: bool,
    /// What a proxy answered that opens no way to the server.
    pub(super) refusal: Option<ResponseHead>,
    /// What came before the final head over HTTP/2.
    pub(super) framed: Heads,
    /// `None` until the final one is there.
    pub(super) heads: Option<Heads>,
    /// What came in the place of a head.
    pub(super) unreadable: Option<Vec<u8>>,
}

/// Whose certificates were shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) host: String,
    pub(super) certificates: Vec<CertificateDer<'static>>,
    /// Whether they were checked and found good.
    pub(super) trusted: bool,
}

impl Seen {
    /// What is kept of a hop that began then.
    pub(super) fn transit(&self, began: Instant) -> Transit {
        let since = |at: Instant| at.saturating_duration_since(began);
        let phases = self.phases.iter().map(|(phase, at)| PhaseStart {
            phase: *phase,
            at: since(*at),
        });
        let phases: Vec<PhaseStart> = phases.collect();
        let began_at = |wanted| phases.iter().find(|start| start.phase == wanted);
        let link = self.link.as_ref();
        let heads = self.heads();
        Transit {
            first_byte: match heads.first_byte {
                Some(at) => Some(since(at)),
                None => began_at(Phase::Receive).map(|start| start.at),
            },
            reused: began_at(Phase::Send).map(|_| self.is_kept),
            proxy: self.proxy.clone(),
            proxy_reached: self.proxy_reached,
            proxy_refusal: self.refusal.clone().map(Box::new),
            resolved: self.resolved.clone(),
            local_address: link.and_then(|it| it.local).map(|it| it.to_string()),
            sizes: Some(self.sizes),
            tls: self.tls(),
            interim: heads.interim,
            unreadable: self.unreadable().map(|raw| unreadable::words(&raw)),
            phases,
            ..Transit::default()
        }
    }

    /// What came in the place of a head, or of one that is not whole.
    fn unreadable(&self) -> Option<Vec<u8>> {
        let begun = || self.link.as_ref()?.tap()?.begun();
        let is_there = self.heads.is_some();
        self.unreadable
            .clone()
            .or_else(|| (!is_there).then(begun).flatten())
    }

    /// The heads of this hop.
    fn heads(&self) -> Heads {
        self.heads.clone().unwrap_or_else(|| self.heads_so_far())
    }

    /// Until the final head is there, a connection of HTTP/1 is this hop's alone, and its wiretap has heard them.
    pub(super) fn heads_so_far(&self) -> Heads {
        let tap = self.link.as_ref().and_then(|link| link.tap());
        tap.map_or_else(|| self.framed.clone(), Wiretap::heads)
    }

    /// One more came over HTTP/2. What would be too long for a head is too long for those before it.
    pub(super) fn add_interim(&mut self, head: ResponseHead) {
        let framed = &mut self.framed;
        framed.first_byte.get_or_insert_with(Instant::now);
        framed.interim_length += head_size::of_response(&head);
        if framed.interim_length <= LONGEST_HEAD as u64 {
            framed.interim.push(head);
        }
    }

    /// What the connection agreed on; without one, what was shown before it came to nothing.
    fn tls(&self) -> Option<Tls> {
        if let Some(link) = &self.link {
            return link.tls.clone();
        }
        let shown = self.shown.as_ref()?;
        Some(Tls {
            host: shown.host.clone(),
            trusted: shown.trusted,
            certificates: certificate::read_chain(&shown.certificates),
            ..Tls::default()
        })
    }
}

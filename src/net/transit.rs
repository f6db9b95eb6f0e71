//! From all that was seen of a hop to what is kept of it.

use std::{sync::Arc, time::Instant};

use crate::model::{Header, Phase, PhaseStart, Sizes, Tls, Transit};

use super::{
    certificate,
    link::{Link, is_same},
    tracker::Seen,
    wiretap::{Passage, Wiretap},
};

/// What is kept of a hop that began then and is over now.
pub(super) fn of(seen: &mut Seen, began: Instant, body_bytes: u64) -> Transit {
    let link = seen.link();
    let passage = link.as_ref().and_then(|it| it.tap()).map(Wiretap::take);
    let mut transit = Transit {
        phases: seen
            .phases
            .iter()
            .map(|(phase, at)| PhaseStart {
                phase: *phase,
                at: at.saturating_duration_since(began),
            })
            .collect(),
        reused: link
            .as_ref()
            .map(|link| !is_same(Some(link), seen.made.as_ref())),
        resolved: seen.resolved.iter().map(|it| it.ip().to_string()).collect(),
        local_address: link
            .as_ref()
            .and_then(|it| it.local)
            .map(|it| it.to_string()),
        tls: tls(seen, link.as_ref()),
        ..Transit::default()
    };
    if let Some(passage) = passage {
        take_passage(&mut transit, passage, began, body_bytes);
    } else if let Some(start) = transit.phases.last() {
        let has_head = start.phase == Phase::Receive;
        transit.first_byte = has_head.then_some(start.at);
    }
    transit
}

/// The peer of a hop without an answer.
pub(super) fn remote(seen: &Seen) -> Option<String> {
    let link = seen.link().or_else(|| seen.made.clone());
    Some(link?.remote?.to_string())
}

/// What the connection agreed on; without one, what was shown before it came to nothing.
fn tls(seen: &Seen, link: Option<&Arc<Link>>) -> Option<Tls> {
    if let Some(link) = link {
        return link.tls.clone();
    }
    let (host, chain) = seen.shown.as_ref()?;
    Some(Tls {
        host: host.clone(),
        certificates: certificate::read_chain(chain),
        ..Tls::default()
    })
}

fn take_passage(transit: &mut Transit, passage: Passage, began: Instant, body_bytes: u64) {
    let Passage {
        written,
        read,
        head_bytes,
        first_byte,
        mut heads,
        beginning,
    } = passage;
    transit.first_byte = first_byte.map(|at| at.saturating_duration_since(began));
    let is_final = |status: u16| status >= 200 || status == 101;
    let answered = heads.pop_if(|head| is_final(head.status)).is_some();
    transit.interim = heads;
    if !answered && !beginning.is_empty() && transit.interim.is_empty() {
        transit.unreadable = Some(Header::new("", beginning).text());
    }
    transit.sizes = Some(Sizes {
        request_head: written.saturating_sub(body_bytes),
        sent: written,
        response_head: head_bytes,
        received: read,
    });
}

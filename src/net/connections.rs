//! What the connections that are kept open showed when they were made: a request over one of them has no
//! handshake of its own.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};

use hyper_util::client::legacy::connect::HttpInfo;

use super::seen::{Seen, Shown};

/// As many are remembered; the one made first is forgotten for a further one.
const REMEMBERED: usize = 256;

/// The two ends of a connection: this machine's, and the server's or the proxy's. No two that are open
/// have both in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) local: SocketAddr,
    pub(super) remote: SocketAddr,
}

impl Ends {
    /// Those of the connection that a response came over; `None` for a Unix socket.
    pub(super) fn of(response: &reqwest::Response) -> Option<Self> {
        let info = response.extensions().get::<HttpInfo>()?;
        Some(Self {
            local: info.local_addr(),
            remote: info.remote_addr(),
        })
    }
}

/// What was shown, by the connection.
#[derive(Default)]
pub(super) struct Connections(Mutex<VecDeque<(Ends, Shown)>>);

impl Connections {
    /// Keeps what was seen in a handshake; where there was none, adds what the connection showed when it
    /// was made.
    pub(super) fn recall(&self, seen: &mut Seen) {
        let Some(ends) = seen.ends else {
            return;
        };
        match &seen.tls {
            Some(shown) => self.keep(ends, shown.clone()),
            None => seen.tls = self.get(ends),
        }
    }

    fn keep(&self, ends: Ends, shown: Shown) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A port that is free again may be that of another connection now.
        kept.retain(|(known, _)| *known != ends);
        if kept.len() == REMEMBERED {
            kept.pop_front();
        }
        kept.push_back((ends, shown));
    }

    fn get(&self, ends: Ends) -> Option<Shown> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(known, _)| *known == ends);
        found.map(|(_, shown)| shown.clone())
    }
}

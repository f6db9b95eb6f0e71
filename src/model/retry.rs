//! When a send is tried again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{PreparedRequest, find_header};

/// Methods that do the same however often they are sent: RFC 9110, Section 9.2.2; QUERY by
/// draft-ietf-httpbis-safe-method-w-body.
const IDEMPOTENT: [&str; 7] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY"];

/// Whether a method does the same however often it is sent.
pub fn is_idempotent(method: &str) -> bool {
    IDEMPOTENT.contains(&method)
}

/// Methods that only ask: RFC 9110, Section 9.2.1; QUERY by draft-ietf-httpbis-safe-method-w-body.
const SAFE: [&str; 5] = ["GET", "HEAD", "OPTIONS", "TRACE", "QUERY"];

/// Whether a method changes nothing at the server.
pub fn is_safe(method: &str) -> bool {
    SAFE.contains(&method)
}

impl PreparedRequest {
    pub fn has_idempotency_key(&self) -> bool {
        let key = find_header(&self.headers, "idempotency-key");
        key.is_some_and(|key| !key.value.is_empty())
    }

    /// Whether nothing but a failure before its first byte lets it be sent once more.
    pub fn may_act_twice(&self) -> bool {
        !is_idempotent(&self.method)
            && !self.has_idempotency_key()
            && !self.options.retry.unsafe_too
    }
}

/// The policy. Off unless `times` is more than 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Retry {
    /// How often it is tried again at the most; 0 never does.
    pub times: u32,
    /// After what.
    pub on: Vec<Occasion>,
    /// The wait before the second attempt; it doubles each time. `Retry-After` wins over it.
    pub wait: Duration,
    /// Also what may act twice on the server: a POST without an Idempotency-Key.
    pub unsafe_too: bool,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            times: 0,
            on: vec![
                Occasion::Connect,
                Occasion::Lost,
                Occasion::status(429),
                Occasion::Status {
                    first: 502,
                    last: 504,
                },
            ],
            wait: Duration::from_millis(500),
            unsafe_too: false,
        }
    }
}

/// After what a send is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Occasion {
    /// There was no connection: no address, refused, unreachable, too slow.
    Connect,
    /// There was one, and it broke off or fell silent before the answer was whole.
    Lost,
    /// An answer with a status of this range.
    Status { first: u16, last: u16 },
}

impl Occasion {
    pub const fn status(status: u16) -> Self {
        Self::Status {
            first: status,
            last: status,
        }
    }

    pub fn is_status(self, status: u16) -> bool {
        matches!(self, Self::Status { first, last } if (first..=last).contains(&status))
    }
}

/// A further attempt that is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The attempt to come, from 2.
    pub attempt: u32,
    /// How many there may be.
    pub of: u32,
    pub wait: Duration,
    /// What the attempt before came to: `503`, `refused`.
    pub after: String,
}

/// The `Idempotency-Key` of a send: draft-ietf-httpapi-idempotency-key-header.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdempotencyKey {
    #[default]
    None,
    /// A new one for each send, the same for all of its attempts.
    Made,
    /// This one.
    Given(String),
}

//! The head and the body of a response, as received.

use std::{sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Version};
use hyper::ext::ReasonPhrase;
use tokio::{
    sync::mpsc::UnboundedSender,
    time::{Instant, timeout_at},
};

use crate::{
    model::{Header, HttpVersion, Response, ResponseHead},
    spill::Spill,
};

use super::{Progress, client::Settings, failure::Trouble};

/// A whole body from this size on is told before it is the outcome, in bytes.
const LARGE: usize = 1024 * 1024;

/// A body in the memory of less than this is copied at every report, in bytes.
const COPIED_OFTEN: usize = 8 * 1024 * 1024;

/// How often it is told how much has arrived, at most.
pub(super) const REPORT_EVERY: Duration = Duration::from_millis(50);

/// The head as hyper understood it: the values as bytes, the names in lower case.
pub(super) fn read_head(response: &reqwest::Response) -> ResponseHead {
    ResponseHead {
        status: response.status().as_u16(),
        reason: unusual_reason(response),
        version: read_version(response.version()),
        headers: read_fields(response.headers()),
    }
}

/// A head before the final one, of HTTP/2, which has no reason phrases (RFC 9113, Section 8.3.2).
pub(super) fn interim_head(interim: &http::Response<()>) -> ResponseHead {
    ResponseHead {
        status: interim.status().as_u16(),
        reason: None,
        version: HttpVersion::Http2,
        headers: read_fields(interim.headers()),
    }
}

fn read_fields(fields: &HeaderMap) -> Vec<Header> {
    let fields = fields.iter();
    fields
        .map(|(name, value)| Header::new(name.as_str(), value.as_bytes()))
        .collect()
}

/// The reason phrase when it is not the usual one. An empty one says nothing.
fn unusual_reason(response: &reqwest::Response) -> Option<String> {
    let phrase = response.extensions().get::<ReasonPhrase>()?.as_bytes();
    let usual = response.status().canonical_reason();
    let is_unusual = !phrase.is_empty() && usual.is_none_or(|usual| usual.as_bytes() != phrase);
    is_unusual.then(|| Header::new("", phrase).text())
}

fn read_version(version: Version) -> HttpVersion {
    match version {
        Version::HTTP_09 => HttpVersion::Http09,
        Version::HTTP_10 => HttpVersion::Http10,
        Version::HTTP_2 => HttpVersion::Http2,
        Version::HTTP_3 => HttpVersion::Http3,
        _ => HttpVersion::Http11,
    }
}

/// What has arrived of a response so far; it stays when the rest does not come.
pub(super) struct Incoming {
    head: ResponseHead,
    body: Kept,
}

/// Where a body is.
enum Kept {
    Memory(BytesMut),
    Disk(Spill),
}

impl Kept {
    fn len(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len(),
            Self::Disk(spill) => spill.len(),
        }
    }

    fn is_on_disk(&self) -> bool {
        matches!(self, Self::Disk(_))
    }

    fn add(&mut self, bytes: &[u8], settings: &Settings) -> Result<(), Trouble> {
        match self {
            Self::Memory(memory) if memory.len() + bytes.len() > settings.in_memory => {
                let mut spill = Spill::create(&settings.spill)?;
                spill.append(memory).map_err(Trouble::Disk)?;
                *self = Self::Disk(spill);
                self.add(bytes, settings)
            }
            Self::Memory(memory) => {
                memory.extend_from_slice(bytes);
                Ok(())
            }
            Self::Disk(spill) => spill.append(bytes).map_err(Trouble::Disk),
        }
    }

    /// What is there so far.
    fn snapshot(&mut self) -> Bytes {
        match self {
            Self::Memory(memory) => Bytes::copy_from_slice(memory),
            Self::Disk(spill) => spill.map().unwrap_or_else(|_| spill.map_written()),
        }
    }
}

impl Incoming {
    pub(super) fn new(head: ResponseHead) -> Self {
        Self {
            head,
            body: Kept::Memory(BytesMut::new()),
        }
    }

    /// Reads the body to its end, or to `limit` bytes.
    pub(super) async fn receive(
        &mut self,
        mut response: reqwest::Response,
        settings: &Settings,
        reports: &UnboundedSender<Progress>,
    ) -> Result<(), Trouble> {
        let total = response.content_length();
        let kept = total.map(|total| total.min(settings.max_body as u64));
        if kept.is_some_and(|kept| kept > settings.in_memory as u64) {
            // It would not stay in the memory anyway.
            self.body = Kept::Disk(Spill::create(&settings.spill)?);
        }
        let report = |bytes: usize| {
            // Nobody listens any more when the send has ended.
            let _ = reports.send(Progress::Received {
                bytes: bytes as u64,
                total,
            });
        };
        report(0);
        let mut reported = 0;
        // A body in the memory is copied to be looked at: each time it has doubled, once it is large.
        let mut shown = 0;
        let mut due = Instant::now() + REPORT_EVERY;
        loop {
            let news = self.body.len() != reported;
            if news && Instant::now() >= due {
                (reported, due) = (self.body.len(), Instant::now() + REPORT_EVERY);
                report(reported);
                let is_cheap = self.body.is_on_disk() || reported < COPIED_OFTEN;
                if settings.tells_arriving && (is_cheap || reported >= 2 * shown) {
                    shown = reported;
                    let _ = reports.send(Progress::Arriving(Arc::new(self.so_far())));
                }
                continue;
            }
            let chunk = if news {
                // A body that pauses does not keep back what has come before.
                match timeout_at(due, response.chunk()).await {
                    Ok(chunk) => chunk?,
                    Err(_) => continue,
                }
            } else {
                response.chunk().await?
            };
            match chunk {
                Some(chunk) => self.keep(&chunk, settings)?,
                None => break,
            }
        }
        if self.body.len() != reported {
            report(self.body.len());
        }
        // It can be looked at while the history writes it down, which takes its time.
        let is_cheap = self.body.is_on_disk() || self.body.len() < COPIED_OFTEN;
        if settings.tells_arriving && self.body.len() >= LARGE && is_cheap {
            let _ = reports.send(Progress::Arriving(Arc::new(self.so_far())));
        }
        Ok(())
    }

    fn keep(&mut self, chunk: &Bytes, settings: &Settings) -> Result<(), Trouble> {
        let limit = settings.max_body;
        let room = limit.saturating_sub(self.body.len());
        self.body
            .add(chunk.get(..room).unwrap_or(chunk), settings)?;
        if chunk.len() > room {
            return Err(Trouble::TooLarge { limit });
        }
        Ok(())
    }

    fn so_far(&mut self) -> Response {
        Response {
            head: self.head.clone(),
            body: self.body.snapshot(),
            whole: None,
        }
    }

    pub(super) fn into_response(self) -> Response {
        let body = match self.body {
            Kept::Memory(memory) => memory.freeze(),
            mut disk @ Kept::Disk(_) => disk.snapshot(),
        };
        Response {
            head: self.head,
            body,
            whole: None,
        }
    }
}

/// How much of a redirect's body is read to keep its connection, in bytes, and for how long.
const DISCARD_AT_MOST: u64 = 16 * 1024;
const DISCARD_FOR: Duration = Duration::from_secs(1);

/// Reads the body of a response that is not the answer, so that its connection can carry the next
/// request. What is long or slow is not worth that: dropping it closes the connection.
pub(super) async fn discard(mut response: reqwest::Response) {
    if response
        .content_length()
        .is_none_or(|length| length > DISCARD_AT_MOST)
    {
        return;
    }
    let to_end = async { while let Ok(Some(_)) = response.chunk().await {} };
    // Neither a failure nor a late end changes what the redirect said.
    let _ = tokio::time::timeout(DISCARD_FOR, to_end).await;
}

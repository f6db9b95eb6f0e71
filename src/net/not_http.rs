//! An answer that does not begin as HTTP does: its first bytes, so that one sees what answered instead.
//!
//! hyper hands such an answer over as HTTP/0.9, which has no head (RFC 1945, Section 3.1). No server of today
//! means that.

use std::time::Duration;

use http::Version;
use tokio::time::{Instant, timeout_at};

use super::failure::Trouble;

/// As many bytes are told.
const MOST: usize = 200;

/// How long the first bytes are waited for: whoever greets first says all of it at once.
const WAIT: Duration = Duration::from_millis(300);

/// The response, or what it began with where that is no HTTP.
pub(super) async fn sift(response: reqwest::Response) -> Result<reqwest::Response, Trouble> {
    if response.version() == Version::HTTP_09 {
        Err(Trouble::NotHttp {
            began: beginning(response).await,
        })
    } else {
        Ok(response)
    }
}

async fn beginning(mut response: reqwest::Response) -> String {
    let until = Instant::now() + WAIT;
    let mut bytes = Vec::new();
    while bytes.len() < MOST
        && let Ok(Ok(Some(chunk))) = timeout_at(until, response.chunk()).await
    {
        bytes.extend_from_slice(&chunk);
    }
    words(&bytes)
}

/// Text as it is; bytes that are none are written as Rust and C write them: `\x15\x03`.
fn words(bytes: &[u8]) -> String {
    let shown = bytes.get(..MOST).unwrap_or(bytes);
    let is_plain = |text: &str| {
        text.chars()
            .all(|char| !char.is_control() || char.is_whitespace())
    };
    let text = match str::from_utf8(shown) {
        Ok(text) if is_plain(text) => text.trim_end().to_owned(),
        Ok(_) | Err(_) => shown.escape_ascii().to_string(),
    };
    if shown.len() < bytes.len() {
        format!("{text}…")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_text_and_an_alert_is_bytes() {
        assert_eq!(words(b"SSH-2.0-OpenSSH_9.6\r\n"), "SSH-2.0-OpenSSH_9.6");
        assert_eq!(
            words(b"\x15\x03\x01\x00\x02\x02F"),
            r"\x15\x03\x01\x00\x02\x02F"
        );
        assert_eq!(words(&[b'x'; 300]).chars().count(), MOST + 1);
        assert_eq!(words(b""), "");
    }
}

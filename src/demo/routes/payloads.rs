//! Bodies of every kind that a client has to show, and heads with many fields.

use serde_json::json;

use crate::demo::{
    call::Call,
    head::Refusal,
    reply::Reply,
    wire::{Ending, Next, Trouble, Wire},
};

pub const GZIP: &[u8] = include_bytes!("../../../assets/samples/users.json.gz");
pub const BROTLI: &[u8] = include_bytes!("../../../assets/samples/users.json.br");
pub const ZSTD: &[u8] = include_bytes!("../../../assets/samples/users.json.zst");
pub const PNG: &[u8] = include_bytes!("../../../assets/samples/checker.png");

/// The most megabytes of JSON that are made.
const MOST_MEGABYTES: f64 = 10_000.0;
/// How much JSON is written at once, in bytes.
const PIECE: usize = 64 * 1024;

/// JSON of as many megabytes (of 1,000,000 bytes) as the path says, to the byte.
pub async fn json(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    let megabytes: f64 = call.number(0.0..=MOST_MEGABYTES)?;
    let mut records = Records::new((megabytes * 1e6).round() as u64);
    let reply = Reply::new(200).header("Content-Type", "application/json");
    wire.start(&reply, Ending::Length(records.left)).await?;
    if wire.wants_body() {
        while let Some(piece) = records.next_piece() {
            wire.write_body(piece.as_bytes()).await?;
        }
    }
    wire.finish().await
}

/// A JSON array of exactly so many bytes on one line, piece by piece, always the same.
struct Records {
    /// Bytes that are still to be made.
    left: u64,
    next: u64,
}

impl Records {
    /// The shortest array is `[""]`.
    const SHORTEST: u64 = 4;
    /// The padding at the end: `""]` at least.
    const END: u64 = 3;

    fn new(bytes: u64) -> Self {
        Self {
            left: bytes.max(Self::SHORTEST),
            next: 0,
        }
    }

    /// The next piece; `None` when all is made.
    fn next_piece(&mut self) -> Option<String> {
        if self.left == 0 {
            return None;
        }
        let mut piece = String::with_capacity(PIECE + 512);
        while piece.len() < PIECE && self.left > 0 {
            let part = self.next_part();
            self.left -= part.len() as u64;
            self.next += 1;
            piece.push_str(&part);
        }
        Some(piece)
    }

    /// A record with its comma, or the padding that makes the length come out.
    fn next_part(&self) -> String {
        let opening = if self.next == 0 { "[" } else { "" };
        let number = self.next;
        let record = format!(
            "{opening}{{\"id\":{number},\"username\":\"user_{number}\",\
             \"email\":\"user_{number}@example.com\",\"active\":{},\"score\":{}.50,\
             \"tags\":[\"a\",\"b\"],\"manager\":null}},",
            number.is_multiple_of(2),
            number % 100,
        );
        if record.len() as u64 + Self::END <= self.left {
            return record;
        }
        let padding = self.left - Self::END - opening.len() as u64;
        format!("{opening}\"{}\"]", "x".repeat(padding as usize))
    }
}

/// JSON that travels compressed, whatever the client says that it accepts.
pub fn compressed(coding: &str, bytes: &'static [u8]) -> Reply {
    Reply::with_body(200, "application/json", bytes)
        .header("Content-Encoding", coding)
        .header("Vary", "Accept-Encoding")
}

pub fn text() -> Reply {
    let long = "a long line, ".repeat(40);
    let body = format!(
        "Plain text in UTF-8.\n\nA\ttab, “quotes”, an é in one character and an e\u{301} in two.\n\
         Wide: 日本語, 한국어. Emoji: 🦀, 👩‍👩‍👧, 🇪🇺.\n{long}its end.\nThe last line has no end."
    );
    Reply::with_body(200, "text/plain; charset=utf-8", body)
}

pub fn html() -> Reply {
    let body = "<!doctype html>\n<html lang=\"en\">\n<head><title>Bad gateway? No: 200</title></head>\n\
        <body>\n  <h1>A page</h1>\n  <p>For people, not for programs &amp; scripts.</p>\n</body>\n</html>\n";
    Reply::with_body(200, "text/html; charset=utf-8", body)
}

pub fn latin1() -> Reply {
    let body: &[u8] = b"Caf\xe9 cr\xe8me, Stra\xdfe, ma\xf1ana: \xa7 12, 20 \xb0C, \xbd.\n";
    Reply::with_body(200, "text/plain; charset=iso-8859-1", body)
}

/// As many fields as the path says, `X-Header-1` and so on.
pub fn headers(call: &Call) -> Result<Reply, Refusal> {
    let count: u32 = call.number(0..=10_000)?;
    let mut reply = Reply::json(200, &json!({"headers": count}));
    for number in 1..=count {
        reply = reply.header(&format!("X-Header-{number}"), format!("value {number}"));
    }
    Ok(reply)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(bytes: u64) -> String {
        let mut records = Records::new(bytes);
        std::iter::from_fn(|| records.next_piece()).collect()
    }

    #[test]
    fn the_json_has_its_length_to_the_byte() {
        for bytes in (0..600).chain(65_400..65_700).chain([1_000_000]) {
            let text = make(bytes);
            assert_eq!(text.len() as u64, bytes.max(Records::SHORTEST));
            assert!(!text.contains('\n'));
            assert!(
                serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|json| json.is_array()),
                "{bytes}"
            );
        }
    }

    #[test]
    fn the_json_is_always_the_same() {
        assert_eq!(make(200_000), make(200_000));
        assert!(make(1_000).starts_with(r#"[{"id":0,"username":"user_0","#));
    }
}

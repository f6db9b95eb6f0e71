//! Bodies that come as records, and bodies that are large, deep or not what they seem: for a viewer.

use std::{fmt::Write, io, time::Duration};

use flate2::{Compression, write::GzEncoder};
use tokio::time::sleep;

use crate::demo::{
    call::Call,
    head::Refusal,
    reply::Reply,
    wire::{Ending, Next, Trouble, Wire},
};

/// The longest wait between two records, in milliseconds.
const LONGEST: u64 = 60_000;
const MOST_RECORDS: usize = 10_000_000;
const MOST_MEGABYTES: f64 = 100_000.0;
const MOST_LEVELS: usize = 10_000_000;
/// How much is written at once, in bytes.
const PIECE: usize = 64 * 1024;

/// Values of JSON, one a line.
pub async fn ndjson(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    records(call, wire, "application/x-ndjson", |number| {
        format!("{{\"n\":{number},\"level\":\"info\",\"message\":\"line {number}\"}}\n")
    })
    .await
}

/// Server-sent events.
pub async fn events(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    records(call, wire, "text/event-stream", |number| match number % 3 {
        0 => format!("id: {number}\nevent: created\ndata: {{\"id\":{number}}}\n\n"),
        1 => format!("data: tick {number}\n\n"),
        _ => format!("event: note\ndata: two\ndata: lines\n\n: {number}\n"),
    })
    .await
}

/// As many records as the path says, with a pause of `ms` between them.
async fn records(
    call: &Call<'_>,
    wire: &mut Wire,
    content_type: &str,
    record: impl Fn(usize) -> String,
) -> Result<Next, Trouble> {
    let count = call.number(0..=MOST_RECORDS)?;
    let pause = Duration::from_millis(call.query_number("ms", 0..=LONGEST, 0)?);
    let reply = Reply::new(200).header("Content-Type", content_type);
    wire.start(&reply, Ending::Chunked).await?;
    if wire.wants_body() {
        let mut piece = String::new();
        for number in 1..=count {
            piece.push_str(&record(number));
            if !pause.is_zero() || piece.len() >= PIECE {
                wire.write_body(piece.as_bytes()).await?;
                piece.clear();
            }
            if !pause.is_zero() && number < count {
                sleep(pause).await;
            }
        }
        if !piece.is_empty() {
            wire.write_body(piece.as_bytes()).await?;
        }
    }
    wire.finish().await
}

/// A table of so many records, offered as a file.
pub fn csv(call: &Call) -> Result<Reply, Refusal> {
    let count = call.number(0..=1_000_000)?;
    let mut csv = "id,name,amount,city,note\r\n".to_owned();
    for number in 1..=count {
        // Writing to a String cannot fail.
        let _ = write!(
            csv,
            "{number},\"Lee, {number}\",{}.50,Köln,\"said \"\"yes\"\"\"\r\n",
            number * 7
        );
    }
    Ok(
        Reply::with_body(200, "text/csv; charset=utf-8", csv).header(
            "Content-Disposition",
            "attachment; filename=\"orders.csv\"; filename*=UTF-8''orders%20%E2%82%AC.csv",
        ),
    )
}

pub fn xml() -> Reply {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- minified --><orders><order id=\"7\" paid=\"true\">\
        <customer>Jane &amp; sons</customer><item sku=\"A-1\">Red <b>and</b> big</item><empty/>\
        <![CDATA[<raw> & kept]]></order></orders>";
    Reply::with_body(200, "application/xml", body)
}

/// So many megabytes of text: short lines, or one line with `?lines=0`.
pub async fn lines(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    let megabytes: f64 = call.number(0.0..=MOST_MEGABYTES)?;
    let has_lines = call.query_number("lines", 0..=1, 1)? == 1;
    let mut left = (megabytes * 1e6).round() as u64;
    let reply = Reply::new(200).header("Content-Type", "text/plain; charset=utf-8");
    wire.start(&reply, Ending::Length(left)).await?;
    let mut number: u64 = 0;
    let mut piece = String::with_capacity(PIECE + 128);
    while left > 0 && wire.wants_body() {
        piece.clear();
        while piece.len() < PIECE {
            number += 1;
            let end = if has_lines { '\n' } else { ' ' };
            let _ = write!(
                piece,
                "{number:012} a line of text that goes on for a while, as lines of logs do{end}"
            );
        }
        piece.truncate(usize::try_from(left).unwrap_or(usize::MAX).min(piece.len()));
        left -= piece.len() as u64;
        wire.write_body(piece.as_bytes()).await?;
    }
    wire.finish().await
}

/// An array in an array, so many times.
pub fn deep(call: &Call) -> Result<Reply, Refusal> {
    let levels = call.number(0..=MOST_LEVELS)?;
    let body = "[".repeat(levels) + "7" + &"]".repeat(levels);
    Ok(Reply::with_body(200, "application/json", body))
}

/// A few kilobytes that are two gigabytes of zeros when both of their codings are undone.
pub fn bomb() -> Reply {
    const MEMBERS: usize = 2048;
    // Members of gzip may follow one another (RFC 1952, Section 2.2): the same one is good for all.
    let member = gzip(&vec![0; 1024 * 1024]).unwrap_or_default();
    let twice = gzip(&member.repeat(MEMBERS)).unwrap_or_default();
    Reply::with_body(200, "application/octet-stream", twice)
        .header("Content-Encoding", "gzip, gzip")
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    io::Write::write_all(&mut encoder, bytes)?;
    encoder.finish()
}

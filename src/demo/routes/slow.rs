//! Replies that take their time.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::demo::{
    call::Call,
    reply::Reply,
    wire::{Ending, Next, Trouble, Wire},
};

/// The longest wait, in milliseconds: an hour.
const LONGEST: u64 = 3_600_000;
/// The most bytes that drip.
const MOST: usize = 1_000_000;

/// Answers after the time in the path.
pub async fn delay(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    let milliseconds = call.number(0..=LONGEST)?;
    sleep(Duration::from_millis(milliseconds)).await;
    wire.send(&Reply::json(200, &json!({"delayed_ms": milliseconds})))
        .await
}

/// Sends bytes one by one, each in a chunk of its own.
pub async fn drip(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    let bytes = call.query_number("bytes", 0..=MOST, 10)?;
    let pause = Duration::from_millis(call.query_number("ms", 0..=LONGEST, 200)?);
    let reply = Reply::new(200).header("Content-Type", "text/plain; charset=utf-8");
    wire.start(&reply, Ending::Chunked).await?;
    if wire.wants_body() {
        for (number, byte) in b"0123456789".iter().cycle().take(bytes).enumerate() {
            if number > 0 && !pause.is_zero() {
                sleep(pause).await;
            }
            wire.write_body(&[*byte]).await?;
        }
    }
    wire.finish().await
}

/// Says nothing until the client gives up.
pub async fn hang(wire: &mut Wire) -> Result<Next, Trouble> {
    wire.until_closed().await?;
    Ok(Next::Close)
}

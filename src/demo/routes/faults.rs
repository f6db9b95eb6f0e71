//! Replies that break off or are none.

use crate::demo::{
    reply::Reply,
    wire::{Ending, Next, Trouble, Wire},
};

const BEGINNING: &[u8] =
    b"{\"username\":\"john_doe\",\"email\":\"john@example.com\",\"note\":\"this bo";

/// Announces 1000 bytes and closes after the beginning.
pub async fn cut(wire: &mut Wire) -> Result<Next, Trouble> {
    let reply = Reply::new(200).header("Content-Type", "application/json");
    wire.start(&reply, Ending::Length(1000)).await?;
    wire.write_raw(BEGINNING).await?;
    Ok(Next::Close)
}

/// Sends one whole chunk and closes within the second one.
pub async fn cut_chunked(wire: &mut Wire) -> Result<Next, Trouble> {
    let reply = Reply::new(200).header("Content-Type", "application/json");
    wire.start(&reply, Ending::Chunked).await?;
    wire.write_body(BEGINNING).await?;
    wire.write_raw(b"100\r\ndy ends in the middle").await?;
    Ok(Next::Close)
}

/// What an SSH server says to whoever takes it for a web server.
pub async fn garbage(wire: &mut Wire) -> Result<Next, Trouble> {
    wire.write_raw(b"SSH-2.0-OpenSSH_9.9\r\n\x00\xff\x13\x37\r\n")
        .await?;
    Ok(Next::Close)
}

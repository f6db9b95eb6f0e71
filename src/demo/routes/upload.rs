//! Bodies of any size, counted as they arrive.

use ring::digest::{Context, SHA256};
use serde::Serialize;

use crate::demo::{
    call::Call,
    reply::Reply,
    wire::{Next, Trouble, Wire},
};

/// What arrived.
#[derive(Serialize)]
struct Receipt {
    bytes: u64,
    /// To be compared with `sha256sum`.
    sha256: String,
    content_type: Option<String>,
}

/// Counts the body and sums it up without keeping it.
pub async fn upload(call: &Call<'_>, wire: &mut Wire) -> Result<Next, Trouble> {
    let mut context = Context::new(&SHA256);
    let mut bytes = 0;
    while let Some(piece) = wire.read_piece().await? {
        context.update(&piece);
        bytes += piece.len() as u64;
    }
    let receipt = Receipt {
        bytes,
        sha256: hexadecimal(context.finish().as_ref()),
        content_type: call.head.header("content-type"),
    };
    wire.send(&Reply::json(200, &receipt)).await
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

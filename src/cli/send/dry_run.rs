//! `posttui send --dry-run`: the request as it would go on the wire.

use std::{fs::File, io};

use anyhow::Context;
use jiff::Timestamp;

use crate::{
    auth::foreseen,
    cli::body,
    format::curl::export,
    model::{Header, Piece, PreparedRequest, Redact},
    prepare::{piece_note, request_head},
    text,
};

use super::{Stop, output};

/// Prints the head and the body as they would go out, the secrets of the environment masked: to a terminal
/// as text that can be read.
pub fn print(mut prepared: PreparedRequest) -> Result<(), Stop> {
    if output::stdout_is_terminal() {
        // A screen may be looked at over a shoulder.
        let added = foreseen(&prepared.masked(), None);
        let prepared = prepared.redacted();
        print_readable(&prepared, added)?;
        return print_curl(&prepared);
    }
    // The signature is one over what goes out, before its secrets are masked.
    let added = foreseen(&prepared, Some(Timestamp::now()));
    prepared.headers.extend(added);
    let prepared = prepared.masked();
    let head = request_head(&prepared);
    output::print(|out| out.write_all(head.as_bytes()))?;
    for piece in prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => output::print(|out| out.write_all(bytes))?,
            Piece::File(file) => {
                let path = file.path.display();
                let mut content =
                    File::open(&file.path).with_context(|| format!("cannot read {path}"))?;
                output::print(|out| io::copy(&mut content, out).map(drop))?;
            }
        }
    }
    Ok(())
}

/// The same as a command for a shell.
fn print_curl(prepared: &PreparedRequest) -> Result<(), Stop> {
    let command = export(prepared);
    let command = text::display_multiline(&command);
    output::print(|out| writeln!(out, "\nAs a curl command:\n{}", command.trim_end()))
}

fn print_readable(prepared: &PreparedRequest, added: Vec<Header>) -> Result<(), Stop> {
    let mut shown = prepared.clone();
    shown.headers.extend(added);
    let head = request_head(&shown).replace("\r\n", "\n");
    output::print(|out| out.write_all(text::display_multiline(&head).as_bytes()))?;
    if !prepared.body.has_files() {
        return body::print(&prepared.body.in_memory(), &prepared.headers);
    }
    let mut shown = String::new();
    for piece in prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => shown.push_str(&String::from_utf8_lossy(bytes)),
            Piece::File(file) => shown.push_str(&piece_note(file)),
        }
    }
    let shown = shown.replace("\r\n", "\n");
    output::print(|out| writeln!(out, "{}", text::display_multiline(&shown)))
}

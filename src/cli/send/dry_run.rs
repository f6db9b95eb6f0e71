//! `posttui send --dry-run`: the request as it would go on the wire.

use std::{fs::File, io};

use anyhow::Context;

use crate::{
    auth,
    cli::body,
    format::curl::export,
    model::{Piece, PreparedRequest, Redact},
    prepare::{piece_note, request_head},
    text,
};

use super::{Stop, output};

/// Prints the head and the body: to a terminal as text that can be read, elsewhere byte for byte.
pub fn print(prepared: &PreparedRequest) -> Result<(), Stop> {
    let later = prepared.credentials.later.as_ref();
    if let Some(later) = later.and_then(auth::added_later) {
        output::complain(&format!("Added when it is sent: {later}"));
    }
    if output::stdout_is_terminal() {
        // A screen may be looked at over a shoulder.
        let prepared = prepared.redacted();
        let head = request_head(&prepared);
        print_readable(&head.replace("\r\n", "\n"), &prepared)?;
        return print_curl(&prepared);
    }
    let head = request_head(prepared);
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

fn print_readable(head: &str, prepared: &PreparedRequest) -> Result<(), Stop> {
    output::print(|out| out.write_all(text::display_multiline(head).as_bytes()))?;
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

//! `posttui send --dry-run`: the request as it would go on the wire.

use std::{borrow::Cow, fs::File, io};

use anyhow::Context;
use bytes::Bytes;
use jiff::Timestamp;

use crate::{
    app::{
        drafted::{Drafted, reveal},
        late::late_note,
    },
    auth::foreseen,
    cli::body,
    format::curl::export,
    model::{FilePiece, Header, Piece, PreparedRequest, Redact},
    net::speaking_proxy,
    prepare::{field_for_proxy, piece_note, request_head_by},
    store::{Paths, read_own_secrets},
    template::Open,
    text,
};

use super::{Stop, output};

/// A request that is only looked at.
pub struct Drawn {
    prepared: PreparedRequest,
    /// Where something is only known at the send: what its stand-ins are.
    drafted: Option<Drafted>,
}

impl Drawn {
    pub fn whole(prepared: PreparedRequest) -> Self {
        Self {
            prepared,
            drafted: None,
        }
    }

    pub fn with_marks(prepared: PreparedRequest, drafted: Drafted) -> Self {
        Self {
            prepared,
            drafted: Some(drafted),
        }
    }

    fn open(&self) -> &[Open] {
        self.drafted.as_ref().map_or(&[], Drafted::open)
    }

    /// A text with marks in the place of its stand-ins.
    fn revealed(&self, text: &str) -> String {
        reveal(text, self.open())
    }

    fn revealed_bytes<'a>(&self, bytes: &'a [u8]) -> Cow<'a, [u8]> {
        match std::str::from_utf8(bytes) {
            Ok(text) if !self.open().is_empty() => self.revealed(text).into_bytes().into(),
            _ => bytes.into(),
        }
    }

    /// What stands in the place of a file whose path is only known at the send.
    fn late_note(&self, file: &FilePiece) -> Option<String> {
        Some(self.revealed(&late_note(file, self.open())?))
    }

    /// The header fields that are added at the send: a signature is one for now, where all is known that it
    /// is made of.
    fn added(&self) -> Vec<Header> {
        let at = self.drafted.is_none().then(Timestamp::now);
        foreseen(&self.prepared, at)
    }
}

/// The head, as whoever it is given to gets it.
fn head_of(prepared: &PreparedRequest) -> String {
    let proxy = speaking_proxy(&prepared.url, &prepared.options.transport);
    let mut prepared = prepared.clone();
    let added = field_for_proxy(&prepared, proxy.as_ref());
    prepared.headers.extend(added);
    request_head_by(&prepared, proxy.as_ref())
}

/// Prints the head and the body as they would go out, the secrets of the environment masked: to a terminal
/// as text that can be read.
pub fn print(mut drawn: Drawn, paths: &Paths) -> Result<(), Stop> {
    if output::stdout_is_terminal() {
        // A screen may be looked at over a shoulder.
        let own = read_own_secrets(paths).map_err(anyhow::Error::from)?;
        let added = foreseen(&drawn.prepared.masked(), None);
        let later = drawn.prepared.credentials.later.take();
        drawn.prepared = own.hide_in_prepared(&drawn.prepared).redacted();
        // The command names the kind, and what of it is no secret.
        drawn.prepared.credentials.later = later.map(|auth| auth.redacted());
        print_readable(&drawn, added)?;
        return print_curl(&drawn);
    }
    // The signature is one over what goes out, before its secrets are masked.
    let added = drawn.added();
    drawn.prepared.headers.extend(added);
    drawn.prepared = drawn.prepared.masked();
    let head = drawn.revealed(&head_of(&drawn.prepared));
    output::print(|out| out.write_all(head.as_bytes()))?;
    for piece in drawn.prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => {
                let bytes = drawn.revealed_bytes(bytes);
                output::print(|out| out.write_all(&bytes))?;
            }
            Piece::File(file) => print_file(&drawn, file)?,
        }
    }
    Ok(())
}

fn print_file(drawn: &Drawn, file: &FilePiece) -> Result<(), Stop> {
    if let Some(note) = drawn.late_note(file) {
        return output::print(|out| out.write_all(note.as_bytes()));
    }
    let path = file.path.display();
    let mut content = File::open(&file.path).with_context(|| format!("cannot read {path}"))?;
    output::print(|out| io::copy(&mut content, out).map(drop))
}

/// The same as a command for a shell.
fn print_curl(drawn: &Drawn) -> Result<(), Stop> {
    let command = export(&drawn.prepared);
    let command = match &drawn.drafted {
        Some(drafted) => drafted.in_shell(&command),
        None => command,
    };
    let command = text::display_multiline(&command);
    output::print(|out| writeln!(out, "\nAs a curl command:\n{}", command.trim_end()))
}

fn print_readable(drawn: &Drawn, added: Vec<Header>) -> Result<(), Stop> {
    let prepared = &drawn.prepared;
    let mut shown = prepared.clone();
    shown.headers.extend(added);
    let head = drawn.revealed(&head_of(&shown).replace("\r\n", "\n"));
    output::print(|out| out.write_all(text::display_multiline(&head).as_bytes()))?;
    if !prepared.body.has_files() {
        let body = prepared.body.in_memory();
        let body = Bytes::from(drawn.revealed_bytes(&body).into_owned());
        return body::print(&body, &prepared.headers);
    }
    let mut shown = String::new();
    for piece in prepared.body.pieces() {
        match piece {
            Piece::Memory(bytes) => {
                shown.push_str(&drawn.revealed(&String::from_utf8_lossy(bytes)));
            }
            Piece::File(file) => {
                let note = drawn.late_note(file);
                shown.push_str(&note.unwrap_or_else(|| piece_note(file)));
            }
        }
    }
    let shown = shown.replace("\r\n", "\n");
    output::print(|out| writeln!(out, "{}", text::display_multiline(&shown)))
}

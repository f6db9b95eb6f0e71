//! A body on stdout: its bytes, or on a terminal the text that can be read.

use std::io::Write;

use bytes::Bytes;

use crate::{
    app::rich::{Line, Tone},
    inspect::{Layout, decoded_whole},
    model::{Exchange, Header, Response, find_header},
    spill,
    units::human_size,
};

use super::{
    Stop,
    output::{self, Look},
};

/// A body may be larger than the memory.
const WRITTEN_AT_ONCE: usize = 1024 * 1024;

/// What compression may hide in any case, and at most, in bytes.
const SMALL: usize = 64 * 1024 * 1024;
const LARGEST: usize = 1024 * 1024 * 1024;
/// Between these, a body may become so many times as large. What becomes larger is made to do harm.
const STRETCHED: usize = 100;

/// Prints what came back. Compression that was asked for is undone; without, what a program reads are the
/// very bytes, however the server wrote them.
pub fn print_answer(exchange: &Exchange, response: &Response) -> Result<(), Stop> {
    let headers = &response.head.headers;
    let coding = find_header(headers, "content-encoding").map(Header::text);
    let Some(coding) =
        coding.filter(|_| exchange.prepared.options.compression && !output::stdout_is_terminal())
    else {
        return print(&response.body, headers);
    };
    let largest = response.body.len().saturating_mul(STRETCHED);
    match decoded_whole(&response.body, &coding, largest.clamp(SMALL, LARGEST)) {
        Ok(decoded) => print(&decoded, headers),
        Err(reason) => {
            output::complain(&format!("The body is printed as it came: {reason}."));
            print(&response.body, headers)
        }
    }
}

/// Prints a body that came or went with these headers.
pub fn print(body: &Bytes, headers: &[Header]) -> Result<(), Stop> {
    if body.is_empty() {
        return Ok(());
    }
    if output::stdout_is_terminal() {
        return print_readable(body, headers);
    }
    output::print(|out| {
        body.chunks(WRITTEN_AT_ONCE).try_for_each(|part| {
            out.write_all(part)?;
            spill::let_go(part);
            Ok(())
        })
    })
}

fn print_readable(body: &Bytes, headers: &[Header]) -> Result<(), Stop> {
    let header = |name| find_header(headers, name).map(Header::text);
    let (kind, encoding) = (header("content-type"), header("content-encoding"));
    // The terminal wraps long lines by itself, so that what is copied from it stays whole.
    let layout = Layout::new(body, kind.as_deref(), encoding.as_deref(), u16::MAX);
    let look = Look::stdout();
    if layout.text().is_none() {
        let kind = kind.unwrap_or_else(|| "no content type".to_owned());
        let size = human_size(body.len() as u64);
        let note = format!("Binary body ({kind}, {size}): redirect stdout into a file to keep it.");
        return output::print_lines(look, &[Line::new(Tone::Dim, &note)]);
    }
    output::print(|out: &mut dyn Write| {
        if let Some(header) = layout.header() {
            writeln!(out, "{}", look.row(&header))?;
        }
        (0..layout.rows()).try_for_each(|index| writeln!(out, "{}", look.row(&layout.row(index))))
    })
}

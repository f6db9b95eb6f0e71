//! Content codings undone: RFC 9110, Section 8.4.
//!
//! A few bytes can decode to gigabytes, and codings can be stacked. Both are capped, since a server is not
//! to be trusted; what was decoded up to there is shown.

mod zstandard;

use std::io::{self, Read};

use bytes::Bytes;

use crate::units::human_size;

/// The most bytes that one layer is decoded to.
const LARGEST: usize = 64 * 1024 * 1024;
/// The most codings that are undone, one inside the other.
const DEEPEST: usize = 4;

/// A body without its codings, as far as they could be undone.
pub struct Decoded {
    pub body: Bytes,
    /// A coding is left that posttui cannot undo, so that the body cannot be read.
    pub is_coded: bool,
    pub notes: Vec<String>,
    /// Why it is not the whole body without any coding; the last of the notes.
    problem: Option<String>,
}

/// Undoes the codings that the Content-Encoding header names, the last one first.
pub fn decode(body: &Bytes, content_encoding: Option<&str>) -> Decoded {
    decode_up_to(body, content_encoding.unwrap_or_default(), LARGEST)
}

/// The body without its codings; `None` where they cannot all be undone within `largest` bytes.
pub fn decoded_up_to(
    body: &Bytes,
    content_encoding: Option<&str>,
    largest: usize,
) -> Option<Bytes> {
    let decoded = decode_up_to(body, content_encoding.unwrap_or_default(), largest);
    // A note is left for what was undone; a second one says what went wrong.
    let is_whole = !decoded.is_coded && decoded.notes.len() <= 1;
    (is_whole && decoded.body.len() <= largest).then_some(decoded.body)
}

/// The whole body without its codings.
///
/// # Errors
/// In words: which of them cannot be undone, or what is more than `largest` bytes.
pub fn decoded_whole(
    body: &Bytes,
    content_encoding: &str,
    largest: usize,
) -> Result<Bytes, String> {
    let decoded = decode_up_to(body, content_encoding, largest);
    let Some(problem) = decoded.problem else {
        return Ok(decoded.body);
    };
    // What is shown in its place is for whoever shows something.
    let shown = [
        ": the rest is not shown",
        ": shown as received",
        ": shown as bytes",
    ];
    let reason = shown.iter().find_map(|shown| problem.strip_suffix(shown));
    Err(reason.unwrap_or(&problem).to_owned())
}

/// The beginning of the body without its codings, about `largest` bytes of it; `None` where one of them cannot
/// be undone.
pub fn decode_beginning(body: &Bytes, content_encoding: &str, largest: usize) -> Option<Bytes> {
    let decoded = decode_up_to(body, content_encoding, largest);
    (!decoded.is_coded).then_some(decoded.body)
}

pub(super) fn decode_up_to(received: &Bytes, content_encoding: &str, largest: usize) -> Decoded {
    let names = Coding::names(content_encoding);
    let mut decoded = Decoded {
        body: received.clone(),
        is_coded: false,
        notes: Vec::new(),
        problem: None,
    };
    if received.is_empty() {
        return decoded;
    }
    let mut undone = Vec::new();
    let mut problem = None;
    for (depth, name) in names.iter().rev().enumerate() {
        let Some(coding) = Coding::named(name).filter(|_| depth < DEEPEST) else {
            decoded.is_coded = true;
            problem = Some(if depth < DEEPEST {
                format!("posttui cannot decode the content-encoding “{name}”: shown as bytes")
            } else {
                format!("more than {DEEPEST} content-encodings are not decoded: shown as bytes")
            });
            break;
        };
        let (output, end) = coding.undo(&decoded.body, largest);
        problem = end.problem(name, output.len());
        if output.is_empty() && problem.is_some() {
            break;
        }
        decoded.body = output.into();
        undone.push(name.as_str());
        if problem.is_some() {
            break;
        }
    }
    if !undone.is_empty() {
        undone.reverse();
        decoded.notes.push(format!(
            "decoded from {}: {} → {}",
            undone.join(", "),
            human_size(received.len() as u64),
            human_size(decoded.body.len() as u64)
        ));
    }
    decoded.notes.extend(problem.clone());
    decoded.problem = problem;
    decoded
}

/// A coding of the IANA HTTP Content Coding Registry that can be undone.
#[derive(Clone, Copy)]
pub(super) enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstandard,
}

impl Coding {
    /// The codings that a Content-Encoding header names, in lower case, in the order in which they were applied.
    pub(super) fn names(content_encoding: &str) -> Vec<String> {
        content_encoding
            .split(',')
            .map(|name| name.trim().to_ascii_lowercase())
            .filter(|name| !name.is_empty() && name != "identity")
            .collect()
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gzip" | "x-gzip" => Self::Gzip,
            "deflate" => Self::Deflate,
            "br" => Self::Brotli,
            "zstd" => Self::Zstandard,
            _ => return None,
        })
    }

    fn undo(self, input: &[u8], largest: usize) -> (Vec<u8>, End) {
        let mut output = Vec::new();
        let end = match self {
            Self::Gzip => read(
                flate2::read::MultiGzDecoder::new(input),
                largest,
                &mut output,
            ),
            Self::Deflate if has_zlib_header(input) => {
                read(flate2::read::ZlibDecoder::new(input), largest, &mut output)
            }
            // Some servers leave out the zlib wrapping that RFC 9110, Section 8.4.1.2, asks for.
            Self::Deflate => read(
                flate2::read::DeflateDecoder::new(input),
                largest,
                &mut output,
            ),
            Self::Brotli => {
                let decoder = brotli_decompressor::Decompressor::new(input, 16 * 1024);
                read(decoder, largest, &mut output)
            }
            Self::Zstandard => zstandard::read_frames(input, largest, &mut output),
        };
        (output, end)
    }
}

/// How decoding came to its end.
enum End {
    Whole,
    TooLarge,
    Broken(String),
}

impl End {
    /// What is to be said about it; `decoded` bytes were had before.
    fn problem(&self, name: &str, decoded: usize) -> Option<String> {
        match self {
            Self::Whole => None,
            Self::TooLarge => Some(format!(
                "decoding {name} was stopped at {}: the rest is not shown",
                human_size(decoded as u64)
            )),
            Self::Broken(reason) if decoded == 0 => Some(format!(
                "the content-encoding says {name}, but the body cannot be decoded ({reason}): \
                 shown as received"
            )),
            Self::Broken(reason) => Some(format!(
                "the {name} data is broken or cut off after {} decoded ({reason})",
                human_size(decoded as u64)
            )),
        }
    }
}

/// Reads a decoder to its end, and no further than `largest` bytes of output.
fn read(decoder: impl Read, largest: usize, output: &mut Vec<u8>) -> End {
    let room = (largest + 1).saturating_sub(output.len());
    let result = decoder.take(room as u64).read_to_end(output);
    if output.len() > largest {
        output.truncate(largest);
        return End::TooLarge;
    }
    match result {
        Ok(_) => End::Whole,
        Err(error) => End::Broken(reason(&error)),
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _ => error.to_string(),
    }
}

/// RFC 1950, Section 2.2: compression method 8, and a check of the two bytes.
fn has_zlib_header(input: &[u8]) -> bool {
    matches!(input, [method, flags, ..]
        if method & 0x0F == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31))
}

#[cfg(test)]
mod tests;

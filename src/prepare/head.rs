//! The head of a prepared request as HTTP/1.1 writes it: RFC 9112, Sections 3 and 5.

use std::fmt::Write;

use crate::{
    model::{FilePiece, PreparedRequest, readable_marks},
    units::human_size,
};

/// The request line without its line end, the target in origin form (Section 3.2.1).
pub fn request_line(prepared: &PreparedRequest) -> String {
    let target = readable_marks(request_target(&prepared.url));
    format!("{} {target} HTTP/1.1", prepared.method)
}

/// The path and the query. Not parsed: the marks that stand for secrets would be encoded.
fn request_target(url: &str) -> &str {
    let whole = url.split('#').next().unwrap_or(url);
    let authority = whole.split_once("//").map_or(whole, |(_, rest)| rest);
    let path = authority.find('/').and_then(|start| authority.get(start..));
    path.unwrap_or("/")
}

/// The request line, the header fields and the blank line after them.
pub fn request_head(prepared: &PreparedRequest) -> String {
    let mut head = request_line(prepared) + "\r\n";
    for header in &prepared.headers {
        // Writing to a String cannot fail.
        let _ = write!(head, "{}: {}\r\n", header.name, header.text());
    }
    head.push_str("\r\n");
    head
}

/// What stands in the place of a file's content where a body is shown.
pub fn piece_note(file: &FilePiece) -> String {
    format!("‹{}, {}›", file.path.display(), human_size(file.size))
}

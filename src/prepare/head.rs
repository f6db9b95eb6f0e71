//! The head of a prepared request as HTTP/1.1 writes it: RFC 9112, Sections 3 and 5.

use std::fmt::Write;

use url::Url;

use crate::{
    model::{FilePiece, PreparedRequest},
    units::human_size,
};

/// The request line without its line end, the target in origin form (Section 3.2.1).
pub fn request_line(prepared: &PreparedRequest) -> String {
    let target = Url::parse(&prepared.url).map_or_else(
        |_| prepared.url.clone(),
        |url| match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        },
    );
    format!("{} {target} HTTP/1.1", prepared.method)
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

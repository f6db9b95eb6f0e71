//! The head of an HTTP/1 request as it was prepared: hyper writes names in lower case and fields of one name
//! together, and nobody has asked for that.

use bytes::{Buf, BytesMut};

use crate::model::Header;

/// The end of a head (RFC 9112, Section 2.1).
const END: &[u8] = b"\r\n\r\n";

/// As much of what follows a head goes out in the same write, in bytes.
const TOGETHER: usize = 64 * 1024;

/// Takes heads as hyper writes them and gives them out as they were prepared.
#[derive(Debug, Default)]
pub(super) struct HeadWriter {
    /// What hyper has written of a head.
    taken: Vec<u8>,
    /// What is to go out before anything else does.
    pub(super) out: BytesMut,
}

impl HeadWriter {
    /// Takes some of the bytes of a head whose fields were prepared so, and says how many; the head is in
    /// `out` once it is whole, which is told too.
    pub(super) fn take(&mut self, bytes: &[u8], fields: &[Header]) -> (usize, bool) {
        let before = self.taken.len();
        // The end may have begun in what was taken before.
        let from = before.saturating_sub(END.len() - 1);
        self.taken.extend_from_slice(bytes);
        let searched = self.taken.get(from..).unwrap_or_default();
        let Some(found) = memchr::memmem::find(searched, END) else {
            return (bytes.len(), false);
        };
        let end = from + found + END.len();
        self.taken.truncate(end);
        self.out
            .extend_from_slice(&as_prepared(&self.taken, fields));
        self.taken.clear();
        let rest = bytes.get(end - before..).unwrap_or_default();
        let together = rest.get(..TOGETHER).unwrap_or(rest);
        self.out.extend_from_slice(together);
        (end - before + together.len(), true)
    }

    /// So many bytes of `out` are gone.
    pub(super) fn gone(&mut self, bytes: usize) {
        self.out.advance(bytes.min(self.out.len()));
    }
}

/// The same fields in the order and with the names of `fields`; those that are not among them stand at the
/// end.
fn as_prepared(head: &[u8], fields: &[Header]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = lines(head).collect();
    if lines.is_empty() {
        return head.to_vec();
    }
    let mut written = Vec::with_capacity(head.len());
    push_line(&mut written, lines.remove(0));
    for field in fields {
        let is_it = |line: &&[u8]| is_field(line, field);
        let Some(at) = lines.iter().position(is_it) else {
            continue;
        };
        lines.remove(at);
        push_line(
            &mut written,
            &[field.name.as_bytes(), b": ", &field.value].concat(),
        );
    }
    for line in lines {
        push_line(&mut written, line);
    }
    written.extend_from_slice(b"\r\n");
    written
}

/// The request line and the fields, without their ends.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = head.split(|byte| *byte == b'\n');
    lines
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.is_empty())
}

fn push_line(written: &mut Vec<u8>, line: &[u8]) {
    written.extend_from_slice(line);
    written.extend_from_slice(b"\r\n");
}

/// `name: value`, as hyper writes it.
fn is_field(line: &[u8], field: &Header) -> bool {
    let Some((name, rest)) = line.split_at_checked(field.name.len()) else {
        return false;
    };
    name.eq_ignore_ascii_case(field.name.as_bytes())
        && rest.strip_prefix(b": ") == Some(field.value.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HYPERS: &[u8] =
        b"POST /x HTTP/1.1\r\nhost: h\r\nx-b: 1\r\nx-b: 3\r\nx-a: 2\r\ncontent-length: 2\r\n\r\n";
    const OURS: &[u8] =
        b"POST /x HTTP/1.1\r\nhost: h\r\nX-B: 1\r\nx-A: 2\r\nx-b: 3\r\ncontent-length: 2\r\n\r\n";

    fn fields() -> [Header; 4] {
        [
            Header::new("host", "h"),
            Header::new("X-B", "1"),
            Header::new("x-A", "2"),
            Header::new("x-b", "3"),
        ]
    }

    #[test]
    fn names_and_order_are_as_prepared_and_no_field_is_lost() {
        assert_eq!(as_prepared(HYPERS, &fields()), OURS);
        assert_eq!(as_prepared(HYPERS, &[]), HYPERS);
        let absent = [Header::new("X-C", "9"), Header::new("X-B", "7")];
        assert_eq!(as_prepared(HYPERS, &absent), HYPERS);
    }

    #[test]
    fn a_head_in_any_pieces_comes_out_whole_with_what_follows_it() {
        let all = [HYPERS, b"ab"].concat();
        for cut in 0..all.len() {
            let mut writer = HeadWriter::default();
            let (first, second) = all.split_at(cut);
            let (taken, is_whole) = writer.take(first, &fields());
            assert_eq!(taken, first.len(), "{cut}");
            if is_whole {
                assert_eq!(&writer.out[..], [OURS, &first[HYPERS.len()..]].concat());
                continue;
            }
            assert!(writer.out.is_empty());
            assert_eq!(writer.take(second, &fields()), (second.len(), true));
            assert_eq!(&writer.out[..], [OURS, b"ab"].concat(), "{cut}");
        }
    }

    #[test]
    fn of_a_long_body_some_goes_with_the_head() {
        let all = [HYPERS, &vec![b'x'; TOGETHER + 9]].concat();
        let mut writer = HeadWriter::default();
        let taken = writer.take(&all, &fields());
        assert_eq!(taken, (HYPERS.len() + TOGETHER, true));
        writer.gone(OURS.len());
        assert_eq!(writer.out.len(), TOGETHER);
    }
}

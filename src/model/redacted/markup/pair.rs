//! Tables and lists of an HTML page that show the header fields of a request: the name in one cell, the value in the one
//! beside it.

use std::ops::Range;

use super::{super::names::is_of_field, FARTHEST, Masking, Tag, find};

/// The content of the cell beside this one, where this one holds nothing but the name of a header field that is
/// secret.
pub(super) fn value_beside(
    text: &[u8],
    tag: &Tag,
    masking: &mut Masking<'_>,
) -> Option<Range<usize>> {
    let (name_cell, beside): (_, &[&[u8]]) = match text.get(tag.name.clone())? {
        b"td" => ("</td", &[b"td"]),
        b"th" => ("</th", &[b"td", b"th"]),
        b"dt" => ("</dt", &[b"dd"]),
        _ => return None,
    };
    let near = text.get(..tag.end + FARTHEST).unwrap_or(text);
    let end = find(near, tag.end, name_cell.as_bytes())?;
    let name = words(text.get(tag.end..end)?)?;
    if !is_of_field(name) || !masking.is_secret(name) {
        return None;
    }
    let behind = find(near, end, b">")? + 1;
    let rest = text.get(behind..)?;
    let open = behind
        + rest
            .iter()
            .take_while(|it| it.is_ascii_whitespace())
            .count();
    if text.get(open) != Some(&b'<') {
        return None;
    }
    let cell = Tag::read(text, open + 1)?;
    let cell_name = text.get(cell.name.clone())?;
    if !beside.contains(&cell_name) {
        return None;
    }
    let near = text.get(..cell.end + FARTHEST).unwrap_or(text);
    let end = find(near, cell.end, &[b"</", cell_name].concat());
    let end = end.or_else(|| find(text, cell.end, b"<"));
    Some(cell.end..end.unwrap_or(text.len()))
}

/// The only text of a cell, within whatever makes it bold, without the colon behind it.
fn words(cell: &[u8]) -> Option<&[u8]> {
    let parts = cell.split(|byte| *byte == b'<').enumerate();
    let mut texts = parts.filter_map(|(index, part)| {
        let text = match index {
            0 => part,
            _ => part.splitn(2, |byte| *byte == b'>').nth(1)?,
        };
        let text = text.trim_ascii();
        let text = text.strip_suffix(b":").unwrap_or(text).trim_ascii_end();
        (!text.is_empty()).then_some(text)
    });
    texts.next().filter(|_| texts.next().is_none())
}

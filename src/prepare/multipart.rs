//! Rows -> `multipart/form-data`, as the WHATWG HTML standard's encoding algorithm writes it
//! (Section 4.10.21.8, "multipart/form-data"), within the frame of RFC 7578.

use std::path::Path;

use crate::model::{Cell, Field, Piece, PreparedBody};

use super::{Given, Place, PrepareError, media_type};

/// The name that the server is told of a row's file: the one given, else that of the path.
pub fn part_file_name(row: &Field) -> String {
    if !row.part.file_name.is_empty() {
        return row.part.file_name.clone();
    }
    let name = Path::new(&row.value).file_name();
    name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The content type of a row's part: the one given, else for a file the one that its name speaks
/// for; a text has none, which means text/plain (RFC 7578, Section 4.4).
pub fn part_type(row: &Field) -> Option<String> {
    if !row.part.content_type.trim().is_empty() {
        return Some(row.part.content_type.trim().to_owned());
    }
    row.part
        .is_file
        .then(|| media_type::guess_type(&part_file_name(row)))
}

/// The whole body. Files stand in it as pieces of their own.
pub(super) fn serialise(
    rows: &[Field],
    boundary: &str,
    given: &Given,
) -> Result<PreparedBody, PrepareError> {
    let mut body = Writer::default();
    let sent = rows.iter().enumerate().filter(|(_, row)| row.is_sent());
    for (index, row) in sent {
        body.text(&format!("--{boundary}\r\n"));
        body.text(&head(index, row)?);
        if row.part.is_file {
            let wrong = |reason| PrepareError::new(Place::Part(index, Cell::Value), reason);
            body.piece(Piece::File(given.file(&row.value).map_err(wrong)?));
        } else {
            body.text(&normalise_newlines(&row.value));
        }
        body.text("\r\n");
    }
    body.text(&format!("--{boundary}--\r\n"));
    Ok(body.finish())
}

/// The header fields of one part, and the empty line after them.
fn head(index: usize, row: &Field) -> Result<String, PrepareError> {
    let name = escape(&normalise_newlines(&row.name));
    let mut head = format!("Content-Disposition: form-data; name=\"{name}\"");
    if row.part.is_file {
        let file_name = escape(&part_file_name(row));
        head = format!("{head}; filename=\"{file_name}\"");
    }
    head.push_str("\r\n");
    if let Some(content_type) = part_type(row) {
        let checked = media_type::check(&content_type)
            .map_err(|reason| PrepareError::new(Place::Part(index, Cell::Type), reason))?;
        head = format!("{head}Content-Type: {checked}\r\n");
    }
    head.push_str("\r\n");
    Ok(head)
}

/// Every line end, of whatever kind, becomes CR LF.
fn normalise_newlines(text: &str) -> String {
    let one_kind = text.replace("\r\n", "\n").replace('\r', "\n");
    one_kind.replace('\n', "\r\n")
}

/// For names and file names; nothing else is escaped.
fn escape(text: &str) -> String {
    text.replace('\n', "%0A")
        .replace('\r', "%0D")
        .replace('"', "%22")
}

/// Collects texts between files into one piece.
#[derive(Default)]
struct Writer {
    pieces: Vec<Piece>,
    text: String,
}

impl Writer {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn piece(&mut self, piece: Piece) {
        self.end_text();
        self.pieces.push(piece);
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.pieces.push(Piece::Memory(text.into()));
        }
    }

    fn finish(mut self) -> PreparedBody {
        self.end_text();
        PreparedBody::new(self.pieces)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{FilePiece, Part};

    fn written(rows: &[Field]) -> String {
        let mut given = Given::default();
        for row in rows.iter().filter(|row| row.part.is_file) {
            let file = FilePiece {
                path: (&row.value).into(),
                size: 3,
                modified: None,
            };
            given.files.insert(row.value.clone(), Ok(file));
        }
        let body = serialise(rows, "B", &given).unwrap();
        let show = |piece: &Piece| match piece {
            Piece::Memory(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            Piece::File(file) => format!("<{}>", file.path.display()),
        };
        body.pieces().iter().map(show).collect()
    }

    #[test]
    fn texts_and_files_are_parts_in_their_order() {
        let csv = Field {
            part: Part {
                is_file: true,
                file_name: "répört\"\r\n.csv".into(),
                content_type: " text/csv; header=present ".into(),
            },
            ..Field::file("table", "/data/x.bin")
        };
        let off = Field {
            enabled: false,
            ..Field::new("off", "x")
        };
        let rows = [
            Field::new("a\n\"b\"", "1\r2\n3\r\n4"),
            off,
            Field::file("photo", "/home/me/photo.png"),
            csv,
        ];
        assert_eq!(
            written(&rows),
            "--B\r\nContent-Disposition: form-data; name=\"a%0D%0A%22b%22\"\r\n\r\n\
             1\r\n2\r\n3\r\n4\r\n\
             --B\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"photo.png\"\r\n\
             Content-Type: image/png\r\n\r\n</home/me/photo.png>\r\n\
             --B\r\nContent-Disposition: form-data; name=\"table\"; filename=\"répört%22%0D%0A.csv\"\r\n\
             Content-Type: text/csv; header=present\r\n\r\n</data/x.bin>\r\n--B--\r\n"
        );
        assert_eq!(written(&[]), "--B--\r\n");
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said_at_its_cell() {
        let mut wrong_type = Field::file("a", "x");
        wrong_type.part.content_type = "png".into();
        let place = |rows: &[Field]| serialise(rows, "B", &Given::default()).unwrap_err().place;
        assert_eq!(place(&[wrong_type]), Place::Part(0, Cell::Type));
        let rows = [Field::new("a", "b"), Field::file("c", "")];
        assert_eq!(place(&rows), Place::Part(1, Cell::Value));
    }

    /// The algorithm of the standard once more, letter by letter instead of by replacing.
    fn second_opinion(text: &str, is_file_name: bool) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut normal = Vec::new();
        for (index, char) in chars.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| chars[before]);
            let lone_cr = *char == '\r' && chars.get(index + 1) != Some(&'\n');
            let lone_lf = *char == '\n' && before != Some('\r');
            match char {
                '\r' if lone_cr && !is_file_name => normal.extend(['\r', '\n']),
                '\n' if lone_lf && !is_file_name => normal.extend(['\r', '\n']),
                other => normal.push(*other),
            }
        }
        let mut escaped = String::new();
        for char in normal {
            match char {
                '\n' => escaped.push_str("%0A"),
                '\r' => escaped.push_str("%0D"),
                '"' => escaped.push_str("%22"),
                other => escaped.push(other),
            }
        }
        escaped
    }

    proptest! {
        #[test]
        fn names_are_encoded_as_the_standard_says(name in "[ab\"\r\n%é\\\\]{0,8}|.*", file_name in "[ab\"\r\n%é]{1,8}|.+") {
            let mut row = Field::file(name.clone(), "x");
            row.part.file_name = file_name.clone();
            let expected = format!(
                "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n",
                second_opinion(&name, false),
                second_opinion(&file_name, true),
            );
            let head = head(0, &row).unwrap();
            prop_assert!(head.starts_with(&expected), "{head}\n{expected}");
        }

        #[test]
        fn a_part_is_read_back_by_a_second_reader(values in prop::collection::vec("[a\r\n-]{0,12}", 0..5)) {
            let rows: Vec<Field> = values.iter().map(|value| Field::new("n", value)).collect();
            let body = written(&rows);
            let mut parts: Vec<&str> = body.split("--B\r\n").skip(1).collect();
            if let Some(last) = parts.last_mut() {
                *last = last.strip_suffix("--B--\r\n").unwrap();
            }
            prop_assert_eq!(parts.len(), rows.len());
            for (part, value) in parts.iter().zip(&values) {
                let (_, content) = part.split_once("\r\n\r\n").unwrap();
                let content = content.strip_suffix("\r\n").unwrap();
                prop_assert_eq!(content.replace("\r\n", "\n"), value.replace("\r\n", "\n").replace('\r', "\n"));
            }
        }
    }
}

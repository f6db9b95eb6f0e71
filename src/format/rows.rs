//! Rows as text, to be edited as a whole: `name=value` a line, `# ` before a row that is switched
//! off.
//!
//! `\n` and `\r` in a name or a value stand for line ends, `\\` for a backslash, `\=` for an equals
//! sign in a name and `\#` for a `#` at the start of one; any other backslash is itself. Blank lines
//! between rows mean nothing.
//!
//! In the parts of a multipart body `name=@path` is a file, and `\@` an `@` at the start of a text.

use crate::model::Field;

/// The rows as text, a line each; `parts` says whether they are those of a multipart body.
pub fn write(rows: &[Field], parts: bool) -> String {
    let mut text = String::new();
    for row in rows {
        if !row.enabled {
            text.push_str("# ");
        }
        text.push_str(&escape_name(&row.name));
        text.push('=');
        text.push_str(
            match (parts, row.part.is_file, row.value.starts_with('@')) {
                (true, true, _) => "@",
                (true, false, true) => "\\",
                _ => "",
            },
        );
        text.push_str(&escape(&row.value));
        text.push('\n');
    }
    text
}

/// The rows that a text stands for, made of what [`write()`] made of `before`: what a text does not
/// say of a part, its content type and file name, stays with the row of that name.
pub fn read_again(text: &str, parts: bool, before: &[Field]) -> Vec<Field> {
    let mut rows = read(text, parts);
    let mut kept: Vec<&Field> = before.iter().collect();
    for row in &mut rows {
        let same = |old: &&Field| old.name == row.name && old.part.is_file == row.part.is_file;
        if let Some(index) = kept.iter().position(same) {
            row.part = kept.remove(index).part.clone();
        }
    }
    rows
}

/// The rows that a text stands for. Every text stands for some.
pub fn read(text: &str, parts: bool) -> Vec<Field> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .filter(|line| !line.trim().is_empty())
        .map(|line| read_row(line, parts))
        .collect()
}

fn read_row(line: &str, parts: bool) -> Field {
    let (enabled, row) = match line.strip_prefix('#') {
        Some(row) => (false, row.strip_prefix(' ').unwrap_or(row)),
        None => (true, line),
    };
    let (name, value) = split_at_equals(row);
    let (is_file, value) = match value.strip_prefix('@') {
        Some(path) if parts => (true, path),
        _ => (false, value),
    };
    let row = if is_file {
        Field::file(unescape(name), unescape(value))
    } else {
        Field::new(unescape(name), unescape(value))
    };
    Field { enabled, ..row }
}

/// The parts before and after the first `=` that no backslash stands before.
fn split_at_equals(row: &str) -> (&str, &str) {
    let mut escaped = false;
    for (index, char) in row.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '=' => {
                let value = row.get(index + 1..).unwrap_or_default();
                return (row.get(..index).unwrap_or_default(), value);
            }
            _ => {}
        }
    }
    (row, "")
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\r', "\\r")
}

fn escape_name(name: &str) -> String {
    let name = escape(name).replace('=', "\\=");
    if name.starts_with('#') {
        format!("\\{name}")
    } else {
        name
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            plain.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some(other @ ('\\' | '=' | '#' | '@')) => plain.push(other),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn off(name: &str, value: &str) -> Field {
        Field {
            enabled: false,
            ..Field::new(name, value)
        }
    }

    #[test]
    fn rows_are_lines() {
        let rows = [
            Field::new("name", "J. Döe = me"),
            off("debug", "1"),
            Field::new("a=b", "two\nlines\\n"),
            Field::new("#tag", ""),
        ];
        let text = "name=J. Döe = me\n# debug=1\na\\=b=two\\nlines\\\\n\n\\#tag=\n";
        assert_eq!(write(&rows, false), text);
        assert_eq!(read(text, false), rows);
    }

    #[test]
    fn what_people_type_is_read_kindly() {
        let rows = read("\n  \nflag\n#off=1\npath=C:\\temp\\x\r\n= v\n#\n", false);
        assert_eq!(
            rows,
            [
                Field::new("flag", ""),
                off("off", "1"),
                Field::new("path", "C:\\temp\\x"),
                Field::new("", " v"),
                off("", ""),
            ]
        );
    }

    #[test]
    fn parts_are_texts_or_files_and_keep_their_types() {
        let mut picture = Field::file("picture", "a b.png");
        picture.part.content_type = "image/x".to_owned();
        let rows = [
            picture.clone(),
            Field::new("note", "@home"),
            Field::new("at", "x"),
        ];
        let text = "picture=@a b.png\nnote=\\@home\nat=x\n";
        assert_eq!(write(&rows, true), text);
        assert_eq!(read_again(text, true, &rows), rows);
        let moved = read_again("at=y\npicture=@c.png", true, &rows);
        assert_eq!(moved[1].part, picture.part);
        assert_eq!(moved[1].value, "c.png");
        assert_eq!(read("a=@b", false), [Field::new("a", "@b")]);
    }

    proptest! {
        #[test]
        fn rows_written_and_read_back_are_the_same(
            rows in prop::collection::vec((any::<bool>(), any::<String>(), any::<String>()), 0..6)
        ) {
            let rows: Vec<Field> = rows
                .into_iter()
                .map(|(enabled, name, value)| Field { enabled, ..Field::new(name, value) })
                .collect();
            prop_assert_eq!(read(&write(&rows, false), false), rows);
        }

        #[test]
        fn any_text_is_read_and_settles(text in any::<String>()) {
            for parts in [false, true] {
                let rows = read(&text, parts);
                prop_assert_eq!(read(&write(&rows, parts), parts), rows);
            }
        }
    }
}

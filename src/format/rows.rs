//! Rows as text, to be edited as a whole: `name=value` a line, `# ` before a row that is switched
//! off.
//!
//! `\n` and `\r` in a name or a value stand for line ends, `\\` for a backslash, `\=` for an equals
//! sign in a name and `\#` for a `#` at the start of one; any other backslash is itself. Blank lines
//! between rows mean nothing.

use crate::model::Field;

/// The rows as text, a line each.
pub fn write(rows: &[Field]) -> String {
    let mut text = String::new();
    for row in rows {
        if !row.enabled {
            text.push_str("# ");
        }
        text.push_str(&escape_name(&row.name));
        text.push('=');
        text.push_str(&escape(&row.value));
        text.push('\n');
    }
    text
}

/// The rows that a text stands for. Every text stands for some.
pub fn read(text: &str) -> Vec<Field> {
    text.split('\n')
        .map(|line| line.strip_suffix('\r').unwrap_or(line))
        .filter(|line| !line.trim().is_empty())
        .map(read_row)
        .collect()
}

fn read_row(line: &str) -> Field {
    let (enabled, row) = match line.strip_prefix('#') {
        Some(row) => (false, row.strip_prefix(' ').unwrap_or(row)),
        None => (true, line),
    };
    let (name, value) = split_at_equals(row);
    Field {
        enabled,
        name: unescape(name),
        value: unescape(value),
    }
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
            Some(other @ ('\\' | '=' | '#')) => plain.push(other),
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
        assert_eq!(write(&rows), text);
        assert_eq!(read(text), rows);
    }

    #[test]
    fn what_people_type_is_read_kindly() {
        let rows = read("\n  \nflag\n#off=1\npath=C:\\temp\\x\r\n= v\n#\n");
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

    proptest! {
        #[test]
        fn rows_written_and_read_back_are_the_same(
            rows in prop::collection::vec((any::<bool>(), any::<String>(), any::<String>()), 0..6)
        ) {
            let rows: Vec<Field> = rows
                .into_iter()
                .map(|(enabled, name, value)| Field { enabled, name, value })
                .collect();
            prop_assert_eq!(read(&write(&rows)), rows);
        }

        #[test]
        fn any_text_is_read_and_settles(text in any::<String>()) {
            let rows = read(&text);
            prop_assert_eq!(read(&write(&rows)), rows);
        }
    }
}

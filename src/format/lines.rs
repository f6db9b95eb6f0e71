//! Several lines `name=value` or `name: value` -> rows: header fields as a browser or a log shows
//! them, a file of variables.

use crate::model::Field;

/// The rows of the lines, `# ` before one that is off. `None` where a line is something else.
pub fn read(text: &str) -> Option<Vec<Field>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let rows: Vec<Field> = lines.map(read_line).collect::<Option<_>>()?;
    (!rows.is_empty()).then_some(rows)
}

fn read_line(line: &str) -> Option<Field> {
    let (enabled, line) = match line.strip_prefix('#') {
        Some(row) => (false, row.trim_start()),
        None => (true, line),
    };
    let end = line.find(['=', ':'])?;
    let (name, rest) = line.split_at(end);
    let value = rest.get(1..)?;
    let name = name.trim_end();
    // In a sentence or a program, what stands before the sign is more than a name; `http://` is a URL.
    let is_name = !name.is_empty()
        && !name.contains(|char: char| char.is_whitespace() || "{}()<>\"',;".contains(char));
    let is_url = rest.starts_with("://");
    (is_name && !is_url).then(|| Field {
        enabled,
        ..Field::new(name, value.trim_start())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_rows() {
        let rows = read("Accept: */*\r\n# X-Off: a=b\n\nname=J: D\nempty=\n").unwrap();
        assert_eq!(
            crate::format::rows::write(&rows, false),
            "Accept=*/*\n# X-Off=a=b\nname=J: D\nempty=\n"
        );
    }

    #[test]
    fn other_lines_are_left_alone() {
        for text in [
            "",
            "one\ntwo",
            "a=1\nplain",
            "see http://h/?a=1",
            "http://h/",
            "a sentence: with a colon",
            "let x = 1;",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! `-F`: the parts of a multipart body, as curl(1) describes them.

use crate::model::Field;

/// A part, or why it has no counterpart here.
pub(super) fn part(value: &str, literal: bool) -> Result<Field, String> {
    let (name, content) = value.split_once('=').unwrap_or((value, ""));
    if literal {
        return Ok(Field::new(name, content));
    }
    if let Some(file) = content.strip_prefix('<') {
        return Err(format!("{name}=<{file}: the file is not read"));
    }
    let (is_file, content) = match content.strip_prefix('@') {
        Some(file) => (true, file),
        None => (false, content),
    };
    let (content, mut rest) = take_word(content);
    let mut row = if is_file {
        Field::file(name, content)
    } else {
        Field::new(name, content)
    };
    while let Some(setting) = rest.strip_prefix(';') {
        let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
        let (value, after) = take_word(value);
        match key.trim() {
            // What follows the type may be a parameter of it (charset).
            "type" => row.part.content_type = value,
            "filename" if is_file => row.part.file_name = value,
            key if key == "charset" && !row.part.content_type.is_empty() => {
                row.part.content_type.push_str("; charset=");
                row.part.content_type.push_str(&value);
            }
            key => return Err(format!("{name}: its ;{key} has no counterpart here")),
        }
        rest = after;
    }
    Ok(row)
}

/// The text up to the next semicolon, or within quotes, and what follows it.
fn take_word(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        return (word.to_owned(), rest);
    };
    let mut word = String::new();
    let mut chars = quoted.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => break,
            '\\' => word.extend(chars.next()),
            other => word.push(other),
        }
    }
    (word, chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_texts_and_files() {
        let row = part("photo=@a b.png;type=image/x;filename=\"n;1.png\"", false).unwrap();
        assert!(row.part.is_file);
        assert_eq!(
            (row.name.as_str(), row.value.as_str()),
            ("photo", "a b.png")
        );
        assert_eq!(row.part.content_type, "image/x");
        assert_eq!(row.part.file_name, "n;1.png");
        let row = part("a=\"x;y\";type=text/plain;charset=utf-8", false).unwrap();
        assert_eq!(
            (row.value.as_str(), row.part.content_type.as_str()),
            ("x;y", "text/plain; charset=utf-8")
        );
        assert_eq!(part("a=@b;c", true), Ok(Field::new("a", "@b;c")));
        assert!(part("a=<b", false).is_err());
        assert!(
            part("a=b;headers=@x", false)
                .unwrap_err()
                .contains("headers")
        );
    }
}

//! `-F`: the parts of a multipart body, as curl(1) describes them.

use crate::model::Field;

/// The part of an option, or a part for each of its files (`name=@a,b`); or why it has no counterpart here.
pub(super) fn parts(value: &str, literal: bool) -> Result<Vec<Field>, String> {
    let (name, content) = value.split_once('=').unwrap_or((value, ""));
    if literal {
        return Ok(vec![Field::new(name, content)]);
    }
    if let Some(file) = content.strip_prefix('<') {
        return Err(format!("{name}=<{file}: the file is not read"));
    }
    let Some(mut rest) = content.strip_prefix('@') else {
        let (row, _) = part(name, content, false)?;
        return Ok(vec![row]);
    };
    let mut files = Vec::new();
    loop {
        let (row, after) = part(name, rest, true)?;
        files.push(row);
        match after.strip_prefix(',') {
            Some(further) => rest = further,
            None => return Ok(files),
        }
    }
}

/// One part with its settings, and what follows it.
fn part<'a>(name: &str, content: &'a str, is_file: bool) -> Result<(Field, &'a str), String> {
    // A comma parts files, and stands for itself in a text.
    let ends: &[char] = if is_file { &[';', ','] } else { &[';'] };
    let (content, mut rest) = take_word(content, ends);
    let mut row = if is_file {
        Field::file(name, content)
    } else {
        Field::new(name, content)
    };
    while let Some(setting) = rest.strip_prefix(';') {
        let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
        let (value, after) = take_word(value, ends);
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
    Ok((row, rest))
}

/// The text up to the next of these characters, or within quotes, and what follows it.
fn take_word<'a>(text: &'a str, ends: &[char]) -> (String, &'a str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(ends).unwrap_or(text.len());
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
        let one = |value| parts(value, false).unwrap().remove(0);
        let row = one("photo=@a b.png;type=image/x;filename=\"n;1.png\"");
        assert!(row.part.is_file);
        assert_eq!(
            (row.name.as_str(), row.value.as_str()),
            ("photo", "a b.png")
        );
        assert_eq!(row.part.content_type, "image/x");
        assert_eq!(row.part.file_name, "n;1.png");
        let row = one("a=\"x;y\";type=text/plain;charset=utf-8");
        assert_eq!(
            (row.value.as_str(), row.part.content_type.as_str()),
            ("x;y", "text/plain; charset=utf-8")
        );
        assert_eq!(one("a=x,y").value, "x,y");
        assert_eq!(parts("a=@b;c", true), Ok(vec![Field::new("a", "@b;c")]));
        assert!(parts("a=<b", false).is_err());
        assert!(
            parts("a=b;headers=@x", false)
                .unwrap_err()
                .contains("headers")
        );
    }

    #[test]
    fn several_files_are_a_part_each() {
        let rows = parts("m=@a;type=image/x,\"b,c\";filename=d,e", false).unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| {
                assert!(row.part.is_file && row.name == "m");
                (&*row.value, &*row.part.content_type, &*row.part.file_name)
            })
            .collect();
        assert_eq!(
            shown,
            [("a", "image/x", ""), ("b,c", "", "d"), ("e", "", "")]
        );
    }
}

//! ITEM: one field, file, header or query parameter as it is written on the command line.

use crate::model::Part;

use crate::template::has_template;

/// One ITEM, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// `name=value`
    Field { name: String, value: String },
    /// `name@path`, `name@path;type=mime;filename=name`
    File {
        name: String,
        path: String,
        part: Part,
    },
    /// `name:=json`, kept as written.
    Raw { name: String, json: String },
    /// `Name:value`
    Header { name: String, value: String },
    /// `name==value`
    Query { name: String, value: String },
}

/// Why a word is no ITEM.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ItemError {
    #[error(
        "“{0}” is neither a field (name=value) nor a file (name@path) nor a header (Name:value) nor a query parameter (name==value)"
    )]
    NoSeparator(String),
    #[error("“{0}” has no name before its separator")]
    NoName(String),
    #[error(
        "“{0}” looks like a URL, which stands before the fields; only a method, one word such as PUT, stands before it"
    )]
    Url(String),
    #[error("“{item}”: what follows := is not JSON: {reason}")]
    NotJson { item: String, reason: String },
}

impl Item {
    /// Reads one word. The first separator wins, the longest where several begin at one place; a
    /// backslash takes its meaning from a `:`, a `=`, a `@` or a backslash in the name.
    pub fn parse(word: &str) -> Result<Self, ItemError> {
        let (name, separator, value) =
            split(word).ok_or_else(|| ItemError::NoSeparator(word.to_owned()))?;
        let value = value.to_owned();
        let is_nameless_header = separator == ":" && name.trim().is_empty();
        if name.is_empty() && value.is_empty() || is_nameless_header {
            let is_url =
                value.starts_with(|char: char| char.is_ascii_digit()) && is_nameless_header;
            let wrong = if is_url {
                ItemError::Url
            } else {
                ItemError::NoName
            };
            return Err(wrong(word.to_owned()));
        }
        match separator {
            ":=" => Ok(Self::Raw {
                json: check_json(word, &value)?,
                name,
            }),
            "==" => Ok(Self::Query { name, value }),
            "=" => Ok(Self::Field { name, value }),
            "@" => {
                let (path, part) = read_file(&value);
                Ok(Self::File { name, path, part })
            }
            _ => Ok(Self::Header {
                name: name.trim().to_owned(),
                // What else stands there, such as a line end, is for the check of the field.
                value: value.trim_matches([' ', '\t']).to_owned(),
            }),
        }
    }
}

/// The unescaped name, the separator, and the value as it stands.
fn split(word: &str) -> Option<(String, &'static str, &str)> {
    let mut name = String::new();
    let mut rest = word;
    while let Some(char) = rest.chars().next() {
        for separator in [":=", "==", "=", ":", "@"] {
            if let Some(value) = rest.strip_prefix(separator) {
                return Some((name, separator, value));
            }
        }
        rest = rest.get(char.len_utf8()..).unwrap_or_default();
        let escaped = rest.chars().next().filter(|next| ":=@\\".contains(*next));
        match escaped.filter(|_| char == '\\') {
            Some(escaped) => {
                name.push(escaped);
                rest = rest.get(escaped.len_utf8()..).unwrap_or_default();
            }
            None => name.push(char),
        }
    }
    None
}

/// A path and what follows it, as curl writes it: `;type=` and `;filename=`, in any order. Any other
/// semicolon belongs to the path.
fn read_file(value: &str) -> (String, Part) {
    let mut part = Part {
        is_file: true,
        ..Part::default()
    };
    let mut rest = value;
    while let Some((path, suffix)) = last_suffix(rest) {
        match suffix {
            Suffix::Type(content_type) => content_type.clone_into(&mut part.content_type),
            Suffix::FileName(name) => name.clone_into(&mut part.file_name),
        }
        rest = path;
    }
    (rest.to_owned(), part)
}

enum Suffix<'a> {
    Type(&'a str),
    FileName(&'a str),
}

/// The last suffix of a value and what stands before it.
fn last_suffix(value: &str) -> Option<(&str, Suffix<'_>)> {
    let file_name = value
        .rfind(";filename=")
        .and_then(|at| value.split_at_checked(at));
    let content_type = value
        .rfind(";type=")
        .and_then(|at| value.split_at_checked(at));
    let is_last = |it: &(&str, &str), other: &Option<(&str, &str)>| {
        other.is_none_or(|(before, _)| before.len() < it.0.len())
    };
    match (file_name, content_type) {
        (Some(found), other) if is_last(&found, &other) => {
            let name = found.1.strip_prefix(";filename=")?;
            Some((found.0, Suffix::FileName(name)))
        }
        (_, Some(found)) => {
            let content_type = found.1.strip_prefix(";type=")?;
            Some((found.0, Suffix::Type(content_type)))
        }
        _ => None,
    }
}

fn check_json(word: &str, text: &str) -> Result<String, ItemError> {
    // What a template stands for is known at the send only.
    if has_template(text) {
        return Ok(text.to_owned());
    }
    serde_json::from_str::<&serde_json::value::RawValue>(text)
        .map(|value| value.get().to_owned())
        .map_err(|error| ItemError::NotJson {
            item: word.to_owned(),
            reason: error.to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, value: &str) -> Item {
        Item::Field {
            name: name.into(),
            value: value.into(),
        }
    }

    fn header(name: &str, value: &str) -> Item {
        Item::Header {
            name: name.into(),
            value: value.into(),
        }
    }

    fn query(name: &str, value: &str) -> Item {
        Item::Query {
            name: name.into(),
            value: value.into(),
        }
    }

    #[test]
    fn the_first_separator_wins() {
        for (word, item) in [
            ("name=value", field("name", "value")),
            ("name=", field("name", "")),
            ("=value", field("", "value")),
            ("a=b=c:d==e", field("a", "b=c:d==e")),
            ("a=:b", field("a", ":b")),
            ("time=12:30", field("time", "12:30")),
            ("Name:value", header("Name", "value")),
            ("Name: value ", header("Name", "value")),
            ("Name:", header("Name", "")),
            ("Cookie:a=b", header("Cookie", "a=b")),
            ("X-Url:http://x/?a==b", header("X-Url", "http://x/?a==b")),
            ("q==a b", query("q", "a b")),
            ("q==", query("q", "")),
            ("q===x", query("q", "=x")),
            ("ü=ß", field("ü", "ß")),
        ] {
            assert_eq!(Item::parse(word), Ok(item), "{word}");
        }
    }

    #[test]
    fn a_backslash_takes_the_meaning_from_a_separator_in_the_name_only() {
        for (word, item) in [
            (r"a\:b=c", field("a:b", "c")),
            (r"a\=b=c", field("a=b", "c")),
            (r"a\==c", field("a=", "c")),
            (r"a\\=c", field(r"a\", "c")),
            (r"a\b=c", field(r"a\b", "c")),
            (r"a=b\:c\\", field("a", r"b\:c\\")),
            (r"\:a:b", header(":a", "b")),
        ] {
            assert_eq!(Item::parse(word), Ok(item), "{word}");
        }
    }

    #[test]
    fn a_file_has_a_path_and_what_is_said_of_it() {
        for (word, name, path, content_type, file_name) in [
            ("photo@a.png", "photo", "a.png", "", ""),
            ("f@/a b;c.txt", "f", "/a b;c.txt", "", ""),
            (r"a\@b@x@y", "a@b", "x@y", "", ""),
            (
                "f@x;type=text/csv; header=a",
                "f",
                "x",
                "text/csv; header=a",
                "",
            ),
            (
                "f@x;filename=y;z.csv;type=text/csv",
                "f",
                "x",
                "text/csv",
                "y;z.csv",
            ),
            ("f@x;type=text/csv;filename=y", "f", "x", "text/csv", "y"),
        ] {
            let part = Part {
                is_file: true,
                file_name: file_name.into(),
                content_type: content_type.into(),
            };
            let expected = Item::File {
                name: name.into(),
                path: path.into(),
                part,
            };
            assert_eq!(Item::parse(word), Ok(expected), "{word}");
        }
        assert_eq!(Item::parse("mail=a@b"), Ok(field("mail", "a@b")));
    }

    #[test]
    fn raw_json_is_kept_as_written() {
        for json in ["1.0", "-0", "1e400", "true", "null", r#"{"b":1,"a":1}"#] {
            assert_eq!(
                Item::parse(&format!("n:={json}")),
                Ok(Item::Raw {
                    name: "n".into(),
                    json: json.into()
                })
            );
        }
        for json in ["", "tru", "{", "1 2", "'a'"] {
            assert!(
                matches!(
                    Item::parse(&format!("n:={json}")),
                    Err(ItemError::NotJson { item, .. }) if item == format!("n:={json}")
                ),
                "{json}"
            );
        }
    }

    #[test]
    fn what_is_no_item_is_refused_by_name() {
        for word in ["", "name", r"a\=b", r"a\", r"\:"] {
            assert_eq!(
                Item::parse(word),
                Err(ItemError::NoSeparator(word.into())),
                "{word}"
            );
        }
        let url = Err(ItemError::Url(":3000/x".into()));
        assert_eq!(
            Item::parse(":3000/x"),
            url,
            "a method is missing, or is none"
        );
        for word in ["=", "==", ":", " :x"] {
            assert_eq!(
                Item::parse(word),
                Err(ItemError::NoName(word.into())),
                "{word}"
            );
        }
    }
}

//! What is left out of a comparison: headers by their names, JSON values by their paths.

use std::str::FromStr;

/// What differs in every answer and tells nothing.
pub const USUALLY_IGNORED: &[&str] = &["date", "age"];

/// The things not to be compared.
///
/// A word is the name of a header or of a form field, its case of no matter: `date`. What begins with `.`
/// or `[` is the end of a path in a JSON body: `.id` is every member called so, `.items[].at` the `at` of
/// any item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ignored(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Name(String),
    /// Ends with this, the numbers of array items left out.
    Path(String),
}

/// An entry of the list that means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is neither the name of a header nor a path such as .id or .items[].at")]
pub struct IgnoredError(String);

impl FromStr for Entry {
    type Err = IgnoredError;

    fn from_str(text: &str) -> Result<Self, IgnoredError> {
        let text = text.trim();
        if text.starts_with(['.', '[']) && text.len() > 1 {
            return Ok(Self::Path(without_numbers(text)));
        }
        let is_word = !text.is_empty() && !text.contains([' ', ':', '=', '.', '[']);
        if is_word {
            Ok(Self::Name(text.to_owned()))
        } else {
            Err(IgnoredError(text.to_owned()))
        }
    }
}

impl Ignored {
    /// Reads entries; an entry may hold several, with commas between them.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, IgnoredError> {
        let entries = entries.into_iter().flat_map(|entry| entry.split(','));
        let entries = entries.filter(|entry| !entry.trim().is_empty());
        Ok(Self(entries.map(str::parse).collect::<Result<_, _>>()?))
    }

    /// Whether a header or a form field of this name is left out.
    pub fn header(&self, name: &str) -> bool {
        self.0
            .iter()
            .any(|entry| matches!(entry, Entry::Name(word) if word.eq_ignore_ascii_case(name)))
    }

    /// Whether the JSON value at this path is left out, with all that lies in it.
    pub fn path(&self, path: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let path = without_numbers(path);
        self.0
            .iter()
            .any(|entry| matches!(entry, Entry::Path(end) if path.ends_with(end.as_str())))
    }
}

/// `.items[3].at` as `.items[].at`: whichever item it is. A name in quotes keeps its digits.
fn without_numbers(path: &str) -> String {
    let mut kept = String::with_capacity(path.len());
    let mut in_number = false;
    for char in path.chars() {
        in_number &= char.is_ascii_digit();
        if !in_number {
            kept.push(char);
        }
        in_number |= char == '[';
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ends_of_paths_are_left_out() {
        let ignored = Ignored::parse(["Date", ".id,.items[].at"]).unwrap();
        assert!(ignored.header("date") && !ignored.header("id"));
        for path in [".id", ".user.id", ".items[12].id", ".items[3].at"] {
            assert!(ignored.path(path), "{path}");
        }
        for path in [".identity", ".at", ".users[3].at", ".myid"] {
            assert!(!ignored.path(path), "{path}");
        }
    }

    #[test]
    fn what_means_nothing_is_refused() {
        for entry in ["a b", "x.y", "name=value"] {
            let error = Ignored::parse([entry]).unwrap_err().to_string();
            assert!(error.contains(entry), "{error}");
        }
        assert_eq!(Ignored::parse(["", " , "]).unwrap(), Ignored::default());
    }
}

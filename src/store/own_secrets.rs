//! What the user holds secret, as the file `masks.toml` of the configuration says:
//!
//! ```toml
//! fields = ["pin", "x-internal-id"]
//! answers = "as they came"            # no marks in bodies of answers, but for these
//!
//! [patterns]
//! employee = 'EMP-[0-9]{6}'
//! ```

use std::{fs, io::ErrorKind, path::PathBuf};

use toml_edit::{DocumentMut, TableLike};

use crate::model::OwnSecrets;

use super::{Paths, StoreError};

/// Where the file is, existing or not.
pub fn own_secrets_path(paths: &Paths) -> PathBuf {
    paths.config.join("masks.toml")
}

/// Reads the file; none is as good as an empty one. What cannot be read is an error: nothing may be written down
/// by guess.
pub fn read_own_secrets(paths: &Paths) -> Result<OwnSecrets, StoreError> {
    let path = own_secrets_path(paths);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(OwnSecrets::default());
        }
        Err(error) => return Err(StoreError::file("read", &path)(error)),
    };
    parse(&text).map_err(|reason| StoreError::Unreadable { path, reason })
}

fn parse(text: &str) -> Result<OwnSecrets, String> {
    let document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.message().to_owned())?;
    let mut fields = Vec::new();
    let mut patterns = Vec::new();
    let mut keeps_answers = false;
    for (key, item) in document.iter() {
        match key {
            "fields" => {
                let list = item.as_array().into_iter().flatten();
                let names: Option<Vec<&str>> = list.map(|it| it.as_str()).collect();
                let names = names.filter(|_| item.is_array());
                fields = names.ok_or("`fields` is no list of names in quotes")?;
            }
            "answers" => {
                keeps_answers = match item.as_str() {
                    Some("masked") => false,
                    Some("as they came") => true,
                    _ => {
                        return Err(
                            "`answers` is neither \"masked\" nor \"as they came\"".to_owned()
                        );
                    }
                };
            }
            "patterns" => {
                let table = item.as_table_like().ok_or(NO_TABLE)?;
                patterns = read_patterns(table)?;
            }
            other => {
                return Err(format!(
                    "“{other}” is neither `fields`, `patterns` nor `answers`, and nothing is kept while that is so"
                ));
            }
        }
    }
    let own = OwnSecrets::new(fields, patterns).map_err(|error| error.to_string())?;
    Ok(if keeps_answers {
        own.with_answers_kept()
    } else {
        own
    })
}

const NO_TABLE: &str = "`patterns` is no table of names and regular expressions in quotes";

fn read_patterns(table: &dyn TableLike) -> Result<Vec<(&str, &str)>, String> {
    let pairs = table
        .iter()
        .map(|(name, item)| Some((name, item.as_str()?)));
    pairs
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| NO_TABLE.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_patterns_are_read_and_nothing_is_guessed() {
        let own = parse("fields = [\"pin\"]\n[patterns]\nemployee = 'EMP-[0-9]{6}'\n").unwrap();
        assert_eq!(own.hidden("EMP-123456".to_owned()), "‹secret employee›");
        assert!(parse("").unwrap().is_empty());
        for (wrong, says) in [
            ("fields = \"pin\"", "no list"),
            ("fields = [1]", "no list"),
            ("patterns = [\"a\"]", "no table"),
            ("[patterns]\na = 1", "no table"),
            ("[patterns]\na = '('", "no regular expression"),
            ("field = []", "neither"),
            ("answers = true", "masked"),
            ("fields = [", ""),
        ] {
            let reason = parse(wrong).unwrap_err();
            assert!(reason.contains(says), "{wrong}: {reason}");
        }
    }
}

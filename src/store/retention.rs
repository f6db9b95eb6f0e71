//! How much the history keeps, as the user lays it down in a file of the configuration folder:
//!
//! ```toml
//! size = "1GiB"          # the usual; "none" for no limit
//! age = "90d"
//! count = 100000
//!
//! [environments.prod]    # of what was sent there, besides
//! age = "30d"
//! ```

use std::{collections::BTreeMap, fs, io::ErrorKind, time::Duration};

use toml_edit::{DocumentMut, Item, TableLike};

use crate::{search::read_size, units::read_age};

use super::Paths;

/// The file in the configuration folder.
const FILE: &str = "history.toml";

/// How much is kept; `None` for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of the database and the files of its bodies, in bytes.
    pub size: Option<u64>,
    pub age: Option<Duration>,
    pub count: Option<u64>,
}

impl Default for Limits {
    /// One GiB, and no other limit: years of exchanges for nearly everybody.
    fn default() -> Self {
        Self {
            size: Some(1024 * 1024 * 1024),
            age: None,
            count: None,
        }
    }
}

impl Limits {
    pub const NONE: Self = Self {
        size: None,
        age: None,
        count: None,
    };
}

/// How much is kept, of everything and of single environments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Retention {
    pub all: Limits,
    /// By the names of environments.
    pub environments: BTreeMap<String, Limits>,
}

impl Retention {
    /// What the file says; the usual where there is none. One that cannot be read is told, and nothing is limited
    /// by it: nothing must be forgotten by mistake.
    pub fn read(paths: &Paths) -> (Self, Option<String>) {
        let path = paths.config.join(FILE);
        let read = match fs::read_to_string(&path) {
            Ok(text) => parse(&text),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return (Self::default(), None);
            }
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok(retention) => (retention, None),
            Err(reason) => {
                let path = path.display();
                let told = format!(
                    "{path} cannot be read ({reason}): nothing is forgotten until it is corrected."
                );
                let nothing = Self {
                    all: Limits::NONE,
                    ..Self::default()
                };
                (nothing, Some(told))
            }
        }
    }
}

fn parse(text: &str) -> Result<Retention, String> {
    let document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.unwrap_or_default().matches('\n').count() + 1;
        format!("line {line}: {}", error.message().replace('\n', ", "))
    })?;
    let mut retention = Retention::default();
    for (key, item) in document.iter() {
        if key == "environments" {
            let table = item.as_table_like();
            for (name, item) in table.ok_or("[environments] is no table")?.iter() {
                let table = item
                    .as_table_like()
                    .ok_or_else(|| format!("[environments.{name}] is no table"))?;
                let limits = parse_limits(table)
                    .map_err(|reason| format!("[environments.{name}]: {reason}"))?;
                retention.environments.insert(name.to_owned(), limits);
            }
        } else {
            set(&mut retention.all, key, item)?;
        }
    }
    Ok(retention)
}

fn parse_limits(table: &dyn TableLike) -> Result<Limits, String> {
    let mut limits = Limits::NONE;
    for (key, item) in table.iter() {
        set(&mut limits, key, item)?;
    }
    Ok(limits)
}

fn set(limits: &mut Limits, key: &str, item: &Item) -> Result<(), String> {
    let text = match (item.as_str(), item.as_integer()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(number)) => number.to_string(),
        (None, None) => return Err(format!("{key} needs a text or a number")),
    };
    let is_none = text == "none";
    let wrong = |example: &str| format!("{key} = “{text}”: write {example}, or none");
    match key {
        "size" => {
            limits.size = read_size(&text);
            if limits.size.is_none() && !is_none {
                return Err(wrong("500MB or 2GiB"));
            }
        }
        "age" => {
            limits.age = read_age(&text);
            if limits.age.is_none() && !is_none {
                return Err(wrong("12h, 90d or 52w"));
            }
        }
        "count" => {
            limits.count = text.parse().ok();
            if limits.count.is_none() && !is_none {
                return Err(wrong("100000"));
            }
        }
        other => return Err(format!("“{other}” means nothing here")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_can_be_no_file_there_is_none() {
        let paths = Paths::within(std::path::Path::new("/dev/null/nowhere"));
        assert_eq!(Retention::read(&paths), (Retention::default(), None));
    }

    #[test]
    fn limits_are_read_of_everything_and_of_environments() {
        let text = "age = '90d'\ncount = 1000\n\n[environments.prod]\nsize = '2MiB'\nage = '12h'\n";
        let retention = parse(text).unwrap();
        let days = |days: u64| Duration::from_hours(24 * days);
        assert_eq!(
            retention.all,
            Limits {
                size: Limits::default().size,
                age: Some(days(90)),
                count: Some(1_000),
            }
        );
        let prod = Limits {
            size: Some(2 * 1024 * 1024),
            age: Some(Duration::from_hours(12)),
            count: None,
        };
        assert_eq!(retention.environments.get("prod"), Some(&prod));
        assert_eq!(parse("size = 'none'").unwrap().all, Limits::NONE);
        assert_eq!(parse("").unwrap(), Retention::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_limits_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::within(folder.path());
        assert_eq!(Retention::read(&paths), (Retention::default(), None));
        fs::create_dir_all(&paths.config).unwrap();
        for (text, told) in [
            ("age = 'soon'", "age = “soon”: write 12h"),
            ("count = 'few'", "count = “few”"),
            ("size = ''", "size = “”"),
            ("kept = 1", "“kept” means nothing here"),
            ("age = '1d'\nsize = ", "line 2"),
            ("environments = 1", "[environments] is no table"),
            (
                "[environments.a]\nage = true",
                "[environments.a]: age needs",
            ),
        ] {
            fs::write(paths.config.join(FILE), text).unwrap();
            let (retention, problem) = Retention::read(&paths);
            let problem = problem.unwrap();
            assert!(
                problem.contains(told) && problem.contains(FILE),
                "{problem}"
            );
            assert_eq!(retention.all, Limits::NONE);
        }
    }
}

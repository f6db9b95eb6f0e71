//! Conditions that an index answers, and of which few rows are hoped for: whether it is few is found out by
//! counting no further than that.

use rusqlite::{Connection, types::Value};

use crate::search::{Condition, List, Pattern, Thing};

use super::indexes::{ENDPOINT, MESSAGE, is_there};

/// So many rows are few: they are sorted faster than a walk over all rows finds the first of them. Where there
/// are more, a walk finds enough of them soon.
const FEW: i64 = 4_000;

/// A condition in SQL.
pub(super) struct Indexed {
    /// Question marks stand for [`Indexed::values`].
    pub sql: String,
    pub values: Vec<Value>,
    index: &'static str,
}

impl Indexed {
    /// `None` for conditions that no such index is about.
    pub(super) fn of(condition: &Condition) -> Option<Self> {
        let amounts = |column: &str, least: u64, most: u64, index| {
            let values = vec![integer(least), integer(most)];
            Self::new(&format!("{column} BETWEEN ? AND ?"), values, index)
        };
        let plain = |sql, index| Self::new(sql, Vec::new(), index);
        Some(match condition {
            Condition::Took(took) => {
                amounts("duration", took.least, took.most, "exchange_duration")
            }
            Condition::Size(size) => amounts("body_bytes", size.least, size.most, "exchange_size"),
            Condition::Pinned => plain("pinned <> 0", "exchange_pinned"),
            Condition::Has(Thing::Name) => plain("name IS NOT NULL", "exchange_name"),
            Condition::Has(Thing::Note) => plain("note IS NOT NULL", "exchange_note"),
            Condition::Has(Thing::Tag) => plain("tags IS NOT NULL", "exchange_tags"),
            Condition::Has(Thing::Origin) => {
                plain("replayed_from IS NOT NULL", "exchange_replayed")
            }
            Condition::Has(Thing::Message) => plain("message IS NOT NULL", MESSAGE),
            // Which tags, or what stands in the middle of the path, is asked besides.
            Condition::Tag(tags) if !tags.any.is_empty() => {
                plain("tags IS NOT NULL", "exchange_tags")
            }
            Condition::Path(paths) => return Self::of_path(paths),
            Condition::Level(levels) if !levels.any.is_empty() => {
                let wanted = levels
                    .any
                    .iter()
                    .filter(|level| !levels.none.contains(level));
                let values: Vec<Value> =
                    wanted.map(|level| level.name().to_owned().into()).collect();
                Self {
                    sql: format!("level IN ({})", vec!["?"; values.len()].join(", ")),
                    values,
                    index: "exchange_level",
                }
            }
            Condition::Tag(_)
            | Condition::Level(_)
            | Condition::Text(_)
            | Condition::Within(..)
            | Condition::Standing(_)
            | Condition::Method(_)
            | Condition::Host(_)
            | Condition::From(_)
            | Condition::Before(_)
            | Condition::Environment(_)
            | Condition::Media(_) => return None,
        })
    }

    fn new(sql: &str, values: Vec<Value>, index: &'static str) -> Self {
        Self {
            sql: sql.to_owned(),
            values,
            index,
        }
    }

    /// One path, or those that begin alike.
    fn of_path(paths: &List<Pattern>) -> Option<Self> {
        let [only] = paths.any.as_slice() else {
            return None;
        };
        let start = only.pieces().first().filter(|start| !start.is_empty())?;
        let text = |text: String| Value::Text(text);
        Some(if only.pieces().len() == 1 {
            let values = vec![text(start.clone())];
            Self::new("path = ? COLLATE NOCASE", values, ENDPOINT)
        } else {
            // Nothing sorts behind the last character of Unicode.
            let values = vec![text(start.clone()), text(format!("{start}\u{10ffff}"))];
            Self::new("path COLLATE NOCASE BETWEEN ? AND ?", values, ENDPOINT)
        })
    }

    /// How many rows satisfy it; `None` where they are not few.
    pub(super) fn count(&self, connection: &Connection) -> rusqlite::Result<Option<i64>> {
        let Self { sql, index, .. } = self;
        if !is_there(connection, index)? {
            return Ok(None);
        }
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM exchange INDEXED BY {index} WHERE {sql} LIMIT {})",
            FEW + 1
        );
        let values = rusqlite::params_from_iter(&self.values);
        let count: i64 = connection.query_row(&sql, values, |row| row.get(0))?;
        Ok((count <= FEW).then_some(count))
    }

    /// The numbers of its rows.
    pub(super) fn ids_sql(&self, condition: &str) -> String {
        format!(
            "SELECT id FROM exchange INDEXED BY {} WHERE {condition}",
            self.index
        )
    }
}

fn integer(amount: u64) -> Value {
    Value::Integer(i64::try_from(amount).unwrap_or(i64::MAX))
}

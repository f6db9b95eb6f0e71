//! Conditions that an index answers, and of which few rows are hoped for: whether it is few is found out by
//! counting no further than that.

use rusqlite::{Connection, types::Value};

use crate::search::{Condition, List, Pattern, Thing};

use super::{
    indexes::{ENDPOINT, LEVEL, MESSAGE, is_there},
    query::like_pattern,
};

/// So many rows are few: they are sorted faster than a walk over all rows finds the first of them.
const FEW: i64 = 4_000;

/// So many are few, too, where they are not among the newest: a walk would pass over all rows before them.
const FEW_OLD: i64 = 200_000;

/// The newest rows, as far as a walk over them takes no time.
const NEWEST: i64 = 20_000;

/// With so many of them among the newest, a walk finds a page soon.
const ENOUGH: i64 = 50;

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
                    index: LEVEL,
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
        let start = only.pieces().first()?;
        let text = |text: String| Value::Text(text);
        if start.is_empty() {
            // The index has to be read from its start to its end, which is a quarter of all rows.
            let values = vec![text(like_pattern(only))];
            return Some(Self::new("path LIKE ? ESCAPE '\\'", values, ENDPOINT));
        }
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
        let count_to = |limit: i64, rows: &str| -> rusqlite::Result<i64> {
            let sql = format!(
                "SELECT count(*) FROM (SELECT 1 FROM exchange {rows} AND {sql} LIMIT {limit})"
            );
            let values = rusqlite::params_from_iter(&self.values);
            connection.query_row(&sql, values, |row| row.get(0))
        };
        let of_index = format!("INDEXED BY {index} WHERE TRUE");
        let count = count_to(FEW + 1, &of_index)?;
        if count <= FEW {
            return Ok(Some(count));
        }
        let newest = format!("NOT INDEXED WHERE id > (SELECT max(id) FROM exchange) - {NEWEST}");
        if count_to(ENOUGH, &newest)? == ENOUGH {
            return Ok(None);
        }
        let count = count_to(FEW_OLD + 1, &of_index)?;
        Ok((count <= FEW_OLD).then_some(count))
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

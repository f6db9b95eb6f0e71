//! [`Filter`] -> SQL with bound parameters.
//!
//! Rows come newest first, that is by falling number, and reading stops at the last one asked for.
//! Where the filter names a status, method or host, the rows of each value that passes are walked in
//! the order of its index, and the walks are merged: rows of other values are never looked at.

use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value};

use crate::{
    model::{ExchangeId, Summary},
    search::{Condition, Filter, List, Pattern, Place, Term},
};

use super::{
    facets::{Facet, Restriction},
    few::Indexed,
    full_text::{Wanted, is_signs_only},
    read::{SUMMARY, read_summary},
    window::{first_from, last_before},
    write::nanoseconds,
};

/// So few rows of other conditions are worth to be known before the rows of the words are looked at.
const FEW_ROWS: i64 = 4_000;

/// The tags of a row as a JSON list.
const TAGS_AS_JSON: &str = "'[\"' || replace(replace(replace(trim(tags), '\\', '\\\\'), '\"', '\\\"'), ' ', '\",\"') || '\"]'";

/// More values than this are not walked one by one: so many are most of the rows.
const MOST_WALKS: usize = 24;

/// The newest rows that satisfy the filter, of those before `before`.
pub(super) fn page(
    connection: &Connection,
    filter: &Filter,
    before: Option<ExchangeId>,
    limit: usize,
) -> rusqlite::Result<Vec<Summary>> {
    let Some(mut plan) = Plan::new(connection, filter)? else {
        return Ok(Vec::new());
    };
    if let Some(before) = before {
        let bound = plan.bind(before.0);
        plan.bounds.push(format!("< {bound}"));
    }
    let sql = plan.page_sql(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(params_from_iter(plan.parameters), read_summary)?;
    rows.collect()
}

/// The rows of these numbers in the order given.
pub(super) fn rows(connection: &Connection, ids: &[ExchangeId]) -> rusqlite::Result<Vec<Summary>> {
    let sql = format!("SELECT {SUMMARY} FROM exchange WHERE id = ?1 AND removed_by IS NULL");
    let mut statement = connection.prepare(&sql)?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.extend(statement.query_row([id.0], read_summary).optional()?);
    }
    Ok(rows)
}

/// How many rows satisfy the filter. What the tally knows is not counted.
pub(super) fn count(connection: &Connection, filter: &Filter) -> rusqlite::Result<u64> {
    let total: i64 = if filter.terms.is_empty() {
        let sql = "SELECT total FROM tally WHERE facet = 'all'";
        connection.query_row(sql, [], |row| row.get(0))?
    } else if let Some(facet) = only_facet(filter) {
        let restriction = facet.restrict(connection, filter)?;
        restriction.map_or(0, |restriction| restriction.total)
    } else if let Some(mut plan) = Plan::new(connection, filter)? {
        let sql = plan.count_sql();
        connection.query_row(&sql, params_from_iter(plan.parameters), |row| row.get(0))?
    } else {
        0
    };
    Ok(u64::try_from(total).unwrap_or_default())
}

/// The facet that every term is about.
fn only_facet(filter: &Filter) -> Option<Facet> {
    let facet = Facet::of(&filter.terms.first()?.condition)?;
    let same = |term: &Term| Facet::of(&term.condition) == Some(facet);
    filter.terms.iter().all(same).then_some(facet)
}

/// How the rows of a filter are found.
struct Plan {
    walk: Walk,
    /// What every row walked over has to satisfy besides.
    conditions: Vec<String>,
    /// What the numbers of the rows are compared with: `< ?3`.
    bounds: Vec<String>,
    parameters: Vec<Value>,
}

/// Which rows are walked over, the newest first.
enum Walk {
    All,
    /// Those with these values.
    Values(Restriction),
    /// Those whose numbers this question gives; they are few.
    Few(String),
    /// Those that the full-text index gives for the parameter.
    Words(String),
}

impl Plan {
    /// `None` when no row can satisfy the filter.
    fn new(connection: &Connection, filter: &Filter) -> rusqlite::Result<Option<Self>> {
        let mut restrictions = Vec::new();
        for facet in Facet::ALL {
            restrictions.extend(facet.restrict(connection, filter)?);
        }
        if restrictions.iter().any(|found| found.values.is_empty()) {
            return Ok(None);
        }
        let mut plan = Self {
            walk: Walk::All,
            conditions: vec!["removed_by IS NULL".to_owned()],
            bounds: Vec::new(),
            parameters: Vec::new(),
        };
        plan.choose_walk(connection, filter, &mut restrictions)?;
        for restriction in &restrictions {
            plan.restrict(restriction);
        }
        for term in &filter.terms {
            if !plan.require(connection, term)? {
                return Ok(None);
            }
        }
        Ok(Some(plan))
    }

    /// The walk over the fewest rows. What it does not take care of stays in `restrictions`, or becomes a
    /// condition.
    fn choose_walk(
        &mut self,
        connection: &Connection,
        filter: &Filter,
        restrictions: &mut Vec<Restriction>,
    ) -> rusqlite::Result<()> {
        let rarest = rarest(restrictions);
        let rows_of_rarest =
            rarest.and_then(|index| restrictions.get(index).map(|rarest| rarest.total));
        let few = fewest(connection, filter)?
            .filter(|(count, _)| rows_of_rarest.is_none_or(|total| *count < total));
        let wanted = Wanted::of(filter);
        if let Some(expression) = wanted.expression() {
            let expression = self.bind(expression);
            self.walk = Walk::Words(expression);
            if let Some((_, indexed)) = few {
                let condition = self.bind_marks(&indexed);
                self.narrow(&indexed.ids_sql(&condition));
            } else if rows_of_rarest.is_some_and(|total| total <= FEW_ROWS)
                && let Some(rarest) = rarest.and_then(|index| restrictions.get(index))
            {
                let column = rarest.facet.column();
                let values = self.bind_list(&rarest.values);
                self.narrow(&format!(
                    "SELECT id FROM exchange WHERE {column} IN {values}"
                ));
            }
            return Ok(());
        }
        if !wanted.absent.is_empty() {
            // The index is asked once for all of them, not once for each row.
            let expression = self.bind(wanted.absent);
            self.conditions.push(format!(
                "+id NOT IN (SELECT rowid FROM words WHERE words MATCH {expression})"
            ));
        }
        if let Some((_, indexed)) = few {
            let condition = self.bind_marks(&indexed);
            self.walk = Walk::Few(indexed.ids_sql(&condition));
        } else if let Some(index) = rarest {
            self.walk = Walk::Values(restrictions.remove(index));
        }
        Ok(())
    }

    /// Of the rows that the words give only these are looked at. The plus keeps SQLite from asking the full-text
    /// index for each of them, which would go through its whole list each time.
    fn narrow(&mut self, ids: &str) {
        self.conditions.push(format!("+words.rowid IN ({ids})"));
    }

    /// The condition with its values bound.
    fn bind_marks(&mut self, indexed: &Indexed) -> String {
        let mut values = indexed.values.iter();
        let pieces = indexed.sql.split('?').map(|piece| {
            // The split leaves one piece more than there are marks.
            let value = values.next().map(|value| self.bind(value.clone()));
            format!("{piece}{}", value.unwrap_or_default())
        });
        pieces.collect()
    }

    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.parameters.push(value.into());
        format!("?{}", self.parameters.len())
    }

    fn restrict(&mut self, restriction: &Restriction) {
        let column = restriction.facet.column();
        let values = self.bind_list(&restriction.values);
        // The plus keeps SQLite from walking this column instead of the one that was chosen.
        self.conditions.push(format!("+{column} IN {values}"));
    }

    fn bind_list(&mut self, values: &[String]) -> String {
        let list = serde_json::Value::from(values).to_string();
        format!("(SELECT value FROM json_each({}))", self.bind(list))
    }

    /// Adds a term that is about no facet; says whether any row can satisfy it.
    fn require(&mut self, connection: &Connection, term: &Term) -> rusqlite::Result<bool> {
        match &term.condition {
            Condition::Text(needle) if is_signs_only(needle) => {
                let needle = self.bind(needle.clone());
                let holds = if term.negated { "=" } else { ">" };
                self.conditions
                    .push(format!("instr(haystack, {needle}) {holds} 0"));
                Ok(true)
            }
            Condition::Path(patterns) => {
                let condition = self.path_condition(patterns);
                self.conditions
                    .push(format!("{}({condition})", not(term.negated)));
                Ok(true)
            }
            Condition::From(at) => self.begin(connection, nanoseconds(*at), !term.negated),
            Condition::Before(at) => self.begin(connection, nanoseconds(*at), term.negated),
            Condition::Tag(patterns) => {
                let condition = self.tag_condition(patterns);
                self.conditions
                    .push(format!("{}({condition})", not(term.negated)));
                Ok(true)
            }
            Condition::Within(Place::Rule, text) => {
                let text = self.bind(text.clone());
                let holds = format!("has_words(coalesce(message, ''), {text})");
                self.conditions
                    .push(format!("{}{holds}", not(term.negated)));
                Ok(true)
            }
            Condition::Level(levels) if levels.any.is_empty() => {
                let names = levels.none.iter().map(|level| level.name().to_owned());
                let names = self.bind_list(&names.collect::<Vec<_>>());
                self.conditions.push(format!(
                    "{}coalesce(level IN {names}, FALSE)",
                    not(!term.negated)
                ));
                Ok(true)
            }
            Condition::Took(_)
            | Condition::Size(_)
            | Condition::Has(_)
            | Condition::Pinned
            | Condition::Level(_) => {
                if let Some(indexed) = Indexed::of(&term.condition) {
                    let condition = self.bind_marks(&indexed);
                    self.conditions
                        .push(format!("{}coalesce({condition}, FALSE)", not(term.negated)));
                }
                Ok(true)
            }
            // The walk, or a condition of its own, takes care of words and of columns with few values.
            Condition::Text(_)
            | Condition::Within(..)
            | Condition::Standing(_)
            | Condition::Method(_)
            | Condition::Host(_)
            | Condition::Environment(_)
            | Condition::Media(_) => Ok(true),
        }
    }

    /// A star may stand for a part of a tag only: tags are single words.
    fn tag_condition(&mut self, patterns: &List<Pattern>) -> String {
        let mut any_tag = |patterns: &[Pattern], when_empty: &str| {
            let tests: Vec<String> = patterns
                .iter()
                .map(|pattern| {
                    let pattern = self.bind(like_pattern(pattern));
                    format!("lower(tag.value) LIKE {pattern} ESCAPE '\\'")
                })
                .collect();
            if tests.is_empty() {
                return when_empty.to_owned();
            }
            format!(
                "EXISTS (SELECT 1 FROM json_each({TAGS_AS_JSON}) AS tag WHERE {})",
                tests.join(" OR ")
            )
        };
        let any = any_tag(&patterns.any, "TRUE");
        let none = any_tag(&patterns.none, "FALSE");
        format!("({any}) AND NOT ({none})")
    }

    /// Adds that rows began at `at` or later, or else before it.
    fn begin(&mut self, connection: &Connection, at: i64, later: bool) -> rusqlite::Result<bool> {
        let (bound, sign) = if later {
            (first_from(connection, at)?, ">=")
        } else {
            (last_before(connection, at)?, "<=")
        };
        let Some(bound) = bound else {
            return Ok(false);
        };
        let (bound, at) = (self.bind(bound), self.bind(at));
        let compare = if later { ">=" } else { "<" };
        self.bounds.push(format!("{sign} {bound}"));
        self.conditions.push(format!("started_at {compare} {at}"));
        Ok(true)
    }

    fn path_condition(&mut self, patterns: &List<Pattern>) -> String {
        let any = self.like_any(&patterns.any, "TRUE");
        let none = self.like_any(&patterns.none, "FALSE");
        format!("({any}) AND NOT ({none})")
    }

    fn like_any(&mut self, patterns: &[Pattern], when_empty: &str) -> String {
        let likes: Vec<String> = patterns
            .iter()
            .map(|pattern| {
                let pattern = self.bind(like_pattern(pattern));
                format!("path LIKE {pattern} ESCAPE '\\'")
            })
            .collect();
        if likes.is_empty() {
            when_empty.to_owned()
        } else {
            likes.join(" OR ")
        }
    }

    fn page_sql(&mut self, limit: i64) -> String {
        let others = self.conditions_sql();
        let (walks, order) = match std::mem::replace(&mut self.walk, Walk::All) {
            Walk::All => {
                let all = format!("SELECT {SUMMARY} FROM exchange NOT INDEXED WHERE {others}");
                (all, "id")
            }
            Walk::Few(ids) => {
                let few =
                    format!("SELECT {SUMMARY} FROM exchange WHERE id IN ({ids}) AND {others}");
                (few, "id")
            }
            // The index gives its rows by their numbers, so that reading stops at the last one asked for.
            Walk::Words(expression) => {
                let found = format!(
                    "SELECT {SUMMARY} FROM words CROSS JOIN exchange ON exchange.id = words.rowid
                     WHERE words MATCH {expression} AND {others}"
                );
                (found, "words.rowid")
            }
            Walk::Values(walked) => {
                let column = walked.facet.column();
                let walk = |value: String| {
                    let value = self.bind(value);
                    format!("SELECT {SUMMARY} FROM exchange WHERE {column} = {value} AND {others}")
                };
                let walks: Vec<String> = walked.values.into_iter().map(walk).collect();
                (walks.join(" UNION ALL "), "id")
            }
        };
        let limit = self.bind(limit);
        format!("{walks} ORDER BY {order} DESC LIMIT {limit}")
    }

    fn count_sql(&mut self) -> String {
        let others = self.conditions_sql();
        match std::mem::replace(&mut self.walk, Walk::All) {
            Walk::All => format!("SELECT count(*) FROM exchange NOT INDEXED WHERE {others}"),
            Walk::Few(ids) => {
                format!("SELECT count(*) FROM exchange WHERE id IN ({ids}) AND {others}")
            }
            Walk::Words(expression) => format!(
                "SELECT count(*) FROM words CROSS JOIN exchange ON exchange.id = words.rowid
                 WHERE words MATCH {expression} AND {others}"
            ),
            Walk::Values(walked) => {
                let values = self.bind_list(&walked.values);
                let column = walked.facet.column();
                format!("SELECT count(*) FROM exchange WHERE {column} IN {values} AND {others}")
            }
        }
    }

    fn conditions_sql(&self) -> String {
        let number = match self.walk {
            Walk::Words(_) => "words.rowid",
            Walk::All | Walk::Values(_) | Walk::Few(_) => "id",
        };
        let bounds = self.bounds.iter().map(|bound| format!("{number} {bound}"));
        let all: Vec<String> = self.conditions.iter().cloned().chain(bounds).collect();
        all.join(" AND ")
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

/// Which restriction has the fewest rows, of those that can be walked value by value.
fn rarest(restrictions: &[Restriction]) -> Option<usize> {
    let walkable = restrictions.iter().enumerate();
    let (index, _) = walkable
        .filter(|(_, restriction)| restriction.values.len() <= MOST_WALKS)
        .min_by_key(|(_, restriction)| restriction.total)?;
    Some(index)
}

/// The term with the fewest rows, of those that an index answers and that have few.
fn fewest(connection: &Connection, filter: &Filter) -> rusqlite::Result<Option<(i64, Indexed)>> {
    let mut fewest: Option<(i64, Indexed)> = None;
    for term in filter.terms.iter().filter(|term| !term.negated) {
        let Some(indexed) = Indexed::of(&term.condition) else {
            continue;
        };
        if let Some(count) = indexed.count(connection)?
            && fewest.as_ref().is_none_or(|(least, _)| count < *least)
        {
            fewest = Some((count, indexed));
        }
    }
    Ok(fewest)
}

/// The pattern in SQL's own signs. `LIKE` ignores the case of ASCII letters, as the pattern does.
pub(super) fn like_pattern(pattern: &Pattern) -> String {
    let escape = |piece: &String| {
        let signs = piece.chars().flat_map(|char| {
            let escape = "%_\\".contains(char).then_some('\\');
            escape.into_iter().chain([char])
        });
        signs.collect::<String>()
    };
    let pieces: Vec<String> = pattern.pieces().iter().map(escape).collect();
    pieces.join("%")
}

/// How SQLite goes about a page, and how many steps of its machine the page took.
#[cfg(test)]
pub(super) fn explain(
    connection: &Connection,
    filter: &Filter,
    limit: i64,
) -> rusqlite::Result<(Vec<String>, i32)> {
    let Some(mut plan) = Plan::new(connection, filter)? else {
        return Ok((Vec::new(), 0));
    };
    let sql = plan.page_sql(limit);
    let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    let lines = explained.query_map(params_from_iter(&plan.parameters), |row| row.get(3))?;
    let lines = lines.collect::<Result<_, _>>()?;
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(params_from_iter(&plan.parameters), read_summary)?;
    rows.collect::<Result<Vec<_>, _>>()?;
    let steps = statement.get_status(rusqlite::StatementStatus::VmStep);
    Ok((lines, steps))
}

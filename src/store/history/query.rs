//! [`Filter`] -> SQL with bound parameters.
//!
//! Rows come newest first, that is by falling number, and reading stops at the last one asked for.
//! Where the filter names a status, method or host, the rows of each value that passes are walked in
//! the order of its index, and the walks are merged: rows of other values are never looked at.

use rusqlite::{Connection, params_from_iter, types::Value};

use crate::{
    model::{ExchangeId, Summary},
    search::{Condition, Filter, List, Pattern, Term},
};

use super::{
    facets::{Facet, Restriction},
    read::{SUMMARY, read_summary},
    window::{first_from, last_before},
    write::nanoseconds,
};

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
        plan.conditions.push(format!("id < {bound}"));
    }
    let sql = plan.page_sql(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(params_from_iter(plan.parameters), read_summary)?;
    rows.collect()
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
    /// The values whose rows are walked; `None` walks all rows.
    walked: Option<Restriction>,
    /// What every row walked over has to satisfy besides.
    conditions: Vec<String>,
    parameters: Vec<Value>,
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
            walked: take_rarest(&mut restrictions),
            conditions: Vec::new(),
            parameters: Vec::new(),
        };
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
            Condition::Text(needle) => {
                let needle = self.bind(needle.clone());
                let holds = if term.negated { "=" } else { ">" };
                self.conditions
                    .push(format!("instr(haystack, {needle}) {holds} 0"));
                Ok(true)
            }
            Condition::Path(patterns) => {
                let condition = self.path_condition(patterns);
                let not = if term.negated { "NOT " } else { "" };
                self.conditions.push(format!("{not}({condition})"));
                Ok(true)
            }
            Condition::From(at) => self.begin(connection, nanoseconds(*at), !term.negated),
            Condition::Before(at) => self.begin(connection, nanoseconds(*at), term.negated),
            Condition::Standing(_) | Condition::Method(_) | Condition::Host(_) => Ok(true),
        }
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
        self.conditions.push(format!("id {sign} {bound}"));
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
        let walks = match self.walked.take() {
            None => vec![format!(
                "SELECT {SUMMARY} FROM exchange NOT INDEXED WHERE {others}"
            )],
            Some(walked) => {
                let column = walked.facet.column();
                let walk = |value: String| {
                    let value = self.bind(value);
                    format!("SELECT {SUMMARY} FROM exchange WHERE {column} = {value} AND {others}")
                };
                walked.values.into_iter().map(walk).collect()
            }
        };
        let walks = walks.join(" UNION ALL ");
        let limit = self.bind(limit);
        format!("{walks} ORDER BY id DESC LIMIT {limit}")
    }

    fn count_sql(&mut self) -> String {
        let others = self.conditions_sql();
        match self.walked.take() {
            None => format!("SELECT count(*) FROM exchange NOT INDEXED WHERE {others}"),
            Some(walked) => {
                let values = self.bind_list(&walked.values);
                let column = walked.facet.column();
                format!("SELECT count(*) FROM exchange WHERE {column} IN {values} AND {others}")
            }
        }
    }

    fn conditions_sql(&self) -> String {
        if self.conditions.is_empty() {
            "TRUE".to_owned()
        } else {
            self.conditions.join(" AND ")
        }
    }
}

/// Takes out the restriction with the fewest rows, of those that can be walked value by value.
fn take_rarest(restrictions: &mut Vec<Restriction>) -> Option<Restriction> {
    let walkable = restrictions.iter().enumerate();
    let (index, _) = walkable
        .filter(|(_, restriction)| restriction.values.len() <= MOST_WALKS)
        .min_by_key(|(_, restriction)| restriction.total)?;
    Some(restrictions.remove(index))
}

/// The pattern in SQL's own signs. `LIKE` ignores the case of ASCII letters, as the pattern does.
fn like_pattern(pattern: &Pattern) -> String {
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

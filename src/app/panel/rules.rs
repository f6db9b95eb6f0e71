//! Which rows of the rules are none, and why. It is kept, since checking a filter of jq takes longer than
//! drawing a frame may.

use crate::{model::Field, status::rules};

use super::table::{Row, Table};

/// The rows that were checked last, each with what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleProblems(Vec<(Field, Option<String>)>);

impl RuleProblems {
    /// Checks the rows that have changed since.
    pub fn refresh(&mut self, table: &Table) {
        let mut known = std::mem::take(&mut self.0);
        for field in table.fields() {
            let place = known.iter().position(|(other, _)| *other == field);
            self.0.push(if let Some(place) = place {
                known.swap_remove(place)
            } else {
                let is_rule = field.is_sent();
                let problem = is_rule.then(|| rules::problem(&field)).flatten();
                (field, problem)
            });
        }
    }

    /// What is wrong with a row.
    pub fn of(&self, row: &Row) -> Option<&str> {
        let (name, value) = (row.name.text(), row.value.text());
        let is_row = |field: &Field| {
            field.name == name && field.value == value && field.enabled == row.enabled
        };
        let (_, problem) = self.0.iter().find(|(field, _)| is_row(field))?;
        problem.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_checked_once_and_anew_when_they_change() {
        let mut problems = RuleProblems::default();
        let table = Table::new(&[Field::new("200 if .a |", "x"), Field::new("404", "y")]);
        problems.refresh(&table);
        let of = |problems: &RuleProblems, index: usize| {
            problems.of(&table.rows()[index]).map(str::to_owned)
        };
        assert!(of(&problems, 0).unwrap().contains("jq filter"));
        assert_eq!(of(&problems, 1), None);
        problems.refresh(&Table::new(&[Field::new("404", "y")]));
        assert_eq!(of(&problems, 0), None);
    }
}

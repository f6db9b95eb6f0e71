//! Two lists of named values: headers, the fields of a form. A name may come more than once; then its
//! values are compared in their order.

use super::Row;

/// Whether names that differ in the case of their letters are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Ignored,
    Counts,
}

/// The rows in the order of the older list, what is new at the end.
pub fn compare(old: &[(String, String)], new: &[(String, String)], case: Case) -> Vec<Row> {
    let same = |a: &str, b: &str| match case {
        Case::Ignored => a.eq_ignore_ascii_case(b),
        Case::Counts => a == b,
    };
    let mut taken = vec![false; new.len()];
    let mut rows = Vec::with_capacity(old.len().max(new.len()));
    for (name, value) in old {
        let found = new
            .iter()
            .zip(&mut taken)
            .find(|((other, _), taken)| !**taken && same(name, other));
        rows.push(match found {
            Some(((_, other), taken)) => {
                *taken = true;
                Row::of(name, value, other)
            }
            None => Row::removed(name, value),
        });
    }
    let rest = new.iter().zip(&taken).filter(|(_, taken)| !**taken);
    rows.extend(rest.map(|((name, value), _)| Row::added(name, value)));
    rows
}

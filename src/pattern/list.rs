//! Several members of one term: `4xx,failed,-404`.

use super::letters::{Letter, plain, split_at_commas, strip_minus};

/// Passes what one of `any` passes (everything, when there is none) and none of `none` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    pub any: Vec<T>,
    pub none: Vec<T>,
}

impl<T> List<T> {
    /// Whether the members, each tried by `test`, let a row pass.
    pub fn accepts(&self, test: impl Fn(&T) -> bool) -> bool {
        (self.any.is_empty() || self.any.iter().any(&test)) && !self.none.iter().any(test)
    }
}

/// Reads the members between the commas.
pub fn read_list<T>(
    value: &[Letter],
    allowed: &str,
    read: impl Fn(&[Letter]) -> Result<T, String>,
) -> Result<List<T>, String> {
    let mut list = List {
        any: Vec::new(),
        none: Vec::new(),
    };
    for member in split_at_commas(value) {
        let (negated, member) = strip_minus(member);
        if plain(member).trim().is_empty() {
            return Err(format!("type {allowed}"));
        }
        let member = read(member)?;
        if negated {
            list.none.push(member);
        } else {
            list.any.push(member);
        }
    }
    Ok(list)
}

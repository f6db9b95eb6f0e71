//! The names that requests had: they complete while names are typed.

use super::{Field, Request};

/// How many are remembered of each kind.
const MOST: usize = 300;

/// Names, the one used last first, each of them once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    pub headers: Vec<String>,
    pub query: Vec<String>,
    /// Of forms and of parts.
    pub fields: Vec<String>,
}

impl Names {
    /// Learns those of a request that is sent now.
    pub fn learn(&mut self, request: &Request) {
        let mut newest = Self::default();
        newest.add(request);
        newest.add_older(std::mem::take(self));
        *self = newest;
    }

    /// Learns those of a request that was sent before all that are known.
    pub fn add(&mut self, request: &Request) {
        add_rows(&mut self.headers, &request.headers);
        add_rows(&mut self.query, &request.query);
        add_rows(&mut self.fields, &request.body.form);
        add_rows(&mut self.fields, &request.body.multipart);
    }

    /// Learns names that were used before those that are known.
    pub fn add_older(&mut self, older: Self) {
        add_all(&mut self.headers, older.headers);
        add_all(&mut self.query, older.query);
        add_all(&mut self.fields, older.fields);
    }

    /// Whether there is no room for more.
    pub fn is_full(&self) -> bool {
        [&self.headers, &self.query, &self.fields]
            .iter()
            .all(|names| names.len() >= MOST)
    }
}

fn add_rows(names: &mut Vec<String>, rows: &[Field]) {
    let typed = rows.iter().map(|row| row.name.trim().to_owned());
    add_all(names, typed);
}

fn add_all(names: &mut Vec<String>, more: impl IntoIterator<Item = String>) {
    for name in more {
        if names.len() < MOST && !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_fields(names: &[&str]) -> Request {
        let mut request = Request::default();
        request.body.form = names.iter().map(|name| Field::new(*name, "")).collect();
        request
    }

    #[test]
    fn the_name_used_last_comes_first_and_each_once() {
        let mut names = Names::default();
        names.learn(&with_fields(&["a", "b", ""]));
        names.learn(&with_fields(&["c", " a "]));
        assert_eq!(names.fields, ["c", "a", "b"]);
        let mut older = Names::default();
        older.add(&with_fields(&["z", "b"]));
        names.add_older(older);
        assert_eq!(names.fields, ["c", "a", "b", "z"]);
    }

    #[test]
    fn there_is_an_end_to_it() {
        let many: Vec<String> = (0..400).map(|number| format!("n{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut names = Names::default();
        names.learn(&with_fields(&many));
        assert_eq!(names.fields.len(), MOST);
        assert!(!names.is_full(), "there is room for names of headers");
    }
}

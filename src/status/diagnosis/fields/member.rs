//! Where a member stands in a JSON text, so that it can be marked there.

use std::{collections::HashMap, ops::Range};

use serde_json::value::RawValue;

use super::path::{Fit, fit_name};

/// The bytes of the value at a path; where there is none, of that without the outermost names, which
/// servers add of their own.
pub fn find_member(text: &str, path: &[String]) -> Option<Range<usize>> {
    (0..path.len()).find_map(|start| {
        let value = descend(text.trim(), path.get(start..)?)?;
        // The value is a part of the text, so that the difference is its place in it.
        let offset = value.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        Some(offset..offset + value.len())
    })
}

fn descend<'a>(text: &'a str, path: &[String]) -> Option<&'a str> {
    let Some((first, rest)) = path.split_first() else {
        return Some(text);
    };
    let inner = if text.starts_with('[') {
        let list: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        list.get(first.parse::<usize>().ok()?).copied()?
    } else {
        let members: HashMap<String, &RawValue> = serde_json::from_str(text).ok()?;
        let wanted = std::slice::from_ref(first);
        let same = |name: &str| name == first || fit_name(wanted, name) == Some(Fit::Whole);
        members.get(first).copied().or_else(|| {
            let found = members.iter().find(|(name, _)| same(name));
            found.map(|(_, value)| *value)
        })?
    };
    descend(inner.get(), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_where_they_stand() {
        let text = " {\"user\": {\"email\": \"x\", \"tags\": [1, {\"a\": 22}]},\n \"e\": null}";
        for (path, value) in [
            (vec!["user", "email"], Some("\"x\"")),
            (vec!["data", "attributes", "user", "Email"], Some("\"x\"")),
            (vec!["user", "tags", "1", "a"], Some("22")),
            (vec!["e"], Some("null")),
            (vec!["user", "nobody"], None),
            (vec![], None),
        ] {
            let path: Vec<String> = path.into_iter().map(str::to_owned).collect();
            let found = find_member(text, &path).map(|range| &text[range]);
            assert_eq!(found, value, "{path:?}");
        }
        assert_eq!(find_member("{\"a\":", &["a".to_owned()]), None);
    }
}

//! Path parameters: `:id` and `{id}` in the path of a URL as it was typed, and the rows that fill them.

use std::ops::Range;

use crate::model::{Field, Request, encode_segment};

/// One parameter of a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathParameter<'a> {
    pub name: &'a str,
    /// Bytes of the URL, `:` or braces included.
    pub range: Range<usize>,
}

/// The parameters of a URL, in their order. Ports are none, nor is anything within `{{ … }}`, in the host
/// or behind a `?`.
pub fn path_parameters(url: &str) -> Vec<PathParameter<'_>> {
    let mut found = Vec::new();
    let mut at = authority_start(url);
    let mut in_path = false;
    let mut begins_segment = false;
    while let Some(char) = url.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = url.get(at..).unwrap_or_default();
        if rest.starts_with("{{") {
            at += rest.find("}}").map_or(rest.len(), |end| end + 2);
            begins_segment = false;
            continue;
        }
        let length = match char {
            '?' | '#' => break,
            ':' if in_path && begins_segment => colon_length(rest),
            '{' if in_path => brace_length(rest),
            _ => None,
        };
        if let Some(length) = length {
            let inner = rest.get(1..length).unwrap_or_default();
            found.push(PathParameter {
                name: inner.strip_suffix('}').unwrap_or(inner),
                range: at..at + length,
            });
        }
        begins_segment = char == '/';
        in_path |= char == '/';
        at += length.unwrap_or(char.len_utf8());
    }
    found
}

/// Where the host begins: behind the scheme and the slashes before it.
fn authority_start(url: &str) -> usize {
    let behind_scheme = url.split_once("://").filter(|(scheme, _)| {
        let is_letter = |char: char| char.is_ascii_alphanumeric() || "+-.".contains(char);
        scheme.trim_start().chars().all(is_letter)
    });
    let rest = behind_scheme.map_or(url, |(_, rest)| rest);
    let trimmed = rest.trim_start_matches([' ', '/']);
    url.len() - trimmed.len()
}

fn is_name_char(char: char) -> bool {
    char.is_alphanumeric() || char == '_' || char == '-'
}

/// Bytes of `:name` at the start of a text.
fn colon_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix(':')?;
    let begins_well = name.starts_with(|char: char| char.is_alphabetic() || char == '_');
    let end = name.find(|char| !is_name_char(char)).unwrap_or(name.len());
    begins_well.then_some(end + 1)
}

/// Bytes of `{name}` at the start of a text.
fn brace_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('{')?;
    let end = inner.find('}')?;
    let name = inner.get(..end)?;
    let is_name = !name.is_empty() && name.chars().all(|char| is_name_char(char) || char == '.');
    is_name.then_some(end + 2)
}

/// Whether a parameter has just been begun, so that what it is called is not known yet.
pub fn is_path_parameter_begun(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let segments = path.get(authority_start(path)..).unwrap_or_default();
    segments.split('/').skip(1).any(|segment| {
        let after = segment.rsplit_once('{').map(|(_, after)| after);
        segment == ":" || after.is_some_and(|after| after.starts_with('}') || !after.contains('}'))
    })
}

/// The rows for the parameters of a URL, and those that it has no use for, which keep what was typed.
///
/// Where the URL before had the same path but for the names of its parameters, they were renamed, and the
/// values stay at their places.
pub fn arrange_path(rows: &[Field], before: &str, url: &str) -> (Vec<Field>, Vec<Field>) {
    let (old, new) = (names(before), names(url));
    let is_renamed = skeleton(before) == skeleton(url) && old.len() == new.len();
    let mut left: Vec<Option<&Field>> = rows.iter().map(Some).collect();
    let mut take = |name: &str| {
        let is_named = |row: &&mut Option<&Field>| row.is_some_and(|row| row.name == name);
        left.iter_mut().find(is_named)?.take().cloned()
    };
    let named: Vec<Option<Field>> = new.iter().map(|name| take(name)).collect();
    let arranged = new
        .iter()
        .zip(named)
        .enumerate()
        .map(|(index, (name, row))| {
            let old = old.get(index).filter(|_| is_renamed);
            let row = row.or_else(|| take(old?));
            Field {
                name: (*name).to_owned(),
                ..row.unwrap_or_default()
            }
        })
        .collect();
    let kept = left.into_iter().flatten();
    let kept = kept.filter(|row| !row.value.is_empty()).cloned().collect();
    (arranged, kept)
}

/// The names of the parameters, each once.
fn names(url: &str) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for parameter in path_parameters(url) {
        if !names.contains(&parameter.name) {
            names.push(parameter.name);
        }
    }
    names
}

/// The path without the names of its parameters. The host is left out: it may be completed.
fn skeleton(url: &str) -> String {
    let start = authority_start(url);
    let (mut skeleton, mut end) = (String::new(), start);
    for parameter in path_parameters(url) {
        skeleton.push_str(url.get(end..parameter.range.start).unwrap_or_default());
        skeleton.push('\0');
        end = parameter.range.end;
    }
    skeleton.push_str(url.get(end..).unwrap_or_default());
    let path = skeleton.find('/').and_then(|slash| skeleton.get(slash..));
    path.unwrap_or_default().to_owned()
}

/// Gives a request a row for each parameter of its URL that has none yet.
pub fn complete_path(request: &mut Request) {
    let (mut rows, kept) = arrange_path(&request.path, "", &request.url);
    rows.extend(kept);
    request.path = rows;
}

/// The URL with the values of the rows in the place of its parameters; a parameter without a row, or one
/// whose row is off, stays as it is. `Err` names the row, from 0, and says what is wrong with it.
pub(super) fn fill_path(url: &str, rows: &[Field]) -> Result<String, (usize, String)> {
    let mut filled = String::with_capacity(url.len());
    let mut end = 0;
    for parameter in path_parameters(url) {
        let row = rows.iter().position(|row| row.name == parameter.name);
        let Some((row, field)) = row.and_then(|row| Some((row, rows.get(row)?))) else {
            continue;
        };
        if !field.enabled {
            continue;
        }
        check_value(url, &parameter, &field.value).map_err(|reason| (row, reason))?;
        filled.push_str(url.get(end..parameter.range.start).unwrap_or_default());
        filled.push_str(&encode_segment(&field.value));
        end = parameter.range.end;
    }
    filled.push_str(url.get(end..).unwrap_or_default());
    Ok(filled)
}

fn check_value(url: &str, parameter: &PathParameter, value: &str) -> Result<(), String> {
    let name = parameter.name;
    if value.is_empty() {
        return Err(format!(
            "the path parameter {name} is empty: type its value, or switch its row off to send it as written"
        ));
    }
    let before = url.get(..parameter.range.start).unwrap_or_default();
    let after = url.get(parameter.range.end..).unwrap_or_default();
    let is_whole =
        before.ends_with('/') && (after.is_empty() || after.starts_with(['/', '?', '#']));
    if is_whole && matches!(value, "." | "..") {
        return Err(format!(
            "“{value}” cannot be the path parameter {name}: a URL takes such a segment away (WHATWG URL, dot segments)"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(url: &str) -> Vec<&str> {
        let found = path_parameters(url);
        for parameter in &found {
            assert!(url[parameter.range.clone()].contains(parameter.name));
        }
        found.into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn parameters_stand_in_the_path_alone() {
        for (url, expected) in [
            (":3000/users/:id", &["id"][..]),
            ("http://h:80/:a/{b}/x{c}.json?:d={e}#:f", &["a", "b", "c"]),
            ("{{ base }}/u/:user-id.json/{{ x }}", &["user-id"]),
            ("{{ a or \"http://h/:no\" }}:8080/:yes", &["yes"]),
            ("https://u:p@h/:ü", &["ü"]),
            ("http://h/v1/x:cancel/:8080/a:b", &[]),
            ("http://{host}/:", &[]),
            ("/:id", &[]),
            ("h/{}/{a b}/{{ c }}/{d", &[]),
            ("", &[]),
        ] {
            assert_eq!(found(url), expected, "{url}");
        }
    }

    #[test]
    fn values_are_put_in_as_segments() {
        let rows = [Field::new("id", "a/b ü"), Field::new("x", "1")];
        assert_eq!(
            fill_path("h:1/:id/{x}.json/:id?q=:id", &rows).unwrap(),
            "h:1/a%2Fb%20%C3%BC/1.json/a%2Fb%20%C3%BC?q=:id"
        );
        assert_eq!(fill_path("h/:other", &rows).unwrap(), "h/:other");
    }

    #[test]
    fn what_cannot_be_put_in_is_told_with_its_row() {
        let row = |value| [Field::new("a", "1"), Field::new("id", value)];
        let (index, reason) = fill_path("h/:id", &row("")).unwrap_err();
        assert_eq!(index, 1);
        assert!(reason.contains("id is empty"), "{reason}");
        assert!(fill_path("h/:id/x", &row("..")).is_err());
        assert_eq!(fill_path("h/x{id}", &row("..")).unwrap(), "h/x..");
        let off = [Field {
            enabled: false,
            ..Field::new("id", "5")
        }];
        assert_eq!(fill_path("h/:id", &off).unwrap(), "h/:id");
    }

    #[test]
    fn renaming_keeps_the_value_and_what_is_not_used_is_not_lost() {
        let rows = [Field::new("id", "5"), Field::new("b", "6")];
        let before = ":3000/u/:id/:b";
        let (renamed, kept) = arrange_path(&rows, before, "http://localhost:3000/u/:user/:b");
        assert_eq!(renamed, [Field::new("user", "5"), Field::new("b", "6")]);
        assert!(kept.is_empty());
        let (fewer, kept) = arrange_path(&rows, before, ":3000/u/:b/:b");
        assert_eq!(fewer, [Field::new("b", "6")]);
        assert_eq!(kept, [Field::new("id", "5")]);
        let (other, kept) = arrange_path(&rows, before, ":3000/orgs/:org/:b");
        assert_eq!(
            other,
            [Field::new("org", ""), Field::new("b", "6")],
            "another path"
        );
        let (again, kept) = arrange_path(&[other, kept].concat(), "", ":3000/u/:id");
        assert_eq!(again, [Field::new("id", "5")]);
        assert_eq!(kept, [Field::new("b", "6")]);
    }

    #[test]
    fn a_name_that_is_being_typed_is_waited_for() {
        for url in ["h/:", "h/:/x", "h/{", "h/a{}", "h/{ab"] {
            assert!(is_path_parameter_begun(url), "{url}");
        }
        for url in ["h/:a", "h:", "h/{a}", "h/x:", "http://h/", "h/?:"] {
            assert!(!is_path_parameter_begun(url), "{url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(url in "[:{}/a?# ü.]{0,20}", value in ".{0,6}") {
            let mut request = Request { url: url.clone(), ..Request::default() };
            complete_path(&mut request);
            for row in &mut request.path {
                row.value.clone_from(&value);
            }
            let _ = fill_path(&url, &request.path);
            let _ = is_path_parameter_begun(&url);
        }
    }
}

//! `posttui.toml`: the name of a collection and the order of what is in it. Edits keep comments and
//! whatever else stands there.

use std::{fs, io::ErrorKind};

use toml_edit::{Array, DocumentMut, Item, Value};

use crate::model::collection::parent;

use super::{CollectionError, Library, MARKER, StoreError, make_folder, replace_shared};

/// What the marker says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Marker {
    pub name: Option<String>,
    /// Paths in their order, folders with a slash at the end; what is not named comes after them.
    pub order: Vec<String>,
}

/// The marker of a new collection.
pub fn new_text(name: &str) -> String {
    let mut document = DocumentMut::new();
    document.insert("name", Item::Value(name.into()));
    format!("# A collection of posttui: the requests are the other TOML files here.\n{document}")
}

/// Reads the marker; one that is missing says nothing, one that cannot be read is a complaint.
pub fn read(library: &Library) -> Result<Marker, String> {
    let document = document(library).map_err(|error| error.to_string())?;
    let order = document.get("order").and_then(Item::as_array);
    let order = order.map(|order| order.iter().filter_map(Value::as_str));
    Ok(Marker {
        name: document
            .get("name")
            .and_then(Item::as_str)
            .map(str::to_owned),
        order: order.into_iter().flatten().map(str::to_owned).collect(),
    })
}

fn document(library: &Library) -> Result<DocumentMut, CollectionError> {
    let path = library.root.join(MARKER);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(StoreError::file("read", &path)(error).into()),
    };
    text.parse()
        .map_err(|error: toml_edit::TomlError| CollectionError::Unreadable {
            reason: format!("it is no TOML: {}", error.message()),
            path,
        })
}

/// Changes the order; nothing is written where it stays the same.
pub fn change_order(
    library: &Library,
    change: impl FnOnce(&mut Vec<String>),
) -> Result<(), CollectionError> {
    let mut document = document(library)?;
    let before = read(library).unwrap_or_default().order;
    let mut order = before.clone();
    change(&mut order);
    if order == before {
        return Ok(());
    }
    let mut array = Array::new();
    for key in &order {
        let mut value = Value::from(key.as_str());
        value.decor_mut().set_prefix("\n    ");
        array.push_formatted(value);
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
    if let Some(item) = document.get_mut("order") {
        *item = Item::Value(Value::Array(array));
    } else {
        document.insert("order", Item::Value(Value::Array(array)));
    }
    make_folder(&library.root)?;
    let text = document.to_string();
    Ok(replace_shared(&library.root.join(MARKER), text.as_bytes())?)
}

/// The order after something moved: its own key and those below it are renamed.
pub fn renamed(order: &mut [String], from: &str, to: &str) {
    for key in order {
        if key == from {
            to.clone_into(key);
        } else if from.ends_with('/')
            && let Some(rest) = key.strip_prefix(from)
        {
            *key = format!("{to}{rest}");
        }
    }
}

/// The order without what was removed, and without what was in it.
pub fn removed(order: &mut Vec<String>, gone: &str) {
    order.retain(|key| key != gone && !(gone.ends_with('/') && key.starts_with(gone)));
}

/// The order with the members of one folder in this order.
pub fn reordered(order: &mut Vec<String>, folder: &str, members: &[String]) {
    order.retain(|key| parent(key.trim_end_matches('/')) != folder);
    order.extend(members.iter().cloned());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_order_follows_what_is_moved() {
        let mut order = keys(&["users/", "users/a", "users2/a", "b"]);
        renamed(&mut order, "users/", "people/");
        assert_eq!(order, ["people/", "people/a", "users2/a", "b"]);
        renamed(&mut order, "b", "people/b");
        reordered(&mut order, "people", &keys(&["people/b", "people/a"]));
        assert_eq!(order, ["people/", "users2/a", "people/b", "people/a"]);
        reordered(&mut order, "", &keys(&["x", "people/"]));
        assert_eq!(order, ["users2/a", "people/b", "people/a", "x", "people/"]);
        removed(&mut order, "users2/a");
        removed(&mut order, "peopl");
        removed(&mut order, "people/");
        assert_eq!(order, ["x"]);
    }
}

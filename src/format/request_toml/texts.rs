//! Single texts in TOML, and tables that hold one.

use toml_edit::{Item, Table, TableLike, Value};

use super::read::{Reader, Wrong};

/// The key of the text in a table that holds one.
const CONTENT: &str = "content";

/// The text of a value: a string, or a number, truth value or date as it is written.
pub fn read(item: &Item, place: &str) -> Result<String, Wrong> {
    item.as_value().and_then(of_value).ok_or_else(|| {
        let reason = format!("{place} has to be a text, such as {place} = \"…\"");
        Wrong::new(item.span(), reason)
    })
}

/// The text of a single value; `None` for arrays and tables.
pub fn of_value(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(text) => text.value().clone(),
        Value::Integer(number) => number.display_repr().into_owned(),
        Value::Float(number) => number.display_repr().into_owned(),
        Value::Boolean(truth) => truth.display_repr().into_owned(),
        Value::Datetime(date) => date.display_repr().into_owned(),
        Value::Array(_) | Value::InlineTable(_) => return None,
    })
}

/// The text of `[json]` and the like.
pub fn read_content(reader: &mut Reader, item: &Item, place: &str) -> Result<String, Wrong> {
    let Some(table) = item.as_table_like() else {
        let reason = format!("{place} has to be a table: [{place}], below it {CONTENT} = \"…\"");
        return Err(Wrong::new(item.span(), reason));
    };
    let mut text = String::new();
    for (key, item) in table.iter() {
        match key {
            CONTENT => text = read(item, &format!("{place}.{CONTENT}"))?,
            other => reader.unknown.push(format!("{place}.{other}")),
        }
    }
    Ok(text)
}

/// Sets a value, keeping the comments around the old one.
pub fn set(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    match table.get_mut(key) {
        Some(item) => {
            if let Some(old) = item.as_value() {
                *value.decor_mut() = old.decor().clone();
            }
            *item = Item::Value(value);
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

/// Writes the text of `[json]` and the like.
pub fn write_content(root: &mut Table, place: &str, text: &str) {
    let item = root
        .entry(place)
        .or_insert_with(|| Item::Table(Table::new()));
    if let Some(table) = item.as_table_like_mut() {
        set(table, CONTENT, text);
    }
}

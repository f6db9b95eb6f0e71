//! Single texts in TOML, and tables of them.

use toml_edit::{Item, Table, TableLike, Value};

use crate::model::Request;

use super::{
    read::{Reader, Wrong},
    sections::TextSection,
};

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

/// Reads the texts of `[json]` and the like.
pub fn read_section(
    reader: &mut Reader,
    request: &mut Request,
    section: &TextSection,
    item: &Item,
) -> Result<(), Wrong> {
    let place = section.key;
    let Some(table) = item.as_table_like() else {
        let key = section.texts.last().map_or("", |text| text.key);
        let reason = format!("{place} has to be a table: [{place}], below it {key} = \"…\"");
        return Err(Wrong::new(item.span(), reason));
    };
    for (key, item) in table.iter() {
        match section.texts.iter().find(|text| text.key == key) {
            Some(text) => *(text.get_mut)(request) = read(item, &format!("{place}.{key}"))?,
            None => reader.unknown.push(format!("{place}.{key}")),
        }
    }
    Ok(())
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

/// Writes the texts of `[json]` and the like that are not what they were; an empty one is left out.
pub fn write_section(root: &mut Table, section: &TextSection, old: &Request, new: &Request) {
    let item = root
        .entry(section.key)
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = item.as_table_like_mut() else {
        return;
    };
    for text in section.texts {
        let (before, now) = ((text.get)(old), (text.get)(new));
        if before == now && (table.contains_key(text.key) || now.is_empty()) {
            continue;
        }
        if now.is_empty() {
            table.remove(text.key);
        } else {
            set(table, text.key, now.as_str());
        }
    }
}

//! Rows in TOML: one row a key; a name twice as an array; a row switched off as a small table, and so
//! one that stands for a file: `{ file = "photo.png", type = "image/png" }`.
//!
//! Where the rows of one name do not follow each other, keys could not keep their order: such rows
//! are written as a list, `[[form]]` with `name`, `value` and `enabled`. Both are read.

use toml_edit::{ArrayOfTables, InlineTable, Item, Key, Table, TableLike, Value};

use crate::model::Field;

use super::{
    read::{Reader, Wrong},
    texts,
};

const NAME: &str = "name";
const VALUE: &str = "value";
const ENABLED: &str = "enabled";

/// In place of `value`: the row stands for the file of this path.
const FILE: &str = "file";
const FILE_NAME: &str = "file_name";
const TYPE: &str = "type";

/// Reads the rows of one section.
pub fn read(reader: &mut Reader, item: &Item, place: &str) -> Result<Vec<Field>, Wrong> {
    if let Some(list) = item.as_array_of_tables() {
        let rows = list
            .iter()
            .map(|table| read_row(reader, None, table, place));
        return rows.collect();
    }
    let Some(table) = item.as_table_like() else {
        return Err(Wrong::new(
            item.span(),
            format!("{place} has to be a table: [{place}], below it a row a line"),
        ));
    };
    let mut fields = Vec::new();
    for (name, item) in table.iter() {
        let place = format!("{place}.{name}");
        match item {
            Item::Value(Value::Array(array)) => {
                for value in array {
                    fields.push(read_value(reader, name, value, &place)?);
                }
            }
            Item::Value(value) => fields.push(read_value(reader, name, value, &place)?),
            Item::Table(inner) if inner.is_dotted() => {
                return Err(Wrong::new(
                    inner.span(),
                    format!("write a name with a dot in quotes: \"{name}.…\" = \"…\""),
                ));
            }
            Item::Table(inner) => fields.push(read_row(reader, Some(name), inner, &place)?),
            Item::ArrayOfTables(list) => {
                for inner in list {
                    fields.push(read_row(reader, Some(name), inner, &place)?);
                }
            }
            Item::None => {}
        }
    }
    Ok(fields)
}

fn read_value(reader: &mut Reader, name: &str, value: &Value, place: &str) -> Result<Field, Wrong> {
    if let Some(text) = texts::of_value(value) {
        return Ok(Field::new(name, text));
    }
    match value {
        Value::InlineTable(table) => read_row(reader, Some(name), table, place),
        _ => Err(Wrong::new(
            value.span(),
            format!(
                "{place} has to be a text, a list of texts, or {{ value = \"…\", enabled = false }}"
            ),
        )),
    }
}

/// Reads one row that is a table; `name` where the key of the table is its name.
fn read_row(
    reader: &mut Reader,
    name: Option<&str>,
    table: &dyn TableLike,
    place: &str,
) -> Result<Field, Wrong> {
    let mut field = Field::new(name.unwrap_or_default(), "");
    for (key, item) in table.iter() {
        match key {
            NAME if name.is_none() => field.name = texts::read(item, NAME)?,
            VALUE => field.value = texts::read(item, VALUE)?,
            FILE => {
                field.value = texts::read(item, FILE)?;
                field.part.is_file = true;
            }
            FILE_NAME => field.part.file_name = texts::read(item, FILE_NAME)?,
            TYPE => field.part.content_type = texts::read(item, TYPE)?,
            ENABLED => {
                field.enabled = item.as_bool().ok_or_else(|| {
                    Wrong::new(
                        item.span(),
                        format!("{place}: enabled has to be true or false"),
                    )
                })?;
            }
            other => reader.unknown.push(format!("{place}.{other}")),
        }
    }
    Ok(field)
}

/// Brings a section from the rows it holds to those it is to hold.
pub fn write(root: &mut Table, key: &str, old: &[Field], new: &[Field]) {
    match root.remove_entry(key) {
        Some((kept, Item::ArrayOfTables(mut list))) => {
            update_list(&mut list, old, new);
            root.insert_formatted(&kept, Item::ArrayOfTables(list));
        }
        Some((kept, item)) => {
            let mut table = item.into_table().unwrap_or_default();
            let position = table.position();
            let item = match grouped(new) {
                Some(groups) => {
                    update_table(&mut table, old, &groups);
                    Item::Table(table)
                }
                None => new_list(new, position),
            };
            root.insert_formatted(&kept, item);
        }
        None => {
            let item = match grouped(new) {
                Some(groups) => {
                    let mut table = Table::new();
                    update_table(&mut table, &[], &groups);
                    Item::Table(table)
                }
                None => new_list(new, None),
            };
            root.insert(key, item);
        }
    }
}

type Group<'a> = (&'a str, Vec<&'a Field>);

/// The rows by their names, in order; `None` where the rows of one name do not follow each other.
fn grouped(fields: &[Field]) -> Option<Vec<Group<'_>>> {
    let mut groups: Vec<Group> = Vec::new();
    for field in fields {
        let known = groups.iter().position(|(name, _)| *name == field.name);
        match known {
            None => groups.push((&field.name, vec![field])),
            Some(place) if place + 1 == groups.len() => groups.get_mut(place)?.1.push(field),
            Some(_) => return None,
        }
    }
    Some(groups)
}

/// Takes every row out and puts the new ones in, in their order, each with the comments that its old
/// self had. A row with another name keeps those of the row that had its value, or stood in its place.
fn update_table(table: &mut Table, old: &[Field], new: &[Group]) {
    let old_groups = grouped(old).unwrap_or_default();
    let names: Vec<String> = table.iter().map(|(name, _)| name.to_owned()).collect();
    let mut taken: Vec<Option<(Key, Item)>> =
        names.iter().map(|name| table.remove_entry(name)).collect();
    let is_new = |name: &str| new.iter().any(|(other, _)| *other == name);
    for (index, (name, fields)) in new.iter().enumerate() {
        let has_value = |other: &&Group| !is_new(other.0) && values(&other.1).eq(values(fields));
        let old_name = old_groups.iter().find(has_value).map(|(other, _)| *other);
        let renamed = || {
            let same_value = names
                .iter()
                .position(|other| Some(other.as_str()) == old_name);
            let same_place = names.get(index).filter(|other| !is_new(other));
            same_value.or(same_place.map(|_| index))
        };
        let place = names.iter().position(|other| other == name);
        let place = place.or_else(renamed);
        let entry = place.and_then(|place| taken.get_mut(place)?.take());
        let unchanged = old_groups
            .iter()
            .any(|(other, rows)| other == name && rows == fields);
        match entry {
            Some((key, item)) if unchanged && key.get() == *name => {
                table.insert_formatted(&key, item);
            }
            Some((key, item)) => {
                let decor = key.leaf_decor().clone();
                let key = if key.get() == *name {
                    key
                } else {
                    Key::new(*name).with_leaf_decor(decor)
                };
                let value = group_value(fields, item.as_value());
                table.insert_formatted(&key, Item::Value(value));
            }
            None => {
                table.insert(name, Item::Value(group_value(fields, None)));
            }
        }
    }
}

fn values<'a>(fields: &'a [&Field]) -> impl Iterator<Item = &'a str> {
    fields.iter().map(|field| field.value.as_str())
}

fn group_value(fields: &[&Field], old: Option<&Value>) -> Value {
    let mut value = match fields {
        [field] => field_value(field, old),
        fields => {
            let mut array = match old {
                Some(Value::Array(array)) => array.clone(),
                _ => toml_edit::Array::new(),
            };
            for (index, field) in fields.iter().enumerate() {
                let element = field_value(field, array.get(index));
                match array.get_mut(index) {
                    Some(place) => *place = element,
                    None => array.push(element),
                }
            }
            while array.len() > fields.len() {
                array.remove(fields.len());
            }
            Value::Array(array)
        }
    };
    if let Some(old) = old {
        *value.decor_mut() = old.decor().clone();
    }
    value
}

/// One row: a text, or a small table where it is switched off or was a table before.
fn field_value(field: &Field, old: Option<&Value>) -> Value {
    let mut value = match old {
        Some(Value::InlineTable(table)) => {
            let mut table = table.clone();
            fill_row(&mut table, field);
            let is_plain = table.len() == 1 && table.contains_key(VALUE);
            if is_plain {
                field.value.as_str().into()
            } else {
                Value::InlineTable(table)
            }
        }
        _ if field.enabled && field.part.is_plain() => field.value.as_str().into(),
        _ => {
            let mut table = InlineTable::new();
            fill_row(&mut table, field);
            Value::InlineTable(table)
        }
    };
    if let Some(old) = old {
        *value.decor_mut() = old.decor().clone();
    }
    value
}

/// Sets what differs from what a table of one row says.
fn fill_row(table: &mut dyn TableLike, field: &Field) {
    let (key, other) = if field.part.is_file {
        (FILE, VALUE)
    } else {
        (VALUE, FILE)
    };
    table.remove(other);
    fill_text(table, key, &field.value);
    for (key, text) in [
        (FILE_NAME, &field.part.file_name),
        (TYPE, &field.part.content_type),
    ] {
        if text.is_empty() {
            table.remove(key);
        } else {
            fill_text(table, key, text);
        }
    }
    let enabled = table.get(ENABLED).and_then(Item::as_bool);
    if !field.enabled {
        if enabled != Some(false) {
            texts::set(table, ENABLED, false);
        }
    } else if enabled == Some(false) {
        table.remove(ENABLED);
    }
}

fn fill_text(table: &mut dyn TableLike, key: &str, text: &str) {
    let present = table.get(key).and_then(Item::as_value);
    if present.and_then(texts::of_value).as_deref() != Some(text) {
        texts::set(table, key, text);
    }
}

fn new_list(fields: &[Field], position: Option<isize>) -> Item {
    let mut list = ArrayOfTables::new();
    for field in fields {
        let mut table = list_row(field);
        table.set_position(position);
        list.push(table);
    }
    Item::ArrayOfTables(list)
}

fn list_row(field: &Field) -> Table {
    let mut table = Table::new();
    texts::set(&mut table, NAME, field.name.as_str());
    fill_row(&mut table, field);
    table
}

fn update_list(list: &mut ArrayOfTables, old: &[Field], new: &[Field]) {
    let position = list.iter().last().and_then(Table::position);
    for (index, field) in new.iter().enumerate() {
        match list.get_mut(index) {
            Some(_) if old.get(index) == Some(field) => {}
            Some(table) => {
                texts::set(table, NAME, field.name.as_str());
                fill_row(table, field);
            }
            None => {
                let mut table = list_row(field);
                table.set_position(position);
                list.push(table);
            }
        }
    }
    while list.len() > new.len() {
        list.remove(new.len());
    }
}

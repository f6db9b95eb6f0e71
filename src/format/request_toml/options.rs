//! `[options]`: how a request is sent, as far as it chooses itself; the same table in an environment and
//! in the configuration holds where a request chooses nothing.

use toml_edit::{Item, Table, TableLike, Value};

use crate::{
    model::{Choices, REDACTED, Redact},
    options::{self, Content},
};

use super::{
    read::{Reader, Wrong},
    texts,
};

/// Reads the table. A value that cannot be used is kept: a send marks it where it is typed.
pub fn read(reader: &mut Reader, item: &Item) -> Result<Choices, Wrong> {
    let Some(table) = item.as_table_like() else {
        return Err(Wrong::new(
            item.span(),
            "options has to be a table: [options]",
        ));
    };
    let (choices, unknown) = read_table(table)?;
    reader
        .unknown
        .extend(unknown.into_iter().map(|key| format!("options.{key}")));
    Ok(choices)
}

/// The choices of a table, and the keys in it that mean nothing to this posttui.
pub fn read_table(table: &dyn TableLike) -> Result<(Choices, Vec<String>), Wrong> {
    let (mut choices, mut unknown) = (Choices::default(), Vec::new());
    for (key, item) in table.iter() {
        if options::find(key).is_none() {
            unknown.push(key.to_owned());
            continue;
        }
        let text = match item.as_bool() {
            Some(true) => "on".to_owned(),
            Some(false) => "off".to_owned(),
            None => texts::read(item, &format!("options.{key}"))?,
        };
        choices.set(key, text);
    }
    Ok((choices, unknown))
}

/// What a file says of the choices: a question in the place of what is secret in them. What the file says
/// already stays.
pub fn as_written(choices: &Choices, saved: &Choices) -> Choices {
    let mut written = choices.clone();
    let public = choices.redacted();
    for (name, text) in written.iter_mut() {
        let is_kept = public.get(name) == text.as_str() && !text.contains(REDACTED);
        let before = saved.get(name);
        if is_kept || before == text.as_str() {
            continue;
        }
        let is_question = before.starts_with("{{ prompt(");
        *text = if is_question && Choices::is_secret(name) {
            before.to_owned()
        } else {
            question(name, text)
        };
    }
    written
}

/// A template that asks for the secret: the whole text, or the user and password of a proxy.
fn question(name: &str, text: &str) -> String {
    if Choices::is_secret(name) {
        return "{{ prompt(\"password of the client certificate\") }}".to_owned();
    }
    let host = text.rsplit('@').next().unwrap_or_default();
    let scheme = text.split_once("://").map_or("http", |(scheme, _)| scheme);
    format!("{scheme}://{{{{ prompt(\"user:password of the proxy\") }}}}@{host}")
}

/// Brings `[options]` from what it says to what it is to say.
pub fn write(root: &mut Table, old: &Choices, new: &Choices) {
    if old == new {
        return;
    }
    let item = root
        .entry("options")
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = item.as_table_like_mut() else {
        return;
    };
    write_table(table, old, new);
    if table.is_empty() {
        root.remove("options");
    }
}

/// As [`write()`], within the table itself.
pub fn write_table(table: &mut dyn TableLike, old: &Choices, new: &Choices) {
    for row in options::OPTIONS {
        let (before, now) = (old.get(row.name), new.get(row.name));
        if before == now {
            continue;
        }
        if now.is_empty() {
            table.remove(row.name);
        } else {
            texts::set(table, row.name, value(row.content, now));
        }
    }
}

/// A truth value, or a number where TOML writes it the same, else a text.
fn value(content: Content, text: &str) -> Value {
    let typed = match content {
        Content::Choice(_) => match text {
            "on" => Some(true.into()),
            "off" => Some(false.into()),
            _ => None,
        },
        Content::Number => number(text),
        Content::Text | Content::Secret => None,
    };
    typed.unwrap_or_else(|| text.into())
}

fn number(text: &str) -> Option<Value> {
    let whole = text.parse::<i64>().ok().map(Value::from);
    let value = whole.or_else(|| text.parse::<f64>().ok().map(Value::from))?;
    (texts::of_value(&value).as_deref() == Some(text)).then_some(value)
}

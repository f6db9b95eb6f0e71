//! A saved request -> the [`Request`] to send: what the command line gives takes the place of what is
//! saved, or is added to it.

use std::time::Duration;

use anyhow::Context;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::{
    cli::{Stop, collection, output},
    format::request_toml,
    model::{BodyKind, Field, Redirects, Request},
    store::Paths,
};

use super::{Arguments, item::Item, request};

/// Builds the request from the saved one called `name`.
pub fn build(arguments: &Arguments, name: &str) -> Result<Request, Stop> {
    let library = collection::library(arguments.collection.as_ref())?;
    let paths = Paths::find().context("cannot read the collection")?;
    let path = collection::find(&library.scan(&paths), name)?;
    let text = library.read(&path).context("cannot read the request")?;
    let read = request_toml::read(&text).map_err(|error| {
        Stop::usage(&format!(
            "the saved request “{path}” cannot be sent: {error}"
        ))
    })?;
    if !read.unknown.is_empty() {
        let unknown = read.unknown.join(", ");
        output::complain(&format!(
            "“{path}” has what this posttui does not know and does not send: {unknown}"
        ));
    }
    let mut request = read.request;
    change(&mut request, arguments)?;
    Ok(request)
}

fn change(request: &mut Request, arguments: &Arguments) -> Result<(), Stop> {
    let mut fields = Vec::new();
    for word in &arguments.words {
        match Item::parse(word) {
            Ok(Item::Header { name, value }) => put(&mut request.headers, name, value, true),
            Ok(Item::Query { name, value }) => put(&mut request.query, name, value, false),
            Ok(item) => fields.push(item),
            Err(error) => {
                return Err(Stop::usage(&format!(
                    "{error}; method and URL are those of the saved request"
                )));
            }
        }
    }
    for rule in &arguments.on {
        put(
            &mut request.rules,
            rule.name.clone(),
            rule.value.clone(),
            true,
        );
    }
    match arguments.timeout {
        None => {}
        Some(Duration::ZERO) => request.options.total_timeout = None,
        timeout => request.options.total_timeout = timeout,
    }
    if arguments.no_follow {
        request.options.redirects = Redirects::Stop;
    }
    change_body(request, arguments, fields)
}

fn change_body(
    request: &mut Request,
    arguments: &Arguments,
    fields: Vec<Item>,
) -> Result<(), Stop> {
    if let Some(source) = &arguments.body {
        if !fields.is_empty() {
            return Err(Stop::usage(
                "a body is either given by --body or made of fields: leave one of them out",
            ));
        }
        let text = request::read_source(source)?;
        let is_json = arguments.json || request.body.kind == BodyKind::Json;
        request.body.kind = if is_json {
            BodyKind::Json
        } else {
            BodyKind::Text
        };
        if is_json {
            request.body.json = text;
        } else {
            request.body.text = text;
        }
        return Ok(());
    }
    if arguments.json && request.body.kind != BodyKind::Json {
        request.body.kind = BodyKind::Json;
        "{}".clone_into(&mut request.body.json);
    }
    if fields.is_empty() {
        return Ok(());
    }
    match request.body.kind {
        BodyKind::Json => change_json(&mut request.body.json, fields),
        BodyKind::Form | BodyKind::None => {
            request.body.kind = BodyKind::Form;
            change_form(&mut request.body.form, fields)
        }
        BodyKind::Text => Err(Stop::usage(
            "the saved body is a text, which has no fields: give a whole one with --body",
        )),
    }
}

fn change_form(form: &mut Vec<Field>, fields: Vec<Item>) -> Result<(), Stop> {
    // A name given twice takes the place of the saved rows of that name together.
    let mut given: Vec<Field> = Vec::new();
    for item in fields {
        match item {
            Item::Raw { name, json } => {
                return Err(Stop::usage(&format!(
                    "“{name}:={json}” is a JSON value, and the saved body is a form: write {name}={json}"
                )));
            }
            Item::Field { name, value }
            | Item::Header { name, value }
            | Item::Query { name, value } => {
                given.push(Field::new(name, value));
            }
        }
    }
    let names: Vec<String> = given.iter().map(|field| field.name.clone()).collect();
    let place = |name: &str| form.iter().position(|field| field.name == name);
    let mut placed: Vec<(usize, Field)> = given
        .into_iter()
        .map(|field| (place(&field.name).unwrap_or(usize::MAX), field))
        .collect();
    placed.extend(
        std::mem::take(form)
            .into_iter()
            .enumerate()
            .filter(|(_, field)| !names.contains(&field.name)),
    );
    placed.sort_by_key(|(place, _)| *place);
    form.extend(placed.into_iter().map(|(_, field)| field));
    Ok(())
}

/// Replaces the rows of a name by one, where the first of them is, or adds one at the end.
fn put(rows: &mut Vec<Field>, name: String, value: String, any_case: bool) {
    let is_same = |row: &Field| {
        row.name == name || any_case && row.name.trim().eq_ignore_ascii_case(name.trim())
    };
    let place = rows.iter().position(is_same).unwrap_or(rows.len());
    rows.retain(|row| !is_same(row));
    rows.insert(place.min(rows.len()), Field::new(name, value));
}

/// Replaces or adds members of a JSON object; the others stand as they were written, in their order.
fn change_json(json: &mut String, fields: Vec<Item>) -> Result<(), Stop> {
    let members: Members = serde_json::from_str(json).map_err(|error| {
        Stop::usage(&format!(
            "the saved body is no JSON object that fields could be put into: {error}"
        ))
    })?;
    let mut members = members.0;
    for item in fields {
        let (name, value) = match item {
            Item::Raw { name, json } => (name, json),
            Item::Field { name, value }
            | Item::Header { name, value }
            | Item::Query { name, value } => (name, request::quote(&value)),
        };
        let place = members.iter().position(|(other, _)| *other == name);
        members.retain(|(other, _)| *other != name);
        let place = place.unwrap_or(members.len()).min(members.len());
        members.insert(place, (name, value));
    }
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", request::quote(name)))
        .collect();
    *json = format!("{{{}}}", members.join(","));
    Ok(())
}

/// The members of a JSON object as they are written, duplicates included.
struct Members(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            members.push((name, value.get().to_owned()));
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(rows: &[(&str, &str)]) -> Vec<Field> {
        rows.iter()
            .map(|(name, value)| Field::new(*name, *value))
            .collect()
    }

    fn items(words: &[&str]) -> Vec<Item> {
        words
            .iter()
            .map(|word| Item::parse(word).unwrap())
            .collect()
    }

    #[test]
    fn a_field_takes_the_place_of_the_saved_ones_or_is_added() {
        let mut form = rows(&[("a", "1"), ("b", "2"), ("a", "3"), ("c", "4")]);
        change_form(&mut form, items(&["b=x", "b=y", "a=z", "new=1"])).unwrap();
        assert_eq!(
            form,
            rows(&[("a", "z"), ("b", "x"), ("b", "y"), ("c", "4"), ("new", "1")])
        );
        assert!(change_form(&mut form, items(&["a:=1"])).is_err());
    }

    #[test]
    fn a_header_is_the_same_in_any_case() {
        let mut headers = rows(&[("X-A", "1"), ("B", "2"), ("x-a", "3")]);
        put(&mut headers, "x-A".into(), "new".into(), true);
        assert_eq!(headers, rows(&[("x-A", "new"), ("B", "2")]));
    }

    #[test]
    fn json_members_stand_as_they_were_written() {
        let mut json = "{\"z\": 1.0, \"a\": [1,  2], \"z\": 2}".to_owned();
        change_json(&mut json, items(&["a=x", "n:=1e400"])).unwrap();
        assert_eq!(json, "{\"z\":1.0,\"a\":\"x\",\"z\":2,\"n\":1e400}");
        for wrong in ["[]", "", "{"] {
            assert!(change_json(&mut wrong.to_owned(), items(&["a=x"])).is_err());
        }
    }
}

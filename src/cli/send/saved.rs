//! A saved request -> the [`Request`] to send: what the command line gives takes the place of what is
//! saved, or is added to it.

use anyhow::Context;
use serde_json::value::RawValue;

use crate::{
    cli::{Stop, collection, output},
    format::{json_members::Members, request_toml},
    model::{Body, BodyKind, Field, Origin, Request},
    store::Paths,
};

use super::{Arguments, body, item::Item, request::fill_path, trust};

/// Builds the request from the saved one called `name`, and tells which one it is.
pub fn build(arguments: &Arguments, name: &str) -> Result<(Request, Origin), Stop> {
    let library = collection::library(arguments.collection.as_ref())?;
    let paths = Paths::find().context("cannot read the collection")?;
    let collection = library.list(&paths);
    let path = collection::find(&collection, name)?;
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
    trust::check_saved(&request, &path, &collection.root, collection.trusted)?;
    change(&mut request, arguments)?;
    let root = library.root().to_owned();
    Ok((request, Origin { root, path }))
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
    fill_path(request, &arguments.path)?;
    for rule in arguments.rules() {
        put(
            &mut request.rules,
            rule.name.clone(),
            rule.value.clone(),
            true,
        );
    }
    arguments.credentials.add_to(&mut request.auth)?;
    request.options.extend(&arguments.way.choices()?);
    change_body(request, arguments, fields)
}

fn change_body(
    request: &mut Request,
    arguments: &Arguments,
    fields: Vec<Item>,
) -> Result<(), Stop> {
    let content = &arguments.content;
    let saved = &mut request.body;
    if content.body.is_some() || content.graphql.is_some() {
        let was_json = saved.kind == BodyKind::Json;
        *saved = body::build(content, fields)?;
        if was_json {
            keep_json(saved);
        }
        return Ok(());
    }
    if content.json && saved.kind != BodyKind::Json {
        saved.kind = BodyKind::Json;
        "{}".clone_into(&mut saved.json);
    }
    let has_files = fields.iter().any(|item| matches!(item, Item::File { .. }));
    if (content.multipart || has_files) && saved.kind == BodyKind::Form {
        saved.kind = BodyKind::Multipart;
        saved.multipart = std::mem::take(&mut saved.form);
    }
    if fields.is_empty() {
        return Ok(());
    }
    match saved.kind {
        BodyKind::Json => change_json(&mut saved.json, fields),
        BodyKind::Form => change_rows(&mut saved.form, fields),
        BodyKind::Multipart => change_rows(&mut saved.multipart, fields),
        BodyKind::None => {
            *saved = body::build(content, fields)?;
            Ok(())
        }
        BodyKind::Text | BodyKind::File | BodyKind::GraphQl => Err(Stop::usage(
            "the saved body is one whole, which has no fields: give another whole one with --body",
        )),
    }
}

/// A whole body given in place of a saved JSON one is JSON, too, unless it is said what it is.
fn keep_json(body: &mut Body) {
    match body.kind {
        BodyKind::Text if body.text_type.is_empty() => {
            body.kind = BodyKind::Json;
            body.json = std::mem::take(&mut body.text);
        }
        BodyKind::File if body.file.content_type.is_empty() => {
            "application/json".clone_into(&mut body.file.content_type);
        }
        _ => {}
    }
}

/// A name given twice takes the place of the saved rows of that name together.
fn change_rows(rows: &mut Vec<Field>, fields: Vec<Item>) -> Result<(), Stop> {
    let given = body::rows(fields)?;
    let names: Vec<String> = given.iter().map(|field| field.name.clone()).collect();
    let place = |name: &str| rows.iter().position(|field| field.name == name);
    let mut placed: Vec<(usize, Field)> = given
        .into_iter()
        .map(|field| (place(&field.name).unwrap_or(usize::MAX), field))
        .collect();
    placed.extend(
        std::mem::take(rows)
            .into_iter()
            .enumerate()
            .filter(|(_, field)| !names.contains(&field.name)),
    );
    placed.sort_by_key(|(place, _)| *place);
    rows.extend(placed.into_iter().map(|(_, field)| field));
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
    let as_text = |(name, value): (String, Box<RawValue>)| (name, value.get().to_owned());
    let mut members: Vec<_> = members.0.into_iter().map(as_text).collect();
    for item in fields {
        let (name, value) = match item {
            Item::Raw { name, json } => (name, json),
            Item::File { name, path, .. } => {
                return Err(Stop::usage(&format!(
                    "a file cannot stand in a JSON object: leave out {name}@{path}"
                )));
            }
            Item::Field { name, value }
            | Item::Header { name, value }
            | Item::Query { name, value } => (name, body::quote(&value)),
        };
        let place = members.iter().position(|(other, _)| *other == name);
        members.retain(|(other, _)| *other != name);
        let place = place.unwrap_or(members.len()).min(members.len());
        members.insert(place, (name, value));
    }
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", body::quote(name)))
        .collect();
    *json = format!("{{{}}}", members.join(","));
    Ok(())
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
        change_rows(&mut form, items(&["b=x", "b=y", "a=z", "new=1"])).unwrap();
        assert_eq!(
            form,
            rows(&[("a", "z"), ("b", "x"), ("b", "y"), ("c", "4"), ("new", "1")])
        );
        assert!(change_rows(&mut form, items(&["a:=1"])).is_err());
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

//! The body of a send: its options, and what they and the fields make together.

use std::{fs, io::Read};

use anyhow::Context;

use crate::{
    cli::Stop,
    model::{Body, BodyKind, Field, FileBody, GraphQl},
    template,
};

use super::item::Item;

/// What the body is made of, beside the fields.
#[derive(Debug, clap::Args)]
pub struct BodyArguments {
    /// Send the fields as a JSON object, or --body as JSON
    #[arg(short, long)]
    pub json: bool,

    /// Send the fields as multipart/form-data, as upload forms do, even without a file
    #[arg(short, long, conflicts_with_all = ["json", "body"])]
    pub multipart: bool,

    /// The whole body: a text, @FILE of any size and kind, or - for stdin
    #[arg(
        short = 'd',
        long,
        visible_alias = "data",
        value_name = "TEXT|@FILE|-",
        allow_hyphen_values = true
    )]
    pub body: Option<String>,

    /// The content type of --body [default: text/plain; of a file what its name says]
    #[arg(
        long = "type",
        value_name = "MIME",
        requires = "body",
        conflicts_with = "json"
    )]
    pub content_type: Option<String>,

    /// Send a GraphQL query as JSON: a text, @FILE, or - for stdin
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["json", "body", "multipart"])]
    pub graphql: Option<String>,

    /// The variables of the GraphQL query: a JSON object, or @FILE
    #[arg(long, value_name = "JSON", requires = "graphql")]
    pub variables: Option<String>,
}

impl BodyArguments {
    /// Whether anything is asked for.
    pub fn is_given(&self) -> bool {
        self.json || self.multipart || self.body.is_some() || self.graphql.is_some()
    }
}

/// The body that the options and the fields make together.
pub fn build(arguments: &BodyArguments, fields: Vec<Item>) -> Result<Body, Stop> {
    let is_whole = arguments.body.is_some() || arguments.graphql.is_some();
    if is_whole && !fields.is_empty() {
        return Err(Stop::usage(
            "a body is either given by --body or --graphql or made of fields: leave one of them out",
        ));
    }
    if let Some(source) = &arguments.body {
        return whole_body(source, arguments);
    }
    if let Some(query) = &arguments.graphql {
        return graphql_body(query, arguments.variables.as_deref());
    }
    let has_files = fields.iter().any(|item| matches!(item, Item::File { .. }));
    match (arguments.json, arguments.multipart || has_files) {
        (true, true) => Err(Stop::usage(
            "a file cannot stand in a JSON object: leave out --json, or send the file alone by --body @FILE",
        )),
        (true, false) => Ok(Body {
            kind: BodyKind::Json,
            json: json_object(&fields)?,
            ..Body::default()
        }),
        (false, true) => Ok(Body {
            kind: BodyKind::Multipart,
            multipart: rows(fields)?,
            ..Body::default()
        }),
        (false, false) => Ok(Body {
            kind: BodyKind::Form,
            form: rows(fields)?,
            ..Body::default()
        }),
    }
}

/// A file stays on the disk until it is sent; a text is the body as it stands.
fn whole_body(source: &str, arguments: &BodyArguments) -> Result<Body, Stop> {
    let content_type = arguments.content_type.clone().unwrap_or_default();
    if let Some(path) = source.strip_prefix('@').filter(|path| is_streamed(path)) {
        let file = FileBody {
            path: path.to_owned(),
            content_type: if arguments.json {
                "application/json".to_owned()
            } else {
                content_type
            },
        };
        return Ok(Body {
            kind: BodyKind::File,
            file,
            ..Body::default()
        });
    }
    let text = read_source(source)?;
    Ok(if arguments.json {
        Body {
            kind: BodyKind::Json,
            json: text,
            ..Body::default()
        }
    } else {
        Body {
            kind: BodyKind::Text,
            text,
            text_type: content_type,
            ..Body::default()
        }
    })
}

/// Pipes and devices have no length beforehand: they are read as stdin is, which `@-` stands for as it does to
/// curl. A folder and a path where
/// nothing is are refused like those in a field.
fn is_streamed(path: &str) -> bool {
    path != "-" && fs::metadata(path).map_or(true, |facts| facts.is_file() || facts.is_dir())
}

fn graphql_body(query: &str, variables: Option<&str>) -> Result<Body, Stop> {
    let variables = match variables {
        // A variable is no source of its own: `-` would be taken twice.
        Some(text) if text.starts_with('@') => read_source(text)?,
        Some(text) => text.to_owned(),
        None => String::new(),
    };
    Ok(Body {
        kind: BodyKind::GraphQl,
        graphql: GraphQl {
            query: read_source(query)?,
            variables,
        },
        ..Body::default()
    })
}

/// The fields as rows of a form, the files as parts of one.
pub fn rows(fields: Vec<Item>) -> Result<Vec<Field>, Stop> {
    let rows = fields.into_iter().map(|item| match item {
        Item::Raw { name, json } => Err(Stop::usage(&format!(
            "“{name}:={json}” is a JSON value: add --json, or write {name}={json} for a form field"
        ))),
        Item::File { name, path, part } => Ok(Field {
            part,
            ..Field::new(name, path)
        }),
        Item::Field { name, value }
        | Item::Header { name, value }
        | Item::Query { name, value } => Ok(Field::new(name, value)),
    });
    rows.collect()
}

/// The fields as a JSON object, in their order; raw values stand as they were written.
fn json_object(fields: &[Item]) -> Result<String, Stop> {
    let mut members: Vec<(&str, String)> = Vec::new();
    for item in fields {
        let (name, value) = match item {
            Item::Raw { name, json } => (name, json.clone()),
            Item::Field { name, value }
            | Item::File {
                name, path: value, ..
            }
            | Item::Header { name, value }
            | Item::Query { name, value } => (name, quote(value)),
        };
        if members.iter().any(|(other, _)| other == name) {
            return Err(Stop::usage(&format!(
                "“{name}” is given twice, and a JSON object should have each name once; for a list write {name}:='[\"a\",\"b\"]'"
            )));
        }
        members.push((name, value));
    }
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", quote(name)))
        .collect();
    Ok(format!("{{{}}}", members.join(",")))
}

/// A text as a JSON string: RFC 8259, Section 7. One with templates becomes a template that is quoted
/// when its value is known.
pub fn quote(text: &str) -> String {
    if let Some(template) = template::quoted(text) {
        return template;
    }
    serde_json::Value::from(text).to_string()
}

/// The body that `TEXT`, `@FILE` or `-` stands for.
pub fn read_source(source: &str) -> Result<String, Stop> {
    let (bytes, place) = match source.strip_prefix('@') {
        None if source != "-" => return Ok(source.to_owned()),
        None | Some("-") => (read_stdin()?, "stdin"),
        Some(path) => (
            fs::read(path).with_context(|| format!("cannot read the body from {path}"))?,
            path,
        ),
    };
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        Stop::usage(&format!(
            "what comes from {place} is not UTF-8 text (byte {} is none): write it to a file and give that by @FILE",
            valid + 1
        ))
    })
}

fn read_stdin() -> Result<Vec<u8>, Stop> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .context("cannot read the body from stdin")?;
    Ok(bytes)
}

//! What is only known at the send and stands where the wire asks for more than any text: how the URL begins,
//! its port, an option, the path of a file. Here it gets a form that the wire takes, so that all the rest of the
//! request can be shown, with a mark in its place.

use crate::{
    model::{BodyKind, FilePiece},
    options,
    prepare::{Given, Place},
    template::{Open, Outline},
};

/// Gives such expressions of an outline their form.
pub(super) fn loosen(outline: &mut Outline) {
    loosen_start(outline);
    loosen_ports(outline);
    set_options_aside(outline);
    loosen_files(outline);
}

/// A URL that begins with an expression may get its scheme, its host and a part of its path from it.
fn loosen_start(outline: &mut Outline) {
    let typed = outline.request.url.trim_start();
    let begins = |open: &&Open| open.place == Place::Url && typed.starts_with(&open.stand_in);
    let Some(first) = outline.open.iter().find(begins).cloned() else {
        return;
    };
    let stand_in = &first.stand_in;
    let rest = typed.get(stand_in.len()..).unwrap_or_default().to_owned();
    let expression = &first.expression;
    let of = |what: &str| format!("{what} of {expression}");
    let mut parts = Vec::new();
    if rest.is_empty() || rest.starts_with(['/', '?', '#']) {
        let path = format!("/{stand_in}p");
        outline.request.url = format!("http://{stand_in}{path}{rest}");
        parts.push((format!("http://{stand_in}{path}"), expression.clone()));
        parts.push((format!("http://{stand_in}"), of("origin")));
        parts.push((path, of("path")));
        parts.push((stand_in.clone(), of("host")));
    } else if !rest.starts_with("://") {
        outline.request.url = format!("http://{stand_in}{rest}");
        parts.push((format!("http://{stand_in}"), expression.clone()));
    }
    put_first(outline, &first, parts);
}

/// A stand-in of letters is no port: it becomes a part of the host, the colon a part of the mark.
fn loosen_ports(outline: &mut Outline) {
    let url = &mut outline.request.url;
    for open in &mut outline.open {
        let colon = format!(":{}", open.stand_in);
        let Some(at) = url.find(&colon).filter(|_| open.place == Place::Url) else {
            continue;
        };
        let before = url.get(..at).unwrap_or_default();
        let after = url.get(at + colon.len()..).unwrap_or_default();
        let authority = before.split_once("//").map_or(before, |(_, rest)| rest);
        let is_port = !authority.contains(['/', '?', '#', '@'])
            && !authority.ends_with(']')
            && (after.is_empty() || after.starts_with(['/', '?', '#']));
        if is_port {
            *url = format!("{before}{}{after}", open.stand_in);
            open.before = ":";
        }
    }
}

/// An option that cannot be read with a stand-in in it is not chosen in what is shown.
fn set_options_aside(outline: &mut Outline) {
    while let Err(error) = options::read(&outline.request.options) {
        let place = Place::Option(error.name);
        let is_open = outline.open.iter().any(|it| it.place == place);
        if !is_open || outline.request.options.get(error.name).is_empty() {
            return;
        }
        outline.request.options.set(error.name, "");
    }
}

/// A file that is named at its end by an expression: what its name and its type are follows from that.
fn loosen_files(outline: &mut Outline) {
    let opens = outline.open.clone();
    let last = |path: &str| opens.iter().rfind(|it| path.ends_with(&it.stand_in));
    let body = &mut outline.request.body;
    let mut parts = Vec::new();
    if body.kind == BodyKind::File
        && body.file.content_type.trim().is_empty()
        && let Some(open) = last(&body.file.path)
    {
        body.file.content_type = type_of(open);
        parts.push((open.clone(), "type", body.file.content_type.clone()));
    }
    let rows = body.multipart.iter_mut();
    for row in rows.filter(|row| row.is_sent() && row.part.is_file) {
        let Some(open) = last(&row.value) else {
            continue;
        };
        if row.part.content_type.trim().is_empty() {
            row.part.content_type = type_of(open);
            parts.push((open.clone(), "type", row.part.content_type.clone()));
        }
        if row.part.file_name.is_empty() {
            row.part.file_name = format!("{}n", open.stand_in);
            parts.push((open.clone(), "name", row.part.file_name.clone()));
        }
    }
    for (open, what, stand_in) in parts {
        let expression = format!("{what} of {}", open.expression);
        put_first(outline, &open, vec![(stand_in, expression)]);
    }
}

fn type_of(open: &Open) -> String {
    format!("{0}/{0}t", open.stand_in)
}

/// Puts marks for parts of an expression before its own, since they are longer.
fn put_first(outline: &mut Outline, of: &Open, parts: Vec<(String, String)>) {
    let parts = parts.into_iter().map(|(stand_in, expression)| Open {
        is_part: expression != of.expression,
        stand_in,
        expression,
        ..of.clone()
    });
    outline.open.splice(0..0, parts);
}

/// What is known of the files, and a stand-in for each whose path is not known: its size depends on the
/// width of the outline, so that what follows from it is seen to be unknown.
pub(super) fn with_files(outline: &Outline, given: &Given, wide: bool) -> Given {
    let mut given = given.clone();
    for path in outline.request.body.file_paths() {
        if is_late(path, &outline.open) {
            let file = FilePiece {
                path: path.into(),
                size: u64::from(wide),
                modified: None,
            };
            given.files.insert(path.to_owned(), Ok(file));
        }
    }
    given
}

/// What stands in the place of a file's content, where its path is only known at the send.
pub fn late_note(file: &FilePiece, open: &[Open]) -> Option<String> {
    let path = file.path.display().to_string();
    is_late(&path, open).then(|| format!("‹the content of {path}›"))
}

fn is_late(path: &str, open: &[Open]) -> bool {
    open.iter().any(|it| path.contains(&it.stand_in))
}

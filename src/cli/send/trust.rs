//! What comes from a collection that is not trusted is not sent where it reads this machine or chooses
//! the way to the server: nobody is there to ask.

use std::path::Path;

use crate::{
    cli::Stop,
    model::{Choices, Request, Scope},
    options::{self, Row},
    store::{Library, Paths},
    template::{self, Facts},
};

/// Stops a saved request that wants what only a trusted collection may have. What the command line
/// gives is not in it yet.
pub fn check_saved(
    request: &Request,
    path: &str,
    root: &Path,
    is_trusted: bool,
) -> Result<(), Stop> {
    if is_trusted {
        return Ok(());
    }
    if !request.body.file_paths().is_empty() {
        return Err(refused(
            &format!("“{path}” sends files of this machine"),
            root,
        ));
    }
    check_rows(
        &format!("“{path}”"),
        &options::guarded(&request.options),
        root,
    )
}

/// The same for the options of an environment that stands beside a collection.
pub fn check_environment(own: &Choices, scope: &Scope, paths: &Paths) -> Result<(), Stop> {
    let rows = options::guarded_beside(own, scope);
    let Some(root) = scope.beside.as_deref().filter(|_| !rows.is_empty()) else {
        return Ok(());
    };
    if Library::at(root, paths).scan(paths).trusted {
        return Ok(());
    }
    let name = scope.name.as_deref().unwrap_or_default();
    check_rows(&format!("the environment “{name}”"), &rows, root)
}

/// The same where its variables or options read this machine.
pub fn check_environment_reads(
    request: &Request,
    scope: &Scope,
    facts: &Facts,
    paths: &Paths,
) -> Result<(), Stop> {
    let Some(root) = scope.beside.as_deref() else {
        return Ok(());
    };
    let is_allowed = !template::environment_reads(request, scope, facts)
        || Library::at(root, paths).scan(paths).trusted;
    if is_allowed {
        return Ok(());
    }
    let name = scope.name.as_deref().unwrap_or_default();
    let what = format!("the environment “{name}” reads files or the environment of this machine");
    Err(refused(&what, root))
}

fn check_rows(who: &str, rows: &[&Row], root: &Path) -> Result<(), Stop> {
    if rows.is_empty() {
        return Ok(());
    }
    let labels: Vec<&str> = rows.iter().map(|row| row.label).collect();
    let labels = labels.join(", ");
    Err(refused(&format!("{who} chooses options ({labels})"), root))
}

/// Why it is not sent, and what can be done about it.
pub fn refused(what: &str, root: &Path) -> Stop {
    let root = root.display();
    Stop::usage(&format!(
        "{what}, and its collection is not trusted: look at it, then `posttui init {root}` trusts it"
    ))
}

//! `posttui init`: makes a folder a collection of saved requests.

use std::path::PathBuf;

use anyhow::Context;

use crate::{
    app::rich::{Line, Tone},
    store::{Library, MARKER, Paths, Trust},
};

use super::{
    Stop,
    exit::Exit,
    output::{self, Look},
};

/// What `posttui init` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder; it is made when it is missing
    #[arg(value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
}

/// Examples for `posttui init --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui init                  the folder that you are in
  posttui init api/requests     another one

Started there or below, posttui shows the requests of this folder: one TOML file each, in folders as you
like. They are made to be kept in version control. The collection is trusted, since you made it.";

/// Makes it.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let (library, is_new) = Library::init(&arguments.folder).context("no collection was made")?;
    Trust::new(&Paths::find().context("the collection is not trusted")?)
        .trust(library.root())
        .context("the collection is not trusted")?;
    let marker = library.root().join(MARKER);
    let marker = marker.display();
    let text = if is_new {
        format!("Made {marker}.")
    } else {
        format!("{marker} was there already and is left as it is.")
    };
    output::tell(Look::stderr(), &[Line::new(Tone::Plain, &text)]);
    Ok(Exit::Success)
}

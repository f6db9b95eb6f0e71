//! `posttui import curl`: a curl command -> the interface, its builder filled.

use clap::ValueEnum;

use crate::{format::curl, model::Request};

use super::{Stop, exit::Exit, interface, output, send::body::read_source};

/// What `posttui import` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Whose request it is
    #[arg(value_name = "FORMAT", value_enum)]
    format: Format,

    /// The file that holds it, or - for stdin
    #[arg(value_name = "FILE|-", default_value = "-")]
    source: String,
}

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A curl command, as browsers and manuals give it
    Curl,
}

/// Examples for `posttui import --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui import curl request.sh      the command in a file
  xclip -o | posttui import curl      the command in the clipboard
  posttui \"curl -d a=1 :3000/x\"       the command right here

The command is only read: nothing in it is run, no file that it names is opened. What has no
counterpart in posttui is told. In the interface, a curl command pasted into the URL does the same.";

/// Reads the command and opens the interface with its request.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let Format::Curl = arguments.format;
    let source = match arguments.source.as_str() {
        "-" => "-".to_owned(),
        file => format!("@{file}"),
    };
    let request = read_curl(&read_source(&source)?)?;
    interface::open(Some(request), false)
}

/// The request of a curl command; what it leaves out is told.
pub fn read_curl(command: &str) -> Result<Request, Stop> {
    let imported = curl::import(command)
        .map_err(|error| Stop::usage(&format!("the curl command cannot be read: {error}")))?;
    for note in &imported.notes {
        output::complain(note);
    }
    Ok(imported.request)
}

//! `posttui history show`: one exchange whole, or one of its bodies.

use anyhow::Context;

use crate::{
    cli::{Stop, body, exit::Exit, json, output},
    model::{ExchangeId, Outcome, PreparedRequest},
    status::diagnosis::diagnose,
    units::{counted, human_size},
};

/// What `posttui history show` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The number of the exchange, as the list gives it
    #[arg(value_name = "ID")]
    pub id: i64,

    /// Print the received body alone, byte for byte
    #[arg(long, conflicts_with = "sent")]
    pub body: bool,

    /// Print the body that was sent alone, byte for byte
    #[arg(long)]
    pub sent: bool,
}

/// Examples for `posttui history show --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui history show 42 | jq .diagnosis     what it means
  posttui history show 42 --body > body.json  the received body
  posttui history show 42 --sent              the body that was sent";

/// Prints it.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let id = ExchangeId(arguments.id);
    let history = super::open().context("cannot open the history")?;
    let loaded = history.load(id).context("cannot read the history")?;
    let exchange = loaded.with_context(|| {
        format!("no exchange has the number {id}; see `posttui history` for those there are")
    })?;
    if arguments.sent {
        print_sent(&exchange.prepared)?;
    } else if !arguments.body {
        let label = super::label_of(&history, id).context("cannot read the history")?;
        let mut diagnosis = diagnose(&exchange);
        if let (Some(diagnosis), Some(near)) = (&mut diagnosis, history.near_miss(&exchange)) {
            diagnosis.add(near);
        }
        json::print(&exchange, diagnosis, Some(&label))?;
    } else if let Some(response) = exchange.outcome.as_ref().and_then(Outcome::received) {
        if response.masked() > 0 {
            output::complain(&format!(
                "These are not the exact bytes: {} of this body {} kept as a mark, since the history keeps no secrets",
                counted(response.masked(), "value"),
                if response.masked() == 1 { "is" } else { "are" },
            ));
        }
        body::print(&response.body, &response.head.headers)?;
    }
    Ok(Exit::Success)
}

/// The body that was sent. Of files there is only a description, which goes to stderr.
fn print_sent(prepared: &PreparedRequest) -> Result<(), Stop> {
    for file in prepared.body.files() {
        output::complain(&format!(
            "{} ({}) was sent here; the history keeps no content of files",
            file.path.display(),
            human_size(file.size)
        ));
    }
    body::print(&prepared.body.in_memory(), &prepared.headers)
}

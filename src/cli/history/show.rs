//! `posttui history show`: one exchange whole, or one of its bodies.

use anyhow::Context;

use crate::{
    cli::{Stop, body, exit::Exit, json},
    model::{ExchangeId, Outcome},
    status::diagnosis::diagnose,
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
        body::print(&exchange.prepared.body, &exchange.prepared.headers)?;
    } else if !arguments.body {
        json::print(&exchange, diagnose(&exchange))?;
    } else if let Some(response) = exchange.outcome.as_ref().and_then(Outcome::received) {
        body::print(&response.body, &response.head.headers)?;
    }
    Ok(Exit::Success)
}

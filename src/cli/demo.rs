//! `posttui demo`: the playground server on this machine, with the interface beside it or alone.

use std::io::Write;

use crate::{
    demo::{self, Playground},
    tui,
};

use super::{Stop, exit::Exit, output, runtime, signal};

/// What `posttui demo` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Run the server alone, until Ctrl-C
    #[arg(long)]
    pub serve: bool,

    /// The port on 127.0.0.1; a free one if left out
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
}

/// Examples for `posttui demo --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui demo                      the interface, with a request to the playground ready to send
  posttui demo --serve --port 7878  the server alone; then, from another terminal:
  posttui send :7878/api/create_user username=ann email=ann@example.com

The server listens on 127.0.0.1 only; GET / lists what it can do, such as /status/418, /delay/500, /cut.
What is sent in the demonstration is in the history like any other send; the draft is not kept.";

/// Starts the server, and the interface beside it unless it is to be alone.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let threads = runtime::threads()?;
    let started = Playground::start(arguments.port);
    let playground = threads.runtime().block_on(started);
    let playground = playground.map_err(anyhow::Error::from)?;
    let url = playground.url();
    if arguments.serve {
        threads.runtime().block_on(async {
            // Whoever reads where it listens may end it at once.
            let ending = signal::asked_to_end();
            output::print(|out: &mut dyn Write| writeln!(out, "listening on {url}"))?;
            ending.await;
            Ok::<(), Stop>(())
        })?;
    } else {
        let draft = Some(demo::sample(&url));
        runtime::run_one(tui::run(tui::Options {
            draft,
            playground: Some(url),
            ..tui::Options::default()
        }))??;
    }
    Ok(Exit::Success)
}

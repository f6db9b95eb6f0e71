//! `posttui replay`: exchanges of the history once more, byte for byte.

use std::{cell::OnceCell, sync::Arc};

use anyhow::Context;

use crate::{
    app::{
        rich::{Line, Tone},
        send::standing_words,
    },
    courier::Carried,
    model::{Exchange, ExchangeId, Outcome, PreparedRequest, Standing},
    prepare::{as_it_was, needs_secrets},
    status::diagnosis::diagnose,
    store::{History, Paths},
    units::{counted, human_duration},
};

use super::{
    Stop, body as received, collection,
    exit::{self, Exit},
    history, json,
    output::{self, Look},
    runtime,
    send::{
        self, Format,
        production::Agreement,
        report,
        templates::{self, Desk},
    },
};

/// What `posttui replay` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The numbers of the exchanges; they are sent one after the other, in this order
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,

    /// The environment whose secrets go out, if not that in which it was sent, or the one last chosen in the interface
    #[arg(short, long, value_name = "NAME")]
    env: Option<String>,

    /// The value of one variable, or the answer to a prompt; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = templates::parse_variable)]
    var: Vec<templates::Variable>,

    /// What to print: the body, or the whole exchange as one JSON object a line
    #[arg(short, long, value_name = "FORMAT", value_enum, default_value_t = Format::Body)]
    output: Format,

    /// Go on with the next one where one cannot be sent
    #[arg(short, long)]
    keep_going: bool,

    #[command(flatten)]
    agreement: Agreement,
}

const EXAMPLES: &str = "\
Examples:
  posttui replay 12                     send #12 again, print what comes back
  posttui replay 12 13 14               these three, one after the other; a line each
  posttui replay 12 --env staging       with the secrets of another environment
  posttui history --json status:5xx since:1h | jq .id | xargs posttui replay
      whatever the server failed on in the last hour

What goes out is what went out, byte for byte. Of secrets the history holds marks only: their values come from
the environment and the request's auth; one that cannot be had is named, and nothing is sent.
What may change something in an environment marked as production is asked about, or takes --yes.
With several exchanges the exit code is that of the first one that was not answered with a 2xx.";

/// Examples and exit codes for `posttui replay --help`.
pub fn help() -> String {
    format!("{EXAMPLES}\n\n{}", exit::help())
}

/// Sends them again.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let history = history::open().context("cannot open the history")?;
    let ids = arguments.ids.iter().map(|id| ExchangeId(*id));
    // Nothing goes out while one of them is not there.
    let exchanges = ids
        .map(|id| load(&history, id))
        .collect::<Result<Vec<_>, _>>()?;
    let environment_of = |exchange: &'_ Exchange| {
        let own = exchange.prepared.lineage.environment.clone();
        arguments.env.clone().or(own)
    };
    let environments: Vec<Option<String>> = exchanges.iter().map(environment_of).collect();
    let mut present = environments.first().cloned().flatten();
    let (jars, jar) = send::open_jar(present.as_deref())?;
    let mut desk = Desk {
        environment: None,
        variables: &arguments.var,
        history: Some(history),
        jars,
        jar: Arc::new(jar),
        library: collection::library(None)?,
        paths: Paths::find().map_err(anyhow::Error::from)?,
        dry_run: false,
        agreement: arguments.agreement,
        known: OnceCell::new(),
    };
    let mut code = Exit::Success;
    for (exchange, environment) in exchanges.iter().zip(&environments) {
        if *environment != present {
            present.clone_from(environment);
            desk.jar = Arc::new(send::open_jar(present.as_deref())?.1);
            // What names stand for is that of the environment.
            desk.known = OnceCell::new();
        }
        desk.environment = environment.as_deref();
        let ended = match replay(arguments, &mut desk, exchange, exchanges.len() > 1) {
            Err(Stop::Usage(reason)) if arguments.keep_going => {
                output::complain(&reason);
                Exit::Usage
            }
            ended => ended?,
        };
        if code == Exit::Success {
            code = ended;
        }
        if ended == Exit::Cancelled {
            return Ok(ended);
        }
    }
    Ok(code)
}

fn load(history: &History, id: ExchangeId) -> Result<Exchange, Stop> {
    let loaded = history.load(id).context("cannot read the history")?;
    loaded.ok_or_else(|| {
        Stop::usage(&format!(
            "no exchange has the number {id}; see `posttui history` for those there are; nothing was sent"
        ))
    })
}

fn replay(
    arguments: &Arguments,
    desk: &mut Desk<'_>,
    exchange: &Exchange,
    is_one_of_many: bool,
) -> Result<Exit, Stop> {
    check_files(exchange)?;
    let mut prepared = prepare(desk, exchange)?;
    let before = exchange.prepared.lineage.environment.as_deref();
    desk.check_production(&prepared, before)?;
    prepared.options.recording = desk.recording(&exchange.request)?;
    let courier = desk.courier();
    let request = exchange.request.clone();
    let carried = runtime::run_one(send::carry(
        &courier,
        request,
        prepared,
        None,
        &send::Meter::stderr(),
    ))?;
    let Some(Carried {
        exchange: again,
        unsaved,
        jar,
    }) = carried
    else {
        return Ok(Exit::Cancelled);
    };
    if let Some(reason) = unsaved {
        output::complain(&format!("This exchange is not in the history: {reason}"));
    }
    match jar {
        Some(Ok(jar)) => desk.jar = Arc::new(jar),
        Some(Err(reason)) => {
            output::complain(&format!("The cookies cannot be kept: {reason}"));
        }
        None => {}
    }
    let (again, diagnosis) = send::explain(desk, &again);
    match arguments.output {
        Format::Json => json::print(&again, diagnosis, None)?,
        Format::Body if is_one_of_many => {
            output::print_lines(Look::stdout(), &[line(exchange, &again)])?;
        }
        Format::Body => {
            if let Some(diagnosis) = diagnosis {
                report::tell(&again, &diagnosis);
            }
            if let Some(response) = again.outcome.as_ref().and_then(Outcome::received) {
                received::print_answer(&again, response)?;
            }
        }
    }
    if let Some(history) = &desk.history {
        history::keep_within_after(history, again.id);
    }
    let level = again.verdict.level;
    let outcome = again.outcome.as_ref();
    Ok(outcome.map_or(Exit::NoResponse, |outcome| Exit::of(outcome, level)))
}

/// The history keeps no content of files: what went out of them has to be there still.
fn check_files(exchange: &Exchange) -> Result<(), Stop> {
    for file in exchange.prepared.body.files() {
        let path = file.path.display();
        let why = match std::fs::metadata(&file.path) {
            Ok(found) if found.len() == file.size => continue,
            Ok(found) => format!(
                "{path} has {} now, and had {}",
                counted(found.len(), "byte"),
                counted(file.size, "byte")
            ),
            Err(error) => format!("{path} cannot be read ({error})"),
        };
        return Err(Stop::usage(&format!(
            "#{} was not sent: {why}, and the history keeps no content of files; `posttui history show {} --sent` shows the rest of what went out",
            exchange.id, exchange.id
        )));
    }
    Ok(())
}

/// As it went out, with the secrets of now.
fn prepare(desk: &mut Desk<'_>, exchange: &Exchange) -> Result<PreparedRequest, Stop> {
    if !needs_secrets(exchange) {
        let mut prepared = exchange.prepared.clone();
        prepared.lineage.replayed_from = Some(exchange.id);
        return Ok(prepared);
    }
    let fresh = desk
        .prepare(&exchange.request, None)
        .map_err(|stop| match stop {
            Stop::Usage(reason) => Stop::Usage(format!("#{}: {reason}", exchange.id)),
            trouble @ Stop::Trouble(_) => trouble,
        })?;
    let mut again = as_it_was(&exchange.prepared, &fresh)
        .map_err(|stale| Stop::Usage(format!("#{} was not sent: {stale}.", exchange.id)))?;
    again.lineage.replayed_from = Some(exchange.id);
    Ok(again)
}

/// `● 201 Created  #12 → #45  84ms  as before`.
fn line(before: &Exchange, now: &Exchange) -> Line {
    let came_to = |exchange: &Exchange| {
        let standing = exchange.outcome.as_ref().map(Outcome::standing);
        let standing = standing.unwrap_or(Standing::InFlight);
        let words = standing_words(standing, exchange.message.as_deref());
        match standing {
            Standing::Answered(status) => format!("{status} {words}"),
            Standing::InFlight | Standing::Failed(_) => words,
        }
    };
    let (old, new) = (came_to(before), came_to(now));
    let mark = diagnose(now).map(|diagnosis| diagnosis.mark);
    let shown = match mark {
        Some(mark) => Line::new(Tone::Mark(mark), &format!("{} {new}", mark.symbol())),
        None => Line::new(Tone::Plain, &new),
    };
    let compared = if old == new {
        "as before".to_owned()
    } else {
        format!("was {old}")
    };
    let took = now.duration.map(human_duration).unwrap_or_default();
    shown.then(
        Tone::Dim,
        &format!("  #{} → #{}  {took}  {compared}", before.id, now.id),
    )
}

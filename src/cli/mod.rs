//! The command line: what is asked for, and which face answers.
//!
//! ```text
//! posttui [URL]        interface    the interface
//! posttui demo         demo         the playground, with the interface or alone
//! posttui send …       send         one request -> status, meaning and body
//! posttui replay ID…   replay       what was sent, once more
//! posttui status …     status       the catalogue as a manual page
//! posttui header …     header       what header fields mean
//! posttui history …    history      what was sent
//! posttui diff A B     diff         two of them compared
//! posttui env …        env          what names in templates stand for
//! posttui cookies …    cookies      what servers have set
//! posttui collection … collection   what is saved
//! posttui init         init         makes a folder a collection
//! posttui import …     import       another program's request -> the interface
//! ```
//!
//! One file a subcommand; what they share: `exit` (every exit code), `output` (all that is
//! printed), `body` and `json` (an exchange for people and for programs), `runtime` and `signal`.

mod ask;
mod body;
mod collection;
mod cookies;
mod demo;
mod diff;
mod env;
pub mod exit;
mod files;
mod filter;
mod header;
mod history;
mod import;
mod init;
mod interface;
mod json;
mod output;
mod replay;
mod runtime;
mod send;
mod signal;
mod status;
mod typo;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, error::ErrorKind};

use crate::text;

use exit::Exit;

/// Send HTTP POSTs from the terminal; every send is remembered, every answer explained.
///
/// Without a command the interface opens: type the URL, type the fields, Enter. F1 there shows every
/// key.
#[derive(Debug, Parser)]
#[command(name = "posttui", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    face: Option<Face>,

    /// Where to send: :3000/path, localhost:8080, https://host/path, or a whole curl command in
    /// quotes; opens the interface with it
    url: Option<String>,

    /// Write nothing down: history and draft end with the interface
    #[arg(long)]
    private: bool,
}

#[derive(Debug, Subcommand)]
enum Face {
    /// Send one request and print what came back
    #[command(after_help = send_help())]
    Send(Box<send::Arguments>),
    /// Send exchanges of the history again as they were
    #[command(after_help = replay::help())]
    Replay(replay::Arguments),
    /// Explain a status code, a class, or all of them
    #[command(after_help = status::EXAMPLES)]
    Status(status::Arguments),
    /// Explain a header field, or all that are met
    #[command(after_help = header::EXAMPLES)]
    Header(header::Arguments),
    /// List what was sent, newest first
    #[command(after_help = history::help())]
    History(history::Arguments),
    /// Compare two exchanges of the history
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::Arguments),
    /// List the environments, or show what names stand for in one
    #[command(after_help = env::EXAMPLES)]
    Env(env::Arguments),
    /// List the cookies of an environment, or delete them
    #[command(after_help = cookies::EXAMPLES)]
    Cookies(cookies::Arguments),
    /// List or show the saved requests
    #[command(after_help = collection::EXAMPLES)]
    Collection(collection::Arguments),
    /// Make a folder a collection of saved requests
    #[command(after_help = init::EXAMPLES)]
    Init(init::Arguments),
    /// Open the interface with the request of another program's command
    #[command(after_help = import::EXAMPLES)]
    Import(import::Arguments),
    /// Try everything out on a playground server on this machine
    #[command(after_help = demo::EXAMPLES)]
    Demo(demo::Arguments),
}

/// Why a command ends without having done its work.
#[derive(Debug, thiserror::Error)]
enum Stop {
    /// The command line cannot be carried out as it is written.
    #[error("{0}")]
    Usage(String),
    #[error("{}", chain(.0))]
    Trouble(#[from] anyhow::Error),
}

/// What failed and why, from the outside in. A cause that the text before it has told is passed over.
fn chain(error: &anyhow::Error) -> String {
    let mut told = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if told.is_empty() {
            told = cause;
        } else if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}

impl Stop {
    fn usage(reason: &(impl ToString + ?Sized)) -> Self {
        Self::Usage(reason.to_string())
    }
}

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    answer(&words).into()
}

fn answer(words: &[OsString]) -> Exit {
    if words.len() <= 1 {
        // Nothing is asked for that has to be understood: the interface is there a moment sooner.
        return interface::run(None, false).unwrap_or_else(|stop| end("posttui", &stop));
    }
    let mut command = command();
    let parsed = typo::check(&command, words)
        .and_then(|()| command.try_get_matches_from_mut(history::guard_terms(words)))
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => return explain(&error),
    };
    let (name, done) = match arguments.face {
        None => ("posttui", interface::run(arguments.url, arguments.private)),
        Some(Face::Send(arguments)) => ("posttui send", send::run(&arguments)),
        Some(Face::Replay(arguments)) => ("posttui replay", replay::run(&arguments)),
        Some(Face::Status(arguments)) => ("posttui status", status::run(&arguments)),
        Some(Face::Header(arguments)) => ("posttui header", header::run(&arguments)),
        Some(Face::History(arguments)) => ("posttui history", history::run(&arguments)),
        Some(Face::Diff(arguments)) => ("posttui diff", diff::run(&arguments)),
        Some(Face::Env(arguments)) => ("posttui env", env::run(&arguments)),
        Some(Face::Cookies(arguments)) => ("posttui cookies", cookies::run(&arguments)),
        Some(Face::Collection(arguments)) => ("posttui collection", collection::run(&arguments)),
        Some(Face::Init(arguments)) => ("posttui init", init::run(&arguments)),
        Some(Face::Import(arguments)) => ("posttui import", import::run(&arguments)),
        Some(Face::Demo(arguments)) => ("posttui demo", demo::run(&arguments)),
    };
    done.unwrap_or_else(|stop| end(name, &stop))
}

/// Says why a command stopped.
fn end(name: &str, stop: &Stop) -> Exit {
    match stop {
        Stop::Usage(reason) => {
            output::complain(reason);
            output::complain(&format!("`{name} --help` has examples."));
            Exit::Usage
        }
        Stop::Trouble(_) => {
            output::complain(&stop.to_string());
            Exit::Trouble
        }
    }
}

/// Prints what clap has to say: help and version are what was asked for, anything else is an error.
fn explain(error: &clap::Error) -> Exit {
    let text = error.to_string();
    let text = text::display_multiline(&text);
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        let printed = output::print(|out| out.write_all(text.as_bytes()));
        return printed.map_or_else(|stop| end("posttui", &stop), |()| Exit::Success);
    }
    output::tell_text(&text);
    Exit::Usage
}

/// The command line as clap knows it.
fn command() -> clap::Command {
    Arguments::command().after_help(overview())
}

/// What `posttui --help` says below the commands.
fn overview() -> String {
    format!(
        "\
Examples:
  posttui demo                                   try it out, nothing to set up
  posttui :3000/api/create_user                  the interface with this URL
  posttui send :3000/api/create_user name=ann    a POST right here
  posttui status 422                             what a status means
  posttui header vary                            what a header field means
  posttui history status:4xx since:2d            what was refused lately

{}

{}",
        exit::help(),
        files::help()
    )
}

fn send_help() -> String {
    format!("{}\n\n{}", send::EXAMPLES, exit::help())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Arguments::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_tree_of_commands_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn a_cause_is_told_once() {
        let root = std::io::Error::other("disk full");
        let error = anyhow::Error::new(root)
            .context("cannot write: disk full")
            .context("no history");
        assert_eq!(
            Stop::Trouble(error).to_string(),
            "no history: cannot write: disk full"
        );
    }

    #[test]
    fn a_url_opens_the_interface_and_a_word_its_command() {
        let arguments = parse("posttui :3000/x").unwrap();
        assert_eq!(arguments.url.as_deref(), Some(":3000/x"));
        assert!(arguments.face.is_none());
        assert!(parse("posttui").unwrap().url.is_none());
        assert!(matches!(
            parse("posttui status too large").unwrap().face,
            Some(Face::Status(_))
        ));
        assert!(matches!(
            parse("posttui demo --serve").unwrap().face,
            Some(Face::Demo(_))
        ));
    }

    #[test]
    fn filter_terms_may_begin_with_a_hyphen() {
        for (line, filter, limit) in [
            (
                "posttui history -status:4xx since:2d -n 5 -word --json",
                3,
                5,
            ),
            ("posttui history --json -n5 -x:y", 1, 5),
            ("posttui history --json -- -n -x", 2, 50),
            ("posttui history word -j", 1, 50),
        ] {
            let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            let parsed = Arguments::try_parse_from(history::guard_terms(&words));
            let Ok(Arguments {
                face: Some(Face::History(arguments)),
                ..
            }) = parsed
            else {
                panic!("{line}: {parsed:?}");
            };
            assert_eq!(
                (arguments.filter.len(), arguments.json),
                (filter, true),
                "{line}"
            );
            assert_eq!(arguments.limit, limit, "{line}");
        }
        assert!(parse("posttui history --jsno").is_err());
    }
}

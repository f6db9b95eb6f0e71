//! `posttui history export`: what a filter finds, for other programs and for tickets.

use std::{
    cell::Cell,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::ValueEnum;
use jiff::ZonedDateTime;

use crate::{
    cli::{Stop, exit::Exit, json, output},
    format::har::{Archive, entries},
    inspect::extension,
    model::{Exchange, ExchangeId, Header, Label, Outcome, OwnSecrets, find_header},
    prepare::request_head,
    report,
    status::diagnosis::{Diagnosis, diagnose_without_secrets},
    store::{History, StoreError, without_secrets},
    text,
    units::counted,
};

/// What `posttui history export` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Words and terms of the filter; all of them must fit. Nothing for the whole history
    #[arg(value_name = "FILTER")]
    filter: Vec<String>,

    /// Only the exchanges of these numbers; may be given several times
    #[arg(long, value_name = "ID", conflicts_with = "filter")]
    id: Vec<i64>,

    /// What to write
    #[arg(short, long, value_enum, value_name = "FORMAT")]
    format: Format,

    /// The file, or with --format folder the folder, to write; stdout without it
    #[arg(short, long, value_name = "PATH", required_if_eq("format", "folder"))]
    output: Option<PathBuf>,

    /// Write over a file, or into a folder, that is there
    #[arg(long)]
    force: bool,
}

/// The formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// HAR 1.2, as the developer tools of browsers read it; every hop is an entry
    Har,
    /// One JSON object a line, as `posttui history show` prints it
    Ndjson,
    /// A folder an exchange: heads and bodies as files, byte for byte
    Folder,
    /// A report for a bug ticket
    Markdown,
}

/// Examples for `posttui history export --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui history export --format har -o all.har               everything, for a browser's developer tools
  posttui history export status:5xx since:1d --format markdown  a report for a ticket
  posttui history export --id 12 --format markdown | xclip      of one exchange
  posttui history export host:api.* --format ndjson | duckdb -c \"from read_json('/dev/stdin')\"
  posttui history export is:failed --format folder -o failed    heads and bodies as files

The oldest exchange comes first. Secrets are marks here as in the history.
An exchange that cannot be read is told and left out: exit code 1.";

/// Rows asked for at a time.
const PAGE: usize = 500;

/// Writes what the filter finds.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let now = ZonedDateTime::now();
    let history = super::open().context("cannot open the history")?;
    let ids = ids(arguments, &history, &now)?;
    if ids.is_empty() {
        output::complain("No exchange matches: nothing was written.");
        return Ok(Exit::Success);
    }
    let source = Source {
        history: &history,
        ids: &ids,
        left_out: Cell::new(0),
    };
    match (&arguments.output, arguments.format) {
        (Some(folder), Format::Folder) => write_folder(&source, folder, arguments.force)?,
        (Some(path), format) => {
            let file = create(path, arguments.force)?;
            let mut out = BufWriter::new(file);
            write(&source, format, &mut out)
                .and_then(|()| Ok(out.flush()?))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        (None, format) => {
            let mut failed = None;
            output::print(|out| {
                write(&source, format, out).or_else(|error| match error.downcast::<io::Error>() {
                    Ok(error) => Err(error),
                    Err(error) => {
                        failed = Some(error);
                        Ok(())
                    }
                })
            })?;
            failed.map_or(Ok(()), Err)?;
        }
    }
    let left_out = source.left_out.get();
    if left_out > 0 {
        let left_out = counted(left_out as u64, "exchange");
        output::complain(&format!(
            "{left_out} left out; `posttui history doctor` says what can be done."
        ));
    }
    if let Some(path) = &arguments.output {
        let count = counted((ids.len() - left_out) as u64, "exchange");
        output::complain(&format!("{count} written to {}.", path.display()));
    }
    Ok(if left_out == 0 {
        Exit::Success
    } else {
        Exit::Trouble
    })
}

/// The numbers of what is asked for, the oldest first.
fn ids(
    arguments: &Arguments,
    history: &History,
    now: &ZonedDateTime,
) -> Result<Vec<ExchangeId>, Stop> {
    if !arguments.id.is_empty() {
        return Ok(arguments.id.iter().map(|id| ExchangeId(*id)).collect());
    }
    let filter = super::parse_filter(&arguments.filter, now)?;
    let mut ids = Vec::new();
    loop {
        let before = ids.last().copied();
        let rows = history
            .page(&filter, before, PAGE)
            .context("cannot read the history")?;
        ids.extend(rows.iter().map(|row| row.id));
        if rows.len() < PAGE {
            break;
        }
    }
    ids.reverse();
    Ok(ids)
}

/// The exchanges, one at a time: all of them at once might be too much for the memory.
struct Source<'a> {
    history: &'a History,
    ids: &'a [ExchangeId],
    /// How many could not be read.
    left_out: Cell<usize>,
}

impl Source<'_> {
    fn each(
        &self,
        mut work: impl FnMut(&Exchange, Option<Diagnosis>, &Label) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        for id in self.ids {
            let exchange = match self.history.load(*id) {
                Ok(loaded) => loaded.with_context(|| format!("no exchange has the number {id}"))?,
                // One that is damaged does not hold up the others.
                Err(error) => {
                    self.left_out.set(self.left_out.get() + 1);
                    let why = match error {
                        StoreError::DamagedRow { reason, .. } => reason,
                        other => other.to_string(),
                    };
                    output::complain(&format!("#{id} is left out: {why}"));
                    continue;
                }
            };
            // What leaves the machine is masked once more: an older history may have kept too much.
            let exchange = without_secrets(&exchange);
            let diagnosis = diagnose_without_secrets(&exchange, &OwnSecrets::default());
            let label = super::label_of(self.history, *id).context("cannot read the history")?;
            work(&exchange, diagnosis, &label)?;
        }
        Ok(())
    }
}

/// Never over a file that is there, unless that is asked for; for the user's eyes only.
fn create(path: &Path, force: bool) -> Result<File, Stop> {
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Stop::usage(&format!(
            "{} is there already; --force writes over it",
            path.display()
        ))),
        opened => Ok(opened.with_context(|| format!("cannot write {}", path.display()))?),
    }
}

fn write(source: &Source<'_>, format: Format, out: &mut dyn Write) -> anyhow::Result<()> {
    match format {
        Format::Har => write_har(source, out),
        Format::Markdown => write_report(source, out),
        Format::Ndjson | Format::Folder => source.each(|exchange, diagnosis, label| {
            json::write(&mut *out, exchange, diagnosis, Some(label))?;
            Ok(())
        }),
    }
}

fn write_har(source: &Source<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    out.write_all(Archive::start().as_bytes())?;
    let mut between = "";
    source.each(|exchange, _, label| {
        for entry in entries(exchange, label) {
            out.write_all(between.as_bytes())?;
            text::write_json(&mut *out, &entry)?;
            between = Archive::BETWEEN;
        }
        Ok(())
    })?;
    Ok(out.write_all(Archive::END.as_bytes())?)
}

fn write_report(source: &Source<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let title = match source.ids.len() {
        1 => "# One exchange".to_owned(),
        count => format!("# {count} exchanges"),
    };
    let version = env!("CARGO_PKG_VERSION");
    writeln!(
        out,
        "{title}\n\nWritten by posttui {version}; secrets are masked.\n"
    )?;
    source.each(|exchange, diagnosis, label| {
        let section = report::section(exchange, diagnosis.as_ref(), label);
        Ok(out.write_all(section.as_bytes())?)
    })
}

/// A folder that nobody else can look into; one that is there stays as it is.
fn make_folder(place: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(place)
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

/// `12-POST-users/`: `exchange.json`, `request.head`, `request.body`, `response.head`, `response.json` …
fn write_folder(source: &Source<'_>, folder: &Path, force: bool) -> Result<(), Stop> {
    let is_empty = fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if !force && !is_empty {
        return Err(Stop::usage(&format!(
            "{} is there already, and not empty; --force writes over what is in it",
            folder.display()
        )));
    }
    Ok(write_folders(source, folder)?)
}

fn write_folders(source: &Source<'_>, folder: &Path) -> anyhow::Result<()> {
    source.each(|exchange, diagnosis, label| {
        let place = folder.join(folder_name(exchange));
        make_folder(&place).with_context(|| format!("cannot make {}", place.display()))?;
        let file = |name: &str, bytes: &[u8]| {
            let path = place.join(name);
            write_private(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
        };
        let mut whole = Vec::new();
        json::write(&mut whole, exchange, diagnosis, Some(label))?;
        file("exchange.json", &whole)?;
        let prepared = &exchange.prepared;
        file("request.head", request_head(prepared).as_bytes())?;
        let body = prepared.body.in_memory();
        if !body.is_empty() {
            file(&body_name("request", &prepared.headers), &body)?;
        }
        if let Some(response) = exchange.outcome.as_ref().and_then(Outcome::received) {
            let mut head =
                format!("{} {}\r\n", response.head.version, response.head.status).into_bytes();
            for header in &response.head.headers {
                head.extend_from_slice(format!("{}: ", header.name).as_bytes());
                head.extend_from_slice(&header.value);
                head.extend_from_slice(b"\r\n");
            }
            file("response.head", &head)?;
            if !response.body.is_empty() {
                file(
                    &body_name("response", &response.head.headers),
                    &response.body,
                )?;
            }
        }
        Ok(())
    })
}

/// The number first, so that the folders stand in order; then what tells which one it is.
fn folder_name(exchange: &Exchange) -> String {
    let path = crate::search::path_of(&exchange.prepared.url);
    let last = path.rsplit('/').find(|part| !part.is_empty());
    let words = format!("{}-{}", exchange.prepared.method, last.unwrap_or("root"));
    let safe: String = words
        .chars()
        .map(|char| {
            if char.is_ascii_alphanumeric() || "-_.".contains(char) {
                char
            } else {
                '_'
            }
        })
        .take(60)
        .collect();
    format!("{:06}-{safe}", exchange.id.0)
}

fn body_name(side: &str, headers: &[Header]) -> String {
    let media = find_header(headers, "content-type").map(Header::text);
    let coding = find_header(headers, "content-encoding").map(Header::text);
    match coding.as_deref() {
        Some("gzip") => format!("{side}.body.gz"),
        Some("br") => format!("{side}.body.br"),
        Some("zstd") => format!("{side}.body.zst"),
        _ => format!("{side}.{}", extension(media.as_deref())),
    }
}

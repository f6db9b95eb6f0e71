//! `posttui history doctor`: whether the history is whole, and what can be done where it is not.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::{
    app::rich::{Line, Tone},
    cli::{
        Stop,
        exit::Exit,
        output::{self, Look},
    },
    store::{Findings, History, Paths, Salvage},
    units::{counted, human_size},
};

/// What `posttui history doctor` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Bring back what can be read of this file: a history that was moved aside as damaged, or a backup
    #[arg(long, value_name = "FILE", conflicts_with = "rebuild")]
    pub from: Option<PathBuf>,

    /// Begin a new history with what can be read of the damaged one, which is kept beside it
    #[arg(long)]
    pub rebuild: bool,
}

/// Examples for `posttui history doctor --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui history doctor                 is every page, index and count as it should be?
  posttui history doctor --rebuild       a new history of what can be read of a damaged one
  posttui history doctor --from old.db   what can be read of a file comes back into the history

A damaged file is never changed: it is moved aside, and what can be read is copied out of it.
Exit code 1 where damage is left.";

/// Checks, repairs, tells.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let paths = Paths::find().context("cannot check the history")?;
    let opened = History::open_or_set_aside(&paths).context("cannot open the history")?;
    let (mut history, mut moved_to) = opened;
    if arguments.rebuild && moved_to.is_none() {
        drop(history);
        let (anew, aside) = History::begin_anew(&paths).context("cannot rebuild the history")?;
        (history, moved_to) = (anew, Some(aside));
    }
    let mut lines = Vec::new();
    let source = moved_to.as_deref().or(arguments.from.as_deref());
    if let Some(aside) = &moved_to {
        let told = format!("The history as it was is kept in {}.", aside.display());
        lines.push(plain(&told));
    }
    if let Some(source) = source {
        lines.extend(salvage(&history, source)?);
    }
    let findings = history.check().context("cannot check the history")?;
    lines.extend(tell(&findings));
    output::print_lines(Look::stdout(), &lines)?;
    Ok(
        if findings.damages.is_empty()
            && findings.lost_bodies.is_empty()
            && findings.unreadable.is_empty()
        {
            Exit::Success
        } else {
            Exit::Trouble
        },
    )
}

/// Of one kind no more lines are told, or numbers.
const TOLD: usize = 20;

fn plain(text: &str) -> Line {
    Line::new(Tone::Plain, text)
}

fn salvage(history: &History, file: &Path) -> Result<Vec<Line>, Stop> {
    let salvage = history
        .salvage(file)
        .with_context(|| format!("cannot bring anything back from {}", file.display()))?;
    Ok(told(&salvage))
}

fn told(salvage: &Salvage) -> Vec<Line> {
    let Salvage {
        saved,
        renumbered,
        without_body,
        same,
        bodies,
        ref lost,
        found_by_rows,
    } = *salvage;
    let are = |count: u64| if count == 1 { "is" } else { "are" };
    let mut lines = vec![plain(&format!(
        "{} of it {} in the history now.",
        counted(saved, "exchange"),
        are(saved),
    ))];
    if renumbered > 0 {
        let told = format!(
            "{renumbered} of them {} another number than before.",
            if renumbered == 1 { "has" } else { "have" }
        );
        lines.push(plain(&told));
    }
    if without_body > 0 {
        let told = format!("{without_body} of them came without a body that could not be read.");
        lines.push(plain(&told));
    }
    if same > 0 {
        let told = format!(
            "{} {} there already and {} not added again; {} that had been lost {} back.",
            counted(same, "exchange"),
            if same == 1 { "was" } else { "were" },
            if same == 1 { "was" } else { "were" },
            if bodies == 1 {
                "1 body".to_owned()
            } else {
                format!("{bodies} bodies")
            },
            are(bodies),
        );
        lines.push(plain(&told));
    }
    if found_by_rows {
        lines.push(plain(
            "The file had lost its list of tables: they were found by their rows.",
        ));
    }
    if !lost.is_empty() {
        let ids: Vec<String> = lost.iter().take(TOLD).map(ToString::to_string).collect();
        let more = if lost.len() > ids.len() { ", …" } else { "" };
        let told = format!(
            "{} could not be read: {}{more}.",
            lost.len(),
            ids.join(", ")
        );
        lines.push(plain(&told));
    }
    lines
}

fn tell(findings: &Findings) -> Vec<Line> {
    let mut lines: Vec<Line> = findings
        .repairs
        .iter()
        .map(|repair| plain(&format!("Repaired: {repair}.")))
        .collect();
    let lost = findings.lost_bodies.iter();
    lines.extend(lost.map(|lost| plain(&format!("Lost: {lost}."))));
    if !findings.lost_bodies.is_empty() {
        lines.push(plain("Their exchanges stay, without these bodies. A file that is put back is found again; `posttui history doctor --from BACKUP` brings back what a backup has."));
    }
    let unreadable = findings.unreadable.iter().take(TOLD);
    lines.extend(unreadable.map(|row| plain(&format!("Cannot be opened: {row}."))));
    if !findings.unreadable.is_empty() {
        let told = format!(
            "{} cannot be opened; `posttui history doctor --from BACKUP` adds what a backup has of that, and d on the row in the interface lets it go.",
            counted(findings.unreadable.len() as u64, "exchange"),
        );
        lines.push(plain(&told));
    }
    if findings.is_read_only {
        lines.push(plain(
            "The history can only be read here: nothing was repaired.",
        ));
    }
    let size = human_size(findings.size);
    let free = human_size(findings.free);
    if findings.damages.is_empty() {
        let but = if findings.lost_bodies.is_empty() && findings.unreadable.is_empty() {
            ""
        } else {
            " but for that"
        };
        let told = format!(
            "The history is whole{but}: {}, {size}, of which {free} are free.",
            counted(findings.exchanges, "exchange")
        );
        lines.push(plain(&told));
        return lines;
    }
    let damages = findings.damages.iter().take(TOLD);
    lines.extend(damages.map(|damage| plain(&format!("Damaged: {damage}"))));
    lines.push(plain("End every posttui, then run `posttui history doctor --rebuild`: it keeps the file as it is and copies what can be read into a new one."
    ));
    lines
}

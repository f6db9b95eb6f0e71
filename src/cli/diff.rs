//! `posttui diff`: two exchanges of the history compared, for people and for scripts.

use anyhow::Context;
use serde::Serialize;

use crate::{
    app::{
        panel::compare::{
            page::{Form, lay_out},
            usually_ignored,
        },
        rich::{Line, Tone},
    },
    compare::{Change, Comparison, Ignored, NOT_COMPARED, Pair, Part, Row, Side, Span, unified},
    model::ExchangeId,
    store::{CompareError, Paths, SessionFile},
};

use super::{
    Stop,
    exit::Exit,
    history, json,
    output::{self, Look, USUAL_COLUMNS},
};

/// What `posttui diff` understands.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, given or not"
)]
pub struct Arguments {
    /// The older exchange, by its number in the history
    #[arg(value_name = "A")]
    old: i64,

    /// The newer one; left out, A is compared with the last one before it that worked
    #[arg(value_name = "B")]
    new: Option<i64>,

    /// Compare A, the newer one then, with this example of its saved request
    #[arg(long, value_name = "NAME", conflicts_with = "new")]
    example: Option<String>,

    /// Leave out this header, or the JSON values whose path ends so; may be given several times
    ///
    /// `date` is a header or a form field, `.id` every member called so, `.items[].at` the member of any
    /// item. It is added to what the interface leaves out.
    #[arg(long, value_name = "NAME|.PATH")]
    ignore: Vec<String>,

    /// Leave out nothing but what --ignore names
    #[arg(long)]
    exact: bool,

    /// Print one JSON object: what was added, removed and changed
    #[arg(short, long)]
    json: bool,

    /// Print the older value beside the newer one
    #[arg(short = 'y', long, conflicts_with = "json")]
    side_by_side: bool,

    /// Print what is the same, too
    #[arg(short, long, conflicts_with = "json")]
    all: bool,
}

/// Examples for `posttui diff --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui diff 12 15                    request and answer of two exchanges, what differs
  posttui diff 15                       what changed since the request of #15 last worked
  posttui diff 15 --example \"happy path\"  what differs from that answer, which was kept as an example
  posttui diff 12 15 --ignore .id       ids are not compared
  posttui diff 12 15 --exact            dates are compared, too
  posttui diff 12 15 --json | jq '.sections[].rows[].name'

Exit codes: 0 nothing differs, 1 something does (or this machine failed, which stderr tells), 2 the command
line is wrong or there is no such exchange.";

/// Compares.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let ignored = ignored(arguments)?;
    let history = history::open().context("cannot open the history")?;
    let old = ExchangeId(arguments.old);
    let pair = match (arguments.new, &arguments.example) {
        (Some(new), _) => Pair::Of(old, ExchangeId(new)),
        (None, Some(name)) => {
            let example = history.example_called(name, old);
            Pair::Of(example.map_err(history::example::stop)?, old)
        }
        (None, None) => Pair::LastWorked(old),
    };
    let comparison = match history.compare(pair, &ignored) {
        Ok(comparison) => comparison,
        Err(CompareError::Store(error)) => Err(error).context("cannot read the history")?,
        Err(error @ (CompareError::Missing(_) | CompareError::NeverWorked(_))) => {
            return Err(Stop::usage(&error));
        }
    };
    if arguments.json {
        json::print_line(&View::of(&comparison))?;
    } else {
        print(arguments, &comparison)?;
    }
    for (part, names) in comparison.not_compared() {
        let named: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let what = [&[part.name()], named.as_slice()].concat().join(", ");
        output::complain(&format!("{what}: {NOT_COMPARED}."));
    }
    Ok(match comparison.differences() {
        0 => Exit::Success,
        _ => Exit::Differs,
    })
}

/// What the interface leaves out, and what the command line adds.
fn ignored(arguments: &Arguments) -> Result<Ignored, Stop> {
    let mut entries = Vec::new();
    if !arguments.exact {
        let kept = Paths::find().ok();
        let kept = kept.and_then(|paths| SessionFile::ignored(&paths));
        entries = kept.unwrap_or_else(usually_ignored);
    }
    entries.extend(arguments.ignore.iter().cloned());
    Ignored::parse(entries.iter().map(String::as_str)).map_err(|error| Stop::usage(&error))
}

fn print(arguments: &Arguments, comparison: &Comparison) -> Result<(), Stop> {
    let look = Look::stdout();
    let is_plain = look.columns().is_none() && !arguments.side_by_side && !arguments.all;
    if comparison.differences() == 0 && !arguments.all {
        return Ok(());
    }
    if is_plain {
        let text = unified(comparison);
        let lines: Vec<Line> = text
            .lines()
            .map(|line| Line::new(Tone::Plain, line))
            .collect();
        return output::print_lines(look, &lines);
    }
    let form = Form {
        side_by_side: arguments.side_by_side,
        unfolded: arguments.all,
    };
    let head = |sign: &str, tone, side: &Side| {
        Line::new(tone, sign)
            .then(Tone::Strong, &format!("#{}  {}  ", side.id, side.came_to))
            .then(Tone::Dim, &side.started_at.to_string())
    };
    let mut lines = vec![
        head(" - ", Tone::Removed, &comparison.old),
        head(" + ", Tone::Added, &comparison.new),
        Line::blank(),
    ];
    let columns = look.columns().unwrap_or(USUAL_COLUMNS * 2);
    lines.extend(lay_out(comparison, form, columns).lines);
    output::print_lines(look, &lines)
}

#[derive(Serialize)]
struct View<'a> {
    old: SideView<'a>,
    new: SideView<'a>,
    differs: bool,
    sections: Vec<SectionView<'a>>,
    /// What is masked on both sides: whether it differs is not known.
    not_compared: Vec<NotCompared<'a>>,
}

#[derive(Serialize)]
struct NotCompared<'a> {
    part: Part,
    names: Vec<&'a str>,
}

#[derive(Serialize)]
struct SideView<'a> {
    id: i64,
    started_at: String,
    came_to: &'a str,
}

/// A part with what differs in it; those that are equal are left out.
#[derive(Serialize)]
struct SectionView<'a> {
    part: Part,
    rows: Vec<RowView<'a>>,
}

#[derive(Serialize)]
struct RowView<'a> {
    change: Change,
    /// The header, the field or the JSON path; `null` for a line of a text.
    name: Option<&'a str>,
    old: Option<String>,
    new: Option<String>,
}

impl<'a> View<'a> {
    fn of(comparison: &'a Comparison) -> Self {
        let sections = comparison.sections.iter().map(|section| SectionView {
            part: section.part,
            rows: section
                .rows
                .iter()
                .filter(|row| row.change.counts())
                .map(RowView::of)
                .collect(),
        });
        Self {
            old: SideView::of(&comparison.old),
            new: SideView::of(&comparison.new),
            differs: comparison.differences() > 0,
            sections: sections
                .filter(|section| !section.rows.is_empty())
                .collect(),
            not_compared: comparison
                .not_compared()
                .into_iter()
                .map(|(part, names)| NotCompared { part, names })
                .collect(),
        }
    }
}

impl<'a> SideView<'a> {
    fn of(side: &'a Side) -> Self {
        Self {
            id: side.id.0,
            started_at: side.started_at.to_string(),
            came_to: &side.came_to,
        }
    }
}

impl<'a> RowView<'a> {
    fn of(row: &'a Row) -> Self {
        let value = |spans: &[Span]| spans.iter().map(|span| span.text.as_str()).collect();
        Self {
            change: row.change,
            name: Some(row.name.as_str()).filter(|name| !name.is_empty()),
            old: (row.change != Change::Added).then(|| value(&row.old)),
            new: (row.change != Change::Removed).then(|| value(&row.new)),
        }
    }
}

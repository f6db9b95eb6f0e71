//! `posttui status`: the catalogue of statuses as a manual page. Needs neither network nor history.

mod find;

use serde::Serialize;

use crate::{
    app::rich::{Line, Tone, wrap},
    status::{
        catalogue::{self, Class, ClassEntry, Entry, Explanation},
        diagnosis::Mark,
    },
    text,
};

use super::{
    Stop,
    exit::Exit,
    json,
    output::{self, Look},
};

use find::Found;

/// What `posttui status` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A code (404), a class (4xx) or words of a phrase (too large); all codes if left out
    #[arg(value_name = "CODE|CLASS|WORDS")]
    pub words: Vec<String>,

    /// Print JSON: an object for a code or class, else an array
    #[arg(short, long)]
    pub json: bool,
}

/// Examples for `posttui status --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui status              every code with its meaning
  posttui status 422          its meaning, what it says of a POST, causes, the next step
  posttui status 5xx          what the class means, and its codes
  posttui status too large    search the phrases, then the meanings
  posttui status 419 --json   for a script";

/// Looks up and prints.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let found = find::find(&arguments.words).map_err(|error| Stop::usage(&error))?;
    if arguments.json {
        print_json(&found)?;
        return Ok(Exit::Success);
    }
    let look = Look::stdout();
    let page_columns = look.page_columns();
    let lines = match &found {
        Found::Code(explanation) => code_page(explanation, page_columns),
        Found::Class(class) => class_page(*class, page_columns, look.columns()),
        Found::Rows(rows) => table(rows, look.columns()),
    };
    output::print_lines(look, &lines)?;
    Ok(Exit::Success)
}

/// A class for programs.
#[derive(Serialize)]
struct ClassView {
    class: &'static str,
    #[serde(flatten)]
    entry: &'static ClassEntry,
    codes: Vec<u16>,
}

fn print_json(found: &Found) -> Result<(), Stop> {
    match found {
        Found::Code(explanation) => json::print_line(explanation),
        Found::Class(class) => json::print_line(&ClassView {
            class: class.label(),
            entry: catalogue::class_entry(*class),
            codes: codes_of(*class).iter().map(|entry| entry.code).collect(),
        }),
        Found::Rows(rows) => {
            let rows: Vec<Explanation> = rows
                .iter()
                .map(|entry| catalogue::explain(entry.code))
                .collect();
            json::print_line(&rows)
        }
    }
}

fn codes_of(class: Class) -> Vec<&'static Entry> {
    catalogue::entries()
        .iter()
        .filter(|entry| Class::of(entry.code) == class)
        .collect()
}

/// Everything about one code.
fn code_page(explanation: &Explanation, columns: u16) -> Vec<Line> {
    let mark = Mark::Class(explanation.class);
    let title = format!(
        "{} {} {}",
        mark.symbol(),
        explanation.code,
        explanation.phrase
    );
    let mut lines = vec![Line::new(Tone::Mark(mark), &title), origin(explanation)];
    let sections = [
        ("What it means", explanation.meaning.as_str()),
        ("For a POST", &explanation.for_post),
    ];
    for (heading, paragraph) in sections {
        push_section(&mut lines, heading, "", &[paragraph], columns);
    }
    let causes: Vec<&str> = explanation.causes.iter().map(String::as_str).collect();
    push_section(&mut lines, "Likely causes", "• ", &causes, columns);
    push_section(&mut lines, "Next step", "", &[&explanation.next], columns);
    push_section(
        &mut lines,
        "Laid down in",
        "",
        &[&explanation.reference],
        columns,
    );
    lines
}

/// Class, and whether the number is registered or whose it is.
fn origin(explanation: &Explanation) -> Line {
    let class = explanation.class;
    let origin = match (&explanation.source, explanation.registered) {
        (_, true) => "registered with IANA".to_owned(),
        (Some(vendor), false) => format!("not registered; sent by {vendor}"),
        (None, false) => "not registered; explained by its class".to_owned(),
    };
    Line::new(
        Tone::Dim,
        &format!("  {} ({}), {origin}", class.name(), class.label()),
    )
}

fn push_section(
    lines: &mut Vec<Line>,
    heading: &str,
    bullet: &str,
    paragraphs: &[&str],
    columns: u16,
) {
    lines.push(Line::blank());
    lines.push(Line::new(Tone::Heading, heading));
    for paragraph in paragraphs {
        let indent = 2 + text::width(bullet);
        lines.extend(wrap(
            Tone::Plain,
            &format!("  {bullet}{paragraph}"),
            columns,
            indent,
        ));
    }
}

/// What a class means, and its codes.
fn class_page(class: Class, columns: u16, table_columns: Option<u16>) -> Vec<Line> {
    let entry = catalogue::class_entry(class);
    let mark = Mark::Class(class);
    let title = format!("{} {} {}", mark.symbol(), class.label(), class.name());
    let mut lines = vec![Line::new(Tone::Mark(mark), &title)];
    push_section(&mut lines, "What it means", "", &[&entry.meaning], columns);
    push_section(&mut lines, "For a POST", "", &[&entry.for_post], columns);
    push_section(&mut lines, "Next step", "", &[&entry.next], columns);
    push_section(&mut lines, "Laid down in", "", &[&entry.reference], columns);
    let rows = codes_of(class);
    if !rows.is_empty() {
        push_section(&mut lines, "Codes", "", &[], columns);
        lines.extend(table(&rows, table_columns));
    }
    lines
}

/// One line a code: symbol, code, phrase, the first sentence of its meaning.
fn table(rows: &[&Entry], columns: Option<u16>) -> Vec<Line> {
    let widest = rows
        .iter()
        .map(|entry| text::width(&entry.phrase))
        .max()
        .unwrap_or(0);
    rows.iter()
        .map(|entry| {
            let mark = Mark::Class(Class::of(entry.code));
            let head = format!("{} {}", mark.symbol(), entry.code);
            let phrase = text::pad(&entry.phrase, widest);
            let used = text::width(&head) + widest + 4;
            let meaning = first_sentence(&entry.meaning);
            let meaning = columns.map_or(meaning.into(), |columns| {
                text::truncate(meaning, usize::from(columns).saturating_sub(used))
            });
            Line::new(Tone::Mark(mark), &head)
                .then(Tone::Strong, &format!("  {phrase}"))
                .then(Tone::Plain, &format!("  {meaning}"))
        })
        .collect()
}

/// The short meaning.
fn first_sentence(text: &str) -> &str {
    text.find(". ")
        .and_then(|end| text.get(..=end))
        .unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(lines: &[Line]) -> String {
        lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_page_holds_everything_about_a_code() {
        let explanation = catalogue::explain(422);
        let page = text_of(&code_page(&explanation, u16::MAX));
        assert!(page.starts_with("▲ 422 Unprocessable Content\n  Client error (4xx), registered"));
        for part in [
            &explanation.meaning,
            &explanation.for_post,
            &explanation.next,
            &explanation.reference,
            &explanation.causes[0],
        ] {
            assert!(page.contains(part.as_str()), "{part}");
        }
    }

    #[test]
    fn a_number_without_a_row_is_explained_by_its_class() {
        let page = text_of(&code_page(&catalogue::explain(477), 80));
        assert!(
            page.contains("not registered; explained by its class"),
            "{page}"
        );
        let vendor = text_of(&code_page(&catalogue::explain(419), 80));
        assert!(
            vendor.contains("not registered; sent by Laravel"),
            "{vendor}"
        );
    }

    #[test]
    fn pages_and_tables_keep_to_their_columns() {
        let rows: Vec<&Entry> = catalogue::entries().iter().collect();
        let lines = [
            table(&rows, Some(80)),
            code_page(&catalogue::explain(500), 80),
            class_page(Class::ClientError, 80, Some(80)),
        ];
        for line in lines.concat() {
            assert!(text::width(&line.text()) <= 80, "{}", line.text());
        }
        assert_eq!(table(&rows, None).len(), rows.len());
    }

    #[test]
    fn a_short_meaning_is_one_sentence() {
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("One."), "One.");
    }
}

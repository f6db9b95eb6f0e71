//! `posttui header`: what header fields mean. Needs neither network nor history.

use jiff::Timestamp;

use crate::{
    app::rich::{Line, Tone, entry, wrap},
    status::headers::{self, Entry, Explanation},
    text,
};

use super::{
    Stop,
    exit::Exit,
    json,
    output::{self, Look},
};

/// What `posttui header` understands.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A name (Vary), a whole field ('Cache-Control: no-store'), or words of a meaning; all fields if left
    /// out
    #[arg(value_name = "NAME|FIELD|WORDS")]
    pub words: Vec<String>,

    /// Print JSON: an object for a name, else an array
    #[arg(short, long)]
    pub json: bool,
}

/// Examples for `posttui header --help`.
pub const EXAMPLES: &str = "\
Examples:
  posttui header                                 every field with its meaning
  posttui header vary                            what it means, and where that is laid down
  posttui header 'Cache-Control: max-age=60'     and what the value says, part by part
  posttui header cached                          search the names, then the meanings
  posttui header retry-after --json              for a script";

/// Columns of the names of a value's parts.
const PARTS: usize = 30;

/// Looks up and prints.
pub fn run(arguments: &Arguments) -> Result<Exit, Stop> {
    let asked = arguments.words.join(" ");
    let (name, value) = match asked.split_once(':') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (asked.trim(), None),
    };
    let found = search(name);
    let is_name = headers::lookup(name).is_some() || value.is_some();
    if !name.is_empty() && (is_name || found.is_empty()) {
        return print_one(&headers::explain(name), value, arguments.json);
    }
    if arguments.json {
        json::print_line(&found)?;
        return Ok(Exit::Success);
    }
    let look = Look::stdout();
    output::print_lines(look, &table(&found, look.columns()))?;
    Ok(Exit::Success)
}

/// Those whose name holds the words; where there are none, those whose meaning does.
fn search(words: &str) -> Vec<&'static Entry> {
    let words = words.to_lowercase();
    let entries = headers::entries().iter();
    let by_name: Vec<_> = entries
        .clone()
        .filter(|entry| entry.name.to_lowercase().contains(&words))
        .collect();
    if by_name.is_empty() {
        entries
            .filter(|entry| entry.meaning.to_lowercase().contains(&words))
            .collect()
    } else {
        by_name
    }
}

fn print_one(explanation: &Explanation, value: Option<&str>, as_json: bool) -> Result<Exit, Stop> {
    if as_json {
        json::print_line(explanation)?;
        return Ok(Exit::Success);
    }
    let look = Look::stdout();
    let columns = look.page_columns();
    output::print_lines(look, &page(explanation, value, columns))?;
    Ok(Exit::Success)
}

/// Everything about one field.
fn page(explanation: &Explanation, value: Option<&str>, columns: u16) -> Vec<Line> {
    let mut lines = vec![
        Line::new(Tone::Heading, &explanation.name),
        Line::new(Tone::Dim, &format!("  {}", origin(explanation))),
        Line::blank(),
    ];
    let meaning = format!("  {}", explanation.meaning);
    lines.extend(wrap(Tone::Plain, &meaning, columns, 2));
    if let Some(reference) = &explanation.reference {
        lines.push(Line::blank());
        let text = format!("  Laid down in {reference}.");
        lines.extend(wrap(Tone::Plain, &text, columns, 2));
    }
    if let Some(value) = value {
        let parts = headers::decoded(&explanation.name, value, Timestamp::now());
        if !parts.is_empty() {
            lines.extend([
                Line::blank(),
                Line::new(Tone::Heading, "What the value says"),
            ]);
        }
        for (name, said) in parts {
            lines.extend(entry(&format!("  {name}"), &said, PARTS, columns));
        }
    }
    lines
}

fn origin(explanation: &Explanation) -> String {
    let registered = if explanation.registered {
        "registered"
    } else {
        "not registered"
    };
    match explanation.direction {
        Some(direction) => format!("{}, {registered}", direction.words()),
        None => registered.to_owned(),
    }
}

/// One line a field.
fn table(rows: &[&Entry], columns: Option<u16>) -> Vec<Line> {
    let widest = rows.iter().map(|entry| text::width(&entry.name)).max();
    let widest = widest.unwrap_or(0);
    rows.iter()
        .map(|entry| {
            let meaning = columns.map_or(entry.meaning.as_str().into(), |columns| {
                let room = usize::from(columns).saturating_sub(widest + 2);
                text::truncate(&entry.meaning, room)
            });
            Line::new(Tone::Name, &text::pad(&entry.name, widest))
                .then(Tone::Plain, &format!("  {meaning}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(lines: &[Line]) -> String {
        lines.iter().map(Line::text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_page_says_what_a_field_and_its_value_mean() {
        let shown = page(&headers::explain("cache-control"), Some("no-store"), 80);
        let shown = text_of(&shown);
        assert!(shown.starts_with("Cache-Control\n  in requests and responses, registered"));
        assert!(shown.contains("RFC 9111, Section 5.2"), "{shown}");
        assert!(
            shown.contains("no-store") && shown.contains("no cache at all"),
            "{shown}"
        );
    }

    #[test]
    fn fields_are_found_by_name_and_then_by_meaning() {
        let names = |words: &str| -> Vec<&str> {
            search(words)
                .iter()
                .map(|entry| entry.name.as_str())
                .collect()
        };
        assert!(names("ratelimit").len() > 4);
        assert!(names("preflight").contains(&"Access-Control-Max-Age"));
        assert!(names("no such words anywhere").is_empty());
        for line in table(&search(""), Some(80)) {
            assert!(text::width(&line.text()) <= 80, "{}", line.text());
        }
    }
}

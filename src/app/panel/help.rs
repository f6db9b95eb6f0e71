//! The help: made from the command table and the key table, so that it cannot be out of date.

use crate::{
    app::{
        command::{self, Context},
        key::Key,
        keymap::Keymap,
        rich::{Line, Tone, entry, wrap},
    },
    search,
    status::catalogue::Class,
    text,
};

/// The help being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    pub title: &'static str,
    pub scroll: usize,
    pub lines: Vec<Line>,
}

/// Columns that the keys of a command take.
const KEY_COLUMNS: usize = 20;

const FIRST_STEPS: &[&str] = &[
    "Type the URL (:3000/path is enough for this machine), press Tab, type names and values, press Enter.",
    "The answer appears below: its status, what that means, and what to do next. Every send, failed ones too, stays in the history at the left.",
    "In the Rules tab you give a status your own words: 200, 400-499, 4xx or else, and the message.",
];

impl Help {
    pub fn new(keymap: &Keymap, columns: u16) -> Self {
        let mut lines = vec![Line::new(Tone::Heading, "First steps")];
        for step in FIRST_STEPS {
            lines.extend(wrap(Tone::Plain, step, columns, 0));
        }
        for context in Context::ALL {
            lines.extend(context_lines(*context, keymap, columns));
        }
        lines.extend(filter_lines(columns));
        lines.extend(symbol_lines());
        Self::page("Help", lines)
    }

    /// What the history's filter understands, for who is typing into it.
    pub fn filter(keymap: &Keymap, columns: u16) -> Self {
        let words = "Every term narrows what is found; all of them must fit, and case never matters. `posttui history` takes the same terms.";
        let mut lines = wrap(Tone::Plain, words, columns, 0);
        lines.push(Line::blank());
        lines.extend(term_lines(columns));
        lines.extend(context_lines(Context::Filter, keymap, columns));
        Self::page("The filter", lines)
    }

    /// Any other page to be read in the same window.
    pub fn page(title: &'static str, lines: Vec<Line>) -> Self {
        Self {
            title,
            scroll: 0,
            lines,
        }
    }

    /// Scrolls by rows, as far as `height` rows still show something.
    pub fn scroll_by(&mut self, rows: isize, height: u16) {
        let last = self.lines.len().saturating_sub(usize::from(height));
        self.scroll = self.scroll.saturating_add_signed(rows).min(last);
    }
}

fn context_lines(context: Context, keymap: &Keymap, columns: u16) -> Vec<Line> {
    let mut lines = vec![Line::blank(), Line::new(Tone::Heading, context.title())];
    for command in command::of(context) {
        let keys: Vec<String> = keymap.keys_of(command).map(Key::short).collect();
        let keys = if keys.is_empty() {
            "(palette)".to_owned()
        } else {
            keys.join(" ")
        };
        lines.extend(entry(&keys, command.help, KEY_COLUMNS, columns));
    }
    lines
}

fn filter_lines(columns: u16) -> Vec<Line> {
    let mut lines = vec![
        Line::blank(),
        Line::new(Tone::Heading, "The history's filter: all terms must fit"),
    ];
    lines.extend(term_lines(columns));
    lines
}

fn term_lines(columns: u16) -> impl Iterator<Item = Line> {
    let width = search::explained().map(|(term, _)| text::width(term)).max();
    let width = width.unwrap_or_default() + 2;
    search::explained().flat_map(move |(term, help)| entry(term, help, width, columns))
}

fn symbol_lines() -> Vec<Line> {
    use crate::status::diagnosis::Mark;
    let mut lines = vec![
        Line::blank(),
        Line::new(Tone::Heading, "Symbols and colours"),
    ];
    let classes = [
        Class::Informational,
        Class::Successful,
        Class::Redirection,
        Class::ClientError,
        Class::ServerError,
    ];
    for class in classes {
        let mark = Mark::Class(class);
        let label = format!("{} {}", mark.symbol(), class.label());
        lines.push(
            Line::new(Tone::Mark(mark), &label).then(Tone::Plain, &format!("  {}", class.name())),
        );
    }
    lines.push(
        Line::new(Tone::Mark(Mark::Failure), "✕ failed")
            .then(Tone::Plain, "  no whole response came"),
    );
    lines
}

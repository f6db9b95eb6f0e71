//! Lines with a meaning to each piece: what the pages of the response zone, the help and the
//! questions are made of. The theme gives each tone its style.

use crate::{model::RuleLevel, status::diagnosis::Mark, text};

/// What a piece of text is, for the theme to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Dim,
    Strong,
    /// The name of a field, a header, a key.
    Name,
    Heading,
    Warning,
    Mark(Mark),
    /// Of two exchanges, what only the newer one has.
    Added,
    /// What only the older one has.
    Removed,
    /// The words of a changed value that only one of them has.
    AddedWord,
    RemovedWord,
    /// What a rule of the user makes of an outcome.
    Level(RuleLevel),
}

/// One piece of a line, already fit for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub tone: Tone,
    pub text: String,
}

/// One line of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Piece>);

impl Line {
    pub fn blank() -> Self {
        Self::default()
    }

    /// A line of one piece. Every text passes the sanitiser here, whoever wrote it.
    pub fn new(tone: Tone, text: &str) -> Self {
        Self::default().then(tone, text)
    }

    #[must_use]
    pub fn then(mut self, tone: Tone, text: &str) -> Self {
        self.0.push(Piece {
            tone,
            text: text::display(text).into_owned(),
        });
        self
    }

    /// The line as plain text.
    pub fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }
}

/// A text broken between words into lines of at most `columns` columns, all but the first indented
/// by `hanging` blanks.
pub fn wrap(tone: Tone, text: &str, columns: u16, hanging: usize) -> Vec<Line> {
    let indent = " ".repeat(hanging);
    let options =
        textwrap::Options::new(usize::from(columns).max(hanging + 8)).subsequent_indent(&indent);
    let text = text::display(text);
    textwrap::wrap(&text, options)
        .iter()
        .map(|line| Line::new(tone, line))
        .collect()
}

/// A name and a value: the value wraps below itself.
pub fn entry(name: &str, value: &str, name_columns: usize, columns: u16) -> Vec<Line> {
    let name = text::display(name);
    let label = format!("{name:name_columns$} ");
    let used = text::width(&label);
    let mut lines = wrap(
        Tone::Plain,
        &format!("{}{value}", " ".repeat(used)),
        columns,
        used,
    );
    if let Some(first) = lines.first_mut() {
        let rest = first.text().chars().skip(used).collect::<String>();
        *first = Line::new(Tone::Name, &label).then(Tone::Plain, &rest);
    }
    lines
}

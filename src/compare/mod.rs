//! Two exchanges side by side: what is the same, what was added, removed or changed.
//!
//! ```text
//! Exchange ─┐            ┌─ request line, answer ─► named rows, words
//!           ├─ compare ──┼─ headers, forms ───────► named rows        fields
//! Exchange ─┘            ├─ JSON ─────────────────► rows by path      json
//!      Ignored ──┘       ├─ text ─────────────────► lines, words      text
//!                        └─ bytes ────────────────► size, hash        body
//! ```
//!
//! Values are compared as received: `1.0` is not `1`, and a number of any length keeps its digits.

mod body;
mod fields;
mod ignored;
mod json;
mod print;
mod text;

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    model::{Exchange, ExchangeId, Header, Outcome, has_mark},
    status::{catalogue, failure},
};

pub use ignored::{Ignored, USUALLY_IGNORED};
pub use print::unified;

/// How one thing stands in the newer exchange against the older one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    Same,
    /// Marks stand for it on both sides: whether it is the same, nobody knows.
    Masked,
    /// It differs, and the user does not want to know.
    Ignored,
    Added,
    Removed,
    Changed,
}

impl Change {
    /// Whether the two exchanges differ by it.
    pub fn counts(self) -> bool {
        match self {
            Self::Added | Self::Removed | Self::Changed => true,
            Self::Same | Self::Masked | Self::Ignored => false,
        }
    }
}

/// A piece of a value, and whether the other side has another one in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub differs: bool,
}

impl Span {
    fn same(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            differs: false,
        }
    }
}

/// One thing that both exchanges have, or one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub change: Change,
    /// The path, the header, the field; empty for a line of a text.
    pub name: String,
    /// Its value before; nothing where it was added.
    pub old: Vec<Span>,
    /// Its value after; nothing where it was removed.
    pub new: Vec<Span>,
}

impl Row {
    fn same(name: impl Into<String>, value: &str) -> Self {
        let change = if has_mark(value.as_bytes()) {
            Change::Masked
        } else {
            Change::Same
        };
        Self {
            change,
            name: name.into(),
            old: vec![Span::same(value)],
            new: vec![Span::same(value)],
        }
    }

    fn added(name: impl Into<String>, value: &str) -> Self {
        Self {
            change: Change::Added,
            name: name.into(),
            old: Vec::new(),
            new: vec![Span::same(value)],
        }
    }

    fn removed(name: impl Into<String>, value: &str) -> Self {
        Self {
            change: Change::Removed,
            name: name.into(),
            old: vec![Span::same(value)],
            new: Vec::new(),
        }
    }

    /// Two values, the words that differ marked.
    fn of(name: impl Into<String>, old: &str, new: &str) -> Self {
        let name = name.into();
        if old == new {
            return Self::same(name, old);
        }
        let (old, new) = text::words(old, new);
        Self {
            change: Change::Changed,
            name,
            old,
            new,
        }
    }

    /// What only one of them has, or both.
    fn of_either(name: &str, old: Option<&str>, new: Option<&str>) -> Option<Self> {
        Some(match (old, new) {
            (Some(old), Some(new)) => Self::of(name, old, new),
            (Some(old), None) => Self::removed(name, old),
            (None, Some(new)) => Self::added(name, new),
            (None, None) => return None,
        })
    }

    fn ignored(mut self) -> Self {
        if self.change.counts() {
            self.change = Change::Ignored;
        }
        self
    }
}

/// The parts of an exchange, in the order in which they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    Request,
    RequestHeaders,
    RequestBody,
    Answer,
    ResponseHeaders,
    ResponseBody,
}

impl Part {
    /// As it is named to the user.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::RequestHeaders => "Request headers",
            Self::RequestBody => "Request body",
            Self::Answer => "Answer",
            Self::ResponseHeaders => "Response headers",
            Self::ResponseBody => "Response body",
        }
    }
}

/// One part of both exchanges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub part: Part,
    /// How its bodies were compared, and what keeps them from being compared better.
    pub note: Option<String>,
    pub rows: Vec<Row>,
}

/// Which exchange stands on a side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    pub id: ExchangeId,
    pub started_at: Timestamp,
    /// `201 Created`, `refused`.
    pub came_to: String,
}

/// Two exchanges, compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub old: Side,
    pub new: Side,
    pub sections: Vec<Section>,
}

impl Comparison {
    /// How many rows differ, those that are ignored left out.
    pub fn differences(&self) -> usize {
        let rows = self.sections.iter().flat_map(|section| &section.rows);
        rows.filter(|row| row.change.counts()).count()
    }

    /// The parts of which something was not compared, with the names of that.
    pub fn not_compared(&self) -> Vec<(Part, Vec<&str>)> {
        let parts = self.sections.iter().map(|section| {
            let rows = section.rows.iter();
            let masked = rows.filter(|row| row.change == Change::Masked);
            (section.part, masked.map(|row| row.name.as_str()).collect())
        });
        parts
            .filter(|(_, names): &(_, Vec<_>)| !names.is_empty())
            .collect()
    }
}

/// What is said of what is [`Change::Masked`].
pub const NOT_COMPARED: &str = "masked on both sides: not compared";

/// Which exchanges are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pair {
    /// The older one, the newer one.
    Of(ExchangeId, ExchangeId),
    /// The last one before this one that was sent to the same place and answered with a 2xx, and this one.
    LastWorked(ExchangeId),
}

/// Compares two exchanges; takes about as long as reading their bodies.
pub fn compare(old: &Exchange, new: &Exchange, ignored: &Ignored) -> Comparison {
    let mut sections = vec![
        section(Part::Request, request(old, new)),
        headers(
            Part::RequestHeaders,
            (&old.prepared.headers, &new.prepared.headers),
            ignored,
        ),
    ];
    let bodies = [old, new].map(|exchange| body::Content::sent(&exchange.prepared));
    sections.push(body::compare(Part::RequestBody, &bodies, ignored));
    sections.push(section(Part::Answer, answer(old, new)));
    let received = [old, new].map(|it| it.outcome.as_ref().and_then(Outcome::received));
    let [before, after] =
        received.map(|response| response.map_or(&[][..], |response| &response.head.headers));
    sections.push(headers(Part::ResponseHeaders, (before, after), ignored));
    let bodies = received.map(body::Content::received);
    sections.push(body::compare(Part::ResponseBody, &bodies, ignored));
    Comparison {
        old: Side::of(old),
        new: Side::of(new),
        sections,
    }
}

fn section(part: Part, rows: Vec<Row>) -> Section {
    Section {
        part,
        note: None,
        rows,
    }
}

impl Side {
    pub fn of(exchange: &Exchange) -> Self {
        Self {
            id: exchange.id,
            started_at: exchange.started_at,
            came_to: came_to(exchange),
        }
    }
}

/// The status with its phrase, or the failure in a word or two.
fn came_to(exchange: &Exchange) -> String {
    match &exchange.outcome {
        None => "in flight".to_owned(),
        Some(Outcome::Failure(failed)) => failure::describe(failed.kind).name.to_owned(),
        Some(Outcome::Response(response)) => {
            let head = &response.head;
            let phrase = catalogue::phrase_of(head);
            format!("{} {phrase}", head.status)
        }
    }
}

fn request(old: &Exchange, new: &Exchange) -> Vec<Row> {
    let (old, new) = (&old.prepared, &new.prepared);
    vec![
        Row::of("method", &old.method, &new.method),
        Row::of("URL", &old.url, &new.url),
    ]
}

fn headers(part: Part, (old, new): (&[Header], &[Header]), ignored: &Ignored) -> Section {
    let list = |headers: &[Header]| -> Vec<(String, String)> {
        let pairs = headers.iter();
        pairs
            .map(|header| (header.name.clone(), header.text()))
            .collect()
    };
    let rows = fields::compare(&list(old), &list(new), fields::Case::Ignored);
    let rows = rows.into_iter().map(|row| {
        if ignored.header(&row.name) {
            row.ignored()
        } else {
            row
        }
    });
    section(part, rows.collect())
}

/// What came of it: the time that it took never counts as a difference.
fn answer(old: &Exchange, new: &Exchange) -> Vec<Row> {
    let mut rows = vec![Row::of("came to", &came_to(old), &came_to(new))];
    let texts = |get: fn(&Exchange) -> Option<String>| (get(old), get(new));
    for (name, (before, after)) in [
        ("message", texts(|it| it.message.clone())),
        ("version", texts(version)),
        ("causes", texts(causes)),
        ("hops", texts(|it| Some(it.hops.len().to_string()))),
    ] {
        rows.extend(Row::of_either(name, before.as_deref(), after.as_deref()));
    }
    let took = |it: &Exchange| it.duration.map(crate::units::human_duration);
    let took = Row::of_either("took", took(old).as_deref(), took(new).as_deref());
    rows.extend(took.map(Row::ignored));
    rows
}

fn version(exchange: &Exchange) -> Option<String> {
    let response = exchange.outcome.as_ref()?.received()?;
    Some(response.head.version.to_string())
}

fn causes(exchange: &Exchange) -> Option<String> {
    match exchange.outcome.as_ref()? {
        Outcome::Failure(failed) => Some(failed.causes.join(": ")),
        Outcome::Response(_) => None,
    }
}

#[cfg(test)]
mod tests;

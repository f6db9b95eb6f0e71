//! The lines of a comparison: side by side or unified, what is the same folded.

use std::ops::Range;

use crate::{
    app::rich::{Line, Tone},
    compare::{Change, Comparison, NOT_COMPARED, Row, Section, Span},
    text,
};

/// How a comparison is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    pub side_by_side: bool,
    /// Whether what is the same is shown, too.
    pub unfolded: bool,
}

/// Laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub lines: Vec<Line>,
    /// The lines of each difference.
    pub places: Vec<Range<usize>>,
}

/// Names are given no more columns than this.
const NAME_COLUMNS: usize = 26;

/// A value is given no more lines than this.
const MOST_LINES: usize = 12;

/// So many rows that are the same are no trouble: they are shown.
const FEW: usize = 2;

/// Columns before a value: the cursor, the sign, a blank.
const MARGIN: usize = 3;

/// Lays a comparison out for so many columns.
pub fn lay_out(comparison: &Comparison, form: Form, columns: u16) -> Page {
    let mut page = Page::default();
    let columns = usize::from(columns);
    // One line parts the sides of all sections.
    let widest = comparison.sections.iter().map(name_columns).max();
    let middle = MARGIN + widest.unwrap_or(0);
    let middle = middle + columns.saturating_sub(middle + PARTED) / 2;
    for section in &comparison.sections {
        if !page.lines.is_empty() {
            page.lines.push(Line::blank());
        }
        page.lines.push(heading(section));
        let is_same = section.rows.iter().all(|row| row.change == Change::Same);
        if is_same && !form.unfolded {
            continue;
        }
        let columns = Columns::of(section, form, columns, middle);
        lay_out_rows(&section.rows, form, &columns, &mut page);
    }
    page
}

fn heading(section: &Section) -> Line {
    let count = |wanted: fn(Change) -> bool| {
        let rows = section.rows.iter();
        rows.filter(|row| wanted(row.change)).count()
    };
    let (differing, ignored) = (
        count(Change::counts),
        count(|change| change == Change::Ignored),
    );
    let masked = count(|change| change == Change::Masked);
    let words = match differing {
        _ if section.rows.is_empty() => "none".to_owned(),
        0 if masked > 0 && masked == section.rows.len() => NOT_COMPARED.to_owned(),
        0 => "equal".to_owned(),
        1 => "1 difference".to_owned(),
        more => format!("{more} differences"),
    };
    let ignored = match ignored {
        0 => String::new(),
        some => format!(" · {some} ignored"),
    };
    let masked = match masked {
        0 => String::new(),
        all if all == section.rows.len() => String::new(),
        some => format!(" · {some} {NOT_COMPARED}"),
    };
    let note = section.note.as_deref().filter(|_| differing > 0);
    let note = note.map(|note| format!(" · {note}")).unwrap_or_default();
    let tone = if differing > 0 {
        Tone::Strong
    } else {
        Tone::Dim
    };
    Line::new(Tone::Heading, section.part.name())
        .then(tone, &format!("  {words}"))
        .then(Tone::Dim, &format!("{masked}{ignored}{note}"))
}

/// Where the pieces of a row stand.
struct Columns {
    /// 0 where no row has a name.
    name: usize,
    /// Of the older value, and of the newer one: beside it or below.
    old: usize,
    new: usize,
    all: usize,
}

/// Columns between two values side by side.
const PARTED: usize = 3;

/// A value has at least so many columns.
const NARROWEST: usize = 8;

impl Columns {
    fn of(section: &Section, form: Form, all: usize, middle: usize) -> Self {
        let name = name_columns(section);
        let left = all.saturating_sub(MARGIN + name);
        let (old, new) = if form.side_by_side {
            let old = middle.saturating_sub(MARGIN + name);
            (old, all.saturating_sub(middle + PARTED))
        } else {
            (left, left)
        };
        Self {
            name,
            old: old.max(NARROWEST),
            new: new.max(NARROWEST),
            all,
        }
    }
}

/// Columns of the names of a section's rows, with what parts them from the values.
fn name_columns(section: &Section) -> usize {
    let shown = section.rows.iter();
    let widest = shown
        .map(|row| text::width(&text::display(&row.name)))
        .max();
    match widest.unwrap_or(0) {
        0 => 0,
        some => some.min(NAME_COLUMNS) + 2,
    }
}

fn lay_out_rows(rows: &[Row], form: Form, columns: &Columns, page: &mut Page) {
    let mut index = 0;
    while let Some(row) = rows.get(index) {
        let same = rows.iter().skip(index);
        let same = same.take_while(|row| row.change == Change::Same).count();
        if same > FEW && !form.unfolded {
            let words = format!("   ⋯ {same} equal");
            page.lines.push(Line::new(Tone::Dim, &words));
            index += same;
            continue;
        }
        let start = page.lines.len();
        if form.side_by_side {
            push_side_by_side(row, columns, &mut page.lines);
        } else {
            push_unified(row, columns, &mut page.lines);
        }
        if row.change.counts() {
            page.places.push(start..page.lines.len());
        }
        index += 1;
    }
}

/// Name at the left, the older value beside the newer one.
fn push_side_by_side(row: &Row, columns: &Columns, lines: &mut Vec<Line>) {
    let (before, after) = tones(row.change);
    let old = cell(&row.old, before, columns.old);
    let new = cell(&row.new, after, columns.new);
    let name = name(row, columns);
    for index in 0..old.len().max(new.len()).max(1) {
        let mut line = if index == 0 {
            Line::new(tone_of(row.change), &format!(" {} ", sign(row.change)))
                .then(name_tone(row.change), &name)
        } else {
            Line::new(Tone::Plain, &" ".repeat(MARGIN + columns.name))
        };
        let used = push_cell(&mut line, old.get(index));
        let rest = columns.old.saturating_sub(used);
        line = line.then(Tone::Dim, &format!("{} │ ", " ".repeat(rest)));
        push_cell(&mut line, new.get(index));
        lines.push(line);
    }
}

/// The older value above the newer one.
fn push_unified(row: &Row, columns: &Columns, lines: &mut Vec<Line>) {
    let (before, after) = tones(row.change);
    let name = name(row, columns);
    let sides: &[(&str, &[Span], SpanTones)] = match row.change {
        Change::Same => &[(" ", &row.new, after)],
        Change::Masked => &[("?", &row.new, after)],
        Change::Ignored => &[("~", &row.old, before), ("~", &row.new, after)],
        Change::Added => &[("+", &row.new, after)],
        Change::Removed => &[("-", &row.old, before)],
        Change::Changed => &[("-", &row.old, before), ("+", &row.new, after)],
    };
    for (sign, spans, tones) in sides.iter().filter(|(_, spans, _)| !spans.is_empty()) {
        let cells = cell(spans, *tones, columns.new);
        for (index, pieces) in cells.iter().enumerate() {
            let mut line = if index == 0 {
                Line::new(tones.plain, &format!(" {sign} ")).then(name_tone(row.change), &name)
            } else {
                Line::new(Tone::Plain, &" ".repeat(MARGIN + columns.name))
            };
            push_cell(&mut line, Some(pieces));
            lines.push(line);
        }
    }
}

fn push_cell(line: &mut Line, pieces: Option<&Cell>) -> usize {
    let mut used = 0;
    for (tone, piece) in pieces.into_iter().flatten() {
        used += text::width(piece);
        *line = std::mem::take(line).then(*tone, piece);
    }
    used
}

fn name(row: &Row, columns: &Columns) -> String {
    if columns.name == 0 {
        return String::new();
    }
    let name = text::display(&row.name);
    let name = text::truncate_middle(&name, columns.name - 2).into_owned();
    let padded = text::pad(&name, columns.name);
    text::truncate(&padded, columns.all).into_owned()
}

/// What a value and the words in it that differ are drawn in.
#[derive(Clone, Copy)]
struct SpanTones {
    plain: Tone,
    differs: Tone,
}

fn tones(change: Change) -> (SpanTones, SpanTones) {
    let both = |tone| SpanTones {
        plain: tone,
        differs: tone,
    };
    let word = |plain, differs| SpanTones { plain, differs };
    match change {
        Change::Same | Change::Masked | Change::Ignored => (both(Tone::Dim), both(Tone::Dim)),
        Change::Added => (both(Tone::Dim), both(Tone::Added)),
        Change::Removed => (both(Tone::Removed), both(Tone::Dim)),
        Change::Changed => (
            word(Tone::Removed, Tone::RemovedWord),
            word(Tone::Added, Tone::AddedWord),
        ),
    }
}

fn name_tone(change: Change) -> Tone {
    if change.counts() {
        Tone::Name
    } else {
        Tone::Dim
    }
}

fn tone_of(change: Change) -> Tone {
    match change {
        Change::Same | Change::Masked | Change::Ignored => Tone::Dim,
        Change::Added => Tone::Added,
        Change::Removed => Tone::Removed,
        Change::Changed => Tone::Warning,
    }
}

fn sign(change: Change) -> char {
    match change {
        Change::Same => ' ',
        Change::Masked => '?',
        Change::Ignored => '~',
        Change::Added => '+',
        Change::Removed => '-',
        Change::Changed => '≠',
    }
}

/// One line of a value.
type Cell = Vec<(Tone, String)>;

/// A value on lines of at most so many columns.
fn cell(spans: &[Span], tones: SpanTones, columns: usize) -> Vec<Cell> {
    let mut cells = vec![Cell::new()];
    let mut used = 0;
    for span in spans {
        let tone = if span.differs {
            tones.differs
        } else {
            tones.plain
        };
        let mut piece = String::new();
        for char in text::display(&span.text).chars() {
            let width = text::width(char.encode_utf8(&mut [0; 4]));
            if used + width > columns {
                if cells.len() == MOST_LINES {
                    piece.pop();
                    piece.push('…');
                    push_piece(&mut cells, tone, &mut piece);
                    return cells;
                }
                push_piece(&mut cells, tone, &mut piece);
                cells.push(Cell::new());
                used = 0;
            }
            piece.push(char);
            used += width;
        }
        push_piece(&mut cells, tone, &mut piece);
    }
    cells
}

fn push_piece(cells: &mut [Cell], tone: Tone, piece: &mut String) {
    if let Some(cell) = cells.last_mut().filter(|_| !piece.is_empty()) {
        cell.push((tone, std::mem::take(piece)));
    }
}

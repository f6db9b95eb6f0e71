//! A comparison as plain text, one below the other: for a pipe, the clipboard and a ticket.

use super::{Change, Comparison, Row, Section, Span};

/// Lines with `-` for what was, `+` for what is, and nothing of what is the same.
pub fn unified(comparison: &Comparison) -> String {
    let Comparison { old, new, .. } = comparison;
    let mut lines = vec![
        format!("--- #{} {}  {}", old.id, old.came_to, old.started_at),
        format!("+++ #{} {}  {}", new.id, new.came_to, new.started_at),
    ];
    for section in &comparison.sections {
        let changed: Vec<&Row> = differing(section).collect();
        if changed.is_empty() {
            continue;
        }
        lines.push(format!("@@ {} @@", section.part.name()));
        lines.extend(changed.into_iter().flat_map(row_lines));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn differing(section: &Section) -> impl Iterator<Item = &Row> {
    section.rows.iter().filter(|row| row.change.counts())
}

fn row_lines(row: &Row) -> Vec<String> {
    let side = |sign: char, spans: &[Span]| {
        let value: String = spans.iter().map(|span| span.text.as_str()).collect();
        if row.name.is_empty() {
            format!("{sign} {value}")
        } else {
            format!("{sign} {}: {value}", row.name)
        }
    };
    match row.change {
        Change::Added => vec![side('+', &row.new)],
        Change::Removed => vec![side('-', &row.old)],
        Change::Changed => vec![side('-', &row.old), side('+', &row.new)],
        Change::Same | Change::Masked | Change::Ignored => Vec::new(),
    }
}

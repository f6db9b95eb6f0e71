//! The parts of a 207 as a table: the status of each, what it is about, and what is said of it.

use crate::{
    app::rich::{Line, Tone, wrap},
    status::{
        catalogue,
        diagnosis::{Mark, Part},
    },
    text,
};

/// Columns of what is said of a part at the least; where there are fewer, it stands in rows of its own.
const NARROWEST: usize = 24;

/// Columns between two.
const GAP: usize = 2;

/// The rows of the table.
///
/// ```text
/// ▲ 423 Locked      /container/resource3  The resource is locked.
/// ● 204 No Content  /container/resource4  …
/// ```
pub fn lines(parts: &[Part], columns: u16) -> Vec<Line> {
    let all = usize::from(columns);
    let widest = |of: fn(&Part) -> usize| parts.iter().map(of).max().unwrap_or(0);
    let titles = widest(|part| text::width(&title(part))).min(all / 2);
    let names = widest(|part| text::width(&part.name)).min(all / 3);
    let used = titles + names + 2 * GAP;
    let row = |part: &Part| {
        let mark = Tone::Mark(Mark::Class(catalogue::explain(part.status).class));
        let gap = " ".repeat(GAP);
        let name = text::display(&part.name);
        let name = text::pad(&text::truncate_middle(&name, names), names);
        let head = Line::new(mark, &text::pad(&title(part), titles))
            .then(Tone::Strong, &format!("{gap}{name}{gap}"));
        let room = all.saturating_sub(used);
        let (indent, width) = if room < NARROWEST {
            (2 * GAP, all.saturating_sub(2 * GAP))
        } else {
            (used, room)
        };
        let said = wrap(Tone::Plain, &part.meaning(), width as u16, 0);
        beside(head, said, indent, room >= NARROWEST)
    };
    parts.iter().flat_map(row).collect()
}

fn title(part: &Part) -> String {
    let class = catalogue::explain(part.status).class;
    format!("{} {}", class.symbol(), part.title())
}

/// The lines of a text behind a head, or below it.
fn beside(head: Line, said: Vec<Line>, indent: usize, is_wide: bool) -> Vec<Line> {
    let mut lines = vec![head];
    for (index, line) in said.into_iter().enumerate() {
        if index > 0 || !is_wide {
            lines.push(Line::new(Tone::Plain, &" ".repeat(indent)));
        }
        if let Some(row) = lines.last_mut() {
            row.0.extend(line.0);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, status: u16, description: Option<&str>) -> Part {
        Part {
            name: name.into(),
            status,
            description: description.map(Into::into),
        }
    }

    fn shown(parts: &[Part], columns: u16) -> Vec<String> {
        let lines = lines(parts, columns);
        lines
            .iter()
            .map(|line| line.text().trim_end().to_owned())
            .collect()
    }

    #[test]
    fn what_is_said_stands_beside_the_part_or_below_it() {
        let parts = [
            part(
                "/a",
                423,
                Some("Somebody works on it and will for a while."),
            ),
            part("/long/name", 204, Some("Done.")),
        ];
        assert_eq!(
            shown(&parts, 60),
            [
                "▲ 423 Locked      /a          Somebody works on it and will",
                "                              for a while.",
                "● 204 No Content  /long/name  Done.",
            ]
        );
        assert_eq!(
            shown(&parts[1..], 40),
            ["● 204 No Content  /long/name", "    Done."]
        );
    }

    #[test]
    fn a_part_without_a_word_has_the_meaning_of_its_status_and_no_control_character_passes() {
        let shown = shown(&[part("/\x1b[31m", 404, None)], 100);
        assert!(
            shown[0].starts_with("▲ 404 Not Found") && shown[0].len() > 40,
            "{shown:?}"
        );
        assert!(!shown.concat().contains('\x1b'));
    }
}

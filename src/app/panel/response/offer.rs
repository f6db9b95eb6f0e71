//! The first step, beside the evidence that it follows from: `Location: /users/42   o open it as a GET`.

use crate::{
    app::rich::{Line, Tone},
    status::diagnosis::{Diagnosis, spoken_seconds},
    text,
};

/// The line for `columns` columns; `key` takes the step, `forget` ends the waiting. `waiting` is what is
/// left of the time that the server asks for, in seconds. What was `told` above is not told again.
pub fn line(
    diagnosis: &Diagnosis,
    told: &[String],
    waiting: Option<u64>,
    (key, forget): (&str, &str),
    columns: u16,
) -> Option<Line> {
    let finding = diagnosis.leading()?;
    let label = finding.steps.first()?.label();
    let offer = match waiting {
        Some(seconds) => format!(
            "{label} in {} · {forget} forgets it",
            spoken_seconds(seconds)
        ),
        None => label,
    };
    let offer = text::display(&offer);
    let taken = text::width(key) + 1 + text::width(&offer);
    let room = usize::from(columns).saturating_sub(taken + 4);
    let evidence = if told.contains(&finding.text) {
        "".into()
    } else {
        text::display(&finding.text)
    };
    let evidence = text::truncate(&evidence, room);
    let gap = room.saturating_sub(text::width(&evidence)) + 2;
    Some(
        Line::new(Tone::Plain, "  ")
            .then(Tone::Plain, &evidence)
            .then(Tone::Plain, &" ".repeat(gap))
            .then(Tone::Heading, key)
            .then(Tone::Plain, &format!(" {offer}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::{
        catalogue::Class,
        diagnosis::{Finding, Mark, Step},
    };

    fn diagnosis(findings: Vec<Finding>) -> Diagnosis {
        Diagnosis {
            mark: Mark::Class(Class::ClientError),
            title: String::new(),
            message: None,
            level: None,
            meaning: String::new(),
            for_post: None,
            evidence: Vec::new(),
            findings,
            fields: Vec::new(),
            parts: Vec::new(),
            causes: Vec::new(),
            next: String::new(),
            reference: None,
        }
    }

    #[test]
    fn the_step_is_at_the_right_and_the_evidence_gives_way() {
        let finding =
            Finding::new("Retry-After: the server asks to wait 30 s.").offering([Step::SendAgain]);
        let found = diagnosis(vec![Finding::new("x"), finding]);
        let text = |waiting, columns| {
            line(&found, &[], waiting, ("o", "Esc"), columns)
                .unwrap()
                .text()
        };
        assert_eq!(
            text(None, 64),
            "  Retry-After: the server asks to wait 30 s.        o send again"
        );
        assert_eq!(
            text(Some(12), 64),
            "  Retry-After: the serve…  o send again in 12 s · Esc forgets it"
        );
        assert!(text(Some(3700), 20).contains("o send again in 1 h 01 m"));
        assert_eq!(line(&diagnosis(Vec::new()), &[], None, ("o", ""), 64), None);
    }
}

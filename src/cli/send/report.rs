//! What a send came to, for people: the status and its meaning.

use crate::{
    app::{
        panel::response::parts,
        rich::{Line, Tone, wrap},
    },
    cli::output::{self, Look},
    model::{Exchange, Outcome},
    status::diagnosis::{Diagnosis, Mark},
    text,
    units::{human_duration, human_size},
};

/// As many steps as are named; `--output json` has all of them.
const STEPS: usize = 3;

/// Tells on stderr what came back and what it means.
pub fn tell(exchange: &Exchange, diagnosis: &Diagnosis) {
    let look = Look::stderr();
    output::tell(look, &lines(exchange, diagnosis, look.wrapping()));
}

/// The status with its meaning, the user's own message, the evidence, what matters for a POST, the
/// next step where there is something to do, and what was measured.
fn lines(exchange: &Exchange, diagnosis: &Diagnosis, columns: u16) -> Vec<Line> {
    let mut lines = title(diagnosis, columns);
    let mut add = |tone, text: &str| lines.extend(wrap(tone, &format!("  {text}"), columns, 2));
    match (diagnosis.level, &diagnosis.message) {
        (Some(level), message) => {
            let message = message.as_deref().unwrap_or(level.name());
            add(Tone::Level(level), &format!("{} {message}", level.symbol()));
        }
        (None, Some(message)) => add(Tone::Strong, message),
        (None, None) => {}
    }
    for finding in &diagnosis.findings {
        let tone = if finding.text.starts_with("REDIRECTED") {
            Tone::Warning
        } else {
            Tone::Plain
        };
        add(tone, &finding.cited());
    }
    lines.extend(parts(diagnosis, columns));
    let mut add = |tone, text: &str| lines.extend(wrap(tone, &format!("  {text}"), columns, 2));
    if diagnosis.mark == Mark::Failure {
        if let Some(sentence) = &diagnosis.for_post {
            add(Tone::Strong, sentence);
        }
        // The root cause; `--output json` has the whole chain.
        if let Some(cause) = diagnosis.causes.last() {
            add(Tone::Plain, &format!("Cause: {cause}"));
        }
        let last = exchange.hops.last();
        let raw = last.and_then(|hop| hop.transit.unreadable.as_deref());
        for line in raw.unwrap_or_default().lines() {
            add(Tone::Dim, &format!("Came: {line}"));
        }
    }
    if !is_success(exchange) {
        add(Tone::Plain, &format!("Next: {}", diagnosis.next));
    }
    for (step, _) in diagnosis.steps().iter().take(STEPS) {
        add(Tone::Plain, &format!("Step: {}", step.words()));
    }
    add(Tone::Dim, &facts(exchange));
    lines
}

/// The table of a 207's parts, indented like the sentences.
fn parts(diagnosis: &Diagnosis, columns: u16) -> Vec<Line> {
    let rows = parts::lines(&diagnosis.parts, columns.saturating_sub(2));
    rows.into_iter()
        .map(|row| {
            let mut line = Line::new(Tone::Plain, "  ");
            line.0.extend(row.0);
            line
        })
        .collect()
}

fn title(diagnosis: &Diagnosis, columns: u16) -> Vec<Line> {
    let title = format!(
        "{} {}",
        diagnosis.mark.symbol(),
        text::display(&diagnosis.title)
    );
    let used = text::width(&title) + 2;
    let mut lines = wrap(
        Tone::Plain,
        &format!("{}{}", " ".repeat(used), diagnosis.meaning),
        columns,
        2,
    );
    if let Some(first) = lines.first_mut() {
        let rest: String = first.text().chars().skip(used).collect();
        *first =
            Line::new(Tone::Mark(diagnosis.mark), &title).then(Tone::Plain, &format!("  {rest}"));
    }
    lines
}

fn is_success(exchange: &Exchange) -> bool {
    matches!(&exchange.outcome, Some(Outcome::Response(response)) if (200..300).contains(&response.head.status))
}

fn facts(exchange: &Exchange) -> String {
    let mut facts: Vec<String> = exchange.duration.map(human_duration).into_iter().collect();
    if let Some(response) = exchange.outcome.as_ref().and_then(Outcome::received) {
        facts.push(human_size(response.body.len() as u64));
        facts.push(response.head.version.to_string());
    }
    let last = exchange.hops.last();
    let (method, url) = last.map_or((&exchange.prepared.method, &exchange.prepared.url), |hop| {
        (&hop.method, &hop.url)
    });
    facts.push(format!("{method} {url}"));
    if exchange.went_unchecked() {
        facts.push("certificate NOT checked".to_owned());
    }
    facts.push(if exchange.id.0 > 0 {
        format!("#{}", exchange.id)
    } else {
        "not saved".to_owned()
    });
    facts.join(" · ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{
        ExchangeId, Failure, FailureKind, Header, Hop, HttpVersion, Phase, Processed, Request,
        Response, ResponseHead,
    };
    use crate::status::diagnosis::diagnose;

    fn hop(method: &str, url: &str, status: u16) -> Hop {
        Hop {
            response: Some(head(status)),
            duration: Duration::from_millis(1),
            ..Hop::begun(method, url)
        }
    }

    fn head(status: u16) -> ResponseHead {
        ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: vec![Header::new("content-type", "text/plain")],
        }
    }

    fn exchange(outcome: Outcome, hops: Vec<Hop>) -> Exchange {
        let request = Request {
            url: "http://u:secret@h/x".into(),
            ..Request::default()
        };
        Exchange {
            id: ExchangeId(7),
            started_at: jiff::Timestamp::UNIX_EPOCH,
            prepared: crate::prepare::prepare(&request).unwrap(),
            request,
            hops,
            outcome: Some(outcome),
            duration: Some(Duration::from_millis(84)),
            message: Some("My words.".into()),
            verdict: crate::model::Verdict::default(),
        }
    }

    fn told(exchange: &Exchange) -> Vec<String> {
        let diagnosis = diagnose(exchange).unwrap();
        lines(exchange, &diagnosis, u16::MAX)
            .iter()
            .map(Line::text)
            .collect()
    }

    #[test]
    fn an_answer_is_told_with_its_meaning_and_the_users_words() {
        let outcome = Outcome::Response(Response {
            head: head(201),
            body: "hello".into(),
            whole: None,
        });
        let told = told(&exchange(outcome, Vec::new()));
        assert!(told[0].starts_with("● 201 Created  "), "{told:?}");
        assert!(told[0].len() > "● 201 Created  ".len());
        assert_eq!(told[1], "  My words.");
        assert!(told[2].starts_with("  No Location: "), "{told:?}");
        assert_eq!(told[3], "  84 ms · 5 B · HTTP/1.1 · POST http://h/x · #7");
        assert_eq!(told.len(), 4);
    }

    #[test]
    fn a_post_that_became_a_get_is_told() {
        let outcome = Outcome::Response(Response {
            head: head(200),
            body: bytes::Bytes::new(),
            whole: None,
        });
        let hops = vec![
            hop("POST", "http://h/x", 302),
            hop("GET", "http://h/y", 200),
        ];
        let told = told(&exchange(outcome, hops)).join("\n");
        assert!(
            told.contains("the POST BECAME A GET to http://h/y"),
            "{told}"
        );
        assert!(told.contains("GET http://h/y · #7"), "{told}");
    }

    #[test]
    fn a_failure_is_told_with_the_sentence_that_matters_and_without_secrets() {
        let outcome = Outcome::Failure(Failure {
            kind: FailureKind::Reset,
            phase: Phase::Wait,
            causes: vec!["outer".into(), "it \x1b[31mbroke".into()],
            processed: Processed::Maybe,
            partial: None,
        });
        let told = told(&exchange(outcome, Vec::new())).join("\n");
        assert!(told.starts_with("✕ connection lost  "), "{told}");
        assert!(told.contains("may already have processed"), "{told}");
        assert!(told.contains("Cause: it "), "{told}");
        assert!(!told.contains("outer"), "{told}");
        assert!(told.contains("Next: "), "{told}");
        assert!(!told.contains("secret") && !told.contains('\x1b'), "{told}");
    }
}

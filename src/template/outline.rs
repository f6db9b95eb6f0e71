//! A request before its send: what is only known then has a stand-in, everything else is expanded.
//!
//! A stand-in is letters or digits alone, so that nothing on the way to the wire encodes it or refuses
//! it; where the request is shown, the expression takes its place again.

use jiff::{Timestamp, ToSpan};

use crate::{
    model::{Request, Scope, Secrets},
    prepare::Place,
};

use super::{
    Expander, Facts, Failure, Output, Problem, fields, has_template, known_secrets, problem,
    scan::{self, Piece},
    unquoted,
};

/// What keeps stand-ins apart from what is typed: one more character long where they are wide.
const LETTERS: &str = "qxzvwkjqxzvkqwjzx";
const DIGITS: &str = "73941826509173468";

/// A request with stand-ins for what is only known when it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    pub request: Request,
    pub secrets: Secrets,
    pub open: Vec<Open>,
}

/// An expression that is only known at the send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub place: Place,
    /// As it was typed, on one line.
    pub expression: String,
    pub stand_in: String,
    /// What is shown before the mark: the colon of a port.
    pub before: &'static str,
    /// Whether it is a part of what another one says whole.
    pub is_part: bool,
}

impl Open {
    /// How it is shown.
    pub fn shown(&self) -> String {
        format!("{}‹{}›", self.before, self.expression)
    }
}

/// Expands what can be with what is known. Wide stand-ins are a character longer: what
/// depends on the length or the bytes of one differs between the two outlines.
pub fn outline(
    request: &Request,
    scope: &Scope,
    facts: &Facts,
    wide: bool,
) -> Result<Outline, Problem> {
    let mut whole = request.clone();
    scope.fill(&mut whole.options);
    let other = facts.at_other(later(facts.now));
    let mut secrets = known_secrets(scope, facts);
    let mut outliner = Outliner {
        now: Expander::new(scope, facts),
        later: Expander::new(scope, &other),
        wide,
        open: Vec::new(),
    };
    for (spot, text) in fields::texts(&mut whole) {
        if !has_template(text) {
            continue;
        }
        match outliner.expand(text, spot.place, &[]) {
            Ok(output) => {
                for (name, value) in output.tainted {
                    secrets.add(&name, &value, None);
                }
                *text = output.text;
            }
            Err((at, reason)) => return Err(problem(spot, text, at, reason)),
        }
    }
    Ok(Outline {
        request: whole,
        secrets,
        open: outliner.open,
    })
}

/// Another time, of which every part is another: what changes with it is not known before the send.
fn later(now: Timestamp) -> Timestamp {
    let hours = 400 * 24 + 13;
    let other = hours.hours().minutes(1).seconds(1).milliseconds(1);
    now.checked_add(other).unwrap_or(now)
}

struct Outliner<'a> {
    now: Expander<'a>,
    later: Expander<'a>,
    wide: bool,
    open: Vec<Open>,
}

impl Outliner<'_> {
    fn expand(
        &mut self,
        text: &str,
        place: Place,
        within: &[&str],
    ) -> Result<Output, (usize, String)> {
        let pieces =
            scan::pieces(text).map_err(|it| (it.at, "this {{ is never closed by }}".to_owned()))?;
        let mut output = Output::default();
        for piece in pieces {
            let value = match piece {
                Piece::Literal(literal) => {
                    output.text.push_str(literal);
                    continue;
                }
                Piece::Expression { text, start } => self
                    .value(text, place, within)
                    .map_err(|(at, reason)| (at + start, reason))?,
            };
            output.text.push_str(&value.text);
            output.tainted.extend(value.tainted);
        }
        Ok(output)
    }

    fn value(
        &mut self,
        expression: &str,
        place: Place,
        within: &[&str],
    ) -> Result<Output, (usize, String)> {
        match self.now.evaluate(expression, within) {
            Ok(output) => match self.later.evaluate(expression, within) {
                Ok(other) if other.text == output.text => return Ok(output),
                _ => {}
            },
            Err(Failure::Wrong { at, reason }) => return Err((at, reason)),
            Err(Failure::Unmet(_)) => {}
        }
        let name = expression.trim();
        let made_of = self.now.scope.get(name);
        let made_of = made_of.filter(|it| !it.secret && !it.literal && !within.contains(&name));
        if let Some(variable) = made_of {
            // A variable alone: only the part of it that is not known stands open.
            let inner = self.expand(&variable.value.0, place, &[within, &[name]].concat());
            return inner.map_err(|(_, reason)| (0, format!("in the variable {name}: {reason}")));
        }
        Ok(Output {
            text: self.stand_in(expression, place),
            ..Output::default()
        })
    }

    fn stand_in(&mut self, expression: &str, place: Place) -> String {
        let number = format!("{:04}", self.open.len());
        // In a host, which an auth may have too, digits alone would be an address; among JSON letters would be no number.
        let (stem, number) = match place {
            Place::Url | Place::Path(_) | Place::Auth(_) => {
                (LETTERS, number.chars().map(letter).collect())
            }
            _ => (DIGITS, number),
        };
        let length = stem.len() - usize::from(!self.wide);
        let stand_in = format!("{}{number}", stem.get(..length).unwrap_or(stem));
        let words: Vec<&str> = expression.split_whitespace().collect();
        self.open.push(Open {
            place,
            expression: unquoted(&words.join(" ")).to_owned(),
            stand_in: stand_in.clone(),
            before: "",
            is_part: false,
        });
        stand_in
    }
}

fn letter(digit: char) -> char {
    let letters = "abcdefghij".chars();
    let index = digit.to_digit(10).unwrap_or_default() as usize;
    letters.into_iter().nth(index).unwrap_or('a')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BodyKind, Environment, Environments, Field, Variable};

    fn scope() -> Scope {
        let local = Environment {
            name: "local".to_owned(),
            variables: vec![
                Variable::plain("host", "example.test"),
                Variable::plain("base_url", "http://{{ host }}:{{ env(\"PORT\") }}"),
            ],
            ..Environment::default()
        };
        let environments = Environments {
            all: vec![local],
            ..Environments::default()
        };
        environments.scope(Some("local")).unwrap()
    }

    fn of_json(json: &str) -> Result<Outline, Problem> {
        let mut request = Request::default();
        request.body.kind = BodyKind::Json;
        request.body.json = json.to_owned();
        let now = "2026-03-04T12:04:05.678Z".parse().unwrap();
        outline(&request, &scope(), &Facts::at(now), false)
    }

    fn shown(json: &str) -> String {
        let outline = of_json(json).unwrap();
        let json = outline.request.body.json;
        let open = outline.open.iter();
        open.fold(json, |json, it| json.replace(&it.stand_in, &it.shown()))
    }

    #[test]
    fn what_is_only_known_at_the_send_stands_open_and_the_rest_is_expanded() {
        assert_eq!(shown("{{ host }} {{ uuid() }}"), "example.test ‹uuid()›");
        assert_eq!(
            shown("{{ env('HOME') | upper }} {{ host | upper }}"),
            "‹env('HOME') | upper› EXAMPLE.TEST"
        );
        assert_eq!(
            shown("{{ now('%d') }}{{ timestamp() }}"),
            "‹now('%d')›‹timestamp()›"
        );
        let part_known = "http://example.test:‹env(\"PORT\")›/x";
        assert_eq!(shown("{{ base_url }}/x"), part_known);
    }

    #[test]
    fn what_is_wrong_beside_it_is_told() {
        let problem = of_json("{{ uuid() }} {{ nope }}").unwrap_err();
        assert!(problem.reason.contains("undefined: nope"), "{problem}");
    }

    #[test]
    fn a_row_of_a_table_has_its_place() {
        let mut request = Request::default();
        request.body.form = vec![Field::new("a", "{{ uuid() }}")];
        let outline = outline(&request, &scope(), &Facts::at(Timestamp::UNIX_EPOCH), true).unwrap();
        assert_eq!(outline.open[0].place, Place::Form(0));
    }
}

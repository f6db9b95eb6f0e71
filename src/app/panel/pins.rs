//! What the server said of single fields, pinned to the rows and JSON members that it means.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Range,
};

use crate::{
    model::{BodyKind, Field, Request, RequestTab},
    status::diagnosis::{FieldPlace, FieldProblem, find_member, fit_name},
};

/// One complaint with the place in the sent request that it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// As the server calls the field.
    pub name: String,
    pub place: PinPlace,
    pub message: String,
}

/// What a complaint is pinned to. The content as it was sent tells whether it was edited since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinPlace {
    Row {
        tab: RequestTab,
        field: Field,
    },
    /// A member of the JSON body: its path, and its value as sent.
    Member {
        path: Vec<String>,
        value: String,
    },
    /// The request has no such field.
    Missing(RequestTab),
}

/// Every complaint about one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins(Vec<Pin>);

impl Pins {
    /// Finds what each complaint means in the request as it was sent.
    pub fn new(request: &Request, problems: &[FieldProblem]) -> Self {
        Self(
            problems
                .iter()
                .flat_map(|problem| pin(request, problem))
                .collect(),
        )
    }

    /// The complaint about a row, until the row is edited.
    pub fn of_row(&self, tab: RequestTab, row: &Field) -> Option<&str> {
        let found = self.0.iter().find(|pin| {
            matches!(&pin.place, PinPlace::Row { tab: own, field } if *own == tab && field == row)
        });
        found.map(|pin| pin.message.as_str())
    }

    /// The complaints about members of a JSON body that were not edited since, with their values' place
    /// in it and what the server calls them.
    fn of_members<'a>(
        &'a self,
        json: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, &'a str, &'a str)> {
        self.0.iter().filter_map(|pin| match &pin.place {
            PinPlace::Member { path, value } => {
                let range = find_member(json, path)?;
                let is_unedited = json.get(range.clone()) == Some(value.as_str());
                is_unedited.then_some((range, pin.name.as_str(), pin.message.as_str()))
            }
            PinPlace::Row { .. } | PinPlace::Missing(_) => None,
        })
    }

    /// The complaints about members by the lines that the values begin in, counted from 0, each once: what is said of several
    /// values of one line stands together.
    pub fn of_lines(&self, json: &str) -> BTreeMap<usize, String> {
        let mut lines: BTreeMap<usize, String> = BTreeMap::new();
        for (range, name, message) in self.of_members(json) {
            let before = json.get(..range.start).unwrap_or_default();
            let line = before.matches('\n').count();
            match lines.entry(line) {
                Entry::Vacant(free) => {
                    free.insert(message.to_owned());
                }
                Entry::Occupied(mut taken) => {
                    // Then it has to be told what is about which.
                    let text = taken.get_mut();
                    *text = format!("{text}; {name}: {message}");
                }
            }
        }
        lines
    }

    /// The first complaint about a field, by the server's name for it.
    pub fn named(&self, name: &str) -> Option<&Pin> {
        self.0.iter().find(|pin| pin.name == name)
    }
}

fn pin(request: &Request, problem: &FieldProblem) -> Vec<Pin> {
    let new = |place| Pin {
        name: problem.name(),
        place,
        message: problem.message.clone(),
    };
    let tables: &[RequestTab] = match problem.place {
        // Many servers do not say where a field stands.
        FieldPlace::Body => &[RequestTab::Body, RequestTab::Query],
        FieldPlace::Query => &[RequestTab::Query],
        FieldPlace::Header => &[RequestTab::Headers],
    };
    if problem.place == FieldPlace::Body
        && request.body.kind == BodyKind::Json
        && let Some(range) = find_member(&request.body.json, &problem.path)
    {
        let value = request.body.json.get(range).unwrap_or_default().to_owned();
        let path = problem.path.clone();
        return vec![new(PinPlace::Member { path, value })];
    }
    for tab in tables {
        let rows = fitting(rows(request, *tab), &problem.path);
        if !rows.is_empty() {
            let place = |field: &&Field| PinPlace::Row {
                tab: *tab,
                field: (*field).clone(),
            };
            return rows.iter().map(|field| new(place(field))).collect();
        }
    }
    let tab = tables.first().copied().unwrap_or_default();
    vec![new(PinPlace::Missing(tab))]
}

fn rows(request: &Request, tab: RequestTab) -> &[Field] {
    match tab {
        RequestTab::Body => match request.body.kind {
            BodyKind::Form => &request.body.form,
            BodyKind::Multipart => &request.body.multipart,
            BodyKind::Json
            | BodyKind::Text
            | BodyKind::File
            | BodyKind::GraphQl
            | BodyKind::None => &[],
        },
        RequestTab::Auth | RequestTab::Rules | RequestTab::Options | RequestTab::Preview => &[],
        RequestTab::Headers => &request.headers,
        RequestTab::Query => &request.query,
        RequestTab::Path => &request.path,
    }
}

/// The sent rows whose name fits best.
fn fitting<'a>(rows: &'a [Field], path: &[String]) -> Vec<&'a Field> {
    let fits: Vec<_> = rows
        .iter()
        .filter(|field| field.is_sent())
        .filter_map(|field| Some((fit_name(path, &field.name)?, field)))
        .collect();
    let best = fits.iter().map(|(fit, _)| *fit).max();
    fits.iter()
        .filter(|(fit, _)| Some(*fit) == best)
        .map(|(_, field)| *field)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    fn problem(place: FieldPlace, path: &[&str]) -> FieldProblem {
        FieldProblem {
            place,
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            message: "is wrong".into(),
        }
    }

    #[test]
    fn rows_are_marked_until_they_are_edited() {
        let request = Request {
            body: Body {
                form: vec![Field::new("user[email]", "x"), Field::new("name", "y")],
                ..Body::default()
            },
            query: vec![Field::new("page", "-1")],
            headers: vec![Field::new("X-Token", "t")],
            ..Request::default()
        };
        let problems = [
            problem(FieldPlace::Body, &["email"]),
            problem(FieldPlace::Query, &["page"]),
            problem(FieldPlace::Header, &["x-token"]),
            problem(FieldPlace::Body, &["age"]),
        ];
        let pins = Pins::new(&request, &problems);
        let of = |tab, name: &str, value: &str| pins.of_row(tab, &Field::new(name, value));
        assert_eq!(of(RequestTab::Body, "user[email]", "x"), Some("is wrong"));
        assert_eq!(of(RequestTab::Body, "user[email]", "xy"), None, "edited");
        assert_eq!(of(RequestTab::Body, "name", "y"), None);
        assert_eq!(of(RequestTab::Query, "page", "-1"), Some("is wrong"));
        assert_eq!(of(RequestTab::Headers, "X-Token", "t"), Some("is wrong"));
        let missing = pins.named("age").unwrap();
        assert_eq!(missing.place, PinPlace::Missing(RequestTab::Body));
    }

    #[test]
    fn members_of_a_json_body_are_marked_until_they_are_edited() {
        let json = "{\"email\": \"x\", \"age\": 3}";
        let mut request = Request::default();
        request.body.kind = BodyKind::Json;
        request.body.json = json.into();
        let pins = Pins::new(&request, &[problem(FieldPlace::Body, &["email"])]);
        let found: Vec<_> = pins.of_members(json).collect();
        assert_eq!(found, [(10..13, "email", "is wrong")]);
        let lines = |json: &str| {
            let problems = [
                problem(FieldPlace::Body, &["email"]),
                problem(FieldPlace::Body, &["age"]),
            ];
            Pins::new(&request, &problems).of_lines(json)
        };
        let told = "is wrong; age: is wrong".to_owned();
        assert_eq!(lines(json), [(0, told)].into());
        let apart = "{\"email\": \"x\",\n\"age\": 3}";
        let each = "is wrong".to_owned();
        assert_eq!(lines(apart), [(0, each.clone()), (1, each)].into());
        let elsewhere = "{\"age\": 4, \"email\": \"x\"}";
        assert_eq!(pins.of_members(elsewhere).count(), 1, "it may move");
        assert!(pins.of_lines("{\"email\": \"xy\"}").is_empty());
        assert!(pins.of_lines("{\"email\": \"x\"").is_empty());
    }
}

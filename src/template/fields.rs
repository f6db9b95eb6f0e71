//! Which texts of a request may hold templates, each with its place. A further kind of body or
//! credential adds its texts here.

use crate::{
    auth::Values,
    model::{Auth, BodyKind, BodySpot, Cell, Field, Request},
    options,
    prepare::Place,
};

/// Where a text of a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    pub place: Place,
    pub part: Part,
}

/// Which text at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The place has one text.
    Whole,
    Name,
    Value,
}

impl Spot {
    /// The spot in words: `the value of header 2`.
    pub fn words(self) -> String {
        let row = |what: &str, row: usize| {
            let part = if self.part == Part::Name {
                "name"
            } else {
                "value"
            };
            format!("the {part} of {what} {}", row + 1)
        };
        match self.place {
            Place::Method => "the method".to_owned(),
            Place::Url => "the URL".to_owned(),
            Place::Header(index) => row("header", index),
            Place::Query(index) => row("query parameter", index),
            Place::Path(index) => row("path parameter", index),
            Place::Form(index) => row("form field", index),
            Place::Part(index, _) => row("part", index),
            Place::Body(spot) => spot_words(spot).to_owned(),
            Place::Auth(name) => format!("the auth field {name}"),
            Place::Option(name) => format!("the option {name}"),
        }
    }
}

/// Every text that will be sent; rows that are switched off and bodies not chosen are left out.
pub(super) fn texts(request: &mut Request) -> Vec<(Spot, &mut String)> {
    let whole = |place| Spot {
        place,
        part: Part::Whole,
    };
    let mut texts = vec![
        (whole(Place::Method), &mut request.method),
        (whole(Place::Url), &mut request.url),
    ];
    add_values(&mut texts, &mut request.path, Place::Path);
    add_rows(&mut texts, &mut request.query, Place::Query);
    add_rows(&mut texts, &mut request.headers, Place::Header);
    add_auth(&mut texts, &mut request.auth);
    for (name, text) in request.options.iter_mut() {
        if let Some(row) = options::find(name) {
            texts.push((whole(Place::Option(row.name)), text));
        }
    }
    let at = |spot| whole(Place::Body(spot));
    let body = &mut request.body;
    match body.kind {
        BodyKind::Form => add_rows(&mut texts, &mut body.form, Place::Form),
        BodyKind::Multipart => add_rows(&mut texts, &mut body.multipart, |row| {
            Place::Part(row, Cell::Value)
        }),
        BodyKind::Json => texts.push((at(BodySpot::Json), &mut body.json)),
        BodyKind::Text => {
            texts.push((at(BodySpot::TextType), &mut body.text_type));
            texts.push((at(BodySpot::Text), &mut body.text));
        }
        BodyKind::File => {
            texts.push((at(BodySpot::FilePath), &mut body.file.path));
            texts.push((at(BodySpot::FileType), &mut body.file.content_type));
        }
        BodyKind::GraphQl => {
            texts.push((at(BodySpot::Query), &mut body.graphql.query));
            texts.push((at(BodySpot::Variables), &mut body.graphql.variables));
        }
        BodyKind::None => {}
    }
    texts
}

/// The fields of the chosen kind that matter with the present choices.
fn add_auth<'a>(texts: &mut Vec<(Spot, &'a mut String)>, auth: &'a mut Auth) {
    let shown: Vec<&'static str> = Values::new(auth)
        .map(|values| values.shown().map(|field| field.name).collect())
        .unwrap_or_default();
    for (name, text) in &mut auth.fields {
        if let Some(name) = shown.iter().find(|shown| *shown == name) {
            let spot = Spot {
                place: Place::Auth(name),
                part: Part::Whole,
            };
            texts.push((spot, text));
        }
    }
}

fn spot_words(spot: BodySpot) -> &'static str {
    match spot {
        BodySpot::Json | BodySpot::Text => "the body",
        BodySpot::TextType | BodySpot::FileType => "the body's content type",
        BodySpot::FilePath => "the path of the file",
        BodySpot::Query => "the GraphQL query",
        BodySpot::Variables => "the GraphQL variables",
    }
}

fn add_rows<'a>(
    texts: &mut Vec<(Spot, &'a mut String)>,
    rows: &'a mut [Field],
    place: fn(usize) -> Place,
) {
    for (index, row) in rows.iter_mut().enumerate().filter(|(_, row)| row.is_sent()) {
        let spot = |part| Spot {
            place: place(index),
            part,
        };
        texts.push((spot(Part::Name), &mut row.name));
        texts.push((spot(Part::Value), &mut row.value));
    }
}

/// As [`add_rows`], where the names are given by something else.
fn add_values<'a>(
    texts: &mut Vec<(Spot, &'a mut String)>,
    rows: &'a mut [Field],
    place: fn(usize) -> Place,
) {
    for (index, row) in rows.iter_mut().enumerate().filter(|(_, row)| row.enabled) {
        let spot = Spot {
            place: place(index),
            part: Part::Value,
        };
        texts.push((spot, &mut row.value));
    }
}

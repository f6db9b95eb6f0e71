//! All that keeps a draft from being sent, not only what was found first.
//!
//! What is wrong is put right in a copy that nobody sends, and the copy is looked at again: so that each rule is
//! written in one place, where a request is prepared.

use crate::{
    model::{Auth, BodyKind, Field, FilePiece, Request, RequestTab},
    prepare::{Given, Place, PrepareError},
};

/// More than anybody mends at once.
const MOST: usize = 32;

/// What else is wrong with a request beside the first problem; `look` says what is wrong first.
pub(super) fn further(
    request: &Request,
    first: &PrepareError,
    look: impl Fn(&Request) -> Option<PrepareError>,
) -> Vec<PrepareError> {
    let (mut request, mut last) = (request.clone(), first.clone());
    let mut found: Vec<PrepareError> = Vec::new();
    while found.len() < MOST && put_right(&mut request, last.place).is_some() {
        let Some(problem) = look(&request) else {
            break;
        };
        let is_known = |it: &PrepareError| it.place == problem.place;
        if is_known(first) || found.iter().any(is_known) {
            break;
        }
        found.push(problem.clone());
        last = problem;
    }
    found
}

/// Files that nobody has looked at yet are no mistakes.
pub(super) fn trusting(given: &Given, request: &Request) -> Given {
    let mut given = given.clone();
    for path in request.body.file_paths() {
        if !path.is_empty() && !given.files.contains_key(path) {
            let file = FilePiece {
                path: path.into(),
                size: 0,
                modified: None,
            };
            given.files.insert(path.to_owned(), Ok(file));
        }
    }
    given
}

/// Takes away what is wrong; `None` where there is no such place.
fn put_right(request: &mut Request, place: Place) -> Option<()> {
    let switch_off = |row: &mut Field| row.enabled = false;
    match place {
        Place::Method => "POST".clone_into(&mut request.method),
        Place::Url => "http://localhost/".clone_into(&mut request.url),
        Place::Header(row) => switch_off(request.headers.get_mut(row)?),
        Place::Query(row) => switch_off(request.query.get_mut(row)?),
        Place::Form(row) => switch_off(request.body.form.get_mut(row)?),
        Place::Part(row, _) => switch_off(request.body.multipart.get_mut(row)?),
        Place::Path(row) => "x".clone_into(&mut request.path.get_mut(row)?.value),
        Place::Body(_) => request.body.kind = BodyKind::None,
        Place::Auth(_) => request.auth = Auth::default(),
        Place::Option(name) => request.options.set(name, ""),
    }
    Some(())
}

/// The tab that a place is in; `None` for the method and the URL, which are above them.
pub fn tab_of(place: Place) -> Option<RequestTab> {
    Some(match place {
        Place::Method | Place::Url => return None,
        Place::Header(_) => RequestTab::Headers,
        Place::Path(_) => RequestTab::Path,
        Place::Query(_) => RequestTab::Query,
        Place::Form(_) | Place::Part(..) | Place::Body(_) => RequestTab::Body,
        Place::Option(_) => RequestTab::Options,
        Place::Auth(_) => RequestTab::Auth,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Choices, Field},
        prepare::{prepare, prepare_with},
    };

    #[test]
    fn a_file_that_nobody_has_looked_at_yet_is_no_mistake() {
        let mut request = Request {
            url: "http://h/".into(),
            ..Request::default()
        };
        request.body.kind = BodyKind::File;
        request.body.file.path = "a.txt".into();
        let given = Given::default();
        assert!(prepare_with(&request, &given).is_err());
        assert!(prepare_with(&request, &trusting(&given, &request)).is_ok());
        let mut gone = given;
        let reason = "no such file: a.txt".to_owned();
        gone.files.insert("a.txt".into(), Err(reason.clone()));
        let known = prepare_with(&request, &trusting(&gone, &request));
        assert_eq!(known.unwrap_err().reason, reason);
    }

    #[test]
    fn each_place_that_is_wrong_is_found() {
        let request = Request {
            method: "P O".into(),
            url: "http://h:1/:id".into(),
            path: vec![Field::new("id", "")],
            headers: vec![
                Field::new("a b", "1"),
                Field::new("fine", "1"),
                Field::new("x", "a\nb"),
            ],
            options: Choices::default().with("timeout", "soon"),
            ..Request::default()
        };
        let look = |request: &Request| prepare(request).err();
        let first = look(&request).unwrap();
        let others = further(&request, &first, look);
        let places: Vec<Place> = others.iter().map(|it| it.place).collect();
        assert_eq!(first.place, Place::Method);
        for place in [
            Place::Path(0),
            Place::Header(0),
            Place::Header(2),
            Place::Option("timeout"),
        ] {
            assert!(places.contains(&place), "{place:?} in {others:?}");
        }
        assert_eq!(places.len(), 4);
        let fine = Request {
            method: "POST".into(),
            ..request
        };
        assert_eq!(further(&fine, &first, |_| None), []);
    }
}

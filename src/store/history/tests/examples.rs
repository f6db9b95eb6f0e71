//! Examples are kept, found by name, and go along with their request.

use super::*;
use crate::{
    model::{EntryKind, ExamplesOf, Origin, Relabel},
    store::{Limits, Retention},
};

fn origin(path: &str) -> Origin {
    Origin {
        root: "/projects/shop".into(),
        path: path.to_owned(),
    }
}

fn sent(history: &History, of: Option<&Origin>, status: u16) -> ExchangeId {
    let exchange = exchange("POST", "http://h/users", None);
    let (request, prepared) = (&exchange.request, &exchange.prepared);
    let id = match of {
        Some(origin) => history.begin_saved(request, prepared, at(0), origin),
        None => history.begin(request, prepared, at(0)),
    };
    let id = id.unwrap();
    let outcome = Outcome::Response(response(status, b"{}"));
    history
        .finish(id, &[], &outcome, Duration::ZERO, &Said::default())
        .unwrap();
    id
}

fn names(history: &History, of: &Origin) -> Vec<String> {
    let examples = history.examples(&ExamplesOf::Saved(of.clone())).unwrap();
    let names = examples.rows.iter().map(|row| row.label.name.clone());
    names.map(Option::unwrap).collect()
}

#[test]
fn an_example_is_kept_when_all_else_is_forgotten() {
    let history = History::in_memory().unwrap();
    let create = origin("users/create");
    let good = sent(&history, Some(&create), 201);
    sent(&history, Some(&create), 400);
    history.name_example(good, " happy path ", None).unwrap();
    let retention = Retention {
        all: Limits {
            count: Some(0),
            ..Limits::NONE
        },
        ..Retention::default()
    };
    history.keep_within(&retention, at(10)).unwrap();
    assert_eq!(names(&history, &create), ["happy path"]);
    assert_eq!(history.count(&Filter::default()).unwrap(), 1);
    history.remove_matching(&Filter::default()).unwrap();
    assert_eq!(names(&history, &create), ["happy path"]);
}

#[test]
fn it_belongs_to_its_request_or_to_the_one_that_is_named() {
    let history = History::in_memory().unwrap();
    let (create, list) = (origin("users/create"), origin("users/list"));
    let own = sent(&history, Some(&create), 201);
    let typed = sent(&history, None, 200);
    assert!(matches!(
        history.name_example(typed, "x", None),
        Err(ExampleError::NoRequest(id)) if id == typed
    ));
    assert_eq!(
        history.name_example(typed, "all", Some(&list)).unwrap(),
        list
    );
    assert_eq!(
        history.name_example(own, "made", Some(&list)).unwrap(),
        create
    );
    let other = sent(&history, Some(&create), 201);
    let taken = history.name_example(other, "made", None).unwrap_err();
    assert!(taken.to_string().contains(&format!("#{own}")), "{taken}");
    assert!(matches!(
        history.name_example(own, " ", None),
        Err(ExampleError::NoName)
    ));
    assert!(matches!(
        history.name_example(ExchangeId(99), "x", None),
        Err(ExampleError::Missing(_))
    ));
    assert_eq!(history.example_called("made", other).unwrap(), own);
    let unknown = history.example_called("nope", other).unwrap_err();
    assert!(unknown.to_string().contains("only made"), "{unknown}");
    let examples = history.examples(&ExamplesOf::Saved(create.clone()));
    assert_eq!(
        examples.unwrap().fresh,
        Some(other),
        "the newest of the others"
    );
    history.drop_example(own).unwrap();
    assert!(names(&history, &create).is_empty());
}

#[test]
fn a_request_that_is_renamed_takes_its_examples_along() {
    let history = History::in_memory().unwrap();
    let id = sent(&history, Some(&origin("users/create")), 201);
    let near = sent(&history, Some(&origin("users2/create")), 201);
    for id in [id, near] {
        history.name_example(id, "made", None).unwrap();
    }
    let root = origin("").root;
    history
        .rename_saved(&root, EntryKind::Folder, "users", "people")
        .unwrap();
    assert_eq!(names(&history, &origin("people/create")), ["made"]);
    assert_eq!(names(&history, &origin("users2/create")), ["made"]);
    history
        .rename_saved(&root, EntryKind::Request, "people/create", "people/add")
        .unwrap();
    assert_eq!(names(&history, &origin("people/add")), ["made"]);
    let all = history.example_names(&root).unwrap();
    let paths: Vec<&str> = all.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["people/add", "users2/create"]);
    assert!(
        history
            .example_names("/elsewhere".as_ref())
            .unwrap()
            .is_empty()
    );
    history.relabel(&[id], &Relabel::Pin(false)).unwrap();
    assert!(names(&history, &origin("people/add")).is_empty());
}

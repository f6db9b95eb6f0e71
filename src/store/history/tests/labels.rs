//! What the user puts on exchanges, what is removed and comes back, and what was written by older posttuis.

use super::*;
use crate::model::{Label, Lineage, Relabel};

fn three(history: &History) -> [ExchangeId; 3] {
    let answered = |status| {
        let url = format!("http://host/{status}");
        let outcome = Outcome::Response(response(status, b"body"));
        send(history, &exchange("POST", &url, Some(outcome)))
    };
    [answered(200), answered(404), answered(500)]
}

fn found(history: &History, text: &str) -> Vec<i64> {
    let rows = history.page(&filter(text), None, 100).unwrap();
    assert_eq!(
        history.count(&filter(text)).unwrap(),
        rows.len() as u64,
        "{text}"
    );
    rows.iter().map(|row| row.id.0).collect()
}

#[test]
fn labels_are_kept_found_and_taken_away() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let ids = three(&history);
    let put = |ids: &[ExchangeId], change| history.relabel(ids, &change).unwrap();
    assert_eq!(put(&ids[..1], Relabel::Name(Some(" The one ".into()))), 1);
    put(&ids[..1], Relabel::Note(Some("A regression?".into())));
    put(&ids[..2], Relabel::Tag("Before the fix".into()));
    put(&ids[1..2], Relabel::Tag("bug".into()));
    put(&ids[1..2], Relabel::Tag("bug".into()));
    put(&ids[2..], Relabel::Pin(true));
    assert_eq!(put(&[ExchangeId(99)], Relabel::Pin(true)), 0);

    drop(history);
    let history = History::open(&paths).unwrap();
    let rows = history.rows(&[ids[0], ExchangeId(99), ids[1]]).unwrap();
    assert_eq!(
        rows[0].label,
        Label {
            name: Some("The one".into()),
            note: Some("A regression?".into()),
            tags: vec!["before-the-fix".into()],
            pinned: false,
        }
    );
    assert_eq!(rows[1].label.tags, ["before-the-fix", "bug"]);
    for (text, expected) in [
        ("has:note", &[1][..]),
        ("has:name", &[1]),
        ("has:tag", &[2, 1]),
        ("-has:tag", &[3]),
        ("is:pinned", &[3]),
        ("-is:pinned status:4xx", &[2]),
        ("tag:bug", &[2]),
        ("tag:b*,-bug", &[1]),
        ("tag:fix", &[]),
        ("-tag:bug", &[3, 1]),
        ("regress", &[1]),
        ("note:\"a regression\"", &[1]),
        ("name:regression", &[]),
        ("name:one", &[1]),
        ("before-the", &[2, 1]),
    ] {
        assert_eq!(found(&history, text), expected, "{text}");
    }
    for change in [
        Relabel::Name(None),
        Relabel::Note(Some("  ".into())),
        Relabel::Untag("before the fix".into()),
    ] {
        history.relabel(&ids[..1], &change).unwrap();
    }
    assert_eq!(history.rows(&ids[..1]).unwrap()[0].label, Label::default());
    assert!(found(&history, "regress").is_empty());
}

#[test]
fn what_was_removed_comes_back_until_its_posttui_ends() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let ids = three(&history);
    let flying = send(&history, &exchange("POST", "http://host/", None));
    let removed = history.remove(&[ids[0], ids[1], flying]).unwrap();
    assert_eq!(removed, ids[..2], "what is in flight stays");
    assert!(found(&history, "status:2xx,404").is_empty());
    assert_eq!(found(&history, ""), [4, 3]);
    assert_eq!(history.load(ids[0]).unwrap(), None);
    assert!(history.load_all(&ids).unwrap().len() == 1);

    // Another posttui sees neither them nor can it bring them back.
    let other = History::open(&paths).unwrap();
    assert_eq!(found(&other, ""), [4, 3]);
    assert_eq!(other.restore(&ids).unwrap(), 0);

    assert_eq!(history.restore(&removed[1..]).unwrap(), 1);
    assert_eq!(found(&history, ""), [4, 3, 2]);
    assert_eq!(found(&history, "status:404"), [2]);
    drop(history);
    let rows: i64 = other
        .0
        .connections
        .read(|connection| {
            connection.query_row(
                "SELECT (SELECT count(*) FROM exchange) + (SELECT count(*) FROM detail)
                    + (SELECT count(*) FROM body_use WHERE side = 1)",
                (),
                |row| row.get(0),
            )
        })
        .unwrap();
    assert_eq!(
        rows,
        3 + 3 + 2,
        "the removed one is gone with all its parts"
    );
    assert_eq!(found(&other, ""), [4, 3, 2]);
}

#[test]
fn by_query_pinned_ones_are_removed_only_where_it_says_so() {
    let history = History::in_memory().unwrap();
    let ids = three(&history);
    history.relabel(&ids[1..2], &Relabel::Pin(true)).unwrap();
    let removed = history.remove_matching(&filter("is:error")).unwrap();
    assert_eq!(removed, [ids[2]]);
    let removed = history.remove_matching(&filter("is:pinned")).unwrap();
    assert_eq!(removed, [ids[1]]);
}

#[test]
fn where_a_send_came_from_is_kept() {
    let history = History::in_memory().unwrap();
    let ids = three(&history);
    let outcome = Outcome::Response(Response {
        head: ResponseHead {
            headers: vec![Header::new("Content-Type", "Application/Problem+JSON; x=y")],
            ..response(400, b"").head
        },
        ..response(400, b"{}")
    });
    let mut again = exchange("POST", "http://host/", Some(outcome));
    again.prepared.lineage = Lineage {
        environment: Some("production".into()),
        replayed_from: Some(ids[0]),
    };
    again.id = send(&history, &again);
    assert!(history.load(again.id).unwrap().unwrap() == again);
    let row = history.rows(&[again.id]).unwrap().remove(0);
    assert_eq!(row.lineage, again.prepared.lineage);
    assert_eq!(
        (row.sent_bytes, row.version, row.media.as_deref()),
        (
            Some(7),
            Some(HttpVersion::Http11),
            Some("application/problem+json")
        )
    );
    for (text, expected) in [
        ("env:prod*", &[4][..]),
        ("-env:prod*", &[3, 2, 1]),
        ("type:json", &[4]),
        ("type:application/problem+json,text/html", &[4]),
        ("-type:application status:4xx", &[2]),
        ("has:origin", &[4]),
        ("took:>84ms", &[4, 3, 2, 1]),
        ("took:<84ms", &[]),
        ("size:4-5 status:404", &[2]),
        ("size:<3", &[4]),
        ("-has:message", &[]),
    ] {
        assert_eq!(found(&history, text), expected, "{text}");
    }
}

/// Made by the posttui that wrote this version, with sends to the playground.
const VERSION_1: &str = include_str!("../../../../tests/fixtures/history/version_1.sql");

#[test]
fn a_history_of_the_first_version_is_read_as_if_it_were_of_today() {
    let (_folder, paths) = home();
    std::fs::create_dir_all(&paths.data).unwrap();
    let old = rusqlite::Connection::open(paths.data.join("history.sqlite3")).unwrap();
    old.pragma_update(None, "foreign_keys", false).unwrap();
    old.execute_batch(VERSION_1).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.close().unwrap();

    let history = History::open(&paths).unwrap();
    for (text, expected) in [
        ("", &[5, 4, 3, 2, 1][..]),
        ("status:2xx", &[2, 1]),
        ("münchen", &[2]),
        ("header:x-request-id=abc", &[2]),
        ("field:email=ann@example.com", &[1]),
        ("type:json status:201", &[1]),
        ("env:prod", &[]),
        ("-env:prod is:failed", &[5]),
        ("is:pinned", &[]),
    ] {
        assert_eq!(found(&history, text), expected, "{text}");
    }
    let first = history.load(ExchangeId(1)).unwrap().unwrap();
    assert_eq!(first.message.as_deref(), Some("User created."));
    assert_eq!(first.prepared.lineage, Lineage::default());
    history
        .relabel(&[ExchangeId(1)], &Relabel::Pin(true))
        .unwrap();
    send(&history, &exchange("POST", "http://host/", None));
    assert_eq!(found(&history, "is:pinned"), [1]);
    assert_eq!(history.count(&Filter::default()).unwrap(), 6);
}

#[test]
fn paths_header_fields_fields_and_names_are_met() {
    let history = History::in_memory().unwrap();
    let outcome = Outcome::Response(response(200, b"fine"));
    let mut sent = exchange("POST", "http://host/users", Some(outcome));
    sent.request.body.form = vec![crate::model::Field::new("email", "a@b.c")];
    sent.request.headers = vec![crate::model::Field::new("X-Trace", "7")];
    let id = send(&history, &sent);
    let name = Relabel::Name(Some("before the fix".to_owned()));
    history.relabel(&[id], &name).unwrap();
    let met = history.met().unwrap();
    let values = |key: &str| met.values(key).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(values("path"), ["/users"]);
    assert_eq!(values("header"), ["x-trace", "x-bytes"]);
    assert_eq!(values("field"), ["email"]);
    assert_eq!(values("name"), ["before the fix"]);
}

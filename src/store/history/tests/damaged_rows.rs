//! Single rows that are damaged: they say so, and the others are as they were.

use super::{repair::change, *};

/// Six exchanges, of which all but the first and the last are damaged, each in its own way.
fn damaged() -> History {
    let history = History::in_memory().unwrap();
    for number in 1..=6 {
        let url = format!("http://host{number}/orders");
        let answer = Outcome::Response(response(201, b"an answer"));
        send(&history, &exchange("POST", &url, Some(answer)));
    }
    change(
        &history,
        "UPDATE exchange SET url = CAST(x'ff' AS TEXT), note = CAST(x'fe41' AS TEXT) WHERE id = 2;
         UPDATE exchange SET standing = 'garbage' WHERE id = 3;
         DELETE FROM detail WHERE id = 4;
         UPDATE detail SET hops = 'no JSON' WHERE id = 5;",
    );
    history
}

fn damages(history: &History, text: &str) -> Vec<(i64, String)> {
    let rows = history.page(&filter(text), None, 100).unwrap();
    let damage = |row: Summary| (row.id.0, row.damage.unwrap_or_default());
    rows.into_iter().map(damage).collect()
}

#[test]
fn the_list_has_every_row_and_each_says_what_is_wrong_with_it() {
    let history = damaged();
    let expected = [
        (6, ""),
        (5, "its hops cannot be read"),
        (4, "its request and its answer are gone"),
        (3, "its standing is no known status or failure"),
        (2, "its url is not UTF-8, its note is not UTF-8"),
        (1, ""),
    ];
    let expected = expected.map(|(id, damage)| (id, damage.to_owned()));
    assert_eq!(damages(&history, ""), expected);
    let awaited = history.page_while(&Filter::default(), None, 100, || true);
    assert_eq!(awaited.unwrap().len(), 6);
    assert_eq!(history.met().unwrap().hosts.len(), 6);
    for text in ["method:post", "-status:404", "has:message", "rule:done"] {
        assert_eq!(damages(&history, text).len(), 6, "{text}");
    }
}

#[test]
fn a_standing_that_names_no_failure_is_damage_and_the_doctor_mends_it() {
    for garbage in ["{}", "\"nosuchfailure\"", "{\"tls\":1}"] {
        let history = History::in_memory().unwrap();
        let answer = Outcome::Response(response(200, b"an answer"));
        send(&history, &exchange("POST", "http://host/", Some(answer)));
        let sql = format!("UPDATE exchange SET standing = '{garbage}'");
        change(&history, &sql);
        let said = "its standing is no known status or failure".to_owned();
        assert_eq!(damages(&history, ""), [(1, said)], "{garbage}");
        let found = history.check().unwrap();
        let repair = "1 damaged row made anew from the exchange behind it";
        assert!(found.repairs.iter().any(|it| it == repair), "{found:?}");
        assert_eq!(damages(&history, "status:200"), [(1, String::new())]);
    }
}

#[test]
fn words_are_found_beside_damaged_rows_and_in_what_is_left_of_them() {
    let history = damaged();
    assert_eq!(damages(&history, "orders").len(), 6);
    let whole: Vec<i64> = damages(&history, "\"an answer\"")
        .iter()
        .map(|it| it.0)
        .collect();
    assert_eq!(whole, [6, 1], "of the others only the row is indexed");
    assert_eq!(
        history.gather_words(100).unwrap(),
        0,
        "nothing is left over"
    );
    let awaited = history.page_while(&filter("an"), None, 100, || true);
    assert_eq!(awaited.unwrap().len(), 2);
}

#[test]
fn what_cannot_be_opened_says_why_and_what_to_do() {
    let history = damaged();
    for (id, reason) in [
        (4, "its request and its answer are gone"),
        (5, "its hops cannot be read: expected"),
    ] {
        let error = history.load(ExchangeId(id)).unwrap_err().to_string();
        let begin = format!("exchange #{id} is damaged ({reason}");
        assert!(error.starts_with(&begin), "{error}");
        assert!(error.contains("posttui history doctor"), "{error}");
    }
    for id in [1, 2, 3, 6] {
        assert!(history.load(ExchangeId(id)).unwrap().is_some());
    }
    assert_eq!(history.load(ExchangeId(7)).unwrap(), None);
}

#[test]
fn the_doctor_makes_rows_anew_from_what_is_behind_them_and_names_the_others() {
    let history = damaged();
    let found = history.check().unwrap();
    let repair = "2 damaged rows made anew from the exchange behind them";
    assert!(found.repairs.iter().any(|it| it == repair), "{found:?}");
    assert_eq!(found.unreadable.len(), 2, "{found:?}");
    assert!(found.unreadable[0].starts_with("#4: its request and its answer are gone"));
    assert!(found.unreadable[1].starts_with("#5: its hops cannot be read: "));
    let rows = history.page(&filter("status:201"), None, 100).unwrap();
    assert_eq!(rows.len(), 6);
    let urls: Vec<_> = rows.iter().map(|row| row.url.as_str()).collect();
    assert_eq!(urls[4], "http://host2/orders");
    assert_eq!(damages(&history, "host:host2"), [(2, String::new())]);
    // What only the row said is there as far as it could be read.
    assert_eq!(rows[4].label.note.as_deref(), Some("\u{fffd}A"));
    assert!(history.check().unwrap().repairs.is_empty());
}

#[test]
fn a_leaked_value_goes_from_what_cannot_be_opened_and_from_what_was_said_of_an_answer() {
    const LEAKED: &str = "tok_live_leaked_1";
    let history = damaged();
    change(
        &history,
        &format!(
            "UPDATE detail SET request = '{{\"url\":\"{LEAKED}\"}}' WHERE id = 5;
             UPDATE exchange SET evidence = 'it says {LEAKED}' WHERE id IN (1, 4);"
        ),
    );
    let holding: Vec<ExchangeId> = [1, 4, 5].map(ExchangeId).to_vec();
    assert_eq!(history.holding(&[LEAKED]).unwrap(), holding);
    assert_eq!(history.scrub(&[LEAKED]).unwrap(), holding);
    assert_eq!(history.holding(&[LEAKED]).unwrap(), []);
    let rows = history.page(&Filter::default(), None, 100).unwrap();
    let evidence = rows[5].evidence.as_deref();
    assert_eq!(evidence, Some("it says ‹secret scrubbed›"));
    assert_eq!(rows.len(), 6);
}

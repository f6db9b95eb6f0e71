//! Words are found wherever they stand in an exchange.

use super::*;

fn typed(headers: &[(&str, &str)], body: &[u8]) -> Response {
    let mut response = response(200, body);
    response.head.headers = headers
        .iter()
        .map(|(name, value)| Header::new(*name, *value))
        .collect();
    response
}

fn found(history: &History, text: &str) -> Vec<i64> {
    let rows = history.page(&filter(text), None, 100).unwrap();
    rows.iter().map(|row| row.id.0).collect()
}

#[test]
fn words_of_names_headers_and_bodies_are_found() {
    let (_folder, paths) = home();
    let history = History::open(&paths).unwrap();
    let mut first = exchange(
        "POST",
        "http://host/create_user?full=1",
        Some(Outcome::Response(typed(
            &[("content-type", "text/plain; charset=iso-8859-1")],
            b"Gr\xfc\xdfe aus der Ferne",
        ))),
    );
    first.prepared.headers = vec![
        Header::new("content-type", "application/x-www-form-urlencoded"),
        Header::new("x-request-id", "AB-12"),
    ];
    first.prepared.body = Bytes::from_static(b"email=ann%40example.com&tag=new+one").into();
    send(&history, &first);
    let second = exchange(
        "PUT",
        "http://host/other",
        Some(Outcome::Response(typed(
            &[("content-type", "application/json"), ("x-trace", "zz9")],
            br#"{"email": "bob@example.com", "city": "M\u00fcnchen"}"#,
        ))),
    );
    send(&history, &second);
    let picture = typed(
        &[("content-type", "image/png")],
        b"\x89PNG\r\n\x1a\n secret words",
    );
    send(
        &history,
        &exchange(
            "POST",
            "http://host/picture",
            Some(Outcome::Response(picture)),
        ),
    );
    for (text, expected) in [
        ("create", &[1][..]),
        ("create_us", &[1]),
        ("grüße", &[1]),
        ("GRÜSSE", &[]),
        ("body:\"aus der\"", &[1]),
        ("body:\"der aus\"", &[]),
        ("body:create", &[]),
        ("münchen", &[2]),
        ("field:email=ann@example.com", &[1]),
        ("field:email", &[1]),
        ("field:email=bob", &[]),
        ("body:email", &[2, 1]),
        ("header:x-request-id=ab-12", &[1]),
        ("header:x-trace", &[2]),
        ("header:email", &[]),
        ("example -ferne", &[2]),
        ("-example", &[3]),
        ("-example -picture", &[]),
        ("host method:post", &[3, 1]),
        ("words", &[]),
        ("\"200 ok\" picture", &[3]),
        ("//", &[3, 2, 1]),
        ("-//", &[]),
        ("since:1h host", &[3, 2, 1]),
        ("until:1h host", &[]),
    ] {
        assert_eq!(found(&history, text), expected, "{text}");
        let count = history.count(&filter(text)).unwrap();
        assert_eq!(count, expected.len() as u64, "{text}");
    }
    let page = history
        .page(&filter("host"), Some(ExchangeId(3)), 1)
        .unwrap();
    assert_eq!(page[0].id, ExchangeId(2));
}

#[test]
fn an_outcome_and_a_deletion_change_what_is_found() {
    let history = History::in_memory().unwrap();
    let flying = exchange("POST", "http://host/slow", None);
    let id = send(&history, &flying);
    assert_eq!(found(&history, "slow flight"), [1]);
    let outcome = Outcome::Response(typed(&[], b"at last"));
    history
        .finish(
            id,
            &[],
            &outcome,
            Duration::ZERO,
            &crate::status::rules::Said::default(),
        )
        .unwrap();
    assert!(found(&history, "slow flight").is_empty());
    assert_eq!(found(&history, "slow \"at last\""), [1]);
    history.remove(&[id]).unwrap();
    assert!(found(&history, "slow").is_empty());
    history.restore(&[id]).unwrap();
    assert_eq!(found(&history, "slow"), [1]);
}

#[test]
fn many_rows_are_gathered_in_turns_the_newest_first() {
    let history = History::in_memory().unwrap();
    let one = exchange(
        "POST",
        "http://host/",
        Some(Outcome::Response(typed(&[], b"needle"))),
    );
    history.import((0..400).map(|_| one.clone())).unwrap();
    let rows = history.page(&filter("needle"), None, 1_000).unwrap();
    assert_eq!((rows.len(), rows[0].id), (256, ExchangeId(400)));
    assert_eq!(history.gather_words(1_000).unwrap(), 144);
    assert_eq!(history.gather_words(1_000).unwrap(), 0);
    assert_eq!(history.count(&filter("needle")).unwrap(), 400);
}

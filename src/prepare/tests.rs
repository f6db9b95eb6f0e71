use proptest::prelude::*;

use super::*;
use crate::model::BodyKind;

fn form_request(fields: &[(&str, &str)]) -> Request {
    let mut request = Request {
        url: "http://127.0.0.1:7878/api".into(),
        ..Request::default()
    };
    request.body.form = fields
        .iter()
        .map(|(name, value)| Field::new(*name, *value))
        .collect();
    request
}

fn body_of(request: &Request) -> String {
    String::from_utf8(prepare(request).unwrap().body.in_memory().to_vec()).unwrap()
}

fn header<'a>(prepared: &'a PreparedRequest, name: &str) -> Option<&'a [u8]> {
    crate::model::find_header(&prepared.headers, name).map(|header| header.value.as_slice())
}

#[test]
fn a_form_is_serialised_as_the_url_standard_says() {
    let request = form_request(&[
        ("username", "john_doe"),
        ("email", "john@example.com"),
        ("tag", "a b+c"),
        ("tag", "ü€😀"),
        ("safe", "*-._~"),
        ("line", "one\ntwo\r\n"),
        ("", "nameless"),
        ("empty", ""),
    ]);
    assert_eq!(
        body_of(&request),
        "username=john_doe&email=john%40example.com&tag=a+b%2Bc&tag=%C3%BC%E2%82%AC%F0%9F%98%80\
         &safe=*-._%7E&line=one%0Atwo%0D%0A&=nameless&empty="
    );
}

#[test]
fn rows_that_are_off_or_blank_are_not_sent() {
    let mut request = form_request(&[("a", "1"), ("b", "2"), ("", "")]);
    request.body.form[0].enabled = false;
    assert_eq!(body_of(&request), "b=2");
}

#[test]
fn the_headers_are_listed_as_they_will_be_written() {
    let mut request = form_request(&[("a", "1")]);
    request.headers = vec![
        Field::new("X-Trace", "7"),
        Field::new("Accept", "text/html"),
    ];
    let prepared = prepare(&request).unwrap();
    let lines: Vec<String> = prepared
        .headers
        .iter()
        .map(|header| format!("{}: {}", header.name, header.text()))
        .collect();
    assert_eq!(
        lines,
        [
            "host: 127.0.0.1:7878",
            "X-Trace: 7",
            "Accept: text/html",
            "content-type: application/x-www-form-urlencoded",
            &format!("user-agent: {USER_AGENT}"),
            "content-length: 3",
        ]
    );
}

#[test]
fn an_empty_post_says_so_and_an_empty_get_does_not() {
    let mut request = form_request(&[]);
    let prepared = prepare(&request).unwrap();
    assert_eq!(header(&prepared, "content-length"), Some(&b"0"[..]));
    assert_eq!(header(&prepared, "content-type"), None);
    request.method = "GET".into();
    assert_eq!(header(&prepare(&request).unwrap(), "content-length"), None);
}

#[test]
fn the_query_rows_follow_the_typed_query() {
    let mut request = form_request(&[]);
    request.url = "http://h/p?typed=%20x".into();
    request.query = vec![Field::new("q", "a b"), Field::new("q", "&")];
    assert_eq!(
        prepare(&request).unwrap().url,
        "http://h/p?typed=%20x&q=a+b&q=%26"
    );
    request.url = "http://h/p".into();
    assert_eq!(prepare(&request).unwrap().url, "http://h/p?q=a+b&q=%26");
}

#[test]
fn credentials_leave_the_url_and_become_basic() {
    let mut request = form_request(&[]);
    request.url = "http://us%40er:pa%3Ass@h/".into();
    let prepared = prepare(&request).unwrap();
    assert_eq!(prepared.url, "http://h/");
    assert_eq!(
        header(&prepared, "authorization"),
        Some(&b"Basic dXNAZXI6cGE6c3M="[..])
    );
    assert_eq!(header(&prepared, "host"), Some(&b"h"[..]));
}

#[test]
fn json_goes_out_byte_for_byte() {
    let mut request = form_request(&[("a", "1")]);
    request.body.kind = BodyKind::Json;
    request.body.json = "{ \"n\": 1.0 ".into();
    let prepared = prepare(&request).unwrap();
    assert_eq!(&prepared.body.in_memory()[..], b"{ \"n\": 1.0 ");
    assert_eq!(
        header(&prepared, "content-type"),
        Some(&b"application/json"[..])
    );
}

#[test]
fn a_wrong_header_is_named_with_its_row() {
    for (name, value) in [
        ("x y", "v"),
        ("", "v"),
        ("x", "a\r\nb"),
        ("x", "nul\0"),
        ("x", "\u{1b}[31m"),
        ("naïve", "v"),
        ("Content-Length", "3"),
        ("Transfer-Encoding", "chunked"),
    ] {
        let mut request = form_request(&[]);
        request.headers = vec![Field::new("ok", "1"), Field::new(name, value)];
        let error = prepare(&request).unwrap_err();
        assert_eq!(error.place, Place::Header(1), "{name}: {value}");
        request.headers[1].enabled = false;
        assert!(
            prepare(&request).is_ok(),
            "a row that is off is not looked at"
        );
    }
}

#[test]
fn a_header_value_may_hold_any_text() {
    let mut request = form_request(&[]);
    request.headers = vec![Field::new("x-name", "Jürgen \t 😀")];
    assert_eq!(
        header(&prepare(&request).unwrap(), "x-name"),
        Some("Jürgen \t 😀".as_bytes())
    );
}

#[test]
fn methods_are_tokens() {
    let mut request = form_request(&[]);
    for method in ["POST", "PURGE", "M-SEARCH", "post"] {
        request.method = method.into();
        assert_eq!(prepare(&request).unwrap().method, method);
    }
    for method in ["", "PO ST", "GÉT", "A\nB", "CONNECT"] {
        request.method = method.into();
        assert_eq!(
            prepare(&request).unwrap_err().place,
            Place::Method,
            "{method}"
        );
    }
}

#[test]
fn fields_stay_in_the_order_and_the_writing_of_the_rows() {
    let mut request = form_request(&[]);
    request.headers = vec![
        Field::new("a", "1"),
        Field::new("b", "2"),
        Field::new("A", "3"),
    ];
    let prepared = prepare(&request).unwrap();
    let names: Vec<&str> = prepared
        .headers
        .iter()
        .map(|header| header.name.as_str())
        .collect();
    assert_eq!(names[1..4], ["a", "b", "A"]);
}

/// The application/x-www-form-urlencoded serializer of the WHATWG URL Standard, Section 5.2, written anew
/// from its text: the percent-encode set, UTF-8 percent-encode, space as plus.
fn serialised_by_the_standard(fields: &[(String, String)]) -> String {
    let encode = |text: &str| -> String {
        let encoded = text.bytes().map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        });
        encoded.collect()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_form_is_serialised_as_the_url_standard_says(
        fields in prop::collection::vec((any::<String>(), any::<String>()), 0..6),
    ) {
        // Rows without name and value are not sent.
        let fields: Vec<(String, String)> = fields
            .into_iter()
            .filter(|(name, value)| !name.is_empty() || !value.is_empty())
            .collect();
        let pairs: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        prop_assert_eq!(body_of(&form_request(&pairs)), serialised_by_the_standard(&fields));
        let mut request = form_request(&[]);
        request.query = pairs.iter().map(|(name, value)| Field::new(*name, *value)).collect();
        let url = prepare(&request).unwrap().url;
        let query = url.split_once('?').map_or("", |(_, query)| query);
        prop_assert_eq!(query, serialised_by_the_standard(&fields));
    }

    #[test]
    fn any_form_is_read_back_as_it_was_typed(
        fields in prop::collection::vec(("[ -~é日]{1,9}", any::<String>()), 1..6),
    ) {
        let pairs: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let body = body_of(&form_request(&pairs));
        let read: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect();
        prop_assert_eq!(read, fields);
    }
}

#[test]
fn path_parameters_become_segments_and_an_empty_one_keeps_the_request_back() {
    let mut request = Request {
        url: ":3000/users/:id/{tab}?x=:id".to_owned(),
        ..Request::default()
    };
    complete_path(&mut request);
    let error = prepare(&request).unwrap_err();
    assert_eq!(error.place, Place::Path(0));
    request.path[0].value = "a/b".to_owned();
    request.path[1].enabled = false;
    assert_eq!(
        prepare(&request).unwrap().url,
        "http://localhost:3000/users/a%2Fb/%7Btab%7D?x=:id"
    );
}

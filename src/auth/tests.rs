use super::*;
use crate::model::Field as Row;

fn header(auth: &Auth) -> String {
    match apply(auth) {
        Ok(Applied::Header(header)) => format!("{}: {}", header.name, header.text()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_table_is_sound() {
    for kind in KINDS {
        assert!(!kind.label.is_empty() && !kind.help.is_empty());
        for field in kind.fields {
            assert!(
                !field.help.is_empty() && !field.label.is_empty(),
                "{}",
                field.name
            );
            let mut auth = Auth::new(kind.name).with("password", "x");
            auth.fields.insert(field.name.to_owned(), "x".to_owned());
            assert_eq!(
                field.is_secret(),
                !auth.is_public(field.name),
                "{} is known to the redaction",
                field.name
            );
        }
    }
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(
        names,
        [
            "none", "basic", "bearer", "api-key", "digest", "oauth2", "aws"
        ]
    );
}

#[test]
fn simple_kinds_write_their_header() {
    let basic = Auth::new("basic");
    // RFC 7617, Section 2 and 2.1.
    assert_eq!(
        header(
            &basic
                .clone()
                .with("username", "Aladdin")
                .with("password", "open sesame")
        ),
        "authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
    );
    assert_eq!(
        header(
            &basic
                .clone()
                .with("username", "test")
                .with("password", "123£")
        ),
        "authorization: Basic dGVzdDoxMjPCow=="
    );
    let bearer = |token: &str| header(&Auth::new("bearer").with("token", token));
    assert_eq!(bearer(" abc "), "authorization: Bearer abc");
    assert_eq!(bearer("bearer abc"), "authorization: Bearer abc");
    let key = Auth::new("api-key").with("value", "k");
    assert_eq!(header(&key), "X-Api-Key: k");
    assert_eq!(
        header(&key.clone().with("name", "Api-Token")),
        "Api-Token: k"
    );
    assert_eq!(
        apply(&key.with("in", "query").with("name", "key")),
        Ok(Applied::Query("key".to_owned(), "k".to_owned()))
    );
    assert_eq!(apply(&Auth::default()), Ok(Applied::Nothing));
    assert_eq!(apply(&Auth::new("")), Ok(Applied::Nothing));
}

#[test]
fn what_is_wrong_is_named_at_its_field() {
    let wrong = |auth: &Auth| {
        let error = apply(auth).unwrap_err();
        (error.field, error.reason)
    };
    for (auth, field, reason) in [
        (Auth::new("later"), KIND_FIELD, "later"),
        (Auth::new("basic"), "username", "missing"),
        (
            Auth::new("basic").with("username", "a:b"),
            "username",
            "colon",
        ),
        (Auth::new("bearer"), "token", "missing"),
        (Auth::new("bearer").with("token", "a b"), "token", "blanks"),
        (
            Auth::new("bearer").with("token", "a\nb"),
            "token",
            "control",
        ),
        (
            Auth::new("bearer").with("token", REDACTED),
            "token",
            "type it again",
        ),
        (Auth::new("api-key").with("in", "body"), "in", "none of"),
        (
            Auth::new("api-key").with("value", "k").with("name", "a b"),
            "name",
            "header name",
        ),
        (
            Auth::new("api-key").with("value", "k").with("name", "Host"),
            "name",
            "itself",
        ),
        (Auth::new("digest"), "username", "missing"),
        (Auth::new("oauth2"), "token_url", "missing"),
        (Auth::new("aws"), "access_key", "missing"),
    ] {
        let (found, told) = wrong(&auth);
        assert_eq!(found, field, "{auth:?}");
        assert!(told.contains(reason), "{auth:?}: {told}");
    }
}

#[test]
fn fields_of_other_choices_do_not_matter() {
    let auth = Auth::new("oauth2")
        .with("token_url", ":1/t")
        .with("client_id", "id");
    assert_eq!(apply(&auth), Ok(Applied::Later));
    let shown = |auth: &Auth| {
        let values = Values::new(auth).unwrap();
        values.shown().map(|field| field.name).collect::<Vec<_>>()
    };
    assert!(!shown(&auth).contains(&"refresh_token"));
    let refresh = auth.with("grant", "refresh-token");
    assert!(shown(&refresh).contains(&"refresh_token"));
    assert_eq!(apply(&refresh).unwrap_err().field, "refresh_token");
}

#[test]
fn a_header_row_of_the_user_wins() {
    let mut request = Request {
        auth: Auth::new("bearer").with("token", "t"),
        headers: vec![Row::new(" AUTHORIZATION ", "x")],
        ..Request::default()
    };
    assert_eq!(overriding_row(&request), Some("AUTHORIZATION"));
    request.auth = Auth::new("api-key").with("value", "k");
    assert_eq!(overriding_row(&request), None);
    request.headers = vec![Row::new("x-api-key", "x")];
    assert_eq!(overriding_row(&request), Some("x-api-key"));
    request.headers[0].enabled = false;
    assert_eq!(overriding_row(&request), None);
}

#[test]
fn a_challenge_finds_its_kind() {
    let challenges = challenge::challenges(&[Header::new(
        "www-authenticate",
        "Negotiate, Digest nonce=a, Basic realm=b",
    )]);
    assert_eq!(kind_for(&challenges).unwrap().name, "digest");
    assert!(kind_for(&[]).is_none());
}

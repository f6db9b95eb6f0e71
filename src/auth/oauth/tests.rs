use std::time::Duration;

use bytes::Bytes;

use super::*;
use crate::model::{HttpVersion, Response, ResponseHead};

fn auth(grant: &str) -> Auth {
    Auth::new("oauth2")
        .with("grant", grant)
        .with("token_url", "http://127.0.0.1/token")
        .with("authorize_url", "http://127.0.0.1/authorize?prompt=login")
        .with("client_id", "my id")
        .with("client_secret", "s:cret")
        .with("username", "ann")
        .with("password", "passwd")
        .with("refresh_token", "again")
        .with("scope", "read write")
}

fn settings(grant: &str) -> Settings {
    Settings::read(&auth(grant)).unwrap()
}

fn form(request: &Request) -> Vec<(&str, &str)> {
    let rows = request.body.form.iter();
    rows.map(|row| (row.name.as_str(), row.value.as_str()))
        .collect()
}

#[test]
fn each_grant_asks_in_its_own_words() {
    let client = settings(CLIENT).token_request();
    assert_eq!(
        form(&client),
        [
            ("grant_type", "client_credentials"),
            ("scope", "read write")
        ]
    );
    // “my+id:s%3Acret”
    assert_eq!(client.headers[1].value, "Basic bXkraWQ6cyUzQWNyZXQ=");
    let password = settings(PASSWORD_GRANT).token_request();
    assert_eq!(
        form(&password)[1..3],
        [("username", "ann"), ("password", "passwd")]
    );
    let refresh = settings(REFRESH).token_request();
    assert_eq!(form(&refresh)[1], ("refresh_token", "again"));
    let code = settings(CODE).code_request("c0de", "http://127.0.0.1:1/callback", "v");
    assert_eq!(
        form(&code)[..4],
        [
            ("grant_type", "authorization_code"),
            ("code", "c0de"),
            ("redirect_uri", "http://127.0.0.1:1/callback"),
            ("code_verifier", "v"),
        ]
    );
}

#[test]
fn a_grant_may_be_spelled_as_in_the_rfc() {
    for (spelled, grant) in [
        ("client_credentials", Grant::ClientCredentials),
        ("authorization_code", Grant::AuthorizationCode),
        ("refresh_token", Grant::Refresh),
        ("password", Grant::Password),
    ] {
        let auth = auth(spelled);
        let checked = crate::auth::apply(&auth);
        assert_eq!(checked, Ok(Applied::Later), "{spelled}");
        assert_eq!(settings(spelled).grant, grant, "{spelled}");
    }
    let wrong = crate::auth::apply(&auth("implicit")).unwrap_err();
    assert_eq!(wrong.field, "grant");
}

#[test]
fn the_secret_goes_where_it_is_wanted() {
    let in_body = Settings::read(&auth(CLIENT).with("client_auth", "body")).unwrap();
    let request = in_body.token_request();
    assert_eq!(
        form(&request)[2..],
        [("client_id", "my id"), ("client_secret", "s:cret")]
    );
    assert_eq!(request.headers.len(), 1);
    let public = Settings::read(&auth(CODE).with("client_secret", "")).unwrap();
    let request = public.code_request("c", "r", "v");
    assert_eq!(form(&request).last(), Some(&("client_id", "my id")));
    assert_eq!(request.headers.len(), 1);
}

/// The verifier and the challenge of RFC 7636, Appendix B.
#[test]
fn the_login_is_bound_to_its_verifier() {
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert_eq!(pkce_challenge(verifier), challenge);
    let url = settings(CODE)
        .login_url("http://127.0.0.1:9/callback", "st", verifier)
        .unwrap();
    assert_eq!(
        url.query().unwrap(),
        format!(
            "prompt=login&response_type=code&client_id=my+id&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback\
             &state=st&code_challenge={challenge}&code_challenge_method=S256&scope=read+write"
        )
    );
    assert_eq!(
        read_callback("code=c%2B1&state=st", "st").as_deref(),
        Ok("c+1")
    );
    assert_eq!(
        read_callback("code=c&state=other", "st"),
        Err(TokenError::State)
    );
    assert_eq!(read_callback("state=st", "st"), Err(TokenError::NoCode));
    let denied = read_callback("error=access_denied&error_description=No.&state=st", "st");
    let told = denied.unwrap_err().to_string();
    assert!(told.contains("access_denied (No.)"), "{told}");
}

fn response(status: u16, body: &str) -> Response {
    Response {
        head: ResponseHead {
            status,
            reason: None,
            version: HttpVersion::Http11,
            headers: Vec::new(),
        },
        body: Bytes::copy_from_slice(body.as_bytes()),
        whole: None,
    }
}

#[test]
fn a_token_is_read_with_its_lifetime() {
    let token = read_token(&response(
        200,
        r#"{"access_token":"t","token_type":"bearer","expires_in":"3600","refresh_token":"r"}"#,
    ))
    .unwrap();
    assert_eq!(token.lifetime(), Some(Duration::from_secs(3590)));
    assert_eq!(token.refresh_token.as_deref(), Some("r"));
    assert_eq!(authorization(&token).unwrap().text(), "Bearer t");
    let bare = read_token(&response(200, r#"{"access_token":"t"}"#)).unwrap();
    assert_eq!(bare.lifetime(), None);
    assert!(!format!("{bare:?}").contains('t') || format!("{bare:?}") == "Token(…)");
}

#[test]
fn what_is_no_token_says_why() {
    for (status, body, reason) in [
        (
            400,
            r#"{"error":"invalid_client","error_description":"Unknown client."}"#,
            "invalid_client (Unknown client.)",
        ),
        (
            200,
            r#"{"error":"bad_verification_code"}"#,
            "bad_verification_code",
        ),
        (503, "<html>", "503"),
        (200, "<html>", "no JSON"),
        (200, r#"{"token":"s3cret"}"#, "access_token is missing"),
        (200, r#"{"access_token":""}"#, "empty"),
        (200, r#"{"access_token":"t","token_type":"mac"}"#, "mac"),
    ] {
        let told = read_token(&response(status, body)).unwrap_err().to_string();
        assert!(
            told.contains(reason) && !told.contains("s3cret"),
            "{body}: {told}"
        );
    }
}

#[test]
fn tokens_of_other_settings_are_other_tokens() {
    let key = settings(CLIENT).key();
    assert!(key == settings(CLIENT).key());
    assert!(key != settings(PASSWORD_GRANT).key());
    assert!(
        key != Settings::read(&auth(CLIENT).with("scope", ""))
            .unwrap()
            .key()
    );
}

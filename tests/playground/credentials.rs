//! `/auth/digest`, `/auth/api-key`, `/oauth/…`; the others are with the accounts.

use posttui::auth::{
    challenge::{Challenge, challenges},
    digest::{Login, Target, answer, choose},
    oauth::pkce_challenge,
};
use posttui::model::Header;

use crate::support::{Answer, Ground};

fn asked(answer: &Answer) -> Vec<Challenge> {
    let headers: Vec<Header> = answer
        .headers
        .iter()
        .map(|(name, value)| Header::new(name.as_str(), value.clone()))
        .collect();
    challenges(&headers)
}

#[test]
fn digest_is_asked_for_and_checked() {
    let ground = Ground::start();
    let mut client = ground.connect();
    let refused = client.ask("POST", "/auth/digest?a=1", &[], b"x");
    assert_eq!(refused.status, 401);
    let all = asked(&refused);
    assert_eq!(
        choose(&all).unwrap().parameter("algorithm"),
        Some("SHA-256")
    );
    for (challenge, password, uri, status) in [
        (&all[0], "passwd", "/auth/digest?a=1", 200),
        (&all[1], "passwd", "/auth/digest?a=1", 200),
        (&all[0], "other", "/auth/digest?a=1", 401),
        (&all[0], "passwd", "/auth/digest", 401),
    ] {
        let login = Login {
            username: "user",
            password,
        };
        let target = Target {
            method: "POST",
            uri,
            cnonce: "c",
        };
        let given = answer(challenge, login, target).unwrap();
        let headers = [("Authorization", given.as_str())];
        let answer = client.ask("POST", "/auth/digest?a=1", &headers, b"x");
        assert_eq!(answer.status, status, "{password} {uri}");
    }
    let headers = [("Authorization", "Digest nonsense")];
    assert_eq!(
        client.ask("POST", "/auth/digest", &headers, b"").status,
        401
    );
}

#[test]
fn an_api_key_opens_from_both_places() {
    let ground = Ground::start();
    let mut client = ground.connect();
    for (target, key, status) in [
        ("/auth/api-key", Some("secret-key"), 200),
        ("/auth/api-key?api_key=secret-key", None, 200),
        ("/auth/api-key", Some("other"), 401),
        ("/auth/api-key", None, 401),
    ] {
        let headers: Vec<_> = key.map(|key| ("X-Api-Key", key)).into_iter().collect();
        assert_eq!(
            client.ask("POST", target, &headers, b"").status,
            status,
            "{target}"
        );
    }
}

const CLIENT: &str = "client_id=posttui&client_secret=passwd";

#[test]
fn every_grant_gives_the_token_that_bearer_wants() {
    let ground = Ground::start();
    for (form, status, error) in [
        ("grant_type=client_credentials", 200, ""),
        ("grant_type=password&username=user&password=passwd", 200, ""),
        (
            "grant_type=password&username=user&password=x",
            400,
            "invalid_grant",
        ),
        ("grant_type=refresh_token&refresh_token=refresh-me", 200, ""),
        (
            "grant_type=refresh_token&refresh_token=x",
            400,
            "invalid_grant",
        ),
        ("grant_type=authorization_code&code=x", 400, "invalid_grant"),
        ("grant_type=device", 400, "unsupported_grant_type"),
    ] {
        let answer = ground.post_form("/oauth/token", &format!("{form}&{CLIENT}"));
        assert_eq!(answer.status, status, "{form}: {}", answer.text());
        if status == 200 {
            assert_eq!(answer.json()["access_token"], "secret-token");
        } else {
            assert_eq!(answer.json()["error"], error);
        }
    }
    let other = "grant_type=client_credentials&client_id=posttui&client_secret=x";
    let refused = ground.post_form("/oauth/token", other);
    assert_eq!(
        (refused.status, refused.json()["error"].as_str()),
        (401, Some("invalid_client"))
    );
    assert!(refused.header("www-authenticate").is_some());
}

#[test]
fn a_code_is_bound_to_its_verifier() {
    let ground = Ground::start();
    let challenge = pkce_challenge("verifier");
    let query = "response_type=code&client_id=posttui&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcallback&state=s";
    let page =
        format!("/oauth/authorize?{query}&code_challenge={challenge}&code_challenge_method=S256");
    let back = ground.get(&page).header("location").unwrap();
    let back = url::Url::parse(&back).unwrap();
    let pairs: Vec<(String, String)> = back.query_pairs().into_owned().collect();
    assert_eq!(pairs[1], ("state".to_owned(), "s".to_owned()));
    let code = &pairs[0].1;
    let ask = |verifier: &str, uri: &str| {
        let form = format!(
            "grant_type=authorization_code&code={code}&code_verifier={verifier}&redirect_uri={uri}&client_id=posttui"
        );
        ground.post_form("/oauth/token", &form).status
    };
    let uri = "http%3A%2F%2F127.0.0.1%3A1%2Fcallback";
    assert_eq!(ask("verifier", uri), 200);
    assert_eq!(ask("other", uri), 400);
    assert_eq!(ask("verifier", "http%3A%2F%2Fother%2F"), 400);
    let denied = ground
        .get(&format!("{page}&deny=1"))
        .header("location")
        .unwrap();
    assert!(
        denied.contains("error=access_denied") && denied.contains("state=s"),
        "{denied}"
    );
}

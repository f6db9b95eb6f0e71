//! What the auth tab and the credentials of the URL do to a request.

use crate::{
    auth::{self, Applied, Content, FieldError, Values, basic_credentials},
    model::{Auth, Credentials, Header, Request, SecretPlace},
};

use super::{Place, PrepareError, complete_address};

/// What there is to be added, and what a send has to know of it.
#[derive(Default)]
pub(super) struct Authorized {
    pub(super) applied: Option<Applied>,
    pub(super) credentials: Credentials,
}

/// Applies the auth tab. A header row of the user wins over it, and it wins over the credentials of
/// the URL (`in_url`: user name and password), which fill in what it leaves empty.
pub(super) fn authorize(
    request: &Request,
    in_url: Option<(Vec<u8>, Vec<u8>)>,
) -> Result<Authorized, PrepareError> {
    if auth::overriding_row(request).is_some() {
        return Ok(Authorized::default());
    }
    let typed = completed(&request.auth).map_err(wrong)?;
    let auth = match &in_url {
        Some(pair) => filled(typed, pair),
        None => typed,
    };
    let applied = auth::apply(&auth).map_err(wrong)?;
    Ok(match (applied, in_url) {
        (Applied::Nothing, Some((username, password))) => {
            let credentials = basic_credentials(&username, &password);
            let header = Header::new("authorization", credentials);
            Authorized {
                applied: Some(Applied::Header(header)),
                ..Authorized::default()
            }
        }
        (applied, _) => Authorized {
            credentials: credentials(auth, &applied),
            applied: Some(applied),
        },
    })
}

fn wrong(error: FieldError) -> PrepareError {
    PrepareError {
        place: Place::Auth(error.field),
        reason: error.reason,
    }
}

/// The addresses among the fields made absolute, as in the URL line.
fn completed(auth: &Auth) -> Result<Auth, FieldError> {
    let mut copy = auth.clone();
    let shown: Vec<_> = Values::new(auth)
        .map(|values| values.shown().collect())
        .unwrap_or_default();
    for field in shown {
        let typed = auth.field(field.name);
        if field.content != Content::Url || typed.trim().is_empty() {
            continue;
        }
        let url = complete_address(typed).map_err(|error| FieldError {
            field: field.name,
            reason: error.to_string(),
        })?;
        copy.fields.insert(field.name.to_owned(), url.into());
    }
    Ok(copy)
}

/// Basic and Digest with nothing typed take the name and the password of the URL.
fn filled(auth: Auth, (username, password): &(Vec<u8>, Vec<u8>)) -> Auth {
    let is_blank = auth.field("username").is_empty() && auth.field("password").is_empty();
    if !is_blank || !matches!(auth.kind.as_str(), "basic" | "digest") {
        return auth;
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    auth.with("username", text(username))
        .with("password", text(password))
}

fn credentials(auth: Auth, applied: &Applied) -> Credentials {
    match applied {
        Applied::Nothing => Credentials::default(),
        Applied::Later => Credentials {
            later: Some(auth),
            secrets: Vec::new(),
        },
        Applied::Header(header) => Credentials {
            later: None,
            secrets: vec![SecretPlace::Header(header.name.clone())]
                .into_iter()
                // What it holds beside the scheme is hidden anyway.
                .filter(|_| !header.is("authorization"))
                .collect(),
        },
        Applied::Query(name, _) => Credentials {
            later: None,
            secrets: vec![SecretPlace::Query(name.clone())],
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Field, PreparedRequest, REDACTED, Redact, find_header},
        prepare::prepare,
    };

    fn request(url: &str, auth: Auth) -> Request {
        Request {
            url: url.to_owned(),
            auth,
            ..Request::default()
        }
    }

    fn authorization(prepared: &PreparedRequest) -> Option<String> {
        find_header(&prepared.headers, "authorization").map(Header::text)
    }

    #[test]
    fn a_row_wins_over_the_tab_which_wins_over_the_url() {
        let basic = Auth::new("basic")
            .with("username", "a")
            .with("password", "b");
        let mut typed = request("http://c:d@h/", basic);
        let sent = |request: &Request| authorization(&prepare(request).unwrap()).unwrap();
        assert_eq!(sent(&typed), "Basic YTpi");
        typed.headers = vec![Field::new("Authorization", "mine")];
        assert_eq!(sent(&typed), "mine");
        assert_eq!(
            sent(&request("http://c:d@h/", Auth::default())),
            "Basic Yzpk"
        );
        assert_eq!(
            sent(&request("http://c:d@h/", Auth::new("basic"))),
            "Basic Yzpk"
        );
        let digest = prepare(&request("http://c:d@h/", Auth::new("digest"))).unwrap();
        assert_eq!(authorization(&digest), None);
        let later = digest.credentials.later.unwrap();
        assert_eq!(
            (later.field("username"), later.field("password")),
            ("c", "d")
        );
    }

    #[test]
    fn a_wrong_field_is_named_and_a_short_address_completed() {
        let oauth = Auth::new("oauth2").with("client_id", "id");
        let error =
            prepare(&request(":1/", oauth.clone().with("token_url", "ftp://x"))).unwrap_err();
        assert_eq!(error.place, Place::Auth("token_url"));
        let fine = prepare(&request(":1/", oauth.with("token_url", ":2/token"))).unwrap();
        let later = fine.credentials.later.unwrap();
        assert_eq!(later.field("token_url"), "http://localhost:2/token");
    }

    #[test]
    fn an_api_key_is_hidden_wherever_it_stands() {
        let key = Auth::new("api-key").with("value", "s3cret&=ü");
        let in_query = key.clone().with("in", "query").with("name", "a key");
        let prepared = prepare(&request("http://h/?x=1", in_query)).unwrap();
        assert_eq!(prepared.url, "http://h/?x=1&a+key=s3cret%26%3D%C3%BC");
        let kept = prepared.redacted();
        assert_eq!(kept.url, format!("http://h/?x=1&a+key={REDACTED}"));
        let in_header = prepare(&request("http://h/", key.with("name", "X-Own"))).unwrap();
        assert_eq!(
            find_header(&in_header.headers, "x-own").unwrap().text(),
            "s3cret&=ü"
        );
        assert!(!format!("{:?}", in_header.redacted()).contains("s3cret"));
    }
}

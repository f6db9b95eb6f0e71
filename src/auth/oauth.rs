//! OAuth 2: RFC 6749, with PKCE (RFC 7636) and the loopback redirect of native apps (RFC 8252). From
//! the fields of the auth tab to the requests for a token; the answers are read in `token`.

mod token;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

use crate::model::{Auth, Body, Header, Request};

use super::{
    Applied, Field, FieldError, Kind, Values,
    basic::{PASSWORD, USERNAME},
    basic_credentials,
    bearer::bearer_credentials,
    hash::sha256,
};

pub use token::{Token, TokenError, read_token};

const CLIENT: &str = "client-credentials";
const CODE: &str = "authorization-code";
const PASSWORD_GRANT: &str = "password";
const REFRESH: &str = "refresh-token";

pub(super) const KIND: Kind = Kind {
    name: "oauth2",
    label: "OAuth 2",
    help: "a token is fetched and sent as Bearer",
    scheme: "",
    fields: &[
        Field::choice(
            "grant",
            "grant",
            &[CLIENT, CODE, PASSWORD_GRANT, REFRESH],
            "how the token is had; a code comes by way of your browser, with PKCE",
        ),
        Field::url(
            "authorize_url",
            "authorize URL",
            "where you log in with the browser",
        )
        .required()
        .when("grant", &[CODE]),
        Field::url("token_url", "token URL", "where tokens are given out").required(),
        Field::text("client_id", "client ID", "as the service knows this client")
            .required()
            .when("grant", &[CLIENT, CODE]),
        Field::text(
            "client_id",
            "client ID",
            "as the service knows this client; may be empty",
        )
        .when("grant", &[PASSWORD_GRANT, REFRESH]),
        Field::secret(
            "client_secret",
            "client secret",
            "empty for a public client",
        ),
        Field::text("username", USERNAME.label, USERNAME.help)
            .required()
            .when("grant", &[PASSWORD_GRANT]),
        Field::secret("password", PASSWORD.label, PASSWORD.help).when("grant", &[PASSWORD_GRANT]),
        Field::secret("refresh_token", "refresh token", "from an earlier login")
            .required()
            .when("grant", &[REFRESH]),
        Field::text("scope", "scope", "names separated by blanks; may be empty"),
        Field::choice(
            "client_auth",
            "secret goes",
            &["header", "body"],
            "as Basic in the header, which servers must know, or as a field of the form",
        ),
        Field::text(
            "port",
            "callback port",
            "on this machine; empty: any free one",
        )
        .when("grant", &[CODE]),
    ],
    apply,
};

fn apply(values: &Values) -> Result<Applied, FieldError> {
    if values.get("grant") == CODE {
        let port = values.get("port").trim();
        if !port.is_empty() && port.parse::<u16>().is_err() {
            let reason = format!("“{port}” is no port: a number up to 65535, or nothing");
            return Err(FieldError::new("port", reason));
        }
    }
    Ok(Applied::Later)
}

/// How a token is had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// RFC 6749, Section 4.4.
    ClientCredentials,
    /// RFC 6749, Section 4.1.
    AuthorizationCode,
    /// RFC 6749, Section 4.3.
    Password,
    /// RFC 6749, Section 6.
    Refresh,
}

/// The fields, read.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    pub grant: Grant,
    pub authorize_url: String,
    pub token_url: String,
    pub client_id: String,
    client_secret: String,
    username: String,
    password: String,
    refresh_token: String,
    scope: String,
    in_body: bool,
    /// 0 for any free one.
    pub port: u16,
}

/// What tokens are kept under: whoever asks with other words gets another token.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TokenKey(Vec<String>);

impl Settings {
    /// `None` for another kind than this one.
    pub fn read(auth: &Auth) -> Option<Self> {
        let values = Values::new(auth).filter(|values| values.kind.name == KIND.name)?;
        let get = |name| values.get(name).trim().to_owned();
        Some(Self {
            grant: match values.get("grant") {
                CODE => Grant::AuthorizationCode,
                PASSWORD_GRANT => Grant::Password,
                REFRESH => Grant::Refresh,
                _ => Grant::ClientCredentials,
            },
            authorize_url: get("authorize_url"),
            token_url: get("token_url"),
            client_id: get("client_id"),
            client_secret: get("client_secret"),
            username: values.get("username").to_owned(),
            password: values.get("password").to_owned(),
            refresh_token: get("refresh_token"),
            scope: get("scope"),
            in_body: values.get("client_auth") == "body",
            port: get("port").parse().unwrap_or(0),
        })
    }

    pub fn key(&self) -> TokenKey {
        let whose = match self.grant {
            Grant::ClientCredentials | Grant::AuthorizationCode => "",
            Grant::Password => &self.username,
            Grant::Refresh => &self.refresh_token,
        };
        let grant = format!("{:?}", self.grant);
        let parts = [&self.token_url, &self.client_id, &self.scope, &grant, whose];
        TokenKey(parts.map(ToOwned::to_owned).to_vec())
    }

    /// Asks for a token; for an authorization code it takes [`Self::code_request`].
    pub fn token_request(&self) -> Request {
        match self.grant {
            Grant::ClientCredentials | Grant::AuthorizationCode => {
                self.request("client_credentials", &[], true)
            }
            Grant::Password => {
                let login = [
                    ("username", self.username.as_str()),
                    ("password", &self.password),
                ];
                self.request("password", &login, true)
            }
            Grant::Refresh => self.refresh_request(&self.refresh_token),
        }
    }

    /// Asks for a new token with the one that came along with the old: RFC 6749, Section 6.
    pub fn refresh_request(&self, refresh_token: &str) -> Request {
        self.request("refresh_token", &[("refresh_token", refresh_token)], true)
    }

    /// Asks for the token that a code stands for: RFC 6749, Section 4.1.3; RFC 7636, Section 4.5.
    pub fn code_request(&self, code: &str, redirect_uri: &str, verifier: &str) -> Request {
        let mut fields = vec![
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        // Without a secret, or with one in the form, the id goes along anyway.
        if !self.in_body && !self.client_secret.is_empty() {
            fields.push(("client_id", &self.client_id));
        }
        self.request("authorization_code", &fields, false)
    }

    fn request(&self, grant: &str, fields: &[(&str, &str)], with_scope: bool) -> Request {
        use crate::model::Field as Row;
        let mut form = vec![Row::new("grant_type", grant)];
        form.extend(fields.iter().map(|(name, value)| Row::new(*name, *value)));
        if with_scope && !self.scope.is_empty() {
            form.push(Row::new("scope", self.scope.as_str()));
        }
        let mut headers = vec![Row::new("accept", "application/json")];
        if self.in_body || self.client_secret.is_empty() {
            if !self.client_id.is_empty() {
                form.push(Row::new("client_id", self.client_id.as_str()));
            }
            if !self.client_secret.is_empty() {
                form.push(Row::new("client_secret", self.client_secret.as_str()));
            }
        } else {
            headers.push(Row::new("authorization", self.client_credentials()));
        }
        Request {
            url: self.token_url.clone(),
            headers,
            body: Body {
                form,
                ..Body::default()
            },
            ..Request::default()
        }
    }

    /// Both are encoded as in a form before they are put together: RFC 6749, Section 2.3.1.
    fn client_credentials(&self) -> String {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let (id, secret) = (encode(&self.client_id), encode(&self.client_secret));
        basic_credentials(id.as_bytes(), secret.as_bytes())
    }

    /// Where the browser is sent: RFC 6749, Section 4.1.1; RFC 7636, Section 4.3. `None` for a URL that
    /// cannot be read.
    pub fn login_url(&self, redirect_uri: &str, state: &str, verifier: &str) -> Option<Url> {
        let mut url = Url::parse(&self.authorize_url).ok()?;
        let challenge = pkce_challenge(verifier);
        let mut pairs = url.query_pairs_mut();
        pairs
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.client_id)
            .append_pair("redirect_uri", redirect_uri)
            .append_pair("state", state)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        if !self.scope.is_empty() {
            pairs.append_pair("scope", &self.scope);
        }
        drop(pairs);
        Some(url)
    }
}

/// S256: RFC 7636, Section 4.2.
pub fn pkce_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()))
}

/// What the browser brings back: RFC 6749, Sections 4.1.2 and 4.1.2.1.
///
/// # Errors
/// Where the query is not the answer to this login (another state), or says that it failed.
pub fn read_callback(query: &str, state: &str) -> Result<String, TokenError> {
    let find = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
    };
    if find("state").as_deref() != Some(state) {
        return Err(TokenError::State);
    }
    if let Some(error) = find("error") {
        return Err(TokenError::Refused {
            error,
            description: find("error_description"),
        });
    }
    find("code")
        .filter(|code| !code.is_empty())
        .ok_or(TokenError::NoCode)
}

/// The header field that carries a token.
///
/// # Errors
/// A token that no header field can hold.
pub fn authorization(token: &Token) -> Result<Header, TokenError> {
    let credentials = bearer_credentials(&token.access_token)
        .ok()
        .filter(|text| !text.chars().any(char::is_control))
        .ok_or(TokenError::Unusable)?;
    Ok(Header::new("authorization", credentials))
}

#[cfg(test)]
mod tests;

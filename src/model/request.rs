//! What the user builds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Auth, Transport};

/// What the user builds: everything that the builder shows, as typed.
///
/// Nothing in it is checked: a request that is half typed is kept too. [`crate::prepare`] turns it
/// into what will go on the wire, or says what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub query: Vec<Field>,
    pub headers: Vec<Field>,
    pub auth: Auth,
    pub body: Body,
    /// The user's own words for a status: the name is the matcher (`200`, `400-499`, `4xx`,
    /// `else`), the value is the message. Read by [`crate::status::rules`].
    pub rules: Vec<Field>,
    pub options: Options,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: "POST".to_owned(),
            url: String::new(),
            query: Vec::new(),
            headers: Vec::new(),
            auth: Auth::default(),
            body: Body::default(),
            rules: Vec::new(),
            options: Options::default(),
        }
    }
}

/// One row of a form, of the query, of the headers or of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    pub enabled: bool,
    pub name: String,
    pub value: String,
}

impl Field {
    /// A row that is switched on.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            enabled: true,
            name: name.into(),
            value: value.into(),
        }
    }

    /// A row in which nothing has been typed; such a row is never sent.
    pub fn is_blank(&self) -> bool {
        self.name.is_empty() && self.value.is_empty()
    }

    /// Whether the row takes part in the request.
    pub fn is_sent(&self) -> bool {
        self.enabled && !self.is_blank()
    }
}

impl Default for Field {
    fn default() -> Self {
        Self::new("", "")
    }
}

/// The body that the user builds. Every kind keeps its text while another one is chosen, so that
/// switching the kind loses nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Body {
    pub kind: BodyKind,
    pub form: Vec<Field>,
    pub json: String,
    pub text: String,
}

/// Which of the bodies is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// `application/x-www-form-urlencoded`, as the WHATWG URL standard serialises it.
    #[default]
    Form,
    /// `application/json`, byte for byte as typed.
    Json,
    /// `text/plain; charset=utf-8`, byte for byte as typed.
    Text,
    /// No body at all.
    None,
}

impl BodyKind {
    /// Every kind, in the order in which the builder offers them.
    pub const ALL: [Self; 4] = [Self::Form, Self::Json, Self::Text, Self::None];

    /// The kind's name on the screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "JSON",
            Self::Text => "text",
            Self::None => "none",
        }
    }
}

/// How the request is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Name resolution, TCP and TLS together.
    pub connect_timeout: Duration,
    /// The whole send, redirects and body included; `None` waits for ever.
    pub total_timeout: Option<Duration>,
    /// How long the server may be silent once the request is on its way; `None` waits for ever.
    pub idle_timeout: Option<Duration>,
    pub redirects: Redirects,
    pub transport: Transport,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            total_timeout: Some(Duration::from_mins(5)),
            idle_timeout: None,
            redirects: Redirects::Follow,
            transport: Transport::default(),
        }
    }
}

/// What happens on a 3xx with a `Location`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Redirects {
    /// As browsers and Python's `requests` do: 301, 302 and 303 turn a POST into a GET, 307 and 308
    /// keep it. Each step is a [`super::Hop`] and is shown.
    #[default]
    Follow,
    /// Follows with the method and the body as they are, whatever the status.
    KeepMethod,
    /// The 3xx is the answer.
    Stop,
}

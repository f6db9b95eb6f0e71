//! What the user builds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Auth, Body, Choices, IdempotencyKey, Part, Recording, Retry, Transport};

/// What the user builds: everything that the builder shows, as typed.
///
/// Nothing in it is checked: a request that is half typed is kept too. [`crate::prepare`] turns it
/// into what will go on the wire, or says what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Request {
    pub method: String,
    pub url: String,
    /// What the parameters in the URL's path stand for, by their names: `id` for `:id` and `{id}`.
    pub path: Vec<Field>,
    pub query: Vec<Field>,
    pub headers: Vec<Field>,
    pub auth: Auth,
    pub body: Body,
    /// The user's own words for a status: the name is the matcher (`200`, `400-499`, `4xx`,
    /// `else`), the value is the message. Read by [`crate::status::rules`].
    pub rules: Vec<Field>,
    /// How it is sent, as far as it chooses itself.
    pub options: Choices,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            method: "POST".to_owned(),
            url: String::new(),
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            auth: Auth::default(),
            body: Body::default(),
            rules: Vec::new(),
            options: Choices::default(),
        }
    }
}

/// One row of a form, of the query, of the headers or of the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Field {
    pub enabled: bool,
    pub name: String,
    /// A text; in a row of a multipart body that stands for a file, the path of it.
    pub value: String,
    /// What only a row of a multipart body has.
    #[serde(skip_serializing_if = "Part::is_plain")]
    pub part: Part,
}

impl Field {
    /// A row that is switched on.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            enabled: true,
            name: name.into(),
            value: value.into(),
            part: Part::default(),
        }
    }

    /// A row of a multipart body that stands for a file.
    pub fn file(name: impl Into<String>, path: impl Into<String>) -> Self {
        Self {
            part: Part {
                is_file: true,
                ..Part::default()
            },
            ..Self::new(name, path)
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

/// How a request is sent, every option with its value. [`crate::options`] reads it from the choices.
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
    /// Whether the server is told that compressed answers are welcome.
    pub compression: bool,
    pub retry: Retry,
    pub idempotency_key: IdempotencyKey,
    pub transport: Transport,
    /// Whether the cookies of the environment's jar go along, and those that servers set go into it.
    pub use_jar: bool,
    /// Whether it is written down.
    pub recording: Recording,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            total_timeout: Some(Duration::from_mins(5)),
            idle_timeout: None,
            redirects: Redirects::Follow,
            compression: false,
            retry: Retry::default(),
            idempotency_key: IdempotencyKey::None,
            transport: Transport::default(),
            use_jar: true,
            recording: Recording::default(),
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
    /// The user says at each hop. Where nobody can be asked, the 3xx is the answer.
    Ask,
}

impl Redirects {
    pub const ALL: [Self; 4] = [Self::Follow, Self::KeepMethod, Self::Stop, Self::Ask];

    /// The choice as files and the command line name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Follow => "follow",
            Self::KeepMethod => "keep-method",
            Self::Stop => "stop",
            Self::Ask => "ask",
        }
    }
}

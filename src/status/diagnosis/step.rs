//! What a user can do next, as data: the builder or a send carries it out.

use serde::Serialize;
use url::Url;

use crate::{
    auth,
    model::{Auth, Body, BodyKind, Field, Request, RequestTab},
};

/// One thing to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Step {
    /// Sends a GET of the address; the draft stays.
    OpenAsGet { url: String },
    /// Sends a GET of the address again and again, until the job is done or has failed.
    Poll { url: String },
    /// Sends a GET of the address, and puts the `ETag` of its answer into the draft's `If-Match`.
    FetchTag { url: String },
    /// Sends the request of the exchange again, whole, to another address; the draft stays.
    SendAgainKeepingMethod { method: String, url: String },
    /// Sends the request of the exchange once more; the draft stays.
    SendAgain,
    /// Puts the address into the URL of the draft.
    UseNewAddress { url: String },
    /// The same for the address with https instead of http, or the other way round.
    SwitchScheme { scheme: String, url: String },
    /// Changes the method of the draft.
    SwitchMethod { method: String },
    /// Changes the kind of body of the draft.
    SwitchBodyKind { body: BodyKind },
    /// Gives the draft a header with this value, or with the cursor in it where it is empty.
    SetHeader { name: String, value: String },
    /// Goes to a field that the server names; one that the draft does not have is added.
    ShowField { field: String },
    /// Goes to the URL of the draft.
    EditUrl,
    /// Shows what earlier sends to this place came to.
    ShowTimeline,
    /// Copies the request of the exchange as a curl command.
    CopyCommand,
    /// Goes to a tab of the draft.
    OpenTab { tab: RequestTab },
    /// Chooses a kind of authentication in the draft, and goes to its first field.
    UseAuth {
        auth: String,
        /// What the server says of it: `Digest, realm “staff”`.
        asked: String,
    },
}

/// What goes along to another origin when the user asks for it: what the address is about, and
/// nothing that may be a secret of the first one.
const HARMLESS: [&str; 5] = [
    "accept",
    "accept-language",
    "content-encoding",
    "content-type",
    "user-agent",
];

impl Step {
    /// A few words that follow a key: `o open it as a GET`.
    pub fn label(&self) -> String {
        match self {
            Self::OpenAsGet { .. } => "open it as a GET".to_owned(),
            Self::Poll { .. } => "ask until it is done".to_owned(),
            Self::FetchTag { .. } => "fetch the ETag into If-Match".to_owned(),
            Self::SendAgainKeepingMethod { method, .. } => {
                format!("send again, keeping {method}")
            }
            Self::SendAgain => "send again".to_owned(),
            Self::UseNewAddress { .. } => "use the new address".to_owned(),
            Self::SwitchScheme { scheme, .. } => format!("try {scheme}"),
            Self::SwitchMethod { method } => format!("switch to {method}"),
            Self::SwitchBodyKind { body } => format!("switch the body to {}", body.name()),
            Self::SetHeader { name, .. } => format!("set {name}"),
            Self::ShowField { field } => format!("go to {field}"),
            Self::EditUrl => "go to the URL".to_owned(),
            Self::ShowTimeline => "look at the earlier sends".to_owned(),
            Self::CopyCommand => "copy as curl".to_owned(),
            Self::OpenTab { tab } => format!("go to {}", tab_name(*tab)),
            Self::UseAuth { auth, .. } => format!("fill in {}", auth_name(auth)),
        }
    }

    /// The same in full, for where there is room: `open http://host/users/42 as a GET`.
    pub fn words(&self) -> String {
        match self {
            Self::OpenAsGet { url } => format!("open {url} as a GET"),
            Self::Poll { url } => format!("GET {url} again and again until the job is done"),
            Self::FetchTag { url } => format!("GET {url}, and put its ETag into If-Match"),
            Self::SendAgainKeepingMethod { method, url } => {
                format!("send the {method} again, whole, to {url}")
            }
            Self::UseNewAddress { url } | Self::SwitchScheme { url, .. } => {
                format!("use {url} instead")
            }
            Self::SetHeader { name, value } if !value.is_empty() => {
                format!("set {name}: {value}")
            }
            Self::SendAgain => "send the same request again".to_owned(),
            Self::CopyCommand => {
                "copy it as a curl command, for those who run the server".to_owned()
            }
            Self::SwitchMethod { .. }
            | Self::SwitchBodyKind { .. }
            | Self::SetHeader { .. }
            | Self::ShowField { .. }
            | Self::EditUrl
            | Self::ShowTimeline
            | Self::OpenTab { .. }
            | Self::UseAuth { .. } => self.label(),
        }
    }

    /// The request that the step sends at once; `None` for a step that changes the draft.
    pub fn request(&self, sent: &Request) -> Option<Request> {
        match self {
            Self::SendAgain => Some(sent.clone()),
            Self::OpenAsGet { url } | Self::Poll { url } | Self::FetchTag { url } => {
                Some(Request {
                    method: "GET".to_owned(),
                    body: Body {
                        kind: BodyKind::None,
                        ..Body::default()
                    },
                    // The user's words for a status are about what was asked before.
                    rules: Vec::new(),
                    ..readdressed(sent, url, |name| !name.starts_with("content-"))
                })
            }
            Self::SendAgainKeepingMethod { method, url } => Some(Request {
                method: method.clone(),
                ..readdressed(sent, url, |_| true)
            }),
            Self::UseNewAddress { .. }
            | Self::SwitchScheme { .. }
            | Self::SwitchMethod { .. }
            | Self::SwitchBodyKind { .. }
            | Self::SetHeader { .. }
            | Self::ShowField { .. }
            | Self::EditUrl
            | Self::ShowTimeline
            | Self::CopyCommand
            | Self::OpenTab { .. }
            | Self::UseAuth { .. } => None,
        }
    }
}

fn auth_name(name: &str) -> &str {
    auth::find(name).map_or(name, |kind| kind.label)
}

fn tab_name(tab: RequestTab) -> &'static str {
    match tab {
        RequestTab::Body => "the body",
        RequestTab::Headers => "the headers",
        RequestTab::Query => "the query",
        RequestTab::Path => "the path parameters",
        RequestTab::Auth => "the auth tab",
        RequestTab::Rules => "the rules",
        RequestTab::Options => "the options",
        RequestTab::Preview => "the preview",
    }
}

/// The request for another address, whose query is the address's own. The headers that `keeps` are
/// kept within an origin; another one gets those alone that hold no secret.
fn readdressed(sent: &Request, url: &str, keeps: fn(&str) -> bool) -> Request {
    let same = same_origin(&sent.url, url);
    let goes_along = |field: &&Field| {
        let name = field.name.trim().to_ascii_lowercase();
        keeps(&name) && (same || HARMLESS.contains(&name.as_str()))
    };
    Request {
        url: if same {
            with_credentials(&sent.url, url)
        } else {
            url.to_owned()
        },
        query: Vec::new(),
        headers: sent.headers.iter().filter(goes_along).cloned().collect(),
        auth: if same {
            sent.auth.clone()
        } else {
            Auth::default()
        },
        ..sent.clone()
    }
}

/// The address with the user and password that the URL of the request was typed with.
fn with_credentials(sent: &str, url: &str) -> String {
    let (Ok(sent), Ok(mut new)) = (Url::parse(sent), Url::parse(url)) else {
        return url.to_owned();
    };
    // Neither can fail: only URLs without a host refuse them.
    let _ = new.set_username(sent.username());
    let _ = new.set_password(sent.password());
    new.into()
}

/// Scheme, host and port: RFC 6454, Section 4.
fn same_origin(one: &str, other: &str) -> bool {
    let origin = |text: &str| Some(Url::parse(text).ok()?.origin());
    origin(one).is_some_and(|one| Some(one) == origin(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent() -> Request {
        Request {
            url: "http://h:1/a".into(),
            query: vec![Field::new("q", "1")],
            rules: vec![Field::new("2xx", "Made.")],
            headers: vec![
                Field::new("Authorization", "Bearer x"),
                Field::new("Content-Type", "a/b"),
                Field::new("Accept", "c/d"),
            ],
            auth: Auth::new("bearer").with("token", "x"),
            ..Request::default()
        }
    }

    fn names(request: &Request) -> Vec<&str> {
        let fields = request.headers.iter();
        fields.map(|field| field.name.as_str()).collect()
    }

    #[test]
    fn a_get_has_no_body_and_keeps_what_is_for_the_same_origin() {
        let step = Step::OpenAsGet {
            url: "http://h:1/b?c=d".into(),
        };
        let get = step.request(&sent()).unwrap();
        assert_eq!(get.method, "GET");
        assert_eq!(get.body.kind, BodyKind::None);
        assert_eq!(get.url, "http://h:1/b?c=d");
        assert!(get.query.is_empty() && get.rules.is_empty());
        assert_eq!(names(&get), ["Authorization", "Accept"]);
        assert_eq!(get.auth, sent().auth);
    }

    #[test]
    fn another_origin_gets_no_secrets() {
        for url in ["http://other:1/", "https://h:1/", "http://h:2/"] {
            let step = Step::SendAgainKeepingMethod {
                method: "POST".into(),
                url: url.into(),
            };
            let again = step.request(&sent()).unwrap();
            assert_eq!(names(&again), ["Content-Type", "Accept"], "{url}");
            assert_eq!(again.body, sent().body);
            assert!(again.auth.is_none(), "{url}");
        }
    }

    #[test]
    fn steps_in_the_builder_send_nothing() {
        let step = Step::SwitchMethod {
            method: "PUT".into(),
        };
        assert_eq!(step.request(&sent()), None);
        assert_eq!(step.words(), "switch to PUT");
    }
}

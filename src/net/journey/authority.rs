//! Credentials that are added when a hop goes out: a signature, the answer to a challenge, a token.
//! They go to the origin that they were meant for, and to no other.

use jiff::Timestamp;
use url::{Position, Url};

use crate::{
    auth::{
        aws::{self, Keys, Unsigned},
        challenge::challenges,
        digest::{self, Login, Target},
        oauth::Settings,
    },
    model::{Auth, Header, PreparedRequest, Purpose, ResponseHead},
    net::{failure::Trouble, outgoing::Outgoing, random::random_text, redirect::origin},
};

/// What a journey has in hand beside the header fields of its request.
pub(super) struct Authority {
    means: Means,
    home: Url,
    /// How often a challenge was answered since the last redirect.
    answered: usize,
}

/// The kinds that need more than the request.
enum Means {
    None,
    Digest(Auth),
    Aws(Box<Keys>),
    Token {
        settings: Box<Settings>,
        /// Whether the token in use is one that was kept: a new one may do better.
        was_kept: bool,
        renewed: bool,
    },
}

/// A server that calls every nonce stale would be answered for ever.
const MAX_ANSWERS: usize = 3;

impl Authority {
    pub(super) fn new(prepared: &PreparedRequest, home: &Url) -> Self {
        Self {
            means: Means::read(prepared.credentials.later.as_ref()),
            home: home.clone(),
            answered: 0,
        }
    }

    /// The settings of the token that this hop needs.
    pub(super) fn wanted_token(&self, outgoing: &Outgoing) -> Option<Settings> {
        match &self.means {
            Means::Token { settings, .. } if self.is_home(outgoing) => Some((**settings).clone()),
            _ => None,
        }
    }

    /// Takes the token for this hop.
    pub(super) fn bear(&mut self, outgoing: &mut Outgoing, header: Header, kept: bool) {
        if let Means::Token { was_kept, .. } = &mut self.means {
            *was_kept = kept;
        }
        outgoing.replace_header(header);
    }

    /// Whether this hop is signed, which takes the hash of its body.
    pub(super) fn signs(&self, outgoing: &Outgoing) -> bool {
        matches!(self.means, Means::Aws(_)) && self.is_home(outgoing)
    }

    /// Signs a hop with the present time; one that was redirected needs a signature of its own.
    /// `payload` is the hash of its body.
    pub(super) fn sign(&mut self, outgoing: &mut Outgoing, now: Timestamp, payload: &str) {
        if outgoing.purpose == Purpose::Request {
            self.answered = 0;
        }
        if !self.is_home(outgoing) {
            return;
        }
        match &self.means {
            Means::Aws(keys) => {
                outgoing
                    .headers
                    .retain(|header| !aws::WRITTEN.iter().any(|name| header.is(name)));
                let request = Unsigned {
                    method: &outgoing.method,
                    url: &outgoing.url,
                    headers: &outgoing.headers,
                    payload,
                };
                let added = keys.sign(request, now);
                outgoing.headers.extend(added);
            }
            // The answer to an earlier challenge holds for one address only.
            Means::Digest(_) if outgoing.purpose == Purpose::Request => outgoing
                .headers
                .retain(|header| !header.is("authorization")),
            Means::Digest(_) | Means::Token { .. } | Means::None => {}
        }
    }

    /// The same hop once more, with what a 401 asks for; `None` where the 401 is the answer.
    pub(super) fn answer(
        &mut self,
        outgoing: &Outgoing,
        head: &ResponseHead,
    ) -> Result<Option<Outgoing>, Trouble> {
        if head.status != 401 || !self.is_home(outgoing) || self.answered >= MAX_ANSWERS {
            return Ok(None);
        }
        let mut next = Outgoing {
            purpose: Purpose::Challenge,
            dropped: Vec::new(),
            ..outgoing.clone()
        };
        let again = match &mut self.means {
            Means::Digest(auth) => match answer_digest(auth, outgoing, head)? {
                Some(header) => {
                    next.replace_header(header);
                    true
                }
                None => false,
            },
            Means::Token {
                was_kept, renewed, ..
            } => {
                let again = *was_kept && !*renewed;
                *renewed |= again;
                again
            }
            Means::Aws(_) | Means::None => false,
        };
        self.answered += usize::from(again);
        Ok(again.then_some(next))
    }

    fn is_home(&self, outgoing: &Outgoing) -> bool {
        origin(&self.home) == origin(&outgoing.url)
    }
}

impl Means {
    fn read(auth: Option<&Auth>) -> Self {
        let Some(auth) = auth else {
            return Self::None;
        };
        if let Some(keys) = Keys::read(auth) {
            return Self::Aws(Box::new(keys));
        }
        if let Some(settings) = Settings::read(auth) {
            return Self::Token {
                settings: Box::new(settings),
                was_kept: false,
                renewed: false,
            };
        }
        match auth.kind.as_str() {
            "digest" => Self::Digest(auth.clone()),
            _ => Self::None,
        }
    }
}

/// The header field that answers; none where there is nothing to answer, or where the password was
/// refused just now.
fn answer_digest(
    auth: &Auth,
    outgoing: &Outgoing,
    head: &ResponseHead,
) -> Result<Option<Header>, Trouble> {
    let asked = challenges(&head.headers);
    let Some(challenge) = digest::choose(&asked) else {
        return Ok(None);
    };
    if outgoing.purpose == Purpose::Challenge && !digest::is_stale(challenge) {
        return Ok(None);
    }
    let login = Login {
        username: auth.field("username"),
        password: auth.field("password"),
    };
    let target = Target {
        method: &outgoing.method,
        uri: &outgoing.url[Position::BeforePath..Position::AfterQuery],
        cnonce: &random_text()?,
    };
    let answer = digest::answer(challenge, login, target);
    Ok(answer.map(|credentials| Header::new("authorization", credentials)))
}

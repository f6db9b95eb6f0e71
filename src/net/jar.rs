//! The cookies of one send: what each hop sets is taken, and each hop sends what is for its URL.

use jiff::Timestamp;
use url::Url;

use crate::{
    cookies::{self, take},
    model::{CookieChange, Cookies, Header, Jar, ResponseHead},
};

/// The jar as it is during the send; where none is in use, nothing is taken and nothing sent.
#[derive(Debug, Default)]
pub(super) struct SendJar {
    jar: Option<Jar>,
    is_sent: bool,
    pub(super) changes: Vec<CookieChange>,
}

impl SendJar {
    pub(super) fn new(cookies: &Cookies) -> Self {
        Self {
            jar: cookies.jar.as_deref().cloned(),
            is_sent: cookies.is_sent,
            changes: Vec::new(),
        }
    }

    /// Takes what a response from this URL sets. What is refused stays visible in its head.
    pub(super) fn take(&mut self, head: &ResponseHead, url: &Url) {
        let Some(jar) = &mut self.jar else { return };
        let is_set = |header: &&Header| header.is("set-cookie");
        for header in head.headers.iter().filter(is_set) {
            if let Ok(change) = take(jar, &header.value, url, Timestamp::now()) {
                jar.apply(change.clone());
                self.changes.push(change);
            }
        }
    }

    /// Puts the cookies for the URL of a further hop in the place of those of the hop before. The user's
    /// own field is left as it is.
    pub(super) fn put(&mut self, headers: &mut Vec<Header>, url: &Url) {
        let Some(jar) = self.jar.as_mut().filter(|_| self.is_sent) else {
            return;
        };
        headers.retain(|header| !header.is("cookie"));
        jar.drop_expired(Timestamp::now());
        if let Some(value) = cookies::header(jar, url) {
            headers.push(Header::new("cookie", value));
        }
    }

    /// Takes the jar's cookies out of the fields that a redirect looks at: they are not left behind, they
    /// are chosen anew.
    pub(super) fn lift(&self, headers: &mut Vec<Header>) {
        if self.is_sent {
            headers.retain(|header| !header.is("cookie"));
        }
    }
}

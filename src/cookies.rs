//! Which cookies go to a URL, and what becomes of those that a server sets: RFC 6265, Section 5, with
//! what its successor (RFC 6265bis) adds and browsers do.
//!
//! ```text
//! Set-Cookie ─ take ─► CookieChange ─► Jar ─ header ─► Cookie
//!
//! taken    one Set-Cookie field: whether it is taken, and what for
//! verdict  what is told of one that is not taken
//! suffix   names that are nobody's own, such as co.uk: no cookie is for all that is below them
//! ```
//!
//! Loopback counts as safe, as browsers have it: a cookie marked `Secure` goes to http://localhost.
//! Cookies do not know ports (Section 8.5): those of `localhost:3000` go to `localhost:4000`, too.

mod suffix;
mod taken;
mod verdict;

use cookie_store::{CookieDomain, CookiePath};
use url::Url;

use crate::model::{Cookie, Jar, is_loopback};

pub use suffix::is_public_suffix;
pub use taken::{Refusal, take};
pub use verdict::why_refused;

/// Whether a cookie goes to a URL. Its end is not looked at.
pub fn is_for(cookie: &Cookie, url: &Url) -> bool {
    let domain = if cookie.host_only {
        CookieDomain::HostOnly(cookie.domain.clone())
    } else {
        CookieDomain::Suffix(cookie.domain.clone())
    };
    let is_on_path = CookiePath::parse(&cookie.path).is_some_and(|path| path.matches(url));
    domain.matches(url) && is_on_path && (!cookie.secure || is_safe(url))
}

/// The cookies that go to a URL, in the order in which they are written: the longest path first, then the
/// oldest (Section 5.4). Nothing in the jar may have come to its end.
pub fn for_url<'a>(jar: &'a Jar, url: &Url) -> Vec<&'a Cookie> {
    let mut found: Vec<&Cookie> = jar.cookies.iter().filter(|it| is_for(it, url)).collect();
    found.sort_by_key(|it| (std::cmp::Reverse(it.path.len()), it.created));
    found
}

/// The value of the `cookie` field for a URL; `None` where no cookie goes there.
pub fn header(jar: &Jar, url: &Url) -> Option<String> {
    let found = for_url(jar, url);
    let pair = |cookie: &&Cookie| match cookie.name.as_str() {
        "" => cookie.value.0.clone(),
        name => format!("{name}={}", cookie.value.0),
    };
    let pairs: Vec<String> = found.iter().map(pair).collect();
    (!pairs.is_empty()).then(|| pairs.join("; "))
}

/// Whether a URL is reached in a way that nobody can listen to.
fn is_safe(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

#[cfg(test)]
mod tests;

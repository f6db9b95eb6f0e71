//! One `Set-Cookie` field -> what it changes in the jar, or why it is refused.

use std::time::Duration;

use cookie_store::{CookieDomain, CookieError, CookieExpiration};
use jiff::Timestamp;
use url::Url;

use crate::model::{Cookie, CookieChange, Jar};

use super::{is_for, is_public_suffix, is_safe};

/// Name and value together may have so many bytes: RFC 6265bis, Section 5.7.
const LONGEST: usize = 4096;

/// Why a cookie is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("it is no cookie: it has no name")]
    Unreadable,
    #[error("it is for {0}, which this host is no part of")]
    OtherDomain(String),
    #[error("it is for all of {0}, where anybody can have a name")]
    PublicSuffix(String),
    #[error("it is marked Secure and came over plain http")]
    NotSafe,
    #[error("its name begins with {0}, and it is not what that promises")]
    Prefix(&'static str),
    #[error("it would take the place of one that is marked Secure")]
    OverSecure,
    #[error("it is longer than 4096 bytes")]
    Long,
}

/// What a `Set-Cookie` field received from a URL changes: RFC 6265, Section 5.3.
pub fn take(jar: &Jar, field: &[u8], url: &Url, now: Timestamp) -> Result<CookieChange, Refusal> {
    // Values that are no UTF-8 are no cookies that could go back as they came.
    let text = std::str::from_utf8(field).map_err(|_| Refusal::Unreadable)?;
    let parsed = cookie_store::Cookie::parse(text, url).map_err(|error| match error {
        CookieError::DomainMismatch => Refusal::OtherDomain(asked_domain(text)),
        _ => Refusal::Unreadable,
    })?;
    let (domain, host_only) = match &parsed.domain {
        CookieDomain::HostOnly(host) => (host.clone(), true),
        CookieDomain::Suffix(domain) if is_public_suffix(domain) => {
            if url.host_str() != Some(domain) {
                return Err(Refusal::PublicSuffix(domain.clone()));
            }
            (domain.clone(), true)
        }
        CookieDomain::Suffix(domain) => (domain.clone(), false),
        CookieDomain::NotPresent | CookieDomain::Empty => return Err(Refusal::Unreadable),
    };
    let cookie = Cookie {
        name: parsed.name().to_owned(),
        value: parsed.value().into(),
        domain,
        host_only,
        path: String::from(parsed.path.clone()),
        secure: parsed.secure().unwrap_or(false),
        http_only: parsed.http_only().unwrap_or(false),
        same_site: parsed.same_site().map(|it| it.to_string()),
        expires: end(&parsed, now),
        created: now,
    };
    check(&cookie, jar, url)?;
    Ok(if cookie.is_expired(now) {
        CookieChange::Remove(cookie.key())
    } else {
        CookieChange::Set(cookie)
    })
}

/// `Max-Age` holds where both are given: Section 5.3, step 3.
fn end(parsed: &cookie_store::Cookie, now: Timestamp) -> Option<Timestamp> {
    if let Some(age) = parsed.max_age() {
        let seconds = age.whole_seconds();
        if seconds <= 0 {
            return Some(Timestamp::MIN);
        }
        let age = Duration::from_secs(seconds.unsigned_abs());
        return Some(now.checked_add(age).unwrap_or(Timestamp::MAX));
    }
    match &parsed.expires {
        CookieExpiration::AtUtc(end) => {
            Some(Timestamp::from_second(end.unix_timestamp()).unwrap_or(Timestamp::MAX))
        }
        CookieExpiration::SessionEnd => None,
    }
}

fn check(cookie: &Cookie, jar: &Jar, url: &Url) -> Result<(), Refusal> {
    if cookie.name.len() + cookie.value.0.len() > LONGEST {
        return Err(Refusal::Long);
    }
    if cookie.secure && !is_safe(url) {
        return Err(Refusal::NotSafe);
    }
    let begins = |prefix: &str| {
        let start = cookie.name.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if begins("__Secure-") && !cookie.secure {
        return Err(Refusal::Prefix("__Secure-"));
    }
    if begins("__Host-") && !(cookie.secure && cookie.host_only && cookie.path == "/") {
        return Err(Refusal::Prefix("__Host-"));
    }
    // RFC 6265bis, Section 5.7: who can change what goes over plain http must not change the rest.
    let over_secure = |old: &Cookie| {
        let same_place = Cookie {
            secure: false,
            ..old.clone()
        };
        old.secure && old.name == cookie.name && is_for(&same_place, url)
    };
    if !is_safe(url) && jar.cookies.iter().any(over_secure) {
        return Err(Refusal::OverSecure);
    }
    Ok(())
}

/// The `Domain` of a field, for a message.
fn asked_domain(text: &str) -> String {
    let attributes = text.split(';').skip(1);
    let domains = attributes.filter_map(|attribute| {
        let (name, value) = attribute.split_once('=')?;
        let is_domain = name.trim().eq_ignore_ascii_case("domain");
        is_domain.then(|| value.trim().to_owned())
    });
    domains.last().unwrap_or_default()
}

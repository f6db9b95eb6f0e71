//! Cookies as plain data: RFC 6265, Section 5.3. What they mean for a URL is said by [`crate::cookies`].

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Hidden, PreparedRequest, header::Header, mark::DOTS};

/// How many cookies a jar holds at the most; the oldest one gives way.
const MOST: usize = 3000;

/// One cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cookie {
    pub name: String,
    #[serde(serialize_with = "write_value", deserialize_with = "read_value")]
    pub value: Hidden,
    /// A host name in lower case and ASCII, or an IP address.
    pub domain: String,
    /// Whether it is for that very host; otherwise it is for what is below it, too.
    #[serde(default)]
    pub host_only: bool,
    pub path: String,
    /// Whether it is kept back from plain http, loopback excepted.
    #[serde(default)]
    pub secure: bool,
    /// Whether scripts in a browser may not see it; posttui only shows it.
    #[serde(default)]
    pub http_only: bool,
    /// As received; it is about pages that lead to other sites, of which there are none here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_site: Option<String>,
    /// `None` where the server gave no end: a session cookie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    pub created: Timestamp,
}

fn write_value<S: Serializer>(value: &Hidden, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.0)
}

fn read_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hidden, D::Error> {
    String::deserialize(deserializer).map(Hidden)
}

/// What tells one cookie of a jar from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieKey {
    pub name: String,
    pub domain: String,
    pub host_only: bool,
    pub path: String,
}

impl Cookie {
    pub fn key(&self) -> CookieKey {
        CookieKey {
            name: self.name.clone(),
            domain: self.domain.clone(),
            host_only: self.host_only,
            path: self.path.clone(),
        }
    }

    pub fn is_at(&self, key: &CookieKey) -> bool {
        self.name == key.name
            && self.domain == key.domain
            && self.host_only == key.host_only
            && self.path == key.path
    }

    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }

    /// Where it is sent to, in words: `host`, and `.host` where it goes below it, too.
    pub fn scope(&self) -> String {
        let dot = if self.host_only { "" } else { "." };
        format!("{dot}{}", self.domain)
    }
}

/// The cookies of one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jar {
    /// The environment that they belong to; `None` where none is chosen.
    pub environment: Option<String>,
    pub cookies: Vec<Cookie>,
}

/// One change of a jar. Changes are written down, not jars, so that several posttuis lose nothing of
/// each other's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CookieChange {
    Set(Cookie),
    Remove(CookieKey),
    Clear,
}

impl Jar {
    /// Changes the jar. A cookie that takes the place of another one keeps its age: RFC 6265, Section
    /// 5.3, step 11.
    pub fn apply(&mut self, change: CookieChange) {
        match change {
            CookieChange::Set(mut cookie) => {
                let key = cookie.key();
                if let Some(old) = self.cookies.iter_mut().find(|it| it.is_at(&key)) {
                    cookie.created = old.created;
                    *old = cookie;
                    return;
                }
                if self.cookies.len() >= MOST {
                    let oldest = self.cookies.iter().enumerate();
                    let oldest = oldest.min_by_key(|(_, it)| it.created);
                    let oldest = oldest.map(|(index, _)| index);
                    oldest.map(|index| self.cookies.remove(index));
                }
                self.cookies.push(cookie);
            }
            CookieChange::Remove(key) => self.cookies.retain(|it| !it.is_at(&key)),
            CookieChange::Clear => self.cookies.clear(),
        }
    }

    /// Whether something in it has come to its end.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.cookies.iter().any(|it| it.is_expired(now))
    }

    /// Takes out what has come to its end.
    pub fn drop_expired(&mut self, now: Timestamp) {
        self.cookies.retain(|it| !it.is_expired(now));
    }
}

/// What a prepared request has to do with a jar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cookies {
    /// The jar in use: what servers set goes into it.
    pub jar: Option<std::sync::Arc<Jar>>,
    /// Whether the `cookie` field is the jar's, and not the user's own or kept back.
    pub is_sent: bool,
}

impl PreparedRequest {
    /// Puts dots in the place of the values that come from the jar.
    pub fn hide_cookies(&mut self) {
        if self.cookies.is_sent {
            hide_cookie_values(&mut self.headers);
        }
        self.cookies = Cookies::default();
    }
}

/// Puts dots in the place of the values in `cookie` fields.
pub fn hide_cookie_values(headers: &mut [Header]) {
    let cookies = headers
        .iter_mut()
        .filter(|header| header.name.eq_ignore_ascii_case("cookie"));
    for header in cookies {
        let text = header.text();
        let pairs = text.split("; ").map(|pair| {
            let name = pair.split('=').next().unwrap_or_default();
            format!("{name}={DOTS}")
        });
        header.value = pairs.collect::<Vec<_>>().join("; ").into_bytes();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn cookie(name: &str, value: &str) -> Cookie {
        Cookie {
            name: name.to_owned(),
            value: value.into(),
            domain: "h.test".to_owned(),
            host_only: true,
            path: "/".to_owned(),
            secure: false,
            http_only: false,
            same_site: None,
            expires: None,
            created: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_cookie_takes_the_place_of_the_one_with_its_name_domain_and_path() {
        let mut jar = Jar::default();
        jar.apply(CookieChange::Set(cookie("a", "1")));
        jar.apply(CookieChange::Set(Cookie {
            created: Timestamp::MAX,
            ..cookie("a", "2")
        }));
        jar.apply(CookieChange::Set(Cookie {
            path: "/x".to_owned(),
            ..cookie("a", "3")
        }));
        let values: Vec<&str> = jar.cookies.iter().map(|it| it.value.0.as_str()).collect();
        assert_eq!(values, ["2", "3"]);
        assert_eq!(jar.cookies[0].created, Timestamp::UNIX_EPOCH);
        jar.apply(CookieChange::Remove(cookie("a", "").key()));
        assert_eq!(jar.cookies.len(), 1);
        jar.apply(CookieChange::Clear);
        assert!(jar.cookies.is_empty());
    }

    #[test]
    fn a_server_cannot_fill_the_disk() {
        let mut jar = Jar::default();
        for number in 0..=MOST {
            jar.apply(CookieChange::Set(Cookie {
                created: Timestamp::from_second(number as i64).unwrap(),
                ..cookie(&number.to_string(), "")
            }));
        }
        assert_eq!(jar.cookies.len(), MOST);
        assert_eq!(jar.cookies[0].name, "1", "the oldest one gave way");
    }

    #[test]
    fn what_has_ended_is_taken_out_and_what_has_no_end_stays() {
        let mut jar = Jar::default();
        let now = Timestamp::from_second(100).unwrap();
        for (name, end) in [
            ("past", Some(99)),
            ("now", Some(100)),
            ("later", Some(101)),
            ("session", None),
        ] {
            jar.apply(CookieChange::Set(Cookie {
                expires: end.map(|end| Timestamp::from_second(end).unwrap()),
                ..cookie(name, "1")
            }));
        }
        assert!(jar.has_expired(now));
        jar.drop_expired(now);
        let names: Vec<&str> = jar.cookies.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["later", "session"]);
    }

    #[test]
    fn values_are_hidden_and_names_stay() {
        let mut headers = [Header::new("cookie", "a=1; b=2=3; c")];
        hide_cookie_values(&mut headers);
        assert_eq!(headers[0].text(), "a=••••; b=••••; c=••••");
        assert!(!format!("{:?}", cookie("a", "s3cret")).contains("s3cret"));
    }

    #[test]
    fn a_cookie_reads_back_the_same() {
        let full = Cookie {
            secure: true,
            same_site: Some("Lax".to_owned()),
            expires: Some(Timestamp::MAX),
            ..cookie("a", "v")
        };
        for cookie in [full, cookie("b", "")] {
            let text = serde_json::to_string(&cookie).unwrap();
            assert_eq!(serde_json::from_str::<Cookie>(&text).unwrap(), cookie);
        }
    }
}

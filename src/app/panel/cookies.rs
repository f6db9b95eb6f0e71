//! The cookies of the chosen environment, and one of them being edited.

use std::fmt::Write;

use jiff::Timestamp;
use url::Host;

use crate::{
    app::editor::Editor,
    cookies::is_public_suffix,
    model::{Cookie, Jar},
};

/// The list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CookiesPanel {
    pub chosen: usize,
    /// Whether the value under the cursor is shown.
    pub revealed: bool,
}

/// The cookies in the order of the list: by domain, path and name.
pub fn listed(jar: &Jar) -> Vec<&Cookie> {
    let mut all: Vec<&Cookie> = jar.cookies.iter().collect();
    all.sort_by(|one, other| {
        let (one, other) = (place(one), place(other));
        one.cmp(&other)
    });
    all
}

fn place(cookie: &Cookie) -> (&str, &str, &str) {
    (&cookie.domain, &cookie.path, &cookie.name)
}

impl CookiesPanel {
    /// The cookie under the cursor.
    pub fn picked<'a>(&self, jar: &'a Jar) -> Option<&'a Cookie> {
        let all = listed(jar);
        let last = all.len().checked_sub(1)?;
        all.get(self.chosen.min(last)).copied()
    }

    pub fn walk(&mut self, count: usize, down: bool) {
        self.chosen = super::step(self.chosen, count, down);
        self.revealed = false;
    }
}

/// A line of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieLine {
    Name,
    Value,
    Domain,
    Path,
    Expires,
    Secure,
    HttpOnly,
}

impl CookieLine {
    pub const ALL: [Self; 7] = [
        Self::Name,
        Self::Value,
        Self::Domain,
        Self::Path,
        Self::Expires,
        Self::Secure,
        Self::HttpOnly,
    ];
}

/// A cookie as texts being edited.
#[derive(Debug, Clone, PartialEq)]
pub struct CookieEditor {
    pub name: Editor,
    pub value: Editor,
    /// With a dot in front where it is for what is below the domain, too.
    pub domain: Editor,
    pub path: Editor,
    /// A time as in RFC 3339; empty where the cookie has no end.
    pub expires: Editor,
    pub secure: bool,
    pub http_only: bool,
    pub line: CookieLine,
    /// Why it cannot be kept; until the next edit.
    pub problem: Option<String>,
    /// Whether the user was told that leaving now throws changes away.
    pub warned: bool,
    /// The cookie that is edited; `None` for a new one.
    pub before: Option<Cookie>,
}

impl CookieEditor {
    /// A new cookie for a host.
    pub fn create(host: &str) -> Self {
        Self {
            name: Editor::new(""),
            value: Editor::new(""),
            domain: Editor::new(host),
            path: Editor::new("/"),
            expires: Editor::new(""),
            secure: false,
            http_only: false,
            line: CookieLine::Name,
            problem: None,
            warned: false,
            before: None,
        }
    }

    /// A cookie that is there.
    pub fn edit(cookie: &Cookie) -> Self {
        let expires = cookie.expires.map(|end| end.to_string());
        Self {
            name: Editor::new(&cookie.name),
            value: Editor::new(&cookie.value.0),
            domain: Editor::new(cookie.scope()),
            path: Editor::new(&cookie.path),
            expires: Editor::new(expires.unwrap_or_default()),
            secure: cookie.secure,
            http_only: cookie.http_only,
            line: CookieLine::Value,
            before: Some(cookie.clone()),
            ..Self::create("")
        }
    }

    /// The text under the cursor.
    pub fn editor(&mut self) -> Option<&mut Editor> {
        match self.line {
            CookieLine::Name => Some(&mut self.name),
            CookieLine::Value => Some(&mut self.value),
            CookieLine::Domain => Some(&mut self.domain),
            CookieLine::Path => Some(&mut self.path),
            CookieLine::Expires => Some(&mut self.expires),
            CookieLine::Secure | CookieLine::HttpOnly => None,
        }
    }

    /// To be called after any edit.
    pub fn edited(&mut self) {
        (self.problem, self.warned) = (None, false);
    }

    pub fn turn(&mut self, forward: bool) {
        self.line = super::turn(&CookieLine::ALL, self.line, forward);
    }

    /// Switches what the cursor is on.
    pub fn toggle(&mut self) {
        match self.line {
            CookieLine::Secure => self.secure = !self.secure,
            CookieLine::HttpOnly => self.http_only = !self.http_only,
            _ => {}
        }
        self.edited();
    }

    /// Whether leaving loses something.
    pub fn is_changed(&self, now: Timestamp) -> bool {
        match (&self.before, self.cookie(now)) {
            (Some(before), Ok(cookie)) => *before != cookie,
            (None, _) => !(self.name.is_empty() && self.value.is_empty()),
            (Some(_), Err(_)) => true,
        }
    }

    /// The cookie as typed, or the line that is wrong and why.
    pub fn cookie(&self, now: Timestamp) -> Result<Cookie, (CookieLine, String)> {
        let name = self.name.text().trim();
        if let Some(problem) = wrong_name(name) {
            return Err((CookieLine::Name, problem));
        }
        let value = self.value.text();
        if let Some(char) = value.chars().find(|char| char.is_control() || *char == ';') {
            return Err((CookieLine::Value, cannot_hold("value", char)));
        }
        let (domain, host_only) =
            read_domain(self.domain.text()).map_err(|reason| (CookieLine::Domain, reason))?;
        let path = self.path.text().trim();
        if !path.starts_with('/') || path.contains(|char: char| char.is_control() || char == ';') {
            let reason = "the path begins with / and holds no ;".to_owned();
            return Err((CookieLine::Path, reason));
        }
        let expires =
            read_end(self.expires.text(), now).map_err(|reason| (CookieLine::Expires, reason))?;
        let before = self.before.as_ref();
        Ok(Cookie {
            name: name.to_owned(),
            value: value.into(),
            domain,
            host_only,
            path: path.to_owned(),
            secure: self.secure,
            http_only: self.http_only,
            same_site: before.and_then(|it| it.same_site.clone()),
            expires,
            created: before.map_or(now, |it| it.created),
        })
    }
}

fn wrong_name(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("a cookie needs a name".to_owned());
    }
    let char = name
        .chars()
        .find(|char| char.is_control() || char.is_whitespace() || ";=,\"".contains(*char))?;
    Some(cannot_hold("name", char))
}

fn cannot_hold(what: &str, char: char) -> String {
    let mut text = format!("a cookie's {what} cannot hold ");
    // Writing to a String cannot fail.
    let _ = if char.is_control() || char.is_whitespace() {
        write!(text, "the character U+{:04X}", u32::from(char))
    } else {
        write!(text, "“{char}”")
    };
    text
}

/// The domain, and whether it stands for that very host.
fn read_domain(typed: &str) -> Result<(String, bool), String> {
    let typed = typed.trim();
    let (name, host_only) = match typed.strip_prefix('.') {
        Some(name) => (name, false),
        None => (typed, true),
    };
    let host = Host::parse(name).map_err(|error| format!("“{name}” is no host: {error}"))?;
    let is_address = !matches!(host, Host::Domain(_));
    let domain = host.to_string();
    if !host_only && (is_address || is_public_suffix(&domain)) {
        return Err(format!(
            "nothing below {domain} is its own: leave out the dot in front"
        ));
    }
    Ok((domain, host_only))
}

fn read_end(typed: &str, now: Timestamp) -> Result<Option<Timestamp>, String> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let end: Timestamp = typed
        .parse()
        .map_err(|_| "write a time such as 2030-12-24T18:00:00Z, or nothing".to_owned())?;
    if end <= now {
        return Err("this time is past: the cookie would be gone at once".to_owned());
    }
    Ok(Some(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-04T12:00:00Z".parse().unwrap()
    }

    fn typed() -> CookieEditor {
        CookieEditor {
            name: Editor::new("sid"),
            value: Editor::new("a=b \"c\""),
            domain: Editor::new(".Example.com"),
            path: Editor::new("/x"),
            expires: Editor::new("2030-01-01T00:00:00Z"),
            secure: true,
            ..CookieEditor::create("")
        }
    }

    #[test]
    fn what_is_typed_becomes_a_cookie_and_comes_back() {
        let cookie = typed().cookie(now()).unwrap();
        assert_eq!(
            (cookie.domain.as_str(), cookie.host_only),
            ("example.com", false)
        );
        let again = CookieEditor::edit(&cookie);
        assert_eq!(again.cookie(now()).unwrap(), cookie);
        assert!(!again.is_changed(now()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let wrong = |change: fn(&mut CookieEditor)| {
            let mut editor = typed();
            change(&mut editor);
            editor.cookie(now()).unwrap_err().0
        };
        assert_eq!(wrong(|it| it.name.set("")), CookieLine::Name);
        assert_eq!(wrong(|it| it.name.set("a b")), CookieLine::Name);
        assert_eq!(wrong(|it| it.value.set("a;b")), CookieLine::Value);
        assert_eq!(wrong(|it| it.value.set("a\r\nb")), CookieLine::Value);
        assert_eq!(wrong(|it| it.domain.set("")), CookieLine::Domain);
        assert_eq!(wrong(|it| it.domain.set(".co.uk")), CookieLine::Domain);
        assert_eq!(wrong(|it| it.domain.set(".127.0.0.1")), CookieLine::Domain);
        assert_eq!(wrong(|it| it.path.set("x")), CookieLine::Path);
        assert_eq!(wrong(|it| it.expires.set("soon")), CookieLine::Expires);
        assert_eq!(
            wrong(|it| it.expires.set("2020-01-01T00:00:00Z")),
            CookieLine::Expires
        );
    }
}

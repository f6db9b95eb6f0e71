//! From a 3xx to the request that follows it: RFC 9110, Section 15.4, and what browsers do (the
//! WHATWG Fetch standard, "HTTP-redirect fetch").

use url::Url;

use crate::{
    model::{Header, PreparedBody, Purpose, Redirects, ResponseHead, find_header},
    prepare::host_field,
};

use super::outgoing::Outgoing;

/// What goes along to another origin. Everything else may be a secret that was meant for the first
/// one: `x-api-key` is as good as `authorization`. The fields about the body go where the body goes.
const HARMLESS: [&str; 7] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "content-encoding",
    "content-length",
    "content-type",
    "user-agent",
];

/// The request that follows `head`, or nothing where the 3xx itself is the answer.
pub(super) fn follow(
    from: &Outgoing,
    head: &ResponseHead,
    redirects: Redirects,
) -> Option<Outgoing> {
    let method = next_method(&from.method, head.status)?;
    let method = match redirects {
        Redirects::Follow => method,
        Redirects::KeepMethod => &from.method,
        Redirects::Stop | Redirects::Ask => return None,
    };
    let location = find_header(&head.headers, "location")?;
    let mut url = resolve(&from.url, location)?;
    let mut next = Outgoing {
        method: method.to_owned(),
        url: url.clone(),
        headers: from.headers.clone(),
        body: from.body.clone(),
        dropped: Vec::new(),
        purpose: Purpose::Request,
    };
    if drop_credentials(&mut url) {
        next.dropped
            .push("the credentials in the location".to_owned());
        next.url = url;
    }
    if method != from.method {
        next.drop_body();
    }
    if origin(&from.url) != origin(&next.url) {
        next.leave_origin(&from.url);
    }
    Some(next)
}

/// The method after a redirect; `None` for a status that is not followed.
fn next_method(method: &str, status: u16) -> Option<&str> {
    match status {
        301 | 302 if method == "POST" => Some("GET"),
        303 if method != "HEAD" => Some("GET"),
        301..=303 | 307 | 308 => Some(method),
        _ => None,
    }
}

/// Where a `Location` leads, without its fragment. Bytes that are not UTF-8 are taken as they are.
fn resolve(base: &Url, location: &Header) -> Option<Url> {
    let text = match std::str::from_utf8(&location.value) {
        Ok(text) => text.to_owned(),
        Err(_) => percent_encode(&location.value),
    };
    if text.trim().is_empty() {
        return None;
    }
    let mut url = base.join(&text).ok()?;
    url.set_fragment(None);
    let is_http = matches!(url.scheme(), "http" | "https");
    (is_http && url.has_host()).then_some(url)
}

fn percent_encode(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        0..=0x7f => char::from(*byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

/// Takes `user:password@` out: a server chooses where to go on, but not as whom.
fn drop_credentials(url: &mut Url) -> bool {
    let had_some = !url.username().is_empty() || url.password().is_some();
    // Neither can fail: only URLs without a host refuse them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    had_some
}

/// Scheme, host and port: RFC 6454, Section 4.
pub(super) fn origin(url: &Url) -> (&str, Option<&str>, Option<u16>) {
    (url.scheme(), url.host_str(), url.port_or_known_default())
}

impl Outgoing {
    fn drop_body(&mut self) {
        if !self.body.is_empty() {
            self.body = PreparedBody::default();
            self.dropped.push("the body".to_owned());
        }
        self.drop_headers(|name| name.starts_with("content-"));
    }

    /// Keeps back what was meant for the first origin, and names the new host.
    fn leave_origin(&mut self, from: &Url) {
        let host = Header::new("host", host_field(&self.url));
        match self.headers.iter_mut().find(|it| it.is("host")) {
            Some(field) => {
                let old = std::mem::replace(field, host);
                if old.value != host_field(from).as_bytes() {
                    self.dropped.push("host".to_owned());
                }
            }
            None => self.headers.insert(0, host),
        }
        self.drop_headers(|name| name != "host" && !HARMLESS.contains(&name));
    }

    fn drop_headers(&mut self, drops: impl Fn(&str) -> bool) {
        let dropped = &mut self.dropped;
        self.headers.retain(|header| {
            let name = header.name.to_ascii_lowercase();
            let drop = drops(&name);
            if drop && !dropped.contains(&name) {
                dropped.push(name);
            }
            !drop
        });
    }
}

#[cfg(test)]
mod tests;

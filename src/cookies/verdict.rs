//! What is told of a `Set-Cookie` field that a browser would not take, either.

use jiff::Timestamp;
use url::Url;

use crate::model::Jar;

use super::take;

/// Why a field that was received from a URL is not kept: the cookie's name and the reason; `None` for one
/// that can be. What the jar holds by then is not looked at.
pub fn why_refused(field: &[u8], url: &str, at: Timestamp) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let refusal = take(&Jar::default(), field, &url, at).err()?;
    let text = String::from_utf8_lossy(field);
    let name = text.split(['=', ';']).next().unwrap_or_default().trim();
    Some(format!("{name}: {refusal}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_refused_is_told() {
        let at = Timestamp::UNIX_EPOCH;
        let told = |field: &str| why_refused(field.as_bytes(), "https://a.co.uk/", at);
        assert_eq!(told("a=1; Max-Age=0"), None);
        let reason = told("sid=‹redacted by posttui›; Domain=co.uk").unwrap();
        assert!(
            reason.starts_with("sid: it is for all of co.uk"),
            "{reason}"
        );
    }
}

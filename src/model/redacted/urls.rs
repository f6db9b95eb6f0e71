//! The `user:password@` of URLs, however they were typed.

use std::borrow::Cow;

use super::{REDACTED, is_one_of, template_only};

/// Replaces the credentials of a URL as it was typed: the scheme may be missing, and its slashes may
/// be too few or the wrong way round, all of which the WHATWG URL standard reads.
pub(super) fn redact_typed_url(url: &str) -> String {
    let scheme = ["https:", "http:"]
        .iter()
        .map(|scheme| scheme.len())
        .find(|length| {
            let start = url.trim_start().get(..*length);
            start.is_some_and(|start| is_one_of(start, &["https:", "http:"]))
        });
    let blanks = url.len() - url.trim_start().len();
    let (scheme, rest) = url.split_at(blanks + scheme.unwrap_or(0));
    let authority = rest.trim_start_matches(['/', '\\']);
    let slashes = rest.len() - authority.len();
    let start = scheme.len() + slashes;
    let redacted = redact_authority(authority);
    let whole = match redacted {
        Some(kept) => format!("{}{kept}", url.get(..start).unwrap_or_default()),
        None => url.to_owned(),
    };
    redact_urls(&whole).into_owned()
}

/// Replaces the credentials of every URL (`//user:password@host`) within a text.
pub(super) fn redact_urls(text: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut rest = text;
    let mut changed = false;
    while let Some(slashes) = rest.find("//") {
        let (before, after) = rest.split_at(slashes + 2);
        kept.push_str(before);
        rest = after;
        if let Some((_, host)) = split_credentials(after) {
            kept.push_str(REDACTED);
            rest = host;
            changed = true;
        }
    }
    if !changed {
        return Cow::Borrowed(text);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// What begins with an authority, its credentials replaced; `None` where it has none.
fn redact_authority(text: &str) -> Option<String> {
    let (_, host) = split_credentials(text)?;
    Some(format!("{REDACTED}{host}"))
}

/// Splits what begins with an authority into its credentials and the rest from the `@` on. The last
/// `@` before the path counts: WHATWG URL standard, authority state.
fn split_credentials(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|char: char| "/\\?#\"'<>".contains(char))
        .unwrap_or(text.len());
    let at = text.get(..end)?.rfind('@')?;
    let (credentials, host) = text.split_at(at);
    let is_kept = credentials.is_empty()
        || credentials == REDACTED
        || template_only::are_credentials_kept(credentials);
    (!is_kept).then_some((credentials, host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_urls_go_however_they_were_typed() {
        for typed in [
            "https://me:s3cret@host/path",
            "HTTP:me:s3cret@host/path",
            "https:\\\\me:s3cret@host",
            "  https:////me:s3cret@host",
            "me:s3cret@host:3000/path",
            "//me:s3@cret@host",
            "https://s3cret@host",
            "https://host/?next=https://me:s3cret@other/",
        ] {
            let kept = redact_typed_url(typed);
            assert!(
                !kept.contains("cret") && kept.contains(REDACTED),
                "{typed} {kept}"
            );
            assert!(kept.contains("@host") || kept.contains("@other"), "{kept}");
            assert_eq!(redact_typed_url(&kept), kept, "once is enough");
        }
    }

    #[test]
    fn urls_without_credentials_stay_as_they_are() {
        for url in [
            "https://host/users/@me?to=a@b.c",
            ":3000/a",
            "host/a@b",
            "https://host//@me",
            "",
            "é@",
            "http:",
        ] {
            if url != "é@" {
                assert_eq!(redact_typed_url(url), url);
            }
            assert_eq!(redact_urls(url), url);
        }
    }
}

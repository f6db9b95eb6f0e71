//! API keys: they live where the user says, and what is known of the place goes along with the request.

use super::{REDACTED, Redact};
use crate::model::{Credentials, Header, Hop, Outcome, SecretPlace};

impl Credentials {
    /// The hops without their secrets.
    pub fn hide_in_hops(&self, hops: &[Hop]) -> Vec<Hop> {
        let hide = |hop: &Hop| {
            let mut copy = hop.redacted();
            self.hide_in_url(&mut copy.url);
            self.hide_in_headers(&mut copy.request_headers);
            if let Some(head) = &mut copy.response {
                self.hide_in_headers(&mut head.headers);
            }
            copy
        };
        hops.iter().map(hide).collect()
    }

    /// The outcome without its secrets.
    pub fn hide_in_outcome(&self, outcome: &Outcome) -> Outcome {
        let mut copy = outcome.redacted();
        if let Some(response) = copy.received_mut() {
            self.hide_in_headers(&mut response.head.headers);
        }
        copy
    }

    pub(super) fn hide_in_headers(&self, headers: &mut [Header]) {
        for header in headers {
            let is_secret = self.secrets.iter().any(|place| {
                matches!(place, SecretPlace::Header(name) if header.name.eq_ignore_ascii_case(name))
            });
            if is_secret {
                header.value = REDACTED.into();
                continue;
            }
            let mut text = header.text();
            if self.hide_in_url(&mut text) {
                header.value = text.into();
            }
        }
    }

    /// Replaces the value of every secret query parameter; says whether there was one.
    pub(super) fn hide_in_url(&self, url: &mut String) -> bool {
        let mut changed = false;
        for place in &self.secrets {
            let SecretPlace::Query(name) = place else {
                continue;
            };
            let written: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            for start in ['?', '&'] {
                changed |= hide_values(url, &format!("{start}{written}="));
            }
        }
        changed
    }
}

fn hide_values(text: &mut String, before: &str) -> bool {
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(before)) {
        let start = from + found + before.len();
        let rest = text.get(start..).unwrap_or_default();
        // Its name may have said that it is secret already. The mark holds blanks, which end a value.
        let length = if rest.starts_with(REDACTED) {
            REDACTED.len()
        } else {
            rest.find(['&', '#', ' ', '"', '<', '>'])
                .unwrap_or(rest.len())
        };
        text.replace_range(start..start + length, REDACTED);
        from = start + REDACTED.len();
    }
    from > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::model::Response;

    #[test]
    fn a_value_that_is_a_mark_already_stays_one() {
        let mut url = format!("http://h/?api_key={REDACTED}&b=1");
        let marked = url.clone();
        assert!(hide_values(&mut url, "?api_key="));
        assert_eq!(url, marked);
    }

    #[test]
    fn an_api_key_goes_wherever_the_hops_carry_it() {
        let credentials = Credentials {
            later: None,
            secrets: vec![
                SecretPlace::Header("x-own".to_owned()),
                SecretPlace::Query("key".to_owned()),
            ],
        };
        let head = crate::model::ResponseHead {
            status: 302,
            reason: None,
            version: crate::model::HttpVersion::Http11,
            headers: vec![Header::new("location", "/b?a=1&key=s3cret#x")],
        };
        let hop = Hop {
            request_headers: vec![Header::new("X-Own", "s3cret")],
            response: Some(head.clone()),
            ..Hop::begun("POST", "http://h/?key=s3cret&monkey=kept")
        };
        let outcome = Outcome::Response(Response {
            head,
            body: bytes::Bytes::new(),
            whole: None,
        });
        let hidden = (
            credentials.hide_in_hops(&[hop]),
            credentials.hide_in_outcome(&outcome),
        );
        let text = format!("{hidden:?}");
        assert_eq!(
            hidden.0[0].url,
            format!("http://h/?key={REDACTED}&monkey=kept")
        );
        assert!(hidden.0[0].request_headers[0].text() == REDACTED, "{text}");
        let values = hidden.1.received().unwrap();
        assert!(!format!("{values:?}").contains("s3cret"));
        let kept = hidden.1.received().unwrap().head.headers[0].text();
        assert_eq!(kept, format!("/b?a=1&key={REDACTED}#x"));
    }
}

//! What the kinds that act at the send will add to a request, as far as it is known before.

use jiff::Timestamp;
use url::Url;

use crate::model::{Header, PreparedRequest};

use super::{
    Values,
    aws::{self, Keys, Unsigned},
    digest, oauth,
};

/// The header fields that are added at the send, in the order in which they go out. With a time, a
/// signature is made as if it were sent then; what is not known before the send is a mark that names it.
pub fn foreseen(prepared: &PreparedRequest, at: Option<Timestamp>) -> Vec<Header> {
    let Some(auth) = &prepared.credentials.later else {
        return Vec::new();
    };
    if let Some(keys) = Keys::read(auth) {
        return signature(&keys, prepared, at);
    }
    let Some(values) = Values::new(auth) else {
        return Vec::new();
    };
    let value = if values.kind.name == oauth::KIND.name {
        let url = values.get("token_url");
        format!("Bearer ‹a token from {url}, or one that is kept›")
    } else if values.kind.name == digest::KIND.name {
        "‹Digest, once the server's 401 has told its challenge›".to_owned()
    } else {
        return Vec::new();
    };
    vec![Header::new("authorization", value)]
}

fn signature(keys: &Keys, prepared: &PreparedRequest, at: Option<Timestamp>) -> Vec<Header> {
    let Ok(url) = Url::parse(&prepared.url) else {
        return Vec::new();
    };
    let payload = if prepared.body.has_files() {
        "‹SHA-256 of the body, which takes its files›".to_owned()
    } else {
        aws::payload_hash(&prepared.body.in_memory())
    };
    let headers: Vec<Header> = prepared
        .headers
        .iter()
        .filter(|header| !aws::WRITTEN.iter().any(|name| header.is(name)))
        .cloned()
        .collect();
    let request = Unsigned {
        method: &prepared.method,
        url: &url,
        headers: &headers,
        payload: &payload,
    };
    let mut added = keys.sign(request, at.unwrap_or(Timestamp::UNIX_EPOCH));
    if at.is_none() || prepared.body.has_files() {
        for header in &mut added {
            open(header, at.is_some());
        }
    }
    added
}

/// Puts marks in the place of what follows from the time of the send or from the bytes of a file.
fn open(header: &mut Header, knows_time: bool) {
    let text = header.text();
    if header.is("x-amz-date") && !knows_time {
        header.value = "‹the time of the send›".into();
    }
    if !header.is("authorization") {
        return;
    }
    let known = text.split("Signature=").next().unwrap_or_default();
    let mut known = known.to_owned();
    if !knows_time {
        let epoch = "/19700101/";
        known = known.replacen(epoch, "/‹day of the send›/", 1);
    }
    header.value = format!("{known}Signature=‹made when it is sent›").into();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Auth, Request},
        prepare::prepare,
    };

    fn told(auth: Auth, at: Option<&str>) -> Vec<String> {
        let request = Request {
            url: "http://h/x".to_owned(),
            auth,
            ..Request::default()
        };
        let at = at.map(|at| at.parse().unwrap());
        let added = foreseen(&prepare(&request).unwrap(), at);
        let line = |it: &Header| format!("{}: {}", it.name, it.text());
        added.iter().map(line).collect()
    }

    fn aws() -> Auth {
        Auth::new("aws")
            .with("access_key", "AK")
            .with("secret_key", "SK")
            .with("service", "s3")
    }

    #[test]
    fn a_signature_is_made_for_a_time_and_stands_open_without_one() {
        let signed = told(aws(), Some("2026-03-04T12:04:05Z"));
        assert_eq!(signed[0], "x-amz-date: 20260304T120405Z");
        assert!(signed[1].starts_with("x-amz-content-sha256: "));
        let begins = "authorization: AWS4-HMAC-SHA256 Credential=AK/20260304/us-east-1/s3/aws4_request, SignedHeaders=host;";
        assert!(signed[2].starts_with(begins), "{}", signed[2]);
        assert!(!signed[2].contains('‹'), "{}", signed[2]);
        let open = told(aws(), None);
        assert_eq!(open[0], "x-amz-date: ‹the time of the send›");
        assert!(
            open[2].contains("AK/‹day of the send›/us-east-1"),
            "{open:?}"
        );
        assert!(open[2].ends_with("Signature=‹made when it is sent›"));
    }

    #[test]
    fn a_token_and_an_answer_to_a_challenge_are_named() {
        let oauth = Auth::new("oauth2")
            .with("token_url", "http://h/token")
            .with("client_id", "id");
        let bearer = "authorization: Bearer ‹a token from http://h/token, or one that is kept›";
        assert_eq!(told(oauth, None), [bearer]);
        let digest = Auth::new("digest").with("username", "ann");
        let challenge = "authorization: ‹Digest, once the server's 401 has told its challenge›";
        assert_eq!(told(digest, None), [challenge]);
        assert!(told(Auth::new("bearer").with("token", "t"), None).is_empty());
    }
}

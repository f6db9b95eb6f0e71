//! What may be kept of an answer's body: the same rules as for a request.

use super::{OwnSecrets, masking::Masking, named};
use crate::model::{Header, tokens::mask_tokens};

/// A body without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub body: Vec<u8>,
    /// What stood there, as far as it is worth looking for elsewhere.
    pub values: Vec<String>,
}

impl OwnSecrets {
    /// A body that was received, without its codings, as it may be kept; `None` where it can stay.
    pub fn take_from_received(&self, body: &[u8], headers: &[Header]) -> Option<Taken> {
        let everybody_s = !self.keeps_answers();
        let is_secret = |name: &str| self.names_secret(name);
        let mut masking = Masking::new(&is_secret);
        let named = named::mask_body(body, headers, &mut masking);
        let present = named.as_deref().unwrap_or(body);
        let own = (!self.is_empty())
            .then(|| self.hidden_body(present, headers))
            .flatten();
        let present = own.as_deref().unwrap_or(present);
        let shaped = (everybody_s && !named::is_of_pictures(headers))
            .then(|| mask_tokens(present))
            .flatten();
        Some(Taken {
            body: shaped.or(own).or(named)?,
            values: masking.into_values(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{REDACTED, marks_in};

    fn kept(own: &OwnSecrets, body: &str) -> String {
        let taken = own.take_from_received(body.as_bytes(), &[]);
        taken.map_or(body.to_owned(), |it| String::from_utf8(it.body).unwrap())
    }

    #[test]
    fn an_answer_is_masked_as_a_request_is() {
        let everybody_s = OwnSecrets::default();
        let ghp = format!("ghp_{}", "a1".repeat(18));
        let body = format!(r#"{{"token":["abcdef"],"id":7,"note":"{ghp}"}}"#);
        let expected =
            format!(r#"{{"token":["{REDACTED}"],"id":7,"note":"‹secret github_token›"}}"#);
        assert_eq!(kept(&everybody_s, &body), expected);
        assert_eq!(marks_in(expected.as_bytes()), 2);
        let taken = everybody_s
            .take_from_received(body.as_bytes(), &[])
            .unwrap();
        assert_eq!(taken.values, ["abcdef"]);
        let form = kept(&everybody_s, "access_token=abc&scope=x");
        assert_eq!(marks_in(form.as_bytes()), 1, "{form}");
        assert_eq!(kept(&everybody_s, "nothing of it"), "nothing of it");
    }

    #[test]
    fn who_wants_answers_as_they_came_has_them_but_for_what_is_named() {
        let own = OwnSecrets::new(["pin"], [("employee", "EMP-[0-9]{6}")]).unwrap();
        let own = own.with_answers_kept();
        let body = r#"{"token":"abc","pin":1234,"who":"EMP-123456"}"#;
        let expected = format!(r#"{{"token":"abc","pin":"{REDACTED}","who":"‹secret employee›"}}"#);
        assert_eq!(kept(&own, body), expected);
    }
}

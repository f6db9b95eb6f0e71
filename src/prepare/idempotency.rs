//! The `Idempotency-Key` field: draft-ietf-httpapi-idempotency-key-header, Section 2.1, has it that the value
//! is a String of structured fields (RFC 9651, Section 3.3.3), in quotes. A header row of that name goes out
//! as it is typed, for servers that want it bare.

use crate::model::IdempotencyKey;

use super::Given;

pub(super) const HEADER: &str = "idempotency-key";

/// The value of the field; `None` where none is sent.
pub(super) fn key(wanted: &IdempotencyKey, given: &Given) -> Option<String> {
    match wanted {
        IdempotencyKey::None => None,
        IdempotencyKey::Made => Some(quoted(&given.key)),
        IdempotencyKey::Given(key) => Some(quoted(key)),
    }
}

/// What is in quotes already stays.
fn quoted(key: &str) -> String {
    if key.len() > 1 && key.starts_with('"') && key.ends_with('"') {
        return key.to_owned();
    }
    format!("\"{}\"", key.replace('\\', r"\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Field, Header, Request, find_header},
        prepare::{PLACEHOLDER_KEY, prepare, prepare_with},
    };

    fn sent(request: &Request, given: &Given) -> Option<String> {
        let prepared = prepare_with(request, given).unwrap();
        find_header(&prepared.headers, HEADER).map(Header::text)
    }

    #[test]
    fn a_key_is_made_for_each_send_or_is_ones_own() {
        let mut request = Request {
            url: ":1".to_owned(),
            ..Request::default()
        };
        assert_eq!(sent(&request, &Given::default()), None);
        request.options.set("idempotency_key", "on");
        let given = Given {
            key: "8e03978e-40d5-43dd-bc93-6894a57f9324".to_owned(),
            ..Given::default()
        };
        let made = sent(&request, &given).unwrap();
        assert_eq!(made, "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"");
        let shown = find_header(&prepare(&request).unwrap().headers, HEADER).map(Header::text);
        assert_eq!(shown, Some(format!("\"{PLACEHOLDER_KEY}\"")));
        for (typed, written) in [
            ("a b", "\"a b\""),
            ("\"own\"", "\"own\""),
            (r#"a"\"#, r#""a\"\\""#),
        ] {
            request.options.set("idempotency_key", typed);
            assert_eq!(sent(&request, &given).unwrap(), written);
        }
        request.headers = vec![Field::new("Idempotency-Key", "mine")];
        assert_eq!(sent(&request, &given).unwrap(), "mine", "a row wins");
    }
}

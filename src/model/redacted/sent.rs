//! What a request carries that is secret, by its values: a server may send it back, under any name.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{OwnSecrets, fields, masking::Masking, named};
use crate::model::{Header, Hop, Piece, PreparedRequest, SecretPlace, Secrets, has_mark, secrets};

/// Of a longer piece of a body only the start is looked through, in bytes.
const LOOKED_THROUGH: usize = 8 * 1024 * 1024;

/// Words that say nothing of anybody, though a field called `token` may hold them.
const WORDS: [&str; 4] = ["true", "false", "null", "none"];

impl OwnSecrets {
    /// The secrets of a request, and with them the values in it that are not kept because of where they stand: in
    /// a header field, a cookie, the query or a field of the body.
    pub fn sought_in_answer(&self, prepared: &PreparedRequest, hops: &[Hop]) -> Secrets {
        let everybody_s = !self.keeps_answers();
        let is_secret = |name: &str| self.names_secret(name);
        let mut masking = Masking::new(&is_secret);
        let urls = hops.iter().map(|hop| &hop.url).chain([&prepared.url]);
        for url in urls {
            named::mask_query(&mut url.clone(), &mut masking);
        }
        for piece in prepared.body.pieces() {
            if let Piece::Memory(bytes) = piece {
                let start = bytes.get(..LOOKED_THROUGH).unwrap_or(bytes);
                named::mask_body(start, &prepared.headers, &mut masking);
            }
        }
        let mut values: Vec<String> = masking.into_values().iter().flat_map(read).collect();
        let sent = hops.iter().flat_map(|hop| &hop.request_headers);
        for header in prepared.headers.iter().chain(sent) {
            if self.is_field(&header.name) {
                values.push(header.text());
            } else if everybody_s {
                values.extend(in_header(header, prepared));
            }
        }
        if everybody_s {
            values.extend(in_places(prepared));
        }
        let mut secrets = prepared.secrets.clone();
        for value in values {
            let value = value.trim();
            if value.len() >= secrets::SHORTEST_IN_ANSWERS
                && !WORDS.contains(&value.to_ascii_lowercase().as_str())
                && !has_mark(value.as_bytes())
            {
                secrets.add_unnamed(value);
            }
        }
        secrets
    }
}

/// A value as it stands in a body, and what it says where JSON wrote it with escapes.
fn read(value: &String) -> Vec<String> {
    let plain = value
        .contains('\\')
        .then(|| serde_json::from_str(&format!("\"{value}\"")).ok())
        .flatten();
    plain.into_iter().chain([value.clone()]).collect()
}

fn in_header(header: &Header, prepared: &PreparedRequest) -> Vec<String> {
    let is_key = prepared.credentials.secrets.iter().any(|place| {
        matches!(place, SecretPlace::Header(name) if header.name.eq_ignore_ascii_case(name))
    });
    if is_key {
        return vec![header.text()];
    }
    let values = fields::secrets_in(header);
    // RFC 7617, Section 2: what is coded there is a name and a password.
    let passwords: Vec<String> = values.iter().filter_map(|it| password(it)).collect();
    [values, passwords].concat()
}

fn password(credentials: &str) -> Option<String> {
    let coded = STANDARD.decode(credentials.trim()).ok()?;
    let pair = String::from_utf8(coded).ok()?;
    pair.split_once(':')
        .map(|(_, password)| password.to_owned())
}

/// The API key in the query, and what the auth tab has for a challenge that comes later.
fn in_places(prepared: &PreparedRequest) -> Vec<String> {
    let query = prepared.url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let is_key = |name: &str| {
        let mut places = prepared.credentials.secrets.iter();
        places.any(|place| matches!(place, SecretPlace::Query(key) if key == name))
    };
    let keys = form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| is_key(name))
        .map(|(_, value)| value.into_owned());
    let later = prepared.credentials.later.iter().flat_map(|auth| {
        let fields = auth.fields.iter();
        fields.filter(|(name, _)| !auth.is_public(name))
    });
    keys.chain(later.map(|(_, value)| value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Field, REDACTED, Request},
        prepare::prepare,
    };

    fn sought(request: &Request, own: &OwnSecrets) -> String {
        let prepared = prepare(request).unwrap();
        let secrets = own.sought_in_answer(&prepared, &[]);
        let answer = "BearerReal2 pw:PassReal1 KeyReal3 SidReal4 QueryReal5 FieldReal6 \"q\"Real7 bWU6UGFzc1JlYWwx PinReal8 true";
        let masked = secrets.mask_received(answer.as_bytes());
        String::from_utf8(masked.unwrap_or_default()).unwrap()
    }

    fn request() -> Request {
        let mut request = Request {
            url: "http://h/?token=QueryReal5&a=b".to_owned(),
            headers: vec![
                Field::new("Authorization", "Bearer BearerReal2"),
                Field::new("Proxy-Authorization", "Basic bWU6UGFzc1JlYWwx"),
                Field::new("X-Api-Key", "KeyReal3"),
                Field::new("Cookie", "sid=SidReal4; a=b"),
                Field::new("x-pin", "PinReal8"),
            ],
            ..Request::default()
        };
        request.body.kind = crate::model::BodyKind::Json;
        request.body.json =
            r#"{"password":"FieldReal6","secret":"\"q\"Real7","token":"true"}"#.to_owned();
        request
    }

    #[test]
    fn every_value_that_is_not_kept_of_the_request_is_found_in_the_answer() {
        let masked = sought(&request(), &OwnSecrets::default());
        let expected = "§ pw:§ § § § § § § PinReal8 true";
        assert_eq!(masked, expected.replace('§', REDACTED));
    }

    #[test]
    fn who_wants_answers_as_they_came_has_them_but_for_the_fields_of_their_own() {
        let own = OwnSecrets::new(["x-pin"], []).unwrap().with_answers_kept();
        let masked = sought(&request(), &own);
        assert!(
            masked.contains("FieldReal6") && masked.contains("SidReal4"),
            "{masked}"
        );
        assert!(!masked.contains("PinReal8"), "{masked}");
    }
}

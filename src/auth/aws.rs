//! AWS Signature Version 4: a signature over the request and the time in the header fields.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>

use jiff::{Timestamp, tz::TimeZone};
use url::Url;

pub use super::hash::hex;

use crate::model::{Auth, Header};

use super::{
    Applied, Field, Kind, Values,
    hash::{hmac_sha256, sha256_hex},
};

pub(super) const KIND: Kind = Kind {
    name: "aws",
    label: "AWS SigV4",
    help: "a signature over the request, made when it goes out",
    scheme: "aws4-hmac-sha256",
    fields: &[
        Field::text(
            "access_key",
            "access key",
            "the access key ID, such as AKIA…",
        )
        .required(),
        Field::secret("secret_key", "secret key", "the secret access key").required(),
        Field::secret(
            "session_token",
            "session token",
            "for temporary credentials; may be empty",
        ),
        Field::text("region", "region", "where the service runs").or("us-east-1"),
        Field::text("service", "service", "execute-api, lambda, s3, dynamodb …").or("execute-api"),
    ],
    apply: |_| Ok(Applied::Later),
};

/// What signs.
#[derive(Clone)]
pub struct Keys {
    pub access_key: String,
    pub secret_key: String,
    /// Empty for permanent credentials.
    pub session_token: String,
    pub region: String,
    pub service: String,
}

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned<'a> {
    pub method: &'a str,
    pub url: &'a Url,
    /// Of these, `host`, `content-type` and `x-amz-…` are signed: what a proxy may change is not.
    pub headers: &'a [Header],
    /// SHA-256 of the body in hexadecimal digits: [`payload_hash`] for one in memory.
    pub payload: &'a str,
}

impl Keys {
    /// `None` for another kind than this one.
    pub fn read(auth: &Auth) -> Option<Self> {
        let values = Values::new(auth).filter(|values| values.kind.name == KIND.name)?;
        let get = |name| values.get(name).trim().to_owned();
        Some(Self {
            access_key: get("access_key"),
            secret_key: get("secret_key"),
            session_token: get("session_token"),
            region: get("region"),
            service: get("service"),
        })
    }

    /// The header fields to be added: those of an earlier signature have to be taken out before.
    pub fn sign(&self, request: Unsigned, at: Timestamp) -> Vec<Header> {
        let mut added = vec![Header::new("x-amz-date", stamp(at))];
        if self.service == "s3" {
            added.push(Header::new("x-amz-content-sha256", request.payload));
        }
        if !self.session_token.is_empty() {
            let token = self.session_token.as_str();
            added.push(Header::new("x-amz-security-token", token));
        }
        let signed = signed_fields(request.headers.iter().chain(&added));
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let names = names.join(";");
        let canonical = self.canonical(request, &signed, &names);
        let scope = self.scope(at);
        let to_sign = format!(
            "{ALGORITHM}\n{}\n{scope}\n{}",
            stamp(at),
            sha256_hex(canonical.as_bytes())
        );
        let signature = hex(&hmac_sha256(&self.signing_key(at), to_sign.as_bytes()));
        let access_key = &self.access_key;
        added.push(Header::new(
            "authorization",
            format!(
                "{ALGORITHM} Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
            ),
        ));
        added
    }

    fn canonical(&self, request: Unsigned, signed: &[(String, String)], names: &str) -> String {
        let fields: Vec<String> = signed
            .iter()
            .map(|(name, value)| format!("{name}:{value}"))
            .collect();
        let fields = fields.join("\n");
        let (path, query) = (
            self.canonical_path(request.url),
            canonical_query(request.url),
        );
        format!(
            "{}\n{path}\n{query}\n{fields}\n\n{names}\n{}",
            request.method, request.payload
        )
    }

    /// S3 takes the path as it is on the wire; every other service encodes it once more.
    fn canonical_path(&self, url: &Url) -> String {
        let path = url.path();
        if self.service == "s3" {
            return encode(&decode(path), true);
        }
        encode(path.as_bytes(), true)
    }

    fn scope(&self, at: Timestamp) -> String {
        format!("{}/{}/{}/{END}", day(at), self.region, self.service)
    }

    fn signing_key(&self, at: Timestamp) -> Vec<u8> {
        let first = format!("AWS4{}", self.secret_key);
        [day(at).as_str(), &self.region, &self.service, END]
            .iter()
            .fold(first.into_bytes(), |key, part| {
                hmac_sha256(&key, part.as_bytes())
            })
    }
}

/// The hash of a body that is in memory.
pub fn payload_hash(body: &[u8]) -> String {
    sha256_hex(body)
}

/// The header fields that a signature consists of.
pub const WRITTEN: [&str; 4] = [
    "authorization",
    "x-amz-date",
    "x-amz-content-sha256",
    "x-amz-security-token",
];

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const END: &str = "aws4_request";

/// `20150830T123600Z`
fn stamp(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC)
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string()
}

/// `20150830`
fn day(at: Timestamp) -> String {
    at.to_zoned_datetime(TimeZone::UTC)
        .strftime("%Y%m%d")
        .to_string()
}

/// Names and values, by name; the values of one name joined by commas, runs of blanks made one.
fn signed_fields<'a>(headers: impl Iterator<Item = &'a Header>) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for header in headers {
        let name = header.name.to_ascii_lowercase();
        if !matches!(name.as_str(), "host" | "content-type") && !name.starts_with("x-amz-") {
            continue;
        }
        let value = header.text();
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        match fields.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => *values = format!("{values},{value}"),
            None => fields.push((name, value)),
        }
    }
    fields.sort();
    fields
}

fn canonical_query(url: &Url) -> String {
    let mut pairs: Vec<(String, String)> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // posttui writes blanks of the query as plus signs, which servers read so.
            let again = |text: &str| encode(&decode(&text.replace('+', "%20")), false);
            (again(name), again(value))
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// Percent-encodes all but the unreserved characters of RFC 3986, Section 2.3.
fn encode(bytes: &[u8], keeps_slash: bool) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(*byte).to_string()
            }
            b'/' if keeps_slash => "/".to_owned(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// What stands behind percent signs; form decoding would do more than that.
fn decode(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let digit = |index: usize| {
            let byte = after.get(index)?;
            char::from(*byte).to_digit(16)
        };
        match (digit(0), digit(1)) {
            (Some(high), Some(low)) if *byte == b'%' => {
                decoded.push((high * 16 + low) as u8);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                decoded.push(*byte);
                rest = after;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::find_header;

    /// The keys and the time of AWS's published test suite (aws-sig-v4-test-suite).
    fn keys(service: &str) -> Keys {
        Keys {
            access_key: "AKIDEXAMPLE".to_owned(),
            secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
            session_token: String::new(),
            region: "us-east-1".to_owned(),
            service: service.to_owned(),
        }
    }

    fn signature(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> String {
        let url = Url::parse(&format!("https://example.amazonaws.com{target}")).unwrap();
        let mut fields = vec![Header::new("host", "example.amazonaws.com")];
        fields.extend(
            headers
                .iter()
                .map(|(name, value)| Header::new(*name, *value)),
        );
        let request = Unsigned {
            method,
            url: &url,
            headers: &fields,
            payload: &payload_hash(body.as_bytes()),
        };
        let at = "2015-08-30T12:36:00Z".parse().unwrap();
        let added = keys("service").sign(request, at);
        find_header(&added, "authorization").unwrap().text()
    }

    /// The test suite, by the names of its cases.
    #[test]
    fn the_published_vectors_come_out() {
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let cases = [
            (
                "get-vanilla",
                signature("GET", "/", &[], ""),
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "post-vanilla",
                signature("POST", "/", &[], ""),
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "get-vanilla-query-order-key-case",
                signature("GET", "/?Param2=value2&Param1=value1", &[], ""),
                "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            ),
            (
                "get-vanilla-utf8-query",
                signature("GET", "/?ሴ=bar", &[], ""),
                "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
            ),
            (
                "get-unreserved",
                signature(
                    "GET",
                    "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                    &[],
                    "",
                ),
                "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            ),
            (
                "post-x-www-form-urlencoded",
                signature("POST", "/", &form, "Param1=value1"),
                "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
            ),
        ];
        for (case, found, expected) in cases {
            assert!(
                found.ends_with(&format!("Signature={expected}")),
                "{case}: {found}"
            );
        }
        let vanilla = signature("GET", "/", &[], "");
        assert!(vanilla.starts_with(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
        ), "{vanilla}");
    }

    #[test]
    fn what_the_service_needs_is_added_and_signed() {
        let url = Url::parse("https://bucket.s3.amazonaws.com/a%20b%2Fc").unwrap();
        let headers = [Header::new("host", "bucket.s3.amazonaws.com")];
        let request = Unsigned {
            method: "PUT",
            url: &url,
            headers: &headers,
            payload: &payload_hash(b"x"),
        };
        let keys = Keys {
            session_token: "tok".to_owned(),
            ..keys("s3")
        };
        let added = keys.sign(request, "2015-08-30T12:36:00Z".parse().unwrap());
        let names: Vec<&str> = added.iter().map(|header| header.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "x-amz-date",
                "x-amz-content-sha256",
                "x-amz-security-token",
                "authorization"
            ]
        );
        assert!(
            added[3].text().contains(
                "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, "
            )
        );
        assert!(names.iter().all(|name| WRITTEN.contains(name)));
    }
}

//! Digest: RFC 7616. The server's 401 holds a nonce; the answer proves that the password is known
//! without sending it.

use super::{
    Applied, Kind,
    basic::{PASSWORD, USERNAME},
    challenge::Challenge,
    hash::{md5_hex, sha256_hex, sha512_256_hex},
};

pub(super) const KIND: Kind = Kind {
    name: "digest",
    label: "Digest",
    help: "user name and password, answered to the server's challenge",
    scheme: "digest",
    fields: &[USERNAME.required(), PASSWORD],
    apply: |_| Ok(Applied::Later),
};

/// The hash functions of RFC 7616, Section 6.1, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Sha512,
    Sha256,
    Md5,
}

impl Algorithm {
    /// The algorithm, and whether it is the session variant. MD5 where none is named.
    fn read(name: Option<&str>) -> Option<(Self, bool)> {
        let name = name.unwrap_or("MD5").to_ascii_lowercase();
        let (base, session) = match name.strip_suffix("-sess") {
            Some(base) => (base, true),
            None => (name.as_str(), false),
        };
        let algorithm = match base {
            "md5" => Self::Md5,
            "sha-256" => Self::Sha256,
            "sha-512-256" => Self::Sha512,
            _ => return None,
        };
        Some((algorithm, session))
    }

    fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 => md5_hex(text.as_bytes()),
            Self::Sha256 => sha256_hex(text.as_bytes()),
            Self::Sha512 => sha512_256_hex(text.as_bytes()),
        }
    }
}

/// Who answers.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    pub username: &'a str,
    pub password: &'a str,
}

/// What is answered for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    pub method: &'a str,
    /// Path and query, as on the request line.
    pub uri: &'a str,
    /// The client's own nonce: fresh and random.
    pub cnonce: &'a str,
}

/// The challenge that is answered, the one with the best hash; `None` where there is none that posttui
/// can answer.
pub fn choose(challenges: &[Challenge]) -> Option<&Challenge> {
    challenges
        .iter()
        .filter(|challenge| challenge.is("digest") && challenge.parameter("nonce").is_some())
        .filter(|challenge| takes_auth(challenge))
        .filter_map(|challenge| {
            let (algorithm, _) = Algorithm::read(challenge.parameter("algorithm"))?;
            Some((algorithm, challenge))
        })
        .min_by_key(|(algorithm, _)| *algorithm)
        .map(|(_, challenge)| challenge)
}

/// Whether the server only wants a new nonce: the password was right (RFC 7616, Section 3.3).
pub fn is_stale(challenge: &Challenge) -> bool {
    challenge
        .parameter("stale")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// `qop=auth`, or none at all as RFC 2069 had it.
fn takes_auth(challenge: &Challenge) -> bool {
    challenge.parameter("qop").is_none_or(|qop| {
        qop.split(',')
            .any(|word| word.trim().eq_ignore_ascii_case("auth"))
    })
}

/// The value of `Authorization` that answers a challenge: RFC 7616, Section 3.4. `None` for a hash that
/// is not known.
pub fn answer(challenge: &Challenge, login: Login, target: Target) -> Option<String> {
    let (algorithm, session) = Algorithm::read(challenge.parameter("algorithm"))?;
    let realm = challenge.parameter("realm").unwrap_or_default();
    let nonce = challenge.parameter("nonce").unwrap_or_default();
    let Target {
        method,
        uri,
        cnonce,
    } = target;
    let hash = |text: &str| algorithm.hash(text);
    let secret = hash(&format!("{}:{realm}:{}", login.username, login.password));
    let secret = if session {
        hash(&format!("{secret}:{nonce}:{cnonce}"))
    } else {
        secret
    };
    let asked = hash(&format!("{method}:{uri}"));
    let has_qop = challenge.parameter("qop").is_some();
    let response = if has_qop {
        hash(&format!("{secret}:{nonce}:{COUNT}:{cnonce}:auth:{asked}"))
    } else {
        hash(&format!("{secret}:{nonce}:{asked}"))
    };
    let hashes_name = challenge
        .parameter("userhash")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let username = if hashes_name {
        format!(
            "username={}",
            quote(&hash(&format!("{}:{realm}", login.username)))
        )
    } else {
        name_parameter(login.username)
    };
    let mut parts = vec![
        username,
        format!("realm={}", quote(realm)),
        format!("nonce={}", quote(nonce)),
        format!("uri={}", quote(uri)),
        format!("response={}", quote(&response)),
    ];
    if let Some(name) = challenge.parameter("algorithm") {
        parts.push(format!("algorithm={name}"));
    }
    if has_qop {
        parts.push("qop=auth".to_owned());
        parts.push(format!("nc={COUNT}"));
    }
    if has_qop || session {
        parts.push(format!("cnonce={}", quote(cnonce)));
    }
    if let Some(opaque) = challenge.parameter("opaque") {
        parts.push(format!("opaque={}", quote(opaque)));
    }
    if hashes_name {
        parts.push("userhash=true".to_owned());
    }
    Some(format!("Digest {}", parts.join(", ")))
}

/// Each nonce is used once, with a client nonce of its own.
const COUNT: &str = "00000001";

/// A name beyond ASCII goes as RFC 8187 writes it: RFC 7616, Section 3.4.4.
fn name_parameter(username: &str) -> String {
    if username.is_ascii() {
        return format!("username={}", quote(username));
    }
    let encoded: String = username
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("username*=UTF-8''{encoded}")
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{auth::challenge::challenges, model::Header};

    fn read(values: &[&str]) -> Vec<Challenge> {
        let headers: Vec<Header> = values
            .iter()
            .map(|value| Header::new("www-authenticate", *value))
            .collect();
        challenges(&headers)
    }

    fn answered(challenge: &Challenge, cnonce: &str) -> String {
        let login = Login {
            username: "Mufasa",
            password: "Circle of Life",
        };
        let target = Target {
            method: "GET",
            uri: "/dir/index.html",
            cnonce,
        };
        answer(challenge, login, target).unwrap()
    }

    const RFC_7616: [&str; 2] = [
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
        r#"Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS""#,
    ];
    const CNONCE: &str = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    /// RFC 7616, Section 3.9.1.
    #[test]
    fn the_examples_of_rfc_7616_come_out() {
        let found = read(&RFC_7616);
        let md5 = answered(&found[0], CNONCE);
        assert!(
            md5.contains(r#"response="8ca523f5e9506fed4657c9700eebdbec""#),
            "{md5}"
        );
        let sha256 = answered(&found[1], CNONCE);
        let response = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
        assert!(sha256.contains(response), "{sha256}");
        assert!(
            sha256.contains("qop=auth, nc=00000001, cnonce="),
            "{sha256}"
        );
        assert!(sha256.contains("algorithm=SHA-256"), "{sha256}");
    }

    /// RFC 2617, Section 3.5, whose challenge names no algorithm.
    #[test]
    fn the_example_of_rfc_2617_comes_out() {
        let found = read(&[
            r#"Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41""#,
        ]);
        let login = Login {
            username: "Mufasa",
            password: "Circle Of Life",
        };
        let target = Target {
            method: "GET",
            uri: "/dir/index.html",
            cnonce: "0a4f113b",
        };
        let answer = answer(&found[0], login, target).unwrap();
        assert!(
            answer.contains(r#"response="6629fae49393a05397450978507c4ef1""#),
            "{answer}"
        );
        assert!(!answer.contains("algorithm"), "{answer}");
    }

    #[test]
    fn the_best_hash_that_is_known_is_chosen() {
        let chosen = |values: &[&str]| {
            let found = read(values);
            choose(&found).map(|it| it.parameter("algorithm").unwrap_or("-").to_owned())
        };
        assert_eq!(chosen(&RFC_7616).as_deref(), Some("SHA-256"));
        let all = [
            r#"Basic realm="x", Digest nonce=a, algorithm=MD5-sess, Digest nonce=b, algorithm=SHA-512-256"#,
        ];
        assert_eq!(chosen(&all).as_deref(), Some("SHA-512-256"));
        assert_eq!(chosen(&["Digest nonce=a"]).as_deref(), Some("-"));
        for unknown in [
            "Digest nonce=a, algorithm=SHA3",
            "Digest nonce=a, qop=auth-int",
            "Digest realm=a",
            "Basic realm=a",
        ] {
            assert_eq!(chosen(&[unknown]), None, "{unknown}");
        }
    }

    #[test]
    fn odd_names_and_values_are_written_safely() {
        let found = read(&[r#"Digest realm="a\"b", nonce=n, userhash=true, qop=auth"#]);
        let answer = answered(&found[0], "c");
        assert!(
            answer.contains(r#"realm="a\"b""#) && answer.contains("userhash=true"),
            "{answer}"
        );
        assert!(!answer.contains("Mufasa"), "{answer}");
        assert_eq!(
            name_parameter("Jäsøn Doe"),
            "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe"
        );
    }
}

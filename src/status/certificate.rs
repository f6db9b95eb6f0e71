//! What a certificate says, in sentences.

use jiff::Timestamp;

use crate::model::Certificate;

use super::diagnosis::spoken_age;

/// Who signed it.
pub fn signer(certificate: &Certificate) -> &str {
    if certificate.issuer == certificate.subject {
        "itself"
    } else {
        &certificate.issuer
    }
}

/// From when to when, and how far that is from `at`.
pub fn validity(certificate: &Certificate, at: Timestamp) -> String {
    let (from, to) = (certificate.not_before, certificate.not_after);
    let apart = |one: Timestamp, other: Timestamp| {
        spoken_age(one.duration_since(other).as_secs().unsigned_abs())
    };
    let remark = if at > to {
        format!("EXPIRED {} before", apart(at, to))
    } else if at < from {
        format!("NOT VALID for {} more", apart(from, at))
    } else {
        format!("{} left", apart(to, at))
    };
    format!("{from} to {to} ({remark})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_tells_how_far_its_days_are() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let certificate = Certificate {
            subject: "CN=a".into(),
            issuer: "CN=a".into(),
            names: Vec::new(),
            not_before: at(86_400),
            not_after: at(3 * 86_400),
            key: String::new(),
            signature: String::new(),
            serial: String::new(),
            sha256: String::new(),
        };
        let told = |second| validity(&certificate, at(second));
        assert!(told(0).ends_with("(NOT VALID for 1 day more)"));
        assert!(told(2 * 86_400).ends_with("(1 day left)"));
        assert!(told(6 * 86_400).ends_with("(EXPIRED 3 days before)"));
    }
}

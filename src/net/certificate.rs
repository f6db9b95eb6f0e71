//! Certificates in words, whether they are trusted or not: RFC 5280, Section 4.

use std::{fmt::Write, net::IpAddr};

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use rustls::pki_types::CertificateDer;
use x509_parser::{
    prelude::{ASN1Time, FromDer, GeneralName, X509Certificate},
    public_key::PublicKey,
    x509::X509Name,
};

use crate::model::Certificate;

/// As many certificates of a chain are read; more are sent by nobody who means well.
const LONGEST_CHAIN: usize = 10;

/// As many names of a certificate are kept; those of large providers have hundreds.
const MOST_NAMES: usize = 50;

/// The chain as the server showed it, its own certificate first.
pub(super) fn read_chain(chain: &[CertificateDer<'_>]) -> Vec<Certificate> {
    chain
        .iter()
        .take(LONGEST_CHAIN)
        .map(|der| read(der))
        .collect()
}

fn read(der: &[u8]) -> Certificate {
    let sha256 = hexadecimal(digest(&SHA256, der).as_ref(), "");
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return unreadable(sha256);
    };
    let validity = certificate.validity();
    let algorithm = &certificate.signature_algorithm.algorithm;
    Certificate {
        subject: name(certificate.subject()),
        issuer: name(certificate.issuer()),
        names: names(&certificate),
        not_before: time(validity.not_before),
        not_after: time(validity.not_after),
        key: key(&certificate),
        signature: SIGNATURES
            .iter()
            .find(|(oid, _)| *oid == algorithm.to_id_string())
            .map_or_else(|| algorithm.to_id_string(), |(_, name)| (*name).to_owned()),
        serial: hexadecimal(certificate.raw_serial(), ":"),
        sha256,
    }
}

fn unreadable(sha256: String) -> Certificate {
    let text = || "‹this certificate cannot be read›".to_owned();
    Certificate {
        subject: text(),
        issuer: text(),
        names: Vec::new(),
        not_before: Timestamp::UNIX_EPOCH,
        not_after: Timestamp::UNIX_EPOCH,
        key: String::new(),
        signature: String::new(),
        serial: String::new(),
        sha256,
    }
}

/// RFC 3279, RFC 4055, RFC 5758, RFC 8410.
const SIGNATURES: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.4", "MD5 with RSA"),
    ("1.2.840.113549.1.1.5", "SHA-1 with RSA"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
    ("1.2.840.113549.1.1.11", "SHA-256 with RSA"),
    ("1.2.840.113549.1.1.12", "SHA-384 with RSA"),
    ("1.2.840.113549.1.1.13", "SHA-512 with RSA"),
    ("1.2.840.10045.4.1", "SHA-1 with ECDSA"),
    ("1.2.840.10045.4.3.2", "SHA-256 with ECDSA"),
    ("1.2.840.10045.4.3.3", "SHA-384 with ECDSA"),
    ("1.2.840.10045.4.3.4", "SHA-512 with ECDSA"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];

/// Curves of elliptic keys (RFC 5480, Section 2.1.1.1) and algorithms that have but one kind of key.
const KEYS: &[(&str, &str)] = &[
    ("1.2.840.10045.3.1.7", "EC P-256"),
    ("1.3.132.0.34", "EC P-384"),
    ("1.3.132.0.35", "EC P-521"),
    ("1.3.132.0.10", "EC secp256k1"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];

fn key(certificate: &X509Certificate) -> String {
    let info = certificate.public_key();
    if let Ok(PublicKey::RSA(rsa)) = info.parsed() {
        return format!("RSA {}", rsa.key_size());
    }
    let curve = info.algorithm.parameters.as_ref();
    let curve = curve
        .and_then(|it| it.as_oid().ok())
        .map(|it| it.to_id_string());
    let oid = curve.unwrap_or_else(|| info.algorithm.algorithm.to_id_string());
    let known = KEYS.iter().find(|(known, _)| *known == oid);
    known.map_or(oid.clone(), |(_, name)| (*name).to_owned())
}

/// `CN=api.example, O=Example`, as the certificate orders it.
fn name(name: &X509Name) -> String {
    let text = name.to_string();
    if text.is_empty() {
        "‹no name›".to_owned()
    } else {
        text
    }
}

fn names(certificate: &X509Certificate) -> Vec<String> {
    let Ok(Some(alternatives)) = certificate.subject_alternative_name() else {
        return Vec::new();
    };
    let names = alternatives.value.general_names.iter();
    names.filter_map(general_name).take(MOST_NAMES).collect()
}

fn general_name(name: &GeneralName) -> Option<String> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other kinds of names are for no server"
    )]
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::URI(uri) => Some((*uri).to_owned()),
        GeneralName::RFC822Name(address) => Some((*address).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<String> {
    let address = match bytes.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?),
        _ => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?),
    };
    Some(address.to_string())
}

fn time(time: ASN1Time) -> Timestamp {
    Timestamp::from_second(time.timestamp()).unwrap_or_default()
}

fn hexadecimal(bytes: &[u8], separator: &str) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for byte in bytes {
        if !text.is_empty() {
            text.push_str(separator);
        }
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn a_certificate_is_told_in_words() {
        let names = ["api.example", "*.api.example", "10.0.0.1", "::1"];
        let mut params = CertificateParams::new(names.map(str::to_owned)).unwrap();
        params.distinguished_name.push(DnType::CommonName, "api");
        params.not_before = date_time_ymd(2024, 1, 2);
        params.not_after = date_time_ymd(2025, 3, 4);
        let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
        let read = read_chain(&[made.der().clone()]).remove(0);
        assert!(read.subject.contains("CN=api"), "{}", read.subject);
        assert_eq!(read.subject, read.issuer);
        assert_eq!(read.names, names);
        assert_eq!(read.not_before.to_string(), "2024-01-02T00:00:00Z");
        assert_eq!(read.not_after.to_string(), "2025-03-04T00:00:00Z");
        assert_eq!(read.key, "EC P-256");
        assert_eq!(read.signature, "SHA-256 with ECDSA");
        assert_eq!(read.sha256.len(), 64);
    }

    #[test]
    fn what_is_no_certificate_is_told_too() {
        let read = read_chain(&[CertificateDer::from(vec![1, 2, 3])]).remove(0);
        assert!(read.subject.contains("cannot be read"));
        assert_eq!(read.sha256.len(), 64);
    }
}

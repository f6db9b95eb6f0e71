//! The client certificate and its key, from a PEM or a PKCS#12 file.

use std::fs;

use memchr::memmem;
use p12_keystore::{CertificateBag, Pkcs12Archive, PrivateKeyBag, error::Error};
use pkcs8::{EncryptedPrivateKeyInfoRef, SecretDocument};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer,
    pem::{self, PemObject},
};

use crate::files::{explain, resolve};

use super::tls::Identity;

/// Why there is no identity, and of which of the two files that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum IdentityError {
    Certificate(String),
    Key(String),
}

/// Reads the certificate, and its key from the same file or from one of its own; `None` where no file is
/// named. The password opens PKCS#12 and keys that are encrypted.
pub(super) fn read_identity(
    path: &str,
    key_path: &str,
    password: &str,
) -> Result<Option<Identity>, IdentityError> {
    if path.is_empty() {
        return match key_path {
            "" => Ok(None),
            _ => Err(IdentityError::Key(
                "the certificate that it belongs to is not named".to_owned(),
            )),
        };
    }
    let read = |path: &str| fs::read(resolve(path)).map_err(|error| explain(&error));
    let bytes = read(path).map_err(IdentityError::Certificate)?;
    if key_path.is_empty() {
        let identity = if bytes.first() == Some(&DER_SEQUENCE) {
            read_pkcs12(&bytes, password)
        } else {
            read_pem(&bytes, &bytes, password)
        };
        return identity.map(Some).map_err(IdentityError::Certificate);
    }
    let certificates = read_certificates(&bytes).map_err(IdentityError::Certificate)?;
    let key = read(key_path).and_then(|bytes| read_key(&bytes, password));
    let key = key.map_err(IdentityError::Key)?;
    Ok(Some(Identity { certificates, key }))
}

/// How a PKCS#12 file begins (RFC 7292, Section 4), and no PEM file does.
const DER_SEQUENCE: u8 = 0x30;

fn read_pem(certificates: &[u8], key: &[u8], password: &str) -> Result<Identity, String> {
    Ok(Identity {
        certificates: read_certificates(certificates)?,
        key: read_key(key, password)?,
    })
}

fn read_certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates = CertificateDer::pem_slice_iter(bytes)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    if certificates.is_empty() {
        return Err("it holds no certificate in PEM form".to_owned());
    }
    Ok(certificates)
}

/// A private key in PEM form, encrypted or not.
fn read_key(bytes: &[u8], password: &str) -> Result<PrivateKeyDer<'static>, String> {
    if let Some(block) = encrypted_block(bytes) {
        return decrypt(block, password);
    }
    if memmem::find(bytes, b"Proc-Type: 4,ENCRYPTED").is_some() {
        return Err(format!(
            "its private key is encrypted in the old way of OpenSSL, which is not read: {CONVERT}"
        ));
    }
    PrivateKeyDer::from_pem_slice(bytes).map_err(|error| match error {
        pem::Error::NoItemsFound => "it holds no private key in PEM form".to_owned(),
        error => format!("its private key cannot be read: {error}"),
    })
}

/// How a key gets into a form that is read, keeping its password.
const CONVERT: &str = "openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem writes it anew";

/// The first private key that is encrypted as RFC 5958, Section 3, has it.
fn encrypted_block(bytes: &[u8]) -> Option<&str> {
    const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
    let start = memmem::find(bytes, b"-----BEGIN ENCRYPTED PRIVATE KEY-----")?;
    let block = bytes.get(start..)?;
    let end = memmem::find(block, END.as_bytes())? + END.len();
    std::str::from_utf8(block.get(..end)?).ok()
}

fn decrypt(block: &str, password: &str) -> Result<PrivateKeyDer<'static>, String> {
    let (_, document) = SecretDocument::from_pem(block)
        .map_err(|error| format!("its private key cannot be read: {error}"))?;
    let unknown = |_| format!("its private key is encrypted in a way that is not read: {CONVERT}");
    let info = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes()).map_err(unknown)?;
    if password.is_empty() {
        return Err("a password is needed to open its private key".to_owned());
    }
    match info.decrypt(password) {
        Ok(key) => Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into()),
        Err(_) => Err("the password of its private key is wrong".to_owned()),
    }
}

fn read_pkcs12(bytes: &[u8], password: &str) -> Result<Identity, String> {
    let archive = Pkcs12Archive::from_pkcs12(bytes, password).map_err(|error| match error {
        Error::MacError(_) if password.is_empty() => "a password is needed to open it".to_owned(),
        Error::MacError(_) => "its password is wrong".to_owned(),
        error => format!("it is neither PEM nor a PKCS#12 file that can be read: {error}"),
    })?;
    let (keys, certificates) = (&archive.keys, &archive.certs);
    let key = keys.first().ok_or("it holds no private key")?;
    let own = own_certificate(key, certificates).ok_or("it holds no certificate")?;
    let others = certificates
        .iter()
        .filter(|other| other.cert.as_der() != own.cert.as_der());
    let chain = [own].into_iter().chain(others);
    Ok(Identity {
        certificates: chain
            .map(|bag| CertificateDer::from(bag.cert.as_der().to_vec()))
            .collect(),
        key: PrivatePkcs8KeyDer::from(key.key.as_der().to_vec()).into(),
    })
}

/// The certificate of the key: that of the same number, else the first one.
fn own_certificate<'a>(
    key: &PrivateKeyBag,
    certificates: &'a [CertificateBag],
) -> Option<&'a CertificateBag> {
    let number = key.local_key_id.as_ref().map(AsRef::as_ref);
    certificates
        .iter()
        .find(|bag| number.is_some() && bag.local_key_id.as_deref() == number)
        .or_else(|| certificates.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> String {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/certificates");
        format!("{folder}/{name}")
    }

    fn wrong(name: &str, password: &str) -> String {
        match read_identity(&fixture(name), "", password) {
            Ok(_) => "nothing".to_owned(),
            Err(IdentityError::Certificate(reason) | IdentityError::Key(reason)) => reason,
        }
    }

    /// As OpenSSL 3 writes them, with AES and, for older readers, with RC2 and Triple DES.
    #[test]
    fn pkcs_12_files_of_either_age_are_opened() {
        for name in ["modern.p12", "legacy.p12"] {
            let identity = read_identity(&fixture(name), "", "secret");
            assert_eq!(identity.unwrap().unwrap().certificates.len(), 1, "{name}");
            assert_eq!(wrong(name, "guess"), "its password is wrong");
            assert_eq!(wrong(name, ""), "a password is needed to open it");
        }
    }

    /// All of them hold the same key, which OpenSSL 3 encrypted in several ways.
    #[test]
    fn encrypted_keys_are_opened_in_the_same_file_or_beside_it() {
        let key = |key: &str, password: &str| {
            let key = if key.is_empty() {
                String::new()
            } else {
                fixture(key)
            };
            let certificate = if key.is_empty() {
                "encrypted.pem"
            } else {
                "certificate.pem"
            };
            read_identity(&fixture(certificate), &key, password)
                .map(|identity| identity.unwrap().key.secret_der().to_vec())
        };
        let opened = key("", "secret").unwrap();
        for name in ["key_des3.pem", "key_scrypt.pem"] {
            assert_eq!(key(name, "secret").unwrap(), opened, "{name}");
            let Err(IdentityError::Key(reason)) = key(name, "guess") else {
                panic!("{name} opens with any password");
            };
            assert!(reason.contains("is wrong"), "{reason}");
        }
        assert!(wrong("encrypted.pem", "").contains("a password is needed"));
        assert!(wrong("encrypted.pem", "guess").contains("is wrong"));
        for name in ["key_traditional.pem", "key_pkcs12_scheme.pem"] {
            let Err(IdentityError::Key(reason)) = key(name, "secret") else {
                panic!("{name} is read");
            };
            assert!(reason.contains("openssl pkcs8 -topk8"), "{reason}");
        }
    }

    #[test]
    fn what_is_no_identity_is_told() {
        assert!(read_identity("", "", "").unwrap().is_none());
        assert!(wrong("none.p12", "").contains("no such file"));
        assert!(wrong("certificate.pem", "").contains("no private key"));
        let alone = read_identity("", &fixture("key_des3.pem"), "secret");
        assert!(matches!(alone, Err(IdentityError::Key(_))));
        let gone = read_identity(&fixture("certificate.pem"), "/no/such.key", "");
        assert!(matches!(gone, Err(IdentityError::Key(reason)) if reason.contains("no such file")));
    }
}

//! The client certificate and its key, from a PEM or a PKCS#12 file.

use std::fs;

use p12_keystore::{CertificateBag, Pkcs12Archive, PrivateKeyBag, error::Error};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer,
    pem::{self, PemObject},
};

use crate::files::{explain, resolve};

use super::tls::Identity;

/// Reads the file; `None` where none is named. `Err` says what is wrong with it.
pub(super) fn read_identity(path: &str, password: &str) -> Result<Option<Identity>, String> {
    if path.is_empty() {
        return Ok(None);
    }
    let bytes = fs::read(resolve(path)).map_err(|error| explain(&error))?;
    let identity = if bytes.first() == Some(&DER_SEQUENCE) {
        read_pkcs12(&bytes, password)?
    } else {
        read_pem(&bytes)?
    };
    Ok(Some(identity))
}

/// How a PKCS#12 file begins (RFC 7292, Section 4), and no PEM file does.
const DER_SEQUENCE: u8 = 0x30;

fn read_pem(bytes: &[u8]) -> Result<Identity, String> {
    let certificates = CertificateDer::pem_slice_iter(bytes)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    if certificates.is_empty() {
        return Err("it holds no certificate in PEM form".to_owned());
    }
    let key = PrivateKeyDer::from_pem_slice(bytes).map_err(|error| match error {
        pem::Error::NoItemsFound if has_encrypted_key(bytes) => {
            "its private key is encrypted, which is read from PKCS#12 files only".to_owned()
        }
        error => format!("its private key cannot be read: {error}"),
    })?;
    Ok(Identity { certificates, key })
}

fn has_encrypted_key(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"BEGIN ENCRYPTED PRIVATE KEY").is_some()
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
        match read_identity(&fixture(name), password) {
            Ok(_) => "nothing".to_owned(),
            Err(reason) => reason,
        }
    }

    /// As OpenSSL 3 writes them, with AES and, for older readers, with RC2 and Triple DES.
    #[test]
    fn pkcs_12_files_of_either_age_are_opened() {
        for name in ["modern.p12", "legacy.p12"] {
            let identity = read_identity(&fixture(name), "secret").unwrap().unwrap();
            assert_eq!(identity.certificates.len(), 1, "{name}");
            assert_eq!(wrong(name, "guess"), "its password is wrong");
            assert_eq!(wrong(name, ""), "a password is needed to open it");
        }
    }

    #[test]
    fn what_is_no_identity_is_told() {
        assert!(read_identity("", "").unwrap().is_none());
        assert!(wrong("none.p12", "").contains("no such file"));
        assert!(wrong("encrypted.pem", "secret").contains("is encrypted"));
    }
}

//! A server that shows the very certificate that the user trusts, an authority's own: what
//! `openssl req -x509` makes for a server on one's desk. Chains do not begin with an authority
//! (RFC 5280, Section 6.1), so that it is checked here, without one.

use rustls::{
    CertificateError, Error, OtherError,
    client::verify_server_name,
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
};
use x509_parser::prelude::{FromDer, X509Certificate};

/// An authority's own certificate in the place of a server's. The type of this error is not to be had
/// through rustls, its name is.
pub(super) fn signs_itself(reason: &OtherError) -> bool {
    format!("{reason:?}").contains("CaUsedAsEndEntity")
}

/// Whether verification failed for this reason alone, so far as it got.
pub(super) fn is_authority(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::Other(reason)) if signs_itself(reason))
}

/// Checks the dates and the names of a certificate that the user trusts by itself. Its key is checked by
/// the handshake.
pub(super) fn verify(
    certificate: &CertificateDer<'_>,
    server_name: &ServerName<'_>,
    now: UnixTime,
) -> Result<(), Error> {
    let (_, read) = X509Certificate::from_der(certificate)
        .map_err(|_| Error::InvalidCertificate(CertificateError::BadEncoding))?;
    let (validity, now) = (
        read.validity(),
        i64::try_from(now.as_secs()).unwrap_or(i64::MAX),
    );
    if now < validity.not_before.timestamp() {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > validity.not_after.timestamp() {
        return Err(CertificateError::Expired.into());
    }
    verify_server_name(&ParsedCertificate::try_from(certificate)?, server_name)
}

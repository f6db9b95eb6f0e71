//! TLS: which certificates are trusted, and which check failed when one is not.

mod pinned;

use std::sync::{Arc, OnceLock};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, OtherError, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime},
};
use rustls_platform_verifier::Verifier;

use crate::model::TlsCheck;

use super::{seen::Shown, tracker::with_current};

/// Whose certificates are taken.
pub(super) enum Trust {
    /// Those of the authorities that the system trusts, and of these.
    SystemAnd(Vec<CertificateDer<'static>>),
    /// Every certificate, whoever shows it.
    Anyone,
}

/// What the client shows a server that asks who it is.
pub(super) struct Identity {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

/// A configuration that costs next to nothing: the system's certificates are read when the first
/// certificate is checked.
pub(super) fn config(trust: Trust, identity: Option<Identity>) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = with_ring(&provider)
        .dangerous()
        .with_custom_certificate_verifier(verifier(trust, provider));
    match identity {
        Some(identity) => builder.with_client_auth_cert(identity.certificates, identity.key),
        None => Ok(builder.with_no_client_auth()),
    }
}

fn verifier(trust: Trust, provider: Arc<CryptoProvider>) -> Arc<dyn ServerCertVerifier> {
    match trust {
        Trust::SystemAnd(roots) => Arc::new(LazyVerifier {
            provider,
            roots,
            verifier: OnceLock::new(),
        }),
        Trust::Anyone => Arc::new(NoVerifier { provider }),
    }
}

/// Writes down what a server shows, before it is known whether it is good.
fn show(
    server_name: &ServerName<'_>,
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) {
    let chain = [end_entity].into_iter().chain(intermediates);
    let shown = Shown {
        host: server_name.to_str().into_owned(),
        certificates: chain.map(|it| it.clone().into_owned()).collect(),
        trusted: false,
    };
    with_current(|tracker| tracker.note(|seen| seen.shown = Some(shown)));
}

/// What was shown is good.
fn trust_shown() {
    with_current(|tracker| {
        tracker.note(|seen| {
            if let Some(shown) = &mut seen.shown {
                shown.trusted = true;
            }
        });
    });
}

/// Takes every certificate; the handshake's signatures are checked all the same, so that the peer has
/// the key of the certificate that it shows.
#[derive(Debug)]
struct NoVerifier {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for NoVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        show(server_name, end_entity, intermediates);
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[expect(
    clippy::expect_used,
    reason = "ring has cipher suites for TLS 1.2 and 1.3, which are the default versions"
)]
fn with_ring(
    provider: &Arc<CryptoProvider>,
) -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .expect("ring serves the default TLS versions")
}

/// The certificates to trust could not be read.
#[derive(Debug, thiserror::Error)]
#[error("this machine's trusted certificates cannot be used: {0}")]
struct NoRoots(Error);

/// The system's verifier, made when the first certificate is checked: reading all trusted
/// certificates takes milliseconds that a send over http need not wait for.
#[derive(Debug)]
struct LazyVerifier {
    provider: Arc<CryptoProvider>,
    roots: Vec<CertificateDer<'static>>,
    verifier: OnceLock<Result<Verifier, Error>>,
}

impl LazyVerifier {
    fn verifier(&self) -> Result<&Verifier, Error> {
        let made = self.verifier.get_or_init(|| {
            Verifier::new_with_extra_roots(self.roots.iter().cloned(), Arc::clone(&self.provider))
        });
        made.as_ref().map_err(|error| {
            let reason: Arc<dyn std::error::Error + Send + Sync> = Arc::new(NoRoots(error.clone()));
            Error::Other(OtherError(reason))
        })
    }
}

impl ServerCertVerifier for LazyVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        show(server_name, end_entity, intermediates);
        let verified = self.verifier()?.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let verified = match verified {
            Err(error) if pinned::is_authority(&error) && self.roots.contains(end_entity) => {
                pinned::verify(end_entity, server_name, now)?;
                ServerCertVerified::assertion()
            }
            verified => verified?,
        };
        trust_shown();
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier()?
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// Which check an error of rustls is about.
pub(super) fn failed_check(error: &Error) -> TlsCheck {
    match error {
        Error::InvalidCertificate(certificate) => failed_certificate_check(certificate),
        Error::NoCertificatesPresented | Error::UnsupportedNameType => TlsCheck::BadCertificate,
        Error::Other(OtherError(reason)) if reason.is::<NoRoots>() => TlsCheck::UnknownIssuer,
        // What cannot be read as a TLS record at all is another protocol.
        Error::InvalidMessage(_) => TlsCheck::NotTls,
        _ => TlsCheck::Handshake,
    }
}

fn failed_certificate_check(error: &CertificateError) -> TlsCheck {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsCheck::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            TlsCheck::NotYetValid
        }
        CertificateError::Revoked => TlsCheck::Revoked,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            TlsCheck::WrongHost
        }
        CertificateError::UnknownIssuer => TlsCheck::UnknownIssuer,
        CertificateError::Other(reason) if pinned::signs_itself(reason) => TlsCheck::UnknownIssuer,
        _ => TlsCheck::BadCertificate,
    }
}

#[cfg(test)]
mod tests {
    use rustls::{AlertDescription, InvalidMessage};

    use super::*;

    #[test]
    fn each_error_is_about_one_check() {
        for (error, check) in [
            (CertificateError::Expired.into(), TlsCheck::Expired),
            (CertificateError::NotValidYet.into(), TlsCheck::NotYetValid),
            (CertificateError::Revoked.into(), TlsCheck::Revoked),
            (
                CertificateError::NotValidForName.into(),
                TlsCheck::WrongHost,
            ),
            (
                CertificateError::UnknownIssuer.into(),
                TlsCheck::UnknownIssuer,
            ),
            (
                CertificateError::BadSignature.into(),
                TlsCheck::BadCertificate,
            ),
            (
                Error::InvalidMessage(InvalidMessage::InvalidContentType),
                TlsCheck::NotTls,
            ),
            (
                Error::AlertReceived(AlertDescription::HandshakeFailure),
                TlsCheck::Handshake,
            ),
        ] {
            assert_eq!(failed_check(&error), check, "{error}");
        }
    }

    #[test]
    fn a_machine_that_trusts_nobody_knows_no_issuer() {
        let broken = LazyVerifier {
            provider: Arc::new(ring::default_provider()),
            roots: vec![CertificateDer::from(vec![0])],
            verifier: OnceLock::new(),
        };
        let error = broken.verifier().unwrap_err();
        assert_eq!(failed_check(&error), TlsCheck::UnknownIssuer);
        assert!(
            error.to_string().contains("trusted certificates"),
            "{error}"
        );
    }
}

//! The ways to a server that a request may ask for: proxy, certificates, HTTP version, addresses.

use std::{fs, net::IpAddr, sync::Arc};

use hyper_util::client::proxy::matcher::Matcher;
use rustls::pki_types::{CertificateDer, pem::PemObject};
use url::Url;

use crate::{
    files::{explain, resolve},
    model::{Transport, VersionChoice},
    options::{OptionError, parse_addresses},
};

use super::{
    connect::Route,
    dial::Dialler,
    identity::read_identity,
    resolve::Resolver,
    tls::{self, Identity, Trust},
};

/// A setting that cannot be used. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    #[error("the proxy “{0}” cannot be used: {1}")]
    Proxy(String, String),
    #[error("the file of authorities {0} cannot be used: {1}")]
    Authorities(String, String),
    #[error("the client certificate {0} cannot be used: {1}")]
    ClientCertificate(String, String),
    #[error("“{0}” is no pair of a host and an address: write host=127.0.0.1, several with commas")]
    Address(String),
    #[error("the Unix socket {0} cannot be used: {1}")]
    UnixSocket(String, String),
}

impl TransportError {
    /// The option that cannot be used, with the reason to stand beside it.
    fn into_option(self) -> OptionError {
        let (name, reason) = match self {
            Self::Proxy(_, reason) => ("proxy", reason),
            Self::Authorities(_, reason) => ("authorities", reason),
            Self::ClientCertificate(_, reason) => ("client_certificate", reason),
            Self::Address(_) => ("addresses", self.to_string()),
            Self::UnixSocket(_, reason) => ("unix_socket", reason),
        };
        OptionError { name, reason }
    }
}

/// Reads the files that a transport names: what is wrong with one, before anything is sent.
pub fn check(transport: &Transport) -> Option<OptionError> {
    prepare(transport, &[], None)
        .err()
        .map(TransportError::into_option)
}

/// What is common to all connections that go the way of this transport: everything that it names is read
/// and checked. `proxies` are those that its URLs go by way of.
pub(super) fn prepare(
    transport: &Transport,
    roots: &[CertificateDer<'static>],
    proxies: Option<Arc<Matcher>>,
) -> Result<Route, TransportError> {
    check_socket(&transport.unix_socket)?;
    check_proxy(transport)?;
    let mut roots = roots.to_vec();
    roots.extend(read_authorities(&transport.authorities)?);
    let config = |protocols: &[&[u8]]| {
        let trust = if transport.insecure {
            Trust::Anyone
        } else {
            Trust::SystemAnd(roots.clone())
        };
        let certificate = &transport.client_certificate;
        let identity = read_client(transport)?;
        let config = tls::config(trust, identity, protocols).map_err(|error| {
            TransportError::ClientCertificate(certificate.clone(), error.to_string())
        })?;
        Ok(Arc::new(config))
    };
    let protocols: &[&[u8]] = match transport.version {
        VersionChoice::Negotiated => &[b"h2", b"http/1.1"],
        VersionChoice::Http1 => &[b"http/1.1"],
        VersionChoice::Http2 => &[b"h2"],
    };
    let resolver = Resolver::new(read_addresses(&transport.addresses)?);
    let socket = &transport.unix_socket;
    let socket = (!socket.is_empty()).then(|| resolve(socket));
    Ok(Route {
        dialler: Dialler::new(resolver.clone(), socket, config(&[])?),
        resolver,
        proxies,
        tls: config(protocols)?,
        checks: !transport.insecure,
        is_http2_only: transport.version == VersionChoice::Http2,
    })
}

fn check_socket(path: &str) -> Result<(), TransportError> {
    if path.is_empty() {
        return Ok(());
    }
    let reason = match fs::metadata(resolve(path)) {
        Ok(facts) if is_socket(&facts) => return Ok(()),
        Ok(_) => "this is no socket".to_owned(),
        Err(error) => explain(&error),
    };
    Err(TransportError::UnixSocket(path.to_owned(), reason))
}

#[cfg(unix)]
fn is_socket(facts: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_socket(&facts.file_type())
}

#[cfg(not(unix))]
fn is_socket(_facts: &fs::Metadata) -> bool {
    true
}

/// What cannot be used as a proxy must not become a send that goes straight.
fn check_proxy(transport: &Transport) -> Result<(), TransportError> {
    if is_straight(transport) || transport.proxy.is_empty() {
        return Ok(());
    }
    let wrong = |reason: String| TransportError::Proxy(without_secret(&transport.proxy), reason);
    let url = Url::parse(&transport.proxy).map_err(|error| wrong(error.to_string()))?;
    if !matches!(
        url.scheme(),
        "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h"
    ) {
        return Err(wrong(format!(
            "it cannot be of the kind “{}”",
            url.scheme()
        )));
    }
    if !url.has_host() {
        return Err(wrong("it names no host".to_owned()));
    }
    Ok(())
}

/// The proxy that the transport names, with the hosts that go without.
pub(super) fn own_proxy(transport: &Transport) -> Option<Matcher> {
    let named = !transport.proxy.is_empty() && !is_straight(transport);
    let builder = Matcher::builder();
    named.then(|| {
        builder
            .all(transport.proxy.as_str())
            .no(transport.no_proxy.as_str())
            .build()
    })
}

/// Whether no proxy is used whatever the environment says.
pub(super) fn is_straight(transport: &Transport) -> bool {
    transport.proxy == "none" || !transport.unix_socket.is_empty()
}

/// The proxy's URL without its user and password.
fn without_secret(proxy: &str) -> String {
    match proxy.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => proxy.to_owned(),
    }
}

fn read_authorities(path: &str) -> Result<Vec<CertificateDer<'static>>, TransportError> {
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let wrong = |reason: String| TransportError::Authorities(path.to_owned(), reason);
    let bytes = fs::read(resolve(path)).map_err(|error| wrong(explain(&error)))?;
    let found = CertificateDer::pem_slice_iter(&bytes).collect::<Result<Vec<_>, _>>();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(wrong("it holds no certificate in PEM form".to_owned())),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn read_client(transport: &Transport) -> Result<Option<Identity>, TransportError> {
    let path = &transport.client_certificate;
    read_identity(path, &transport.client_password.0)
        .map_err(|reason| TransportError::ClientCertificate(path.clone(), reason))
}

fn read_addresses(text: &str) -> Result<Vec<(String, IpAddr)>, TransportError> {
    parse_addresses(text).map_err(TransportError::Address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_named_with_the_reason_and_without_secrets() {
        let error = |transport: Transport| {
            prepare(&transport, &[], None)
                .err()
                .map(|it| it.to_string())
        };
        let of = |change: fn(&mut Transport)| {
            let mut transport = Transport::default();
            change(&mut transport);
            error(transport).unwrap_or_default()
        };
        assert!(of(|it| it.authorities = "/no/such".into()).contains("/no/such"));
        assert!(of(|it| it.authorities = "/dev/null".into()).contains("no certificate"));
        assert!(of(|it| it.client_certificate = "/dev/null".into()).contains("no certificate"));
        assert!(of(|it| it.unix_socket = "/no/such".into()).contains("no such file"));
        let proxy = of(|it| it.proxy = "ftp://me:s3cret@host".into());
        assert!(
            proxy.contains("“ftp”") && !proxy.contains("s3cret"),
            "{proxy}"
        );
        assert_eq!(of(|it| it.proxy = "socks5h://127.0.0.1:1080".into()), "");
    }
}

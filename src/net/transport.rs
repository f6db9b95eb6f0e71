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
    identity::{IdentityError, read_identity},
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
    #[error("the key {0} of the client certificate cannot be used: {1}")]
    ClientKey(String, String),
    #[error("“{0}” is no pair of a host and an address: write host=127.0.0.1, several with commas")]
    Address(String),
    #[error("the Unix socket {0} cannot be used: {1}")]
    UnixSocket(String, String),
}

impl TransportError {
    /// The option that cannot be used, with the reason to stand beside it.
    fn as_option(&self) -> OptionError {
        let of = |path: &str, reason: &str| format!("{reason}: {path}");
        let (name, reason) = match self {
            Self::Proxy(_, reason) => ("proxy", reason.clone()),
            Self::Authorities(path, reason) => ("authorities", of(path, reason)),
            Self::ClientCertificate(path, reason) => ("client_certificate", of(path, reason)),
            Self::ClientKey(path, reason) => ("client_key", of(path, reason)),
            Self::Address(_) => ("addresses", self.to_string()),
            Self::UnixSocket(path, reason) => ("unix_socket", of(path, reason)),
        };
        OptionError { name, reason }
    }
}

/// Reads the files that a transport names: what is wrong with one, before anything is sent.
pub fn check(transport: &Transport) -> Option<OptionError> {
    let prepared = prepare(transport, &[], None);
    prepared.err().map(|error| error.as_option())
}

/// What all connections of this transport have in common: everything that it names is read and checked.
/// `proxies` are those that its URLs go by way of.
pub(super) fn prepare(
    transport: &Transport,
    roots: &[CertificateDer<'static>],
    proxies: Option<Arc<Matcher>>,
) -> Result<Route, TransportError> {
    check_socket(&transport.unix_socket)?;
    check_proxy(transport)?;
    let mut roots = roots.to_vec();
    roots.extend(read_authorities(&transport.authorities)?);
    let trust = if transport.insecure {
        Trust::Anyone
    } else {
        Trust::SystemAnd(roots)
    };
    let config = tls::config(trust, read_client(transport)?).map_err(|error| {
        TransportError::ClientCertificate(transport.client_certificate.clone(), error.to_string())
    })?;
    let speaking = |protocols: &[&[u8]]| {
        let mut config = config.clone();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        Arc::new(config)
    };
    let tls = speaking(match transport.version {
        VersionChoice::Negotiated => &[b"h2", b"http/1.1"],
        VersionChoice::Http1 => &[b"http/1.1"],
        VersionChoice::Http2 => &[b"h2"],
    });
    let resolver = Resolver::new(read_addresses(&transport.addresses)?);
    let socket = &transport.unix_socket;
    let socket = (!socket.is_empty()).then(|| resolve(socket));
    Ok(Route {
        // A proxy is spoken to by HTTP/1, which is what there is without ALPN.
        dialler: Dialler::new(resolver.clone(), socket, speaking(&[])),
        resolver,
        proxies,
        tls,
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
    let (path, key) = (&transport.client_certificate, &transport.client_key);
    read_identity(path, key, &transport.client_password.0).map_err(|error| match error {
        IdentityError::Certificate(reason) => {
            TransportError::ClientCertificate(path.clone(), reason)
        }
        IdentityError::Key(reason) => TransportError::ClientKey(key.clone(), reason),
    })
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
            let prepared = prepare(&transport, &[], None);
            prepared.err().map(|error| error.to_string())
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

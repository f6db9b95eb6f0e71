//! How a request gets to its server, apart from what it says.

use serde::{Deserialize, Serialize};

use super::Hidden;

/// The way to the server. Two requests with the same way share their connections.
///
/// Texts are as typed; an empty one leaves the matter to the usual. [`crate::net`] reads the files and
/// says what is wrong with them before anything is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Transport {
    pub version: VersionChoice,
    /// `http://…`, `https://…`, `socks5://…` (`socks5h://` resolves names there); `none` goes straight
    /// whatever the environment says; empty follows the environment (`HTTPS_PROXY` and the like).
    pub proxy: String,
    /// Hosts that the proxy above is not used for, in the form of `NO_PROXY`.
    pub no_proxy: String,
    /// A PEM file of authorities that are trusted beside those of the system.
    pub authorities: String,
    /// A file with the client's certificate chain and its private key: PEM (RFC 7468) or PKCS#12
    /// (RFC 7292).
    pub client_certificate: String,
    /// A PEM file with the private key, where it is not in that of the certificate.
    pub client_key: String,
    /// What opens a PKCS#12 file or a key that is encrypted (RFC 5958, Section 3). Lives in memory only.
    #[serde(skip)]
    pub client_password: Hidden,
    /// Whatever certificate the server shows is taken. The screen and the history say so.
    pub insecure: bool,
    /// The path of a Unix socket that is connected to in place of the URL's host and port.
    pub unix_socket: String,
    /// `host=address` pairs, separated by commas: addresses that take the place of a name's.
    pub addresses: String,
}

impl Transport {
    /// Whether it names files of this machine.
    pub fn has_files(&self) -> bool {
        let files = [
            &self.authorities,
            &self.client_certificate,
            &self.client_key,
            &self.unix_socket,
        ];
        files.iter().any(|path| !path.is_empty())
    }
}

/// Which HTTP versions may be spoken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VersionChoice {
    /// HTTP/2 where the server offers it in the TLS handshake, else HTTP/1.1.
    #[default]
    Negotiated,
    Http1,
    /// HTTP/2 alone; over plain http with prior knowledge (RFC 9113, Section 3.3).
    Http2,
}

impl VersionChoice {
    pub const ALL: [Self; 3] = [Self::Negotiated, Self::Http1, Self::Http2];

    /// The choice as the screen and saved requests name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Negotiated => "negotiated",
            Self::Http1 => "1.1",
            Self::Http2 => "2",
        }
    }
}

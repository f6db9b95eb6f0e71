//! What a TLS handshake has agreed on, read from its own messages: RFC 8446, Section 4, for TLS 1.3, and
//! RFC 5246, Section 7.4, for TLS 1.2.

use rustls::{CipherSuite, NamedGroup};

/// Types of handshake messages (RFC 8446, Section 4).
const SERVER_HELLO: u8 = 2;
const ENCRYPTED_EXTENSIONS: u8 = 8;
const CERTIFICATE: u8 = 11;
const SERVER_KEY_EXCHANGE: u8 = 12;
const FINISHED: u8 = 20;

/// Extensions (RFC 8446, Section 4.2; RFC 7301, Section 3.1).
const ALPN: u16 = 16;
const PRE_SHARED_KEY: u16 = 41;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_SHARE: u16 = 51;

/// The curve of a key exchange is one with a name (RFC 8422, Section 5.4).
const NAMED_CURVE: u8 = 3;

/// What was agreed on so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::net) struct Agreed {
    pub(in crate::net) version: Option<&'static str>,
    pub(in crate::net) suite: Option<CipherSuite>,
    pub(in crate::net) group: Option<NamedGroup>,
    pub(in crate::net) protocol: Option<String>,
    /// Whether an earlier session was taken up again.
    pub(in crate::net) resumed: bool,
    has_certificate: bool,
    /// Whether the handshake came to its end.
    pub(in crate::net) finished: bool,
}

impl Agreed {
    /// Takes one handshake message, its type and length (RFC 8446, Section 4) included. What cannot be
    /// read says nothing: rustls itself fails on it.
    pub(super) fn take(&mut self, message: &[u8]) {
        let mut rest = Reader(message);
        let (Some(kind), Some(_)) = (rest.byte(), rest.bytes(3)) else {
            return;
        };
        match kind {
            SERVER_HELLO => {
                *self = Self::default();
                self.take_hello(rest);
            }
            ENCRYPTED_EXTENSIONS => {
                self.take_extensions(rest);
            }
            CERTIFICATE => self.has_certificate = true,
            SERVER_KEY_EXCHANGE => self.take_key_exchange(rest),
            FINISHED => self.finish(),
            _ => {}
        }
    }

    /// RFC 8446, Section 4.1.3.
    fn take_hello(&mut self, mut rest: Reader) -> Option<()> {
        rest.bytes(2 + 32)?;
        let session = rest.byte()?;
        rest.bytes(session.into())?;
        self.version = Some("TLS 1.2");
        self.suite = Some(CipherSuite::from(rest.number()?));
        rest.byte()?;
        self.take_extensions(rest)
    }

    fn take_extensions(&mut self, mut rest: Reader) -> Option<()> {
        let length = rest.number()?;
        let mut rest = Reader(rest.bytes(length.into())?);
        while let Some(kind) = rest.number() {
            let length = rest.number()?;
            let mut content = Reader(rest.bytes(length.into())?);
            match kind {
                SUPPORTED_VERSIONS if content.number()? == 0x0304 => self.version = Some("TLS 1.3"),
                KEY_SHARE => self.group = Some(NamedGroup::from(content.number()?)),
                PRE_SHARED_KEY => self.resumed = true,
                ALPN => {
                    content.number()?;
                    let length = content.byte()?;
                    let name = content.bytes(length.into())?;
                    self.protocol = Some(String::from_utf8_lossy(name).into_owned());
                }
                _ => {}
            }
        }
        Some(())
    }

    /// RFC 8422, Section 5.4.
    fn take_key_exchange(&mut self, mut rest: Reader) {
        if rest.byte() == Some(NAMED_CURVE) {
            self.group = rest.number().map(NamedGroup::from);
        }
    }

    /// TLS 1.2 has no word for a session taken up again: no certificate is shown then (RFC 5246,
    /// Section 7.3).
    fn finish(&mut self) {
        self.finished = true;
        self.resumed |= self.version == Some("TLS 1.2") && !self.has_certificate;
    }

    /// The suite as the IANA registry of TLS cipher suites calls it.
    pub(in crate::net) fn suite_name(&self) -> Option<String> {
        let name = format!("{:?}", self.suite?);
        Some(match name.strip_prefix("TLS13_") {
            Some(rest) => format!("TLS_{rest}"),
            None => name,
        })
    }
}

/// The fields of a message, one after the other; `None` where it ends before one.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.bytes(2)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A message of this type.
    fn message(kind: u8, content: &[&[u8]]) -> Vec<u8> {
        let content = content.concat();
        let length = (content.len() as u32).to_be_bytes();
        [&[kind], &length[1..], &content].concat()
    }

    fn hello(suite: u16, extensions: &[u8]) -> Vec<u8> {
        let length = (extensions.len() as u16).to_be_bytes();
        message(
            SERVER_HELLO,
            &[
                &[3, 3],
                &[7; 32],
                &[2, 9, 9],
                &suite.to_be_bytes(),
                &[0],
                &length,
                extensions,
            ],
        )
    }

    #[test]
    fn a_server_hello_names_version_suite_and_group() {
        let mut agreed = Agreed::default();
        agreed.take(&hello(
            0x1302,
            b"\0\x2b\0\x02\x03\x04\0\x33\0\x04\0\x1d\0\0",
        ));
        assert_eq!(agreed.version, Some("TLS 1.3"));
        assert_eq!(
            agreed.suite_name().as_deref(),
            Some("TLS_AES_256_GCM_SHA384")
        );
        assert_eq!(agreed.group, Some(NamedGroup::X25519));
        assert!(!agreed.resumed && !agreed.finished);
        agreed.take(&message(
            ENCRYPTED_EXTENSIONS,
            &[b"\0\x09\0\x10\0\x05\0\x03\x02h2"],
        ));
        assert_eq!(agreed.protocol.as_deref(), Some("h2"));
        agreed.take(&message(FINISHED, &[&[0; 32]]));
        assert!(agreed.finished && !agreed.resumed);
    }

    #[test]
    fn a_session_taken_up_again_is_known_in_both_versions() {
        let mut newer = Agreed::default();
        newer.take(&hello(0x1301, b"\0\x29\0\x02\0\0\0\x2b\0\x02\x03\x04"));
        assert!(newer.resumed);
        let mut older = Agreed::default();
        older.take(&hello(0xc02f, b""));
        older.take(&message(FINISHED, &[&[0; 12]]));
        assert_eq!((older.version, older.resumed), (Some("TLS 1.2"), true));
        let mut whole = Agreed::default();
        whole.take(&hello(0xc02f, b""));
        whole.take(&message(CERTIFICATE, &[b"\0\0\0"]));
        whole.take(&message(SERVER_KEY_EXCHANGE, &[b"\x03\0\x17"]));
        whole.take(&message(FINISHED, &[&[0; 12]]));
        assert!(!whole.resumed);
        assert_eq!(whole.group, Some(NamedGroup::secp256r1));
        assert_eq!(
            whole.suite_name().as_deref(),
            Some("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
        );
    }

    #[test]
    fn what_is_cut_off_says_no_more_than_it_has() {
        let whole = hello(0x1302, b"\0\x2b\0\x02\x03\x04\0\x33\0\x04\0\x1d\0\0");
        for length in 0..whole.len() {
            Agreed::default().take(&whole[..length]);
        }
        let mut agreed = Agreed::default();
        agreed.take(&whole[..45]);
        assert_eq!(agreed.version, Some("TLS 1.2"));
        assert_eq!(agreed.group, None);
    }
}

//! The messages of a handshake as they pass by: rustls keeps what was agreed on in its connection, which
//! reqwest does not hand out, but gives each message to the transcript's hash (RFC 8446, Section 4.4.1).
//! The hash here hands everything on to that of ring and lets the tracker have a look.

use std::sync::{Arc, LazyLock};

use rustls::{
    CipherSuiteCommon, SupportedCipherSuite, Tls12CipherSuite, Tls13CipherSuite,
    crypto::{
        CryptoProvider,
        hash::{Context, Hash, HashAlgorithm, Output},
        ring,
    },
};

use crate::net::tracker::with_current;

/// ring's provider, whose handshakes are seen.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::clone(&PROVIDER)
}

static PROVIDER: LazyLock<Arc<CryptoProvider>> = LazyLock::new(|| {
    let mut provider = ring::default_provider();
    for suite in &mut provider.cipher_suites {
        *suite = seen(*suite);
    }
    Arc::new(provider)
});

/// rustls wants its suites to stay for ever; each is made once.
fn seen(suite: SupportedCipherSuite) -> SupportedCipherSuite {
    let common = |common: &CipherSuiteCommon| CipherSuiteCommon {
        suite: common.suite,
        hash_provider: Box::leak(Box::new(SeenHash(common.hash_provider))),
        confidentiality_limit: common.confidentiality_limit,
    };
    match suite {
        SupportedCipherSuite::Tls12(suite) => {
            SupportedCipherSuite::Tls12(Box::leak(Box::new(Tls12CipherSuite {
                common: common(&suite.common),
                prf_provider: suite.prf_provider,
                kx: suite.kx,
                sign: suite.sign,
                aead_alg: suite.aead_alg,
            })))
        }
        SupportedCipherSuite::Tls13(suite) => {
            SupportedCipherSuite::Tls13(Box::leak(Box::new(Tls13CipherSuite {
                common: common(&suite.common),
                hkdf_provider: suite.hkdf_provider,
                aead_alg: suite.aead_alg,
                quic: suite.quic,
            })))
        }
    }
}

struct SeenHash(&'static dyn Hash);

impl Hash for SeenHash {
    fn start(&self) -> Box<dyn Context> {
        Box::new(SeenContext(self.0.start()))
    }

    fn hash(&self, data: &[u8]) -> Output {
        self.0.hash(data)
    }

    fn output_len(&self) -> usize {
        self.0.output_len()
    }

    fn algorithm(&self) -> HashAlgorithm {
        self.0.algorithm()
    }

    fn fips(&self) -> bool {
        self.0.fips()
    }
}

struct SeenContext(Box<dyn Context>);

impl Context for SeenContext {
    fn fork_finish(&self) -> Output {
        self.0.fork_finish()
    }

    fn fork(&self) -> Box<dyn Context> {
        Box::new(Self(self.0.fork()))
    }

    fn finish(self: Box<Self>) -> Output {
        self.0.finish()
    }

    /// Each message comes in a piece of its own; what was put aside before the suite was known begins
    /// with the client's, which is passed over.
    fn update(&mut self, data: &[u8]) {
        with_current(|tracker| tracker.know(|shown| shown.agreed.take(data)));
        self.0.update(data);
    }
}

//! Whether a URL is reached by way of a proxy.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::model::{Transport, is_loopback};

use super::transport::{is_straight, own_proxy};

/// How a URL is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Way {
    pub(super) proxied: bool,
    /// Whether what is connected to, the server or the proxy, is given by a name.
    pub(super) has_name: bool,
}

/// The proxies that the environment names (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`,
/// each in either case), read when first needed.
#[derive(Default)]
pub(super) struct Proxies {
    matcher: OnceLock<Arc<Matcher>>,
}

impl Proxies {
    /// How `url` is reached.
    pub(super) fn way(&self, url: &Url, transport: &Transport) -> Way {
        match self.intercept(url, transport) {
            Some(proxy) => Way {
                proxied: true,
                has_name: proxy.uri().host().is_some_and(is_name),
            },
            None => Way {
                proxied: false,
                has_name: transport.unix_socket.is_empty() && url.domain().is_some(),
            },
        }
    }

    /// What goes before a proxy when it passes a request over http on: its credentials.
    pub(super) fn credentials(&self, url: &Url, transport: &Transport) -> Option<HeaderValue> {
        let proxy = self.intercept(url, transport)?;
        let header = proxy.basic_auth().filter(|_| url.scheme() == "http")?;
        Some(header.clone())
    }

    /// The proxies of a way that has one.
    pub(super) fn matcher(&self, transport: &Transport) -> Arc<Matcher> {
        match own_proxy(transport) {
            Some(own) => Arc::new(own),
            None => Arc::clone(self.of_environment()),
        }
    }

    fn of_environment(&self) -> &Arc<Matcher> {
        self.matcher
            .get_or_init(|| Arc::new(Matcher::from_system()))
    }

    /// The proxy for `url`. This machine never is by way of one that the environment names: one
    /// elsewhere would take `localhost` for itself.
    fn intercept(&self, url: &Url, transport: &Transport) -> Option<Intercept> {
        let uri: Uri = url.as_str().parse().ok()?;
        match own_proxy(transport) {
            Some(own) => own.intercept(&uri),
            None if is_straight(transport) || is_loopback(url) => None,
            None => self.of_environment().intercept(&uri),
        }
    }
}

fn is_name(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(proxies: &Proxies, url: &str) -> Way {
        proxies.way(&Url::parse(url).unwrap(), &Transport::default())
    }

    fn proxies(matcher: Matcher) -> Proxies {
        Proxies {
            matcher: OnceLock::from(Arc::new(matcher)),
        }
    }

    fn intercepted(proxies: &Proxies, url: &str) -> bool {
        way(proxies, url).proxied
    }

    #[test]
    fn this_machine_is_never_reached_by_way_of_a_proxy() {
        let proxies = proxies(Matcher::builder().all("http://proxy.example:3128").build());
        assert!(intercepted(&proxies, "http://api.example/"));
        assert!(intercepted(&proxies, "https://10.0.0.1/"));
        for host in [
            "localhost",
            "app.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            assert!(
                !intercepted(&proxies, &format!("http://{host}:3000/x")),
                "{host}"
            );
        }
    }

    #[test]
    fn exceptions_and_schemes_are_respected() {
        let proxies = proxies(
            Matcher::builder()
                .http("http://proxy.example:3128")
                .no("internal.example")
                .build(),
        );
        assert!(intercepted(&proxies, "http://api.example/"));
        assert!(!intercepted(&proxies, "https://api.example/"));
        assert!(!intercepted(&proxies, "http://db.internal.example/"));
    }

    #[test]
    fn a_name_is_resolved_where_the_connection_goes_to() {
        let has_name = |proxies: &Proxies, url: &str| way(proxies, url).has_name;
        let none = proxies(Matcher::builder().build());
        assert!(has_name(&none, "http://api.example/"));
        assert!(!has_name(&none, "http://[::1]/"));
        let by_address = proxies(Matcher::builder().all("http://[::1]:3128").build());
        assert!(!has_name(&by_address, "http://api.example/"));
        let by_name = proxies(Matcher::builder().all("http://proxy.example").build());
        assert!(has_name(&by_name, "http://10.0.0.1/"));
    }
}

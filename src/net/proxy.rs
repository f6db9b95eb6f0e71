//! Whether a URL is reached by way of a proxy.

use std::{
    net::IpAddr,
    sync::{Arc, OnceLock},
};

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use url::Url;

use crate::{
    model::{ProxySource, ProxyUsed, Transport, is_loopback},
    options::parse_addresses,
};

use super::transport::{is_straight, own_proxy};

/// How a URL is reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Way {
    /// `None` where it is reached straight.
    pub(super) proxy: Option<ProxyUsed>,
    /// Whether what is connected to, the server or the proxy, is given by a name.
    pub(super) has_name: bool,
}

impl Way {
    pub(super) fn is_proxied(&self) -> bool {
        self.proxy.is_some()
    }

    fn straight(has_name: bool) -> Self {
        Self {
            proxy: None,
            has_name,
        }
    }

    fn by(proxy: &Intercept, named_by: ProxySource, transport: &Transport) -> Self {
        let host = proxy.uri().host();
        Self {
            has_name: host.is_some_and(|host| is_name(host) && !has_address(host, transport)),
            proxy: Some(ProxyUsed {
                address: address(proxy.uri()),
                named_by,
                has_credentials: proxy.basic_auth().is_some() || proxy.raw_auth().is_some(),
            }),
        }
    }
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
            Some(proxy) => {
                let named_by = if transport.proxy.is_empty() {
                    named_by(url.scheme())
                } else {
                    ProxySource::Options
                };
                Way::by(&proxy, named_by, transport)
            }
            None => Way::straight(transport.unix_socket.is_empty() && is_looked_up(url, transport)),
        }
    }

    /// What a proxy is shown with a request over http, which it passes on: its credentials.
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
            None if is_straight(transport) || is_loopback(url) || is_excepted(&uri, transport) => {
                None
            }
            None => self.of_environment().intercept(&uri),
        }
    }
}

/// The proxy that is given the whole address of a URL of plain HTTP, where one is: by way of SOCKS, or of a
/// tunnel, the server itself is spoken to.
pub fn speaking_proxy(url: &str, transport: &Transport) -> Option<ProxyUsed> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "http")?;
    let way = Proxies::default().way(&url, transport);
    way.proxy.filter(|proxy| proxy.address.starts_with("http"))
}

/// Whether the options say that this host goes without a proxy, whoever names one.
fn is_excepted(uri: &Uri, transport: &Transport) -> bool {
    let excepting = || {
        let matcher = Matcher::builder().all("http://proxy.invalid");
        matcher.no(transport.no_proxy.as_str()).build()
    };
    !transport.no_proxy.is_empty() && excepting().intercept(uri).is_none()
}

/// Scheme, host and port of a proxy, without whatever else its address holds.
fn address(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("http");
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    // The matcher takes user and password out; should one ever come here, it goes no further.
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

/// Which variable names the proxy for a scheme, in the order in which they are asked.
fn named_by(scheme: &str) -> ProxySource {
    let own = match scheme {
        "https" => ["HTTPS_PROXY", "https_proxy"],
        _ => ["HTTP_PROXY", "http_proxy"],
    };
    // Of two cases the first one that is set counts, even if it is empty.
    let set = |names: [&'static str; 2]| {
        let found = names
            .into_iter()
            .find(|name| std::env::var_os(name).is_some())?;
        let is_used = std::env::var(found).is_ok_and(|value| !value.is_empty());
        is_used.then_some(found)
    };
    let found = set(own).or_else(|| set(["ALL_PROXY", "all_proxy"]));
    found.map_or(ProxySource::System, |name| {
        ProxySource::Environment(name.to_owned())
    })
}

/// Whether the resolver is asked for the URL's host.
fn is_looked_up(url: &Url, transport: &Transport) -> bool {
    url.domain()
        .is_some_and(|name| !has_address(name, transport))
}

/// Whether the options lay down an address for a name.
fn has_address(name: &str, transport: &Transport) -> bool {
    let known = parse_addresses(&transport.addresses).unwrap_or_default();
    known
        .iter()
        .any(|(host, _)| host.eq_ignore_ascii_case(name))
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
        way(proxies, url).is_proxied()
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
    fn the_exceptions_of_the_options_hold_for_the_proxies_of_the_environment() {
        let proxies = proxies(Matcher::builder().all("http://proxy.example:3128").build());
        for (no_proxy, is_proxied) in [
            ("", true),
            ("*", false),
            ("other.example", true),
            ("api.example", false),
            (".example", false),
        ] {
            let transport = Transport {
                no_proxy: no_proxy.into(),
                ..Transport::default()
            };
            let url = Url::parse("http://api.example/").unwrap();
            let way = proxies.way(&url, &transport);
            assert_eq!(way.is_proxied(), is_proxied, "{no_proxy}");
        }
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

    #[test]
    fn a_proxy_is_told_with_who_named_it_and_without_its_password() {
        let of = |proxy: &str, no_proxy: &str, url: &str| {
            let transport = Transport {
                proxy: proxy.into(),
                no_proxy: no_proxy.into(),
                ..Transport::default()
            };
            Proxies::default().way(&Url::parse(url).unwrap(), &transport)
        };
        let by_name = of("http://me:s3cret@proxy.example:3128", "", "http://h/");
        let used = by_name.proxy.clone().unwrap();
        assert_eq!(used.address, "http://proxy.example:3128");
        assert!(used.has_credentials && by_name.has_name);
        assert_eq!(used.named_by, ProxySource::Options);
        let by_address = of("socks5://127.0.0.1:1080", "a.example", "https://h/");
        assert!(by_address.is_proxied() && !by_address.has_name);
        assert!(!by_address.proxy.unwrap().has_credentials);
        let excepted = of("http://127.0.0.1:1", "a.example", "https://a.example/");
        assert!(!excepted.is_proxied() && excepted.has_name);
    }
}

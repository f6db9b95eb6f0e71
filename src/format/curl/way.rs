//! The options about the way to the server: proxy, certificates, version, addresses.

use url::Url;

use crate::model::{Transport, VersionChoice};

use super::{options::Given, quote::quote};

/// What became of an option.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Whole,
    /// Not as curl would have it, and how.
    But(&'static str),
    /// It is about something else.
    No,
}

/// Takes an option over into the transport.
pub(super) fn take(transport: &mut Transport, given: &Given) -> Taken {
    let value = given.value.as_str();
    match given.name.as_str() {
        "--insecure" => transport.insecure = given.on,
        "--proxy" if value.is_empty() => "none".clone_into(&mut transport.proxy),
        "--proxy" => transport.proxy = with_scheme("http", value),
        "--socks5" => transport.proxy = with_scheme("socks5", value),
        "--socks5-hostname" => transport.proxy = with_scheme("socks5h", value),
        "--noproxy" if value == "*" => "none".clone_into(&mut transport.proxy),
        "--noproxy" => value.clone_into(&mut transport.no_proxy),
        "--cacert" => value.clone_into(&mut transport.authorities),
        "--cert" if value.contains(':') => {
            return Taken::But("a certificate with a password is not taken over");
        }
        "--cert" => value.clone_into(&mut transport.client_certificate),
        "--key" => return Taken::But("the key has to be in the file of the certificate"),
        "--http1.1" => transport.version = VersionChoice::Http1,
        // With TLS this is agreed upon in the handshake, which is the usual here.
        "--http2" => {}
        "--http2-prior-knowledge" => transport.version = VersionChoice::Http2,
        "--unix-socket" => value.clone_into(&mut transport.unix_socket),
        "--resolve" => return resolve(transport, value),
        _ => return Taken::No,
    }
    Taken::Whole
}

fn with_scheme(scheme: &str, proxy: &str) -> String {
    if proxy.contains("://") {
        proxy.to_owned()
    } else {
        format!("{scheme}://{proxy}")
    }
}

/// `[+]host:port:address[,address]…`: curl(1), --resolve.
fn resolve(transport: &mut Transport, value: &str) -> Taken {
    let mut parts = value.trim_start_matches('+').splitn(3, ':');
    let (Some(host), Some(_), Some(addresses)) = (parts.next(), parts.next(), parts.next()) else {
        return Taken::But("it is not of the form host:port:address");
    };
    let mut addresses = addresses.split(',');
    let first = addresses.next().unwrap_or_default();
    if !transport.addresses.is_empty() {
        transport.addresses.push(',');
    }
    transport.addresses.push_str(host);
    transport.addresses.push('=');
    transport.addresses.push_str(first.trim_matches(['[', ']']));
    match addresses.next() {
        Some(_) => Taken::But("only the first address is taken"),
        None => Taken::Whole,
    }
}

/// The options that make curl go the same way to this URL.
pub(super) fn export(transport: &Transport, url: &str) -> Vec<String> {
    let mut words = Vec::new();
    if transport.insecure {
        words.push("--insecure".to_owned());
    }
    match transport.version {
        VersionChoice::Negotiated => {}
        VersionChoice::Http1 => words.push("--http1.1".to_owned()),
        VersionChoice::Http2 => words.push("--http2-prior-knowledge".to_owned()),
    }
    let texts = [
        ("--proxy", transport.proxy.as_str()),
        ("--noproxy", transport.no_proxy.as_str()),
        ("--cacert", transport.authorities.as_str()),
        ("--cert", transport.client_certificate.as_str()),
        ("--unix-socket", transport.unix_socket.as_str()),
    ];
    for (option, value) in texts {
        match (option, value) {
            (_, "") => {}
            ("--proxy", "none") => words.push("--noproxy '*'".to_owned()),
            _ => words.push(format!("{option} {}", quote(value))),
        }
    }
    let port = Url::parse(url)
        .ok()
        .and_then(|url| url.port_or_known_default());
    let pairs = transport
        .addresses
        .split(',')
        .filter_map(|it| it.split_once('='));
    for (host, address) in pairs {
        let address = address.trim();
        let address = if address.contains(':') && !address.starts_with('[') {
            format!("[{address}]")
        } else {
            address.to_owned()
        };
        let port = port.unwrap_or(80);
        let entry = format!("{}:{port}:{address}", host.trim());
        words.push(format!("--resolve {}", quote(&entry)));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::curl::import;

    #[test]
    fn the_way_is_exported_and_imported_the_same() {
        let transport = Transport {
            version: VersionChoice::Http1,
            proxy: "http://proxy:3128".to_owned(),
            no_proxy: "a.test,b.test".to_owned(),
            authorities: "my ca.pem".to_owned(),
            client_certificate: "me.pem".to_owned(),
            insecure: true,
            unix_socket: "/run/x".to_owned(),
            addresses: "h=127.0.0.1,i=::1".to_owned(),
        };
        let command = format!(
            "curl https://h/ {}",
            export(&transport, "https://h/").join(" ")
        );
        let imported = import(&command).unwrap();
        assert_eq!(imported.request.options.transport, transport, "{command}");
        assert_eq!(imported.notes, [""; 0]);
        let none = Transport {
            proxy: "none".to_owned(),
            ..Transport::default()
        };
        let command = format!("curl h {}", export(&none, "http://h/").join(" "));
        assert_eq!(import(&command).unwrap().request.options.transport, none);
    }

    #[test]
    fn what_is_not_quite_the_same_is_told() {
        let command =
            "curl h --resolve h:80:1.1.1.1,2.2.2.2 --cert me.pem:s3cret --key k.pem -x p:1";
        let imported = import(command).unwrap();
        let transport = imported.request.options.transport;
        assert_eq!(
            (&*transport.addresses, &*transport.proxy),
            ("h=1.1.1.1", "http://p:1")
        );
        let notes = imported.notes.join("\n");
        for part in [
            "--resolve: only the first",
            "--cert: a certificate with",
            "--key: the key",
        ] {
            assert!(notes.contains(part), "{notes}");
        }
        assert!(!notes.contains("s3cret"));
    }
}

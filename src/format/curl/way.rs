//! The options about the way to the server: proxy, certificates, version, addresses.

use url::Url;

use crate::model::{Choices, Transport, VersionChoice};

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

/// Takes an option over.
pub(super) fn take(options: &mut Choices, given: &Given) -> Taken {
    let value = given.value.as_str();
    match given.name.as_str() {
        "--insecure" => options.set("insecure", if given.on { "on" } else { "" }),
        "--proxy" if value.is_empty() => options.set("proxy", "none"),
        "--proxy" => options.set("proxy", with_scheme("http", value)),
        "--socks5" => options.set("proxy", with_scheme("socks5", value)),
        "--socks5-hostname" => options.set("proxy", with_scheme("socks5h", value)),
        "--noproxy" if value == "*" => options.set("proxy", "none"),
        "--noproxy" => options.set("no_proxy", value),
        "--cacert" => options.set("authorities", value),
        "--cert" => return certificate(options, value),
        "--cert-type"
            if !["PEM", "P12"]
                .iter()
                .any(|it| value.eq_ignore_ascii_case(it)) =>
        {
            return Taken::No;
        }
        "--pass" => options.set("client_password", value),
        "--cert-type"
            if ["PEM", "P12"]
                .iter()
                .any(|it| value.eq_ignore_ascii_case(it)) => {}
        "--key" => options.set("client_key", value),
        "--http1.1" => options.set("http", "1.1"),
        "--retry-delay" if value != "0" => options.set("retry_wait", value),
        // A file says itself what it is, HTTP/2 is agreed upon in the TLS handshake, and a refused
        // connection is tried again: all of it is the usual here.
        "--cert-type" | "--http2" | "--retry-delay" | "--retry-connrefused" => {}
        "--http2-prior-knowledge" => options.set("http", "2"),
        "--unix-socket" => options.set("unix_socket", value),
        "--resolve" => return resolve(options, value),
        "--retry" => options.set("retry", value),
        "--retry-all-errors" => return Taken::But("what is tried again after is in the options"),
        _ => return Taken::No,
    }
    Taken::Whole
}

/// `file[:password]`; a backslash takes the meaning from a colon: curl(1), --cert.
fn certificate(options: &mut Choices, value: &str) -> Taken {
    let (mut file, mut password) = (String::new(), None);
    let mut rest = value.chars();
    while let Some(char) = rest.next() {
        match char {
            '\\' => file.extend(rest.next()),
            ':' => {
                password = Some(rest.as_str().to_owned());
                break;
            }
            char => file.push(char),
        }
    }
    options.set("client_certificate", file);
    if let Some(password) = password {
        options.set("client_password", password);
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
fn resolve(options: &mut Choices, value: &str) -> Taken {
    let mut parts = value.trim_start_matches('+').splitn(3, ':');
    let (Some(host), Some(_), Some(addresses)) = (parts.next(), parts.next(), parts.next()) else {
        return Taken::But("it is not of the form host:port:address");
    };
    let mut addresses = addresses.split(',');
    let first = addresses.next().unwrap_or_default();
    let mut pairs = options.get("addresses").to_owned();
    if !pairs.is_empty() {
        pairs.push(',');
    }
    pairs.push_str(host);
    pairs.push('=');
    pairs.push_str(first.trim_matches(['[', ']']));
    options.set("addresses", pairs);
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
    let certificate = transport
        .client_certificate
        .replace('\\', r"\\")
        .replace(':', r"\:");
    let is_store = [".p12", ".pfx"]
        .iter()
        .any(|end| certificate.to_ascii_lowercase().ends_with(end));
    let texts = [
        ("--proxy", transport.proxy.as_str()),
        ("--noproxy", transport.no_proxy.as_str()),
        ("--cacert", transport.authorities.as_str()),
        ("--cert", certificate.as_str()),
        ("--cert-type", if is_store { "P12" } else { "" }),
        ("--key", transport.client_key.as_str()),
        ("--pass", transport.client_password.0.as_str()),
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
    use crate::{
        format::curl::import,
        options::{parse_addresses, read},
    };

    fn imported(command: &str) -> Transport {
        let imported = import(command).unwrap();
        assert_eq!(imported.notes, [""; 0], "{command}");
        read(&imported.request.options).unwrap().transport
    }

    #[test]
    fn the_way_is_exported_and_imported_the_same() {
        let transport = Transport {
            version: VersionChoice::Http1,
            proxy: "http://proxy:3128".to_owned(),
            no_proxy: "a.test,b.test".to_owned(),
            authorities: "my ca.pem".to_owned(),
            client_certificate: r"C:\me.p12".to_owned(),
            client_key: "my key.pem".to_owned(),
            client_password: "it's:me".into(),
            insecure: true,
            unix_socket: "/run/x".to_owned(),
            addresses: "h=127.0.0.1,i=::1".to_owned(),
        };
        let command = format!(
            "curl https://h/ {}",
            export(&transport, "https://h/").join(" ")
        );
        assert_eq!(imported(&command), transport, "{command}");
        assert_eq!(parse_addresses(&transport.addresses).unwrap().len(), 2);
        let none = Transport {
            proxy: "none".to_owned(),
            ..Transport::default()
        };
        let command = format!("curl h {}", export(&none, "http://h/").join(" "));
        assert_eq!(imported(&command), none);
        let certificate = imported("curl h --cert me.pem:s3cret");
        assert_eq!(certificate.client_certificate, "me.pem");
        assert_eq!(certificate.client_password.0, "s3cret");
    }

    #[test]
    fn what_is_not_quite_the_same_is_told() {
        let command = "curl h --resolve h:80:1.1.1.1,2.2.2.2 -x p:1 --retry 2";
        let imported = import(command).unwrap();
        let options = imported.request.options;
        assert_eq!(
            (options.get("addresses"), options.get("proxy")),
            ("h=1.1.1.1", "http://p:1")
        );
        assert_eq!(options.get("retry"), "2");
        let notes = imported.notes.join("\n");
        assert!(notes.contains("--resolve: only the first"), "{notes}");
    }
}

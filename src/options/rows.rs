//! Every option, in the order in which the tab shows them.

use url::Url;

use crate::{
    model::{IdempotencyKey, Options, Redirects, VersionChoice},
    pattern::read_hosts,
};

use super::{
    Content, Row, occasions, parse_addresses,
    seconds::{read_limit, read_seconds, show_limit},
};

const SWITCH: Content = Content::Choice(&[("on", "on"), ("off", "off")]);

/// Schemes of proxies that the wire knows.
const PROXIES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// How often a send may be tried again: more is a mistake.
const MOST_RETRIES: u32 = 100;

/// The options.
pub const OPTIONS: &[Row] = &[
    Row {
        name: "timeout",
        label: "time limit",
        help: "seconds for the whole send, all attempts included, or never",
        content: Content::Number,
        guarded: false,
        read: |text, options| read_limit(text).map(|limit| options.total_timeout = limit),
        show: |options| show_limit(options.total_timeout),
    },
    Row {
        name: "connect_timeout",
        label: "to connect",
        help: "seconds for the name, TCP and TLS together",
        content: Content::Number,
        guarded: false,
        read: read_connect_timeout,
        show: |options| show_limit(Some(options.connect_timeout)),
    },
    Row {
        name: "idle_timeout",
        label: "silence",
        help: "seconds that the server may be silent once the request is on its way",
        content: Content::Number,
        guarded: false,
        read: |text, options| read_limit(text).map(|limit| options.idle_timeout = limit),
        show: |options| show_limit(options.idle_timeout),
    },
    Row {
        name: "redirects",
        label: "redirects",
        help: "what happens on a 3xx with a Location",
        content: Content::Choice(&[
            ("follow", "follow, as browsers do"),
            ("keep-method", "follow, keep the method and the body"),
            ("stop", "stop: the 3xx is the answer"),
            ("ask", "ask at each one"),
        ]),
        guarded: false,
        read: |text, options| {
            one_of(Redirects::ALL, Redirects::name, text).map(|it| options.redirects = it)
        },
        show: |options| options.redirects.name().to_owned(),
    },
    Row {
        name: "http",
        label: "HTTP version",
        help: "negotiated: HTTP/2 where the server offers it in the TLS handshake",
        content: Content::Choice(&[
            ("negotiated", "negotiated"),
            ("1.1", "1.1 alone"),
            ("2", "2 alone, with prior knowledge over plain http"),
        ]),
        guarded: false,
        read: |text, options| {
            one_of(VersionChoice::ALL, VersionChoice::name, text)
                .map(|it| options.transport.version = it)
        },
        show: |options| options.transport.version.name().to_owned(),
    },
    Row {
        name: "compression",
        label: "compression",
        help: "on: the server is told that gzip, deflate, br and zstd are fine",
        content: SWITCH,
        guarded: false,
        read: |text, options| read_switch(text).map(|on| options.compression = on),
        show: |options| show_switch(options.compression),
    },
    Row {
        name: "insecure",
        label: "insecure",
        help: "on: any certificate is taken, so that anybody may listen",
        content: SWITCH,
        guarded: true,
        read: |text, options| read_switch(text).map(|on| options.transport.insecure = on),
        show: |options| show_switch(options.transport.insecure),
    },
    Row {
        name: "authorities",
        label: "CA file",
        help: "a PEM file of authorities that are trusted beside those of the system",
        content: Content::Text,
        guarded: true,
        read: |text, options| assign(&mut options.transport.authorities, text),
        show: |options| shown(&options.transport.authorities),
    },
    Row {
        name: "client_certificate",
        label: "client certificate",
        help: "a file with the certificate, and its key if it is in there: PEM or PKCS#12 (.p12)",
        content: Content::Text,
        guarded: true,
        read: |text, options| assign(&mut options.transport.client_certificate, text),
        show: |options| shown(&options.transport.client_certificate),
    },
    Row {
        name: "client_key",
        label: "its key",
        help: "a PEM file with the key, where it is not in that of the certificate",
        content: Content::Text,
        guarded: true,
        read: |text, options| assign(&mut options.transport.client_key, text),
        show: |options| match options.transport.client_key.as_str() {
            "" => "in the same file".to_owned(),
            path => path.to_owned(),
        },
    },
    Row {
        name: "client_password",
        label: "its password",
        help: "what opens PKCS#12 or an encrypted key; a template such as {{ its_name }} keeps it out of files",
        content: Content::Secret,
        guarded: true,
        read: |text, options| assign(&mut options.transport.client_password.0, text),
        show: |_| shown(""),
    },
    Row {
        name: "proxy",
        label: "proxy",
        help: "http://host:port, https, socks5 or socks5h; none: no proxy at all",
        content: Content::Text,
        guarded: true,
        read: read_proxy,
        show: |options| match options.transport.proxy.as_str() {
            "" => "that of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY".to_owned(),
            proxy => proxy.to_owned(),
        },
    },
    Row {
        name: "no_proxy",
        label: "not for",
        help: "hosts that this proxy is not used for, separated by commas",
        content: Content::Text,
        guarded: true,
        read: |text, options| assign(&mut options.transport.no_proxy, text),
        show: |options| shown(&options.transport.no_proxy),
    },
    Row {
        name: "unix_socket",
        label: "Unix socket",
        help: "a socket to connect to in place of the URL's host and port",
        content: Content::Text,
        guarded: true,
        read: |text, options| assign(&mut options.transport.unix_socket, text),
        show: |options| shown(&options.transport.unix_socket),
    },
    Row {
        name: "addresses",
        label: "addresses",
        help: "host=address, several with commas, in place of a name's own",
        content: Content::Text,
        guarded: true,
        read: read_addresses,
        show: |options| shown(&options.transport.addresses),
    },
    Row {
        name: "retry",
        label: "retries",
        help: "how often it is tried again: a POST only where it cannot act twice",
        content: Content::Number,
        guarded: false,
        read: read_retry,
        show: |options| match options.retry.times {
            0 => "off".to_owned(),
            times => times.to_string(),
        },
    },
    Row {
        name: "retry_on",
        label: "retried after",
        help: "connect, lost (it broke off), statuses such as 503, 502-504 or 5xx",
        content: Content::Text,
        guarded: false,
        read: |text, options| occasions::read(text).map(|on| options.retry.on = on),
        show: |options| occasions::show(&options.retry.on),
    },
    Row {
        name: "retry_wait",
        label: "first wait",
        help: "seconds before the second attempt, then doubled; Retry-After wins",
        content: Content::Number,
        guarded: false,
        read: |text, options| read_seconds(text).map(|wait| options.retry.wait = wait),
        show: |options| show_limit(Some(options.retry.wait)),
    },
    Row {
        name: "retry_unsafe",
        label: "retry a POST",
        help: "on: what may act twice on the server is tried again, too",
        content: SWITCH,
        guarded: false,
        read: |text, options| read_switch(text).map(|on| options.retry.unsafe_too = on),
        show: |options| show_switch(options.retry.unsafe_too),
    },
    Row {
        name: "idempotency_key",
        label: "Idempotency-Key",
        help: "on: a new one for each send, kept over its retries; or your own. Sent in quotes; bare as a row of Headers",
        content: Content::Text,
        guarded: false,
        read: read_key,
        show: |options| match &options.idempotency_key {
            IdempotencyKey::None => "off".to_owned(),
            IdempotencyKey::Made => "on: a new one for each send".to_owned(),
            IdempotencyKey::Given(key) => key.clone(),
        },
    },
    Row {
        name: "cookies",
        label: "cookie jar",
        help: "on: its cookies go along, and those that servers set go into it",
        content: SWITCH,
        guarded: false,
        read: |text, options| read_switch(text).map(|on| options.use_jar = on),
        show: |options| show_switch(options.use_jar),
    },
    Row {
        name: "history",
        label: "history",
        help: "off: the exchange is shown, and nothing of it is written down",
        content: SWITCH,
        guarded: true,
        read: |text, options| read_switch(text).map(|on| options.recording.is_on = on),
        show: |options| show_switch(options.recording.is_on),
    },
    Row {
        name: "history_never",
        label: "never kept",
        help: "hosts of which nothing is written down, with commas: *.bank.example, localhost:9000",
        content: Content::Text,
        guarded: true,
        read: |text, options| {
            read_hosts(text)?;
            assign(&mut options.recording.never, text)
        },
        show: |options| shown(&options.recording.never),
    },
];

#[expect(
    clippy::unnecessary_wraps,
    reason = "every option is read by a function of one type"
)]
fn assign(place: &mut String, text: &str) -> Result<(), String> {
    text.clone_into(place);
    Ok(())
}

fn shown(text: &str) -> String {
    if text.is_empty() { "none" } else { text }.to_owned()
}

fn one_of<T: Copy>(
    all: impl IntoIterator<Item = T>,
    name: fn(T) -> &'static str,
    text: &str,
) -> Result<T, String> {
    let all: Vec<T> = all.into_iter().collect();
    let found = all.iter().find(|it| name(**it) == text);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|it| name(*it)).collect();
        format!("“{text}” is none of {}", names.join(", "))
    })
}

fn read_switch(text: &str) -> Result<bool, String> {
    match text {
        "on" | "true" | "yes" => Ok(true),
        "off" | "false" | "no" => Ok(false),
        _ => Err(format!("“{text}” is neither on nor off")),
    }
}

fn show_switch(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

fn read_connect_timeout(text: &str, options: &mut Options) -> Result<(), String> {
    let limit = read_seconds(text)?;
    if limit.is_zero() {
        return Err("no connection is made in no time: write seconds, such as 10".to_owned());
    }
    options.connect_timeout = limit;
    Ok(())
}

/// What is wrong is told without the user and password that may stand in it.
fn read_proxy(text: &str, options: &mut Options) -> Result<(), String> {
    if text != "none" {
        let url = Url::parse(text).map_err(|error| {
            format!("this is no address of a proxy ({error}): write http://host:port, or none")
        })?;
        if !PROXIES.contains(&url.scheme()) {
            return Err(format!(
                "a proxy cannot be of the kind “{}”: {}",
                url.scheme(),
                PROXIES.join(", ")
            ));
        }
        if !url.has_host() {
            return Err("the address of the proxy has no host".to_owned());
        }
    }
    assign(&mut options.transport.proxy, text)
}

fn read_addresses(text: &str, options: &mut Options) -> Result<(), String> {
    parse_addresses(text).map_err(|pair| {
        format!("“{pair}” is no pair of a host and an address: write host=127.0.0.1")
    })?;
    assign(&mut options.transport.addresses, text)
}

fn read_retry(text: &str, options: &mut Options) -> Result<(), String> {
    if matches!(text, "off" | "never") {
        options.retry.times = 0;
        return Ok(());
    }
    let times = text.parse().ok().filter(|times| *times <= MOST_RETRIES);
    options.retry.times = times
        .ok_or_else(|| format!("“{text}” is no number of retries: 0 to {MOST_RETRIES}, or off"))?;
    Ok(())
}

/// A key is a text of printable ASCII: RFC 9651, Section 3.3.3.
fn read_key(text: &str, options: &mut Options) -> Result<(), String> {
    options.idempotency_key = match text {
        "on" => IdempotencyKey::Made,
        "off" => IdempotencyKey::None,
        key if key.bytes().all(|byte| matches!(byte, b' '..=b'~')) => {
            IdempotencyKey::Given(key.to_owned())
        }
        _ => {
            return Err(
                "an Idempotency-Key may hold ASCII letters, digits and signs only".to_owned(),
            );
        }
    };
    Ok(())
}

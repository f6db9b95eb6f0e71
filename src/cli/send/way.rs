//! The arguments about the way to the server: timeouts, redirects, certificates, proxy, addresses.

use std::time::Duration;

use crate::model::{Options, Redirects, Transport, VersionChoice};

use super::request::parse_seconds;

/// The way to the server.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "The way to the server")]
pub struct Way {
    /// Seconds for the whole send; fractions are fine, 0 waits for ever [default: 300]
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub timeout: Option<Duration>,

    /// Seconds for the name, TCP and TLS together [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub connect_timeout: Option<Duration>,

    /// Seconds that the server may be silent [default: no limit]
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub idle_timeout: Option<Duration>,

    /// Take a redirect as the answer instead of following it
    #[arg(long, conflicts_with = "keep_method")]
    pub no_follow: bool,

    /// Follow redirects with the method and the body as they are, a 302 too
    #[arg(long)]
    pub keep_method: bool,

    /// Take any certificate; the send is marked as insecure
    #[arg(short = 'k', long)]
    pub insecure: bool,

    /// Trust the authorities of this PEM file, too
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<String>,

    /// Show this client certificate: a PEM file with the certificate and its key
    #[arg(long, value_name = "FILE")]
    pub cert: Option<String>,

    /// Speak HTTP/1.1 alone
    #[arg(long = "http1.1", conflicts_with = "http2")]
    pub http1: bool,

    /// Speak HTTP/2 alone
    #[arg(long)]
    pub http2: bool,

    /// Go by way of this proxy (http, https, socks5, socks5h), or by none
    #[arg(short = 'x', long, value_name = "URL|none")]
    pub proxy: Option<String>,

    /// Hosts that the proxy is not used for, separated by commas
    #[arg(long, value_name = "HOSTS")]
    pub noproxy: Option<String>,

    /// Connect to ADDRESS where the URL says HOST; may be given several times
    #[arg(long, value_name = "HOST=ADDRESS")]
    pub resolve: Vec<String>,

    /// Connect to this Unix socket
    #[arg(long, value_name = "PATH")]
    pub unix_socket: Option<String>,
}

impl Way {
    /// As options of a request.
    pub fn options(&self) -> Options {
        let usual = Options::default();
        Options {
            connect_timeout: self.connect_timeout.unwrap_or(usual.connect_timeout),
            idle_timeout: self.idle_timeout.filter(|limit| !limit.is_zero()),
            total_timeout: match self.timeout {
                Some(Duration::ZERO) => None,
                Some(timeout) => Some(timeout),
                None => usual.total_timeout,
            },
            redirects: match (self.no_follow, self.keep_method) {
                (true, _) => Redirects::Stop,
                (false, true) => Redirects::KeepMethod,
                (false, false) => Redirects::Follow,
            },
            transport: self.transport(),
            ..usual
        }
    }

    /// Puts what is asked for here in the place of what a request brings along.
    pub fn add_to(&self, options: &mut Options) {
        let asked = self.options();
        if self.connect_timeout.is_some() {
            options.connect_timeout = asked.connect_timeout;
        }
        if self.idle_timeout.is_some() {
            options.idle_timeout = asked.idle_timeout;
        }
        if self.timeout.is_some() {
            options.total_timeout = asked.total_timeout;
        }
        if self.no_follow || self.keep_method {
            options.redirects = asked.redirects;
        }
        let (present, asked) = (&mut options.transport, asked.transport);
        if asked.version != VersionChoice::default() {
            present.version = asked.version;
        }
        present.insecure |= asked.insecure;
        for (present, asked) in [
            (&mut present.proxy, asked.proxy),
            (&mut present.no_proxy, asked.no_proxy),
            (&mut present.authorities, asked.authorities),
            (&mut present.client_certificate, asked.client_certificate),
            (&mut present.unix_socket, asked.unix_socket),
            (&mut present.addresses, asked.addresses),
        ] {
            if !asked.is_empty() {
                *present = asked;
            }
        }
    }

    fn transport(&self) -> Transport {
        let text = |given: &Option<String>| given.clone().unwrap_or_default();
        Transport {
            version: match (self.http1, self.http2) {
                (true, _) => VersionChoice::Http1,
                (false, true) => VersionChoice::Http2,
                (false, false) => VersionChoice::Negotiated,
            },
            proxy: text(&self.proxy),
            no_proxy: text(&self.noproxy),
            authorities: text(&self.cacert),
            client_certificate: text(&self.cert),
            insecure: self.insecure,
            unix_socket: text(&self.unix_socket),
            addresses: self.resolve.join(","),
        }
    }
}

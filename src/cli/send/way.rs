//! The arguments about how a request is sent -> the choices that the Options tab would have made.

use crate::{
    cli::Stop,
    model::{Choices, Redirects},
    options::{self, OptionError},
};

/// The way to the server.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "The way to the server")]
pub struct Way {
    /// Seconds for the whole send; fractions are fine, 0 waits for ever [default: 300]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub timeout: Option<String>,

    /// Seconds for the name, TCP and TLS together [default: 10]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub connect_timeout: Option<String>,

    /// Seconds that the server may be silent [default: no limit]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub idle_timeout: Option<String>,

    /// What happens on a redirect [default: follow]
    ///
    /// follow as browsers do, keep-method (and body), stop: the 3xx is the answer, ask at the terminal
    #[arg(long, value_name = "HOW", value_parser = Redirects::ALL.map(Redirects::name))]
    pub redirects: Option<String>,

    /// Take a redirect as the answer instead of following it: --redirects stop
    #[arg(long, conflicts_with_all = ["keep_method", "redirects"])]
    pub no_follow: bool,

    /// Follow redirects with the method and the body as they are, a 302 too: --redirects keep-method
    #[arg(long, conflicts_with = "redirects")]
    pub keep_method: bool,

    /// Tell the server that compressed answers are welcome; the body is printed without its compression
    #[arg(long, overrides_with = "no_compression")]
    pub compression: bool,

    /// Tell it nothing of compression, whatever the environment or the configuration says
    #[arg(long)]
    pub no_compression: bool,

    /// Send none of the jar's cookies, and keep none that the server sets
    #[arg(long)]
    pub no_cookies: bool,

    /// Take any certificate; the send is marked as insecure
    #[arg(short = 'k', long)]
    pub insecure: bool,

    /// Trust the authorities of this PEM file, too
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<String>,

    /// Show this client certificate: a file with the certificate and its key, PEM or PKCS#12
    #[arg(long, value_name = "FILE")]
    pub cert: Option<String>,

    /// The key of --cert, where it is in a PEM file of its own
    #[arg(long, value_name = "FILE")]
    pub key: Option<String>,

    /// What opens the PKCS#12 file or an encrypted key; @FILE reads it from a file
    #[arg(long, value_name = "PASSWORD")]
    pub cert_password: Option<String>,

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

    /// Try again up to N times, waiting longer each time; a POST only where it cannot act twice
    #[arg(long, value_name = "N")]
    pub retry: Option<String>,

    /// After what [default: connect lost 429 502-504]
    #[arg(long, value_name = "WORDS", requires = "retry")]
    pub retry_on: Option<String>,

    /// Seconds before the second attempt, doubled each time; Retry-After wins [default: 0.5]
    #[arg(long, value_name = "SECONDS", requires = "retry")]
    pub retry_wait: Option<String>,

    /// Try again what may act twice on the server, too
    #[arg(long, requires = "retry")]
    pub retry_unsafe: bool,

    /// Send an Idempotency-Key: a new one, kept over the retries, or VALUE
    ///
    /// It goes out in quotes, since the draft of the field (draft-ietf-httpapi-idempotency-key-header) has it a
    /// String of structured fields. For a server that wants it bare, give the header: Idempotency-Key:VALUE
    #[arg(long, value_name = "VALUE", num_args = 0..=1, require_equals = true, default_missing_value = "on")]
    pub idempotency_key: Option<String>,

    /// Write nothing of it down: no row in the history, no cookie, no body too large for the memory
    #[arg(long)]
    pub private: bool,

    /// Likewise, where it goes or a redirect leads to one of these hosts, separated by commas
    #[arg(long, value_name = "HOSTS")]
    pub private_hosts: Option<String>,
}

impl Way {
    /// What is chosen here. What cannot be used is a mistake of the command line.
    pub fn choices(&self) -> Result<Choices, Stop> {
        let mut choices = Choices::default();
        let texts = [
            ("timeout", &self.timeout),
            ("connect_timeout", &self.connect_timeout),
            ("idle_timeout", &self.idle_timeout),
            ("redirects", &self.redirects),
            ("authorities", &self.cacert),
            ("client_certificate", &self.cert),
            ("client_key", &self.key),
            ("proxy", &self.proxy),
            ("no_proxy", &self.noproxy),
            ("unix_socket", &self.unix_socket),
            ("retry", &self.retry),
            ("retry_on", &self.retry_on),
            ("retry_wait", &self.retry_wait),
            ("idempotency_key", &self.idempotency_key),
            ("history_never", &self.private_hosts),
        ];
        for (name, text) in texts {
            choices.set(name, text.clone().unwrap_or_default());
        }
        if let Some(password) = &self.cert_password {
            choices.set("client_password", super::credentials::read_value(password)?);
        }
        choices.set("addresses", self.resolve.join(","));
        let switches = [
            ("redirects", "stop", self.no_follow),
            ("redirects", "keep-method", self.keep_method),
            ("compression", "on", self.compression),
            ("compression", "off", self.no_compression),
            ("insecure", "on", self.insecure),
            ("cookies", "off", self.no_cookies),
            ("http", "1.1", self.http1),
            ("http", "2", self.http2),
            ("retry_unsafe", "on", self.retry_unsafe),
            ("history", "off", self.private),
        ];
        for (name, text, _) in switches.iter().filter(|(.., given)| *given) {
            choices.set(name, *text);
        }
        check(&choices)?;
        Ok(choices)
    }
}

/// A value with a template is checked when it is known.
fn check(choices: &Choices) -> Result<(), Stop> {
    let wrong = |OptionError { name, reason }: OptionError| {
        Stop::usage(&format!("{}: {reason}", flag(name)))
    };
    options::OPTIONS
        .iter()
        .filter(|row| !choices.get(row.name).contains("{{"))
        .try_for_each(|row| row.check(choices.get(row.name)).map_err(wrong))
}

/// The option of the command line that chooses it.
fn flag(name: &str) -> String {
    match name {
        "authorities" => "--cacert".to_owned(),
        "client_certificate" => "--cert".to_owned(),
        "client_key" => "--key".to_owned(),
        "client_password" => "--cert-password".to_owned(),
        "no_proxy" => "--noproxy".to_owned(),
        "addresses" => "--resolve".to_owned(),
        "cookies" => "--no-cookies".to_owned(),
        "history" => "--private".to_owned(),
        "history_never" => "--private-hosts".to_owned(),
        name => format!("--{}", name.replace('_', "-")),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        way: Way,
    }

    fn choices(words: &[&str]) -> Result<Choices, String> {
        let words = [&["send"], words].concat();
        let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
        line.way.choices().map_err(|stop| match stop {
            Stop::Usage(reason) => reason,
            Stop::Trouble(error) => format!("{error:?}"),
        })
    }

    #[test]
    fn every_option_of_the_table_has_a_flag() {
        let all = choices(&[
            "--timeout=0",
            "--connect-timeout=1",
            "--idle-timeout=2.5",
            "--redirects=ask",
            "--compression",
            "-k",
            "--cacert=ca.pem",
            "--cert=me.p12",
            "--key=me.key",
            "--cert-password=s3cret",
            "--http2",
            "-x",
            "none",
            "--noproxy=a,b",
            "--resolve=h=127.0.0.1",
            "--resolve=i=::1",
            "--unix-socket=/x",
            "--retry=2",
            "--retry-on=lost 503",
            "--retry-wait=0.1",
            "--retry-unsafe",
            "--idempotency-key",
            "--no-cookies",
            "--private",
            "--private-hosts=*.bank.example",
        ])
        .unwrap();
        for row in options::OPTIONS {
            assert!(!all.get(row.name).is_empty(), "{} has no flag", row.name);
        }
        assert_eq!(all.get("addresses"), "h=127.0.0.1,i=::1");
        assert_eq!(all.get("idempotency_key"), "on");
        let key = choices(&["--idempotency-key=abc"]).unwrap();
        assert_eq!(key.get("idempotency_key"), "abc");
        assert_eq!(choices(&["--no-follow"]).unwrap().get("redirects"), "stop");
        assert!(choices(&[]).unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_used_is_named_by_its_flag() {
        for (words, reason) in [
            (&["--timeout", "soon"][..], "--timeout: “soon”"),
            (&["--timeout", "-1"], "--timeout: “-1”"),
            (&["--retry", "many"], "--retry: “many”"),
            (&["-x", "ftp://h"], "--proxy: "),
            (&["--resolve", "h"], "--resolve: “h”"),
            (&["--redirects", "maybe"], "possible values"),
            (&["--retry-on", "503"], "--retry"),
            (&["--private-hosts", "-"], "--private-hosts: type a host"),
        ] {
            let error = choices(words).unwrap_err();
            assert!(error.contains(reason), "{words:?}: {error}");
        }
        assert!(choices(&["-x", "http://{{ proxy }}"]).is_ok());
    }
}

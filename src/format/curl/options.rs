//! curl's options, and the words of a command told apart by them. The names are those of curl 8.

use super::CurlError;

/// What an option asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    Url,
    Method,
    Header,
    Data,
    DataRaw,
    DataUrlencode,
    Json,
    Form,
    User,
    Bearer,
    Cookie,
    UserAgent,
    Referer,
    MaxTime,
    ConnectTimeout,
    UrlQuery,
    Upload,
    Get,
    Head,
    Follow,
    Compressed,
    Next,
    /// Only about what curl itself prints or writes.
    Output,
    /// Braces and brackets of a URL mean themselves.
    GlobOff,
    /// What posttui does anyway, or what makes no difference to the request.
    Nothing,
    /// What has no counterpart here.
    Elsewhere,
}

/// An option as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// Long, with its hyphens.
    pub(super) name: String,
    pub(super) deed: Deed,
    /// Empty for an option that takes none.
    pub(super) value: String,
    /// False for `--no-…`.
    pub(super) on: bool,
}

/// Options that matter: the letter or a blank, the name, what it asks for.
const VALUES: [(char, &str, Deed); 23] = [
    (' ', "url", Deed::Url),
    ('X', "request", Deed::Method),
    ('H', "header", Deed::Header),
    ('d', "data", Deed::Data),
    (' ', "data-ascii", Deed::Data),
    (' ', "data-binary", Deed::Data),
    (' ', "data-raw", Deed::DataRaw),
    (' ', "data-urlencode", Deed::DataUrlencode),
    (' ', "json", Deed::Json),
    ('F', "form", Deed::Form),
    (' ', "form-string", Deed::Form),
    ('u', "user", Deed::User),
    (' ', "oauth2-bearer", Deed::Bearer),
    ('b', "cookie", Deed::Cookie),
    ('A', "user-agent", Deed::UserAgent),
    ('e', "referer", Deed::Referer),
    ('m', "max-time", Deed::MaxTime),
    (' ', "connect-timeout", Deed::ConnectTimeout),
    (' ', "url-query", Deed::UrlQuery),
    ('T', "upload-file", Deed::Upload),
    ('o', "output", Deed::Output),
    ('w', "write-out", Deed::Output),
    ('D', "dump-header", Deed::Output),
];

const FLAGS: [(char, &str, Deed); 16] = [
    ('G', "get", Deed::Get),
    ('g', "globoff", Deed::GlobOff),
    ('I', "head", Deed::Head),
    ('L', "location", Deed::Follow),
    (' ', "compressed", Deed::Compressed),
    (':', "next", Deed::Next),
    ('s', "silent", Deed::Output),
    ('S', "show-error", Deed::Output),
    ('v', "verbose", Deed::Output),
    ('i', "include", Deed::Output),
    ('f', "fail", Deed::Output),
    ('O', "remote-name", Deed::Output),
    ('J', "remote-header-name", Deed::Output),
    ('N', "no-buffer", Deed::Output),
    ('#', "progress-bar", Deed::Output),
    ('R', "remote-time", Deed::Output),
];

/// The other options, `x/name` where there is a letter for them.
const OTHERS: [(bool, Deed, &str); 5] = [
    (
        false,
        Deed::Output,
        "create-dirs fail-early fail-with-body no-clobber no-progress-meter remote-name-all \
         remove-on-error styled-output trace-time xattr progress-meter trace-ids skip-existing buffer",
    ),
    (
        true,
        Deed::Output,
        "create-file-mode libcurl output-dir stderr trace trace-ascii trace-config",
    ),
    (
        false,
        Deed::Nothing,
        "basic q/disable no-keepalive keepalive no-sessionid sessionid tcp-nodelay \
         suppress-connect-headers",
    ),
    (
        false,
        Deed::Elsewhere,
        "k/insecure location-trusted anyauth a/append cert-status compressed-ssh crlf digest \
         disable-eprt disable-epsv disallow-username-in-url doh-cert-status doh-insecure false-start \
         form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control \
         haproxy-protocol http0.9 0/http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only \
         ignore-content-length 4/ipv4 6/ipv6 j/junk-session-cookies l/list-only \
         mail-rcpt-allowfails M/manual metalink negotiate n/netrc netrc-optional no-alpn alpn no-npn \
         npn ntlm ntlm-wb Z/parallel parallel-immediate path-as-is post301 post302 post303 \
         proxy-anyauth proxy-basic proxy-digest proxy-insecure proxy-negotiate proxy-ntlm \
         proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tlsv1 p/proxytunnel raw \
         retry-all-errors retry-connrefused sasl-ir socks5-basic socks5-gssapi socks5-gssapi-nec ssl \
         ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort 2/sslv2 \
         3/sslv3 tcp-fastopen tftp-no-options 1/tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding \
         B/use-ascii V/version ca-native proxy-ca-native mptcp proxy-http2 ech ssl-sessions",
    ),
    (
        true,
        Deed::Elsewhere,
        "abstract-unix-socket alt-svc aws-sigv4 cacert capath E/cert cert-type ciphers K/config \
         connect-to C/continue-at c/cookie-jar crlfile curves delegation dns-interface dns-ipv4-addr \
         dns-ipv6-addr dns-servers doh-url egd-file engine etag-compare etag-save expect100-timeout \
         ftp-account ftp-alternative-to-user ftp-method P/ftp-port ftp-ssl-ccc-mode \
         happy-eyeballs-timeout-ms haproxy-clientip h/help hostpubmd5 hostpubsha256 hsts interface \
         ip-tos keepalive-cnt keepalive-time key key-type krb limit-rate local-port login-options \
         mail-auth mail-from mail-rcpt max-filesize max-redirs netrc-file noproxy parallel-max pass \
         pinnedpubkey preproxy proto proto-default proto-redir x/proxy proxy-cacert proxy-capath \
         proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key proxy-key-type \
         proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype \
         proxy-tlspassword proxy-tlsuser U/proxy-user proxy1.0 pubkey Q/quote random-file r/range \
         rate request-target resolve retry retry-delay retry-max-time sasl-authzid service-name \
         sigalgs socks4 socks4a socks5 socks5-gssapi-service socks5-hostname Y/speed-limit \
         y/speed-time t/telnet-option tftp-blksize z/time-cond tls-earlydata tls-max tls13-ciphers \
         tlsauthtype tlspassword tlsuser unix-socket variable vlan-priority",
    ),
];

/// One option of curl.
#[derive(Debug, Clone, Copy)]
struct CurlOption {
    letter: char,
    name: &'static str,
    takes_value: bool,
    deed: Deed,
}

fn all() -> impl Iterator<Item = CurlOption> {
    let table = |options: &'static [(char, &'static str, Deed)], takes_value| {
        options.iter().map(move |(letter, name, deed)| CurlOption {
            letter: *letter,
            name,
            takes_value,
            deed: *deed,
        })
    };
    let others = OTHERS.iter().flat_map(|(takes_value, deed, names)| {
        names.split_whitespace().map(|name| {
            let (letter, name) = name.split_once('/').unwrap_or((" ", name));
            CurlOption {
                letter: letter.chars().next().unwrap_or(' '),
                name,
                takes_value: *takes_value,
                deed: *deed,
            }
        })
    });
    table(&VALUES, true)
        .chain(table(&FLAGS, false))
        .chain(others)
}

/// Tells the words after `curl` apart.
pub(super) fn read(words: &[String]) -> Result<Vec<Given>, CurlError> {
    let mut given = Vec::new();
    let mut words = words.iter();
    let mut only_urls = false;
    while let Some(word) = words.next() {
        let mut next = || words.next().cloned();
        match word.strip_prefix("--") {
            _ if only_urls => given.push(url(word)),
            Some("") => only_urls = true,
            Some(name) => given.push(long(name, &mut next)?),
            None => match word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                Some(letters) => short(letters, &mut next, &mut given)?,
                None => given.push(url(word)),
            },
        }
    }
    Ok(given)
}

fn url(word: &str) -> Given {
    Given {
        name: "--url".to_owned(),
        deed: Deed::Url,
        value: word.to_owned(),
        on: true,
    }
}

/// `--name`, `--name value`, `--name=value`, `--no-name`.
fn long(name: &str, next: &mut dyn FnMut() -> Option<String>) -> Result<Given, CurlError> {
    let find = |name: &str| all().find(|option| option.name == name);
    let (option, value, on) = if let Some(option) = find(name) {
        (option, None, true)
    } else if let Some((option, value)) = name
        .split_once('=')
        .and_then(|(name, value)| Some((find(name)?, value)))
        .filter(|(option, _)| option.takes_value)
    {
        (option, Some(value.to_owned()), true)
    } else if let Some(option) = name
        .strip_prefix("no-")
        .and_then(find)
        .filter(|option| !option.takes_value)
    {
        (option, None, false)
    } else {
        return Err(CurlError::UnknownOption(format!("--{name}")));
    };
    given(option, value, on, next)
}

/// `-sSL`, `-XPOST`, `-X POST`.
fn short(
    letters: &str,
    next: &mut dyn FnMut() -> Option<String>,
    found: &mut Vec<Given>,
) -> Result<(), CurlError> {
    let mut rest = letters.chars();
    while let Some(letter) = rest.next() {
        let option = all()
            .find(|option| option.letter == letter && letter != ' ')
            .ok_or_else(|| CurlError::UnknownOption(format!("-{letter}")))?;
        if option.takes_value {
            let value = Some(rest.as_str().to_owned()).filter(|value| !value.is_empty());
            found.push(given(option, value, true, next)?);
            return Ok(());
        }
        found.push(given(option, None, true, next)?);
    }
    Ok(())
}

fn given(
    option: CurlOption,
    value: Option<String>,
    on: bool,
    next: &mut dyn FnMut() -> Option<String>,
) -> Result<Given, CurlError> {
    let name = format!("--{}", option.name);
    let value = match value {
        Some(value) => value,
        None if option.takes_value => next().ok_or_else(|| CurlError::NoValue(name.clone()))?,
        None => String::new(),
    };
    Ok(Given {
        name,
        deed: option.deed,
        value,
        on,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(line: &str) -> Result<Vec<String>, CurlError> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let given = read(&words)?;
        Ok(given
            .iter()
            .map(|it| format!("{}{}{}", if it.on { "" } else { "!" }, it.name, it.value))
            .collect())
    }

    #[test]
    fn letters_may_be_put_together() {
        assert_eq!(
            given("-sSLXPOST -d a -ob h --json=1 --no-location -- -x").unwrap(),
            [
                "--silent",
                "--show-error",
                "--location",
                "--requestPOST",
                "--dataa",
                "--outputb",
                "--urlh",
                "--json1",
                "!--location",
                "--url-x"
            ]
        );
    }

    #[test]
    fn no_letter_and_no_name_is_given_twice() {
        let mut names: Vec<&str> = all().map(|option| option.name).collect();
        let mut letters: Vec<char> = all().map(|it| it.letter).filter(|it| *it != ' ').collect();
        let (count, letter_count) = (names.len(), letters.len());
        names.sort_unstable();
        names.dedup();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!((names.len(), letters.len()), (count, letter_count));
    }

    #[test]
    fn what_curl_does_not_know_is_refused() {
        assert_eq!(
            given("--frob"),
            Err(CurlError::UnknownOption("--frob".into()))
        );
        assert_eq!(given("-s@"), Err(CurlError::UnknownOption("-@".into())));
        assert_eq!(given("x -X"), Err(CurlError::NoValue("--request".into())));
    }
}

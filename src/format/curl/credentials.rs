//! Who sends it: `-u`, `--digest`, `--oauth2-bearer` and `--aws-sigv4` in and out.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    auth::{aws, oauth},
    model::{Auth, Header, PreparedRequest},
};

use super::{import::Reading, options::Given, quote::quote};

/// What is asked for beside user name and password.
#[derive(Debug, Default)]
pub(super) struct Credentials {
    pub(super) user: Option<String>,
    pub(super) bearer: Option<String>,
    digest: bool,
    /// What `--aws-sigv4` says.
    aws: Option<String>,
    /// A scheme that has no counterpart here.
    foreign: bool,
}

impl Credentials {
    /// Takes what chooses a scheme; false for another option, or one that has no counterpart.
    pub(super) fn take(&mut self, given: &Given) -> bool {
        match given.name.as_str() {
            "--digest" => {
                self.digest = given.on;
                true
            }
            "--aws-sigv4" => {
                self.aws = Some(given.value.clone());
                true
            }
            "--ntlm" | "--negotiate" | "--anyauth" => {
                self.foreign |= given.on;
                false
            }
            _ => false,
        }
    }

    /// Tells which of them have no effect, and why; their values may be secrets.
    fn unused(&self, why: &str) -> Vec<String> {
        let unused = [
            ("--user", self.user.is_some()),
            ("--oauth2-bearer", self.bearer.is_some()),
            ("--digest", self.digest),
            ("--aws-sigv4", self.aws.is_some()),
        ];
        let unused = unused.iter().filter(|(_, is_given)| *is_given);
        unused
            .map(|(name, _)| format!("{name}: left out, since {why}."))
            .collect()
    }
}

impl Reading {
    /// A header row of its own wins over all of it, as in curl.
    pub(super) fn place_credentials(&mut self) {
        let given = std::mem::take(&mut self.credentials);
        if self.sent_header("authorization").is_some() {
            let unused = given.unused("the command brings an Authorization header, as in curl");
            for told in unused {
                self.remark(told);
            }
            return;
        }
        if let Some(token) = given.bearer.clone() {
            let beside = Credentials {
                bearer: None,
                ..given
            };
            let unused = beside.unused("--oauth2-bearer goes out");
            for told in unused {
                self.note(told);
            }
            self.request.auth = Auth::new("bearer").with("token", token);
            return;
        }
        let Some(user) = given.user.clone() else {
            let unused = given.unused("there is no --user for it");
            for told in unused {
                self.note(told);
            }
            return;
        };
        if given.foreign {
            self.note("--user: the credentials of this scheme are not taken over.");
            return;
        }
        if given.digest && given.aws.is_some() {
            self.note("--digest: left out, since --aws-sigv4 signs the request.");
        }
        if !user.contains(':') {
            self.note("--user: curl would ask for the password; here it is empty.");
        }
        let (name, secret) = user.split_once(':').unwrap_or((&user, ""));
        self.request.auth = match (given.aws, given.digest) {
            (Some(place), _) => self.aws(&place, name, secret),
            (None, true) => login("digest", name, secret),
            (None, false) => login("basic", name, secret),
        };
    }

    /// `provider1[:provider2[:region[:service]]]`: curl(1), --aws-sigv4. What is left out follows from the
    /// name of the host.
    fn aws(&mut self, place: &str, access_key: &str, secret_key: &str) -> Auth {
        let mut parts = place.split(':');
        if !parts
            .next()
            .is_some_and(|it| it.eq_ignore_ascii_case("aws"))
        {
            self.note("--aws-sigv4: signed for aws, whatever provider it names.");
        }
        parts.next();
        let host = self.request.url.split("//").nth(1).unwrap_or_default();
        let host = host.split(['/', '?', ':']).next().unwrap_or_default();
        let mut labels = host.split('.');
        let (host_service, host_region) = (labels.next(), labels.next());
        let region = parts.next().filter(|it| !it.is_empty()).or(host_region);
        let service = parts.next().filter(|it| !it.is_empty()).or(host_service);
        Auth::new("aws")
            .with("access_key", access_key)
            .with("secret_key", secret_key)
            .with("region", region.unwrap_or_default())
            .with("service", service.unwrap_or_default())
    }
}

fn login(kind: &str, username: &str, password: &str) -> Auth {
    let auth = Auth::new(kind).with("username", username);
    if password.is_empty() {
        auth
    } else {
        auth.with("password", password)
    }
}

/// The options that make curl prove the same; what is in a header field already is read from there.
pub(super) fn export(prepared: &PreparedRequest) -> Vec<String> {
    let Some(auth) = &prepared.credentials.later else {
        return Vec::new();
    };
    if let Some(keys) = aws::Keys::read(auth) {
        let mut words = vec![
            format!(
                "--aws-sigv4 {}",
                quote(&format!("aws:amz:{}:{}", keys.region, keys.service))
            ),
            user(&keys.access_key, &keys.secret_key),
        ];
        if !keys.session_token.is_empty() {
            let field = format!("x-amz-security-token: {}", keys.session_token);
            words.push(format!("-H {}", quote(&field)));
        }
        return words;
    }
    if oauth::Settings::read(auth).is_some() {
        // The token is fetched when posttui sends; a shell has to bring its own.
        return vec!["--oauth2-bearer \"$TOKEN\"".to_owned()];
    }
    vec![
        "--digest".to_owned(),
        user(auth.field("username"), auth.field("password")),
    ]
}

fn user(name: &str, password: &str) -> String {
    format!("--user {}", quote(&format!("{name}:{password}")))
}

/// `Authorization` by the option that writes the very same field; `None` where none does.
pub(super) fn option_for(header: &Header) -> Option<String> {
    if !header.is("authorization") {
        return None;
    }
    let value = std::str::from_utf8(&header.value).ok()?;
    if let Some(token) = value.strip_prefix("Bearer ") {
        let is_plain = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        return is_plain.then(|| format!("--oauth2-bearer {}", quote(token)));
    }
    let coded = value.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(coded).ok()?).ok()?;
    let (name, password) = pair.split_once(':')?;
    let is_clear = !pair.contains(char::is_control);
    (is_clear && STANDARD.encode(&pair) == coded).then(|| user(name, password))
}

#[cfg(test)]
mod tests {
    use crate::{
        format::curl::{export, import},
        model::{Auth, Request},
        prepare::prepare,
    };

    fn auth(options: &str) -> (Auth, Vec<String>) {
        let imported = import(&format!(
            "curl https://es.eu-west-1.amazonaws.com/x {options}"
        ));
        let imported = imported.unwrap();
        let told = [imported.notes, imported.remarks].concat();
        (imported.request.auth, told)
    }

    #[test]
    fn every_scheme_finds_its_kind() {
        let login = |kind| {
            Auth::new(kind)
                .with("username", "ann")
                .with("password", "p:w")
        };
        assert_eq!(auth("-u ann:p:w").0, login("basic"));
        assert_eq!(auth("--basic --user ann:p:w").0, login("basic"));
        assert_eq!(auth("--digest -u ann:p:w").0, login("digest"));
        assert_eq!(auth("--digest --no-digest -u ann:p:w").0, login("basic"));
        let bearer = Auth::new("bearer").with("token", "t0");
        assert_eq!(auth("--oauth2-bearer t0").0, bearer);
        let aws = |region, service| {
            Auth::new("aws")
                .with("access_key", "AK")
                .with("secret_key", "SK")
                .with("region", region)
                .with("service", service)
        };
        let (signed, notes) = auth("--aws-sigv4 aws:amz:us-east-2:lambda -u AK:SK");
        assert_eq!((signed, notes.len()), (aws("us-east-2", "lambda"), 0));
        assert_eq!(
            auth("--aws-sigv4 aws:amz -u AK:SK").0,
            aws("eu-west-1", "es")
        );
        assert!(auth("-u ann:pw -H 'Authorization: mine'").0.is_none());
        for (options, lost) in [
            ("-u a:s3cret --oauth2-bearer t", &["--user"][..]),
            (
                "--digest --aws-sigv4 aws:amz:r:s -u a:s3cret",
                &["--digest"],
            ),
            (
                "--digest --aws-sigv4 aws:amz:r:s",
                &["--digest", "--aws-sigv4"],
            ),
            ("-u a:s3cret -H 'Authorization: mine'", &["--user"]),
            ("--digest -u a:s3cret", &[]),
        ] {
            let (_, notes) = auth(options);
            let named: Vec<&str> = notes.iter().filter_map(|it| it.split(':').next()).collect();
            assert_eq!(named, lost, "{options}");
            assert!(!notes.join(" ").contains("s3cret"), "{notes:?}");
        }
        let (none, notes) = auth("--ntlm -u ann:s3cret");
        assert!(none.is_none() && !notes.join(" ").contains("s3cret"));
    }

    #[test]
    fn what_is_exported_is_imported_the_same() {
        for auth in [
            Auth::new("basic")
                .with("username", "ann")
                .with("password", "it's ü:x"),
            Auth::new("basic").with("username", "ann"),
            Auth::new("bearer").with("token", "a.b~c=="),
            Auth::new("digest")
                .with("username", "ann")
                .with("password", "x"),
            Auth::new("aws")
                .with("access_key", "AK")
                .with("secret_key", "SK")
                .with("region", "r")
                .with("service", "s"),
        ] {
            let request = Request {
                url: "http://h/".to_owned(),
                auth,
                ..Request::default()
            };
            let command = export(&prepare(&request).unwrap());
            assert!(
                !command.to_lowercase().contains("authorization"),
                "{command}"
            );
            assert_eq!(
                import(&command).unwrap().request.auth,
                request.auth,
                "{command}"
            );
        }
    }
}

//! The options of a send that say who sends it -> the auth that the interface would have built.

use std::fs;

use anyhow::Context;

use crate::{
    auth::{self, KINDS},
    cli::Stop,
    model::Auth,
};

/// The options that have to do with credentials.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Credentials")]
pub struct Options {
    /// User name and password: for Basic, or for what --digest, --aws-sigv4 or --auth say
    #[arg(short, long, value_name = "USER:PASSWORD")]
    pub user: Option<String>,

    /// Answer the server's Digest challenge with what --user says
    #[arg(long, requires = "user", conflicts_with_all = ["bearer", "api_key", "aws_sigv4", "auth"])]
    pub digest: bool,

    /// Send a bearer token; @FILE reads it from a file
    #[arg(long, value_name = "TOKEN", conflicts_with_all = ["api_key", "aws_sigv4", "auth", "user"])]
    pub bearer: Option<String>,

    /// Send an API key under this name; @FILE in place of the value reads it from a file
    #[arg(long, value_name = "NAME=VALUE", conflicts_with_all = ["aws_sigv4", "auth", "user"])]
    pub api_key: Option<String>,

    /// Where the API key goes [default: header]
    #[arg(long, value_name = "PLACE", requires = "api_key", value_parser = ["header", "query"])]
    pub api_key_in: Option<String>,

    /// Sign for AWS; --user holds access key and secret key
    #[arg(
        long,
        value_name = "REGION/SERVICE",
        requires = "user",
        conflicts_with = "auth"
    )]
    pub aws_sigv4: Option<String>,

    /// Any kind by its name: none, basic, bearer, api-key, digest, oauth2, aws
    #[arg(long, value_name = "KIND")]
    pub auth: Option<String>,

    /// A field of that kind, @FILE in place of the value reads it from a file; may be given several
    /// times
    #[arg(long, value_name = "NAME=VALUE", requires = "auth")]
    pub auth_field: Vec<String>,
}

impl Options {
    /// What the options say together.
    pub fn auth(&self) -> Result<Auth, Stop> {
        if let Some(token) = &self.bearer {
            return Ok(Auth::new("bearer").with("token", read_value(token)?));
        }
        if let Some(pair) = &self.api_key {
            let (name, value) = split(pair, "--api-key")?;
            let place = self.api_key_in.as_deref().unwrap_or("header");
            return Ok(Auth::new("api-key")
                .with("in", place)
                .with("name", name)
                .with("value", read_value(value)?));
        }
        if let Some(place) = &self.aws_sigv4 {
            return self.aws(place);
        }
        let auth = match &self.auth {
            Some(kind) => self.by_name(kind)?,
            None if self.digest => Auth::new("digest"),
            None if self.user.is_some() => Auth::new("basic"),
            None => return Ok(Auth::default()),
        };
        Ok(match self.login()? {
            Some((username, password)) => {
                auth.with("username", username).with("password", password)
            }
            None => auth,
        })
    }

    /// Puts what is given here in the place of what a request brings along; of the same kind, its fields
    /// join those that are there.
    pub fn add_to(&self, auth: &mut Auth) -> Result<(), Stop> {
        let given = self.auth()?;
        if given.is_none() && self.auth.is_none() {
            return Ok(());
        }
        if given.kind == auth.kind {
            auth.fields.extend(given.fields);
        } else {
            *auth = given;
        }
        Ok(())
    }

    fn login(&self) -> Result<Option<(&str, &str)>, Stop> {
        let Some(user) = &self.user else {
            return Ok(None);
        };
        user.split_once(':').map(Some).ok_or_else(|| {
            Stop::usage("--user wants USER:PASSWORD; for an empty password end it with the colon")
        })
    }

    fn aws(&self, place: &str) -> Result<Auth, Stop> {
        let (region, service) = place.split_once('/').ok_or_else(|| {
            Stop::usage("--aws-sigv4 wants REGION/SERVICE, such as eu-central-1/execute-api")
        })?;
        let (access_key, secret_key) = self.login()?.unwrap_or_default();
        Ok(Auth::new("aws")
            .with("region", region)
            .with("service", service)
            .with("access_key", access_key)
            .with("secret_key", secret_key))
    }

    /// A kind with the fields that `--auth-field` gives; a name that it does not have is refused.
    fn by_name(&self, name: &str) -> Result<Auth, Stop> {
        let kind = auth::find(name).ok_or_else(|| {
            let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
            Stop::usage(&format!(
                "--auth knows no “{name}”; it knows {}",
                known.join(", ")
            ))
        })?;
        let mut auth = Auth::new(kind.name);
        for pair in &self.auth_field {
            let (field, value) = split(pair, "--auth-field")?;
            if !kind.fields.iter().any(|known| known.name == field) {
                let mut known: Vec<&str> = kind.fields.iter().map(|known| known.name).collect();
                known.dedup();
                return Err(Stop::usage(&format!(
                    "{name} has no field “{field}”; it has {}",
                    known.join(", ")
                )));
            }
            auth = auth.with(field, read_value(value)?);
        }
        Ok(auth)
    }
}

fn split<'a>(pair: &'a str, option: &str) -> Result<(&'a str, &'a str), Stop> {
    // The pair may hold a secret: it is not repeated.
    pair.split_once('=')
        .ok_or_else(|| Stop::usage(&format!("{option} wants NAME=VALUE")))
}

/// A value as it stands, or the first line of a file: what stands on a command line is seen by everybody
/// on the machine.
pub fn read_value(text: &str) -> Result<String, Stop> {
    let Some(path) = text.strip_prefix('@') else {
        return Ok(text.to_owned());
    };
    let content =
        fs::read_to_string(path).with_context(|| format!("cannot read a secret from {path}"))?;
    Ok(content.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    fn auth(line: &str) -> Result<Auth, String> {
        let words = std::iter::once("send").chain(line.split_whitespace());
        let line = Line::try_parse_from(words).map_err(|error| error.to_string())?;
        line.options.auth().map_err(|stop| stop.to_string())
    }

    #[test]
    fn the_short_ways_mean_kinds_and_fields() {
        let login = |kind: &str| {
            Auth::new(kind)
                .with("username", "ann")
                .with("password", "a:b")
        };
        for (line, expected) in [
            ("", Auth::default()),
            ("-u ann:a:b", login("basic")),
            ("--user ann:a:b --digest", login("digest")),
            ("--auth digest -u ann:a:b", login("digest")),
            ("--bearer t", Auth::new("bearer").with("token", "t")),
            (
                "--api-key k=v=w --api-key-in query",
                Auth::new("api-key")
                    .with("in", "query")
                    .with("name", "k")
                    .with("value", "v=w"),
            ),
            (
                "--aws-sigv4 eu-west-1/s3 -u AK:sk",
                Auth::new("aws")
                    .with("region", "eu-west-1")
                    .with("service", "s3")
                    .with("access_key", "AK")
                    .with("secret_key", "sk"),
            ),
            (
                "--auth oauth2 --auth-field token_url=:1/t --auth-field client_id=a=b",
                Auth::new("oauth2")
                    .with("token_url", ":1/t")
                    .with("client_id", "a=b"),
            ),
        ] {
            assert_eq!(auth(line).as_ref(), Ok(&expected), "{line}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (line, reason) in [
            ("-u ann", "USER:PASSWORD"),
            ("--digest", "--user"),
            ("--bearer t --digest -u a:b", "cannot be used with"),
            ("--auth later", "oauth2"),
            ("--auth basic --auth-field s3cret", "NAME=VALUE"),
            (
                "--auth basic --auth-field token=s3cret",
                "username, password",
            ),
            ("--aws-sigv4 us -u a:b", "REGION/SERVICE"),
            ("--api-key-in query", "--api-key"),
            ("--bearer @/nowhere/token", "/nowhere/token"),
        ] {
            let refusal = auth(line).unwrap_err();
            assert!(refusal.contains(reason), "{line}: {refusal}");
            assert!(!refusal.contains("s3cret"), "{line}: {refusal}");
        }
    }
}

//! The arguments of a send -> the [`Request`] that the interface would have built.

use crate::{
    cli::{Stop, import},
    model::{Field, Request},
    prepare::complete_path,
    status::rules,
};

use super::{Arguments, body, item::Item, words::Words};

/// Builds the request.
pub fn build(arguments: &Arguments) -> Result<Request, Stop> {
    if let Some(command) = &arguments.curl {
        return from_curl(arguments, command);
    }
    let words = Words::parse(&arguments.words).map_err(|error| Stop::usage(&error))?;
    let mut request = Request {
        method: words.method,
        url: words.url,
        auth: arguments.credentials.auth()?,
        rules: arguments.rules().cloned().collect(),
        options: arguments.way.choices()?,
        ..Request::default()
    };
    let mut fields = Vec::new();
    for item in words.items {
        match item {
            Item::Header { name, value } => request.headers.push(Field::new(name, value)),
            Item::Query { name, value } => request.query.push(Field::new(name, value)),
            Item::Field { .. } | Item::File { .. } | Item::Raw { .. } => fields.push(item),
        }
    }
    request.body = body::build(&arguments.content, fields)?;
    fill_path(&mut request, &arguments.path)?;
    Ok(request)
}

/// The request of a curl command; the way to the server and messages given beside it hold.
fn from_curl(arguments: &Arguments, command: &str) -> Result<Request, Stop> {
    if !arguments.words.is_empty() || arguments.content.is_given() {
        return Err(Stop::usage(
            "--curl brings the whole request along: leave the URL, the items and the options of the body out",
        ));
    }
    let (mut request, is_whole) = import::read_curl(&body::read_source(command)?)?;
    if !is_whole && !arguments.lossy && !arguments.dry_run {
        return Err(Stop::usage(
            "this would not be the request that curl sends, for what is told above: nothing was sent. --lossy sends it all the same, --dry-run shows it, and `posttui import curl` opens it to be completed",
        ));
    }
    request.rules = arguments.rules().cloned().collect();
    arguments.credentials.add_to(&mut request.auth)?;
    request.options.extend(&arguments.way.choices()?);
    fill_path(&mut request, &arguments.path)?;
    Ok(request)
}

/// Gives the parameters of the URL's path their values; one that the URL does not have is a mistake.
pub(super) fn fill_path(request: &mut Request, given: &[Field]) -> Result<(), Stop> {
    complete_path(request);
    for parameter in given {
        let rows = &mut request.path;
        let Some(row) = rows.iter_mut().find(|row| row.name == parameter.name) else {
            let known: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
            let known = if known.is_empty() {
                "it has none: write :NAME or {NAME} in it".to_owned()
            } else {
                format!("it has {}", known.join(", "))
            };
            return Err(Stop::usage(&format!(
                "the URL's path has no parameter “{}”: {known}",
                parameter.name
            )));
        };
        row.value.clone_from(&parameter.value);
        row.enabled = true;
    }
    Ok(())
}

/// Reads `--path NAME=VALUE`.
pub fn parse_path(text: &str) -> Result<Field, String> {
    let (name, value) = text
        .split_once('=')
        .ok_or("write the parameter's name and its value, such as id=5")?;
    let name = name
        .trim()
        .trim_start_matches([':', '{'])
        .trim_end_matches('}');
    if name.is_empty() {
        return Err("the parameter's name is missing: write it as in id=5".to_owned());
    }
    Ok(Field::new(name, value))
}

/// Reads `--on STATUS=MESSAGE`.
pub fn parse_rule(text: &str) -> Result<Field, String> {
    let (matcher, message) = text
        .split_once('=')
        .ok_or("write a status and your message for it, such as '404=No such user.'")?;
    rule(matcher.trim(), message)
}

/// Reads `WHEN => MESSAGE`, where WHEN may ask for header fields and for the body.
pub fn parse_arrow_rule(text: &str) -> Result<Field, String> {
    let (when, message) = text.split_once("=>").ok_or(
        "write when, => and your message, such as 'fail 2xx if .error => It says no: {{ json.error }}'",
    )?;
    rule(when.trim(), message.trim())
}

fn rule(when: &str, message: &str) -> Result<Field, String> {
    let rule = Field::new(when, message);
    match rules::problem(&rule) {
        Some(problem) => Err(problem),
        None if message.trim().is_empty() => Err(format!("the message for {when} is empty")),
        None => Ok(rule),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::Parser;

    use super::*;
    use crate::{
        model::{BodyKind, Redirects, VersionChoice},
        options,
        prepare::prepare,
    };

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn built(words: &[&str]) -> Result<Request, Stop> {
        let line = Line::try_parse_from([&["send"], words].concat()).unwrap();
        build(&line.arguments)
    }

    fn body(words: &[&str]) -> (String, String) {
        let prepared = prepare(&built(words).unwrap()).unwrap();
        let kind = crate::model::find_header(&prepared.headers, "content-type");
        let kind = kind.map(crate::model::Header::text).unwrap_or_default();
        (
            kind,
            String::from_utf8(prepared.body.in_memory().to_vec()).unwrap(),
        )
    }

    fn refusal(words: &[&str]) -> String {
        match built(words) {
            Err(Stop::Usage(reason)) => reason,
            other => panic!("{words:?}: {other:?}"),
        }
    }

    #[test]
    fn fields_make_a_form() {
        let (kind, body) = body(&[":1/x", "a=1 2", "b=", "a=ü", "X-A:b", "q==1"]);
        assert_eq!(kind, "application/x-www-form-urlencoded");
        assert_eq!(body, "a=1+2&b=&a=%C3%BC");
    }

    #[test]
    fn fields_make_a_json_object_with_raw_values_as_written() {
        let (kind, body) = body(&[
            "--json",
            ":1",
            "name=a \"b\"",
            "n:=1.0",
            r"a\:b=x",
            r#"o:={"z":1, "a":[]}"#,
        ]);
        assert_eq!(kind, "application/json");
        assert_eq!(
            body,
            r#"{"name":"a \"b\"","n":1.0,"a:b":"x","o":{"z":1, "a":[]}}"#
        );
        assert_eq!(self::body(&["--json", ":1"]).1, "{}");
    }

    #[test]
    fn a_whole_body_is_sent_as_given() {
        let sent = body(&[":1", "--body", " x=1 "]);
        assert_eq!(
            sent,
            ("text/plain; charset=utf-8".to_owned(), " x=1 ".to_owned())
        );
        let sent = body(&[":1", "--json", "--data", "[1.0]"]);
        assert_eq!(sent, ("application/json".to_owned(), "[1.0]".to_owned()));
    }

    #[test]
    fn files_make_a_multipart_form() {
        let request = built(&[":1", "title=x", "photo@a.png;filename=b.png"]).unwrap();
        assert_eq!(request.body.kind, BodyKind::Multipart);
        let [title, photo] = &request.body.multipart[..] else {
            panic!("{:?}", request.body);
        };
        assert_eq!(title, &Field::new("title", "x"));
        assert_eq!((photo.value.as_str(), photo.part.is_file), ("a.png", true));
        assert_eq!(photo.part.file_name, "b.png");
        let (kind, body) = body(&["--multipart", ":1", "a=1"]);
        assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
        assert!(body.contains("name=\"a\"\r\n\r\n1\r\n"), "{body}");
        assert!(refusal(&["--json", ":1", "a@b"]).contains("--json"));
    }

    #[test]
    fn a_file_body_stays_on_the_disk_and_a_graphql_query_is_json() {
        let request = built(&[":1", "--body", "@big.iso", "--type", "a/b"]).unwrap();
        assert_eq!(request.body.kind, BodyKind::File);
        assert_eq!(request.body.file.path, "big.iso");
        assert_eq!(request.body.file.content_type, "a/b");
        let json = built(&[":1", "--json", "--body", "@x"]).unwrap();
        assert_eq!(json.body.file.content_type, "application/json");
        let (kind, body) = body(&[":1", "--graphql", "{ a }", "--variables", "{\"b\": 1.0}"]);
        assert_eq!(kind, "application/json");
        assert_eq!(body, r#"{"query":"{ a }","variables":{"b": 1.0}}"#);
        assert!(refusal(&[":1", "--graphql", "{ a }", "x=1"]).contains("--graphql"));
    }

    #[test]
    fn headers_query_and_options_find_their_places() {
        let request = built(&[
            "PUT",
            ":1/x",
            "X-A: b",
            "q==1",
            "--timeout",
            "0.25",
            "--no-follow",
        ])
        .unwrap();
        assert_eq!(request.method, "PUT");
        assert_eq!(request.headers, [Field::new("X-A", "b")]);
        assert_eq!(request.query, [Field::new("q", "1")]);
        let sent = prepare(&request).unwrap().options;
        assert_eq!(sent.total_timeout, Some(Duration::from_millis(250)));
        assert_eq!(sent.redirects, Redirects::Stop);
        let patient = built(&[":1", "--timeout", "0"]).unwrap();
        assert_eq!(prepare(&patient).unwrap().options.total_timeout, None);
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        assert!(refusal(&[":1", "n:=1"]).contains("--json"));
        assert!(refusal(&[":1", "--body", "x", "a=1"]).contains("--body"));
        assert!(refusal(&[":1", "--json", "a=1", "a=2"]).contains("twice"));
    }

    #[test]
    fn a_rule_is_a_status_and_a_message() {
        assert_eq!(
            parse_rule("4xx=Bad = bad."),
            Ok(Field::new("4xx", "Bad = bad."))
        );
        for text in ["", "200", "=x", "20x=x", "200=", "999-100=x"] {
            assert!(parse_rule(text).is_err(), "{text}");
        }
        assert_eq!(
            parse_arrow_rule("fail 2xx if .ok == false => No: {{ json.why }}"),
            Ok(Field::new("fail 2xx if .ok == false", "No: {{ json.why }}"))
        );
        for text in ["200=x", "200 if .a | => x", "200 => {{ nobody }}", "200 =>"] {
            assert!(parse_arrow_rule(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_way_is_asked_for_by_options() {
        let words = [
            "https://h/x",
            "-k",
            "--http1.1",
            "-x",
            "none",
            "--keep-method",
            "--resolve",
            "h=127.0.0.1",
            "--resolve",
            "i=::1",
            "--cacert",
            "ca.pem",
            "--cert",
            "me.pem",
            "--unix-socket",
            "/run/x",
            "--connect-timeout",
            "2",
            "--idle-timeout",
            "0.5",
        ];
        let options = options::read(&built(&words).unwrap().options).unwrap();
        assert_eq!(options.connect_timeout, Duration::from_secs(2));
        assert_eq!(options.idle_timeout, Some(Duration::from_millis(500)));
        assert_eq!(options.redirects, Redirects::KeepMethod);
        let transport = options.transport;
        assert!(transport.insecure);
        assert_eq!(transport.version, VersionChoice::Http1);
        assert_eq!(transport.addresses, "h=127.0.0.1,i=::1");
        assert_eq!(
            (&*transport.proxy, &*transport.unix_socket),
            ("none", "/run/x")
        );
        assert_eq!(
            (&*transport.authorities, &*transport.client_certificate),
            ("ca.pem", "me.pem")
        );
    }
}

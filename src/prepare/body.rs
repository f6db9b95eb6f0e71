//! The body that the user built -> its bytes and files, and the content type that goes with it.

use crate::{
    inspect::{Shape, check_json},
    model::{
        Body, BodyKind, BodySpot, Field, FileBody, GraphQl, Header, Piece, PreparedBody, Request,
        find_header,
    },
};

use super::{Given, Place, PrepareError, media_type, multipart};

/// A body, and the content type that goes with it unless the user gives another.
type Serialised = (Option<String>, PreparedBody);

/// The body of a request whose other header fields are `headers`.
pub(super) fn serialise(
    request: &Request,
    headers: &[Header],
    given: &Given,
) -> Result<Serialised, PrepareError> {
    let body = &request.body;
    Ok(match body.kind {
        BodyKind::None => (None, PreparedBody::default()),
        BodyKind::Form => match serialise_form(&body.form) {
            Some(form) => typed("application/x-www-form-urlencoded", form),
            None => (None, PreparedBody::default()),
        },
        BodyKind::Json => typed("application/json", body.json.clone()),
        BodyKind::Multipart => serialise_multipart(request, headers, given)?,
        BodyKind::Text => serialise_text(body)?,
        BodyKind::File => serialise_file(&body.file, given)?,
        BodyKind::GraphQl => typed("application/json", serialise_graphql(&body.graphql)?),
    })
}

fn typed(content_type: &str, text: String) -> Serialised {
    (Some(content_type.to_owned()), text.into())
}

/// The rows as the WHATWG URL standard's urlencoded serialiser writes them; `None` where no row is
/// sent, which makes an empty body without a type, as Python's `requests` does.
fn serialise_form(fields: &[Field]) -> Option<String> {
    let mut rows = fields.iter().filter(|field| field.is_sent()).peekable();
    rows.peek()?;
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(rows.map(|field| (&field.name, &field.value)));
    Some(pairs.finish())
}

fn serialise_text(body: &Body) -> Result<Serialised, PrepareError> {
    let content_type = match body.text_type.trim() {
        "" => "text/plain; charset=utf-8".to_owned(),
        given => media_type::check(given)
            .map_err(|reason| PrepareError::new(Place::Body(BodySpot::TextType), reason))?,
    };
    Ok(typed(&content_type, body.text.clone()))
}

fn serialise_file(file: &FileBody, given: &Given) -> Result<Serialised, PrepareError> {
    let piece = given
        .file(&file.path)
        .map_err(|reason| PrepareError::new(Place::Body(BodySpot::FilePath), reason))?;
    let content_type = match file.content_type.trim() {
        "" => media_type::guess_type(&file.path),
        given => media_type::check(given)
            .map_err(|reason| PrepareError::new(Place::Body(BodySpot::FileType), reason))?,
    };
    let body = PreparedBody::new(vec![Piece::File(piece)]);
    Ok((Some(content_type), body))
}

/// `{"query": …, "variables": …}`: the GraphQL-over-HTTP specification, Section 5.4. The variables
/// stand as they were typed, so that numbers keep their digits.
fn serialise_graphql(graphql: &GraphQl) -> Result<String, PrepareError> {
    if graphql.query.trim().is_empty() {
        let reason = "the query is empty: type one, such as { me { name } }";
        return Err(PrepareError::new(Place::Body(BodySpot::Query), reason));
    }
    let query = serde_json::Value::from(graphql.query.as_str());
    let variables = graphql.variables.trim();
    if variables.is_empty() {
        return Ok(format!("{{\"query\":{query}}}"));
    }
    let wrong = |reason| PrepareError::new(Place::Body(BodySpot::Variables), reason);
    if let Some(problem) = check_json(graphql.variables.as_bytes(), Shape::One).problem {
        let (line, column) = problem.line_and_column(graphql.variables.as_bytes());
        return Err(wrong(format!(
            "the variables are not JSON, line {line}, column {column}: {}",
            problem.what
        )));
    }
    if !variables.starts_with('{') && variables != "null" {
        let reason = "the variables must be a JSON object, such as {\"id\": 1}";
        return Err(wrong(reason.to_owned()));
    }
    Ok(format!("{{\"query\":{query},\"variables\":{variables}}}"))
}

/// With the boundary of the user's own Content-Type, where there is one.
fn serialise_multipart(
    request: &Request,
    headers: &[Header],
    given: &Given,
) -> Result<Serialised, PrepareError> {
    let own = own_boundary(request, headers)?;
    let boundary = own.as_deref().unwrap_or(&given.boundary);
    let body = multipart::serialise(&request.body.multipart, boundary, given)?;
    Ok((
        Some(format!("multipart/form-data; boundary={boundary}")),
        body,
    ))
}

/// A Content-Type of the user's own must name the boundary, or no server can take the body apart.
fn own_boundary(request: &Request, headers: &[Header]) -> Result<Option<String>, PrepareError> {
    let Some(header) = find_header(headers, "content-type") else {
        return Ok(None);
    };
    let row = request.headers.iter().position(|field| {
        field.is_sent() && field.name.trim().eq_ignore_ascii_case("content-type")
    });
    let wrong = |reason: String| {
        Err(PrepareError::new(
            Place::Header(row.unwrap_or_default()),
            reason,
        ))
    };
    let Some(boundary) = media_type::parameter(&header.text(), "boundary") else {
        return wrong(
            "a multipart body needs a boundary here: leave this header out, and posttui writes the type"
                .to_owned(),
        );
    };
    if !is_boundary(&boundary) {
        return wrong(format!(
            "“{boundary}” is no boundary: up to 70 letters, digits and '()+_,-./:=? are"
        ));
    }
    let delimiter = format!("--{boundary}");
    let rows = request.body.multipart.iter().filter(|row| row.is_sent());
    for row in rows {
        if row.name.contains(&delimiter) || row.value.contains(&delimiter) {
            return wrong(format!(
                "the boundary {boundary} stands in the row “{}”: choose another",
                row.name
            ));
        }
    }
    Ok(Some(boundary))
}

/// RFC 2046, Section 5.1.1.
fn is_boundary(text: &str) -> bool {
    let is_letter = |char: char| char.is_ascii_alphanumeric() || "'()+_,-./:=? ".contains(char);
    (1..=70).contains(&text.len()) && text.chars().all(is_letter) && !text.ends_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{FilePiece, PreparedRequest},
        prepare::prepare_with,
    };

    fn request(body: Body) -> Request {
        Request {
            url: "http://h/".into(),
            body,
            ..Request::default()
        }
    }

    fn header(prepared: &PreparedRequest, name: &str) -> String {
        find_header(&prepared.headers, name).unwrap().text()
    }

    fn refused(request: &Request) -> (Place, String) {
        let error = prepare_with(request, &Given::default()).unwrap_err();
        (error.place, error.reason)
    }

    fn graphql(query: &str, variables: &str) -> Request {
        request(Body {
            kind: BodyKind::GraphQl,
            graphql: GraphQl {
                query: query.into(),
                variables: variables.into(),
            },
            ..Body::default()
        })
    }

    #[test]
    fn graphql_is_json_with_the_variables_as_typed() {
        let sent = |query, variables| {
            let prepared = prepare_with(&graphql(query, variables), &Given::default()).unwrap();
            assert_eq!(header(&prepared, "content-type"), "application/json");
            String::from_utf8(prepared.body.in_memory().to_vec()).unwrap()
        };
        assert_eq!(sent("{ me\n\"x\" }", " "), r#"{"query":"{ me\n\"x\" }"}"#);
        assert_eq!(
            sent("query Q($a: Int) { a }", " {\"a\": 1.0} "),
            r#"{"query":"query Q($a: Int) { a }","variables":{"a": 1.0}}"#
        );
    }

    #[test]
    fn variables_that_are_no_json_object_are_an_error_at_their_place() {
        let (place, reason) = refused(&graphql("{ a }", "{\n \"a\": x}"));
        assert_eq!(place, Place::Body(BodySpot::Variables));
        assert!(reason.contains("line 2, column 7"), "{reason}");
        assert!(refused(&graphql("{ a }", "[1]")).1.contains("object"));
        assert_eq!(refused(&graphql(" ", "")).0, Place::Body(BodySpot::Query));
    }

    #[test]
    fn a_text_has_any_content_type() {
        let mut body = Body {
            kind: BodyKind::Text,
            text: "<a/>".into(),
            text_type: " application/xml ".into(),
            ..Body::default()
        };
        let prepared = prepare_with(&request(body.clone()), &Given::default()).unwrap();
        assert_eq!(header(&prepared, "content-type"), "application/xml");
        body.text_type = "xml".into();
        let (place, _) = refused(&request(body));
        assert_eq!(place, Place::Body(BodySpot::TextType));
    }

    #[test]
    fn a_file_is_the_body_with_its_length_known() {
        let file = FilePiece {
            path: "/data/big.bin".into(),
            size: 5_000_000_000,
            modified: None,
        };
        let mut body = Body {
            kind: BodyKind::File,
            ..Body::default()
        };
        assert!(refused(&request(body.clone())).1.contains("no file"));
        body.file.path = "big.bin".into();
        let mut given = Given::default();
        given.files.insert("big.bin".into(), Ok(file));
        let prepared = prepare_with(&request(body), &given).unwrap();
        assert_eq!(header(&prepared, "content-length"), "5000000000");
        assert_eq!(
            header(&prepared, "content-type"),
            "application/octet-stream"
        );
        assert_eq!(prepared.body.files().count(), 1);
    }

    #[test]
    fn the_boundary_is_given_or_the_users_own() {
        let mut request = request(Body {
            kind: BodyKind::Multipart,
            multipart: vec![Field::new("a", "x --own y")],
            ..Body::default()
        });
        let given = Given {
            boundary: "random".into(),
            ..Given::default()
        };
        let prepared = prepare_with(&request, &given).unwrap();
        assert_eq!(
            header(&prepared, "content-type"),
            "multipart/form-data; boundary=random"
        );
        assert!(prepared.body.in_memory().starts_with(b"--random\r\n"));
        let own = "multipart/related; boundary=\"mine\"";
        request.headers = vec![Field::new("Content-Type", own)];
        let prepared = prepare_with(&request, &given).unwrap();
        assert_eq!(header(&prepared, "content-type"), own);
        assert!(prepared.body.in_memory().starts_with(b"--mine\r\n"));
        for wrong in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=ü",
            "multipart/form-data; boundary=own",
        ] {
            request.headers = vec![Field::new("x", "y"), Field::new("content-type", wrong)];
            assert_eq!(refused(&request).0, Place::Header(1), "{wrong}");
        }
    }
}

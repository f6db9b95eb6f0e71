//! What a user holds secret beside what everybody does: fields by their names, and texts by their shapes.

use std::borrow::Cow;

use regex::bytes::{NoExpand, Regex};

use super::{REDACTED, named, names};
use crate::model::{
    Exchange, Failure, Field, Header, Hop, Outcome, Piece, PreparedBody, PreparedRequest, Request,
    Response, ResponseHead, mark::mark, marks_in,
};

/// The user's own secrets. In requests and in answers, a mark takes the place of each.
#[derive(Debug, Clone, Default)]
pub struct OwnSecrets {
    /// As [`names::plain_name`] writes them.
    fields: Vec<String>,
    patterns: Vec<Pattern>,
    /// Whether answers are kept as they came, but for these.
    keeps_answers: bool,
}

#[derive(Debug, Clone)]
struct Pattern {
    mark: String,
    shape: Regex,
}

/// A shape that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the pattern “{name}” is no regular expression: {reason}")]
pub struct PatternError {
    pub name: String,
    pub reason: String,
}

impl OwnSecrets {
    /// Fields of these names, and texts of these shapes (regular expressions), each with a name for its marks.
    pub fn new<'a>(
        fields: impl IntoIterator<Item = &'a str>,
        patterns: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, PatternError> {
        let patterns = patterns.into_iter().map(|(name, shape)| {
            let wrong = |reason: String| PatternError {
                name: name.to_owned(),
                reason,
            };
            let shape = Regex::new(shape).map_err(|error| wrong(last_line(&error.to_string())))?;
            if shape.is_match(b"") {
                return Err(wrong("it fits a text without a sign in it".to_owned()));
            }
            Ok(Pattern {
                mark: mark(name),
                shape,
            })
        });
        let fields = fields.into_iter().map(names::plain_name);
        Ok(Self {
            fields: fields.filter(|name| !name.is_empty()).collect(),
            patterns: patterns.collect::<Result<_, _>>()?,
            keeps_answers: false,
        })
    }

    /// Likewise, with answers kept as they came, but for these.
    #[must_use]
    pub fn with_answers_kept(self) -> Self {
        Self {
            keeps_answers: true,
            ..self
        }
    }

    pub(super) fn keeps_answers(&self) -> bool {
        self.keeps_answers
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.patterns.is_empty()
    }

    /// Whether a field of this name holds a secret: one of everybody's, unless answers are kept as they came, or
    /// one of the user's own.
    pub(super) fn names_secret(&self, name: &str) -> bool {
        (!self.keeps_answers && names::is_secret_name(name)) || self.is_field(name)
    }

    pub(super) fn is_field(&self, name: &str) -> bool {
        self.fields.contains(&names::plain_name(name))
    }

    /// A request as built without them.
    #[must_use]
    pub fn hide_in_request(&self, request: &Request) -> Request {
        let mut copy = request.clone();
        if self.is_empty() {
            return copy;
        }
        let is_field = |name: &str| self.is_field(name);
        self.hide_in_url(&mut copy.url);
        let body = &mut copy.body;
        for row in [
            &mut copy.headers,
            &mut copy.query,
            &mut copy.path,
            &mut body.form,
            &mut body.multipart,
        ]
        .into_iter()
        .flatten()
        {
            named::redact_row(row, &is_field);
            self.hide_in_row(row);
        }
        named::redact_typed(body, &request.headers, &is_field);
        let queries = [&mut body.graphql.query, &mut body.graphql.variables];
        for text in [&mut body.json, &mut body.text].into_iter().chain(queries) {
            self.hide_in(text);
        }
        for text in copy.auth.fields.values_mut() {
            self.hide_in(text);
        }
        copy
    }

    /// A request on the wire without them.
    #[must_use]
    pub fn hide_in_prepared(&self, prepared: &PreparedRequest) -> PreparedRequest {
        let mut copy = prepared.clone();
        if self.is_empty() {
            return copy;
        }
        self.hide_in_url(&mut copy.url);
        let pieces = copy.body.pieces().iter().map(|piece| match piece {
            Piece::Memory(bytes) => match self.hidden_body(bytes, &copy.headers) {
                Some(hidden) => Piece::Memory(hidden.into()),
                None => piece.clone(),
            },
            Piece::File(_) => piece.clone(),
        });
        copy.body = PreparedBody::new(pieces.collect());
        self.hide_in_headers(&mut copy.headers);
        copy
    }

    /// The hops without them.
    #[must_use]
    pub fn hide_in_hops(&self, hops: &[Hop]) -> Vec<Hop> {
        let mut hops = hops.to_vec();
        if self.is_empty() {
            return hops;
        }
        for hop in &mut hops {
            self.hide_in_url(&mut hop.url);
            self.hide_in_headers(&mut hop.request_headers);
            hop.heads_mut().for_each(|head| self.hide_in_head(head));
            if let Some(raw) = &mut hop.transit.unreadable {
                self.hide_in(raw);
            }
        }
        hops
    }

    /// The outcome without them.
    #[must_use]
    pub fn hide_in_outcome(&self, outcome: &Outcome) -> Outcome {
        self.hide_in_outcome_by(outcome, Self::hide_in_response)
    }

    fn hide_in_outcome_by(
        &self,
        outcome: &Outcome,
        hide_in_response: fn(&Self, &mut Response),
    ) -> Outcome {
        let mut copy = outcome.clone();
        if self.is_empty() {
            return copy;
        }
        match &mut copy {
            Outcome::Response(response) => hide_in_response(self, response),
            Outcome::Failure(Failure {
                causes, partial, ..
            }) => {
                for cause in causes {
                    self.hide_in(cause);
                }
                if let Some(response) = partial {
                    hide_in_response(self, response);
                }
            }
        }
        copy
    }

    /// A whole exchange without them.
    #[must_use]
    pub fn hide_in_exchange(&self, exchange: Exchange) -> Exchange {
        self.hide_in_exchange_by(exchange, Self::hide_in_response)
    }

    /// A whole exchange as it is printed: the body of its answer is as it came.
    #[must_use]
    pub fn hide_around_answer(&self, exchange: Exchange) -> Exchange {
        self.hide_in_exchange_by(exchange, |own, response| {
            own.hide_in_head(&mut response.head);
        })
    }

    fn hide_in_exchange_by(
        &self,
        exchange: Exchange,
        hide_in_response: fn(&Self, &mut Response),
    ) -> Exchange {
        if self.is_empty() {
            return exchange;
        }
        let outcome = exchange.outcome.as_ref();
        Exchange {
            request: self.hide_in_request(&exchange.request),
            prepared: self.hide_in_prepared(&exchange.prepared),
            hops: self.hide_in_hops(&exchange.hops),
            outcome: outcome.map(|outcome| self.hide_in_outcome_by(outcome, hide_in_response)),
            message: exchange.message.map(|text| self.hidden(text)),
            ..exchange
        }
    }

    /// A text without what has one of the shapes.
    #[must_use]
    pub fn hidden(&self, mut text: String) -> String {
        self.hide_in(&mut text);
        text
    }

    fn hide_in_response(&self, response: &mut Response) {
        let hidden = self.hidden_body(&response.body, &response.head.headers);
        self.hide_in_head(&mut response.head);
        if let Some(hidden) = hidden {
            let values = marks_in(&hidden).saturating_sub(marks_in(&response.body));
            response.mask(hidden.into(), values);
        }
    }

    fn hide_in_head(&self, head: &mut ResponseHead) {
        self.hide_in_headers(&mut head.headers);
    }

    fn hide_in_headers(&self, headers: &mut [Header]) {
        for header in headers {
            if self.is_field(&header.name) && !header.value.is_empty() {
                header.value = REDACTED.into();
            } else if let Some(hidden) = self.hidden_bytes(&header.value) {
                header.value = hidden;
            }
        }
    }

    fn hide_in_url(&self, url: &mut String) {
        named::redact_query(url, &|name| self.is_field(name));
        let (before, rest) = url.split_once('?').unwrap_or((url, ""));
        let (query, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        if let Some(pairs) = self.hidden_pairs(query) {
            let mark = if fragment.is_empty() { "" } else { "#" };
            *url = format!("{before}?{pairs}{mark}{fragment}");
        }
        self.hide_in(url);
    }

    fn hide_in_row(&self, row: &mut Field) {
        self.hide_in(&mut row.name);
        self.hide_in(&mut row.value);
    }

    fn hide_in(&self, text: &mut String) {
        if let Some(hidden) = self.hidden_bytes(text.as_bytes()) {
            *text = String::from_utf8_lossy(&hidden).into_owned();
        }
    }

    /// `None` where a body can stay as it is.
    pub(super) fn hidden_body(&self, body: &[u8], headers: &[Header]) -> Option<Vec<u8>> {
        let named = named::redact_body(body, headers, &|name| self.is_field(name));
        let present = named.as_deref().unwrap_or(body);
        let in_pairs = is_form(headers)
            .then(|| std::str::from_utf8(present).ok())
            .flatten()
            .and_then(|text| self.hidden_pairs(text))
            .map(String::into_bytes);
        let present = in_pairs.as_deref().unwrap_or(present);
        let shaped = self.hidden_bytes(present);
        shaped.or(in_pairs).or(named)
    }

    /// Values of a form or a query that have one of the shapes once they are decoded, whole as a mark.
    fn hidden_pairs(&self, text: &str) -> Option<String> {
        let mut changed = false;
        let pairs = text.split('&').map(|pair| {
            let decoded = form_urlencoded::parse(pair.as_bytes()).next();
            let hidden = decoded.and_then(|(name, value)| {
                let hidden = self.hidden_bytes(value.as_bytes())?;
                // As it stands there it is found anyway, and what is around it stays readable.
                let stands_there = self.hidden_bytes(pair.as_bytes()).is_some();
                (!stands_there).then_some((name, String::from_utf8_lossy(&hidden).into_owned()))
            });
            match hidden {
                Some((name, value)) => {
                    changed = true;
                    let mut written = form_urlencoded::Serializer::new(String::new());
                    written.append_pair(&name, &value).finish()
                }
                None => pair.to_owned(),
            }
        });
        let pairs: Vec<String> = pairs.collect();
        changed.then(|| pairs.join("&"))
    }

    fn hidden_bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut hidden: Option<Vec<u8>> = None;
        for pattern in &self.patterns {
            let present = hidden.as_deref().unwrap_or(bytes);
            let mark = NoExpand(pattern.mark.as_bytes());
            if let Cow::Owned(replaced) = pattern.shape.replace_all(present, mark) {
                hidden = Some(replaced);
            }
        }
        hidden
    }
}

fn is_form(headers: &[Header]) -> bool {
    let media = crate::model::find_header(headers, "content-type").map(Header::text);
    media.is_some_and(|it| it.starts_with("application/x-www-form-urlencoded"))
}

/// Of what the parser of expressions says, the line that names the mistake.
fn last_line(text: &str) -> String {
    let line = text.lines().last().unwrap_or_default().trim();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::HttpVersion;

    fn own() -> OwnSecrets {
        let patterns = [
            ("employee", "EMP-[0-9]{6}"),
            ("mail", "[a-z]+@acme\\.example"),
        ];
        OwnSecrets::new(["PIN", "x-internal-id"], patterns).unwrap()
    }

    fn answer(media: &str, body: &str) -> Outcome {
        Outcome::Response(Response {
            head: ResponseHead {
                status: 200,
                reason: None,
                version: HttpVersion::Http11,
                headers: vec![
                    Header::new("content-type", media),
                    Header::new("X-Internal-Id", "77"),
                    Header::new("x-for", "EMP-000001 and others"),
                ],
            },
            body: body.to_owned().into(),
            whole: None,
        })
    }

    #[test]
    fn fields_and_shapes_go_from_answers_and_the_rest_stays() {
        let body = r#"{"pin": 1234, "pins": 1, "who": "EMP-123456, bob@acme.example"}"#;
        let hidden = own().hide_in_outcome(&answer("application/json", body));
        let response = hidden.received().unwrap();
        assert_eq!(
            String::from_utf8_lossy(&response.body),
            format!(
                r#"{{"pin": "{REDACTED}", "pins": 1, "who": "‹secret employee›, ‹secret mail›"}}"#
            )
        );
        let headers = &response.head.headers;
        assert_eq!(headers[1].text(), REDACTED);
        assert_eq!(headers[2].text(), "‹secret employee› and others");
        let plain = answer("text/plain", "nothing of the kind");
        let response = own().hide_in_outcome(&plain);
        assert_eq!(response.received().unwrap().body, "nothing of the kind");
    }

    #[test]
    fn they_go_from_urls_and_forms_however_they_are_written() {
        let own = own();
        let mut url = "http://h/EMP-123456?a=1&pin=12&m=bob%40acme.example#EMP-1".to_owned();
        own.hide_in_url(&mut url);
        assert!(!url.contains("123456") && !url.contains("bob"), "{url}");
        assert!(url.contains("a=1&pin=") && url.contains("#EMP-1"), "{url}");
        let form = [Header::new(
            "content-type",
            "application/x-www-form-urlencoded",
        )];
        let body = own.hidden_body(b"a=bob%40acme.example&b=2&pin=7", &form);
        let body = String::from_utf8(body.unwrap()).unwrap();
        assert!(!body.contains("bob") && !body.contains("pin=7"), "{body}");
        assert!(body.contains("b=2"), "{body}");
        assert_eq!(own.hidden_body(b"b=2", &form), None);
    }

    #[test]
    fn a_request_as_built_loses_them_too() {
        let mut request = Request {
            url: "http://h/?q=EMP-123456".to_owned(),
            headers: vec![
                Field::new("X-Internal-ID", "9"),
                Field::new("x-who", "EMP-123456"),
            ],
            ..Request::default()
        };
        request.body.form = vec![Field::new("pin", "s3cret"), Field::new("pin", "{{ pin }}")];
        request.body.json = "{\"pin\": \"s3cret\", \"who\": \"EMP-123456\"}".to_owned();
        let hidden = own().hide_in_request(&request);
        let text = format!("{hidden:?}");
        assert!(
            !text.contains("123456") && !text.contains("s3cret"),
            "{text}"
        );
        assert!(
            text.contains("{{ pin }}"),
            "a template is no secret: {text}"
        );
    }

    #[test]
    fn what_is_no_shape_is_named() {
        let wrong = |shape: &str| {
            let error = OwnSecrets::new([], [("mine", shape)]).unwrap_err();
            error.to_string()
        };
        assert!(wrong("a(").contains("“mine”"), "{}", wrong("a("));
        assert!(wrong("a*").contains("without a sign"), "{}", wrong("a*"));
        assert!(OwnSecrets::default().is_empty());
    }
}

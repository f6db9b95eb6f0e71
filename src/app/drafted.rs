//! The draft as far as it is known before its send, for showing it: the preview and the curl command.
//!
//! It is prepared twice, with stand-ins of two lengths: what differs otherwise than by its stand-ins, such
//! as the length of the body, is not known before the send and is not shown.

use crate::{
    app::State,
    format::curl::export,
    model::{PreparedRequest, Request, Scope, Secrets},
    prepare::{Automatic, Given, Place, PrepareError, automatic, prepare_with, request_head},
    template::{Facts, Open, Outline, Problem, outline},
};

use super::late;

/// Stands where the value of a header field follows from what is only known at the send.
const UNKNOWN: &str = "‹known when it is sent›";

#[derive(Debug, Clone, PartialEq)]
pub struct Drafted {
    outline: Outline,
    /// The same with wide stand-ins, where there are any.
    wide: Option<Box<Outline>>,
    /// What is wrong with a template.
    wrong: Option<PrepareError>,
}

/// A request as it is shown, with stand-ins in it.
pub struct Sketch {
    pub prepared: PreparedRequest,
    pub knows_head: bool,
    pub knows_body: bool,
}

impl Sketch {
    /// A request of which all is known.
    pub fn whole(prepared: PreparedRequest) -> Self {
        Self {
            prepared,
            knows_head: true,
            knows_body: true,
        }
    }
}

impl State {
    /// A request with its templates expanded as far as they can be before a send.
    pub(in crate::app) fn drafted(&self, request: Request) -> Drafted {
        let Ok(scope) = self.scope() else {
            return Drafted::typed(request, None);
        };
        Drafted::of(request, &scope, &Facts::at(self.now))
    }
}

impl Drafted {
    /// A request with its templates expanded as far as these facts go.
    pub fn of(request: Request, scope: &Scope, facts: &Facts) -> Self {
        let made = |wide| {
            let mut made = outline(&request, scope, facts, wide)?;
            late::loosen(&mut made);
            Ok::<_, Problem>(made)
        };
        match made(false) {
            Ok(outline) => {
                let has_open = !outline.open.is_empty();
                let wide = has_open.then(|| made(true).ok()).flatten();
                Self {
                    outline,
                    wide: wide.map(Box::new),
                    wrong: None,
                }
            }
            Err(problem) => Self::typed(request, Some(problem.into())),
        }
    }

    fn typed(request: Request, wrong: Option<PrepareError>) -> Self {
        let outline = Outline {
            request,
            secrets: Secrets::default(),
            open: Vec::new(),
        };
        Self {
            outline,
            wide: None,
            wrong,
        }
    }

    /// The request with stand-ins.
    pub fn request(&self) -> &Request {
        &self.outline.request
    }

    /// What is only known at the send.
    pub fn open(&self) -> &[Open] {
        &self.outline.open
    }

    /// What goes on the wire, without its secrets.
    pub fn sketch(&self, given: &Given) -> Result<Sketch, PrepareError> {
        let mut sketch = Sketch::whole(self.prepare(given)?);
        if let Some(wide) = &self.wide {
            let wide = prepare(wide, given, true)?;
            let prepared = &mut sketch.prepared;
            sketch.knows_body = prepared.body.len() == wide.body.len();
            let head = request_head(prepared).len() == request_head(&wide).len();
            sketch.knows_head = head && sketch.knows_body;
            for (header, wide_header) in prepared.headers.iter_mut().zip(&wide.headers) {
                if self.differs(&header.text(), &wide_header.text()) {
                    header.value = UNKNOWN.into();
                }
            }
        }
        Ok(sketch)
    }

    /// The header fields that go out without a row for them, as they are shown.
    pub fn automatic(&self, given: &Given) -> Vec<Automatic> {
        let own = late::with_files(&self.outline, given, false);
        let mut fields = automatic(self.request(), &own);
        let wide = self.wide.iter().map(|it| {
            let own = late::with_files(it, given, true);
            automatic(&it.request, &own)
        });
        let wide: Vec<Automatic> = wide.flatten().collect();
        for field in &mut fields {
            let header = &mut field.header;
            let text = header.text();
            let other = wide.iter().find(|it| it.header.is(&header.name));
            if other.is_some_and(|it| self.differs(&text, &it.header.text())) {
                header.value = UNKNOWN.into();
            } else if !self.open().is_empty() {
                header.value = reveal(&text, self.open()).into();
            }
        }
        fields
    }

    /// The command for a shell.
    pub fn command(&self, given: &Given) -> Result<String, PrepareError> {
        let command = export(&self.prepare(given)?);
        let Some(wide) = &self.wide else {
            return Ok(command);
        };
        if self.differs(&command, &export(&prepare(wide, given, true)?)) {
            return Ok(self.in_shell(&export(&self.sketch(given)?.prepared)));
        }
        Ok(self.in_shell(&command))
    }

    /// A command with the expressions in the place of their stand-ins, each within quotes.
    pub fn in_shell(&self, command: &str) -> String {
        let (mut text, mut rest) = (String::new(), command);
        let (mut is_quoted, mut is_escaped) = (false, false);
        while let Some(char) = rest.chars().next() {
            let open = self.open().iter();
            let mut open = open.filter(|open| rest.starts_with(&open.stand_in));
            if let Some(open) = open.next() {
                // A single quote would end the word.
                let shown = open.shown().replace('\'', "\"");
                let quote = if is_quoted { "" } else { "'" };
                text.push_str(quote);
                text.push_str(&shown);
                text.push_str(quote);
                rest = rest.get(open.stand_in.len()..).unwrap_or_default();
                continue;
            }
            if char == '\'' && !is_escaped {
                is_quoted = !is_quoted;
            }
            is_escaped = char == '\\' && !is_escaped && !is_quoted;
            text.push(char);
            rest = rest.get(char.len_utf8()..).unwrap_or_default();
        }
        text
    }

    /// The expressions because of which something at a place cannot be told before the send.
    pub fn open_at(&self, place: Place) -> Vec<&str> {
        let is_there = |open: &&Open| match (open.place, place) {
            (Place::Part(row, _), Place::Part(other, _)) => row == other,
            (open, place) => open == place,
        };
        let open = self.open().iter().filter(is_there);
        open.map(|open| open.expression.as_str()).collect()
    }

    fn prepare(&self, given: &Given) -> Result<PreparedRequest, PrepareError> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone());
        }
        prepare(&self.outline, given, false)
    }

    /// Whether two texts differ by more than their stand-ins.
    fn differs(&self, text: &str, wide: &str) -> bool {
        let wide_open = self.wide.as_deref().map_or(&[][..], |it| &it.open);
        reveal(text, self.open()) != reveal(wide, wide_open)
    }
}

/// A text with the expressions in the place of their stand-ins.
pub fn reveal(text: &str, open: &[Open]) -> String {
    open.iter().fold(text.to_owned(), |text, it| {
        text.replace(&it.stand_in, &it.shown())
    })
}

fn prepare(outline: &Outline, given: &Given, wide: bool) -> Result<PreparedRequest, PrepareError> {
    let given = late::with_files(outline, given, wide);
    let mut prepared = prepare_with(&outline.request, &given)?;
    prepared.secrets = outline.secrets.clone();
    Ok(prepared.masked())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Auth, Environments, Field};

    fn drafted(url: &str, rows: &[(&str, &str)]) -> Drafted {
        let mut request = Request {
            url: url.to_owned(),
            ..Request::default()
        };
        request.body.form = rows
            .iter()
            .map(|(name, value)| Field::new(*name, *value))
            .collect();
        of(request)
    }

    fn of(request: Request) -> Drafted {
        let scope = Environments::default().scope(None).unwrap();
        Drafted::of(request, &scope, &Facts::at(jiff::Timestamp::UNIX_EPOCH))
    }

    fn fields(drafted: &Drafted) -> Vec<String> {
        let sketch = drafted.sketch(&Given::default()).unwrap();
        let headers = sketch.prepared.headers.iter();
        headers
            .map(|it| format!("{}: {}", it.name, it.text()))
            .collect()
    }

    #[test]
    fn what_follows_from_what_is_not_known_is_not_told() {
        let drafted = drafted("http://h/x", &[("a", "{{ env(\"HOME\") }}"), ("b", "1 2")]);
        let sketch = drafted.sketch(&Given::default()).unwrap();
        assert!(!sketch.knows_body && !sketch.knows_head);
        let body = sketch.prepared.body.in_memory();
        let body = String::from_utf8_lossy(&body);
        assert_eq!(reveal(&body, drafted.open()), "a=‹env(\"HOME\")›&b=1+2");
        let length = format!("content-length: {UNKNOWN}");
        assert!(fields(&drafted).contains(&length));
        let automatic = drafted.automatic(&Given::default());
        let length = automatic.iter().find(|it| it.header.is("content-length"));
        assert_eq!(length.unwrap().header.text(), UNKNOWN);
    }

    #[test]
    fn encoded_credentials_are_not_told_but_stand_in_the_command() {
        let mut auth = Auth {
            kind: "basic".to_owned(),
            ..Auth::default()
        };
        auth.fields.insert("username".into(), "ann".into());
        auth.fields
            .insert("password".into(), "{{ env('P') }}".into());
        let drafted = of(Request {
            url: "http://h/{{ uuid() }}".to_owned(),
            auth,
            ..Request::default()
        });
        let authorization = format!("authorization: {UNKNOWN}");
        assert!(
            fields(&drafted).contains(&authorization),
            "{:?}",
            fields(&drafted)
        );
        let command = drafted.command(&Given::default()).unwrap();
        assert!(command.contains("http://h/'‹uuid()›'"), "{command}");
        assert!(command.contains("ann:"), "{command}");
        assert!(command.contains("‹env(\"P\")›"), "{command}");
    }

    #[test]
    fn a_late_address_and_port_stand_open_in_their_places() {
        for (url, line, host, whole) in [
            (
                "{{ env('B') }}/x?a=1",
                "POST ‹path of env('B')›/x?a=1 HTTP/1.1",
                "host: ‹host of env('B')›",
                "‹env('B')›/x?a=1",
            ),
            (
                "{{ env('B') }}",
                "POST ‹path of env('B')› HTTP/1.1",
                "host: ‹host of env('B')›",
                "‹env('B')›",
            ),
            (
                "{{ env('B') }}.test:8080/x",
                "POST /x HTTP/1.1",
                "host: ‹env('B')›.test:8080",
                "‹env('B')›.test:8080/x",
            ),
            (
                "http://127.0.0.1:{{ env('P') }}/x",
                "POST /x HTTP/1.1",
                "host: 127.0.0.1:‹env('P')›",
                "http://127.0.0.1:‹env('P')›/x",
            ),
        ] {
            let drafted = drafted(url, &[]);
            let sketch = drafted.sketch(&Given::default()).unwrap();
            let shown = |text: &str| reveal(text, drafted.open());
            let head = shown(&request_head(&sketch.prepared));
            let mut lines = head.lines();
            assert_eq!(lines.next(), Some(line), "{url}");
            assert_eq!(lines.next(), Some(host), "{url}");
            assert_eq!(shown(&sketch.prepared.url), whole, "{url}");
            let command = drafted.command(&Given::default()).unwrap();
            assert!(!command.contains("qxz"), "{command}");
        }
    }

    #[test]
    fn a_late_token_url_leaves_the_rest_to_be_shown() {
        let drafted = of(Request {
            url: "http://h/x".to_owned(),
            auth: Auth::new("oauth2")
                .with("token_url", "{{ env('T') }}/token")
                .with("client_id", "c"),
            ..Request::default()
        });
        let sketch = drafted.sketch(&Given::default()).unwrap();
        let added = crate::auth::foreseen(&sketch.prepared, None);
        assert_eq!(
            reveal(&added[0].text(), drafted.open()),
            "Bearer ‹a token from ‹env('T')›/token, or one that is kept›"
        );
    }

    #[test]
    fn a_late_option_and_file_leave_the_rest_to_be_shown() {
        let mut request = Request {
            url: "http://h/x".to_owned(),
            ..Request::default()
        };
        request.options.set("timeout", "{{ env('T') }}");
        request.body.kind = crate::model::BodyKind::Multipart;
        request.body.multipart = vec![
            Field::new("a", "1"),
            Field::file("f", "{{ env('F') }}"),
            Field::file("g", "{{ env('D') }}/x.png"),
        ];
        let drafted = of(request);
        let sketch = drafted.sketch(&Given::default()).unwrap();
        assert!(!sketch.knows_body);
        let shown: String = sketch
            .prepared
            .body
            .pieces()
            .iter()
            .map(|piece| match piece {
                crate::model::Piece::Memory(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                crate::model::Piece::File(file) => late::late_note(file, drafted.open()).unwrap(),
            })
            .collect();
        let shown = reveal(&shown, drafted.open());
        for part in [
            "name=\"f\"; filename=\"‹name of env('F')›\"\r\nContent-Type: ‹type of env('F')›\r\n",
            "‹the content of ‹env('F')››",
            "filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\n‹the content of ‹env('D')›/x.png›",
        ] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
        let length = format!("content-length: {UNKNOWN}");
        assert!(fields(&drafted).contains(&length), "{:?}", fields(&drafted));
    }

    #[test]
    fn what_cannot_be_shown_before_the_send_is_told_with_its_expression() {
        let given = Given::default();
        let drafted = self::drafted("http://[{{ env('BASE') }}]/x", &[]);
        let error = drafted.sketch(&given).err().unwrap();
        assert_eq!(drafted.open_at(error.place), ["env('BASE')"]);
        let undefined = self::drafted("http://h/", &[("a", "{{ uuid() }}{{ nope }}")]);
        let error = undefined.sketch(&given).err().unwrap();
        assert_eq!(error.place, Place::Form(0));
        assert!(error.reason.contains("undefined: nope"), "{}", error.reason);
    }
}

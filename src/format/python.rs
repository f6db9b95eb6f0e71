//! A Python dictionary, as in `requests.post(url, data={'a': 'b'})` -> rows.
//!
//! What `requests` would make a form of: a list is a row for each element, `None` is left out (here:
//! a row that is switched off), `True` is `True`, or `true` where `json=` stands in front. Only
//! literals are read; a name or a call in it makes the text something else.

use crate::model::Field;

/// How deep values may lie in each other.
const DEPTH: usize = 32;

/// The rows of a dictionary, or of a list of pairs; `None` for any other text.
pub fn read(text: &str) -> Option<Vec<Field>> {
    let (keyword, literal) = split_keyword(text.trim());
    let mut reader = Reader { rest: literal };
    let value = reader.value(DEPTH)?;
    reader.skip_blanks();
    if !matches!(reader.rest, "" | "," | ")" | ",)") {
        return None;
    }
    let members = match value {
        Value::Dict(members) => members,
        Value::List(pairs) if !pairs.is_empty() => {
            pairs.into_iter().map(into_pair).collect::<Option<_>>()?
        }
        _ => return None,
    };
    let spelling = if keyword == "json" {
        Spelling::Json
    } else {
        Spelling::Python
    };
    let rows = members
        .iter()
        .flat_map(|(name, value)| rows_of(name, value, spelling));
    Some(rows.collect())
}

/// `data`, `json`, `payload` … in front of the literal, with its `=` or `:`.
fn split_keyword(text: &str) -> (&str, &str) {
    let letters = text
        .find(|char: char| !char.is_ascii_alphanumeric() && char != '_')
        .unwrap_or(text.len());
    let (keyword, rest) = text.split_at(letters);
    match rest.trim_start().strip_prefix('=') {
        Some(literal) if !keyword.is_empty() => (keyword, literal),
        _ => ("", text),
    }
}

fn into_pair(value: Value) -> Option<(String, Value)> {
    let Value::List(pair) = value else {
        return None;
    };
    let [name, value]: [Value; 2] = pair.try_into().ok()?;
    Some((key_of(&name)?, value))
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Number(String),
    Truth(bool),
    None,
    List(Vec<Value>),
    Dict(Vec<(String, Value)>),
}

/// How `True` is written in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Spelling {
    Python,
    Json,
}

fn rows_of(name: &str, value: &Value, spelling: Spelling) -> Vec<Field> {
    match value {
        Value::None => vec![Field {
            enabled: false,
            ..Field::new(name, "")
        }],
        Value::List(elements) if !elements.is_empty() && elements.iter().all(Value::is_plain) => {
            elements
                .iter()
                .map(|element| Field::new(name, element.text(spelling)))
                .collect()
        }
        other => vec![Field::new(name, other.text(spelling))],
    }
}

impl Value {
    fn is_plain(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Number(_) | Self::Truth(_))
    }

    /// The value in a row; what is nested is written as JSON.
    fn text(&self, spelling: Spelling) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Truth(true) if spelling == Spelling::Python => "True".to_owned(),
            Self::Truth(false) if spelling == Spelling::Python => "False".to_owned(),
            other => other.json(),
        }
    }

    fn json(&self) -> String {
        match self {
            Self::Text(text) => quote(text),
            Self::Number(number) => number.clone(),
            Self::Truth(truth) => truth.to_string(),
            Self::None => "null".to_owned(),
            Self::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Self::json).collect();
                format!("[{}]", elements.join(", "))
            }
            Self::Dict(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("{}: {}", quote(name), value.json()))
                    .collect();
                format!("{{{}}}", members.join(", "))
            }
        }
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn key_of(value: &Value) -> Option<String> {
    value.is_plain().then(|| value.text(Spelling::Python))
}

/// What is left to read.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Blanks, line ends and comments.
    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix('#') else {
                return;
            };
            self.rest = comment.find('\n').map_or("", |end| &comment[end..]);
        }
    }

    fn take(&mut self, start: &str) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(start) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.skip_blanks();
        if self.take("{") {
            return self.dict(depth);
        }
        for (open, close) in [("[", "]"), ("(", ")")] {
            if self.take(open) {
                return self.list(close, depth);
            }
        }
        if let Some(text) = self.string() {
            return Some(Value::Text(self.joined(text)));
        }
        self.word()
    }

    fn dict(&mut self, depth: usize) -> Option<Value> {
        let mut members = Vec::new();
        while !self.take("}") {
            let name = key_of(&self.value(depth)?)?;
            if !self.take(":") {
                return None;
            }
            members.push((name, self.value(depth)?));
            if !self.take(",") {
                return self.take("}").then_some(Value::Dict(members));
            }
        }
        Some(Value::Dict(members))
    }

    fn list(&mut self, close: &str, depth: usize) -> Option<Value> {
        let mut elements = Vec::new();
        while !self.take(close) {
            elements.push(self.value(depth)?);
            if !self.take(",") {
                return self.take(close).then_some(Value::List(elements));
            }
        }
        Some(Value::List(elements))
    }

    /// Strings that follow each other are one.
    fn joined(&mut self, mut text: String) -> String {
        loop {
            self.skip_blanks();
            match self.string() {
                Some(more) => text.push_str(&more),
                None => return text,
            }
        }
    }

    /// A string literal with its prefix; an f-string is none, since what it says is not known.
    fn string(&mut self) -> Option<String> {
        let quotes = self.rest.find(['\'', '"'])?;
        let (prefix, literal) = self.rest.split_at(quotes);
        let prefix = prefix.to_ascii_lowercase();
        if !matches!(prefix.as_str(), "" | "r" | "u" | "b" | "rb" | "br") {
            return None;
        }
        let quote = ["'''", "\"\"\"", "'", "\""]
            .into_iter()
            .find(|quote| literal.starts_with(quote))?;
        let inner = literal.get(quote.len()..)?;
        let end = end_of_string(inner, quote)?;
        let raw = inner.get(..end)?;
        self.rest = inner.get(end + quote.len()..)?;
        Some(if prefix.contains('r') {
            raw.to_owned()
        } else {
            unescape(raw)
        })
    }

    fn word(&mut self) -> Option<Value> {
        let end = self
            .rest
            .find(|char: char| !char.is_ascii_alphanumeric() && !"_.+-".contains(char))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        match word {
            "None" | "null" => Some(Value::None),
            "True" | "true" => Some(Value::Truth(true)),
            "False" | "false" => Some(Value::Truth(false)),
            _ => {
                let digits = word.replace('_', "");
                let is_number = word.starts_with(|char: char| {
                    char.is_ascii_digit() || matches!(char, '-' | '+' | '.')
                });
                (is_number && digits.parse::<f64>().is_ok()).then_some(Value::Number(digits))
            }
        }
    }
}

/// Where the closing quote is; a line end closes no string of one quote.
fn end_of_string(inner: &str, quote: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, char) in inner.char_indices() {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if quote.len() == 1 => return None,
            _ if inner.get(index..)?.starts_with(quote) => return Some(index),
            _ => {}
        }
    }
    None
}

/// The escapes of the Python Language Reference, Section 2.4.1; an unknown one stays as it is.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(backslash) = rest.find('\\') {
        text.push_str(rest.get(..backslash).unwrap_or_default());
        let escape = rest.get(backslash + 1..).unwrap_or_default();
        let (char, used) = read_escape(escape);
        match char {
            Some(char) => text.push_str(&char),
            None => text.push('\\'),
        }
        rest = escape.get(used..).unwrap_or_default();
    }
    text.push_str(rest);
    text
}

/// What an escape stands for, and how many bytes after the backslash it takes.
fn read_escape(escape: &str) -> (Option<String>, usize) {
    let plain = |text: &str| (Some(text.to_owned()), 1);
    match escape.chars().next() {
        Some('n') => plain("\n"),
        Some('r') => plain("\r"),
        Some('t') => plain("\t"),
        Some('a') => plain("\u{7}"),
        Some('b') => plain("\u{8}"),
        Some('f') => plain("\u{c}"),
        Some('v') => plain("\u{b}"),
        Some('0') => plain("\0"),
        Some(quote @ ('\\' | '\'' | '"')) => plain(quote.encode_utf8(&mut [0; 4])),
        Some('\n') => plain(""),
        Some('x') => numbered(escape, 2),
        Some('u') => numbered(escape, 4),
        Some('U') => numbered(escape, 8),
        _ => (None, 0),
    }
}

fn numbered(escape: &str, digits: usize) -> (Option<String>, usize) {
    let number = escape
        .get(1..=digits)
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|text| u32::from_str_radix(text, 16).ok())
        .and_then(char::from_u32);
    match number {
        Some(char) => (Some(char.to_string()), digits + 1),
        None => (None, 0),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        let rows = read(text).unwrap_or_else(|| panic!("{text} was not read"));
        crate::format::rows::write(&rows, false)
    }

    #[test]
    fn a_dictionary_becomes_rows() {
        let text = "data={'a': 'b', \"n\": 1, 'f': 1.50, 'x': None, 't': True, 'l': ['p', 2],}";
        assert_eq!(shown(text), "a=b\nn=1\nf=1.50\n# x=\nt=True\nl=p\nl=2\n");
        assert_eq!(
            shown("json = {'t': True, 'o': {'k': None}},"),
            "t=true\no={\"k\": null}\n"
        );
        assert_eq!(shown("[('a', '1'), ('a', 2)]"), "a=1\na=2\n");
        assert_eq!(shown("{}"), "");
    }

    #[test]
    fn strings_are_read_as_python_does() {
        assert_eq!(
            shown(
                "{'a': 'it\\'s \\u00fc\\x41', # why\n 'b': r'\\n', 'c': 'one' \"two\",\n'd': '''x\ny'''}"
            ),
            "a=it's üA\nb=\\\\n\nc=onetwo\nd=x\\ny\n"
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "data",
            "{'a': b}",
            "{'a': f(1)}",
            "{'a': f'{x}'}",
            "{'a' 'b'}",
            "{'a': 'b'",
            "{'a': 'b'} and more",
            "[1, 2]",
            "{'a', 'b'}",
            "'text'",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"{'a':".repeat(10_000)), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in any::<String>(), dict in "[{}\\[\\]()'\"a,:=#\\\\\nüx0 ]{0,40}") {
            let _ = (read(&text), read(&dict));
        }
    }
}

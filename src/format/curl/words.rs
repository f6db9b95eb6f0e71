//! The words that a shell makes of a command line: quotes and backslashes as bash reads them (Bash
//! Reference Manual, Section 3.1.2), or carets as the Windows command line does where a browser's
//! "copy as cURL (cmd)" shows by them.

use std::{iter::Peekable, str::CharIndices};

use super::CurlError;

/// A command line in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) all: Vec<String>,
    /// What follows the command: a pipe, a redirection, another command.
    pub(super) tail: Option<String>,
    /// Variables and commands whose values a shell would put in; they are kept as written.
    pub(super) expansions: Vec<String>,
}

/// Whether a text begins as a curl command does, a prompt before it allowed.
pub fn is_command(text: &str) -> bool {
    let text = after_prompt(text);
    let word = text.split_whitespace().next().unwrap_or_default();
    is_curl(word) && text.len() > word.len()
}

/// Whether a word names the program: `curl`, `/usr/bin/curl`, `curl.exe`.
pub(super) fn is_curl(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(name, "curl" | "curl.exe") && !word.contains("://")
}

fn after_prompt(text: &str) -> &str {
    let text = text.trim_start();
    ["$ ", "% ", "> ", "# "]
        .into_iter()
        .find_map(|prompt| text.strip_prefix(prompt))
        .unwrap_or(text)
        .trim_start()
}

/// Splits a command line into words.
pub(super) fn split(text: &str) -> Result<Words, CurlError> {
    let text = after_prompt(text).replace("\r\n", "\n").replace('\r', "\n");
    if has_carets(&text) {
        Splitter::new(&without_carets(&text), Shell::Cmd).run()
    } else {
        Splitter::new(&text, Shell::Bash).run()
    }
}

/// Whether a caret stands where bash has none: outside of quotes, before a quote or a line end.
fn has_carets(text: &str) -> bool {
    let mut chars = text.chars().peekable();
    // The quote that is open, and whether a backslash means something in it.
    let mut open: Option<(char, bool)> = None;
    let mut before = ' ';
    while let Some(char) = chars.next() {
        match (open, char) {
            (None | Some((_, true)), '\\') => drop(chars.next()),
            (Some((quote, _)), other) if quote == other => open = None,
            (None, '\'') => open = Some(('\'', before == '$')),
            (None, '"') => open = Some(('"', true)),
            (None, '^') if matches!(chars.peek(), Some('"' | '\n')) => return true,
            _ => {}
        }
        before = char;
    }
    false
}

/// Takes the carets of the Windows command line away: one before a line end joins the lines, one
/// before any other character leaves that as it is.
fn without_carets(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, chars.peek()) {
            // A caret and two line ends are one line end within an argument.
            ('^', Some('\n')) => {
                chars.next();
                if chars.next_if_eq(&'\n').is_some() {
                    plain.push('\n');
                }
            }
            ('^', Some(_)) => plain.extend(chars.next()),
            _ => plain.push(char),
        }
    }
    plain
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shell {
    Bash,
    Cmd,
}

struct Splitter<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
    shell: Shell,
    found: Words,
    /// The word being read; `None` between words.
    word: Option<String>,
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str, shell: Shell) -> Self {
        Self {
            text,
            chars: text.char_indices().peekable(),
            shell,
            found: Words::default(),
            word: None,
        }
    }

    fn run(mut self) -> Result<Words, CurlError> {
        while let Some((index, char)) = self.chars.next() {
            match char {
                '\'' if self.shell == Shell::Bash => self.single_quoted()?,
                '"' => self.double_quoted()?,
                '$' if self.shell == Shell::Bash && self.follows('\'') => self.ansi_c_quoted()?,
                '$' if self.shell == Shell::Bash && self.follows('"') => {}
                '\\' if self.shell == Shell::Bash => self.backslash(),
                ' ' | '\t' => self.end_word(),
                '\n' if self.shell == Shell::Cmd => self.end_word(),
                '\n' | ';' | '|' | '<' | '>' if self.shell == Shell::Bash => {
                    self.end_word();
                    if self.ends_command(index, char) {
                        break;
                    }
                }
                // An & within a word is meant as part of an unquoted URL, whatever a shell does.
                '&' if self.word.is_none() || self.is_before_blank() => {
                    self.end_word();
                    self.end_command(index);
                    break;
                }
                _ => {
                    self.note_expansion(index, char);
                    self.push(char);
                }
            }
        }
        self.end_word();
        Ok(self.found)
    }

    fn push(&mut self, char: char) {
        self.word.get_or_insert_default().push(char);
    }

    fn end_word(&mut self) {
        self.found.all.extend(self.word.take());
    }

    fn follows(&mut self, wanted: char) -> bool {
        self.chars.peek().is_some_and(|(_, char)| *char == wanted)
    }

    fn is_before_blank(&mut self) -> bool {
        self.chars
            .peek()
            .is_none_or(|(_, char)| char.is_whitespace() || *char == '&')
    }

    /// Whether the command ends here. A line end before its first word, or one with nothing behind
    /// it, ends nothing; `2>` takes its number along.
    fn ends_command(&mut self, index: usize, char: char) -> bool {
        let rest = self.text.get(index..).unwrap_or_default();
        if char == '\n' && (self.found.all.is_empty() || rest.trim().is_empty()) {
            return false;
        }
        if matches!(char, '>' | '<') && self.text.get(..index).is_some_and(ends_in_a_number) {
            self.found.all.pop();
        }
        self.end_command(index);
        true
    }

    fn end_command(&mut self, index: usize) {
        let rest = self.text.get(index..).unwrap_or_default().trim();
        if !rest.trim_matches([';', '&']).trim().is_empty() {
            self.found.tail = Some(rest.to_owned());
        }
    }

    fn single_quoted(&mut self) -> Result<(), CurlError> {
        self.word.get_or_insert_default();
        loop {
            match self.chars.next() {
                None => return Err(CurlError::Unclosed('\'')),
                Some((_, '\'')) => return Ok(()),
                Some((_, char)) => self.push(char),
            }
        }
    }

    fn double_quoted(&mut self) -> Result<(), CurlError> {
        self.word.get_or_insert_default();
        loop {
            match self.chars.next() {
                None => return Err(CurlError::Unclosed('"')),
                Some((_, '"')) => return Ok(()),
                Some((_, '\\')) => self.escape_in_quotes(),
                Some((index, char)) => {
                    self.note_expansion(index, char);
                    self.push(char);
                }
            }
        }
    }

    fn escape_in_quotes(&mut self) {
        let special = match self.shell {
            Shell::Bash => "$`\"\\\n",
            Shell::Cmd => "\"\\",
        };
        match self.chars.next_if(|(_, char)| special.contains(*char)) {
            Some((_, '\n')) => {}
            Some((_, char)) => self.push(char),
            None => self.push('\\'),
        }
    }

    /// Outside of quotes: the next character as it is; a line end is passed over.
    fn backslash(&mut self) {
        match self.chars.next() {
            Some((_, '\n')) => {}
            Some((_, char)) => self.push(char),
            None => self.push('\\'),
        }
    }

    /// `$'…'`: Bash Reference Manual, Section 3.1.2.4.
    fn ansi_c_quoted(&mut self) -> Result<(), CurlError> {
        self.chars.next();
        // Bytes, since \xHH may be a part of a character.
        let mut bytes = Vec::new();
        loop {
            match self.chars.next() {
                None => return Err(CurlError::Unclosed('\'')),
                Some((_, '\'')) => break,
                Some((_, '\\')) => self.ansi_c_escape(&mut bytes),
                Some((_, char)) => push_char(&mut bytes, char),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.word.get_or_insert_default().push_str(&text);
        Ok(())
    }

    fn ansi_c_escape(&mut self, bytes: &mut Vec<u8>) {
        let Some((_, char)) = self.chars.next() else {
            bytes.push(b'\\');
            return;
        };
        match char {
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'e' | 'E' => bytes.push(27),
            'f' => bytes.push(12),
            'v' => bytes.push(11),
            '\\' | '\'' | '"' | '?' => push_char(bytes, char),
            'x' => self.number(bytes, char, 16, 2, true),
            'u' => self.number(bytes, char, 16, 4, false),
            'U' => self.number(bytes, char, 16, 8, false),
            '0'..='7' => {
                let first = char.to_digit(8).unwrap_or_default();
                let more = self.digits(8, 2);
                let value = more.iter().fold(first, |value, digit| value * 8 + digit);
                bytes.push(value as u8);
            }
            other => {
                bytes.push(b'\\');
                push_char(bytes, other);
            }
        }
    }

    fn number(&mut self, bytes: &mut Vec<u8>, letter: char, radix: u32, most: usize, byte: bool) {
        let digits = self.digits(radix, most);
        let value = digits
            .iter()
            .fold(0_u32, |value, digit| value.wrapping_mul(radix) + digit);
        match char::from_u32(value) {
            _ if digits.is_empty() => bytes.extend([b'\\', letter as u8]),
            _ if byte => bytes.push(value as u8),
            Some(char) => push_char(bytes, char),
            None => push_char(bytes, char::REPLACEMENT_CHARACTER),
        }
    }

    fn digits(&mut self, radix: u32, most: usize) -> Vec<u32> {
        let mut digits = Vec::new();
        while digits.len() < most {
            match self.chars.next_if(|(_, char)| char.is_digit(radix)) {
                Some((_, char)) => digits.extend(char.to_digit(radix)),
                None => break,
            }
        }
        digits
    }

    /// Remembers `$NAME`, `${…}`, `$(…)` and a backquote.
    fn note_expansion(&mut self, index: usize, char: char) {
        if self.shell != Shell::Bash || !matches!(char, '$' | '`') {
            return;
        }
        let rest = self.text.get(index + 1..).unwrap_or_default();
        let written = match rest.chars().next() {
            _ if char == '`' => "`…`".to_owned(),
            Some('(') => "$(…)".to_owned(),
            Some('{') => {
                let end = rest.find('}').map_or(rest.len(), |end| end + 1);
                format!("${}", rest.get(..end).unwrap_or_default())
            }
            Some(first) if first.is_ascii_alphabetic() || first == '_' => {
                let end = rest
                    .find(|char: char| !char.is_ascii_alphanumeric() && char != '_')
                    .unwrap_or(rest.len());
                format!("${}", rest.get(..end).unwrap_or_default())
            }
            _ => return,
        };
        if !self.found.expansions.contains(&written) {
            self.found.expansions.push(written);
        }
    }
}

fn push_char(bytes: &mut Vec<u8>, char: char) {
    bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

fn ends_in_a_number(text: &str) -> bool {
    let word = text.rsplit([' ', '\t']).next().unwrap_or_default();
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str) -> Vec<String> {
        split(text).unwrap().all
    }

    #[test]
    fn quotes_are_read_as_bash_does() {
        for (text, expected) in [
            ("curl a  b", &["curl", "a", "b"][..]),
            ("curl 'a b'c\"d e\"", &["curl", "a bcd e"]),
            ("curl '' \"\"", &["curl", "", ""]),
            (
                r#"curl "a\"b\\c\d\$" e\ f"#,
                &["curl", "a\"b\\c\\d$", "e f"],
            ),
            ("curl 'it'\\''s'", &["curl", "it's"]),
            (
                r"curl $'a\n\x41\u00fc\101\'\e\q'",
                &["curl", "a\nAüA'\u{1b}\\q"],
            ),
            (r"curl $'\xc3\xbc'", &["curl", "ü"]),
            ("curl \\\n  -d \"a\\\nb\"", &["curl", "-d", "ab"]),
            ("$ curl x\n", &["curl", "x"]),
            ("curl http://h/?a=1&b=2", &["curl", "http://h/?a=1&b=2"]),
            (
                "curl -d '^\"x^\n' $'\\'^\"'",
                &["curl", "-d", "^\"x^\n", "'^\""],
            ),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn carets_are_read_as_windows_does() {
        let text = "curl ^\"http://h/?a=1^&b=2^\" ^\n  -H ^\"x: y^\" ^\n  --data-raw ^\"^{^\\^\"a^\\^\":1^}^\"";
        assert_eq!(
            words(text),
            [
                "curl",
                "http://h/?a=1&b=2",
                "-H",
                "x: y",
                "--data-raw",
                "{\"a\":1}"
            ]
        );
        assert_eq!(
            words("curl \"http://h/\" ^\r\n -d \"a\""),
            ["curl", "http://h/", "-d", "a"]
        );
    }

    #[test]
    fn what_follows_the_command_is_told() {
        for (text, tail) in [
            ("curl x | jq .", Some("| jq .")),
            ("curl x 2>/dev/null", Some(">/dev/null")),
            ("curl x && rm -r y", Some("&& rm -r y")),
            ("curl x; ", None),
            ("curl x &", None),
            ("curl x\ncurl y", Some("curl y")),
        ] {
            let found = split(text).unwrap();
            assert_eq!(found.all, ["curl", "x"], "{text}");
            assert_eq!(found.tail.as_deref(), tail, "{text}");
        }
    }

    #[test]
    fn variables_stay_and_are_told() {
        let found = split("curl \"$HOST/${path}\" -d '$no' -H x:$(id)").unwrap();
        assert_eq!(found.all[1], "$HOST/${path}");
        assert_eq!(found.expansions, ["$HOST", "${path}", "$(…)"]);
    }

    #[test]
    fn a_quote_left_open_is_an_error() {
        assert_eq!(split("curl 'x"), Err(CurlError::Unclosed('\'')));
        assert_eq!(split("curl \"x"), Err(CurlError::Unclosed('"')));
        assert_eq!(split("curl $'x"), Err(CurlError::Unclosed('\'')));
    }

    #[test]
    fn a_command_is_known_by_its_first_word() {
        for text in [
            "curl x",
            "$ curl x",
            " /usr/bin/curl -d a",
            "curl.exe x",
            "curl \\\n x",
        ] {
            assert!(is_command(text), "{text}");
        }
        for text in [
            "curl",
            "curly x",
            "https://curl x",
            "curl.example.com/x y",
            "",
        ] {
            assert!(!is_command(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_splitter(text in any::<String>(), shell in "curl [$'\"\\\\^&|;<>`{}()xuU0-9a\n ]{0,40}") {
            let _ = (split(&text), split(&shell));
        }
    }
}

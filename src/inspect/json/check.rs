//! Whether a text is JSON, and if not, how far and why not.

use super::{
    token::{self, LONG, Leap},
    tree::{Growing, Tree},
};

/// What the text should hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    One,
    /// Any number of values one after the other, one a line as a rule.
    Many,
}

/// What the check found.
pub struct Checked {
    /// So many bytes from the start are whole tokens in a good order.
    pub good: usize,
    /// Why it is not JSON.
    pub problem: Option<Problem>,
    pub leaps: Vec<Leap>,
    /// The most brackets that were open at once.
    pub deepest: usize,
    /// The objects and arrays of the good part.
    pub tree: Tree,
}

/// Where a text stops being JSON, and what is wrong there.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    pub offset: usize,
    pub what: &'static str,
}

impl Problem {
    /// The place as people count: line and column from 1, the column in characters.
    pub fn line_and_column(&self, text: &[u8]) -> (usize, usize) {
        let before = text.get(..self.offset).unwrap_or(text);
        let line = before.split(|byte| *byte == b'\n').count();
        let in_line = before
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let column = String::from_utf8_lossy(in_line).chars().count() + 1;
        (line, column)
    }
}

/// Checks a text against the grammar of RFC 8259.
pub fn check(text: &[u8], shape: Shape) -> Checked {
    let mut check = Check {
        text,
        at: 0,
        tree: Growing::default(),
        shape,
        leaps: Vec::new(),
    };
    let mut good = 0;
    let mut expected = Expected::Value;
    let problem = loop {
        check.step_over_blanks();
        match check.step(expected) {
            Ok(Some(next)) => {
                good = check.at;
                expected = next;
            }
            Ok(None) => break None,
            Err(problem) => break Some(problem),
        }
    };
    Checked {
        good,
        problem,
        leaps: check.leaps,
        deepest: check.tree.deepest,
        tree: check.tree.finish(good),
    }
}

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Expected {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    /// The value is complete.
    Nothing,
}

struct Check<'a> {
    text: &'a [u8],
    at: usize,
    tree: Growing,
    shape: Shape,
    leaps: Vec<Leap>,
}

impl Check<'_> {
    fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn problem<T>(&self, length: usize, what: &'static str) -> Result<T, Problem> {
        Err(Problem {
            offset: self.at + length,
            what,
        })
    }

    fn step_over_blanks(&mut self) {
        let length = token::gap(self.rest()).unwrap_or(self.text.len() - self.at);
        self.take(length);
    }

    fn take(&mut self, length: usize) {
        let from = self.at;
        self.at += length;
        if length >= LONG {
            self.leaps.push(Leap { from, to: self.at });
        }
    }

    /// One token; `None` at the end of a text that is complete.
    fn step(&mut self, expected: Expected) -> Result<Option<Expected>, Problem> {
        let Some(first) = self.rest().first().copied() else {
            let is_complete = expected == Expected::Nothing
                || self.shape == Shape::Many
                    && self.tree.bracket().is_none()
                    && expected == Expected::Value;
            return if is_complete {
                Ok(None)
            } else {
                self.problem(0, "the text ends before the value does")
            };
        };
        match expected {
            Expected::ValueOrEnd if first == b']' => Ok(self.close()),
            Expected::Value | Expected::ValueOrEnd => self.value(first),
            Expected::KeyOrEnd if first == b'}' => Ok(self.close()),
            Expected::Key | Expected::KeyOrEnd => self.key(first),
            Expected::Colon if first == b':' => Ok(self.sign(Expected::Value)),
            Expected::Colon => self.problem(0, "a colon is expected after the key"),
            Expected::CommaOrEnd => self.comma_or_end(first),
            Expected::Nothing if self.shape == Shape::Many => self.value(first),
            Expected::Nothing => self.problem(0, "something follows the value"),
        }
        .map(Some)
    }

    fn sign(&mut self, next: Expected) -> Expected {
        self.take(1);
        next
    }

    fn comma_or_end(&mut self, first: u8) -> Result<Expected, Problem> {
        match (first, self.tree.bracket()) {
            (b',', Some(b'{')) => Ok(self.sign(Expected::Key)),
            (b',', _) => Ok(self.sign(Expected::Value)),
            (b'}', Some(b'{')) | (b']', Some(b'[')) => Ok(self.close()),
            (_, Some(b'{')) => self.problem(0, "a comma or } is expected"),
            _ => self.problem(0, "a comma or ] is expected"),
        }
    }

    fn open(&mut self, bracket: u8, next: Expected) -> Expected {
        self.tree.open(bracket, self.at);
        self.sign(next)
    }

    fn close(&mut self) -> Expected {
        self.tree.close(self.at);
        self.sign(self.after_value())
    }

    fn after_value(&self) -> Expected {
        if self.tree.bracket().is_none() {
            Expected::Nothing
        } else {
            Expected::CommaOrEnd
        }
    }

    fn key(&mut self, first: u8) -> Result<Expected, Problem> {
        if first != b'"' {
            return self.problem(0, "a key in double quotes is expected");
        }
        let length = self.string()?;
        self.take(length);
        Ok(Expected::Colon)
    }

    fn value(&mut self, first: u8) -> Result<Expected, Problem> {
        self.tree.value();
        let length = match first {
            b'{' => return Ok(self.open(first, Expected::KeyOrEnd)),
            b'[' => return Ok(self.open(first, Expected::ValueOrEnd)),
            b'"' => self.string()?,
            b'-' | b'0'..=b'9' => self.number()?,
            b't' => self.literal(b"true")?,
            b'f' => self.literal(b"false")?,
            b'n' => self.literal(b"null")?,
            _ => return self.problem(0, "a value is expected"),
        };
        self.take(length);
        Ok(self.after_value())
    }

    fn literal(&self, word: &[u8]) -> Result<usize, Problem> {
        let length = token::token(self.rest()).unwrap_or(self.rest().len());
        if self.rest().get(..length) == Some(word) {
            Ok(length)
        } else {
            self.problem(
                0,
                "a value is expected: true, false and null are the only bare words",
            )
        }
    }

    /// RFC 8259, Section 6: `-? (0 | 1-9 digits) (. digits)? ([eE] [+-]? digits)?`
    fn number(&self) -> Result<usize, Problem> {
        let text = self.rest();
        let digits = |from: usize| {
            let rest = text.get(from..).unwrap_or_default();
            rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
        };
        let is = |at: usize, signs: &[u8]| text.get(at).is_some_and(|byte| signs.contains(byte));
        let mut end = usize::from(is(0, b"-"));
        let whole = digits(end);
        if whole == 0 {
            return self.problem(end, "a digit is expected");
        }
        if whole > 1 && is(end, b"0") {
            return self.problem(end + 1, "a number must not start with 0");
        }
        end += whole;
        if is(end, b".") {
            let fraction = digits(end + 1);
            if fraction == 0 {
                return self.problem(end + 1, "a digit is expected after the point");
            }
            end += 1 + fraction;
        }
        if is(end, b"eE") {
            end += 1 + usize::from(is(end + 1, b"+-"));
            let exponent = digits(end);
            if exponent == 0 {
                return self.problem(end, "a digit is expected in the exponent");
            }
            end += exponent;
        }
        let ends = text
            .get(end)
            .is_none_or(|byte| token::is_blank(*byte) || b",]}".contains(byte));
        if ends {
            Ok(end)
        } else {
            self.problem(end, "the number is followed by something else")
        }
    }

    /// RFC 8259, Section 7.
    fn string(&self) -> Result<usize, Problem> {
        let text = self.rest();
        let mut at = 1;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let plain = rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F));
            let Some(plain) = plain else {
                return self.problem(text.len(), "the text ends within a string");
            };
            at += plain;
            match rest.get(plain..).unwrap_or_default() {
                [b'"', ..] => return Ok(at + 1),
                [
                    b'\\',
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't',
                    ..,
                ] => at += 2,
                [b'\\', b'u', digits @ ..] => {
                    let digits = digits.iter().take(4);
                    if digits.filter(|byte| byte.is_ascii_hexdigit()).count() < 4 {
                        return self.problem(at, "four hexadecimal digits are expected after \\u");
                    }
                    at += 6;
                }
                [b'\\', ..] => return self.problem(at, "there is no such escape"),
                _ => return self.problem(at, "a control character must be written as an escape"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str, shape: Shape) -> Option<(usize, usize, &'static str)> {
        let checked = check(text.as_bytes(), shape);
        checked
            .problem
            .map(|problem| (checked.good, problem.offset, problem.what))
    }

    #[test]
    fn json_is_taken_as_the_standard_says() {
        for text in [
            "{}",
            "[]",
            " [ ] ",
            "\"\"",
            "0",
            "-0",
            "1.5e+3",
            "1E400",
            "true",
            "null",
            "[1,2]",
            "{\"a\":{\"a\":[[],{}]},\"a\":\"\\u00e9\\n\\\"\"}",
            "\"\\ud800\"",
            "\"\u{7F}\"",
        ] {
            assert_eq!(problem(text, Shape::One), None, "{text}");
            assert!(
                serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok(),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, good, offset, what) in [
            ("", 0, 0, "ends before"),
            ("{\"a\":", 5, 5, "ends before"),
            ("[1,2", 4, 4, "ends before"),
            ("[1,]", 3, 3, "a value"),
            ("[1 2]", 2, 3, "a comma or ]"),
            ("[1}", 2, 2, "a comma or ]"),
            ("{\"a\":1]", 6, 6, "a comma or }"),
            ("{a:1}", 1, 1, "a key"),
            ("{\"a\" 1}", 4, 5, "a colon"),
            ("{\"a\":1,}", 7, 7, "a key"),
            ("{} x", 2, 3, "follows"),
            ("01", 0, 1, "start with 0"),
            ("-", 0, 1, "a digit"),
            ("1.", 0, 2, "after the point"),
            ("1e", 0, 2, "exponent"),
            ("1x", 0, 1, "something else"),
            ("nul", 0, 0, "bare words"),
            ("NaN", 0, 0, "a value"),
            ("[\"abc", 1, 5, "within a string"),
            ("\"\\x\"", 0, 1, "no such escape"),
            ("\"\\u12g4\"", 0, 1, "four hexadecimal"),
            ("\"a\nb\"", 0, 2, "control"),
        ] {
            let found = problem(text, Shape::One).expect(text);
            assert_eq!((found.0, found.1), (good, offset), "{text}: {}", found.2);
            assert!(found.2.contains(what), "{text}: {}", found.2);
        }
    }

    #[test]
    fn many_values_may_follow_one_another() {
        assert_eq!(problem("{\"a\":1}\n{\"a\":2}\n", Shape::Many), None);
        assert_eq!(problem("", Shape::Many), None);
        assert!(problem("{\"a\":1}\n{\"a\":2", Shape::Many).is_some());
    }

    #[test]
    fn a_place_is_counted_in_lines_and_characters() {
        let text = "{\n \"é\": x";
        let checked = check(text.as_bytes(), Shape::One);
        assert_eq!(
            checked.problem.unwrap().line_and_column(text.as_bytes()),
            (2, 7)
        );
    }

    #[test]
    fn a_hundred_thousand_brackets_do_not_overflow() {
        let text = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(problem(&text, Shape::One), None);
    }
}

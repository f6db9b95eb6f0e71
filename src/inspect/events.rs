//! Server-sent events, one a row: the HTML standard, Section 9.2.

use std::fmt::Write;

/// Joins the lines of an event's data.
const JOINT: char = '↵';

/// The event stream as lines: the type of an event, two blanks, its number where it has one, its data. An
/// event that is not complete yet says so.
pub fn lines(stream: &str) -> String {
    let stream = stream.strip_prefix('\u{FEFF}').unwrap_or(stream);
    let mut lines = String::with_capacity(stream.len());
    let mut event = Event::default();
    for line in split(stream) {
        if line.is_empty() {
            event.write(&mut lines, true);
            event = Event::default();
        } else {
            event.take(line, &mut lines);
        }
    }
    event.write(&mut lines, false);
    lines
}

/// The lines of a stream, whose ends are CR LF, LF or CR.
fn split(stream: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(stream).filter(|stream| !stream.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let (line, after) = text.split_at_checked(end)?;
        let after = after.strip_prefix("\r\n").or_else(|| after.get(1..));
        rest = after.filter(|after| !after.is_empty());
        Some(line)
    })
}

#[derive(Default)]
struct Event<'a> {
    kind: Option<&'a str>,
    id: Option<&'a str>,
    data: Option<String>,
    has_something: bool,
}

impl<'a> Event<'a> {
    fn take(&mut self, line: &'a str, lines: &mut String) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            // A comment, which keeps the connection open.
            "" => {
                let _ = writeln!(lines, ":  {value}");
                return;
            }
            "event" => self.kind = Some(value),
            "id" => self.id = Some(value),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push(JOINT);
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            "retry" => {
                let _ = writeln!(lines, "retry  {value} ms");
                return;
            }
            _ => {
                let _ = writeln!(lines, "{field}  {value}  (an unknown field)");
                return;
            }
        }
        self.has_something = true;
    }

    fn write(&self, lines: &mut String, is_whole: bool) {
        if !self.has_something {
            return;
        }
        // Writing to a String cannot fail.
        let _ = write!(lines, "{}  ", self.kind.unwrap_or("message"));
        if let Some(id) = self.id {
            let _ = write!(lines, "#{id}  ");
        }
        lines.push_str(self.data.as_deref().unwrap_or("(no data)"));
        if !is_whole {
            lines.push_str("  (not complete)");
        }
        lines.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_a_line() {
        let stream = ": hello\n\nevent: created\nid: 7\ndata: {\"a\":1}\n\r\ndata: one\rdata:two\n\nid: 8\n\nretry: 500\nx: y\ndata: cut";
        assert_eq!(
            lines(stream),
            ":  hello\ncreated  #7  {\"a\":1}\nmessage  one↵two\nmessage  #8  (no data)\nretry  500 ms\nx  y  (an unknown field)\nmessage  cut  (not complete)\n"
        );
        assert_eq!(lines(""), "");
    }
}

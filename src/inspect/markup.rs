//! XML and HTML, one element a line. Only the blanks between tags and texts are changed.

use quick_xml::{Reader, events::Event};

/// Levels beyond this are indented no further.
const DEEPEST: usize = 20;

/// Elements of HTML that have no end tag: the HTML standard, Section 13.1.2.
const VOID: [&[u8]; 14] = [
    b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param",
    b"source", b"track", b"wbr",
];

/// Elements of HTML whose content is no markup.
const RAW: [&[u8]; 3] = [b"script", b"style", b"textarea"];

/// Start tags that end elements whose end tag may be left out: the HTML standard, Section 13.1.2.4.
struct LeftOut {
    begins: &'static [&'static str],
    ends: &'static [&'static str],
    /// What lies outside of these stays open.
    within: &'static [&'static str],
}

const LEFT_OUT: &[LeftOut] = &[
    LeftOut {
        begins: &[
            "address",
            "article",
            "aside",
            "blockquote",
            "details",
            "dialog",
            "div",
            "dl",
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hgroup",
            "hr",
            "main",
            "menu",
            "nav",
            "ol",
            "p",
            "pre",
            "search",
            "section",
            "table",
            "ul",
        ],
        ends: &["p"],
        within: &[
            "table", "td", "th", "caption", "button", "object", "template",
        ],
    },
    LeftOut {
        begins: &["li"],
        ends: &["li"],
        within: &["ul", "ol", "menu", "table", "template"],
    },
    LeftOut {
        begins: &["dt", "dd"],
        ends: &["dt", "dd"],
        within: &["dl", "table", "template"],
    },
    LeftOut {
        begins: &["option"],
        ends: &["option"],
        within: &["select", "datalist", "optgroup"],
    },
    LeftOut {
        begins: &["optgroup"],
        ends: &["option", "optgroup"],
        within: &["select"],
    },
    LeftOut {
        begins: &["td", "th"],
        ends: &["td", "th"],
        within: &["tr", "table", "template"],
    },
    LeftOut {
        begins: &["tr"],
        ends: &["td", "th", "tr"],
        within: &["thead", "tbody", "tfoot", "table", "template"],
    },
    LeftOut {
        begins: &["thead", "tbody", "tfoot"],
        ends: &["td", "th", "tr", "thead", "tbody", "tfoot"],
        within: &["table", "template"],
    },
];

/// So many levels above a start tag are asked whether it ends them.
const ASKED: usize = 64;

/// A text indented, and what is wrong with it where it is no markup any more: the rest stays as it is.
pub struct Indented {
    pub text: String,
    /// The byte in the source, and the reason.
    pub problem: Option<(usize, String)>,
}

/// Indents a text, by the looser rules of HTML if it is that.
pub fn indent(source: &str, is_html: bool) -> Indented {
    let mut writer = Writer {
        source,
        text: String::with_capacity(source.len() * 5 / 4),
        open: Vec::new(),
        after: After::LineStart,
        is_html,
    };
    let mut from = 0;
    let mut problem = None;
    while let Some(rest) = source.get(from..).filter(|rest| !rest.is_empty()) {
        match writer.read(from, rest) {
            Ok(to) => from = to,
            Err((at, reason)) => {
                writer.raw(source.get(at..).unwrap_or_default());
                problem = Some((at, reason));
                break;
            }
        }
    }
    writer.trim_end();
    Indented {
        text: writer.text,
        problem,
    }
}

/// What the last thing written was.
#[derive(PartialEq)]
enum After {
    LineStart,
    StartTag,
    /// Text behind a start tag, in its line.
    Text,
    /// Text on a line of its own.
    Mixed,
    Other,
}

struct Writer<'a> {
    source: &'a str,
    text: String,
    /// The names of the elements that are open.
    open: Vec<&'a [u8]>,
    after: After,
    is_html: bool,
}

impl<'a> Writer<'a> {
    /// Reads on to the end, or to the end of an element whose content is not to be read; says how far.
    fn read(&mut self, from: usize, rest: &'a str) -> Result<usize, (usize, String)> {
        let mut reader = Reader::from_str(rest);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event();
            let end = reader.buffer_position() as usize;
            let piece = rest.get(start..end).unwrap_or_default();
            match event {
                Err(error) => return Err((from + start, error.to_string())),
                Ok(Event::Eof) => return Ok(self.source.len()),
                Ok(Event::Start(_)) => {
                    let name = name(piece.get(1..).unwrap_or_default());
                    self.start(piece, name);
                    let lower = name.to_ascii_lowercase();
                    if self.is_html && RAW.contains(&lower.as_slice()) {
                        let content = raw_content(rest.get(end..).unwrap_or_default(), &lower);
                        self.raw(content);
                        return Ok(from + end + content.len());
                    }
                }
                Ok(Event::End(_)) => self.end(piece),
                Ok(Event::Text(_) | Event::GeneralRef(_)) => self.characters(piece),
                Ok(_) => self.line(piece),
            }
        }
    }

    fn start(&mut self, tag: &str, name: &'a [u8]) {
        if self.is_html {
            self.end_left_out(name);
        }
        self.line(tag);
        if !(self.is_html && VOID.contains(&name.to_ascii_lowercase().as_slice())) {
            self.open.push(name);
            self.after = After::StartTag;
        }
    }

    /// Ends what this start tag ends without an end tag.
    fn end_left_out(&mut self, name: &[u8]) {
        let is_in = |names: &[&str], name: &[u8]| {
            names
                .iter()
                .any(|it| it.as_bytes().eq_ignore_ascii_case(name))
        };
        let Some(rule) = LEFT_OUT.iter().find(|it| is_in(it.begins, name)) else {
            return;
        };
        let open = self.open.iter().enumerate().rev().take(ASKED);
        let inside = open.take_while(|(_, open)| !is_in(rule.within, open));
        let ended = inside.filter(|(_, open)| is_in(rule.ends, open)).last();
        if let Some((level, _)) = ended {
            self.open.truncate(level);
        }
    }

    fn end(&mut self, tag: &'a str) {
        let name = name(tag.get(2..).unwrap_or_default());
        let open = self.open.iter().rposition(|open| {
            if self.is_html {
                open.eq_ignore_ascii_case(name)
            } else {
                *open == name
            }
        });
        let is_innermost = open.is_some_and(|open| open + 1 == self.open.len());
        if let Some(open) = open {
            self.open.truncate(open);
        }
        if is_innermost && matches!(self.after, After::StartTag | After::Text) {
            self.trim_end();
            self.text.push_str(tag);
            self.after = After::Other;
        } else {
            self.line(tag);
        }
    }

    fn characters(&mut self, text: &str) {
        if text.trim().is_empty() && !matches!(self.after, After::Text | After::Mixed) {
            return;
        }
        match self.after {
            After::StartTag => {
                self.text.push_str(text.trim_start());
                self.after = After::Text;
            }
            // References part a text; its pieces stay together.
            After::Text | After::Mixed => self.text.push_str(text),
            After::LineStart | After::Other => {
                self.line("");
                self.text.push_str(text.trim_start());
                self.after = After::Mixed;
            }
        }
    }

    /// Something on a line of its own.
    fn line(&mut self, piece: &str) {
        self.trim_end();
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        let levels = self.open.len().min(DEEPEST);
        self.text.extend(std::iter::repeat_n("  ", levels));
        self.text.push_str(piece.trim());
        self.after = After::Other;
    }

    fn raw(&mut self, content: &str) {
        if content.trim().is_empty() {
            return;
        }
        self.text.push_str(content);
        self.after = After::Text;
    }

    /// The blanks behind a text are not known to be its last ones before something else comes.
    fn trim_end(&mut self) {
        if matches!(self.after, After::Text | After::Mixed) {
            self.text.truncate(self.text.trim_end().len());
        }
    }
}

/// The name that a tag begins with, behind its bracket.
fn name(tag: &str) -> &[u8] {
    let inside = tag.as_bytes();
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
    let end = inside.iter().position(is_end).unwrap_or(inside.len());
    inside.get(..end).unwrap_or_default()
}

/// What is before the end tag of an element whose content is no markup.
fn raw_content<'a>(rest: &'a str, name: &[u8]) -> &'a str {
    let bytes = rest.as_bytes();
    let end = memchr::memmem::find_iter(bytes, b"</").find(|start| {
        bytes
            .get(start + 2..start + 2 + name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
    });
    rest.get(..end.unwrap_or(rest.len())).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_element_is_a_line_and_a_text_stays_within_its_tags() {
        let source = "<?xml version=\"1.0\"?><!-- c --><a x='1'><b>one &amp; two</b><c/><d><e></e> text </d><![CDATA[<&]]></a>";
        let indented = indent(source, false);
        assert_eq!(
            indented.text,
            "<?xml version=\"1.0\"?>\n<!-- c -->\n<a x='1'>\n  <b>one &amp; two</b>\n  <c/>\n  <d>\n    <e></e>\n    text\n  </d>\n  <![CDATA[<&]]>\n</a>"
        );
        assert!(indented.problem.is_none());
    }

    #[test]
    fn html_is_taken_as_browsers_take_it() {
        let source = "<!DOCTYPE html><HTML><p>one<br>two<p>three<script>if (a<b) { x(\"</p>\") }</script><img src=x></html>";
        assert_eq!(
            indent(source, true).text,
            "<!DOCTYPE html>\n<HTML>\n  <p>one\n    <br>\n    two\n  <p>three\n    <script>if (a<b) { x(\"</p>\") }</script>\n    <img src=x>\n</html>"
        );
    }

    #[test]
    fn what_html_lets_end_without_an_end_tag_is_no_staircase() {
        for (source, expected) in [
            (
                "<ul><li>a<LI>b<ul><li>c</ul><li>d</ul>",
                "<ul>\n  <li>a\n  <LI>b\n    <ul>\n      <li>c\n    </ul>\n  <li>d\n</ul>",
            ),
            ("<p>a<div><p>b</p></div>", "<p>a\n<div>\n  <p>b</p>\n</div>"),
            (
                "<dl><dt>a<dd>b<dt>c</dl>",
                "<dl>\n  <dt>a\n  <dd>b\n  <dt>c\n</dl>",
            ),
            (
                "<table><tr><td>a<td><p>b<tr><th>c</table>",
                "<table>\n  <tr>\n    <td>a\n    <td>\n      <p>b\n  <tr>\n    <th>c\n</table>",
            ),
            (
                "<select><option>a<option>b</select>",
                "<select>\n  <option>a\n  <option>b\n</select>",
            ),
        ] {
            assert_eq!(indent(source, true).text, expected, "{source}");
        }
        let xml = indent("<p>a<p>b</p></p>", false);
        assert_eq!(xml.text, "<p>a\n  <p>b</p>\n</p>");
    }

    #[test]
    fn what_is_no_markup_any_more_stays_as_it_is() {
        let indented = indent("<a><b>x</b><c <", false);
        assert!(
            indented.text.starts_with("<a>\n  <b>x</b>"),
            "{}",
            indented.text
        );
        assert!(indented.text.ends_with("<c <"));
        assert_eq!(indented.problem.map(|(at, _)| at), Some(11));
    }

    #[test]
    fn a_hundred_thousand_levels_do_not_overflow() {
        let source = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
        assert!(indent(&source, false).text.len() > source.len());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn nothing_but_blanks_is_changed(source in "(<a>|</a>|<br>|<b x='1'/>|<!--|-->|<script>|</script>|<|>|&amp;|&|x| |\\n|é|<![CDATA[|]]>){0,40}", is_html in any::<bool>()) {
            let without = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(without(&indent(&source, is_html).text), without(&source));
        }
    }
}

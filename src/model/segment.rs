//! A text as one segment of a URL's path.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The path percent-encode set of the WHATWG URL standard, and what would end or change the segment: the
/// slashes, and the percent sign, so that the text arrives as it was typed.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The text, percent-encoded so that a server that decodes the segment has it back.
pub fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_survives_parsing_as_it_is() {
        let text = "a/b?c#d%20 ü\\^{x}|`\"<>@:;=&+$,!~'()*";
        let url = url::Url::parse(&format!("http://h/x/{}/y", encode_segment(text))).unwrap();
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        assert_eq!(
            segments[1],
            encode_segment(text),
            "the parser changes nothing"
        );
        assert_eq!(segments.len(), 3);
        assert!(url.query().is_none() && url.fragment().is_none());
        assert_eq!(encode_segment("a/ü %"), "a%2F%C3%BC%20%25");
    }
}

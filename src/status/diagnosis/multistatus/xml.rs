//! Parts in XML: the `response` elements of a WebDAV `multistatus` (RFC 4918, Section 14.16).

use quick_xml::{Reader, escape::resolve_predefined_entity, events::Event};

use super::{MOST, Part};

/// The parts as far as the text is XML: what comes after a mistake is not known.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut reading = Reading::default();
    while reading.parts.len() < MOST {
        match reader.read_event() {
            Ok(Event::Start(tag)) => reading.open(tag.local_name().as_ref()),
            Ok(Event::Empty(tag)) => {
                reading.open(tag.local_name().as_ref());
                reading.close();
            }
            Ok(Event::End(_)) => reading.close(),
            Ok(Event::Text(text)) => reading.text.push_str(&text.xml10_content()),
            Ok(Event::CData(text)) => reading.text.push_str(&text.xml10_content()),
            Ok(Event::GeneralRef(entity)) => {
                let named = || resolve_predefined_entity(&entity).map(str::to_owned);
                let numbered = entity.resolve_char_ref().ok().flatten();
                let letter = numbered.map(String::from).or_else(named);
                reading.text.push_str(&letter.unwrap_or_default());
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    reading.parts
}

/// Where the reading is: the elements that are open, and what was read of the response so far.
#[derive(Default)]
struct Reading {
    open: Vec<String>,
    /// The text of the innermost element.
    text: String,
    parts: Vec<Part>,
    names: Vec<String>,
    properties: Vec<String>,
    status: Option<u16>,
    /// What is said of the properties, and of the whole response.
    remark: Option<String>,
    description: Option<String>,
    /// Where the parts of this response begin.
    first: usize,
}

impl Reading {
    fn open(&mut self, name: &str) {
        match (name, self.innermost()) {
            ("response", _) => {
                self.names.clear();
                self.description = None;
                self.first = self.parts.len();
                self.clear();
            }
            ("propstat", _) => self.clear(),
            (property, Some("prop")) if self.is_within("propstat") => {
                self.properties.push(property.to_owned());
            }
            _ => {}
        }
        self.text.clear();
        self.open.push(name.to_owned());
    }

    fn clear(&mut self) {
        self.properties.clear();
        (self.status, self.remark) = (None, None);
    }

    fn innermost(&self) -> Option<&str> {
        self.open.last().map(String::as_str)
    }

    fn is_within(&self, name: &str) -> bool {
        self.open.iter().rev().take(2).any(|open| open == name)
    }

    fn close(&mut self) {
        let Some(name) = self.open.pop() else {
            return;
        };
        let text = std::mem::take(&mut self.text).trim().to_owned();
        match (name.as_str(), self.innermost()) {
            ("href", Some("response")) => self.names.push(text),
            ("status", Some("response" | "propstat")) => {
                // `HTTP/1.1 423 Locked`
                let code = text.split_whitespace().nth(1);
                self.status = code.and_then(|code| code.parse().ok());
            }
            ("responsedescription", Some("propstat")) => self.remark = Some(text),
            ("responsedescription", Some("response")) => self.description = Some(text),
            ("propstat", _) => self.end_part(),
            ("response", _) => self.end_response(),
            _ => {}
        }
    }

    fn end_part(&mut self) {
        let Some(status) = self.status else {
            return;
        };
        let mut name = self.names.join(", ");
        if !self.properties.is_empty() {
            name = format!("{name} ({})", self.properties.join(", "));
        }
        self.parts.push(Part {
            name,
            status,
            description: self.remark.take(),
        });
        self.clear();
    }

    /// What is said of a whole response is said of each of its parts that has no word of its own.
    fn end_response(&mut self) {
        self.end_part();
        for part in self.parts.iter_mut().skip(self.first) {
            part.description = part.description.take().or_else(|| self.description.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(String, u16, Option<String>)> {
        let parts = parts(text).into_iter();
        parts
            .map(|part| (part.name, part.status, part.description))
            .collect()
    }

    #[test]
    fn each_response_is_a_part_with_what_is_said_of_it() {
        // After RFC 4918, Section 9.6.1 (and 14.15 for several names).
        let text = r#"<?xml version="1.0"?>
            <d:multistatus xmlns:d="DAV:">
              <d:response><d:href>/a&amp;b</d:href><d:href>/c</d:href>
                <d:status>HTTP/1.1 423 Locked</d:status>
                <d:error><d:lock-token-submitted><d:href>/lock</d:href></d:lock-token-submitted></d:error>
                <d:responsedescription>Somebody <![CDATA[<holds>]]> it&#33;</d:responsedescription>
              </d:response>
              <d:response><d:href>/d</d:href><d:status>HTTP/1.1 204 No Content</d:status></d:response>
            </d:multistatus>"#;
        assert_eq!(
            told(text),
            [
                (
                    "/a&b, /c".to_owned(),
                    423,
                    Some("Somebody <holds> it!".to_owned())
                ),
                ("/d".to_owned(), 204, None),
            ]
        );
    }

    #[test]
    fn each_group_of_properties_is_a_part_of_its_own() {
        // After RFC 4918, Section 9.2.2.
        let text = r#"<multistatus xmlns="DAV:" xmlns:Z="http://z/"><response>
            <href>/f</href>
            <propstat><prop><Z:Authors/></prop><status>HTTP/1.1 424 Failed Dependency</status></propstat>
            <propstat><prop><Z:Copyright-Owner><Z:x/></Z:Copyright-Owner></prop>
              <status>HTTP/1.1 409 Conflict</status>
              <responsedescription>It cannot be deleted.</responsedescription></propstat>
            <responsedescription>Nothing was changed.</responsedescription>
            </response></multistatus>"#;
        assert_eq!(
            told(text),
            [
                (
                    "/f (Authors)".to_owned(),
                    424,
                    Some("Nothing was changed.".to_owned())
                ),
                (
                    "/f (Copyright-Owner)".to_owned(),
                    409,
                    Some("It cannot be deleted.".to_owned())
                ),
            ]
        );
    }

    #[test]
    fn what_is_broken_keeps_what_came_before_it() {
        let whole = "<r><response><href>/a</href><status>HTTP/1.1 200 OK</status></response>";
        assert_eq!(told(&format!("{whole}<response><href>/b<")).len(), 1);
        assert!(told("</response></a><status>HTTP/1.1 200</status>").is_empty());
        assert!(told("nothing").is_empty());
        let many = whole.repeat(3000);
        assert_eq!(parts(&many).len(), MOST);
    }
}

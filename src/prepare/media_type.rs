//! Content types: guessed from a file's name, checked as typed.

use http::HeaderValue;

/// The content type that a file's name speaks for; `application/octet-stream` where it says nothing.
pub fn guess_type(file_name: &str) -> String {
    mime_guess::from_path(file_name)
        .first_or_octet_stream()
        .essence_str()
        .to_owned()
}

/// A content type as typed, without the blanks around it: RFC 9110, Section 8.3.1.
pub(super) fn check(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    let essence = typed.split(';').next().unwrap_or_default().trim();
    let is_type = essence
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype));
    let is_sendable = !typed.chars().any(char::is_control) && HeaderValue::from_str(typed).is_ok();
    if is_type && is_sendable {
        return Ok(typed.to_owned());
    }
    Err(format!(
        "“{typed}” is no content type: write type/subtype, such as image/png"
    ))
}

/// RFC 9110, Section 5.6.2.
fn is_token(text: &str) -> bool {
    let is_letter = |char: char| char.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(char);
    !text.is_empty() && text.chars().all(is_letter)
}

/// The value of a parameter of a content type, without its quotes.
pub(super) fn parameter(content_type: &str, name: &str) -> Option<String> {
    let mut parameters = content_type.split(';').skip(1);
    parameters.find_map(|parameter| {
        let (found, value) = parameter.split_once('=')?;
        let is_it = found.trim().eq_ignore_ascii_case(name);
        is_it.then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_speak_for_their_type() {
        for (name, guessed) in [
            ("photo.PNG", "image/png"),
            ("a/b.json", "application/json"),
            ("notes.txt", "text/plain"),
            ("archive.tar.gz", "application/gzip"),
            ("README", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(guess_type(name), guessed, "{name}");
        }
    }

    #[test]
    fn a_content_type_is_a_type_and_a_subtype() {
        for good in [
            " text/csv ",
            "application/vnd.api+json; v=1",
            "a/b;c=\"d é\"",
        ] {
            assert_eq!(check(good), Ok(good.trim().to_owned()));
        }
        for bad in [
            "",
            "text",
            "/",
            "text/",
            "te xt/plain",
            "a/b\r\nx: y",
            "a/b;\0",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_parameter_is_found_in_any_case() {
        let kind = "multipart/form-data; charset=x; Boundary=\"ab c\"";
        assert_eq!(parameter(kind, "boundary").as_deref(), Some("ab c"));
        assert_eq!(parameter("boundary=x", "boundary"), None);
    }
}

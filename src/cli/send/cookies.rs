//! The cookies of this one request. Whether the jar is used is one of its options: see [`super::way`].

use crate::model::{Field, Request};

/// Which cookies go along.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Cookies")]
pub struct CookieArguments {
    /// A cookie of this request alone; those given take the place of the jar's
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_cookie)]
    pub cookie: Vec<String>,
}

impl CookieArguments {
    /// Puts them into a request, in the place of the `Cookie` row that it may have.
    pub fn add_to(&self, request: &mut Request) {
        if self.cookie.is_empty() {
            return;
        }
        let is_cookie = |row: &Field| row.name.trim().eq_ignore_ascii_case("cookie");
        request.headers.retain(|row| !is_cookie(row));
        request
            .headers
            .push(Field::new("Cookie", self.cookie.join("; ")));
    }
}

/// Reads `--cookie NAME=VALUE`.
fn parse_cookie(text: &str) -> Result<String, String> {
    let name = text.split_once('=').map(|(name, _)| name.trim());
    if name.is_none_or(str::is_empty) {
        return Err("write the cookie's name and its value, such as sid=abc".to_owned());
    }
    if text.contains(|char: char| char == ';' || char.is_control()) {
        return Err(
            "a cookie holds no ; and no control characters: give each one its own --cookie"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_become_one_field_in_place_of_the_one_there() {
        let mut request = Request {
            headers: vec![Field::new("cookie", "old=1"), Field::new("x", "y")],
            ..Request::default()
        };
        let arguments = CookieArguments {
            cookie: vec!["a=1".to_owned(), "b=2=3".to_owned()],
        };
        arguments.add_to(&mut request);
        let expected = [Field::new("x", "y"), Field::new("Cookie", "a=1; b=2=3")];
        assert_eq!(request.headers, expected);
        CookieArguments::default().add_to(&mut request);
        assert_eq!(request.headers, expected, "what is there stays");
    }

    #[test]
    fn what_is_no_cookie_is_refused() {
        for text in ["", "a", "=1", "a=1;b=2", "a=\n"] {
            assert!(parse_cookie(text).is_err(), "{text:?}");
        }
        assert_eq!(parse_cookie("a=").unwrap(), "a=");
    }
}

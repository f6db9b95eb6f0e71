//! Basic: RFC 7617. Name and password go along with every request, merely encoded.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::model::Header;

use super::{Applied, Field, FieldError, Kind, Values};

pub(super) const USERNAME: Field = Field::text("username", "user name", "who you are");
pub(super) const PASSWORD: Field = Field::secret("password", "password", "may be empty");

pub(super) const KIND: Kind = Kind {
    name: "basic",
    label: "Basic",
    help: "user name and password, with every request",
    scheme: "basic",
    fields: &[USERNAME, PASSWORD],
    apply,
};

fn apply(values: &Values) -> Result<Applied, FieldError> {
    let (username, password) = (values.get("username"), values.get("password"));
    check_username(username)?;
    if username.is_empty() && password.is_empty() {
        return Err(FieldError::new("username", "the user name is missing"));
    }
    let credentials = basic_credentials(username.as_bytes(), password.as_bytes());
    Ok(Applied::Header(Header::new("authorization", credentials)))
}

/// RFC 7617, Section 2: the first colon ends the user name.
fn check_username(username: &str) -> Result<(), FieldError> {
    if username.contains(':') {
        return Err(FieldError::new(
            "username",
            "a user name with a colon cannot be sent by Basic: its end would not be found",
        ));
    }
    Ok(())
}

/// The value of `Authorization`; texts go as UTF-8.
pub fn basic_credentials(username: &[u8], password: &[u8]) -> String {
    let pair = [username, b":", password].concat();
    format!("Basic {}", STANDARD.encode(pair))
}

//! Bearer tokens: RFC 6750, Section 2.1.

use crate::model::Header;

use super::{Applied, Field, FieldError, Kind, Values};

pub(super) const KIND: Kind = Kind {
    name: "bearer",
    label: "Bearer token",
    help: "a token that opens the door for whoever has it",
    scheme: "bearer",
    fields: &[Field::secret("token", "token", "without the word Bearer before it").required()],
    apply,
};

fn apply(values: &Values) -> Result<Applied, FieldError> {
    let credentials = bearer_credentials(values.get("token"))
        .map_err(|reason| FieldError::new("token", reason))?;
    Ok(Applied::Header(Header::new("authorization", credentials)))
}

/// The value of `Authorization`. A token that was copied together with its scheme is taken for what
/// is meant.
pub(super) fn bearer_credentials(token: &str) -> Result<String, &'static str> {
    let token = token.trim();
    let bare = match token.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => rest.trim(),
        _ => token,
    };
    if bare.contains(' ') {
        return Err("a token has no blanks in it");
    }
    Ok(format!("Bearer {bare}"))
}

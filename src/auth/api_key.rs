//! API keys: a secret under a name that the service chooses, in a header field or in the query.

use http::HeaderName;

use crate::model::Header;

use super::{Applied, Field, FieldError, Kind, Values};

pub(super) const KIND: Kind = Kind {
    name: "api-key",
    label: "API key",
    help: "a key in a header field or in the query",
    scheme: "",
    fields: &[
        Field::choice(
            "in",
            "goes into",
            &["header", "query"],
            "a header field or the query",
        ),
        Field::text("name", "name", "as the service calls it").or("X-Api-Key"),
        Field::secret("value", "key", "the key itself").required(),
    ],
    apply,
};

fn apply(values: &Values) -> Result<Applied, FieldError> {
    let (name, value) = (values.get("name").trim(), values.get("value").trim());
    if values.get("in") == "query" {
        return Ok(Applied::Query(name.to_owned(), value.to_owned()));
    }
    let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        FieldError::new(
            "name",
            format!("“{name}” is no header name: no spaces, colons or non-ASCII letters"),
        )
    })?;
    if matches!(
        field.as_str(),
        "host" | "content-length" | "transfer-encoding"
    ) {
        let reason = format!("posttui writes {field} itself: no key can stand there");
        return Err(FieldError::new("name", reason));
    }
    Ok(Applied::Header(Header::new(name, value)))
}

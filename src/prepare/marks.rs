//! Marks that the history left where a secret was: they are not the secret, and are never sent in its place.

use crate::model::{BodyKind, BodySpot, Cell, Field, REDACTED, Request, first_mark};

use super::{Place, PrepareError};

/// Refuses a query or a body in which a mark stands where a value has to be typed again.
pub(super) fn refuse(request: &Request) -> Result<(), PrepareError> {
    let body = &request.body;
    in_rows(&request.query, Place::Query)?;
    match body.kind {
        BodyKind::Form => in_rows(&body.form, Place::Form),
        BodyKind::Multipart => in_rows(&body.multipart, |row| Place::Part(row, Cell::Value)),
        BodyKind::Json => in_text(&body.json, BodySpot::Json),
        BodyKind::GraphQl => {
            in_text(&body.graphql.query, BodySpot::Query)?;
            in_text(&body.graphql.variables, BodySpot::Variables)
        }
        BodyKind::Text => in_text(&body.text, BodySpot::Text),
        BodyKind::File | BodyKind::None => Ok(()),
    }
}

fn in_rows(rows: &[Field], place: impl Fn(usize) -> Place) -> Result<(), PrepareError> {
    let sent = rows.iter().enumerate().filter(|(_, row)| row.is_sent());
    for (index, row) in sent {
        if let Some(reason) = missing(&row.value) {
            return Err(PrepareError::new(place(index), reason));
        }
    }
    Ok(())
}

fn in_text(text: &str, spot: BodySpot) -> Result<(), PrepareError> {
    missing(text).map_or(Ok(()), |reason| {
        Err(PrepareError::new(Place::Body(spot), reason))
    })
}

/// What has to be typed again in a text in which the history left a mark.
pub(super) fn missing(text: &str) -> Option<String> {
    if let Some(mark) = first_mark(text) {
        let name = mark.name;
        return Some(format!(
            "the history does not keep the secret “{name}”: type it again, or a {{{{ template }}}} for it"
        ));
    }
    let reason =
        "the history does not keep a value whose name says that it is secret: type it again";
    text.contains(REDACTED).then(|| reason.to_owned())
}

/// Likewise, of a URL.
pub(super) fn missing_in_url(text: &str) -> Option<String> {
    let authority = text.split_once("//").map_or(text, |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains(REDACTED) {
        let reason = "the history does not keep the user and password of a URL: type them again";
        return Some(reason.to_owned());
    }
    missing(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_not_sent_in_the_place_of_a_secret() {
        let mut request = Request::default();
        request.body.form = vec![Field::new("user", "ann"), Field::new("password", REDACTED)];
        assert_eq!(refuse(&request).unwrap_err().place, Place::Form(1));
        request.body.form[1].enabled = false;
        assert_eq!(refuse(&request), Ok(()));
        request.body.kind = BodyKind::Json;
        request.body.json = format!("{{\"otp\": \"{REDACTED}\"}}");
        let place = refuse(&request).unwrap_err().place;
        assert_eq!(place, Place::Body(BodySpot::Json));
        request.body.kind = BodyKind::Text;
        request.body.text = "of ‹secret employee› and ‹secret ›".to_owned();
        let error = refuse(&request).unwrap_err();
        assert_eq!(error.place, Place::Body(BodySpot::Text));
        assert!(error.reason.contains("“employee”"), "{}", error.reason);
        request.body.text = "a ‹secret › and ‹secret of mine›".to_owned();
        assert_eq!(refuse(&request), Ok(()), "no mark of the history");
    }
}

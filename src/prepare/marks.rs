//! Marks that the history left where a secret was: they are not the secret, and are never sent in its place.

use crate::model::{BodyKind, BodySpot, Cell, Field, REDACTED, Request};

use super::{Place, PrepareError};

/// Refuses a query or a body in which a mark stands where a value has to be typed again.
pub(super) fn refuse(request: &Request) -> Result<(), PrepareError> {
    let body = &request.body;
    if let Some(row) = marked_row(&request.query) {
        return Err(error(Place::Query(row)));
    }
    let marked = |text: &str| text.contains(REDACTED);
    let place = match body.kind {
        BodyKind::Form => marked_row(&body.form).map(Place::Form),
        BodyKind::Multipart => marked_row(&body.multipart).map(|row| Place::Part(row, Cell::Value)),
        BodyKind::Json => marked(&body.json).then_some(Place::Body(BodySpot::Json)),
        BodyKind::GraphQl => {
            marked(&body.graphql.variables).then_some(Place::Body(BodySpot::Variables))
        }
        BodyKind::Text | BodyKind::File | BodyKind::None => None,
    };
    place.map_or(Ok(()), |place| Err(error(place)))
}

fn marked_row(rows: &[Field]) -> Option<usize> {
    rows.iter()
        .position(|row| row.is_sent() && row.value.contains(REDACTED))
}

fn error(place: Place) -> PrepareError {
    let reason =
        "the history does not keep a value whose name says that it is secret: type it again";
    PrepareError::new(place, reason)
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
    }
}

//! A Host of one's own and HTTP/2: there the host of the URL goes out as `:authority`, and a `host` that names
//! another one makes the request malformed (RFC 9113, Section 8.3.1).

use crate::model::{Field, Header, Options, VersionChoice, find_header};

use super::{Place, PrepareError};

/// Has HTTP/1.1 spoken where the Host is not that of the URL and the version would be negotiated, and refuses
/// it where HTTP/2 alone is wanted.
pub(super) fn settle(
    options: &mut Options,
    headers: &[Header],
    rows: &[Field],
    of_url: &str,
) -> Result<(), PrepareError> {
    let host = find_header(headers, "host").map(Header::text);
    if host.is_none_or(|host| host.eq_ignore_ascii_case(of_url)) {
        return Ok(());
    }
    let version = &mut options.transport.version;
    match version {
        VersionChoice::Http1 => {}
        VersionChoice::Negotiated => *version = VersionChoice::Http1,
        VersionChoice::Http2 => {
            let is_host =
                |row: &Field| row.is_sent() && row.name.trim().eq_ignore_ascii_case("host");
            let row = rows.iter().rposition(is_host).unwrap_or_default();
            let reason = format!(
                "HTTP/2 names the host of the URL, {of_url}, and allows no other Host beside it: choose HTTP/1.1 in the options, or leave this row out (RFC 9113, Section 8.3.1)"
            );
            return Err(PrepareError::new(Place::Header(row), reason));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{
        model::{Field, Request, VersionChoice},
        prepare::{Place, prepare},
    };

    #[test]
    fn no_host_goes_out_beside_another_authority() {
        for (chosen, host, spoken) in [
            ("", "other.example", Some(VersionChoice::Http1)),
            ("1.1", "other.example", Some(VersionChoice::Http1)),
            ("2", "other.example", None),
            ("2", "H.example", Some(VersionChoice::Http2)),
            ("", "h.example", Some(VersionChoice::Negotiated)),
        ] {
            let mut request = Request {
                url: "https://h.example/x".to_owned(),
                headers: vec![Field::new("a", "1"), Field::new("Host", host)],
                ..Request::default()
            };
            request.options.set("http", chosen);
            match (prepare(&request), spoken) {
                (Ok(prepared), Some(spoken)) => {
                    assert_eq!(
                        prepared.options.transport.version, spoken,
                        "{chosen} {host}"
                    );
                }
                (Err(error), None) => {
                    assert_eq!(error.place, Place::Header(1));
                    assert!(error.reason.contains("h.example"), "{error}");
                }
                (other, _) => panic!("{chosen} {host}: {other:?}"),
            }
        }
    }
}

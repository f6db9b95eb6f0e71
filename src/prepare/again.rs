//! A request of the history as it goes out once more, byte for byte. The history keeps no secrets: where
//! marks stand for them, they come from the request prepared anew.

use bytes::Bytes;
use memchr::memmem;

use crate::model::{
    Exchange, Header, LOST_BODY, Piece, PreparedBody, PreparedRequest, REDACTED, Redact, Request,
    Secrets, first_mark, has_mark, headers_named, is_redacted, readable_marks,
};

/// Secrets that are not kept and cannot be had again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the history does not keep secrets, and these cannot be had again: {}; load the request and type them anew",
    .0.join(", ")
)]
pub struct Stale(pub Vec<String>);

/// Whether secrets have to be had again before the exchange's request can go out: otherwise what was kept
/// of it is all of it.
pub fn needs_secrets(exchange: &Exchange) -> bool {
    let prepared = &exchange.prepared;
    let headers = &prepared.headers;
    !exchange.request.auth.is_none()
        || has_mark(prepared.url.as_bytes())
        || has_mark(readable_marks(&prepared.url).as_bytes())
        || headers.iter().any(|header| has_mark(&header.value))
        || has_mark(&prepared.body.in_memory())
        || is_lost(&prepared.body.in_memory())
        || has_mark(prepared.options.transport.proxy.as_bytes())
        || has_credentials(&exchange.request)
}

/// Whether the URL of the request brings credentials along that its prepared form does not hold.
fn has_credentials(request: &Request) -> bool {
    request.url.contains(REDACTED)
}

/// The request as it was, its secrets those of `fresh`: the same request prepared anew.
pub fn as_it_was(old: &PreparedRequest, fresh: &PreparedRequest) -> Result<PreparedRequest, Stale> {
    let kept = fresh.redacted();
    let secrets = &fresh.secrets;
    let mut stale = Vec::new();
    if is_lost(&old.body.in_memory()) {
        return Err(Stale(vec!["the body, which the history lost".to_owned()]));
    }
    let mut again = PreparedRequest {
        credentials: fresh.credentials.clone(),
        secrets: secrets.clone(),
        cookies: fresh.cookies.clone(),
        lineage: fresh.lineage.clone(),
        ..old.clone()
    };
    if has_mark(readable_marks(&old.url).as_bytes()) {
        again.url = url(&old.url, &kept.url, fresh, &mut stale);
    }
    let headers = old.headers.iter().enumerate();
    again.headers = headers
        .map(|(index, header)| {
            if !has_mark(&header.value) {
                return header.clone();
            }
            let nth = occurrence(&old.headers, index);
            let value = header_value(header, nth, &kept, fresh);
            value.unwrap_or_else(|names| {
                stale.extend(names.into_iter().map(|name| label(&header.name, &name)));
                header.clone()
            })
        })
        .collect();
    again.body = body(&old.body, &kept.body, fresh, &mut stale);
    let proxy = &mut again.options.transport.proxy;
    if has_mark(proxy.as_bytes()) {
        proxy.clone_from(&fresh.options.transport.proxy);
        if has_mark(proxy.as_bytes()) {
            stale.push("the proxy's credentials".to_owned());
        }
    }
    fit_length(&mut again, old);
    stale.dedup();
    if stale.is_empty() {
        Ok(again)
    } else {
        Err(Stale(stale))
    }
}

/// `authorization`, or `x-key (TOKEN)` where the variable is known.
fn label(header: &str, name: &str) -> String {
    if name.is_empty() {
        header.to_owned()
    } else {
        format!("{header} ({name})")
    }
}

fn is_lost(body: &[u8]) -> bool {
    memmem::find(body, LOST_BODY.as_bytes()).is_some()
}

/// How many fields of the same name stand before this one.
fn occurrence(headers: &[Header], index: usize) -> usize {
    let before = headers.get(..index).unwrap_or_default();
    let name = headers.get(index).map_or("", |header| &header.name);
    headers_named(before, name).count()
}

fn nth<'a>(headers: &'a [Header], name: &str, nth: usize) -> Option<&'a Header> {
    headers_named(headers, name).nth(nth)
}

fn url(old: &str, kept: &str, fresh: &PreparedRequest, stale: &mut Vec<String>) -> String {
    if readable_marks(old) == readable_marks(kept) && !has_mark(fresh.url.as_bytes()) {
        return fresh.url.clone();
    }
    match fill(&readable_marks(old), &fresh.secrets) {
        Ok(url) => url,
        Err(names) => {
            stale.extend(names.into_iter().map(|name| label("the URL", &name)));
            old.to_owned()
        }
    }
}

/// The header with what it held; the names of what cannot be had otherwise.
fn header_value(
    old: &Header,
    number: usize,
    kept: &PreparedRequest,
    fresh: &PreparedRequest,
) -> Result<Header, Vec<String>> {
    let now = nth(&fresh.headers, &old.name, number).filter(|now| !has_mark(&now.value));
    let masked = nth(&kept.headers, &old.name, number);
    let is_same = masked.is_some_and(|masked| masked.value == old.value);
    let value = match now {
        Some(now) if is_same => now.value.clone(),
        now => match fill(&old.text(), &fresh.secrets) {
            Ok(filled) => filled.into_bytes(),
            // What only the scheme is kept of is credentials: those of now take their place.
            Err(names) => match now.filter(|_| names.iter().all(String::is_empty)) {
                Some(now) => now.value.clone(),
                None => return Err(names),
            },
        },
    };
    Ok(Header::new(old.name.clone(), value))
}

fn body(
    old: &PreparedBody,
    kept: &PreparedBody,
    fresh: &PreparedRequest,
    stale: &mut Vec<String>,
) -> PreparedBody {
    if !has_mark(&old.in_memory()) {
        return old.clone();
    }
    if old.in_memory() == kept.in_memory() && !has_mark(&fresh.body.in_memory()) {
        return fresh.body.clone();
    }
    let pieces = old.pieces().iter().map(|piece| match piece {
        Piece::Memory(bytes) if has_mark(bytes) => {
            let filled = std::str::from_utf8(bytes).map_or_else(
                |_| Err(vec![String::new()]),
                |text| fill(text, &fresh.secrets),
            );
            match filled {
                Ok(text) => Piece::Memory(Bytes::from(text)),
                Err(names) => {
                    stale.extend(names.into_iter().map(|name| label("the body", &name)));
                    piece.clone()
                }
            }
        }
        Piece::Memory(_) | Piece::File(_) => piece.clone(),
    });
    PreparedBody::new(pieces.collect())
}

/// The text with the values of now in the place of its marks; else the names of those that cannot be put
/// there, empty where a mark names none.
fn fill(text: &str, secrets: &Secrets) -> Result<String, Vec<String>> {
    let mut missing = Vec::new();
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(mark) = first_mark(rest) {
        filled.push_str(mark.before);
        // Any other value may have been written in another way, which is not known any more.
        match secrets.value(mark.name).filter(|value| is_plain(value)) {
            Some(value) => filled.push_str(value),
            None => missing.push(mark.name.to_owned()),
        }
        rest = mark.after;
    }
    filled.push_str(rest);
    if is_redacted(&filled) {
        missing.push(String::new());
    }
    if missing.is_empty() {
        Ok(filled)
    } else {
        Err(missing)
    }
}

/// Whether a value is written in the same way everywhere: RFC 3986, Section 2.3.
fn is_plain(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    value.bytes().all(plain)
}

/// A value of now may be longer or shorter than the one before.
fn fit_length(again: &mut PreparedRequest, old: &PreparedRequest) {
    let length = again.body.len();
    if length == old.body.len() && !has_mark(&old.body.in_memory()) {
        return;
    }
    for header in &mut again.headers {
        if header.name.eq_ignore_ascii_case("content-length") {
            header.value = length.to_string().into_bytes();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Auth, Body, BodyKind, Field},
        prepare::prepare,
    };

    fn request() -> Request {
        Request {
            method: "POST".to_owned(),
            url: "http://h/x".to_owned(),
            headers: vec![Field::new("x-key", "s3cret")],
            body: Body {
                kind: BodyKind::Text,
                text: "token=s3cret&n=1".to_owned(),
                ..Body::default()
            },
            ..Request::default()
        }
    }

    fn secrets(value: &str) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add("KEY", value, None);
        secrets
    }

    fn prepared(request: &Request, secret: &str) -> PreparedRequest {
        let mut prepared = prepare(request).unwrap();
        prepared.secrets = secrets(secret);
        prepared
    }

    #[test]
    fn what_was_kept_goes_out_byte_for_byte_with_the_secrets_of_now() {
        let sent = prepared(&request(), "s3cret");
        let old = sent.redacted();
        assert!(has_mark(&old.body.in_memory()));
        let again = as_it_was(&old, &sent).unwrap();
        assert_eq!(again, sent);
    }

    #[test]
    fn a_request_that_was_changed_meanwhile_goes_out_as_it_was() {
        let old = prepared(&request(), "s3cret").redacted();
        let mut changed = request();
        changed.url = "http://h/other".to_owned();
        changed.body.text = "token=n3wer&n=2".to_owned();
        changed.headers = vec![Field::new("x-key", "n3wer")];
        let again = as_it_was(&old, &prepared(&changed, "n3wer")).unwrap();
        assert_eq!(again.url, "http://h/x");
        assert_eq!(again.body.in_memory(), "token=n3wer&n=1");
        let length = crate::model::find_header(&again.headers, "content-length").unwrap();
        assert_eq!(length.text(), again.body.len().to_string());
        let key = crate::model::find_header(&again.headers, "x-key").unwrap();
        assert_eq!(key.text(), "n3wer");
    }

    #[test]
    fn credentials_come_from_the_auth_tab_of_now() {
        let mut with_auth = request();
        with_auth.auth = Auth::new("bearer").with("token", "t0ken");
        let sent = prepare(&with_auth).unwrap();
        assert_eq!(as_it_was(&sent.redacted(), &sent).unwrap(), sent);
    }

    #[test]
    fn what_cannot_be_had_again_is_named() {
        let old = prepared(&request(), "s3cret").redacted();
        let mut bare = request();
        bare.headers.clear();
        bare.body.text = "x".to_owned();
        let mut fresh = prepare(&bare).unwrap();
        fresh.secrets = Secrets::default();
        let stale = as_it_was(&old, &fresh).unwrap_err();
        assert_eq!(stale.0, ["x-key (KEY)", "the body (KEY)"]);
    }
}

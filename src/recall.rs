//! The answer of a saved request that a template takes a part of: the latest one of the history, or the
//! request itself, to be sent first. Everything here blocks.

use jiff::Timestamp;

use crate::{
    format::request_toml,
    model::{Origin, Outcome, collection::requests_called},
    store::{History, Library, Paths},
    template::{Answer, AnswerNeed, Recalled},
};

/// Looks for the answer; `Err` says why there can be none.
pub fn recall(
    history: Option<&History>,
    library: &Library,
    paths: &Paths,
    need: &AnswerNeed,
    now: Timestamp,
) -> Result<Recalled, String> {
    let path = find(library, paths, &need.name)?;
    let origin = Origin {
        root: library.root().to_owned(),
        path,
    };
    if let Some(history) = history
        && let Some(answer) = latest(history, &origin, need, now)?
    {
        return Ok(Recalled::Answer(answer.found()?));
    }
    let text = library
        .read(&origin.path)
        .map_err(|error| error.to_string())?;
    let read = request_toml::read(&text)
        .map_err(|error| format!("“{}” cannot be sent: {error}", origin.path))?;
    Ok(Recalled::Send {
        origin,
        request: Box::new(read.request),
    })
}

/// The latest answer, where it is young enough.
fn latest(
    history: &History,
    origin: &Origin,
    need: &AnswerNeed,
    now: Timestamp,
) -> Result<Option<Answer>, String> {
    let told = |error: crate::store::StoreError| error.to_string();
    let Some(id) = history.latest_answered(origin).map_err(told)? else {
        return Ok(None);
    };
    let Some(exchange) = history.load(id).map_err(told)? else {
        return Ok(None);
    };
    // The disk has marks in the place of its secrets; what this program has seen itself it remembers.
    let remembered = history.remembered(id);
    let kept = match &exchange.outcome {
        Some(Outcome::Response(response)) => Some(response),
        Some(Outcome::Failure(_)) | None => None,
    };
    let Some(response) = remembered.as_ref().or(kept) else {
        return Ok(None);
    };
    // One that refuses is sent again: it may be answered otherwise now.
    if response.head.status >= 400 {
        return Ok(None);
    }
    let answered_at = exchange
        .started_at
        .saturating_add(exchange.duration.unwrap_or_default())
        .unwrap_or(exchange.started_at);
    let is_old = need.max_age.is_some_and(|limit| {
        let age = now.duration_since(answered_at);
        // Of no age at all is only what is sent now.
        limit.is_zero() || age.as_secs() > i64::try_from(limit.as_secs()).unwrap_or(i64::MAX)
    });
    if is_old {
        return Ok(None);
    }
    Answer::of(response)
        .map(Some)
        .map_err(|reason| format!("the answer of “{}”: {reason}", origin.path))
}

/// The path of the request that is called so.
fn find(library: &Library, paths: &Paths, name: &str) -> Result<String, String> {
    let collection = library.list(paths);
    let found = requests_called(&collection, name);
    match found.as_slice() {
        [only] => Ok((*only).to_owned()),
        [] => Err(format!(
            "no saved request of “{}” is called “{name}”",
            collection.name
        )),
        several => Err(format!(
            "several saved requests are called “{name}”: {}; write the whole path",
            several.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    use bytes::Bytes;

    use crate::{
        model::{Header, HttpVersion, Request, Response, ResponseHead},
        prepare::prepare,
    };

    struct Place {
        _folder: tempfile::TempDir,
        library: Library,
        paths: Paths,
        history: History,
    }

    fn place() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let (library, _) = Library::init(&folder.path().join("api")).unwrap();
        let write = |path: &str, text: &str| {
            let file = library.root().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        write("auth/login.toml", "url = ':1/login'\n");
        write("broken.toml", "url = \n");
        write("a/twice.toml", "url = ':1'\n");
        write("b/twice.toml", "url = ':1'\n");
        Place {
            library,
            paths: Paths::within(folder.path()),
            history: History::in_memory().unwrap(),
            _folder: folder,
        }
    }

    fn recalled(
        place: &Place,
        name: &str,
        max_age: Option<u64>,
        now: &str,
    ) -> Result<Recalled, String> {
        let need = AnswerNeed {
            name: name.to_owned(),
            max_age: max_age.map(Duration::from_secs),
        };
        let now = now.parse().unwrap();
        recall(
            Some(&place.history),
            &place.library,
            &place.paths,
            &need,
            now,
        )
    }

    fn answer(place: &Place, at: &str, token: &str) {
        let request = Request {
            url: ":1/login".to_owned(),
            ..Request::default()
        };
        let prepared = prepare(&request).unwrap();
        let origin = Origin {
            root: place.library.root().to_owned(),
            path: "auth/login".to_owned(),
        };
        let at = at.parse().unwrap();
        let id = place
            .history
            .begin_saved(&request, &prepared, at, &origin)
            .unwrap();
        let outcome = Outcome::Response(Response {
            head: ResponseHead {
                status: 200,
                reason: None,
                version: HttpVersion::Http11,
                headers: vec![Header::new("content-type", "application/json")],
            },
            body: Bytes::from(format!("{{\"said\":\"{token}\"}}")),
            whole: None,
        });
        let took = Duration::from_secs(1);
        place
            .history
            .finish(
                id,
                &[],
                &outcome,
                took,
                &crate::status::rules::Said::default(),
            )
            .unwrap();
    }

    #[test]
    fn what_was_never_answered_is_to_be_sent_first() {
        let place = place();
        for name in ["auth/login", "login", "login.toml"] {
            match recalled(&place, name, None, "2026-03-04T12:00:00Z").unwrap() {
                Recalled::Send { origin, request } => {
                    assert_eq!(origin.path, "auth/login");
                    assert_eq!(request.url, ":1/login");
                }
                other @ Recalled::Answer(_) => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_latest_answer_counts_unless_it_is_too_old() {
        let place = place();
        answer(&place, "2026-03-04T12:00:00Z", "first");
        answer(&place, "2026-03-04T12:05:00Z", "second");
        let now = "2026-03-04T12:15:00Z";
        match recalled(&place, "login", None, now).unwrap() {
            Recalled::Answer(found) => assert!(found.0.contains("second"), "{}", found.0),
            other @ Recalled::Send { .. } => panic!("{other:?}"),
        }
        let fresh = recalled(&place, "login", Some(600), now).unwrap();
        assert!(matches!(fresh, Recalled::Answer(_)));
        let old = recalled(&place, "login", Some(598), now).unwrap();
        assert!(matches!(old, Recalled::Send { .. }));
    }

    #[test]
    fn what_the_running_program_has_seen_is_there_as_it_came() {
        let place = place();
        answer(&place, "2026-03-04T12:00:00Z", "first");
        let origin = Origin {
            root: place.library.root().to_owned(),
            path: "auth/login".to_owned(),
        };
        let id = place.history.latest_answered(&origin).unwrap().unwrap();
        let kept = place.history.load(id).unwrap().unwrap();
        let Some(Outcome::Response(mut response)) = kept.outcome else {
            panic!("an answer");
        };
        response.body = Bytes::from_static(b"{\"token\":\"as-it-came\"}");
        place.history.remember(id, &Outcome::Response(response));
        match recalled(&place, "login", None, "2026-03-04T12:15:00Z").unwrap() {
            Recalled::Answer(found) => assert!(found.0.contains("as-it-came"), "{}", found.0),
            other @ Recalled::Send { .. } => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_cannot_be_found_or_read_is_told() {
        let place = place();
        let reason = |name| recalled(&place, name, None, "2026-03-04T12:00:00Z").unwrap_err();
        assert!(reason("nope").contains("is called “nope”"));
        assert!(reason("twice").contains("a/twice, b/twice"));
        assert!(reason("broken").contains("cannot be sent"));
    }
}

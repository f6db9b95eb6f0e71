//! Answers on their way to the disk: what is secret in their bodies is a mark there, and what the running program
//! needs of them it keeps in its memory.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use crate::{
    inspect::changed_within,
    model::{
        Exchange, ExchangeId, Header, Outcome, OwnSecrets, REDACTED, Redact, Response, Secrets,
        find_header, marks_in,
    },
};

use super::History;

/// Bodies beyond this, in bytes without their codings, are not searched for secrets by names and shapes: the
/// values of secret variables and the user's own expressions are found in them all the same.
const SEARCHED_FOR_SECRETS: usize = 8 * 1024 * 1024;

/// The largest body under a content coding in which the values of `sought` are looked for, in bytes without it.
const SOUGHT_IN: usize = 64 * 1024 * 1024;

/// Takes the secrets out of the answer's body, and under a content coding what is `sought`, so that the coding is undone and
/// done again once. Returns what stood there, as far as it is worth looking for elsewhere.
pub(super) fn take_secrets(
    outcome: &mut Outcome,
    own: &OwnSecrets,
    sought: &Secrets,
) -> Vec<String> {
    let mut values = Vec::new();
    let Some(response) = outcome.received_mut() else {
        return values;
    };
    let headers = &response.head.headers;
    let coding = find_header(headers, "content-encoding").map(Header::text);
    // What is in no coding has been looked through for them.
    let is_sought = coding.is_some() && !sought.is_empty();
    let largest = if is_sought {
        SOUGHT_IN
    } else {
        SEARCHED_FOR_SECRETS
    };
    let mut marks = 0;
    let change = |plain: &bytes::Bytes| {
        let found = is_sought.then(|| sought.mask_received(plain)).flatten();
        let present = found.as_deref().unwrap_or(plain);
        let taken = (plain.len() <= SEARCHED_FOR_SECRETS)
            .then(|| own.take_from_received(present, headers))
            .flatten();
        let body = match taken {
            Some(taken) => {
                values = taken.values;
                taken.body
            }
            None => found?,
        };
        marks = marks_in(&body).saturating_sub(marks_in(plain));
        Some(body)
    };
    let changed = changed_within(&response.body, coding.as_deref(), largest, change);
    if let Some(body) = changed {
        response.mask(body, marks);
    }
    values
}

/// Takes them out of a whole exchange, and out of what is said of its answer.
pub(super) fn take_secrets_of(exchange: &mut Exchange, own: &OwnSecrets) {
    let Some(outcome) = exchange.outcome.as_mut() else {
        return;
    };
    let values = take_secrets(outcome, own, &Secrets::default());
    exchange.message = exchange.message.take().map(|text| without(text, &values));
}

/// An exchange of the history as it may leave the machine: an older posttui may have kept too much of it.
pub fn without_secrets(exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.redacted();
    take_secrets_of(&mut exchange, &OwnSecrets::default());
    exchange
}

/// A text without those values.
pub(super) fn without(text: String, values: &[String]) -> String {
    let held = values.iter().filter(|value| text.contains(value.as_str()));
    let mut held: Vec<&String> = held.collect();
    // A value that is part of another one must not break it up.
    held.sort_by_key(|value| std::cmp::Reverse(value.len()));
    let mut text = text;
    for value in held {
        text = text.replace(value.as_str(), REDACTED);
    }
    text
}

/// So many bytes of answers are kept in the memory, and of one no more than a template takes.
const REMEMBERED: usize = 32 * 1024 * 1024;
const LARGEST: usize = 16 * 1024 * 1024;
/// So many answers.
const MOST: usize = 256;

/// The latest answers of saved requests as they came, for as long as the program runs: later requests may take
/// parts of them.
#[derive(Default)]
pub(super) struct Remembered(Mutex<VecDeque<(ExchangeId, Response)>>);

impl Remembered {
    fn add(&self, id: ExchangeId, response: Response) {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.push_back((id, response));
        let mut bytes: usize = answers.iter().map(|(_, it)| it.body.len()).sum();
        while bytes > REMEMBERED || answers.len() > MOST {
            let Some((_, oldest)) = answers.pop_front() else {
                break;
            };
            bytes -= oldest.body.len();
        }
    }

    fn get(&self, id: ExchangeId) -> Option<Response> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = answers.iter().rev().filter(|(known, _)| *known == id);
        found.next().map(|(_, response)| response.clone())
    }
}

impl History {
    /// Keeps an answer as it came until the program ends, or until later ones need the room.
    pub fn remember(&self, id: ExchangeId, outcome: &Outcome) {
        if let Outcome::Response(response) = outcome
            && response.body.len() <= LARGEST
        {
            self.0.remembered.add(id, response.clone());
        }
    }

    /// The answer of an exchange as it came, where this program has seen it not too long ago.
    pub fn remembered(&self, id: ExchangeId) -> Option<Response> {
        self.0.remembered.get(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        inspect::decoded_up_to,
        model::{HttpVersion, ResponseHead},
    };

    fn answer(body: Vec<u8>) -> Response {
        Response {
            head: ResponseHead {
                status: 200,
                reason: None,
                version: HttpVersion::Http11,
                headers: vec![Header::new("content-type", "application/json")],
            },
            body: body.into(),
            whole: None,
        }
    }

    #[test]
    fn the_latest_answers_are_remembered_and_the_oldest_make_room() {
        let remembered = Remembered::default();
        for id in 1..=3 {
            remembered.add(ExchangeId(id), answer(vec![b'x'; LARGEST]));
        }
        assert!(remembered.get(ExchangeId(1)).is_none());
        assert!(remembered.get(ExchangeId(2)).is_some() && remembered.get(ExchangeId(3)).is_some());
    }

    #[test]
    fn what_is_sought_and_what_is_named_go_together_from_within_a_coding() {
        let own = OwnSecrets::default();
        let mut sought = Secrets::default();
        sought.add("pin", "s3cret-pin", None);
        for long in [0, SEARCHED_FOR_SECRETS] {
            let blanks = " ".repeat(long);
            let plain = format!(r#"{{"token":"abcdef","echo":"s3cret-pin"{blanks}}}"#);
            let mut coded = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            std::io::Write::write_all(&mut coded, plain.as_bytes()).unwrap();
            let mut answer = answer(coded.finish().unwrap());
            let coding = Header::new("content-encoding", "gzip");
            answer.head.headers.push(coding);
            let mut outcome = Outcome::Response(answer);
            take_secrets(&mut outcome, &own, &sought);
            let kept = outcome.received().unwrap();
            let body = decoded_up_to(&kept.body, Some("gzip"), SOUGHT_IN).unwrap();
            let text = String::from_utf8_lossy(&body);
            assert!(text.contains("‹secret pin›") && !text.contains("s3cret-pin"));
            // Of a very long one no names are looked for.
            assert_eq!(text.contains("abcdef"), long > 0);
            assert_eq!(kept.masked(), if long > 0 { 1 } else { 2 });
        }
    }

    #[test]
    fn size_and_count_of_what_was_taken_are_known_and_large_bodies_stay() {
        let own = OwnSecrets::default();
        let body = br#"{"token":"abcdef","a":1}"#.to_vec();
        let mut outcome = Outcome::Response(answer(body.clone()));
        assert_eq!(
            take_secrets(&mut outcome, &own, &Secrets::default()),
            ["abcdef"]
        );
        let kept = outcome.received().unwrap();
        assert_eq!((kept.masked(), kept.size()), (1, body.len() as u64));
        assert_eq!(kept.cut_from(), None);
        let mut long = body;
        long.resize(SEARCHED_FOR_SECRETS + 1, b' ');
        let mut outcome = Outcome::Response(answer(long.clone()));
        take_secrets(&mut outcome, &own, &Secrets::default());
        assert_eq!(outcome.received().unwrap().body, long);
        let said = without("the token abcdef".to_owned(), &["abcdef".to_owned()]);
        assert_eq!(said, format!("the token {REDACTED}"));
    }
}

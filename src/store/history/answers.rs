//! Answers on their way to the disk: what is secret in their bodies is a mark there, and what the running program
//! needs of them it keeps in its memory.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use crate::{
    inspect::changed_within,
    model::{
        Exchange, ExchangeId, Header, Outcome, OwnSecrets, REDACTED, Redact, Response, find_header,
        marks_in,
    },
};

use super::History;

/// Bodies beyond this, in bytes without their codings, are not searched for secrets by names and shapes: the
/// values of secret variables and the user's own expressions are found in them all the same.
const SEARCHED_FOR_SECRETS: usize = 8 * 1024 * 1024;

/// Takes the secrets out of the answer's body. Returns what stood there, as far as it is worth looking for
/// elsewhere.
pub(super) fn take_secrets(outcome: &mut Outcome, own: &OwnSecrets) -> Vec<String> {
    let mut values = Vec::new();
    let Some(response) = outcome.received_mut() else {
        return values;
    };
    let headers = &response.head.headers;
    let coding = find_header(headers, "content-encoding").map(Header::text);
    let mut marks = 0;
    let change = |plain: &bytes::Bytes| {
        let taken = own.take_from_received(plain, headers)?;
        values = taken.values;
        marks = marks_in(&taken.body).saturating_sub(marks_in(plain));
        Some(taken.body)
    };
    let changed = changed_within(
        &response.body,
        coding.as_deref(),
        SEARCHED_FOR_SECRETS,
        change,
    );
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
    let values = take_secrets(outcome, own);
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
    use crate::model::{HttpVersion, ResponseHead};

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
    fn size_and_count_of_what_was_taken_are_known_and_large_bodies_stay() {
        let own = OwnSecrets::default();
        let body = br#"{"token":"abcdef","a":1}"#.to_vec();
        let mut outcome = Outcome::Response(answer(body.clone()));
        assert_eq!(take_secrets(&mut outcome, &own), ["abcdef"]);
        let kept = outcome.received().unwrap();
        assert_eq!((kept.masked(), kept.size()), (1, body.len() as u64));
        assert_eq!(kept.cut_from(), None);
        let mut long = body;
        long.resize(SEARCHED_FOR_SECRETS + 1, b' ');
        let mut outcome = Outcome::Response(answer(long.clone()));
        take_secrets(&mut outcome, &own);
        assert_eq!(outcome.received().unwrap().body, long);
        let said = without("the token abcdef".to_owned(), &["abcdef".to_owned()]);
        assert_eq!(said, format!("the token {REDACTED}"));
    }
}

//! What a handler is given, and how it reads it.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use bytes::Bytes;

use super::{
    head::{Head, Refusal},
    users::Users,
};

/// One request to a route.
pub struct Call<'a> {
    pub head: &'a Head,
    /// What stands in the path where the pattern has `{…}`; empty where it has none.
    pub parameter: &'a str,
    /// Empty for a handler that does not ask for it.
    pub body: Bytes,
    pub users: &'a Users,
}

impl Call<'_> {
    /// The parameter as a number within `range`; a 400 for anything else.
    pub fn number<T>(&self, range: RangeInclusive<T>) -> Result<T, Refusal>
    where
        T: FromStr + PartialOrd + Display,
    {
        read_number("the last part of the path", self.parameter, &range)
    }

    /// A number of the query within `range`, or `default` where it is not given.
    pub fn query_number<T>(
        &self,
        name: &str,
        range: RangeInclusive<T>,
        default: T,
    ) -> Result<T, Refusal>
    where
        T: FromStr + PartialOrd + Display,
    {
        match self.query(name) {
            Some(text) => read_number(name, &text, &range),
            None => Ok(default),
        }
    }

    /// The first value of the query called `name`, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.head.query().as_bytes())
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The type of the body, in lower case and without parameters; empty where none is given.
    pub fn media_type(&self) -> String {
        let text = self.head.header("content-type").unwrap_or_default();
        let kind = text.split(';').next().unwrap_or_default();
        kind.trim().to_ascii_lowercase()
    }

    /// The fields of a urlencoded body in their order; `None` for a body of another type.
    pub fn form(&self) -> Option<Vec<(String, String)>> {
        (self.media_type() == "application/x-www-form-urlencoded")
            .then(|| form_urlencoded::parse(&self.body).into_owned().collect())
    }
}

fn read_number<T>(what: &str, text: &str, range: &RangeInclusive<T>) -> Result<T, Refusal>
where
    T: FromStr + PartialOrd + Display,
{
    match text.parse() {
        Ok(number) if range.contains(&number) => Ok(number),
        _ => {
            let (first, last) = (range.start(), range.end());
            let detail = format!("“{text}” ({what}) is no number from {first} to {last}.");
            Err(Refusal::new(400, detail))
        }
    }
}

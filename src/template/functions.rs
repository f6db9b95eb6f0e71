//! The functions that a template can call: one row each.

use std::sync::atomic::{AtomicU64, Ordering};

use minijinja::Value;
use ring::digest::{SHA256, digest};

use super::{
    answer,
    facts::{Facts, Need},
    json::Numbers,
};

/// One function.
pub struct Function {
    pub name: &'static str,
    pub help: &'static str,
    /// A call as it is written in a field.
    pub example: &'static str,
    pub(super) run: fn(&Call) -> Result<Value, Refusal>,
}

/// Every function.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "env",
        help: "an environment variable of the process",
        example: r#"{{ env("HOME") }}"#,
        run: |call| call.fetch(Need::Env(call.text(0, "the variable's name")?)),
    },
    Function {
        name: "file",
        help: "the text of a file, without the newline at its end",
        example: r#"{{ file("token.txt") }}"#,
        run: |call| call.fetch(Need::File(call.text(0, "the file's path")?)),
    },
    Function {
        name: "now",
        help: "the time in UTC as in RFC 3339, or in a strftime format",
        example: r#"{{ now("%Y-%m-%d") }}"#,
        run: now,
    },
    Function {
        name: "prompt",
        help: "asked for before it is sent; never kept",
        example: r#"{{ prompt("one-time code") }}"#,
        run: |call| call.fetch(Need::Prompt(call.text(0, "the question")?)),
    },
    Function {
        name: "random_int",
        help: "a random whole number from the first to the second, both included; without them, from 0 to 999999",
        example: "{{ random_int(1, 6) }}",
        run: random_int,
    },
    Function {
        name: "response",
        help: "a part of the latest answer of a saved request: .json, .text, .status, .headers; sent first where it has none, or one older than max_age",
        example: r#"{{ response("login").json.token }}"#,
        run: answer::response,
    },
    Function {
        name: "timestamp",
        help: "seconds since 1970 (Unix time)",
        example: "{{ timestamp() }}",
        run: |call| {
            call.no_arguments()?;
            Ok(Value::from(call.facts.now.as_second()))
        },
    },
    Function {
        name: "uuid",
        help: "a random UUID (version 4)",
        example: "{{ uuid() }}",
        run: uuid,
    },
];

/// Why a function has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Something has to be fetched first.
    Unmet(Need),
    Wrong(String),
}

/// One call of a function.
pub(super) struct Call<'a> {
    pub name: &'static str,
    pub arguments: &'a [Value],
    pub facts: &'a Facts,
    /// How often something random was drawn before, so that no two draws are the same.
    pub draws: &'a AtomicU64,
    /// What the expression that it stands in does with numbers.
    pub numbers: Numbers,
}

impl Call<'_> {
    fn wrong(&self, reason: &str) -> Refusal {
        Refusal::Wrong(format!("{}(): {reason}", self.name))
    }

    fn text(&self, index: usize, what: &str) -> Result<String, Refusal> {
        let text = self.arguments.get(index).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| self.wrong(&format!("{what} is missing, write it in quotes")))
    }

    fn integer(&self, index: usize) -> Result<i64, Refusal> {
        let integer = self.arguments.get(index).and_then(Value::as_i64);
        integer.ok_or_else(|| self.wrong("two whole numbers are needed, such as (1, 6)"))
    }

    fn no_arguments(&self) -> Result<(), Refusal> {
        if self.arguments.is_empty() {
            Ok(())
        } else {
            Err(self.wrong("nothing may stand between its parentheses"))
        }
    }

    fn fetch(&self, need: Need) -> Result<Value, Refusal> {
        match self.facts.get(&need) {
            Some(Ok(found)) => Ok(Value::from(found.0)),
            Some(Err(reason)) => Err(self.wrong(&reason)),
            None => Err(Refusal::Unmet(need)),
        }
    }

    /// Random bytes: of the randomness of this send, those for the next draw.
    fn draw(&self) -> Result<[u8; 16], Refusal> {
        let seed = match self.facts.get(&Need::Randomness) {
            Some(Ok(seed)) => seed,
            Some(Err(reason)) => return Err(self.wrong(&reason)),
            None => return Err(Refusal::Unmet(Need::Randomness)),
        };
        let number = self.draws.fetch_add(1, Ordering::Relaxed);
        let hash = digest(&SHA256, format!("{number} {}", seed.0).as_bytes());
        let mut bytes = [0; 16];
        for (byte, random) in bytes.iter_mut().zip(hash.as_ref()) {
            *byte = *random;
        }
        Ok(bytes)
    }
}

fn now(call: &Call) -> Result<Value, Refusal> {
    let Some(format) = call.arguments.first() else {
        let seconds = jiff::Timestamp::from_second(call.facts.now.as_second());
        return Ok(Value::from(seconds.unwrap_or(call.facts.now).to_string()));
    };
    let format = format
        .as_str()
        .ok_or_else(|| call.wrong("the format is a text, such as \"%Y-%m-%d\""))?;
    let at = call.facts.now.to_zoned_datetime(jiff::tz::TimeZone::UTC);
    jiff::fmt::strtime::format(format, &at)
        .map(Value::from)
        .map_err(|error| call.wrong(&format!("the format cannot be used: {error}")))
}

/// The bounds of `random_int()`.
const RANDOM_INTEGERS: (i64, i64) = (0, 999_999);

fn random_int(call: &Call) -> Result<Value, Refusal> {
    let (low, high) = match call.arguments {
        [] => RANDOM_INTEGERS,
        _ => (call.integer(0)?, call.integer(1)?),
    };
    if low > high {
        return Err(call.wrong("the first number must not be above the second"));
    }
    if call.facts.is_preview() {
        return Ok(Value::from(format!("‹{low}…{high}›")));
    }
    // At most 2^64 values out of 2^128 random ones: the bias is far below what could be measured.
    let count = (i128::from(high) - i128::from(low) + 1).unsigned_abs();
    let drawn = u128::from_be_bytes(call.draw()?) % count;
    Ok(Value::from((i128::from(low) + drawn as i128) as i64))
}

/// RFC 9562, Section 5.4.
fn uuid(call: &Call) -> Result<Value, Refusal> {
    call.no_arguments()?;
    if call.facts.is_preview() {
        return Ok(Value::from("‹uuid›"));
    }
    let bits = u128::from_be_bytes(call.draw()?);
    let version = 0x4000_u128 << 64;
    let variant = 0x8000_u128 << 48;
    let bits = bits & !(0xf000 << 64) & !(0xc000 << 48) | version | variant;
    let digits = format!("{bits:032x}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Ok(Value::from(format!(
        "{}-{}-{}-{}-{}",
        part(0, 8),
        part(8, 12),
        part(12, 16),
        part(16, 20),
        part(20, 32)
    )))
}

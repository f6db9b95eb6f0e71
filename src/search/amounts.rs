//! Amounts after `took:` and `size:`: `>1s`, `<=200ms`, `1MB-5MB`.

/// From the least to the most, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    pub least: u64,
    pub most: u64,
}

/// A unit as it is typed, in lower case, and how much it is.
type Unit = (&'static str, u64);

/// In nanoseconds.
const TIMES: &[Unit] = &[
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// In bytes.
const SIZES: &[Unit] = &[
    ("", 1),
    ("b", 1),
    ("k", 1_000),
    ("kb", 1_000),
    ("kib", 1_024),
    ("m", 1_000_000),
    ("mb", 1_000_000),
    ("mib", 1_048_576),
    ("g", 1_000_000_000),
    ("gb", 1_000_000_000),
    ("gib", 1_073_741_824),
];

impl Amounts {
    pub fn contains(self, amount: u64) -> bool {
        (self.least..=self.most).contains(&amount)
    }

    /// How long something took, in nanoseconds.
    pub(super) fn read_times(text: &str) -> Result<Self, String> {
        read(text, TIMES, "a time, such as >1s, <200ms or 1s-5s")
    }

    /// How large something is, in bytes.
    pub(super) fn read_sizes(text: &str) -> Result<Self, String> {
        read(text, SIZES, "a size, such as >1MB, <10kB or 1MB-5MB")
    }
}

fn read(text: &str, units: &[Unit], allowed: &str) -> Result<Amounts, String> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(format!("type {allowed}"));
    }
    let wrong = || format!("“{text}” is none of these: type {allowed}");
    let amount = |text: &str| amount(text, units).ok_or_else(wrong);
    let all = Amounts {
        least: 0,
        most: u64::MAX,
    };
    if let Some(least) = text.strip_prefix(">=") {
        let least = amount(least)?;
        return Ok(Amounts { least, ..all });
    }
    if let Some(most) = text.strip_prefix("<=") {
        let most = amount(most)?;
        return Ok(Amounts { most, ..all });
    }
    if let Some(below) = text.strip_prefix('>') {
        let least = amount(below)?.saturating_add(1);
        return Ok(Amounts { least, ..all });
    }
    if let Some(above) = text.strip_prefix('<') {
        // Nothing is less than nothing: that finds no row, as it says.
        return Ok(match amount(above)?.checked_sub(1) {
            Some(most) => Amounts { most, ..all },
            None => Amounts { least: 1, most: 0 },
        });
    }
    let (least, most) = text.split_once('-').ok_or_else(wrong)?;
    let (least, most) = (amount(least)?, amount(most)?);
    if least > most {
        return Err(format!(
            "“{text}” is upside down: type the smaller one first"
        ));
    }
    Ok(Amounts { least, most })
}

/// One size, such as `500MB`, in bytes.
pub fn read_size(text: &str) -> Option<u64> {
    amount(&text.to_lowercase(), SIZES)
}

/// A number, which may have a fraction, and its unit.
fn amount(text: &str, units: &[Unit]) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|char: char| !char.is_ascii_digit() && char != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let (_, size) = units.iter().find(|(name, _)| *name == unit.trim())?;
    let number: f64 = number.parse().ok()?;
    let amount = number * *size as f64;
    // What is larger than every amount there can be is as good as the largest.
    amount.is_finite().then_some(amount.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_with_their_units() {
        let range = |least, most| Amounts { least, most };
        for (text, expected) in [
            (">1s", range(1_000_000_001, u64::MAX)),
            (">=1.5S", range(1_500_000_000, u64::MAX)),
            ("<200ms", range(0, 199_999_999)),
            ("<=2m", range(0, 120_000_000_000)),
            ("1s-5s", range(1_000_000_000, 5_000_000_000)),
            ("<0s", range(1, 0)),
        ] {
            assert_eq!(Amounts::read_times(text), Ok(expected), "{text}");
        }
        for (text, expected) in [
            (">1MB", range(1_000_001, u64::MAX)),
            (">= 2 KiB", range(2_048, u64::MAX)),
            ("0-10", range(0, 10)),
            (">99999999999GB", range(u64::MAX, u64::MAX)),
        ] {
            assert_eq!(Amounts::read_sizes(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_says_what_is() {
        for text in [
            "",
            "1",
            ">1",
            ">",
            "1s",
            "1s-",
            "-",
            "5s-1s",
            "1.2.3s-4s",
            "é",
            ">1x",
        ] {
            let error = Amounts::read_times(text).unwrap_err();
            assert!(error.contains("type"), "{text}: {error}");
        }
    }
}

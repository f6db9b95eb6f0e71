//! After what a send is tried again, as text: `connect lost 429 502-504`.

use crate::model::Occasion;

/// Reads the words, separated by blanks or commas.
pub(super) fn read(text: &str) -> Result<Vec<Occasion>, String> {
    let words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    words.map(read_one).collect()
}

fn read_one(word: &str) -> Result<Occasion, String> {
    let wrong = || {
        format!(
            "“{word}” is nothing to try again after: write connect, lost, a status such as 503, 502-504 or 5xx"
        )
    };
    match word {
        "connect" => return Ok(Occasion::Connect),
        "lost" => return Ok(Occasion::Lost),
        _ => {}
    }
    let (first, last) = if let Some(class) = word.strip_suffix("xx") {
        let class: u16 = class.parse().map_err(|_| wrong())?;
        let first = class.checked_mul(100).ok_or_else(wrong)?;
        (first, first.saturating_add(99))
    } else {
        let (first, last) = word.split_once('-').unwrap_or((word, word));
        let number = |text: &str| text.parse::<u16>().map_err(|_| wrong());
        (number(first)?, number(last)?)
    };
    if first < 100 || last > 999 || first > last {
        return Err(wrong());
    }
    Ok(Occasion::Status { first, last })
}

pub(super) fn show(occasions: &[Occasion]) -> String {
    let word = |occasion: &Occasion| match *occasion {
        Occasion::Connect => "connect".to_owned(),
        Occasion::Lost => "lost".to_owned(),
        Occasion::Status { first, last } if first == last => first.to_string(),
        Occasion::Status { first, last } => format!("{first}-{last}"),
    };
    let words: Vec<String> = occasions.iter().map(word).collect();
    words.join(" ")
}

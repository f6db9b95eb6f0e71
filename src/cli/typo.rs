//! A mistyped command must not open the interface with a URL of that name.

use std::ffi::OsString;

use clap::{
    Command,
    builder::StyledStr,
    error::{ContextKind, ContextValue, Error, ErrorKind},
};

/// Refuses a first word that is neither a command nor looks like a URL, and suggests what was meant.
pub fn check(command: &Command, words: &[OsString]) -> Result<(), Error> {
    let Some(word) = words.get(1).and_then(|word| word.to_str()) else {
        return Ok(());
    };
    let is_command = word == "help" || command.find_subcommand(word).is_some();
    if is_command || !is_bare(word) {
        return Ok(());
    }
    let mut error = Error::new(ErrorKind::InvalidSubcommand).with_cmd(command);
    let mut insert = |kind, value: String| error.insert(kind, ContextValue::String(value));
    insert(ContextKind::InvalidSubcommand, word.to_owned());
    if let Some(similar) = similar_command(command, word) {
        insert(ContextKind::SuggestedSubcommand, similar);
    }
    let tip = if word.contains(|char: char| char.is_ascii_lowercase()) {
        format!("for a host of that name write '{word}/'")
    } else {
        format!("to send a {word} from here write 'posttui send {word} URL'")
    };
    let tips = ContextValue::StyledStrs(vec![StyledStr::from(tip)]);
    error.insert(ContextKind::Suggested, tips);
    Err(error)
}

/// A word that a URL would not be: no dot, colon or slash, and not `localhost`.
fn is_bare(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with('-')
        && !word.contains(['.', ':', '/'])
        && !word.eq_ignore_ascii_case("localhost")
}

/// How much alike two words must be (Jaro-Winkler, 0 to 1) for one to be suggested for the other.
const ALIKE: f64 = 0.8;

fn similar_command(command: &Command, word: &str) -> Option<String> {
    let scored = command.get_subcommands().map(|known| {
        (
            strsim::jaro_winkler(known.get_name(), &word.to_lowercase()),
            known.get_name(),
        )
    });
    scored
        .filter(|(score, _)| *score > ALIKE)
        .max_by(|(score, _), (other, _)| score.total_cmp(other))
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(word: &str) -> Option<String> {
        let words = ["posttui".into(), word.into(), "x".into()];
        check(&crate::cli::command(), &words)
            .err()
            .map(|error| error.to_string())
    }

    #[test]
    fn a_mistyped_command_is_refused_with_the_right_one() {
        for (typed, meant) in [
            ("histroy", "history"),
            ("sned", "send"),
            ("Status", "status"),
            ("dmeo", "demo"),
        ] {
            let error = refusal(typed).unwrap();
            assert!(error.contains(&format!("'{typed}'")), "{error}");
            assert!(error.contains(&format!("'{meant}'")), "{error}");
        }
        let error = refusal("intranet").unwrap();
        assert!(
            error.contains("write 'intranet/'") && !error.contains("similar"),
            "{error}"
        );
        let error = refusal("POST").unwrap();
        assert!(error.contains("posttui send POST URL"), "{error}");
    }

    #[test]
    fn urls_commands_and_options_pass() {
        for word in [
            "localhost",
            ":3000",
            "h.de",
            "intranet/",
            "http://x",
            "send",
            "help",
            "--help",
            "-V",
            "",
        ] {
            assert_eq!(refusal(word), None, "{word}");
        }
    }
}

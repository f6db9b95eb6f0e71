//! Arguments of GraphQL whose names say that they are secret: `login(password: "…")`.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    REDACTED,
    masking::{Masking, Patches},
};

/// A name with a string, a block string, a number, or a list of them: GraphQL (October 2021), Section 2.9. A type
/// and a field that is renamed are names themselves, and stay.
static ARGUMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let value = r#""""(?s:.*?)"""|"(?:[^"\\\n]|\\.)*"|-?[0-9][0-9.eE+-]*|\[[^\[\]]*\]"#;
    Regex::new(&format!(r"([A-Za-z_][A-Za-z0-9_]*)\s*:\s*({value})")).ok()
});

/// The text without them; `None` where it can stay.
pub(super) fn redact(text: &str, masking: &mut Masking<'_>) -> Option<String> {
    let argument = ARGUMENT.as_ref()?;
    let mut patches = Patches::default();
    for found in argument.captures_iter(text) {
        let (Some(name), Some(value)) = (found.get(1), found.get(2)) else {
            continue;
        };
        let inner = value.as_str().trim_matches('"');
        if masking.is_secret(name.as_str().as_bytes()) && masking.takes(inner.as_bytes()) {
            patches.put(value.range(), format!("\"{REDACTED}\""));
        }
    }
    let redacted = patches.apply(text.as_bytes())?;
    String::from_utf8(redacted).ok()
}

#[cfg(test)]
mod tests {
    use super::{super::names::is_secret_name, *};

    #[test]
    fn what_is_written_into_a_query_goes_and_its_variables_stay() {
        let text = r#"mutation M($password: String!) { a(password: $password, otp: 123456, token: "t", codes: ["x"], pwd: """a
b""") { token: id } }"#;
        let redacted = redact(text, &mut Masking::new(&is_secret_name)).unwrap();
        let expected = text
            .replace("123456", "§")
            .replace("\"t\"", "§")
            .replace("\"\"\"a\nb\"\"\"", "§")
            .replace('§', &format!("\"{REDACTED}\""));
        assert_eq!(redacted, expected);
        assert_eq!(
            redact("{ users { id } }", &mut Masking::new(&is_secret_name)),
            None
        );
    }
}

//! Which names say that what they name is secret.

/// In lower case, without the signs between the words.
const NAMES: [&str; 29] = [
    "accesstoken",
    "apikey",
    "apitoken",
    "authorization",
    "authtoken",
    "cardnumber",
    "clientsecret",
    "cookie",
    "currentpassword",
    "cvc",
    "cvv",
    "idtoken",
    "newpassword",
    "oldpassword",
    "otp",
    "passphrase",
    "passwd",
    "password",
    "passwordconfirmation",
    "privatekey",
    "proxyauthorization",
    "pwd",
    "refreshtoken",
    "secret",
    "secretkey",
    "sessiontoken",
    "setcookie",
    "token",
    "totp",
];

/// Words that make any name that holds them one of a secret: `user_password`, `otp_code`.
const WORDS: [&str; 9] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "otp",
    "totp",
    "cvv",
];

/// Words that do so at the end of a name: a `csrf_token` is one, a `token_type` is not.
const LAST_WORDS: [&str; 2] = ["token", "pass"];

/// What comes before `key` in the name of a secret.
const KEYS: [&str; 5] = ["api", "access", "auth", "private", "secret"];

/// Words at the end of a name that make it one of something about a secret: a `password_policy`.
const ABOUT: [&str; 14] = [
    "age", "at", "changed", "enabled", "expires", "expiry", "hint", "length", "policy", "question",
    "required", "rules", "strength", "type",
];

/// What comes before `token` in the name of a place in a list, which opens nothing.
const PLACES: [&str; 6] = ["continuation", "cursor", "next", "page", "previous", "sync"];

/// Whether everybody's secrets are called so.
pub(super) fn is_secret_name(name: &str) -> bool {
    if NAMES.contains(&plain_name(name).as_str()) {
        return true;
    }
    let words = words(last_name(name));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_about = words.last().is_some_and(|word| ABOUT.contains(word));
    if is_about || matches!(words.as_slice(), [.., before, "token"] if PLACES.contains(before)) {
        return false;
    }
    words.iter().any(|word| WORDS.contains(word))
        || words.last().is_some_and(|word| LAST_WORDS.contains(word))
        || matches!(words.as_slice(), [.., before, "key"] if KEYS.contains(before))
}

/// The words of a name in lower case: `userPassword` has two, as has `X-Token`.
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for char in name.chars() {
        let begins = !char.is_alphanumeric() || (char.is_uppercase() && was_lower);
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if char.is_alphanumeric() {
            word.extend(char.to_lowercase());
        }
        was_lower = char.is_lowercase() || char.is_ascii_digit();
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// A name however it is written: in lower case, without the signs between its words. Of `user[password]` and
/// `user.password` the last name counts.
pub(super) fn plain_name(name: &str) -> String {
    last_name(name)
        .chars()
        .filter(|char| !matches!(char, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

fn last_name(name: &str) -> &str {
    let name = name.trim_end_matches(']');
    name.rsplit(['[', '.']).next().unwrap_or(name)
}

/// What may as well be called by a common word: a game sells a `Token`, a gym a `Session Pass`.
const COMMON: [&str; 3] = ["token", "secret", "pass"];

/// Whether a name that stands in a pair may be that of a thing. Those of secrets are written as programs write them, in one
/// piece and not with one capital at the start, or hold a word that means nothing else.
pub(super) fn may_be_of_a_thing(name: &str) -> bool {
    let mut chars = name.chars();
    let is_capitalised =
        chars.next().is_some_and(char::is_uppercase) && chars.all(char::is_lowercase);
    if !is_secret_name(name) || !(is_capitalised || name.contains(' ')) {
        return false;
    }
    let plain = plain_name(name);
    let is_sure =
        |word: &String| WORDS.contains(&word.as_str()) && !COMMON.contains(&word.as_str());
    let is_known = NAMES.contains(&plain.as_str()) && !COMMON.contains(&plain.as_str());
    !is_known && !words(last_name(name)).iter().any(is_sure)
}

/// Whether a name is that of a header field, as far as it can be told from other names.
pub(super) fn is_of_field(name: &[u8]) -> bool {
    let known: [&[u8]; 2] = [b"authorization", b"cookie"];
    name.contains(&b'-') || known.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// What the names of cookies hold that open something; at their end they have `sid`, too.
const SESSIONS: [&str; 8] = [
    "auth", "csrf", "jwt", "login", "remember", "sess", "token", "xsrf",
];

/// Whether a cookie of this name is one of a session or the like: `PHPSESSID`, `connect.sid`, `laravel_session`.
pub(super) fn is_of_session(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("sid") || SESSIONS.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_however_they_are_written() {
        for name in [
            "password",
            "Pass-Word",
            "user[password]",
            "a.client_secret",
            "otp",
            "apiKey",
            "user_password",
            "userPassword",
            "csrf_token",
            "otp_code",
            "pass",
            "X-Api-Key",
            "X-Auth-Token",
            "Private-Token",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "passwords",
            "tokens_used",
            "max_tokens",
            "token_type",
            "Idempotency-Key",
            "passenger",
            "password_policy",
            "passwordChangedAt",
            "password_hint",
            "secret_question",
            "next_page_token",
            "continuationToken",
            "username",
            "secretary",
            "",
            "]",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn things_are_told_from_secrets() {
        for name in [
            "Token",
            "Secret",
            "Session Pass",
            "Secret Santa",
            "Season pass",
        ] {
            assert!(may_be_of_a_thing(name), "{name}");
        }
        for name in [
            "token",
            "TOKEN",
            "X-Token",
            "Password",
            "New password",
            "Authorization",
            "Cookie",
            "Access Token",
            "Client Secret",
            "Chair",
        ] {
            assert!(!may_be_of_a_thing(name), "{name}");
        }
    }

    #[test]
    fn cookies_of_sessions_are_known() {
        for name in [
            "sid",
            "connect.sid",
            "PHPSESSID",
            "laravel_session",
            "__Host-auth",
            "XSRF-TOKEN",
        ] {
            assert!(is_of_session(name), "{name}");
        }
        for name in ["theme", "lang", "_ga", "side"] {
            assert!(!is_of_session(name), "{name}");
        }
    }
}

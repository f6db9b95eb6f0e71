//! Accounts: making one, showing one, logging in. Every 4xx that an API answers a form with.

use serde::Serialize;

use crate::demo::{
    call::Call,
    reply::{FieldProblem, Reply},
};

/// The longest name that is taken, in characters.
const NAME_LIMIT: usize = 64;
/// What is remembered of an e-mail address at most, in bytes (RFC 5321, Section 4.5.3.1.3).
const EMAIL_LIMIT: usize = 254;
const CHALLENGE: &str = "Bearer realm=\"posttui playground\"";

/// The fields of a form or JSON body, and which of them it was.
struct Input {
    fields: Vec<(String, String)>,
    is_json: bool,
}

/// The answer to a login.
#[derive(Serialize)]
struct Login<'a> {
    username: &'a str,
    /// What `/auth/bearer` lets in.
    token: &'static str,
    expires_in: u32,
}

pub fn create_user(call: &Call) -> Reply {
    let input = match Input::read(call) {
        Ok(input) => input,
        Err(reply) => return reply,
    };
    let (username, email) = (input.value("username"), input.value("email"));
    match username {
        "intruder" => {
            return Reply::problem(401, "intruder may not make accounts.")
                .header("WWW-Authenticate", CHALLENGE);
        }
        "crash" => return Reply::problem(500, "The playground was asked to fail."),
        _ => {}
    }
    let errors = input.complaints(username, email);
    if !errors.is_empty() {
        let detail = "The account was not made: see errors.";
        return Reply::field_problems(400, detail, errors);
    }
    if let Some(user) = call.users.create(username, email) {
        return Reply::json(201, &user).header("Location", format!("/users/{}", user.id));
    }
    let error = input.complaint("username", "This name has an account already.");
    let detail = format!("“{username}” is taken: choose another name.");
    Reply::field_problems(409, detail, vec![error])
}

pub fn login(call: &Call) -> Reply {
    let input = match Input::read(call) {
        Ok(input) => input,
        Err(reply) => return reply,
    };
    let username = input.value("username");
    if (username, input.value("password")) != ("user", "passwd") {
        return Reply::problem(
            401,
            "The name or the password is wrong: try user and passwd.",
        )
        .header("WWW-Authenticate", CHALLENGE);
    }
    let login = Login {
        username,
        token: "secret-token",
        expires_in: 3600,
    };
    Reply::json(200, &login).header("Set-Cookie", "session=playground; Path=/; HttpOnly")
}

pub fn user(call: &Call) -> Reply {
    let found = call
        .parameter
        .parse()
        .ok()
        .and_then(|id| call.users.find(id));
    match found {
        Some(user) => Reply::json(200, &user),
        None => Reply::problem(404, "No account of this run has that number."),
    }
}

impl Input {
    /// Reads the body; an `Err` is the answer to a body that cannot be read.
    fn read(call: &Call) -> Result<Self, Reply> {
        if let Some(fields) = call.form() {
            return Ok(Self {
                fields,
                is_json: false,
            });
        }
        let kind = call.media_type();
        if kind == "application/json" || kind.ends_with("+json") {
            return read_json(&call.body).map_err(|detail| Reply::problem(400, detail));
        }
        if call.body.is_empty() {
            return Ok(Self {
                fields: Vec::new(),
                is_json: false,
            });
        }
        let detail = format!("Send a form or JSON; “{kind}” is neither.");
        let accepted = "application/x-www-form-urlencoded, application/json";
        Err(Reply::problem(415, detail).header("Accept-Post", accepted))
    }

    /// The first value called `name` without the spaces around it; empty where there is none.
    fn value(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(found, _)| found == name)
            .map_or("", |(_, value)| value.trim())
    }

    fn complaints(&self, username: &str, email: &str) -> Vec<FieldProblem> {
        let name_problem = match username.chars().count() {
            0 => Some("It is missing."),
            1..=NAME_LIMIT => None,
            _ => Some("It is longer than 64 characters."),
        };
        let email_problem = match email {
            "" => Some("It is missing."),
            email if !is_email(email) => Some("It is not an e-mail address."),
            _ => None,
        };
        let problems = [("username", name_problem), ("email", email_problem)];
        problems
            .into_iter()
            .filter_map(|(name, problem)| Some(self.complaint(name, problem?)))
            .collect()
    }

    /// A complaint that points into the body in the way of its kind.
    fn complaint(&self, name: &str, detail: &str) -> FieldProblem {
        FieldProblem {
            pointer: self.is_json.then(|| format!("/{name}")),
            field: (!self.is_json).then(|| name.to_owned()),
            detail: detail.to_owned(),
        }
    }
}

/// The members of a JSON object whose values are strings; the others count as missing.
fn read_json(body: &[u8]) -> Result<Input, String> {
    let value: serde_json::Value =
        serde_json::from_slice(body).map_err(|error| format!("The body is not JSON: {error}."))?;
    let serde_json::Value::Object(members) = value else {
        return Err("The body is JSON, but not an object.".to_owned());
    };
    let fields = members
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
        .collect();
    Ok(Input {
        fields,
        is_json: true,
    })
}

/// Something before one `@`, and something with a dot in it after. Enough to play with.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    text.len() <= EMAIL_LIMIT
        && !local.is_empty()
        && !domain.contains('@')
        && !text.contains(|char: char| char.is_whitespace() || char.is_control())
        && domain.split('.').count() > 1
        && domain.split('.').all(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_text() {
        for text in ["john@example.com", "j+x@a.b.c", "zoë@exämple.org"] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "", "john", "john@", "@a.b", "a@b", "a@b.", "a@.b", "a@b@c.d", "a b@c.d",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }

    #[test]
    fn json_that_is_no_object_is_said_so() {
        assert!(read_json(b"[1]").is_err_and(|detail| detail.contains("not an object")));
        assert!(read_json(b"{\"a\"").is_err_and(|detail| detail.contains("not JSON")));
        let input = read_json(br#"{"username":7,"email":" a@b.c "}"#).unwrap();
        assert_eq!(
            (input.value("username"), input.value("email")),
            ("", "a@b.c")
        );
    }
}

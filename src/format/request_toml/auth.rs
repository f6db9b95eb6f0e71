//! `[auth]`: how a request proves who sends it. No secret stands in a file in clear: what was typed is
//! written as a question that is asked when the request is sent.

use toml_edit::{Item, Table};

use crate::{
    auth::{self, KIND_FIELD, Values},
    model::{Auth, NO_AUTH, REDACTED, Redact},
};

use super::{
    read::{Reader, Wrong},
    texts,
};

/// The key of the table.
pub const AUTH: &str = "auth";

/// Reads the table.
pub fn read(reader: &mut Reader, item: &Item) -> Result<Auth, Wrong> {
    let Some(table) = item.as_table_like() else {
        let reason = "auth has to be a table: [auth], below it kind = \"basic\"";
        return Err(Wrong::new(item.span(), reason));
    };
    let Some(kind) = table.get(KIND_FIELD) else {
        let names: Vec<&str> = auth::KINDS.iter().map(|kind| kind.name).collect();
        let reason = format!("[auth] needs a kind, one of {}", names.join(", "));
        return Err(Wrong::new(item.span(), reason));
    };
    let mut read = Auth::new(texts::read(kind, "auth.kind")?);
    if read.is_none() {
        NO_AUTH.clone_into(&mut read.kind);
    }
    for (key, item) in table.iter().filter(|(key, _)| *key != KIND_FIELD) {
        let place = format!("auth.{key}");
        if is_field(&read, key) {
            let text = texts::read(item, &place)?;
            if !text.is_empty() {
                read.fields.insert(key.to_owned(), text);
            }
        } else {
            reader.unknown.push(place);
        }
    }
    Ok(read)
}

/// Whether the kind has a field of that name; one that is not known may have any.
fn is_field(auth: &Auth, name: &str) -> bool {
    auth::find(&auth.kind).is_none_or(|kind| kind.fields.iter().any(|field| field.name == name))
}

/// What a file says of it: the fields of the chosen kind, and a question in the place of each secret.
/// What the file says already stays, a secret that somebody wrote there by hand included.
pub fn as_written(auth: &Auth, saved: &Auth) -> Auth {
    if auth.is_none() {
        return Auth::default();
    }
    let public = auth.redacted();
    let mut written = Auth::new(auth.kind.as_str());
    for (name, value) in &auth.fields {
        if value.is_empty() || !is_field(auth, name) {
            continue;
        }
        let before = saved.field(name);
        let is_kept = public.field(name) == value && !value.contains(REDACTED);
        let text = if before == value || is_kept {
            value.clone()
        } else if is_question(before) {
            before.to_owned()
        } else {
            question(auth, name)
        };
        written.fields.insert(name.clone(), text);
    }
    written
}

/// Whether a text in a file stands for a secret that was typed elsewhere.
fn is_question(text: &str) -> bool {
    text.starts_with("{{ prompt(")
}

/// The template that asks for a field by its label.
fn question(auth: &Auth, name: &str) -> String {
    let label = Values::new(auth).and_then(|values| {
        let mut shown = values.shown();
        shown.find(|field| field.name == name).map(|it| it.label)
    });
    format!("{{{{ prompt(\"{}\") }}}}", label.unwrap_or(name))
}

/// Brings the table from what it says to what it is to say.
pub fn write(root: &mut Table, old: &Auth, new: &Auth) {
    if old == new {
        return;
    }
    if new.is_none() {
        root.remove(AUTH);
        return;
    }
    let item = root
        .entry(AUTH)
        .or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = item.as_table_like_mut() else {
        return;
    };
    if old.kind != new.kind || !table.contains_key(KIND_FIELD) {
        texts::set(table, KIND_FIELD, new.kind.as_str());
    }
    for name in old.fields.keys().filter(|name| new.field(name).is_empty()) {
        table.remove(name);
    }
    for (name, value) in &new.fields {
        if old.field(name) != value {
            texts::set(table, name, value.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        format::request_toml::{as_written as written, read as read_text, write as write_text},
        model::Request,
    };

    fn request(auth: Auth) -> Request {
        let mut request = Request {
            url: ":1".to_owned(),
            auth,
            ..Request::default()
        };
        request.body.kind = crate::model::BodyKind::None;
        request
    }

    #[test]
    fn no_secret_is_written_in_clear() {
        let typed = Auth::new("basic")
            .with("username", "ann")
            .with("password", "s3cret")
            .with("token", "s3cret of another kind");
        let text = write_text(&request(typed.clone()), None).unwrap();
        assert_eq!(
            text,
            "method = \"POST\"\nurl = \":1\"\n\n[auth]\nkind = \"basic\"\npassword = '{{ prompt(\"password\") }}'\nusername = \"ann\"\n"
        );
        let back = read_text(&text).unwrap().request;
        assert_eq!(back, written(&request(typed.clone()), &back));
        assert_eq!(
            write_text(&request(typed), Some(&text)).unwrap(),
            text,
            "a secret that is typed again changes nothing"
        );
        let lost = Auth::new("bearer").with("token", REDACTED);
        let text = write_text(&request(lost), None).unwrap();
        assert!(text.contains("token = '{{ prompt(\"token\") }}'"), "{text}");
    }

    #[test]
    fn templates_and_what_stands_there_already_stay() {
        let own = Auth::new("oauth2")
            .with("token_url", ":2/token")
            .with("client_id", "me")
            .with("client_secret", "{{ secret }}");
        let text = write_text(&request(own.clone()), None).unwrap();
        assert_eq!(read_text(&text).unwrap().request.auth, own);
        let by_hand = "url = ':1'\n[auth]\nkind = 'bearer' # mine\ntoken = 'abc'\n";
        let mut read = read_text(by_hand).unwrap().request;
        read.method = "PUT".to_owned();
        let over = write_text(&read, Some(by_hand)).unwrap();
        assert!(
            over.contains("kind = 'bearer' # mine\ntoken = 'abc'"),
            "{over}"
        );
        read.auth = Auth::default();
        assert!(!write_text(&read, Some(by_hand)).unwrap().contains("auth"));
    }

    #[test]
    fn what_is_not_known_is_told_or_kept() {
        let read = read_text("url = ':1'\n[auth]\nkind = 'basic'\ncolour = 'red'\n").unwrap();
        assert_eq!(read.unknown, ["auth.colour"]);
        let later = read_text("url = ':1'\n[auth]\nkind = 'later'\nthing = '1'\n").unwrap();
        assert_eq!(later.request.auth.field("thing"), "1");
        for (text, reason) in [
            (
                "url = ':1'\nauth = 'basic'",
                "line 2: auth has to be a table",
            ),
            ("url = ':1'\n[auth]\ntoken = 'x'", "[auth] needs a kind"),
        ] {
            let error = read_text(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        }
    }
}

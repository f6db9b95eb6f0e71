//! Fetches from the world what templates need: variables of the process, files, randomness. Both faces
//! expand their requests with it. Everything here blocks.

use std::{env, fs, io, path::Path};

use ring::rand::{SecureRandom, SystemRandom};

use crate::{
    model::Hidden,
    template::{Found, Need},
    units::{hexadecimal, human_size},
};

/// The largest file that a template may put into a field.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Fetches each of them. Prompts are asked by the face, answers are looked for by [`crate::recall`]: they
/// are left out.
pub fn fetch(needs: Vec<Need>) -> Vec<(Need, Found)> {
    let mut found = Vec::with_capacity(needs.len());
    for need in needs {
        let fetched = match &need {
            Need::Randomness => randomness(),
            Need::Env(name) => variable(name),
            Need::File(path) => file(Path::new(path)).map_err(|reason| format!("{path}: {reason}")),
            Need::Prompt(_) | Need::Response(_) => continue,
        };
        found.push((need, fetched.map(Hidden)));
    }
    found
}

fn randomness() -> Result<String, String> {
    let mut bytes = [0; 32];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| "this system gives no random numbers".to_owned())?;
    Ok(hexadecimal(&bytes))
}

fn variable(name: &str) -> Result<String, String> {
    // The system's function breaks off at such names.
    if name.contains(['=', '\0']) {
        return Err(format!("“{name}” is no name of a variable"));
    }
    match env::var(name) {
        Ok(value) => Ok(value),
        Err(env::VarError::NotPresent) => {
            Err(format!("{name} is not set where posttui was started"))
        }
        Err(env::VarError::NotUnicode(_)) => Err(format!("what {name} holds is no UTF-8 text")),
    }
}

fn file(path: &Path) -> Result<String, String> {
    let about = fs::metadata(path).map_err(|error| error.to_string())?;
    // Reading from a pipe or a device may never end.
    if !about.is_file() {
        return Err("this is no ordinary file".to_owned());
    }
    if about.len() > LARGEST {
        let size = human_size(about.len());
        return Err(format!("{size} is more than a field takes"));
    }
    let text = fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => "it is no UTF-8 text".to_owned(),
        _ => error.to_string(),
    })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(need: Need) -> Result<String, String> {
        let mut found = fetch(vec![need]);
        found.pop().unwrap().1.map(|hidden| hidden.0)
    }

    #[test]
    fn files_and_variables_are_read_or_the_reason_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::write(path("a"), "text\r\n").unwrap();
        fs::write(path("b"), [0xff]).unwrap();
        assert_eq!(one(Need::File(path("a"))).unwrap(), "text");
        assert!(one(Need::File(path("b"))).unwrap_err().contains("UTF-8"));
        assert!(one(Need::File(path("c"))).unwrap_err().contains("/c: "));
        assert!(one(Need::File(path(""))).unwrap_err().contains("ordinary"));
        assert!(one(Need::Env("PATH".into())).is_ok());
        for name in ["", "POSTTUI_NOT_SET", "a=b", "a\0"] {
            assert!(one(Need::Env(name.into())).is_err(), "{name:?}");
        }
    }

    #[test]
    fn randomness_is_new_each_time() {
        assert_ne!(one(Need::Randomness), one(Need::Randomness));
    }
}

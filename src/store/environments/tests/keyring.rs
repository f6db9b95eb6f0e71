//! Secrets in the keyring, with a script in its place.

use super::*;
use crate::store::environments::keyring::pretended::{WORKING, keyring};

const BROKEN: &str = "echo 'secret-tool: it is locked' >&2; exit 1";

/// A home that wants the keyring as said, and the folder of the pretended one.
fn home_with(script: &str, wanted: &str) -> (tempfile::TempDir, EnvironmentFiles) {
    let (folder, mut files) = home();
    let config = folder.path().join("config");
    make_folder(&config).unwrap();
    fs::write(
        config.join("settings.toml"),
        format!("keyring = '{wanted}'\n"),
    )
    .unwrap();
    files.secrets.pretended = Some(keyring(folder.path(), script));
    (folder, files)
}

fn kept(folder: &tempfile::TempDir) -> String {
    fs::read_to_string(folder.path().join("data/secrets.toml")).unwrap_or_default()
}

#[test]
fn secrets_are_in_the_keyring_and_in_no_file() {
    let (folder, files) = home_with(WORKING, "on");
    assert_eq!(files.save(&local()).unwrap(), SecretsKept::Keyring);
    assert_eq!(kept(&folder), "[local]\nin_the_keyring = true\n");
    assert_eq!(files.read().all, [local()]);
    assert_eq!(files.save(&local()).unwrap(), SecretsKept::AsBefore);
    // The first screen does not wait for the keyring.
    let (at_once, is_left) = files.read_at_once();
    assert!(is_left && at_once.all[0].variables[1].value.0.is_empty());
    // What was not told yet is not taken for nothing.
    files.save(&at_once.all[0]).unwrap();
    assert_eq!(files.read().all, [local()]);
    files.rename("local", "other").unwrap();
    assert_eq!(files.read().all[0].variables[1].value.0, "hunter2");
    assert!(!folder.path().join("item-local").exists());
    files.delete("other").unwrap();
    assert!(!folder.path().join("item-other").exists());
    assert_eq!(kept(&folder), "");
}

#[test]
fn the_file_takes_what_the_keyring_does_not_and_says_so() {
    let (folder, mut files) = home_with(BROKEN, "auto");
    files.secrets.paths_mut().in_one_folder = false;
    let told = files.save(&local()).unwrap().words("local").unwrap();
    assert!(
        told.contains("secrets.toml") && told.contains("it is locked"),
        "{told}"
    );
    assert_eq!(files.read().all, [local()]);
    // Once there is one, the next save brings them there.
    files.secrets.pretended = Some(keyring(folder.path(), WORKING));
    assert_eq!(files.save(&local()).unwrap(), SecretsKept::Keyring);
    assert!(!kept(&folder).contains("hunter2"));
    // And back again.
    fs::write(
        folder.path().join("config/settings.toml"),
        "keyring = 'off'",
    )
    .unwrap();
    assert!(matches!(
        files.save(&local()).unwrap(),
        SecretsKept::File { because: None, .. }
    ));
    assert!(kept(&folder).contains("hunter2") && !folder.path().join("item-local").exists());
}

#[test]
fn one_folder_for_everything_holds_the_secrets_too() {
    let (folder, files) = home_with(WORKING, "auto");
    files.save(&local()).unwrap();
    assert!(kept(&folder).contains("hunter2"));
    assert!(
        !folder.path().join("calls").exists(),
        "the keyring was not asked"
    );
}

#[test]
fn a_keyring_that_does_not_answer_loses_nothing() {
    let (folder, mut files) = home_with(WORKING, "on");
    files.save(&local()).unwrap();
    files.secrets.pretended = Some(keyring(folder.path(), BROKEN));
    let read = files.read();
    assert!(read.problems[0].contains("“local”") && read.problems[0].contains("it is locked"));
    let mut changed = local();
    changed.variables[1].value = "another".into();
    assert!(matches!(
        files.save(&changed),
        Err(StoreError::Keyring { .. })
    ));
    files.secrets.pretended = Some(keyring(folder.path(), WORKING));
    assert_eq!(files.read().all, [local()]);
    // Nothing is kept in a file where the keyring was asked for.
    files.secrets.pretended = Some(keyring(folder.path(), BROKEN));
    let other = Environment {
        name: "other".into(),
        ..local()
    };
    assert!(files.save(&other).is_err() && !kept(&folder).contains("other"));
}

#[test]
fn a_keyring_that_is_gone_is_given_up_by_choosing_the_file() {
    let (folder, mut files) = home_with(WORKING, "on");
    files.save(&local()).unwrap();
    files.secrets.pretended = Some(keyring(folder.path(), BROKEN));
    fs::write(
        folder.path().join("config/settings.toml"),
        "keyring = 'off'",
    )
    .unwrap();
    let mut anew = local();
    anew.variables[1].value = "another".into();
    let told = files.save(&anew).unwrap().words("local").unwrap();
    assert!(told.contains("still there"), "{told}");
    assert_eq!(files.read().all, [anew]);
}

#[test]
fn a_setting_that_is_none_is_told_and_nothing_is_written() {
    let (folder, files) = home_with(WORKING, "maybe");
    let error = files.save(&local()).unwrap_err().to_string();
    assert!(error.contains("settings.toml"), "{error}");
    assert_eq!(kept(&folder), "");
}

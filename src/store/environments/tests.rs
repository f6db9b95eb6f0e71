//! Environments on disk.

use super::*;
use crate::{
    model::{EnvironmentSave, UsualSave},
    store::files::make_folder,
};

fn home() -> (tempfile::TempDir, EnvironmentFiles) {
    let folder = tempfile::tempdir().unwrap();
    let files = EnvironmentFiles::of(&Paths::within(folder.path()));
    (folder, files)
}

fn put(files: &EnvironmentFiles, name: &str, text: &str) {
    make_folder(files.folder()).unwrap();
    fs::write(files.folder().join(name), text).unwrap();
}

impl EnvironmentFiles {
    /// Keeps all of it over whatever is there.
    fn save(&self, environment: &Environment) -> Result<SecretsKept, StoreError> {
        let document = read_document(&self.file(&environment.name))?;
        let options = document.get("options").and_then(Item::as_table_like);
        let options = options.map(|table| parse_options(Some(table), &mut Vec::new()));
        let save = EnvironmentSave {
            environment: environment.clone(),
            loaded: None,
        };
        self.put(
            &save,
            document,
            &options.transpose().unwrap().unwrap_or_default(),
        )
    }

    fn save_usual(&self, choices: &Choices) -> Result<(), StoreError> {
        let loaded = self.usual().usual;
        let save = UsualSave {
            choices: choices.clone(),
            loaded,
        };
        assert_eq!(self.keep_usual(&save)?, None);
        Ok(())
    }
}

#[test]
fn what_was_changed_outside_is_not_written_over() {
    let (_folder, files) = home();
    put(&files, "local.toml", "[variables]\na = \"1\"\n");
    let loaded = files.read().all.remove(0);
    let outside = "[variables]\na = \"9\" # theirs\nb = \"2\"\n";
    put(&files, "local.toml", outside);
    let mut save = EnvironmentSave {
        environment: loaded.clone(),
        loaded: Some(loaded),
    };
    save.environment.options.set("timeout", "3");
    let text = || fs::read_to_string(files.folder().join("local.toml")).unwrap();
    assert!(matches!(files.keep(&save), Ok(EnvironmentKept::Kept(_))));
    assert_eq!(text(), format!("{outside}\n[options]\ntimeout = 3\n"));
    save.environment.variables[0].value = "mine".into();
    let before = text();
    let Ok(EnvironmentKept::Overtaken(now)) = files.keep(&save) else {
        panic!("it was written over: {}", text());
    };
    assert_eq!(text(), before);
    files.keep(&save.over(now)).unwrap();
    assert!(text().contains("a = \"mine\" # theirs") && text().contains("timeout = 3"));
}

#[test]
fn options_that_were_changed_outside_are_not_written_over() {
    let (folder, files) = home();
    let usual = folder.path().join("config/options.toml");
    fs::create_dir_all(usual.parent().unwrap()).unwrap();
    fs::write(&usual, "retry = 5\n").unwrap();
    let save = UsualSave {
        choices: Choices::default().with("timeout", "3"),
        loaded: Choices::default(),
    };
    let now = files.keep_usual(&save).unwrap().unwrap();
    assert_eq!(now.get("retry"), "5");
    assert_eq!(fs::read_to_string(&usual).unwrap(), "retry = 5\n");
    let save = UsualSave {
        loaded: now,
        ..save
    };
    assert_eq!(files.keep_usual(&save).unwrap(), None);
    assert_eq!(fs::read_to_string(&usual).unwrap(), "timeout = 3\n");
}

fn local() -> Environment {
    Environment {
        options: crate::model::Choices::default(),
        name: "local".into(),
        extends: Some("base".into()),
        production: true,
        variables: vec![
            Variable::plain("base_url", "http://h"),
            Variable::secret("db_token", "hunter2"),
        ],
    }
}

#[test]
fn what_was_saved_is_read_and_no_secret_is_in_its_file() {
    let (folder, files) = home();
    assert_eq!(files.read(), Environments::default());
    files.save(&local()).unwrap();
    assert_eq!(files.read().all, [local()]);
    let text = fs::read_to_string(files.folder().join("local.toml")).unwrap();
    assert_eq!(
        text,
        "extends = \"base\"\nproduction = true\n\n[variables]\nbase_url = \"http://h\"\ndb_token = { secret = true }\n"
    );
    let secrets = folder.path().join("data/secrets.toml");
    assert_eq!(
        fs::read_to_string(&secrets).unwrap(),
        "[local]\ndb_token = \"hunter2\"\n"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(&secrets).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn comments_and_order_stay() {
    let (_folder, files) = home();
    let text = "# mine\nproduction = false # really\n\n[variables]\n# where\nbase_url = 'http://h' # here\nport = 8080\nold = \"x\"\n";
    put(&files, "local.toml", text);
    let mut environment = files.read().all.remove(0);
    assert_eq!(environment.variables[1], Variable::plain("port", "8080"));
    environment.production = true;
    environment.variables[0].value = "http://other".into();
    environment.variables.remove(2);
    environment.variables.insert(0, Variable::plain("new", "1"));
    files.save(&environment).unwrap();
    let kept = fs::read_to_string(files.folder().join("local.toml")).unwrap();
    assert_eq!(
        kept,
        "# mine\nproduction = true # really\n\n[variables]\nnew = \"1\"\n# where\nbase_url = \"http://other\" # here\nport = 8080\n"
    );
    environment.production = false;
    files.save(&environment).unwrap();
    let kept = fs::read_to_string(files.folder().join("local.toml")).unwrap();
    assert!(
        kept.starts_with("# mine\nproduction = false # really\n"),
        "{kept}"
    );
}

#[test]
fn a_variable_that_is_secret_no_more_leaves_the_secrets() {
    let (folder, files) = home();
    files.save(&local()).unwrap();
    let mut environment = local();
    environment.variables[1].secret = false;
    files.save(&environment).unwrap();
    assert_eq!(files.read().all, [environment]);
    let secrets = fs::read_to_string(folder.path().join("data/secrets.toml")).unwrap();
    assert_eq!(secrets, "");
}

#[test]
fn a_broken_file_is_told_and_left_alone_and_the_others_are_read() {
    let (_folder, files) = home();
    put(&files, "good.toml", "[variables]\na = 1\n");
    put(
        &files,
        "odd.toml",
        "colour = 1\n[variables]\nbad-name = \"x\"\n",
    );
    let broken = "[variables]\na = = 1\n";
    put(&files, "broken.toml", broken);
    put(&files, "list.toml", "[variables]\na = [1]\n");
    let read = files.read();
    let names: Vec<&str> = read.all.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["good", "odd"]);
    for part in [
        "broken.toml cannot be read: line 2",
        "“colour”",
        "“bad-name”",
        "a needs a text",
    ] {
        let all = read.problems.join("\n");
        assert!(all.contains(part), "{part}: {all}");
    }
    let environment = Environment {
        name: "broken".into(),
        ..Environment::default()
    };
    assert!(files.save(&environment).is_err());
    assert_eq!(
        fs::read_to_string(files.folder().join("broken.toml")).unwrap(),
        broken
    );
}

#[test]
fn broken_secrets_are_told_without_quoting_them_and_not_written_over() {
    let (folder, files) = home();
    files.save(&local()).unwrap();
    let path = folder.path().join("data/secrets.toml");
    fs::write(&path, "[local]\ndb_token = hunter2\n").unwrap();
    let problem = files.read().problems.join("");
    assert!(
        problem.contains("line 2") && !problem.contains("hunter2"),
        "{problem}"
    );
    let error = files.save(&local()).unwrap_err().to_string();
    assert!(
        error.contains("secrets.toml") && !error.contains("hunter2"),
        "{error}"
    );
    assert!(fs::read_to_string(&path).unwrap().contains("hunter2"));
}

#[test]
fn collections_have_secrets_of_their_own() {
    let (folder, files) = home();
    let collection = folder.path().join("api");
    let beside = EnvironmentFiles::beside(&collection, &Paths::within(folder.path()));
    files.save(&local()).unwrap();
    let mut other = local();
    other.variables[1].value = "another".into();
    beside.save(&other).unwrap();
    assert_eq!(files.read().all, [local()]);
    assert_eq!(beside.read().all, [other]);
    assert!(collection.join("environments/local.toml").is_file());
}

#[test]
fn an_environment_is_renamed_with_its_secrets_and_its_heirs() {
    let folder = tempfile::tempdir().unwrap();
    let files = EnvironmentFiles::of(&Paths::within(folder.path()));
    let environment = |name: &str, extends: Option<&str>| Environment {
        name: name.to_owned(),
        extends: extends.map(str::to_owned),
        variables: vec![Variable::secret("token", name)],
        ..Environment::default()
    };
    files.save(&environment("base", None)).unwrap();
    files.save(&environment("local", Some("base"))).unwrap();
    assert!(matches!(
        files.rename("base", "local"),
        Err(StoreError::Exists(_))
    ));
    files.rename("base", "common").unwrap();
    let read = files.read();
    assert!(read.get("base").is_none());
    assert_eq!(read.get("common").unwrap().variables[0].value.0, "base");
    assert_eq!(
        read.get("local").unwrap().extends.as_deref(),
        Some("common")
    );
}

#[test]
fn what_is_deleted_is_in_the_trash_and_its_secrets_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let files = EnvironmentFiles::of(&Paths::within(folder.path()));
    let environment = Environment {
        name: "local".to_owned(),
        variables: vec![
            Variable::secret("token", "s3cret"),
            Variable::plain("a", "1"),
        ],
        ..Environment::default()
    };
    files.save(&environment).unwrap();
    let aside = files.delete("local").unwrap();
    assert!(fs::read_to_string(aside).unwrap().contains("a = \"1\""));
    assert!(files.read().all.is_empty());
    let secrets = fs::read_to_string(folder.path().join("data/secrets.toml")).unwrap();
    assert!(!secrets.contains("s3cret"));
    assert!(files.delete("local").is_err());
}

#[test]
fn a_collection_with_environments_of_its_own_has_those() {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::within(folder.path());
    let (library, _) = Library::init(&folder.path().join("api")).unwrap();
    let inside = library.root().join("users");
    fs::create_dir(&inside).unwrap();
    assert_eq!(
        EnvironmentFiles::find(&inside, &paths),
        EnvironmentFiles::of(&paths)
    );
    fs::create_dir(library.root().join("environments")).unwrap();
    assert_eq!(
        EnvironmentFiles::find(&inside, &paths),
        EnvironmentFiles::beside(library.root(), &paths)
    );
}

#[test]
fn options_are_read_and_kept_and_those_of_the_configuration_hold_everywhere() {
    let (folder, files) = home();
    let text =
        "[variables]\na = 1\n\n[options]\ntimeout = 2.5 # short\ninsecure = true\nfast = 1\n";
    put(&files, "local.toml", text);
    fs::write(folder.path().join("config/options.toml"), "retry = 2\n").unwrap();
    let environments = files.read();
    let chosen: Vec<_> = environments.all[0].options.iter().collect();
    assert_eq!(chosen, [("insecure", "on"), ("timeout", "2.5")]);
    assert_eq!(environments.usual.get("retry"), "2");
    assert_eq!(files.usual().usual, environments.usual);
    assert!(environments.problems[0].contains("no option “fast”"));
    files.save(&environments.all[0]).unwrap();
    let kept = fs::read_to_string(files.folder().join("local.toml")).unwrap();
    assert!(
        kept.contains("timeout = 2.5 # short\ninsecure = true"),
        "{kept}"
    );
    let mut changed = environments.all[0].clone();
    changed.options.set("timeout", "3");
    changed.options.set("insecure", "");
    changed.options.set("proxy", "none");
    files.save(&changed).unwrap();
    let kept = fs::read_to_string(files.folder().join("local.toml")).unwrap();
    assert!(
        kept.ends_with("[options]\ntimeout = 3 # short\nfast = 1\nproxy = \"none\"\n"),
        "{kept}"
    );
    let usual = folder.path().join("config/options.toml");
    fs::write(&usual, "# mine\nretry = 2 # twice\nlater = 1\n").unwrap();
    let chosen = files.usual().usual.with("retry", "3").with("http", "2");
    files.save_usual(&chosen).unwrap();
    assert_eq!(
        fs::read_to_string(&usual).unwrap(),
        "# mine\nretry = 3 # twice\nlater = 1\nhttp = \"2\"\n"
    );
    assert_eq!(files.usual().usual, chosen);
    fs::remove_file(&usual).unwrap();
    files.save_usual(&chosen).unwrap();
    assert_eq!(files.usual().usual, chosen);
    fs::write(folder.path().join("config/options.toml"), "retry = ").unwrap();
    assert!(files.save_usual(&chosen).is_err());
    assert_eq!(fs::read_to_string(&usual).unwrap(), "retry = ");
    let problems = files.usual().problems;
    assert!(
        problems[0].contains("options.toml cannot be read"),
        "{problems:?}"
    );
}

#[cfg(unix)]
mod keyring;

//! The collection zone: saved requests walked, loaded, edited, saved, moved and thrown away.

use std::fs;

use posttui::{
    app::message::Event,
    model::{Field, Focus, Request, Session},
};

use crate::{
    assert_screen, created,
    driver::{Driver, response},
    type_create_user,
};

const CREATE: &str = "\
# Creates a user.
method = \"POST\"
url = \"http://localhost:3000/api/create_user\"

[form]
username = \"john_doe\"   # unique
email = \"john@example.com\"

[on]
201 = \"User created successfully.\"
";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("posttui.toml", "name = \"Shop\"\n"),
        ("users/create.toml", CREATE),
        (
            "users/list.toml",
            "method = \"GET\"\nurl = \":3000/users\"\n",
        ),
        (
            "orders/new.toml",
            "url = \":3000/orders\"\n[json]\ncontent = \"{}\"\n",
        ),
        ("ping.toml", "method = \"OPTIONS\"\nurl = \":3000/\"\n"),
        ("broken.toml", "url = \n"),
    ]
}

fn shop() -> Driver {
    Driver::with_collection(120, 36, &files())
}

impl Driver {
    fn file(&self, path: &str) -> std::path::PathBuf {
        self.home.path().join("api").join(path)
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.file(path)).unwrap_or_default()
    }

    pub fn assert_shows(&self, text: &str) {
        let screen = self.screen();
        assert!(screen.contains(text), "no “{text}” in\n{screen}");
    }
}

/// Goes to `users/create` and loads it; the question about trust is answered.
fn with_create() -> Driver {
    let mut driver = shop();
    driver.keys("<alt-7>/users create<enter>y");
    driver
}

#[test]
fn the_tree_shows_folders_methods_and_files_that_are_none() {
    let mut driver = shop();
    driver.keys("<alt-7><down><left>");
    assert_screen!(driver, "collection_tree");
    driver.keys("<end>");
    driver.assert_shows("broken  line 1: it is no TOML");
}

#[test]
fn a_request_is_found_by_its_words_and_loaded() {
    let mut driver = shop();
    driver.keys("<alt-7>/create");
    assert_screen!(driver, "collection_filtered");
    driver.keys("<enter>");
    driver.assert_shows("Trust the collection in");
    driver.keys("y");
    driver.assert_shows("[Shop 5]");
    driver.keys("<alt-7><esc>");
    assert_screen!(driver, "collection_loaded");
    assert_eq!(driver.state.builder.form.fields().len(), 2);
}

#[test]
fn loading_can_be_undone_with_what_the_draft_belongs_to() {
    let mut driver = with_create();
    driver.keys("<alt-7>/list<enter>");
    assert_eq!(driver.state.belonging().unwrap().name, "list");
    driver.keys("<alt-z>");
    assert_eq!(driver.state.belonging().unwrap().name, "create");
    assert!(!driver.state.belonging().unwrap().edited);
    driver.keys("<alt-z>");
    assert!(driver.state.belonging().is_none());
    driver.keys("<alt-Z><alt-Z>");
    assert_eq!(driver.state.belonging().unwrap().name, "list");
}

#[test]
fn a_save_touches_only_what_was_edited() {
    let mut driver = with_create();
    driver.keys("<alt-1><tab>_2");
    driver.assert_shows("create *");
    driver.keys("<f2>");
    driver.assert_shows("Saved “users/create”.");
    assert!(!driver.screen().contains("create *"));
    assert_eq!(
        driver.text("users/create.toml"),
        CREATE.replace("john_doe", "john_doe_2")
    );
}

#[test]
fn a_draft_is_saved_under_a_name_in_the_personal_collection() {
    let mut driver = Driver::new(120, 36);
    type_create_user(&mut driver);
    driver.keys("<ctrl-s>");
    assert_screen!(driver, "collection_save_as");
    driver.keys("<ctrl-u>../x<enter>");
    driver.assert_shows("! “..” begins or ends with a dot");
    driver.keys("<ctrl-u>users/create<enter><alt-7>");
    assert_screen!(driver, "collection_saved");
    driver.keys("<alt-u>/more<ctrl-s>");
    let file = driver
        .home
        .path()
        .join("home/data/collection/users/create.toml");
    assert!(
        fs::read_to_string(file)
            .unwrap()
            .contains("create_user/more")
    );
    driver.keys("<alt-s><ctrl-u>users/create<enter>");
    driver.assert_shows("exists already");
}

#[test]
fn what_changed_outside_is_loaded_anew_or_asked_about() {
    let mut driver = with_create();
    let outside = CREATE.replace("john_doe", "outside");
    fs::write(driver.file("users/create.toml"), &outside).unwrap();
    driver.happen(Event::FocusGained);
    driver.assert_shows("was changed outside and is loaded anew");
    assert_eq!(
        driver.state.builder.form.fields()[0],
        Field::new("username", "outside")
    );

    driver.keys("<alt-1><tab>_mine");
    fs::write(driver.file("users/create.toml"), CREATE).unwrap();
    driver.happen(Event::FocusGained);
    driver.assert_shows("was changed outside, and here: a save will ask");
    driver.keys("<f2>");
    assert_screen!(driver, "collection_conflict");
    driver.keys("n");
    assert_eq!(driver.text("users/create.toml"), CREATE);
    assert_eq!(driver.state.builder.form.fields()[0].value, "outside_mine");
    driver.keys("<f2>y");
    assert!(driver.text("users/create.toml").contains("outside_mine"));
    fs::remove_file(driver.file("users/create.toml")).unwrap();
    driver.keys("x<f2>");
    driver.assert_shows("was removed outside");
    driver.keys("y");
    assert!(driver.text("users/create.toml").contains("outside_minex"));
}

#[test]
fn what_changes_again_while_the_question_is_open_is_asked_about_again() {
    let mut driver = with_create();
    driver.keys("<alt-1><tab>_mine");
    let change = |driver: &Driver, name: &str| {
        let outside = CREATE.replace("john_doe", name);
        fs::write(driver.file("users/create.toml"), outside).unwrap();
    };
    change(&driver, "first");
    driver.keys("<f2>");
    driver.assert_shows("was changed outside since it was loaded");
    change(&driver, "second");
    driver.keys("y");
    driver.assert_shows("was changed outside since it was loaded");
    assert!(driver.text("users/create.toml").contains("\"second\""));
    fs::remove_file(driver.file("users/create.toml")).unwrap();
    driver.keys("y");
    driver.assert_shows("was removed outside");
    change(&driver, "third");
    driver.keys("y");
    driver.assert_shows("exists already");
    assert!(driver.text("users/create.toml").contains("\"third\""));
    driver.keys("y");
    assert!(driver.text("users/create.toml").contains("john_doe_mine"));
}

#[test]
fn a_suggested_name_gives_way_to_what_is_typed() {
    for (keys, name) in [
        ("users/put", "users/put"),
        ("<end>_2", "create_user_2"),
        ("<home>my_", "my_create_user"),
    ] {
        let mut driver = Driver::new(120, 36);
        type_create_user(&mut driver);
        driver.keys(&format!("<f2>{keys}<enter>"));
        driver.assert_shows(&format!("Saved “{name}”."));
    }
}

#[test]
fn a_draft_keeps_the_place_of_its_deleted_file() {
    let mut driver = with_create();
    driver.keys("<alt-7>d");
    driver.assert_shows("Delete “users/create”?");
    driver.keys("y");
    assert!(!driver.file("users/create.toml").exists());
    driver.keys("<alt-1><f2>");
    driver.assert_shows("Saved “users/create”.");
    assert!(driver.text("users/create.toml").contains("john_doe"));
}

#[test]
fn the_order_forgets_what_is_deleted() {
    let mut driver = shop();
    driver.keys("<alt-7>");
    driver.state.collection.select("users/create");
    driver.keys("J");
    let order = driver.text("posttui.toml");
    assert!(order.contains("users/create"), "{order}");
    driver.keys("dy");
    let order = driver.text("posttui.toml");
    assert!(!order.contains("users/create"), "{order}");
    assert!(order.contains("users/list"), "{order}");
}

#[test]
fn a_name_that_is_taken_is_not_suggested() {
    let mut driver = shop();
    driver.state.builder.load(&Request {
        url: "http://localhost:3000/ping".to_owned(),
        ..Request::default()
    });
    driver.keys("<f2>");
    driver.assert_shows("ping 2");
}

#[test]
fn entries_are_made_renamed_copied_moved_and_thrown_away() {
    let mut driver = shop();
    driver.keys("<alt-7><end>a");
    driver.keys("fresh<enter>y");
    driver.assert_shows("fresh ─[Body:form]");
    assert_eq!(
        driver.text("fresh.toml"),
        "method = \"POST\"\nurl = \"\"\n\n[form]\n"
    );
    driver.keys("<alt-7>r<ctrl-u>users/fresh<enter>");
    assert_eq!(driver.state.belonging().unwrap().name, "fresh");
    driver.keys("<alt-u>:1<f2><alt-7>");
    assert!(
        driver.text("users/fresh.toml").contains(":1"),
        "{}",
        driver.screen()
    );
    driver.keys("c");
    assert!(driver.text("users/fresh 2.toml").contains(":1"));
    driver.keys("<alt-up><alt-up>");
    assert!(driver.text("posttui.toml").contains("\"users/fresh 2\""));
    driver.keys("A");
    driver.keys("deep<enter>");
    assert!(driver.file("users/deep").is_dir(), "{}", driver.screen());
    driver.keys("<left>r<ctrl-u>users/renamed<enter>");
    assert!(driver.file("users/renamed").is_dir(), "{}", driver.screen());
    assert_screen!(driver, "collection_changed");
    driver.keys("/users fresh 2<tab><home>d");
    driver.assert_shows("Delete “users/fresh 2”?");
    driver.keys("y");
    assert!(!driver.file("users/fresh 2.toml").exists());
    let trash = driver.home.path().join("home/data/trash");
    assert_eq!(fs::read_dir(trash).unwrap().count(), 1);
}

#[test]
fn a_request_of_the_history_is_saved_without_touching_the_draft() {
    let mut driver = shop();
    type_create_user(&mut driver);
    driver.keys("<enter>").answer(84, created());
    driver.keys("<alt-u>/draft<alt-6>s");
    driver.keys("<enter>");
    driver.assert_shows("Saved “create_user”.");
    assert!(
        driver
            .text("create_user.toml")
            .contains("api/create_user\"")
    );
    assert!(driver.state.belonging().is_none());
}

#[test]
fn a_file_that_is_no_saved_request_any_more_is_replaced_after_the_question() {
    let mut driver = with_create();
    fs::write(driver.file("users/create.toml"), "url = \n").unwrap();
    driver.keys("<f2>");
    driver.assert_shows("was changed outside since it was loaded");
    driver.keys("y");
    assert!(
        driver.text("users/create.toml").contains("john_doe"),
        "{}",
        driver.screen()
    );
    fs::remove_file(driver.file("users/create.toml")).unwrap();
    driver.keys("<f2>");
    driver.assert_shows("No keeps the draft as it is: it can be saved");
    assert!(!driver.screen().contains("load the file again"));
    driver.keys("y");
    assert!(driver.text("users/create.toml").contains("john_doe"));
}

#[test]
fn the_session_remembers_the_saved_request_and_a_change_outside() {
    let mut driver = with_create();
    driver.keys("<alt-1><tab>_2");
    let session = driver.saved.clone().unwrap();
    let json = serde_json::to_string(&session).unwrap();
    let session = serde_json::from_str(&json).unwrap();
    let home = driver.home;
    fs::write(home.path().join("api/users/create.toml"), "url = ':2'\n").unwrap();
    let history = posttui::store::History::in_memory().unwrap();
    let mut again = Driver::start_in(home, 120, 36, session, None, history);
    assert_eq!(again.state.belonging().unwrap().name, "create");
    again.assert_shows("was changed outside, and here");
    again.keys("<f2>n");
    assert_eq!(again.text("users/create.toml"), "url = ':2'\n");
}

#[test]
fn an_untrusted_collection_says_so_until_it_is_trusted() {
    let mut driver = shop();
    driver.assert_shows("The collection “Shop” is not trusted yet");
    driver.keys("<alt-7>");
    driver.assert_shows("[Shop 5 not trusted]");
    driver.keys("tn");
    driver.assert_shows("[Shop 5 not trusted]");
    driver.keys("ty");
    assert!(!driver.screen().contains("not trusted"));
    driver.keys("t");
    driver.assert_shows("is trusted already");
}

#[test]
fn credentials_are_told_when_they_are_saved() {
    let mut driver = Driver::new(120, 36);
    driver.keys(":1/a<alt-2>authorization<tab>Bearer s3cret<f2><enter>");
    driver.assert_shows("Its credentials stand in the file");
    driver.keys("<f5>").answer(1, response(200, &[], ""));
    let (home, history) = (tempfile::tempdir().unwrap(), driver.history.clone());
    let mut driver = Driver::start_in(home, 120, 36, Session::default(), None, history);
    driver.keys("<alt-6>s<enter>");
    driver.assert_shows("without its credentials");
    let file = driver.home.path().join("home/data/collection/a.toml");
    assert!(!fs::read_to_string(file).unwrap().contains("s3cret"));
}

#[test]
fn the_collection_at_80x24_and_in_the_tab_order() {
    let mut driver = Driver::with_collection(80, 24, &files());
    driver.keys("<alt-7>");
    assert_screen!(driver, "collection_80x24");
    driver.keys("<tab>");
    assert_eq!(driver.state.focus, Focus::Url);
    driver.keys("<shift-tab>");
    assert_eq!(driver.state.focus, Focus::Collection);
    driver.keys("<alt-6><tab><shift-tab>");
    assert_eq!(driver.state.focus, Focus::History);
}

#[test]
fn hostile_names_and_contents_are_drawn_as_marks() {
    let files = [
        ("posttui.toml", "name = \"\\u001b[31mred\\u202e\"\n"),
        (
            "a\u{1b}[2Jb.toml",
            "method = \"\\u001b]0;x\\u0007\"\nurl = ':1'\n",
        ),
    ];
    let mut driver = Driver::with_collection(120, 36, &files);
    driver.keys("<alt-7><enter>");
    assert!(!driver.screen().contains(['\u{1b}', '\u{202e}', '\u{7}']));
    driver.keys("y");
    assert_eq!(driver.state.builder.url.text(), ":1");
}

#[test]
fn files_of_this_machine_are_not_sent_for_a_collection_that_is_not_trusted() {
    let upload = "url = ':1'\n[multipart]\nkey = { file = \"/etc/hostname\" }\n";
    let files = [("posttui.toml", ""), ("upload.toml", upload)];
    let mut driver = Driver::with_collection(120, 36, &files);
    driver.files.insert("/etc/hostname".to_owned(), 5);
    driver.keys("<alt-7><enter>n<f5>");
    driver.assert_shows("Not sent: it reads files or the environment of this machine");
    assert!(driver.sends.is_empty());
    driver.keys("y<f5>");
    assert_eq!(driver.sends.len(), 1);
}

#[test]
fn the_way_is_not_chosen_by_a_collection_that_is_not_trusted() {
    let proxied = "url = ':1'\n[options]\nproxy = \"http://127.0.0.1:2\"\ninsecure = true\n";
    let files = [("posttui.toml", ""), ("a.toml", proxied)];
    let mut driver = Driver::with_collection(120, 36, &files);
    driver.keys("<alt-7><enter>n<f5>");
    driver.assert_shows("options are chosen for it (insecure, proxy)");
    driver.keys("n<f5>");
    assert!(driver.sends.is_empty(), "it is asked each time");
    driver.keys("y<f5>");
    assert_eq!(driver.sends.len(), 1);
    // What only spares time is nobody's business, and what is off chooses nothing.
    let harmless = "url = ':1'\n[options]\ntimeout = 1\ninsecure = false\n";
    let files = [("posttui.toml", ""), ("a.toml", harmless)];
    let mut driver = Driver::with_collection(120, 36, &files);
    driver.keys("<alt-7><enter>n<f5>");
    assert_eq!(driver.sends.len(), 1);
}

#[test]
fn an_environment_beside_a_collection_that_is_not_trusted_does_not_choose_the_way() {
    let mut driver = Driver::with_collection(120, 36, &[("posttui.toml", "")]);
    let root = driver.state.collection.open().unwrap().root.clone();
    let environment = posttui::model::Environment {
        name: "local".to_owned(),
        options: posttui::model::Choices::default().with("addresses", "localhost=127.0.0.1"),
        ..Default::default()
    };
    driver.happen(posttui::app::message::Event::Environments(
        posttui::model::Environments {
            all: vec![environment],
            beside: Some(root),
            ..Default::default()
        },
    ));
    // The draft is the user's own.
    driver.keys("<alt-u>:1<f8><down><enter><f5>");
    driver.assert_shows("options are chosen for it (addresses)");
    assert!(driver.sends.is_empty());
    driver.keys("y<f5>");
    assert_eq!(driver.sends.len(), 1, "{}", driver.screen());
}

#[test]
fn an_environment_beside_a_collection_that_is_not_trusted_reads_nothing_of_this_machine() {
    let mut driver = Driver::with_collection(120, 36, &[("posttui.toml", "")]);
    let root = driver.state.collection.open().unwrap().root.clone();
    let environment = posttui::model::Environment {
        name: "q".to_owned(),
        variables: vec![posttui::model::Variable::plain("z", "{{ env(\"HOME\") }}")],
        ..Default::default()
    };
    let home = posttui::template::Need::Env("HOME".to_owned());
    driver.world.insert(home, "/home/ann".to_owned());
    let mut environments = posttui::model::Environments {
        all: vec![environment],
        beside: Some(root),
        ..Default::default()
    };
    let event = posttui::app::message::Event::Environments;
    driver.happen(event(environments.clone()));
    driver.keys("<alt-u>:1/?u={{ z }}<f8><down><enter><f5>");
    driver.assert_shows("the environment “q” reads files or the environment of this machine");
    driver.keys("n<f5>");
    assert!(driver.sends.is_empty(), "it is asked each time");
    driver.keys("n");
    // One of the user's own is free.
    let root = environments.beside.take();
    driver.happen(event(environments.clone()));
    driver.keys("<f5>");
    assert_eq!(driver.sends.len(), 1, "{}", driver.screen());
    driver.answer(1, response(200, &[], ""));
    environments.beside = root;
    driver.happen(event(environments));
    driver.keys("<f5>y<f5>");
    assert_eq!(driver.sends.len(), 1, "{}", driver.screen());
}

/// A draft from the collection in `api`, in a posttui that is started elsewhere.
fn elsewhere_after(keys: &str) -> Driver {
    let evil = "url = ':1'\n[form]\nh = '{{ env(\"HOME\") }}'\n";
    let files = [("posttui.toml", ""), ("evil.toml", evil)];
    let mut driver = Driver::with_collection(120, 36, &files);
    driver.keys(keys);
    let session = driver.saved.clone().unwrap();
    let root = driver.state.collection.open().unwrap().root.clone();
    assert_eq!(session.origin.as_ref().unwrap().root, root);
    let history = posttui::store::History::in_memory().unwrap();
    let mut again =
        Driver::start_in_folder(driver.home, "other", (120, 36), session, None, history);
    assert_ne!(again.state.collection.open().unwrap().root, root);
    let home = posttui::template::Need::Env("HOME".to_owned());
    again.world.insert(home, "/home/ann".to_owned());
    again
}

#[test]
fn a_draft_of_a_collection_that_is_not_trusted_is_asked_about_wherever_posttui_is_started() {
    let is_loaded = "<alt-7><enter>n";
    for edited in ["", "<alt-u>/edited"] {
        let mut driver = elsewhere_after(&format!("{is_loaded}{edited}"));
        driver.keys("<f5>");
        driver.assert_shows("Not sent: it reads files or the environment of this machine");
        driver.assert_shows("/api?");
        driver.keys("n<f5>");
        assert!(driver.sends.is_empty(), "it is asked each time");
        driver.keys("y<f5>");
        assert_eq!(driver.sends.len(), 1, "{}", driver.screen());
    }
    let mut driver = elsewhere_after("<alt-7><enter>y<alt-u>/x");
    driver.keys("<f5>");
    assert_eq!(driver.sends.len(), 1, "a trusted one stays so");
}

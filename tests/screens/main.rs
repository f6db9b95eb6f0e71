//! What a user sees: the state machine driven by keys, its screens kept as snapshots with styles.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test breaks off where something is wrong"
)]

mod answers;
mod auth;
mod bodies;
mod builder;
mod collection;
mod compare;
mod cookies;
mod driver;
mod elsewhere;
mod environments;
mod examples;
mod failures;
mod firsts;
mod history;
mod options;
mod popups;
mod sizes;
mod start;
mod steps;
mod unkept;
mod viewer;
mod way;

use driver::{Driver, response};

/// Keeps the screen of a driver under a name: text, then styles.
macro_rules! assert_screen {
    ($driver:expr, $name:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(
                $name,
                $driver.styled_screen(posttui::ui::theme::Theme::coloured())
            );
        });
    };
}
pub(crate) use assert_screen;

/// The main job, typed: the playground's user form with the user's own words for its statuses.
pub(crate) fn type_create_user(driver: &mut Driver) {
    driver
        .keys(":3000/api/create_user<tab>username<tab>john_doe<tab>email<tab>john@example.com")
        .keys("<alt-4>201<tab>User created successfully.<tab>400<tab>Invalid request.")
        .keys("<tab>401<tab>Authentication failed.<tab>else<tab>An error occurred.<alt-1>");
}

/// What the playground answers to a good user.
pub(crate) fn created() -> posttui::model::Response {
    response(
        201,
        &[
            ("content-type", "application/json"),
            ("location", "/users/42"),
            ("content-length", "66"),
        ],
        r#"{"id":42,"username":"john_doe","price":1.10,"tags":["a","b"],"a":1,"a":2}"#,
    )
}

/// What the playground answers when a field is wrong.
pub(crate) fn invalid() -> posttui::model::Response {
    response(
        400,
        &[("content-type", "application/problem+json")],
        r#"{"title":"Invalid user","status":400,"errors":[{"field":"email","detail":"is no e-mail address"}]}"#,
    )
}

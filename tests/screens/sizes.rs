//! The same moment at every size that matters, and without colour.

use posttui::ui::theme::Theme;

use crate::{assert_screen, created, driver::Driver, invalid, type_create_user};

fn main_job(columns: u16, rows: u16) -> Driver {
    let mut driver = Driver::new(columns, rows);
    type_create_user(&mut driver);
    driver.keys("<enter>").answer(41, invalid());
    driver.keys("<alt-1><enter>").answer(84, created());
    driver
}

#[test]
fn the_main_job_at_160x45() {
    assert_screen!(main_job(160, 45), "main_job_160x45");
}

#[test]
fn the_main_job_at_120x36() {
    assert_screen!(main_job(120, 36), "main_job_120x36");
}

#[test]
fn the_main_job_at_80x24_one_zone_at_a_time() {
    let mut driver = main_job(80, 24);
    assert_screen!(driver, "main_job_80x24_response");
    driver.keys("<alt-1>");
    assert_screen!(driver, "main_job_80x24_request");
    driver.keys("<alt-6>");
    assert_screen!(driver, "main_job_80x24_history");
}

#[test]
fn without_colour_nothing_is_lost() {
    let shown = main_job(120, 36).styled_screen(Theme::plain());
    for colour in ["Blue", "Green", "Cyan", "Yellow", "Red", "Magenta"] {
        assert!(!shown.contains(colour), "{colour} in {shown}");
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("main_job_120x36_no_colour", shown);
    });
}

#[test]
fn below_40x10_a_plain_line_says_so() {
    assert_screen!(main_job(39, 9), "too_small");
}

#[test]
fn every_size_draws() {
    let mut driver = main_job(160, 45);
    for keys in [
        "",
        "<alt-6>",
        "<f1>",
        "<esc><ctrl-p>",
        "<esc><f4>",
        "<esc><ctrl-r>x",
    ] {
        driver.keys(keys);
        for columns in [1, 2, 3, 5, 10, 39, 40, 41, 60, 99, 100, 101, 160, 500] {
            for rows in [1, 2, 3, 9, 10, 11, 17, 18, 19, 45, 200] {
                driver.resize(columns, rows);
                driver.screen();
            }
        }
    }
}

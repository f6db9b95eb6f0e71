//! `posttui history --sql`: the history for those who know SQL, read-only.

use anyhow::Context;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{
    cli::{Stop, exit::Exit, output},
    store::{Cell, Paths, Reader, SqlError, VIEWS},
    text,
    units::counted,
};

/// Values are cut at so many columns in a table; --json has them whole.
const WIDEST: usize = 60;

/// Runs one statement; an empty one asks what there is.
pub fn run(statement: &str, as_json: bool) -> Result<Exit, Stop> {
    let paths = Paths::find().context("cannot find the history")?;
    // Brings an older database to the shape that the views are for.
    let history = super::open().context("cannot open the history")?;
    while history.move_bodies(1_000).context("cannot move bodies")? > 0 {}
    drop(history);
    if statement.trim().is_empty() {
        explain(&paths)?;
        return Ok(Exit::Success);
    }
    let reader = Reader::open(&paths).map_err(stop)?;
    if as_json {
        print_ndjson(&reader, statement)?;
    } else {
        print_table(&reader, statement)?;
    }
    Ok(Exit::Success)
}

fn stop(error: SqlError) -> Stop {
    match error {
        SqlError::Store(error) => Stop::Trouble(anyhow::Error::new(error)),
        wrong => Stop::usage(&format!("the statement cannot be carried out: {wrong}")),
    }
}

/// Where the database is, and what can be read in it.
fn explain(paths: &Paths) -> Result<(), Stop> {
    let path = Reader::path(paths);
    let path = path.display();
    output::print(|out| {
        writeln!(
            out,
            "\
-- The history is one SQLite database:
--     {path}
-- posttui history --sql 'SELECT …' opens it for reading alone and prints the rows; --json as NDJSON.
-- Other programs can open it, too, while posttui runs; they should do so for reading alone:
--     datasette '{path}'
--     duckdb -c \"ATTACH '{path}' AS h (TYPE sqlite, READ_ONLY)\"
-- The tables behind the views may change with a new version of posttui; the views stay.
-- Bodies: the view bodies, posttui history show ID --body, or posttui history export.
"
        )?;
        out.write_all(VIEWS.as_bytes())
    })
}

fn print_ndjson(reader: &Reader, statement: &str) -> Result<(), Stop> {
    let mut failed = None;
    output::print(|out| {
        let mut names = Vec::new();
        let ran = {
            let names = &mut names;
            let shared = std::cell::RefCell::new(names);
            reader.run(
                statement,
                |columns| {
                    shared.borrow_mut().extend_from_slice(columns);
                    Ok(())
                },
                |cells| {
                    let names = shared.borrow();
                    // In the order of the columns, also where two have one name.
                    let members = names.iter().zip(cells).map(|(name, cell)| {
                        format!("{}:{}", Value::from(name.as_str()), json(cell))
                    });
                    let members: Vec<String> = members.collect();
                    writeln!(out, "{{{}}}", members.join(","))
                },
            )
        };
        ran.unwrap_or_else(|error| {
            failed = Some(error);
            Ok(())
        })
    })?;
    failed.map_or(Ok(()), |error| Err(stop(error)))
}

fn json(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Integer(number) => number.into(),
        Cell::Real(number) => number.into(),
        Cell::Text(text) => text.into(),
        Cell::Blob(bytes) => STANDARD.encode(bytes).into(),
    }
}

fn print_table(reader: &Reader, statement: &str) -> Result<(), Stop> {
    let mut head = Vec::new();
    let mut rows: Vec<Vec<(String, bool)>> = Vec::new();
    let ran: Result<(), std::convert::Infallible> = reader
        .run(
            statement,
            |columns| {
                head = columns.to_vec();
                Ok(())
            },
            |cells| {
                rows.push(cells.into_iter().map(shown).collect());
                Ok(())
            },
        )
        .map_err(stop)?;
    let Ok(()) = ran;
    let mut widths: Vec<usize> = head.iter().map(|name| text::width(name)).collect();
    for row in &rows {
        for (width, (value, _)) in widths.iter_mut().zip(row) {
            *width = (*width).max(text::width(value)).min(WIDEST);
        }
    }
    let head: Vec<(String, bool)> = head
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let is_number = |row: &Vec<(String, bool)>| row.get(index).is_some_and(|it| it.1);
            let flush_right = !rows.is_empty() && rows.iter().all(is_number);
            (text::display(&name).into_owned(), flush_right)
        })
        .collect();
    output::print(|out| {
        std::iter::once(&head)
            .chain(&rows)
            .try_for_each(|row| writeln!(out, "{}", line(row, &widths)))
    })
}

/// The value, and whether it is a number, which stands flush right.
fn shown(cell: Cell) -> (String, bool) {
    match cell {
        Cell::Null => (String::new(), true),
        Cell::Integer(number) => (number.to_string(), true),
        Cell::Real(number) => (number.to_string(), true),
        Cell::Text(text) => (text::display(&text).into_owned(), false),
        Cell::Blob(bytes) => (format!("‹{}›", counted(bytes.len() as u64, "byte")), false),
    }
}

fn line(row: &[(String, bool)], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|((value, is_number), width)| {
        let value = text::truncate(value, *width);
        if *is_number {
            let blanks = width.saturating_sub(text::width(&value));
            format!("{}{value}", " ".repeat(blanks))
        } else {
            text::pad(&value, *width)
        }
    });
    let cells: Vec<String> = cells.collect();
    cells.join("  ").trim_end().to_owned()
}

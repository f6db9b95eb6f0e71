//! The user's own editor or pager with a text or a body: a file that only they can read, the program on
//! it, and what an editor makes of it read back.

use std::{fs, io::Write, path::Path, process::ExitStatus};

use tempfile::TempPath;
use tokio::process::{Child, Command};

use crate::{
    app::effect::{EditJob, Program, ShowJob},
    spill, text,
};

/// The editor where the environment names none: POSIX has it everywhere.
const USUAL: &str = "vi";

/// The pager where it names none.
const USUAL_PAGER: &str = "less";

/// Bytes that are written before the memory of a large body is given back.
const WRITTEN_AT_ONCE: usize = 1024 * 1024;

/// What the terminal is lent for.
pub enum Outside {
    Edit(EditJob),
    Show(ShowJob),
}

impl Outside {
    fn extension(&self) -> &'static str {
        match self {
            Self::Edit(job) => job.extension,
            Self::Show(job) => job.extension,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Edit(job) => job.text.as_bytes(),
            Self::Show(job) => &job.body,
        }
    }

    fn program(&self) -> String {
        match self {
            Self::Show(job) if job.program == Program::Pager => {
                named(&["PAGER"]).unwrap_or_else(|| USUAL_PAGER.to_owned())
            }
            Self::Edit(_) | Self::Show(_) => find_editor(),
        }
    }
}

/// A program at work.
pub struct Editing {
    pub job: Outside,
    file: TempPath,
    editor: String,
    child: Child,
}

impl Editing {
    /// Writes the text to a file and starts the editor on it; the terminal has to be lent before.
    /// Says what failed.
    pub fn start(job: Outside) -> Result<Self, String> {
        let editor = job.program();
        let file = write_file(&job).map_err(|error| format!("no file for {editor}: {error}"))?;
        let child = command(&editor, &file)
            .spawn()
            .map_err(|error| format!("{editor} cannot be started: {error}"))?;
        Ok(Self {
            job,
            file,
            editor,
            child,
        })
    }

    /// Waits for the end of the program.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends the program; the file is gone with it.
    pub async fn end(mut self) {
        let _ = self.child.kill().await;
    }

    /// What the text has become, or why it stays as it was.
    pub fn finish(self, ended: std::io::Result<ExitStatus>) -> Result<String, String> {
        let editor = &self.editor;
        match ended {
            Err(error) => return Err(format!("{editor} cannot be waited for: {error}")),
            Ok(status) if !status.success() => return Err(format!("{editor} ended with {status}")),
            Ok(_) => {}
        }
        let Outside::Edit(job) = &self.job else {
            return Ok(String::new());
        };
        let bytes = fs::read(&self.file)
            .map_err(|error| format!("the file of {editor} cannot be read: {error}"))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(without_added_line_end(&job.text, text)),
            Err(_) => Err(keep(self.file)),
        }
    }
}

/// `$VISUAL`, else `$EDITOR`, as the shell would run them.
fn find_editor() -> String {
    named(&["VISUAL", "EDITOR"]).unwrap_or_else(|| USUAL.to_owned())
}

/// The first of these variables that names a program.
fn named(variables: &[&str]) -> Option<String> {
    let values = variables.iter().filter_map(|name| std::env::var(name).ok());
    values
        .into_iter()
        .find(|program| !program.trim().is_empty())
}

fn write_file(job: &Outside) -> std::io::Result<TempPath> {
    // Readable by the user alone, which is what this makes.
    let mut file = tempfile::Builder::new()
        .prefix("posttui-")
        .suffix(&format!(".{}", job.extension()))
        .tempfile()?;
    // An editor gets the very bytes, since it is for changing them. A pager, such as `less -R`, may hand
    // controls on to the terminal.
    let is_for_reading = matches!(job, Outside::Show(job) if job.program == Program::Pager);
    let mut rest = job.bytes();
    while !rest.is_empty() {
        let (part, after) = rest.split_at(part_end(rest, WRITTEN_AT_ONCE));
        if is_for_reading {
            let text = String::from_utf8_lossy(part);
            file.write_all(text::for_terminal(&text).as_bytes())?;
        } else {
            file.write_all(part)?;
        }
        spill::let_go(part);
        rest = after;
    }
    file.flush()?;
    Ok(file.into_temp_path())
}

/// Where a part of at most so many bytes ends: with a line, else at least with a character.
fn part_end(bytes: &[u8], most: usize) -> usize {
    let Some(part) = bytes.get(..most).filter(|_| bytes.len() > most) else {
        return bytes.len();
    };
    let is_start = |byte: u8| byte & 0b1100_0000 != 0b1000_0000;
    let line_end = memchr::memrchr(b'\n', part).map(|at| at + 1);
    let char_end = || bytes.get(..=most)?.iter().rposition(|byte| is_start(*byte));
    line_end
        .or_else(char_end)
        .filter(|end| *end > 0)
        .unwrap_or(most)
}

/// The variable may hold arguments and quotes (`code --wait`): it is for a shell to read.
#[cfg(unix)]
fn command(editor: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    let script = format!("exec {editor} \"$1\"");
    command.args(["-c", &script, "sh"]).arg(file);
    command.kill_on_drop(true);
    command
}

#[cfg(not(unix))]
fn command(editor: &str, file: &Path) -> Command {
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or(editor));
    command.args(words).arg(file).kill_on_drop(true);
    command
}

/// Editors end a file with a line end: where the text had none, it gets none.
fn without_added_line_end(before: &str, mut after: String) -> String {
    if !before.ends_with('\n') && after.ends_with('\n') {
        after.pop();
        if after.ends_with('\r') {
            after.pop();
        }
    }
    after
}

/// A text that cannot be taken back is not thrown away either.
fn keep(file: TempPath) -> String {
    match file.keep() {
        Ok(path) => format!(
            "what was saved is not UTF-8 text; it is in {}",
            path.display()
        ),
        Err(error) => format!("what was saved is not UTF-8 text: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    #[test]
    fn a_pager_gets_nothing_that_steers_the_terminal_and_an_editor_the_very_bytes() {
        let body = b"a\x1b]52;c;eA==\x07\xc2\x9b\tb\n\xff";
        let written = |program| {
            let job = ShowJob {
                body: Bytes::from_static(body),
                extension: "txt",
                program,
            };
            fs::read(write_file(&Outside::Show(job)).unwrap()).unwrap()
        };
        let paged = String::from_utf8(written(Program::Pager)).unwrap();
        assert_eq!(paged, "a␛]52;c;eA==␇‹U+009B›\tb\n�");
        assert_eq!(written(Program::Editor), body);
    }

    #[test]
    fn a_part_ends_with_a_line_or_a_character() {
        assert_eq!(part_end(b"ab\ncd", 4), 3);
        assert_eq!(part_end("aä".as_bytes(), 2), 1);
        assert_eq!(part_end("aäb".as_bytes(), 3), 3);
        assert_eq!(part_end(b"\x80\x80\x80", 2), 2);
        assert_eq!(part_end(b"ab", 2), 2);
    }

    #[test]
    fn the_line_end_that_an_editor_adds_is_taken_away() {
        for (before, after, kept) in [
            ("a", "b\n", "b"),
            ("a\n", "b\n", "b\n"),
            ("a", "b\n\n", "b\n"),
            ("", "", ""),
            ("a", "b\r\n", "b"),
        ] {
            assert_eq!(without_added_line_end(before, after.to_owned()), kept);
        }
    }
}

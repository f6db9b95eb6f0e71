//! The user's own editor or pager with a text or a body: a file that only they can read, the program on
//! it, and what an editor makes of it read back.

use std::{fs, io::Write, path::Path, process::ExitStatus};

use tempfile::TempPath;
use tokio::process::{Child, Command};

use crate::{
    app::effect::{EditJob, Program, ShowJob},
    spill,
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
    for part in job.bytes().chunks(WRITTEN_AT_ONCE) {
        file.write_all(part)?;
        spill::let_go(part);
    }
    file.flush()?;
    Ok(file.into_temp_path())
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
    use super::*;

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

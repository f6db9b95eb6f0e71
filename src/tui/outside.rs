//! The user's own editor with a text: a file that only they can read, the editor on it, the file read
//! back.

use std::{fs, io::Write, path::Path, process::ExitStatus};

use tempfile::TempPath;
use tokio::process::{Child, Command};

use crate::app::effect::EditJob;

/// The editor where the environment names none: POSIX has it everywhere.
const USUAL: &str = "vi";

/// An editor at work.
pub struct Editing {
    pub job: EditJob,
    file: TempPath,
    editor: String,
    child: Child,
}

impl Editing {
    /// Writes the text to a file and starts the editor on it; the terminal has to be lent before.
    /// Says what failed.
    pub fn start(job: EditJob) -> Result<Self, String> {
        let editor = find_editor();
        let file = write_file(&job).map_err(|error| format!("no file for the editor: {error}"))?;
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

    /// Waits for the end of the editor.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Ends the editor; the file is gone with it.
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
        let bytes = fs::read(&self.file)
            .map_err(|error| format!("the file of {editor} cannot be read: {error}"))?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(without_added_line_end(&self.job.text, text)),
            Err(_) => Err(keep(self.file)),
        }
    }
}

/// `$VISUAL`, else `$EDITOR`, as the shell would run them.
fn find_editor() -> String {
    ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|editor| !editor.trim().is_empty())
        .unwrap_or_else(|| USUAL.to_owned())
}

fn write_file(job: &EditJob) -> std::io::Result<TempPath> {
    // Readable by the user alone, which is what this makes.
    let mut file = tempfile::Builder::new()
        .prefix("posttui-")
        .suffix(&format!(".{}", job.extension))
        .tempfile()?;
    file.write_all(job.text.as_bytes())?;
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

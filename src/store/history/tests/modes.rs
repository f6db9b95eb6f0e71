//! Nobody else can read the history, whatever the umask says.

use std::{fs::metadata, os::unix::fs::PermissionsExt, process::Command};

use super::{
    owners::{kill, start},
    *,
};

fn mode(path: &Path) -> u32 {
    metadata(path).unwrap().permissions().mode() & 0o777
}

/// Looks at a folder and all in it; returns how many files there are.
fn check(folder: &Path) -> usize {
    assert_eq!(mode(folder), 0o700, "{}", folder.display());
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += check(&path);
        } else {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            files += 1;
        }
    }
    files
}

#[test]
fn nobody_else_can_read_it() {
    for umask in ["000", "022", "777"] {
        let (folder, paths) = home();
        let program = std::env::current_exe().unwrap();
        let mut shell = Command::new("sh");
        let script = format!("umask {umask}; exec \"$0\" \"$@\"");
        shell.arg("-c").arg(script).arg(program);
        let child = start(shell, &folder);
        let files = check(&paths.data);
        assert!(files >= 4, "the database, its log and the locks were there");
        kill(child);
    }
}

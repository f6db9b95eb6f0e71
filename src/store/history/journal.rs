//! Where SQLite writes first: into a log beside the database, which several programs share by way of the memory
//! (WAL), or, on folders of other machines, into a journal that is rolled back. Shared memory does not reach from
//! one machine to another: <https://sqlite.org/wal.html>, Section 1.

use std::path::Path;

use rusqlite::Connection;

use super::{connections::BUSY, migrations::version};

/// Set to anything, it says that the history is on a folder of another machine where that is not seen.
const AVOID: &str = "POSTTUI_NO_WAL";

/// What is written first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Journal {
    Log,
    /// A journal to be rolled back, and why it is not the log.
    Rollback(String),
}

impl Journal {
    /// What fits a folder.
    pub(super) fn of(folder: &Path) -> Self {
        if std::env::var_os(AVOID).is_some_and(|value| !value.is_empty()) {
            return Self::Rollback(format!("{AVOID} is set"));
        }
        match network(folder) {
            Some(kind) => Self::Rollback(format!("{} is on a network ({kind})", folder.display())),
            None => Self::Log,
        }
    }

    /// Takes it; where that changes how the database is written, it gives back what to tell the user of it.
    pub(super) fn take(&self, writer: &Connection) -> rusqlite::Result<Option<String>> {
        match self {
            Self::Log => {
                writer.pragma_update(None, "journal_mode", "wal")?;
                // A commit survives the end of the process, kill -9 included, and a power cut never damages the
                // database. What a power cut can cost is the commits since the last `Connections::flush`: with
                // FULL it would be none, but then each send would wait for the disk twice, 20 ms on a busy one.
                writer.pragma_update(None, "synchronous", "normal")?;
                Ok(None)
            }
            Self::Rollback(why) => {
                let mode = |writer: &Connection| -> rusqlite::Result<String> {
                    writer.pragma_query_value(None, "journal_mode", |row| row.get(0))
                };
                let before = mode(writer)?;
                // A posttui that has the log open keeps it: it is tried again at the next start.
                writer.busy_timeout(std::time::Duration::ZERO)?;
                let _ = writer.pragma_update(None, "journal_mode", "persist");
                writer.busy_timeout(BUSY)?;
                // Without the log nothing less keeps the database whole over a power cut.
                writer.pragma_update(None, "synchronous", "full")?;
                let after = mode(writer)?;
                let is_new = version(writer)? == 0;
                let is_changed = is_new || before == "wal";
                Ok((is_changed && after != "wal").then(|| {
                    format!(
                        "The history is written without a log that is shared through the memory, since {why}: it is safe there, and slower."
                    )
                }))
            }
        }
    }
}

/// What kind of network a folder is on, if any.
#[cfg(target_os = "linux")]
fn network(folder: &Path) -> Option<String> {
    let magic = rustix::fs::statfs(folder).ok()?.f_type;
    // The upper half of the number is of no meaning where it is wider than 32 bits.
    let magic = u32::try_from(magic & 0xffff_ffff).ok()?;
    if magic == FUSE {
        let folder = std::fs::canonicalize(folder).ok()?;
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
        let kind = mounted_as(&mounts, folder.to_str()?)?;
        return NETWORKS_BY_FUSE.contains(&kind).then(|| kind.to_owned());
    }
    let (_, kind) = NETWORKS.iter().find(|(number, _)| *number == magic)?;
    Some((*kind).to_owned())
}

#[cfg(not(target_os = "linux"))]
fn network(_folder: &Path) -> Option<String> {
    None
}

/// File systems that a program provides; which one is in the list of mounts.
const FUSE: u32 = 0x6573_5546;

/// Numbers of statfs(2) for folders of other machines.
const NETWORKS: &[(u32, &str)] = &[
    (0x0000_6969, "NFS"),
    (0x0000_517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x0000_564c, "NCP"),
    (0x0102_1997, "9P"),
    (0x00c3_6400, "Ceph"),
    (0x0bd0_0bd0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x1983_0326, "BeeGFS"),
];

const NETWORKS_BY_FUSE: &[&str] = &[
    "fuse.ceph-fuse",
    "fuse.curlftpfs",
    "fuse.davfs",
    "fuse.gcsfuse",
    "fuse.glusterfs",
    "fuse.gvfsd-fuse",
    "fuse.juicefs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.smbnetfs",
    "fuse.sshfs",
];

/// The kind of the file system that a path is on, from a list of mounts: proc(5), mountinfo.
fn mounted_as<'a>(mounts: &'a str, path: &str) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        let (place, kind) = line.split_once(" - ")?;
        let point = place.split(' ').nth(4)?.replace("\\040", " ");
        let below = path.strip_prefix(point.trim_end_matches('/'))?;
        let is_on_it = below.is_empty() || below.starts_with('/');
        is_on_it.then(|| Some((point.len(), kind.split(' ').next()?)))?
    });
    // The last one of a place hides those before it.
    mounted
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_on_the_nearest_mount() {
        let mounts = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:40 / /home/ann/far rw,nosuid - fuse.sshfs ann@far:/ rw
41 22 0:41 / /home/ann/two\\040words rw - fuse.gocryptfs /x rw
42 22 0:42 / /mnt rw - ext4 /dev/sdb rw
43 42 0:43 / /mnt rw - fuse.rclone remote: rw
";
        for (path, kind) in [
            ("/home/ann", "ext4"),
            ("/home/ann/far", "fuse.sshfs"),
            ("/home/ann/far/data", "fuse.sshfs"),
            ("/home/ann/farther", "ext4"),
            ("/home/ann/two words/x", "fuse.gocryptfs"),
            ("/mnt/x", "fuse.rclone"),
        ] {
            assert_eq!(mounted_as(mounts, path), Some(kind), "{path}");
        }
        assert_eq!(mounted_as("", "/"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_of_this_machine_is_on_no_network() {
        assert_eq!(network(Path::new("/proc")), None);
        assert_eq!(network(Path::new("/not/there")), None);
    }

    #[test]
    fn without_the_log_two_write_in_turn_and_it_is_told_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("database");
        let journal = Journal::Rollback("the folder is far".to_owned());
        let writer = Connection::open(&path).unwrap();
        let told = journal.take(&writer).unwrap().unwrap();
        assert!(told.contains("since the folder is far"), "{told}");
        writer
            .execute_batch("CREATE TABLE a (b); PRAGMA user_version = 1")
            .unwrap();
        let other = Connection::open(&path).unwrap();
        assert_eq!(journal.take(&other).unwrap(), None);
        other.execute_batch("INSERT INTO a VALUES (1)").unwrap();
        writer.execute_batch("INSERT INTO a VALUES (2)").unwrap();
        assert!(!folder.path().join("database-wal").exists());
        // One that had a log gives it up, and takes it again.
        assert_eq!(Journal::Log.take(&writer).unwrap(), None);
        drop(other);
        assert!(journal.take(&writer).unwrap().is_some());
    }
}

//! A history on a disk or in a folder that cannot be written: what was kept can be read all the same.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::store::StoreError;

use super::{
    connections::Place,
    migrations::{VERSION, version},
    open::Opened,
};

/// Opens the file for reading alone. [`StoreError::Outdated`] where an older posttui wrote it, since its shape
/// cannot be changed.
pub(super) fn open(path: &Path) -> Result<Opened, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let shared = Place::ReadOnly {
        name: path.to_string_lossy().into_owned(),
        flags,
    };
    let (place, connection) = match try_open(&shared) {
        Ok(connection) => (shared, connection),
        // Without its log, and with none that can be made, it is a file that nobody changes.
        Err(error) => {
            let failed = || StoreError::database("be opened", path)(error);
            let url = url::Url::from_file_path(path).map_err(|()| failed())?;
            let alone = Place::ReadOnly {
                name: format!("{url}?immutable=1"),
                flags: flags | OpenFlags::SQLITE_OPEN_URI,
            };
            let connection = try_open(&alone);
            let connection = connection.map_err(StoreError::database("be opened", path))?;
            (alone, connection)
        }
    };
    let found = version(&connection).map_err(StoreError::database("be opened", path))?;
    if found != VERSION {
        return Err(StoreError::Outdated {
            path: path.to_owned(),
        });
    }
    let shown = path.display();
    Ok(Opened {
        writer: connection,
        path: path.to_owned(),
        place,
        moved_to: None,
        notice: Some(format!(
            "The history can only be read ({shown}): what it holds is shown, and what is sent now is not kept. Check the permissions of the file and its folder, and whether the disk is writable."
        )),
    })
}

/// Whether it can be read shows where it is read.
fn try_open(place: &Place) -> rusqlite::Result<Connection> {
    let connection = place.open_reader()?;
    let sql = "SELECT count(*) FROM sqlite_schema";
    connection.query_row(sql, (), |_| Ok(()))?;
    Ok(connection)
}

//! Writing behind: what a part has given to the system goes to the disk while more comes, so that its end has less to
//! wait for, and no other file's sync waits for all of it at once.

use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::Part;
use crate::error::VaultError;
use crate::folder;
use crate::shared::Shared;

/// A way to have the disk take what a part has written so far, on another thread than the part's. Promises nothing:
/// [`Part::finish`] and [`Part::sync`] do.
pub struct Behind {
    shared: Arc<Shared>,
    id: Uuid,
}

impl Part {
    /// For a thread that may wait for the disk while this part goes on.
    pub fn behind(&self) -> Behind {
        Behind { shared: Arc::clone(&self.shared), id: self.id }
    }
}

impl Behind {
    /// Waits for the disk. A part that is finished or gone meanwhile needs nothing.
    ///
    /// # Errors
    /// The disk's. The part is told the same when it syncs: the file is opened anew here, for the system tells each
    /// who has it open once.
    pub fn sync(self) -> Result<(), VaultError> {
        match folder::found(folder::writing().open(self.shared.part_path(self.id)))? {
            Some(file) => Ok(file.sync_data()?),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Behind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Behind")
    }
}

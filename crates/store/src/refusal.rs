//! Why a call of this store was not done, on its way to the contract's [`StoreError`].

use deskbell_core::store::StoreError;
use deskbell_db::DbError;

pub(crate) enum Refusal {
    /// The events do not continue what is held.
    Gap,
    /// What the database said.
    Db(DbError),
}

impl Refusal {
    /// A row holds what no version of this program writes.
    pub(crate) const DAMAGED: Self = Self::Db(DbError::Corrupt);
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Db(error.into())
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Gap => Self::Gap,
            Refusal::Db(DbError::Full) => Self::Full,
            // On a file that was opened, a page that cannot be deciphered is damage.
            Refusal::Db(DbError::Corrupt | DbError::WrongKey) => Self::Corrupt,
            Refusal::Db(DbError::Io(said)) => Self::Io(said),
            Refusal::Db(other) => Self::Io(other.to_string()),
        }
    }
}

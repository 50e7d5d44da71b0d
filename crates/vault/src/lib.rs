//! Files of people on disk, for both ends: a folder in which each file is sealed and known by its digest.
//!
//! What must always hold: nothing readable lies on the disk where there is a key; a file that is there is whole and is
//! what its digest says; what was said to be durable survives power loss.
//!
//! ```text
//! <root>/parts/<uuid>        files that are still coming
//! <root>/blobs/<2>/<62>      whole files; the name is an HMAC of the digest, so that it tells nothing to a stranger
//! ```

mod back;
mod blob;
mod error;
mod folder;
mod keys;
mod part;
mod seal;
mod shared;
mod sweep;
mod vault;

pub use back::stand_back;
pub use blob::Blob;
pub use error::VaultError;
pub use keys::BlobName;
pub use part::{Behind, Part, PartMark};
pub use sweep::BlobUse;
pub use vault::Vault;

//! The OS keyring: Keychain, Credential Manager, and where neither is, the Secret Service.

#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(target_os = "linux")]
mod secret_service;

use std::sync::Arc;

use super::entry::KeyringEntry;
use crate::profile::Profile;

/// What all entries of this program are under.
const SERVICE: &str = "deskbell";

/// The profile's entry.
pub(super) fn entry(profile: &Profile) -> Arc<dyn KeyringEntry> {
    let user = profile.keyring_user.clone();
    #[cfg(target_os = "linux")]
    return Arc::new(secret_service::OsEntry::new(user));
    #[cfg(not(target_os = "linux"))]
    return Arc::new(native::OsEntry::new(user));
}

//! What nobody refers to goes: uploads that nobody came back to, and bytes that a crash left without a row.
//!
//! What must always hold: nothing is removed while a file becomes whole, nor when the desk does not know what it wants.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use deskbell_vault::{Vault, VaultError};
use deskbell_wire::{FileDigest, FileRefusal};
use tokio::sync::watch;
use tokio::time::timeout;
use uuid::Uuid;

use super::{Files, refusal};

/// How often.
const EVERY: Duration = Duration::from_secs(600);
/// Bytes without a row are left alone until they are so old: somebody may be about to write the row.
const ORPHANED: Duration = Duration::from_secs(3_600);

impl Files {
    /// Sweeps at once and then every ten minutes, until told to stop.
    pub(crate) async fn sweep(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        if let Err(code) = self.miss().await {
            tracing::warn!(?code, "whether files are missing could not be looked up");
        }
        loop {
            if let Err(code) = self.tidy().await {
                tracing::warn!(?code, "files that nobody refers to could not be removed");
            }
            if timeout(EVERY, stop.wait_for(|stopped| *stopped)).await.is_ok() {
                return;
            }
        }
    }

    /// After a desk was restored: uploads whose bytes the copy lacks are to come again.
    async fn miss(&self) -> Result<(), FileRefusal> {
        let _alone = self.shelf.write().await;
        let waiting = self.ask(|desk, _| desk.waiting_digests()).await?;
        let vault = self.vault.clone();
        let missing = move || waiting.into_iter().filter(|digest| !vault.has(digest)).collect::<Vec<_>>();
        let lost = self.disk.run(missing).await?;
        if lost.is_empty() {
            return Ok(());
        }
        self.ask(move |desk, now| desk.file_bytes_lost(&lost, now)).await
    }

    async fn tidy(&self) -> Result<(), FileRefusal> {
        let _alone = self.shelf.write().await;
        let gone = self.ask(|desk, now| Ok(desk.stale_files(now))).await?;
        self.remove(gone).await?;
        let parts = self.ask(|desk, _| desk.wanted_parts()).await?;
        let digests = self.wanted().await?;
        let vault = self.vault.clone();
        self.disk.run(move || orphans(&vault, &parts, &digests)).await?.map_err(refusal)
    }

    /// Every digest that the desk wants, asked for in parts: between them it has time for others.
    async fn wanted(&self) -> Result<HashSet<FileDigest>, FileRefusal> {
        let (mut wanted, mut last) = (HashSet::new(), None);
        loop {
            let more = self.ask(move |desk, _| desk.wanted_digests(last)).await?;
            last = more.last().copied();
            if last.is_none() {
                return Ok(wanted);
            }
            wanted.extend(more);
        }
    }
}

fn orphans(vault: &Vault, parts: &HashSet<Uuid>, digests: &HashSet<FileDigest>) -> Result<(), VaultError> {
    let Some(before) = SystemTime::now().checked_sub(ORPHANED) else { return Ok(()) };
    for (part, written) in vault.parts()? {
        if written < before && !parts.contains(&part) && !vault.is_open(part) {
            vault.drop_part(part)?;
        }
    }
    vault.retain(digests, before).map(drop)
}

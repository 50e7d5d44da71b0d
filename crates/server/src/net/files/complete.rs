//! All bytes of a file are there: it becomes a file, or nothing.
//!
//! What must always hold: a file ends on its own, also when its line is gone at that moment; between a file's rename
//! and its row nobody removes bytes, and nobody else's bytes go with a file that is thrown away.

use std::sync::Arc;

use deskbell_vault::VaultError;
use deskbell_wire::{FileCard, FileRefusal, Secret, agree};

use super::headers::Claim;
use super::pen::Pen;
use super::writers::Hold;
use super::{Files, refusal};
use crate::desk::{Discard, FileStand};

/// Bytes by which a file's type is known.
const FIRST: usize = 4 * 1024;

impl Files {
    /// Makes the upload a file. Returns when that is durable.
    pub(super) async fn complete(
        self: &Arc<Self>,
        claim: Claim,
        secret: Secret,
        stand: FileStand,
        pen: Pen,
    ) -> Result<(), FileRefusal> {
        let files = Arc::clone(self);
        let ended = tokio::spawn(async move {
            let (hold, ended) = files.settle(&claim, &secret, stand.card, pen).await;
            if let Err(code) = ended
                && !code.retryable()
                && let Err(kept) = files.discard(&claim, &secret).await
            {
                // Whoever lost the right to it may not end it either: it goes when it is a day old.
                tracing::debug!(?kept, "a file that was not taken waits for its end");
            }
            drop(hold);
            ended
        });
        ended.await.unwrap_or(Err(FileRefusal::Storage))
    }

    async fn settle(
        &self,
        claim: &Claim,
        secret: &Secret,
        card: FileCard,
        pen: Pen,
    ) -> (Option<Hold>, Result<(), FileRefusal>) {
        let kept = self.shelf.read().await;
        let vault = self.vault.clone();
        let (hold, media) = match self.disk.run(move || shelved(&vault, &card, pen)).await {
            Ok((hold, media)) => (Some(hold), media),
            Err(code) => (None, Err(code)),
        };
        let (voice, secret) = (claim.voice(), secret.clone());
        let ended = match media {
            Ok(media) => self.ask(move |desk, now| desk.file_whole(&voice, &secret, &media, now)).await,
            Err(code) => Err(code),
        };
        drop(kept);
        (hold, ended)
    }

    /// Ends an upload, with its bytes.
    pub(super) async fn discard(&self, claim: &Claim, secret: &Secret) -> Result<(), FileRefusal> {
        let (voice, secret) = (claim.voice(), secret.clone());
        let _alone = self.shelf.write().await;
        let gone = self.ask(move |desk, now| desk.drop_file(&voice, &secret, now)).await?;
        self.remove(gone).await
    }

    /// Removes what nobody refers to. The caller holds the shelf alone.
    pub(super) async fn remove(&self, gone: Discard) -> Result<(), FileRefusal> {
        let vault = self.vault.clone();
        let removed = self.disk.run(move || {
            gone.parts.iter().try_for_each(|part| vault.drop_part(*part))?;
            gone.digests.iter().try_for_each(|digest| vault.remove(digest))
        });
        removed.await?.map_err(refusal)
    }
}

/// Moves a part to its place among the files, and agrees on its type. Blocks on the disk.
fn shelved(vault: &deskbell_vault::Vault, card: &FileCard, pen: Pen) -> (Hold, Result<String, FileRefusal>) {
    let Pen { part, hold, .. } = pen;
    let first = part.finish(Some(&card.digest), card.size).and_then(|_| first_bytes(vault, card));
    let media = first.map_err(refusal).and_then(|first| agree(&card.name, &card.media, &first));
    (hold, media)
}

/// Threats 36: the type is told by what lies on the disk, not by what was said.
fn first_bytes(vault: &deskbell_vault::Vault, card: &FileCard) -> Result<Vec<u8>, VaultError> {
    let mut blob = vault.blob(&card.digest, card.size)?.ok_or(VaultError::Corrupt)?;
    let mut first = vec![0; FIRST];
    let read = blob.read_at(0, &mut first)?;
    first.truncate(read);
    Ok(first)
}

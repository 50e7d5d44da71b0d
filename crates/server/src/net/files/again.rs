//! Whoever sends a piece is asked about again while its bytes come (S10).
//!
//! What must always hold: nobody who has lost the right sends for much longer than a second, however large his piece is;
//! a desk that cannot look at this moment stops nobody, for everything is looked at once more when the file is whole.

use deskbell_wire::{FileRefusal, Secret};
use tokio::time::{Duration, sleep};

use super::Files;
use super::headers::Claim;

impl Files {
    /// Does that; where the desk says meanwhile that the upload may not go on, has it stopped. What came of it, and what
    /// the desk said.
    pub(super) async fn while_allowed<T>(
        &self,
        (claim, secret): (&Claim, &Secret),
        stop: impl FnOnce(),
        work: impl Future<Output = T>,
    ) -> (T, Option<FileRefusal>) {
        tokio::pin!(work);
        let lost = tokio::select! {
            done = &mut work => return (done, None),
            lost = self.lost(claim, secret) => lost,
        };
        stop();
        (work.await, Some(lost))
    }

    /// Asks again and again, until the desk says no.
    async fn lost(&self, claim: &Claim, secret: &Secret) -> FileRefusal {
        let every = Duration::from_millis(self.limits.file_ask_ms);
        loop {
            sleep(every).await;
            let (voice, secret) = (claim.voice(), secret.clone());
            match self.ask(move |desk, now| desk.file_at(&voice, &secret, now)).await {
                Ok(_) | Err(FileRefusal::Storage) => {}
                Err(refused) => return refused,
            }
        }
    }
}

//! Chosen files on their way into the outbox.
//!
//! What must always hold: a file that somebody is sending can neither be sent a second time nor taken back meanwhile;
//! what the outbox did not take is there to be sent again.

use deskbell_wire::{FileCard, FileDigest, VisitorId};
use uuid::Uuid;

use super::Intake;
use super::refused::Refused;

/// Chosen files that somebody is sending. Dropped, they are chosen ones as before.
pub(crate) struct Leaving {
    /// What they are sent as, in their order.
    pub(crate) cards: Vec<FileCard>,
    intake: Intake,
    to: VisitorId,
    ids: Vec<Uuid>,
}

impl Leaving {
    /// Takes these, in their order.
    ///
    /// # Errors
    /// The first thing against any of them; [`Refused::Unknown`] also for one that leaves already.
    pub(super) fn new(intake: &Intake, to: VisitorId, ids: &[Uuid]) -> Result<Self, Refused> {
        let mut leaving = Self { cards: Vec::new(), intake: intake.clone(), to, ids: Vec::new() };
        ids.iter().try_for_each(|id| leaving.take(*id))?;
        Ok(leaving)
    }

    fn take(&mut self, id: Uuid) -> Result<(), Refused> {
        let mut list = self.intake.list();
        let staged = list.iter_mut().find(|staged| staged.id == id && staged.to == self.to && !staged.leaves);
        let staged = staged.ok_or(Refused::Unknown)?;
        self.cards.push(staged.card()?);
        staged.leaves = true;
        self.ids.push(id);
        Ok(())
    }

    /// So many of them are in the outbox. What lies in the vault for them is given back: of a picture from which something
    /// was taken out both are there, and one was sent.
    pub(crate) fn sent(self, count: usize) -> Vec<FileDigest> {
        let (sent, _) = self.ids.split_at_checked(count).unwrap_or((&self.ids, &[]));
        let mut digests = Vec::new();
        self.intake.list().retain(|staged| {
            let goes = sent.contains(&staged.id);
            digests.extend(staged.cards().iter().filter(|_| goes).map(|card| card.digest));
            !goes
        });
        self.intake.forget_refused(self.to);
        self.intake.told(self.to);
        digests
    }
}

impl Drop for Leaving {
    fn drop(&mut self) {
        let mut list = self.intake.list();
        list.iter_mut()
            .filter(|staged| self.ids.contains(&staged.id))
            .for_each(|staged| staged.leaves = false);
    }
}

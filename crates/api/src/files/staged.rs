//! A file that was chosen and not sent yet.
//!
//! What must always hold: what is sent is what the person sees here: without what a picture says of its maker, unless
//! the person left that in.

use deskbell_wire::FileCard;
use deskbell_wire::VisitorId;
use deskbell_wire::file::kind_of;
use uuid::Uuid;

use super::refused::Refused;
use super::views;
use crate::dto::{Details, Locale, Preview, StagedFile};

/// One of them.
pub(crate) struct Staged {
    pub(crate) id: Uuid,
    /// In whose conversation.
    pub(crate) to: VisitorId,
    pub(crate) name: String,
    /// Bytes, as far as known.
    pub(crate) size: u64,
    pub(crate) media: String,
    pub(crate) taken: u64,
    pub(crate) stand: Stand,
    /// What the picture says is left in.
    pub(crate) keeps: bool,
    /// Somebody is sending it now.
    pub(crate) leaves: bool,
}

/// How far it is.
pub(crate) enum Stand {
    Reading,
    Here(Contents),
    Refused(Refused),
}

/// Its bytes are in the vault.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Contents {
    /// As it was chosen.
    pub(crate) whole: FileCard,
    pub(crate) clean: Clean,
}

impl Contents {
    fn cards(&self) -> Vec<FileCard> {
        let clean = match &self.clean {
            Clean::Without(clean) => Some(clean.clone()),
            Clean::Same | Clean::Told | Clean::Failed => None,
        };
        std::iter::once(self.whole.clone()).chain(clean).collect()
    }
}

/// The same without what it says of its maker.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Clean {
    /// It says nothing, or nothing is known of its type.
    Same,
    /// It says something, and goes with it: of its type that is not taken out.
    Told,
    Without(FileCard),
    /// It could not be made.
    Failed,
}

impl Staged {
    /// Chosen just now; nothing is known but what it is called.
    pub(crate) fn new(to: VisitorId, name: String, size: u64, media: String) -> Self {
        let id = Uuid::new_v4();
        Self { id, to, name, size, media, taken: 0, stand: Stand::Reading, keeps: false, leaves: false }
    }

    /// What would be sent now.
    pub(crate) fn card(&self) -> Result<FileCard, Refused> {
        match &self.stand {
            Stand::Reading => Err(Refused::Reading),
            Stand::Refused(refused) => Err(*refused),
            Stand::Here(contents) if self.keeps => Ok(contents.whole.clone()),
            Stand::Here(Contents { whole, clean }) => match clean {
                Clean::Same | Clean::Told => Ok(whole.clone()),
                Clean::Without(clean) => Ok(clean.clone()),
                Clean::Failed => Err(Refused::Details),
            },
        }
    }

    /// It will never be sent; it is there to be read about.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.stand, Stand::Refused(_))
    }

    /// What it has put into the vault.
    pub(crate) fn cards(&self) -> Vec<FileCard> {
        match &self.stand {
            Stand::Here(contents) => contents.cards(),
            Stand::Reading | Stand::Refused(_) => Vec::new(),
        }
    }

    /// As the page shows it.
    pub(crate) fn view(&self, locale: Locale) -> StagedFile {
        let refused = self.card().err().filter(|refused| *refused != Refused::Reading);
        let problem = refused.map(|refused| refused.problem(locale));
        let is_here = matches!(self.stand, Stand::Here(_));
        StagedFile {
            id: self.id.to_string(),
            name: self.name.clone(),
            size: self.size,
            kind: views::kind(kind_of(&self.media, &self.name)),
            taken: self.taken,
            ready: self.card().is_ok(),
            preview: if is_here { views::preview(&self.media, &self.name) } else { Preview::None },
            details: self.details(),
            code: problem.as_ref().map(|problem| problem.code.clone()),
            sentence: problem.map(|problem| problem.message),
        }
    }

    fn details(&self) -> Option<Details> {
        match &self.stand {
            Stand::Here(Contents { clean: Clean::Without(_) | Clean::Failed, .. }) => {
                Some(if self.keeps { Details::Kept } else { Details::Removed })
            }
            Stand::Here(Contents { clean: Clean::Told, .. }) => Some(Details::Told),
            _ => None,
        }
    }
}

//! One file on its way to the desk.

use deskbell_wire::{FileRefusal, NackCode, Secret, StreamId};

use super::{DiskTrouble, MISMATCHES, MISSES, Patience, SMALL, TransferStand, Trouble};
use crate::jitter::Jitter;
use crate::store::{OutboxState, Upload, UploadState};

/// A file, and what is known of it in memory alone.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) stream: StreamId,
    /// As on disk.
    pub(crate) upload: Upload,
    /// As its row has it.
    pub(crate) row: OutboxState,
    /// The person has agreed to the site's terms, and the desk does not know yet.
    pub(super) awaits_consent: bool,
    pub(super) phase: Phase,
    pub(super) patience: Patience,
    pub(super) why: Option<Trouble>,
    pub(super) done: u64,
    pub(super) missed: u32,
    pub(super) mismatched: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing happens.
    Rests,
    /// It is carried, in this run; from a place that was given in an earlier one?
    Carried { run: u64, resumed: bool },
    /// The desk has it whole; its message waits for those of files that were sent before it, together with it.
    Arrived,
}

/// What the end of a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Came {
    /// It is tried again from where it stands.
    Again,
    /// It is tried again, with another place.
    Anew,
    /// The person is asked.
    Refused(NackCode),
}

impl Job {
    pub(super) fn new(stream: StreamId, upload: Upload, row: OutboxState) -> Self {
        Self {
            stream,
            why: upload.refused.map(Trouble::Refused),
            upload,
            row,
            awaits_consent: false,
            phase: Phase::Rests,
            patience: Patience::default(),
            done: 0,
            missed: 0,
            mismatched: 0,
        }
    }

    /// For people.
    pub(crate) fn stand(&self) -> TransferStand {
        let Self { done, why, .. } = *self;
        match (self.upload.state, self.row, self.phase) {
            (UploadState::Whole, OutboxState::Queued | OutboxState::Held, _) => TransferStand::Whole,
            (_, OutboxState::Failed(code), _) => {
                TransferStand::Refused { code, refusal: self.upload.refused }
            }
            (UploadState::Paused, ..) => TransferStand::Paused { done },
            (UploadState::Going, _, Phase::Rests) => TransferStand::Waiting { done, why },
            (UploadState::Going, _, _) => TransferStand::Going { done },
        }
    }

    /// Is it to get there, by itself?
    pub(super) fn wants(&self) -> bool {
        self.row == OutboxState::Queued && self.upload.state == UploadState::Going
    }

    /// May it be carried now, or after its pause?
    pub(super) fn is_due(&self) -> bool {
        self.wants() && self.phase == Phase::Rests && !self.awaits_consent
    }

    /// Do the messages of files that were sent along with it wait for its own? Not for one that the desk, or this
    /// device, keeps back; one that begins anew, or finds a desk that cannot write, is waited for.
    pub(super) fn goes_first(&self) -> bool {
        use FileRefusal::{Offset, Storage};
        let soon = matches!(self.why, None | Some(Trouble::Line | Trouble::Refused(Offset | Storage)));
        self.wants() && soon
    }

    pub(super) fn is_small(&self) -> bool {
        self.upload.card.size <= SMALL
    }

    /// What is kept of why it stands, for after a restart: what the desk said of the file, and may say again.
    pub(crate) fn to_keep(&self) -> Option<FileRefusal> {
        match self.why? {
            Trouble::Refused(FileRefusal::Offset) => None,
            Trouble::Refused(refusal) => Some(refusal),
            Trouble::Line | Trouble::Lost | Trouble::Disk(_) => None,
        }
    }

    pub(super) fn is_in(&self, run: u64) -> bool {
        matches!(self.phase, Phase::Carried { run: now, .. } if now == run)
    }

    /// So much of it is there.
    pub(crate) fn sent(&mut self, done: u64) {
        if done > self.done {
            self.why = None;
            self.patience.went_on();
        }
        self.done = done.min(self.upload.card.size);
    }

    /// The desk has all of it.
    pub(crate) fn arrived(&mut self) {
        (self.phase, self.why, self.done) = (Phase::Arrived, None, self.upload.card.size);
    }

    /// It is carried no longer.
    pub(super) fn rest(&mut self) {
        if self.phase != Phase::Arrived {
            self.phase = Phase::Rests;
        }
    }

    /// Whatever was waited for: the next try may begin.
    pub(crate) fn at_once(&mut self) {
        self.patience.at_once();
    }

    /// The person wants it to go: from the beginning of all patience.
    pub(crate) fn begin_again(&mut self) {
        *self = Self::new(self.stream.clone(), self.upload.clone(), self.row);
    }

    /// A run ended without it.
    pub(crate) fn failed(&mut self, why: Trouble, mono: u64, jitter: &mut Jitter) -> Came {
        let resumed = matches!(self.phase, Phase::Carried { resumed: true, .. });
        self.phase = Phase::Rests;
        let came = self.judge(why, resumed);
        // What begins anew is not kept back: there is nothing to say of it.
        self.why = (came != Came::Anew).then_some(why);
        if !matches!(came, Came::Refused(_)) {
            self.patience.lose(mono, jitter);
        }
        came
    }

    fn judge(&mut self, why: Trouble, resumed: bool) -> Came {
        match why {
            Trouble::Line | Trouble::Disk(DiskTrouble::Full | DiskTrouble::Other) => Came::Again,
            Trouble::Lost => Came::Refused(NackCode::FileLost),
            Trouble::Refused(FileRefusal::Expired) => Came::Anew,
            // A desk that was restored knows nothing of a place: it says the same of one that is a stranger's.
            Trouble::Refused(FileRefusal::Forbidden) if resumed => Came::Anew,
            Trouble::Refused(FileRefusal::Checksum) => {
                self.mismatched += 1;
                if self.mismatched < MISMATCHES { Came::Anew } else { Came::Refused(NackCode::Invalid) }
            }
            Trouble::Refused(refusal) if refusal.retryable() => Came::Again,
            Trouble::Refused(refusal) => Came::Refused(code(refusal)),
        }
    }

    /// The desk took the message and does not have the file (any more).
    pub(crate) fn missed(&mut self, mono: u64, jitter: &mut Jitter) -> Came {
        self.missed += 1;
        (self.phase, self.done) = (Phase::Rests, 0);
        self.patience.lose(mono, jitter);
        if self.missed < MISSES { Came::Anew } else { Came::Refused(NackCode::FileMissing) }
    }

    pub(crate) fn forget_place(&mut self) {
        self.upload.place = None;
    }

    pub(crate) fn placed(&mut self, place: Secret) {
        self.upload.place = Some(place);
    }
}

fn code(refusal: FileRefusal) -> NackCode {
    match refusal {
        FileRefusal::Forbidden => NackCode::Forbidden,
        FileRefusal::TooLarge => NackCode::TooLarge,
        FileRefusal::Quota => NackCode::Quota,
        FileRefusal::TypeNotAllowed | FileRefusal::TypeLies | FileRefusal::Off => NackCode::FileType,
        FileRefusal::Consent => NackCode::Consent,
        FileRefusal::Banned => NackCode::Banned,
        FileRefusal::Invalid
        | FileRefusal::Empty
        | FileRefusal::NoSpace
        | FileRefusal::Busy
        | FileRefusal::Expired
        | FileRefusal::Offset
        | FileRefusal::Checksum
        | FileRefusal::Storage => NackCode::Invalid,
    }
}

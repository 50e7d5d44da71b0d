//! All files on their way to the desk, in the order of the outbox.

use deskbell_wire::{StreamId, Uid};

use super::upload::Phase;
use super::{AT_ONCE, Job, Trouble};
use crate::store::{OutboxState, Upload, UploadState};

/// The files.
#[derive(Debug, Default)]
pub(crate) struct Uploads {
    jobs: Vec<Job>,
    runs: u64,
}

/// A job that begins.
pub(crate) struct Start<'a> {
    pub(crate) job: &'a Job,
    pub(crate) run: u64,
}

impl Uploads {
    /// As the disk has them, in order; what is known of one in memory stays.
    pub(crate) fn take_up(&mut self, uploads: Vec<(StreamId, OutboxState, Upload)>) {
        let mut known = std::mem::take(&mut self.jobs);
        for (stream, row, upload) in uploads {
            let at = known.iter().position(|job| job.upload.uid == upload.uid);
            let job = at.map(|at| known.swap_remove(at)).filter(|job| job.stream == stream);
            self.jobs.push(match job {
                Some(job) => Job { upload, row, ..job },
                None => Job::new(stream, upload, row),
            });
        }
    }

    /// A file that has just been queued.
    pub(crate) fn push(&mut self, stream: StreamId, upload: Upload, row: OutboxState) {
        self.jobs.push(Job::new(stream, upload, row));
    }

    pub(crate) fn get(&self, uid: Uid) -> Option<&Job> {
        self.jobs.iter().find(|job| job.upload.uid == uid)
    }

    pub(crate) fn get_mut(&mut self, uid: Uid) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.upload.uid == uid)
    }

    /// The job of a report; `None` where it speaks of an earlier run.
    pub(crate) fn in_run(&mut self, uid: Uid, run: u64) -> Option<&mut Job> {
        self.get_mut(uid).filter(|job| job.is_in(run))
    }

    /// Its row went to the end of the outbox.
    pub(crate) fn move_to_end(&mut self, uid: Uid) {
        self.jobs.sort_by_key(|job| job.upload.uid == uid);
    }

    pub(crate) fn going(&self) -> usize {
        self.jobs.iter().filter(|job| matches!(job.phase, Phase::Carried { .. })).count()
    }

    /// What the outbox says now: files whose row left go too. Those that are to be stopped.
    /// None begins in a conversation whose consent is on its way: it would be refused for want of that.
    pub(crate) fn settle(&mut self, row: impl Fn(&Job) -> Option<(OutboxState, bool)>) -> Vec<Uid> {
        let mut stopped = Vec::new();
        self.jobs.retain_mut(|job| {
            let now = row(job);
            (job.row, job.awaits_consent) = now.unwrap_or((job.row, false));
            let carried = matches!(job.phase, Phase::Carried { .. });
            if carried && (now.is_none() || !job.wants()) {
                job.rest();
                stopped.push(job.upload.uid);
            }
            now.is_some()
        });
        stopped
    }

    /// Is there a place for it? One of them is for small ones alone: they never wait for large ones.
    fn places(&self) -> impl Fn(&Job) -> bool + use<> {
        let carried = || self.jobs.iter().filter(|job| matches!(job.phase, Phase::Carried { .. }));
        let (all, large) = (carried().count(), carried().filter(|job| !job.is_small()).count());
        move |job: &Job| all <= AT_ONCE && (job.is_small() || large < AT_ONCE)
    }

    /// The next one that begins, if one may.
    pub(crate) fn start(&mut self, mono: u64) -> Option<Start<'_>> {
        let has_place = self.places();
        let due = |job: &&mut Job| job.is_due() && job.patience.until() <= mono && has_place(job);
        let job = self.jobs.iter_mut().find(due)?;
        self.runs += 1;
        job.phase = Phase::Carried { run: self.runs, resumed: job.upload.place.is_some() };
        Some(Start { job, run: self.runs })
    }

    /// When one may begin after its pause. Where as many go as may, their ends decide.
    pub(crate) fn deadline(&self) -> Option<u64> {
        let has_place = self.places();
        let due = self.jobs.iter().filter(|job| job.is_due() && has_place(job));
        due.map(|job| job.patience.until()).min()
    }

    /// A file that is at the desk, and whose message may go: none that was sent before it, together with it, is still to
    /// arrive.
    pub(crate) fn next_arrived(&self) -> Option<Uid> {
        let may_go = |(at, job): &(usize, &Job)| {
            let together = |before: &&Job| before.upload.batch == job.upload.batch;
            let held_up = self.jobs.iter().take(*at).filter(together).any(Job::goes_first);
            job.phase == Phase::Arrived && job.wants() && !held_up
        };
        self.jobs.iter().enumerate().find(may_go).map(|(_, job)| job.upload.uid)
    }

    /// Its message may go out: it is at the end of the outbox.
    pub(crate) fn release(&mut self, uid: Uid) {
        self.move_to_end(uid);
        if let Some(job) = self.get_mut(uid) {
            job.upload.state = UploadState::Whole;
            job.phase = Phase::Rests;
        }
    }

    /// The line went down: those that were carried.
    pub(crate) fn rest(&mut self) -> Vec<Uid> {
        let carried = self.jobs.iter_mut().filter(|job| matches!(job.phase, Phase::Carried { .. }));
        carried
            .map(|job| {
                job.rest();
                job.upload.uid
            })
            .collect()
    }

    pub(crate) fn line_is_back(&mut self) {
        let waited = |job: &&mut Job| matches!(job.why, None | Some(Trouble::Line));
        self.jobs.iter_mut().filter(waited).for_each(|job| job.patience.at_once());
    }
}

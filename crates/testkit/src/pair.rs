//! Real clients against the real desk in virtual time: a seed decides what people do, what breaks and when.
//!
//! Why: the rules of delivery are about schedules, and a schedule that a socket and a clock would need a day for
//! takes a millisecond here. What must always hold: nothing between the two machines but frames as text and a
//! line that fails; no rule is known here, only the checker judges; a [`Flaw`] breaks one rule, so that a test can
//! see that the checker notices.
//!
//! The desk's ids are the operating system's random numbers: a seed gives the same schedule, not the same ids.

mod courier;
mod desk_side;
mod device;
mod line;
mod world;

use std::fmt;

use crate::checker::Violation;

/// One rule of delivery, switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// None: the product as it is.
    None,
    /// C1: the outbox is not on the disk when it is said to be.
    QueuedBeforeDurable,
    /// C1: an entry gets another uid when it is sent again.
    NewUidOnRetry,
    /// C2, S3: an entry does not name the one before it.
    NoPredecessor,
    /// I5: files that were sent together are sent as if each were alone.
    SentApart,
    /// C3: the next event is taken, whatever its seq.
    NoGapCheck,
    /// C4, S7: nobody speaks of heads; what was left out is never fetched.
    NoHeads,
    /// C5, S9, I10: nobody looks at epochs.
    NoEpochCheck,
    /// S2: the desk takes what it has.
    NoDedup,
    /// S4: the desk acknowledges what it has not committed.
    AckBeforeCommit,
    /// I14: the desk takes bytes for a file without looking at them.
    NoDigestCheck,
    /// I14: the desk sweeps bytes that a message has.
    SweptTooMuch,
}

/// What happened in a run, counted, so that a test can see that it was worth anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages and verbs that were queued.
    pub queued: u64,
    /// Acks heard, and those of them for what was already there.
    pub acks: u64,
    /// Of these.
    pub dup_acks: u64,
    /// Nacks heard.
    pub nacks: u64,
    /// Streams that gave way to another life of the desk.
    pub resets: u64,
    /// Entries that were held or failed, and shown.
    pub shown: u64,
    /// Pushes that were left out because a client read too slowly.
    pub left_out: u64,
    /// Frames that the desk read from a connection that its client had left.
    pub zombies: u64,
    /// Lines that were cut.
    pub cuts: u64,
    /// Devices that lost power.
    pub power_losses: u64,
    /// Of these, with an entry under way.
    pub in_flight: u64,
    /// Desks that were killed.
    pub desk_kills: u64,
    /// Commits that were made to fail.
    pub failed_commits: u64,
    /// Backups that were restored.
    pub restores: u64,
    /// Files that were queued.
    pub files: u64,
    /// Of these, with others.
    pub together: u64,
    /// Uploads that were heard to be whole, and runs of uploads that ended otherwise.
    pub whole: u64,
    /// Of these.
    pub file_troubles: u64,
    /// Files that came to a device.
    pub fetched: u64,
    /// Files that the desk missed when their message came.
    pub missed: u64,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What decided everything.
    pub seed: u64,
    /// What was broken.
    pub violations: Vec<Violation>,
    /// What happened.
    pub counts: Counts,
}

/// Runs one schedule of `steps` steps, lets everything heal, and checks.
pub fn run(seed: u64, steps: u32, flaw: Flaw) -> Outcome {
    world::World::new(seed, flaw).run(steps)
}

impl Counts {
    /// Both together.
    pub fn add(&mut self, other: &Self) {
        let Self {
            queued,
            acks,
            dup_acks,
            nacks,
            resets,
            shown,
            left_out,
            zombies,
            cuts,
            power_losses,
            in_flight,
            desk_kills,
            failed_commits,
            restores,
            files,
            together,
            whole,
            file_troubles,
            fetched,
            missed,
        } = other;
        self.queued += queued;
        self.acks += acks;
        self.dup_acks += dup_acks;
        self.nacks += nacks;
        self.resets += resets;
        self.shown += shown;
        self.left_out += left_out;
        self.zombies += zombies;
        self.cuts += cuts;
        self.power_losses += power_losses;
        self.in_flight += in_flight;
        self.desk_kills += desk_kills;
        self.failed_commits += failed_commits;
        self.restores += restores;
        self.files += files;
        self.together += together;
        self.whole += whole;
        self.file_troubles += file_troubles;
        self.fetched += fetched;
        self.missed += missed;
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}: {:?}", self.seed, self.counts)?;
        self.violations.iter().try_for_each(|violation| writeln!(f, "  {violation}"))
    }
}

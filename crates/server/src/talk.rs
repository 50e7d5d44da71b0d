//! Who talks comes before files: while words come, files take no more than a part of what the machine can do.
//!
//! Why: at full speed a few files take all processors and the whole disk, and every word waits for both: its slowest
//! hundredth took six times as long beside four uploads. At [`RATE`] it does not notice them, and a file's line is
//! rarely faster. What must always hold: when nobody talks, files go as fast as they can.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::{Duration, Instant};

/// Bytes of files that go to the disk in a second, all together: most of what a line of one gigabit brings.
const RATE: u64 = 96 * 1024 * 1024;
/// How long after words somebody is still talking.
const GOES_ON: Duration = Duration::from_secs(2);

/// Does somebody talk at this desk?
#[derive(Debug, Default)]
pub(crate) struct Talk(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    words: Option<Instant>,
    /// What was let in before takes until then.
    busy: Option<Instant>,
}

impl Talk {
    /// Words came, or somebody types.
    pub(crate) fn heard(&self, now: Instant) {
        self.state().words = Some(now);
    }

    /// So many bytes of a file are to be written: how long must they wait?
    pub(crate) fn wait(&self, bytes: usize, now: Instant) -> Duration {
        let mut state = self.state();
        if state.words.is_none_or(|words| now.duration_since(words) > GOES_ON) {
            state.busy = None;
            return Duration::ZERO;
        }
        let begins = state.busy.map_or(now, |busy| busy.max(now));
        let micros = (bytes as u64).saturating_mul(1_000_000) / RATE;
        state.busy = Some(begins + Duration::from_micros(micros));
        begins - now
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIECE: usize = 512 * 1024;

    /// Bytes that a few writers together get through in so long, each waiting as it is told.
    fn through(talk: &Talk, begun: Instant, lasts: Duration) -> u64 {
        let (mut writers, mut bytes) = ([begun; 4], 0);
        while let Some(next) = writers.iter_mut().min().filter(|next| **next < begun + lasts) {
            // To write it takes a millisecond.
            *next += talk.wait(PIECE, *next) + Duration::from_millis(1);
            bytes += PIECE as u64;
        }
        bytes
    }

    #[test]
    fn files_take_a_part_while_somebody_talks_and_all_there_is_when_nobody_does() {
        let (talk, begun) = (Talk::default(), Instant::now());
        let second = Duration::from_secs(1);
        assert_eq!(through(&talk, begun, second), 4 * 1_000 * PIECE as u64, "nobody talks");
        let talking = begun + second;
        talk.heard(talking);
        let part = through(&talk, talking, GOES_ON);
        let expected = RATE * GOES_ON.as_secs();
        assert!((expected..expected + 5 * PIECE as u64).contains(&part), "{part}");
        let silent = talking + GOES_ON + second;
        assert_eq!(through(&talk, silent, second), 4 * 1_000 * PIECE as u64, "it is over");
    }
}

//! One thread for everything that a keyring or a disk may make wait.
//!
//! What must always hold: jobs run in the order in which they came; the thread may be stuck in one for ever without
//! stopping the program, and whoever waits for a job waits no longer than they said.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

type Job = Box<dyn FnOnce() + Send>;

/// The thread; clones are the same one. It ends with the last of them, and with its last job.
#[derive(Clone)]
pub(super) struct Lane {
    jobs: Sender<Job>,
    /// It let somebody wait for nothing: the end of the program does not wait again.
    silent: Arc<AtomicBool>,
}

impl Lane {
    pub(super) fn start(name: &str) -> Self {
        let (jobs, queue): (Sender<Job>, Receiver<Job>) = mpsc::channel();
        let thread = thread::Builder::new().name(name.to_owned());
        if let Err(error) = thread.spawn(move || queue.into_iter().for_each(|job| job())) {
            tracing::warn!(%error, name, "no thread");
        }
        Self { jobs, silent: Arc::default() }
    }

    /// Does it after everything that was asked before, without waiting.
    pub(super) fn later(&self, job: impl FnOnce() + Send + 'static) {
        drop(self.jobs.send(Box::new(job)));
    }

    /// Does it; the answer comes by itself.
    pub(super) fn begin<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
        let (done, answer) = mpsc::channel();
        self.later(move || drop(done.send(job())));
        answer
    }

    /// Does it and waits; `None`: no answer in time.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        patience: Duration,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let answer = self.begin(job).recv_timeout(patience);
        self.silent.store(matches!(answer, Err(RecvTimeoutError::Timeout)), Ordering::Relaxed);
        answer.ok()
    }

    /// Waits until what was asked is done, unless it did not answer before.
    pub(super) fn settle(&self, patience: Duration) {
        if !self.silent.load(Ordering::Relaxed) {
            let _ = self.ask(patience, || ());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use super::*;

    fn stuck() -> Lane {
        let lane = Lane::start("stuck");
        lane.later(|| {
            loop {
                thread::park();
            }
        });
        lane
    }

    #[test]
    fn jobs_run_in_order_and_are_done_when_settled() {
        let (lane, done) = (Lane::start("test"), Arc::new(Mutex::new(Vec::new())));
        for number in 0..100 {
            let done = done.clone();
            lane.later(move || done.lock().unwrap().push(number));
        }
        lane.settle(Duration::from_secs(10));
        assert_eq!(*done.lock().unwrap(), (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn a_silent_lane_is_waited_for_once() {
        let lane = stuck();
        assert_eq!(lane.ask(Duration::from_millis(20), || 1), None);
        let asked = Instant::now();
        lane.settle(Duration::from_secs(10));
        assert!(asked.elapsed() < Duration::from_secs(5));
    }
}

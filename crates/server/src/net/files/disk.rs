//! The disk, away from the threads that serve sockets: a few threads of their own write, seal and sync for everybody.
//!
//! What must always hold: words come first, so these threads stand back where the system lets them; work that has begun
//! goes on to its end, also when whoever asked for it is gone.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use deskbell_wire::FileRefusal;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{Instant, sleep};

use crate::error::DeskError;
use crate::talk::Talk;

/// Threads for files.
const THREADS: usize = 4;

type Job = Box<dyn FnOnce() + Send>;

/// The way to those threads. They end with its last clone.
#[derive(Clone)]
pub(super) struct Disk {
    places: Arc<Semaphore>,
    jobs: mpsc::Sender<Job>,
    talk: Arc<Talk>,
}

impl Disk {
    /// # Errors
    /// [`DeskError::System`] when there are no threads to be had.
    pub(super) fn start() -> Result<Self, DeskError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..THREADS {
            let queue = Arc::clone(&queue);
            let thread = thread::Builder::new().name("desk-files".to_owned());
            thread.spawn(move || work(&queue)).map_err(DeskError::system)?;
        }
        Ok(Self { places: Arc::new(Semaphore::new(THREADS)), jobs, talk: Arc::default() })
    }

    /// Whoever tells it of words is written more slowly for.
    pub(super) fn talk(&self) -> Arc<Talk> {
        Arc::clone(&self.talk)
    }

    /// Waits until so many bytes may be written: at once, unless somebody talks.
    pub(super) async fn turn(&self, bytes: usize) {
        let wait = self.talk.wait(bytes, Instant::now());
        if !wait.is_zero() {
            sleep(wait).await;
        }
    }

    /// Does it there, as soon as there is a thread.
    ///
    /// # Errors
    /// [`FileRefusal::Storage`] when the desk ends.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, FileRefusal> {
        let place = self.places.clone().acquire_owned().await.map_err(|_| FileRefusal::Storage)?;
        let (done, outcome) = oneshot::channel();
        self.hand_over(place, move || {
            // Whoever asked is gone: what came of it is dropped here, where the disk may be waited for.
            let _ = done.send(job());
        });
        outcome.await.map_err(|_| FileRefusal::Storage)
    }

    /// Does it if a thread has nothing else to do; nobody waits for it.
    pub(super) fn spare(&self, job: impl FnOnce() + Send + 'static) {
        if let Ok(place) = self.places.clone().try_acquire_owned() {
            self.hand_over(place, job);
        }
    }

    fn hand_over(&self, place: OwnedSemaphorePermit, job: impl FnOnce() + Send + 'static) {
        let job = Box::new(move || {
            job();
            drop(place);
        });
        // The threads end after the last way to them.
        let _ = self.jobs.send(job);
    }

    /// No work is under way, and none begins any more.
    pub(super) async fn end(&self) {
        let all = u32::try_from(THREADS).unwrap_or(u32::MAX);
        // Closed by another already: then it has ended.
        if let Ok(places) = self.places.acquire_many(all).await {
            self.places.close();
            drop(places);
        }
    }
}

fn work(queue: &Mutex<mpsc::Receiver<Job>>) {
    deskbell_vault::stand_back();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // One job that falls must not take the thread from the others.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_that_falls_takes_no_thread_along_and_the_end_waits_for_the_others() {
        let disk = Disk::start().unwrap();
        for _ in 0..2 * THREADS {
            assert!(disk.run(|| panic!("as the test wants it")).await.is_err());
        }
        assert_eq!(disk.run(|| 7).await, Ok(7));
        let (go, wait) = mpsc::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let slow = tokio::spawn({
            let disk = disk.clone();
            async move { disk.run(move || begun.send(()).is_ok() && wait.recv().is_ok()).await }
        });
        has_begun.await.unwrap();
        let end = disk.end();
        tokio::pin!(end);
        while futures_util::FutureExt::now_or_never(&mut end).is_none() {
            let _ = go.send(());
            tokio::task::yield_now().await;
        }
        assert_eq!(slow.await.unwrap(), Ok(true));
        assert!(disk.run(|| ()).await.is_err(), "nothing begins any more");
    }
}

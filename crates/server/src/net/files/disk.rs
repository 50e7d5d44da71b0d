//! The disk, away from the threads that serve sockets: a few threads write, seal and sync for everybody.
//!
//! What must always hold: no more threads than that, so that passwords and letters keep theirs; work that has begun
//! goes on to its end, also when whoever asked for it is gone.

use std::sync::Arc;

use deskbell_wire::FileRefusal;
use tokio::sync::Semaphore;

/// Threads for files. More would take the processors from the desk's own thread.
pub(crate) const DISK: usize = 4;

/// The way to those threads.
#[derive(Clone)]
pub(super) struct Disk {
    places: Arc<Semaphore>,
}

impl Disk {
    pub(super) fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(DISK)) }
    }

    /// Does it there, as soon as there is a thread.
    ///
    /// # Errors
    /// [`FileRefusal::Storage`] when the desk ends.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, FileRefusal> {
        let place = self.places.clone().acquire_owned().await.map_err(|_| FileRefusal::Storage)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await.map_err(|_| FileRefusal::Storage)
    }

    /// No work is under way, and none begins any more.
    pub(super) async fn end(&self) {
        let all = u32::try_from(DISK).unwrap_or(u32::MAX);
        // Closed by another already: then it has ended.
        if let Ok(places) = self.places.acquire_many(all).await {
            self.places.close();
            drop(places);
        }
    }
}

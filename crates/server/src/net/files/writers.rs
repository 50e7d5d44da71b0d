//! One writer per upload; who comes back on a new line need not wait for what hangs on the old one.
//!
//! What must always hold: a hold is given back only when the part is put away, whoever dropped it and where.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// How long a writer may take to put away what it has.
const PUTS_AWAY: Duration = Duration::from_secs(10);

/// Uploads that are being written.
#[derive(Default)]
pub(super) struct Writers {
    busy: Mutex<HashMap<Uuid, Arc<Bell>>>,
}

#[derive(Default)]
struct Bell {
    /// Somebody else wants the upload.
    wanted: Notify,
    /// It is free.
    free: Notify,
}

/// The right to write an upload, until it is dropped.
pub(super) struct Hold {
    writers: Arc<Writers>,
    part: Uuid,
    bell: Arc<Bell>,
}

impl Writers {
    /// `None`: another writes.
    pub(super) fn take(self: &Arc<Self>, part: Uuid) -> Option<Hold> {
        let mut busy = self.lock();
        if busy.contains_key(&part) {
            return None;
        }
        let bell = Arc::new(Bell::default());
        busy.insert(part, Arc::clone(&bell));
        Some(Hold { writers: Arc::clone(self), part, bell })
    }

    /// Asks whoever writes to stop, and waits for it. `None`: that takes too long.
    pub(super) async fn take_over(self: &Arc<Self>, part: Uuid) -> Option<Hold> {
        let deadline = Instant::now() + PUTS_AWAY;
        loop {
            let Some(bell) = self.bell(part) else {
                match self.take(part) {
                    Some(hold) => return Some(hold),
                    None => continue,
                }
            };
            let free = bell.free.notified();
            tokio::pin!(free);
            // Heard from here on; what happened before shows in the question that follows.
            free.as_mut().enable();
            if self.bell(part).is_some_and(|now| Arc::ptr_eq(&now, &bell)) {
                bell.wanted.notify_one();
                timeout_at(deadline, free).await.ok()?;
            }
        }
    }

    fn bell(&self, part: Uuid) -> Option<Arc<Bell>> {
        self.lock().get(&part).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Bell>>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hold {
    /// Waits until another wants to go on with the upload.
    pub(super) fn wanted(&self) -> impl Future<Output = ()> + use<> {
        let bell = Arc::clone(&self.bell);
        async move { bell.wanted.notified().await }
    }

    /// What has its writer stop, as if another wanted to go on.
    pub(super) fn halt(&self) -> impl FnOnce() + use<> {
        let bell = Arc::clone(&self.bell);
        move || bell.wanted.notify_one()
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.writers.lock().remove(&self.part);
        self.bell.free.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: Uuid = Uuid::from_u128(7);

    #[tokio::test(start_paused = true)]
    async fn one_writer_at_a_time_and_who_comes_back_takes_over() {
        let writers = Arc::new(Writers::default());
        let first = writers.take(PART).unwrap();
        assert!(writers.take(PART).is_none() && writers.take(Uuid::from_u128(8)).is_some());
        let wanted = first.wanted();
        let writing = tokio::spawn(async move {
            wanted.await;
            drop(first);
        });
        assert!(writers.take_over(PART).await.is_some());
        writing.await.unwrap();
        let stuck = writers.take(PART).unwrap();
        assert!(writers.take_over(PART).await.is_none(), "not for ever");
        drop(stuck);
        assert!(writers.take(PART).is_some());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn many_who_come_back_at_once_have_it_one_after_the_other() {
        let writers = Arc::new(Writers::default());
        let (inside, mut tasks) = (Arc::new(std::sync::atomic::AtomicUsize::new(0)), vec![]);
        for _ in 0..40 {
            let (writers, inside) = (Arc::clone(&writers), Arc::clone(&inside));
            tasks.push(tokio::spawn(async move {
                let hold = writers.take_over(PART).await.unwrap();
                assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                tokio::task::yield_now().await;
                inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                drop(hold);
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }
}

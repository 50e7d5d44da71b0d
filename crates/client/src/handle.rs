//! The handle that other threads hold.

use std::sync::mpsc as sync;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use deskbell_core::store::Store;
use deskbell_core::{Notice, Now, Session};
use deskbell_vault::Vault;
use deskbell_wire::JoinLink;
use tokio::sync::mpsc;

use crate::driver::Driver;
use crate::files::Carrier;

/// Who is told what happens, on the driver's thread.
pub trait Audience<S>: Send + 'static {
    /// Something happened. Must not block: the line waits.
    fn hear(&mut self, session: &mut Session<S>, notice: Notice);
}

/// The driver has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session has ended")]
pub struct Stopped;

/// Work for the driver's thread.
pub(crate) type Job<S, A> = Box<dyn FnOnce(&mut Session<S>, &mut A, Now) + Send>;

/// What the driver's thread is told.
pub(crate) enum Order<S, A> {
    Work(Job<S, A>),
    /// The end, whoever else still holds a handle.
    End,
}

/// A running session. Clones drive the same one; it ends with [`Client::stop`] or the last clone.
pub struct Client<S, A> {
    jobs: mpsc::UnboundedSender<Order<S, A>>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl<S, A> Clone for Client<S, A> {
    fn clone(&self) -> Self {
        Self { jobs: self.jobs.clone(), thread: Arc::clone(&self.thread) }
    }
}

/// A running session, for what serves it and must end with it.
pub struct WeakClient<S, A> {
    jobs: mpsc::WeakUnboundedSender<Order<S, A>>,
}

impl<S, A> WeakClient<S, A>
where
    S: Store + Send + 'static,
    A: Audience<S>,
{
    /// As [`Client::ask`].
    ///
    /// # Errors
    /// When the driver has ended, or nobody holds a [`Client`] any more.
    pub fn ask<R, F>(&self, job: F) -> Result<R, Stopped>
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<S>, &mut A, Now) -> R + Send + 'static,
    {
        ask(&self.jobs.upgrade().ok_or(Stopped)?, job)
    }
}

fn ask<S, A, R, F>(jobs: &mpsc::UnboundedSender<Order<S, A>>, job: F) -> Result<R, Stopped>
where
    S: 'static,
    A: 'static,
    R: Send + 'static,
    F: FnOnce(&mut Session<S>, &mut A, Now) -> R + Send + 'static,
{
    let (answer, wait) = sync::sync_channel(1);
    let job: Job<S, A> = Box::new(move |session, audience, now| {
        // Whoever asked may be gone; the work is done all the same.
        let _ = answer.send(job(session, audience, now));
    });
    jobs.send(Order::Work(job)).map_err(|_| Stopped)?;
    wait.recv().map_err(|_| Stopped)
}

impl<S, A> Client<S, A>
where
    S: Store + Send + 'static,
    A: Audience<S>,
{
    /// Starts the driver's thread; it dials at once. What is sent and what comes as a file lies in the vault.
    ///
    /// # Errors
    /// When the system gives no thread or no timer.
    pub fn start(link: JoinLink, session: Session<S>, audience: A, vault: Vault) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::unbounded_channel();
        let (report, reports) = mpsc::unbounded_channel();
        let carrier = Carrier::start(link.clone(), vault, report)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("deskbell-client".to_owned()).spawn(move || {
            runtime.block_on(Driver::new(link, session, audience, queue, (carrier, reports)).run());
        })?;
        Ok(Self { jobs, thread: Arc::new(Mutex::new(Some(thread))) })
    }

    /// Runs a job on the driver's thread and waits for its answer. Not for the driver's own thread.
    ///
    /// # Errors
    /// When the driver has ended.
    pub fn ask<R, F>(&self, job: F) -> Result<R, Stopped>
    where
        R: Send + 'static,
        F: FnOnce(&mut Session<S>, &mut A, Now) -> R + Send + 'static,
    {
        ask(&self.jobs, job)
    }

    /// A handle that does not keep the session running.
    pub fn downgrade(&self) -> WeakClient<S, A> {
        WeakClient { jobs: self.jobs.downgrade() }
    }

    /// Ends the session's thread and waits for it. The store is closed when this returns.
    pub fn stop(self) {
        let Self { jobs, thread } = self;
        let waited = thread.lock().ok().and_then(|mut thread| thread.take());
        // No thread any more: it has ended already.
        let _ = jobs.send(Order::End);
        if let Some(thread) = waited {
            let _ = thread.join();
        }
    }
}

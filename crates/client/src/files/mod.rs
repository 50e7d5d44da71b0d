//! The carrier: files between the device's vault and the desk, over connections of their own.
//!
//! Why a thread of its own: a file is read, sealed and hashed while it goes, and words must not wait for that. What must
//! always hold: it tries nothing by itself, for when to try is the session's to say; of each order it says how it
//! ended, once; what it holds of a file at any time is a few blocks of 256 KiB; nothing that it started outlives it.

mod body;
mod counted;
mod download;
mod http;
mod pace;
mod said;
mod upload;

use std::collections::HashMap;
use std::hash::Hash;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;

use deskbell_core::transfers::{CarrierReport, DiskTrouble, Order, Trouble};
use deskbell_vault::{Vault, VaultError};
use deskbell_wire::{JoinLink, MessageId, Uid};
use tokio::sync::mpsc;
use tokio::task::JoinHandle as Task;

use pace::Pace;

/// Orders go in here; reports come out where [`Carrier::start`] was told.
pub(crate) struct Carrier {
    orders: Option<mpsc::UnboundedSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

/// What every transfer needs.
struct Line {
    link: JoinLink,
    vault: Vault,
    reports: mpsc::UnboundedSender<CarrierReport>,
    /// How large the next piece may be; the line's, not a file's.
    pace: Pace,
}

impl Carrier {
    /// Starts the thread. It dials nobody before it is ordered to.
    ///
    /// # Errors
    /// When the system gives no thread or no timer.
    pub(crate) fn start(
        link: JoinLink,
        vault: Vault,
        reports: mpsc::UnboundedSender<CarrierReport>,
    ) -> io::Result<Self> {
        let (orders, queue) = mpsc::unbounded_channel();
        let mut builder = tokio::runtime::Builder::new_current_thread();
        // Those that read and write beside it.
        let runtime = builder.enable_all().on_thread_start(deskbell_vault::stand_back).build()?;
        let line = Arc::new(Line { link, vault, reports, pace: Pace::default() });
        let thread = std::thread::Builder::new().name("deskbell-files".to_owned()).spawn(move || {
            deskbell_vault::stand_back();
            runtime.block_on(Works::new(line).run(queue));
        })?;
        Ok(Self { orders: Some(orders), thread: Some(thread) })
    }

    /// Does it, as soon as it can.
    pub(crate) fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            // The thread ends with this carrier alone.
            let _ = orders.send(order);
        }
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What is under way.
struct Works {
    line: Arc<Line>,
    uploads: HashMap<Uid, Task<()>>,
    fetches: HashMap<MessageId, Task<()>>,
}

impl Works {
    fn new(line: Arc<Line>) -> Self {
        Self { line, uploads: HashMap::new(), fetches: HashMap::new() }
    }

    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        while let Some(order) = orders.recv().await {
            self.uploads.retain(|_, task| !task.is_finished());
            self.fetches.retain(|_, task| !task.is_finished());
            self.order(order);
        }
        self.stop();
    }

    fn order(&mut self, order: Order) {
        let line = Arc::clone(&self.line);
        match order {
            Order::Upload { uid, run, voice, stream, card, group, place } => {
                let upload = upload::Upload { uid, run, voice, stream, card, group };
                begin(&mut self.uploads, uid, async move {
                    let why = upload.carry(&line, place).await.err();
                    line.say(match why {
                        None => CarrierReport::Whole { uid, run },
                        Some(why) => CarrierReport::Failed { uid, run, why },
                    });
                });
            }
            Order::Fetch { message, run, voice, card } => {
                let fetch = download::Fetch { message, run, voice, card };
                begin(&mut self.fetches, message, async move {
                    let why = fetch.bring(&line).await.err();
                    line.say(match why {
                        None => CarrierReport::Here { message, run },
                        Some(why) => CarrierReport::FetchFailed { message, run, why },
                    });
                });
            }
            Order::Stop { uid } => end(&mut self.uploads, uid),
            Order::StopFetch { message } => end(&mut self.fetches, message),
            Order::Leave { voice, place } => {
                tokio::spawn(async move {
                    // The desk forgets it in a day all the same.
                    let _ = upload::leave(&line, &voice, &place).await;
                });
            }
            Order::HangUp => self.stop(),
        }
    }

    fn stop(&mut self) {
        self.uploads.drain().for_each(|(_, task)| task.abort());
        self.fetches.drain().for_each(|(_, task)| task.abort());
    }
}

/// Begins it when the one before it under that name has let go of everything.
fn begin<K: Eq + Hash>(
    tasks: &mut HashMap<K, Task<()>>,
    key: K,
    work: impl Future<Output = ()> + Send + 'static,
) {
    let before = tasks.remove(&key);
    let task = tokio::spawn(async move {
        if let Some(before) = before {
            before.abort();
            drop(before.await);
        }
        work.await;
    });
    tasks.insert(key, task);
}

fn end<K: Eq + Hash>(tasks: &mut HashMap<K, Task<()>>, key: K) {
    if let Some(task) = tasks.remove(&key) {
        task.abort();
    }
}

impl Line {
    fn say(&self, report: CarrierReport) {
        // The session has ended: nobody is there to hear it.
        let _ = self.reports.send(report);
    }
}

/// What the vault says, as a trouble of this device's.
fn disk(error: VaultError) -> Trouble {
    match error {
        VaultError::Full => Trouble::Disk(DiskTrouble::Full),
        VaultError::Corrupt => Trouble::Lost,
        VaultError::Digest | VaultError::Denied | VaultError::Io(_) => {
            tracing::warn!(%error, "the vault refuses");
            Trouble::Disk(DiskTrouble::Other)
        }
    }
}

/// Does something with the disk where nothing else waits for it.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, Trouble> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Trouble::Disk(DiskTrouble::Other))?.map_err(disk)
}

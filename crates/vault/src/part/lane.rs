//! A thread beside a long part: a block is written there while the next one is sealed here.
//!
//! What must always hold: one block at a time is under way; whoever needs it on the disk asks [`Lane::settled`] first.

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use crate::back::stand_back;
use crate::past::{Buffer, Past};

/// What is to be written there: so many bytes from the buffer's beginning.
pub(super) struct Load {
    pub(super) buffer: Buffer,
    pub(super) start: u64,
    pub(super) bytes: usize,
}

/// The way of blocks past the cache. Ends when it is dropped, after what is under way.
pub(super) struct Lane {
    loads: Option<SyncSender<Load>>,
    /// False: it has to go through the cache, it and all that follow.
    back: Receiver<(Load, io::Result<bool>)>,
    thread: Option<JoinHandle<()>>,
    is_busy: bool,
}

impl Lane {
    /// `None` where the file cannot be written past the cache, or there is no thread to be had: it goes without.
    pub(super) fn start(file: &File) -> Option<Self> {
        let mut past = Past::of(file)?;
        let (loads, queue) = sync_channel::<Load>(1);
        let (done, back) = sync_channel(1);
        let work = move || {
            stand_back();
            for mut load in queue {
                let blocks = load.buffer.bytes().get(..load.bytes).unwrap_or_default();
                let written = past.write(load.start, blocks);
                if done.send((load, written)).is_err() {
                    return;
                }
            }
        };
        let thread = thread::Builder::new().name("deskbell-blocks".to_owned()).spawn(work).ok()?;
        Some(Self { loads: Some(loads), back, thread: Some(thread), is_busy: false })
    }

    /// Begins to write it. What was under way before must be settled.
    pub(super) fn write(&mut self, load: Load) -> io::Result<()> {
        let loads = self.loads.as_ref().ok_or_else(gone)?;
        loads.send(load).map_err(|_| gone())?;
        self.is_busy = true;
        Ok(())
    }

    /// Waits for what is under way, and gives it back.
    pub(super) fn settled(&mut self) -> io::Result<Option<(Load, bool)>> {
        if !std::mem::take(&mut self.is_busy) {
            return Ok(None);
        }
        let (load, written) = self.back.recv().map_err(|_| gone())?;
        Ok(Some((load, written?)))
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.loads = None;
        if let Some(thread) = self.thread.take() {
            // There is room for what comes back: it does not wait.
            let _ = thread.join();
        }
    }
}

fn gone() -> io::Error {
    io::Error::other("the thread that writes blocks is gone")
}

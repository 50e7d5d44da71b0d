//! Threads that read, seal and write files stand back: words come first.

/// How far, as `nice` counts.
#[cfg(target_os = "linux")]
const BACK: i32 = 10;

/// Where the processors have more to do than they can, others come before the thread that calls this. For its whole life;
/// does nothing where the system has no such thing for a single thread.
pub fn stand_back() {
    #[cfg(target_os = "linux")]
    if rustix::process::setpriority_process(Some(rustix::thread::gettid()), BACK).is_err() {
        // A system that does not let it is served all the same, only less evenly.
    }
}

/// Lets whoever waits for a processor have it now. Asked after each record: a thread that computes on and on keeps its
/// processor for milliseconds although another is to come first, and a word wakes a dozen threads on its way. With the
/// processors busy its slowest hundredth was ten times faster so.
pub(crate) fn give_way() {
    std::thread::yield_now();
}

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

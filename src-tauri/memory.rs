//! What a foreign form may take of the computer's memory.
//!
//! Why: a page hands the app whatever it likes, and the web view copies a request of a gigabyte several times into the
//! app's own process before anything of ours sees its length; what it makes into blobs lies in a process of the web
//! view's beside the page's. What must always hold: a form gets away with that once at
//! most, for then it is stopped; the built-in form is never looked at.

use std::time::Duration;

use deskbell_pack::FlawKind;
use tauri::{AppHandle, Manager};

use crate::shell::Shell;
use crate::watch;

/// From one look to the next.
const LOOK: Duration = Duration::from_millis(250);
/// What the app's own process may grow by while a foreign form runs, in KiB.
const APP_GROWTH: u64 = 512 * 1024;
/// What the page's process, or the one that keeps its blobs, may have, in KiB.
const PAGE: u64 = 2 * 1024 * 1024;

/// Resident memory, in KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Memory {
    app: u64,
    /// Of the largest process that works for a page.
    page: u64,
}

impl Memory {
    /// Is that more than a form can have honest use for, if the app had `before` when it came up?
    fn is_too_much(self, before: Self) -> bool {
        self.app > before.app.saturating_add(APP_GROWTH) || self.page > PAGE
    }
}

/// Looks at the memory for as long as a foreign form runs. One look at a time: `watch.rs` sees to that.
pub(crate) async fn look(app: AppHandle) {
    let Some(before) = system::memory() else { return };
    while app.state::<Shell>().packs().given().is_some() {
        tokio::time::sleep(LOOK).await;
        if system::memory().is_some_and(|now| now.is_too_much(before)) {
            watch::stop(&app, FlawKind::Crashed);
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;

    use super::Memory;

    /// The names of a page's process and of the one that keeps its blobs, as long as the system keeps them.
    const PAGES: [&str; 2] = ["WebKitWebProces", "WebKitNetworkPr"];

    pub(super) fn memory() -> Option<Memory> {
        let page = children().filter(|pid| is_page(pid)).filter_map(|pid| resident(&pid)).max();
        Some(Memory { app: resident("self")?, page: page.unwrap_or_default() })
    }

    fn resident(process: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse().ok()
    }

    /// Each thread may have started some.
    fn children() -> impl Iterator<Item = String> {
        let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
        let named = threads.filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
        named.flat_map(|pids| pids.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    fn is_page(pid: &str) -> bool {
        fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| PAGES.contains(&name.trim_end()))
    }
}

/// Elsewhere the system's web view has limits of its own.
#[cfg(not(target_os = "linux"))]
mod system {
    use super::Memory;

    pub(super) fn memory() -> Option<Memory> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threats_20_a_form_may_use_memory_but_not_all_of_it() {
        let before = Memory { app: 180_000, page: 0 };
        let is_too_much = |app, page| Memory { app, page }.is_too_much(before);
        assert!(!is_too_much(180_000 + APP_GROWTH, PAGE));
        assert!(is_too_much(180_001 + APP_GROWTH, 0));
        assert!(is_too_much(180_000, PAGE + 1));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_system_says_how_much_there_is() {
        let memory = system::memory().unwrap();
        assert!(memory.app > 1_000 && memory.page == 0, "{memory:?}");
    }
}

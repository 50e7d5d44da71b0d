//! Notifications, by whatever the system shows them with.
//!
//! What must always hold: whoever shows an alert waits for nothing, however slow, silent or absent the system's part is;
//! of each alert the newest state wins.

#[cfg(target_os = "linux")]
mod board;
#[cfg(target_os = "linux")]
mod bus;
#[cfg(target_os = "linux")]
mod call;
#[cfg(target_os = "linux")]
mod listen;
mod note;
#[cfg(not(target_os = "linux"))]
mod plain;
#[cfg(target_os = "linux")]
mod quiet;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;

use deskbell_api::desktop::AlertId;

use super::Notifications;
#[cfg(target_os = "linux")]
pub(super) use bus::Notifier;
pub(super) use note::Press;
#[cfg(not(target_os = "linux"))]
pub(super) use plain::Notifier;

/// What comes back from the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The person clicked it or pressed one of its buttons.
    Pressed(AlertId, Press),
    /// The person closed it.
    Closed(AlertId),
    /// It went from the screen by itself.
    Expired(AlertId),
    /// What was shown is lost, and there is somebody again to show it.
    Lost,
    /// The system wants no disturbance, or does again.
    Quiet(bool),
    /// Whether alerts can be shown.
    Reach(Notifications),
}

/// Is told; on a thread of the bus, so it must not wait.
pub(super) type Listener = Box<dyn Fn(Told) + Send + Sync>;

/// As what the alerts are shown.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    /// The program's name.
    pub(super) name: String,
    /// The name of its icon and of its entry among the desktop's programs.
    pub(super) entry: String,
}

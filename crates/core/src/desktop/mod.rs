//! What the desktop is told and when: alerts, the tray, quiet hours, links from outside.
//!
//! Why here: a rule such as "once, and not for what is in view" must be tested without a desktop. The shell only carries
//! out what comes of it.
//! What must always hold: an alert's id is made of ids alone, never of what people wrote; every occasion is alerted at
//! most once, and an alert is taken back when its occasion is over.

mod alert;
mod bell;
mod clean;
pub mod link;
mod news;
mod pile;
mod prefs;
mod quiet;
mod reminders;
mod screen;
mod settle;
pub mod site_file;
mod told;
mod tray;
mod view;

pub use alert::{Act, Alert, AlertId, Ring};
pub use bell::{At, Bell};
pub use clean::line as one_line;
pub use news::{Facts, Guest, Line, News, Occasion, Over, Side, Subject};
pub use prefs::{AlertPrefs, Kind, KindPrefs, QuietHours};
pub use tray::{Standing, TrayEntry, TrayFace, TrayIcon, TrayView, face};

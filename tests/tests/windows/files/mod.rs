//! Files between the two windows and this computer: by the system's own dialogs, by drop and by paste.

mod choosing;
mod drop;
mod export;
mod forms;
pub(crate) mod ground;
mod hostile;
mod opening;
mod operator;
mod paste;
mod pictures;
mod saving;

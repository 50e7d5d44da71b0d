//! The one channel of each window: what its page is told, typed and in order.
//!
//! A page that is not there yet is told nothing: its updates begin with its boot, which holds everything before.

use serde::Serialize;
use tauri::ipc::Channel;

/// Passes every update on to the page that owns the channel.
pub(crate) fn listener<U>(channel: Channel<U>) -> Box<dyn FnMut(U) + Send>
where
    U: Serialize + Send + 'static,
{
    Box::new(move |update| {
        if let Err(error) = channel.send(update) {
            tracing::debug!(%error, "an update found no page");
        }
    })
}

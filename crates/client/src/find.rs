//! Is there a desk at all? Asked before a person's choice is kept, so that a slip of the pen is no lasting one.
//!
//! What must always hold: nothing is said to whoever answers but the opening of a WebSocket.

use std::time::Duration;

use deskbell_core::Closed;
use deskbell_wire::JoinLink;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::dial::dial;

/// A desk that takes longer is as good as none for a person who waits.
const PATIENCE: Duration = Duration::from_secs(8);

/// Opens a connection to the desk and lets it go.
///
/// # Errors
/// Why there was none, within 8 seconds.
pub async fn find(link: &JoinLink) -> Result<(), Closed> {
    let dialled = tokio::time::timeout(PATIENCE, dial(link, WebSocketConfig::default())).await;
    let mut socket = dialled.unwrap_or(Err(Closed::Unreachable))?;
    // Whether the farewell arrives is no matter.
    drop(tokio::time::timeout(Duration::from_millis(500), socket.close(None)).await);
    Ok(())
}

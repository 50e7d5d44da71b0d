//! Ctrl-C and a polite kill end the program as closing its window does.

use tauri::AppHandle;

/// Waits for a signal, then asks the program to end.
pub(crate) async fn end_on_signal(app: AppHandle) {
    match asked_to_end().await {
        Ok(()) => app.exit(0),
        Err(error) => tracing::warn!(%error, "signals are not heard"),
    }
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

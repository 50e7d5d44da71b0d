//! The shell.

/// Runs.
pub fn run(_: impl Iterator<Item = std::ffi::OsString>) -> std::process::ExitCode {
    let context: tauri::Context<tauri::Wry> = tauri::generate_context!();
    drop(context);
    std::process::ExitCode::SUCCESS
}

//! What the pages may ask, one line each into crates/api.
//!
//! What must always hold: a command that changes something and does not wait runs on the main thread, in the order
//! in which the page asked; one that waits (for a desk, for a keyring, for many rows) runs beside it.

mod app;
mod leaving;
mod operator;
mod operator_files;
mod secrets;
mod settings;
mod upkeep;
mod visitor;
mod visitor_files;

use tauri::Wry;
use tauri::ipc::Invoke;

macro_rules! commands {
    ($($window:ident { $($name:ident)* })*) => {
        /// Answers every command that `list.rs` names.
        pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($($window::$name),*),*]
        }

        #[cfg(test)]
        const BY_WINDOW: &[(&str, &[&str])] = &[$((stringify!($window), &[$(stringify!($name)),*])),*];
    };
}

include!("list.rs");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The file that says what a window may call.
    #[derive(serde::Deserialize)]
    struct Capability {
        windows: Vec<String>,
        permissions: Vec<String>,
    }

    fn capability(window: &str) -> Capability {
        let file = format!("{}/src-tauri/capabilities/{window}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    #[test]
    fn threats_33_a_window_may_call_its_own_commands_and_nothing_else() {
        for (window, names) in BY_WINDOW {
            let capability = capability(window);
            let own: Vec<_> = names.iter().map(|name| format!("allow-{}", name.replace('_', "-"))).collect();
            assert_eq!(capability.windows, [*window]);
            assert_eq!(capability.permissions, own, "{window}");
        }
    }

    #[test]
    fn threats_33_no_other_capability_is_built_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/capabilities");
        let files: BTreeSet<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(files, BY_WINDOW.iter().map(|(window, _)| (*window).to_owned()).collect());
    }

    #[test]
    fn threats_33_a_command_bears_its_windows_name() {
        for (window, names) in BY_WINDOW {
            assert!(names.iter().all(|name| name.starts_with(&format!("{window}_"))), "{window}");
        }
    }
}

//! What the desktop around the program offers.

use tauri::AppHandle;

use super::Finding;
use crate::secrets::KeyringState;
use crate::shell::Shell;
use crate::tray;

/// Asked without making it ask the person.
pub(super) fn keyring(shell: &Shell) -> Finding {
    let Some(profile) = shell.profile() else { return Finding::bad("check_keyring_absent") };
    match shell.safe(profile).keyring_state() {
        KeyringState::Open => Finding::good("check_keyring_good"),
        KeyringState::Locked => Finding::warn("check_keyring_locked"),
        KeyringState::Absent => Finding::warn("check_keyring_absent"),
    }
}

pub(super) fn tray(app: &AppHandle) -> Finding {
    if tray::is_there(app) { Finding::good("check_tray_good") } else { Finding::warn("check_tray_absent") }
}

/// A device is opened and closed again; nothing is played.
pub(super) fn sound() -> Finding {
    let opened = rodio::OutputStreamBuilder::from_default_device().and_then(|device| device.open_stream());
    match opened {
        Ok(mut device) => {
            device.log_on_drop(false);
            Finding::good("check_sound_good")
        }
        Err(error) => {
            tracing::info!(%error, "no sound device");
            Finding::warn("check_sound_absent")
        }
    }
}

/// Whoever shows notifications is asked for a name.
#[cfg(target_os = "linux")]
pub(super) fn notifications() -> Finding {
    use zbus::blocking::connection::Builder;
    const PLACE: &str = "org.freedesktop.Notifications";
    let bus = Builder::session().and_then(|bus| bus.method_timeout(super::PATIENCE).build());
    let asked = bus.and_then(|bus| {
        let path = "/org/freedesktop/Notifications";
        let answer = bus.call_method(Some(PLACE), path, Some(PLACE), "GetServerInformation", &())?;
        answer.body().deserialize::<(String, String, String, String)>()
    });
    match asked {
        Ok((name, ..)) => Finding::good("check_notifications_good").about(name),
        Err(error) => {
            tracing::info!(%error, "nobody shows notifications");
            Finding::bad("check_notifications_absent")
        }
    }
}

/// Elsewhere the system itself shows them; whether the person lets it is the system's secret.
#[cfg(not(target_os = "linux"))]
pub(super) fn notifications() -> Finding {
    Finding::good("check_notifications_system")
}

//! The system's sound card, by rodio.

use std::time::Duration;

use rodio::buffer::SamplesBuffer;
use rodio::{OutputStream, OutputStreamBuilder, Source};

use super::{Speaker, tones};

/// What the card holds back beyond the samples.
const SLACK: Duration = Duration::from_millis(150);

/// The default card.
pub(super) struct Card;

impl Speaker for Card {
    type Open = OutputStream;

    fn open(&self) -> Option<OutputStream> {
        if !may_sound() {
            return None;
        }
        let opened = OutputStreamBuilder::open_default_stream();
        let mut stream = opened.inspect_err(|error| tracing::info!(%error, "no sound card")).ok()?;
        // It is closed on purpose.
        stream.log_on_drop(false);
        Some(stream)
    }

    fn play(&self, open: &OutputStream, samples: Vec<f32>) -> Duration {
        let sound = SamplesBuffer::new(1, tones::RATE, samples);
        let lasts = sound.total_duration().unwrap_or_default();
        open.mixer().add(sound);
        lasts + SLACK
    }
}

/// Whether there may be a card at all. ALSA tells everybody's terminal that there is none, a dozen lines each time; so it
/// is not asked where neither the kernel has one nor a sound server runs.
#[cfg(target_os = "linux")]
fn may_sound() -> bool {
    let kernel = std::path::Path::new("/dev/snd").exists();
    let server = std::env::var_os("XDG_RUNTIME_DIR").is_some_and(|folder| {
        let folder = std::path::PathBuf::from(folder);
        folder.join("pulse/native").exists() || folder.join("pipewire-0").exists()
    });
    kernel || server || std::env::var_os("PULSE_SERVER").is_some()
}

#[cfg(not(target_os = "linux"))]
fn may_sound() -> bool {
    true
}

//! The sounds themselves: a few struck tones each, made here and not recorded.
//!
//! What must always hold: no sound is longer than a second, none clips, and each ends in silence.

use std::f32::consts::TAU;

use deskbell_api::desktop::Kind;

/// Samples in a second; one channel.
pub(super) const RATE: u32 = 44_100;

/// A struck tone.
struct Stroke {
    /// Cycles in a second.
    pitch: f32,
    /// When it is struck, in seconds.
    at: f32,
    /// How long it rings until a third of it is left, in seconds.
    ring: f32,
}

const fn stroke(pitch: f32, at: f32, ring: f32) -> Stroke {
    Stroke { pitch, at, ring }
}

/// What a bell rings beside its tone: how many times higher, how loud, and how much shorter.
const PARTIALS: [(f32, f32, f32); 3] = [(1.0, 1.0, 1.0), (2.0, 0.35, 0.6), (3.01, 0.15, 0.35)];
/// The stroke's own beginning and the sound's end, in seconds: a jump would crack.
const SOFT: f32 = 0.005;
/// All sounds end here, in seconds.
const LONGEST: f32 = 1.0;
/// Of what is possible: loud as the other sounds of a desktop.
const LOUD: f32 = 0.6;

/// A kind's sound: who listens for a while tells them apart with closed eyes. What waits for an answer rises, what ends
/// falls.
fn strokes(kind: Kind) -> Vec<Stroke> {
    match kind {
        Kind::Words => vec![stroke(880.0, 0.0, 0.16)],
        Kind::Invitation => vec![stroke(659.3, 0.0, 0.2), stroke(987.8, 0.14, 0.2)],
        Kind::Waiting => vec![stroke(587.3, 0.0, 0.2), stroke(740.0, 0.12, 0.2), stroke(880.0, 0.24, 0.2)],
        Kind::Unanswered => {
            vec![stroke(740.0, 0.0, 0.12), stroke(740.0, 0.18, 0.12), stroke(740.0, 0.36, 0.16)]
        }
        Kind::Transfer => vec![stroke(587.3, 0.0, 0.18), stroke(880.0, 0.16, 0.18)],
        Kind::Request => vec![stroke(523.3, 0.0, 0.22)],
        Kind::Closed => vec![stroke(659.3, 0.0, 0.18), stroke(440.0, 0.14, 0.2)],
    }
}

/// The samples at this loudness, 0 to 100; between -1 and 1.
pub(super) fn samples(kind: Kind, loudness: u8) -> Vec<f32> {
    let strokes = strokes(kind);
    let loud = loudness_factor(loudness) * LOUD;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a second of samples")]
    let count = (LONGEST * RATE as f32) as u32;
    let highest: f32 = PARTIALS.iter().map(|(_, share, _)| share).sum();
    let sound: Vec<f32> = (0..count).map(|place| at(&strokes, place as f32 / RATE as f32)).collect();
    let peak = sound.iter().fold(highest, |peak, sample| peak.max(sample.abs()));
    sound.into_iter().map(|sample| sample / peak * loud).collect()
}

/// How loud something seems goes with the power, so half the number is a quarter of the swing.
fn loudness_factor(loudness: u8) -> f32 {
    (f32::from(loudness.min(100)) / 100.0).powi(2)
}

/// What is heard at this second.
fn at(strokes: &[Stroke], second: f32) -> f32 {
    let heard: f32 = strokes.iter().map(|stroke| stroke.at(second)).sum();
    heard * ((LONGEST - second) / SOFT).clamp(0.0, 1.0)
}

impl Stroke {
    fn at(&self, second: f32) -> f32 {
        let since = second - self.at;
        if since < 0.0 {
            return 0.0;
        }
        let rung = |(times, share, short): (f32, f32, f32)| {
            share * (TAU * self.pitch * times * since).sin() * (-since / (self.ring * short)).exp()
        };
        let begin = (since / SOFT).min(1.0);
        PARTIALS.into_iter().map(rung).sum::<f32>() * begin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sound_is_short_does_not_clip_and_ends_in_silence() {
        for kind in Kind::ALL {
            let sound = samples(kind, 100);
            let peak = sound.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
            assert!(sound.len() <= usize::try_from(RATE).unwrap(), "{kind:?}");
            assert!((0.2..=LOUD).contains(&peak), "{kind:?}: {peak}");
            assert!(sound.iter().rev().take(20).all(|sample| sample.abs() < 0.01), "{kind:?}");
            let jump = sound.windows(2).fold(0.0f32, |jump, pair| jump.max((pair[1] - pair[0]).abs()));
            assert!(jump < 0.3, "{kind:?} cracks: {jump}");
        }
    }

    #[test]
    fn each_kind_has_a_sound_of_its_own() {
        let sounds: Vec<_> = Kind::ALL.into_iter().map(|kind| samples(kind, 100)).collect();
        for (place, one) in sounds.iter().enumerate() {
            assert!(sounds.iter().skip(place + 1).all(|other| other != one));
        }
    }

    #[test]
    fn loudness_goes_from_nothing_to_all() {
        let peak = |loudness| samples(Kind::Words, loudness).into_iter().fold(0.0f32, f32::max);
        assert!(peak(0) == 0.0 && peak(30) > 0.0);
        assert!(peak(30) < peak(70) && peak(70) < peak(100) && (peak(255) - peak(100)).abs() < f32::EPSILON);
    }
}

//! The alerts' sounds.
//!
//! What must always hold: the sound card is open only while something rings, for an open one keeps a laptop awake;
//! whoever rings waits for nothing; a computer without a sound card is no error; of many sounds at once one is heard.

mod card;
mod tones;

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Duration;

use deskbell_api::desktop::Kind;

use card::Card;

/// Sounds that may wait for a slow card.
const WAITING: usize = 2;

/// Plays sounds; clones mean the same one.
#[derive(Clone)]
pub(super) struct Sounds {
    asked: SyncSender<(Kind, u8)>,
}

/// Something that plays samples.
trait Speaker {
    /// Open for as long as it lives.
    type Open;

    /// Opens it; `None` where there is nothing.
    fn open(&self) -> Option<Self::Open>;

    /// Begins to play samples at [`tones::RATE`], and says how long they take.
    fn play(&self, open: &Self::Open, samples: Vec<f32>) -> Duration;
}

impl Sounds {
    /// Starts its thread.
    pub(super) fn start() -> std::io::Result<Self> {
        let (asked, heard) = mpsc::sync_channel(WAITING);
        thread::Builder::new().name("sounds".to_owned()).spawn(move || run(&heard, &Card))?;
        Ok(Self { asked })
    }

    /// Plays a kind's sound at this loudness, 0 to 100; not where others wait already.
    pub(super) fn play(&self, kind: Kind, loudness: u8) {
        if loudness > 0 {
            let _ = self.asked.try_send((kind, loudness));
        }
    }
}

fn run<S: Speaker>(heard: &Receiver<(Kind, u8)>, speaker: &S) {
    while let Ok(first) = heard.recv() {
        let Some(open) = speaker.open() else { continue };
        let mut next = Some(first);
        while let Some((kind, loudness)) = next {
            // The one that comes while this one rings is played on the card that is open.
            thread::sleep(speaker.play(&open, tones::samples(kind, loudness)));
            next = heard.try_recv().ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use super::*;

    #[derive(Default)]
    struct Fake {
        is_absent: bool,
        open: Rc<Cell<usize>>,
        played: RefCell<Vec<usize>>,
    }

    struct Opened(Rc<Cell<usize>>);

    impl Drop for Opened {
        fn drop(&mut self) {
            self.0.set(self.0.get() - 1);
        }
    }

    impl Speaker for Fake {
        type Open = Opened;

        fn open(&self) -> Option<Opened> {
            if self.is_absent {
                return None;
            }
            self.open.set(self.open.get() + 1);
            Some(Opened(Rc::clone(&self.open)))
        }

        fn play(&self, _: &Opened, samples: Vec<f32>) -> Duration {
            assert_eq!(self.open.get(), 1, "opened once, however many ring");
            self.played.borrow_mut().push(samples.len());
            Duration::ZERO
        }
    }

    fn ring(speaker: &impl Speaker, times: usize) {
        let (asked, heard) = mpsc::sync_channel(times);
        (0..times).for_each(|_| asked.send((Kind::Words, 50)).unwrap());
        drop(asked);
        run(&heard, speaker);
    }

    #[test]
    fn the_card_is_closed_after_the_last_sound() {
        let fake = Fake::default();
        ring(&fake, 3);
        assert_eq!((fake.open.get(), fake.played.borrow().len()), (0, 3));
    }

    #[test]
    fn no_card_is_calm() {
        let fake = Fake { is_absent: true, ..Fake::default() };
        ring(&fake, 2);
        assert!(fake.played.borrow().is_empty());
    }

    #[test]
    fn whoever_rings_waits_for_nothing() {
        let (asked, heard) = mpsc::sync_channel(WAITING);
        let sounds = Sounds { asked };
        (0..100).for_each(|_| sounds.play(Kind::Words, 50));
        sounds.play(Kind::Words, 0);
        assert_eq!(heard.try_iter().count(), WAITING);
    }

    /// The real one, whatever this computer has.
    #[test]
    fn a_computer_plays_or_is_calm() {
        ring(&Card, 1);
    }
}

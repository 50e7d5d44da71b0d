//! Random schedules of real clients and the real desk (C1–C7, S1–S9, I1–I11).
#![cfg(feature = "pair")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use deskbell_testkit::checker::Invariant;
use deskbell_testkit::pair::{Counts, Flaw, Outcome, run};

/// Steps of one schedule.
const STEPS: u32 = 300;

/// How many schedules; `DESKBELL_SCHEDULES` asks for more, `DESKBELL_SEED` for one.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text: String| text.parse::<u64>().unwrap());
    match (number("DESKBELL_SEED"), number("DESKBELL_SCHEDULES")) {
        (Some(seed), _) => seed..seed + 1,
        (None, more) => 1..1 + more.unwrap_or(usual),
    }
}

#[test]
fn i1_to_i11_hold_over_random_schedules() {
    let mut counts = Counts::default();
    let mut broken = Vec::new();
    for seed in seeds(1_000) {
        let outcome = run(seed, STEPS, Flaw::None);
        counts.add(&outcome.counts);
        if !outcome.violations.is_empty() {
            println!("{outcome}");
            broken.push(seed);
        }
    }
    println!("{counts:?}");
    assert!(broken.is_empty(), "seeds {broken:?}; DESKBELL_SEED=… runs one again");
}

//! How long the calls take that a person waits for. Machines are noisy, so it is run by hand and only prints:
//! `cargo nextest run -p deskbell-store --run-ignored only --no-capture speed`

use std::time::{Duration, Instant};

use deskbell_core::store::Store as _;
use deskbell_testkit::events::{entry, epoch, stream, talk};
use deskbell_testkit::store_contract::Home as _;

use crate::folder::Folder;

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    println!("{what}: p50 {:?}, p99 {:?}", times[times.len() / 2], times[times.len() * 99 / 100]);
}

fn timed(rounds: u64, mut call: impl FnMut(u64)) -> Vec<Duration> {
    let time = |n| {
        let start = Instant::now();
        call(n);
        start.elapsed()
    };
    (0..rounds).map(time).collect()
}

#[test]
#[ignore = "prints times; judged by a person"]
fn speed_of_the_calls_that_a_person_waits_for() {
    let mut folder = Folder::encrypted();
    let mut store = folder.open();
    let at = stream(0);
    print(
        "apply 200 events",
        timed(100, |n| {
            store.apply(&at, epoch(1), &talk(&at, n * 200 + 1..=n * 200 + 200), &[]).unwrap();
        }),
    );
    print("queue", timed(2_000, |n| store.queue(&entry(&at, n, "a question of usual length")).unwrap()));
    print(
        "before, 20 rows of 20,000",
        timed(2_000, |n| {
            assert_eq!(store.before(&at, 20_000 - n * 5, 20).unwrap().len(), 20);
        }),
    );
    print(
        "unread of 20,000",
        timed(100, |_| {
            store.unread(&at, deskbell_wire::Side::Operator).unwrap();
        }),
    );
    drop(store);
    print("open", timed(50, |_| drop(folder.open())));
}

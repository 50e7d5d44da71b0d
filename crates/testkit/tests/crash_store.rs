//! The crash-model store keeps the contract, and fails exactly as it says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly")]

use deskbell_core::store::{Store, StoreError};
use deskbell_testkit::crash_store::{CrashStore, Disk, Fault, Schedule};
use deskbell_testkit::events::{entry, stream};
use deskbell_testkit::store_contract::Home;

struct PoweredDisk(Disk);

impl Home for PoweredDisk {
    type Store = CrashStore;

    fn open(&mut self) -> CrashStore {
        self.0.open()
    }

    fn crash(&mut self, store: CrashStore) {
        self.0.crash();
        assert!(store.outbox().is_err(), "a dead handle reads nothing");
    }
}

deskbell_testkit::store_contract!(PoweredDisk(Disk::new()));

/// Queues one entry under a fault; what the caller heard, whether the power is on, what is there afterwards.
fn under(fault: Fault) -> (Result<(), StoreError>, bool, usize) {
    let disk = Disk::new();
    let mut store = disk.open();
    disk.fail_next(fault);
    let heard = store.queue(&entry(&stream(0), 1, "words"));
    let alive = disk.is_alive();
    assert_eq!(alive, store.queue(&entry(&stream(0), 2, "words")).is_ok());
    let mut left = disk.open().outbox().unwrap();
    left.retain(|row| row.uid == deskbell_testkit::events::uid(1));
    (heard, alive, left.len())
}

#[test]
fn each_fault_does_what_it_is_called() {
    let gone = || Err(StoreError::Io("the power is off".to_owned()));
    let refused = || Err(StoreError::Io("input/output error".to_owned()));
    assert_eq!(under(Fault::CrashBefore), (gone(), false, 0));
    assert_eq!(under(Fault::CrashTorn), (gone(), false, 0));
    assert_eq!(under(Fault::CrashAfter), (gone(), false, 1));
    assert_eq!(under(Fault::Full), (Err(StoreError::Full), true, 0));
    assert_eq!(under(Fault::RefusedLost), (refused(), true, 0));
    assert_eq!(under(Fault::RefusedKept), (refused(), true, 1));
}

#[test]
fn a_disk_that_lies_loses_what_it_called_durable() {
    let disk = Disk::with(Schedule { lies: 2, ..Schedule::default() });
    let mut store = disk.open();
    for n in 1..=5 {
        store.queue(&entry(&stream(0), n, "words")).unwrap();
    }
    assert_eq!(disk.durable().outbox().unwrap().len(), 3);
    disk.crash();
    assert_eq!(disk.open().outbox().unwrap().len(), 3);
}

/// Every fault of a schedule, in order.
fn faults(schedule: Schedule) -> Vec<String> {
    let disk = Disk::with(schedule);
    let mut store = disk.open();
    let mut heard = Vec::new();
    for n in 0..500 {
        heard.push(format!("{:?}", store.queue(&entry(&stream(0), n, "words"))));
        if !disk.is_alive() {
            store = disk.open();
            heard.push(format!("{} left", store.outbox().unwrap().len()));
        }
    }
    heard
}

#[test]
fn a_seed_decides_and_every_fault_comes_up() {
    let schedule = Schedule { seed: 1, crashes: 100, refusals: 100, lies: 0 };
    assert_eq!(faults(schedule), faults(schedule));
    assert_ne!(faults(schedule), faults(Schedule { seed: 2, ..schedule }));
    let heard = faults(schedule).join(" ");
    for said in ["Full", "power is off", "input/output", "left", "Ok"] {
        assert!(heard.contains(said), "{said}");
    }
    let disk = Disk::with(schedule);
    disk.heal();
    let mut store = disk.open();
    assert!((0..500).all(|n| store.queue(&entry(&stream(0), n, "words")).is_ok()));
}

//! The rules of the desk (S1–S9) and the invariants that follow, on the machine itself and in virtual time.

mod entries;
mod faults;
mod readers;

use std::sync::{Arc, Mutex};

use deskbell_server::Fault;
use deskbell_server::desk::{DeskSetup, Input};
use deskbell_wire::*;

use crate::common::*;

/// A desk on a disk whose next commits do what is queued here.
fn faulty(folder: &tempfile::TempDir) -> (DeskSetup, Arc<Mutex<Vec<Fault>>>) {
    let faults = Arc::new(Mutex::new(vec![]));
    let next = faults.clone();
    let setup = DeskSetup {
        file: Some(folder.path().join("desk.db")),
        faults: Some(Arc::new(move || next.lock().unwrap().pop().unwrap_or(Fault::None))),
        ..unpaced()
    };
    (setup, faults)
}

fn sends(device: Device, numbers: std::ops::Range<u128>) -> Vec<Input> {
    numbers
        .map(|n| {
            let frame = ClientFrame::Send(entry(&device.stream(), n, text(&format!("words {n}"))));
            Input::Frame { conn: device.conn, frame }
        })
        .collect()
}

trait Concat {
    fn concat_inputs(self) -> Vec<Input>;
}

impl<const N: usize> Concat for [Vec<Input>; N] {
    fn concat_inputs(self) -> Vec<Input> {
        self.into_iter().flatten().collect()
    }
}

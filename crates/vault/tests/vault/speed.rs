//! How fast a file comes and goes, beside a plain copy with fsync measured in the same run.

use std::fs::File;
use std::io::Write as _;
use std::time::Instant;

use deskbell_vault::Vault;
use tempfile::tempdir;
use uuid::Uuid;

use crate::bytes::{KEY, bytes, digest};

const MIB: usize = 1024 * 1024;

#[test]
#[ignore = "a measurement: run it alone"]
fn putting_away_and_reading() {
    let folder = tempdir().unwrap();
    let whole = bytes(256 * MIB, 1);
    let rate = |what: &str, begun: Instant| {
        println!("{what}: {:.0} MiB/s", 256.0 / begun.elapsed().as_secs_f64());
    };
    let begun = Instant::now();
    let mut plain = File::create(folder.path().join("plain")).unwrap();
    whole.chunks(MIB).for_each(|piece| plain.write_all(piece).unwrap());
    plain.sync_all().unwrap();
    rate("plain copy with fsync", begun);
    let begun = Instant::now();
    let expected = digest(&whole);
    rate("digest alone", begun);
    for (what, key) in [("sealed", Some(&KEY)), ("open", None)] {
        let vault = Vault::open(&folder.path().join(what), key).unwrap();
        let begun = Instant::now();
        let id = Uuid::new_v4();
        let mut part = vault.begin(id).unwrap();
        whole.chunks(MIB).for_each(|piece| part.append(piece).unwrap());
        part.finish(Some(&expected), whole.len() as u64).unwrap();
        rate(&format!("{what}, put away"), begun);
        let begun = Instant::now();
        let mut blob = vault.blob(&expected, whole.len() as u64).unwrap().unwrap();
        let mut piece = vec![0; MIB];
        let mut at = 0;
        while let read @ 1.. = blob.read_at(at, &mut piece).unwrap() {
            at += read as u64;
        }
        assert_eq!(at, whole.len() as u64);
        rate(&format!("{what}, read"), begun);
    }
}

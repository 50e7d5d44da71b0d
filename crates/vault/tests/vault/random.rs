//! 10,000 random steps on a few parts: appends, syncs, drops, resumes by the same process and by a next one, pieces taken
//! back, torn ends; and reading anywhere in what came of it.

use std::fs;
use std::path::Path;

use deskbell_vault::{Blob, Part, Vault};
use tempfile::tempdir;
use uuid::Uuid;

use crate::bytes::{KEY, RECORD, bytes, digest, read};

struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

#[test]
fn ten_thousand_random_steps_end_in_the_file_that_was_meant() {
    let seed = std::env::var("SEED").map_or(0x5eed, |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let folder = tempdir().unwrap();
    let mut vault = Vault::open(folder.path(), Some(&KEY)).unwrap();
    let mut dice = Dice(seed);
    let (mut left, mut files) = (10_000, 0);
    while left > 0 {
        let whole = bytes(1 + dice.below(60 * RECORD), seed ^ left as u64);
        let id = Uuid::new_v4();
        let mut part = vault.begin(id).unwrap();
        while part.len() < whole.len() as u64 {
            left -= 1;
            part = step(&mut dice, (folder.path(), &mut vault), part, id, &whole);
        }
        let digest = part.finish(Some(&digest(&whole)), whole.len() as u64).unwrap();
        assert!(read(&vault, &digest, whole.len() as u64) == whole);
        read_about(&mut dice, &mut vault.blob(&digest, whole.len() as u64).unwrap().unwrap(), &whole);
        vault.remove(&digest).unwrap();
        files += 1;
    }
    println!("{files} files");
    assert_eq!(vault.parts().unwrap(), []);
}

fn step(dice: &mut Dice, (root, vault): (&Path, &mut Vault), mut part: Part, id: Uuid, whole: &[u8]) -> Part {
    let stands = usize::try_from(part.len()).unwrap();
    let most = (whole.len() - stands).min([100, 5_000, RECORD, 3 * RECORD][dice.below(4)]);
    part.append(&whole[stands..stands + 1 + dice.below(most)]).unwrap();
    let path = root.join("parts").join(id.to_string());
    match dice.below(40) {
        0 => part.sync().unwrap(),
        1 | 2 => {
            let expected = part.len();
            drop(part);
            part = vault.resume(id).unwrap().unwrap();
            assert_eq!(part.len(), expected);
        }
        3 => {
            drop(part);
            *vault = Vault::open(root, Some(&KEY)).unwrap();
            part = vault.resume(id).unwrap().unwrap();
        }
        4 => {
            drop(part);
            let len = fs::metadata(&path).unwrap().len();
            let torn = len.saturating_sub(dice.below(2 * RECORD) as u64);
            fs::File::options().write(true).open(&path).unwrap().set_len(torn).unwrap();
            part = vault.resume(id).unwrap().unwrap();
            assert!(part.len() <= len);
        }
        5 | 6 => {
            let (stands, mark) = (part.len(), part.mark());
            part.append(&vec![0xaa; dice.below(12 * RECORD)]).unwrap();
            part.rewind(mark).unwrap();
            assert_eq!(part.len(), stands);
        }
        _ => {}
    }
    part
}

/// On and on, and then somewhere else.
fn read_about(dice: &mut Dice, blob: &mut Blob, whole: &[u8]) {
    for _ in 0..4 {
        let mut at = dice.below(whole.len());
        for _ in 0..dice.below(30) {
            let mut piece = vec![0; 1 + dice.below(2 * RECORD)];
            let read = blob.read_at(at as u64, &mut piece).unwrap();
            assert_eq!(read, piece.len().min(whole.len() - at));
            assert!(piece[..read] == whole[at..at + read], "{read} bytes from {at}");
            at += read;
        }
    }
}

//! Taking files in: what changes, what vanishes, what pictures say, and what is left over.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::time::Duration;

use deskbell_vault::{Vault, VaultError};
use deskbell_wire::file::Kind;
use deskbell_wire::{FileCard, FileRules, VisitorId};
use uuid::Uuid;

use super::intake::Intake;
use super::pictures::{Bytes, Pictures};
use super::reading::{Reading, Source};
use super::refused::Refused;
use super::rules::Bounds;
use super::verbs::opened;
use crate::dto::{Details, Locale, NewPiece, StagedFile};

const WHO: VisitorId = VisitorId(Uuid::from_u128(1));

fn bounds() -> Bounds {
    Bounds::of(None, None)
}

/// Reads a file to its end, with something happening after its first bytes.
fn read(path: &Path, meanwhile: impl FnOnce()) -> Result<u64, Refused> {
    let vault = Vault::passing().unwrap();
    let mut source = Source::open(path, &bounds())?;
    let mut reading = Reading::new(Uuid::new_v4(), source.announced(path), &vault)?;
    let mut meanwhile = Some(meanwhile);
    while let Some(bytes) = source.next()? {
        reading.take(bytes)?;
        meanwhile.take().into_iter().for_each(|happens| happens());
    }
    source.unchanged(path)?;
    reading.end().map(|card| card.size)
}

#[test]
fn a_file_that_changes_or_vanishes_while_it_is_read_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.dat");
    let fresh = || fs::write(&path, vec![7; 300_000]).unwrap();
    let append = || OpenOptions::new().append(true).open(&path).unwrap();
    fresh();
    assert_eq!(read(&path, || {}), Ok(300_000));
    assert_eq!(read(&path, || append().write_all(b"more").unwrap()), Err(Refused::Changed));
    fresh();
    assert_eq!(read(&path, || append().set_len(200_000).unwrap()), Err(Refused::Changed));
    fresh();
    assert_eq!(read(&path, || fs::remove_file(&path).unwrap()), Err(Refused::Gone));
    fresh();
    let later = std::time::SystemTime::now() + Duration::from_secs(60);
    let touched = || {
        fs::remove_file(&path).unwrap();
        fresh();
        append().set_modified(later).unwrap();
    };
    assert_eq!(read(&path, touched), Err(Refused::Changed), "another of the same size");
}

#[test]
fn what_is_no_plain_file_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(read(folder.path(), || {}), Err(Refused::Folder));
    assert_eq!(read(&folder.path().join("none"), || {}), Err(Refused::Gone));
    if cfg!(unix) {
        assert_eq!(read(Path::new("/dev/zero"), || {}), Err(Refused::Unreadable));
    }
}

#[test]
fn a_groups_rules_hold_in_its_chats() {
    let rules: FileRules = serde_json::from_str(
        r#"{"max_bytes": 3145728, "groups": [{"group": 2, "enabled": true, "max_bytes": 1024, "types": ["pdf"]}]}"#,
    )
    .unwrap();
    let check = |group: Option<u32>, name: &str, size| {
        Bounds::of(Some(&rules), group.map(deskbell_wire::GroupId)).check(name, size)
    };
    assert_eq!(check(None, "a.txt", 3_145_728), Ok(()));
    assert_eq!(check(None, "a.txt", 3_145_729), Err(Refused::TooLarge(3_145_728)));
    assert_eq!(check(Some(2), "a.pdf", 1_025), Err(Refused::TooLarge(1_024)));
    assert_eq!(check(Some(2), "a.txt", 10), Err(Refused::Type));
    let said = |locale| Refused::TooLarge(3_145_728).problem(locale).message;
    assert!(said(Locale::En).contains("3 MB") && said(Locale::Ru).contains("3 МБ"), "{}", said(Locale::Ru));
}

/// A picture says what stands after `WHERE:` in it.
struct Spy {
    fails: bool,
}

impl Pictures for Spy {
    fn has_details(&self, picture: &mut dyn Bytes, _: &str) -> io::Result<bool> {
        let mut bytes = Vec::new();
        picture.read_to_end(&mut bytes)?;
        Ok(bytes.windows(6).any(|found| found == b"WHERE:"))
    }

    fn without_details(&self, picture: &mut dyn Bytes, _: &str, to: &mut dyn Write) -> io::Result<()> {
        let mut bytes = Vec::new();
        picture.read_to_end(&mut bytes)?;
        if self.fails {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let at = bytes.windows(6).position(|found| found == b"WHERE:").unwrap();
        to.write_all(&bytes[..at])
    }
}

type Told = Arc<(Mutex<Vec<StagedFile>>, Condvar)>;

fn intake(vault: &Vault) -> (Intake, Told) {
    let told = Told::default();
    let heard = Arc::clone(&told);
    let tell = Box::new(move |_, files| {
        *heard.0.lock().unwrap() = files;
        heard.1.notify_all();
    });
    (Intake::new(vault.clone(), Locale::En, tell), told)
}

fn stage(intake: &Intake, name: &str, bytes: &[u8]) -> Uuid {
    let file = NewPiece { name: name.to_owned(), size: bytes.len() as u64, media: String::new() };
    let id = intake.begin(WHO, &file, &bounds()).unwrap();
    intake.piece(id, bytes).unwrap();
    intake.end(id).unwrap();
    id
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n the picture itself ";

#[test]
fn what_a_picture_says_is_taken_out_unless_the_person_leaves_it_in() {
    let vault = Vault::passing().unwrap();
    let (intake, told) = intake(&vault);
    intake.look_with(Arc::new(Spy { fails: false }));
    let id = stage(&intake, "beach.png", &[PNG, b"WHERE: at home"].concat());
    assert_eq!(told.0.lock().unwrap()[0].details, Some(Details::Removed));
    let bytes = |id| {
        let card = intake.leave(WHO, &[id]).unwrap().cards.remove(0);
        let mut bytes = Vec::new();
        vault.blob(&card.digest, card.size).unwrap().unwrap().read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, card.size);
        bytes
    };
    assert_eq!(bytes(id), PNG);
    intake.keep_details(id, true).unwrap();
    assert_eq!(told.0.lock().unwrap()[0].details, Some(Details::Kept));
    assert!(bytes(id).ends_with(b"WHERE: at home"));
    for name in ["beach", "beach.jpg_large", "beach.bak", "_DSC0001.nef"] {
        let id = stage(&intake, name, &[PNG, b"WHERE: at home"].concat());
        assert_eq!(bytes(id), PNG, "{name}: whatever it is called");
        intake.unstage(id).unwrap();
    }
    let plain = stage(&intake, "plain.png", PNG);
    assert_eq!((told.0.lock().unwrap()[1].details, bytes(plain)), (None, PNG.to_vec()));
    let text = stage(&intake, "text.txt", b"WHERE: is no picture");
    assert_eq!(deskbell_wire::file::kind_of("text/plain", "text.txt"), Kind::Text);
    assert_eq!(bytes(text), b"WHERE: is no picture");
}

#[test]
fn films_and_recordings_lose_it_too_and_of_a_document_it_is_told() {
    let vault = Vault::passing().unwrap();
    let (intake, told) = intake(&vault);
    intake.look_with(Arc::new(Spy { fails: false }));
    let film = b"\0\0\0\x10ftypmp42\0\0\0\0WHERE: at home".as_slice();
    for name in ["film.mp4", "film.MOV", "voice.m4a", "film", "film.mp4_old"] {
        let id = stage(&intake, name, film);
        assert_eq!(told.0.lock().unwrap()[0].details, Some(Details::Removed), "{name}");
        assert_eq!(intake.leave(WHO, &[id]).unwrap().cards[0].size, 16, "{name}");
        intake.unstage(id).unwrap();
    }
    let id = stage(&intake, "bill.pdf", b"%PDF-1.7 WHERE: at home");
    let view = told.0.lock().unwrap()[0].clone();
    assert_eq!((view.ready, view.details), (true, Some(Details::Told)));
    assert_eq!(intake.leave(WHO, &[id]).unwrap().cards[0].size, 23, "as it is");
}

#[test]
fn a_picture_from_which_it_cannot_be_taken_waits_for_the_person() {
    let vault = Vault::passing().unwrap();
    let (intake, told) = intake(&vault);
    intake.look_with(Arc::new(Spy { fails: true }));
    let id = stage(&intake, "beach.png", &[PNG, b"WHERE: at home"].concat());
    let view = told.0.lock().unwrap()[0].clone();
    assert_eq!((view.ready, view.code.as_deref()), (false, Some("file_details")));
    assert_eq!(intake.leave(WHO, &[id]).err(), Some(Refused::Details));
    intake.keep_details(id, true).unwrap();
    let view = told.0.lock().unwrap()[0].clone();
    assert_eq!((view.ready, view.code, view.details), (true, None, Some(Details::Kept)));
}

#[test]
fn what_was_chosen_and_is_not_sent_is_gone_from_the_vault() {
    let vault = Vault::passing().unwrap();
    let (intake, told) = intake(&vault);
    let (one, two) = (stage(&intake, "one.txt", b"the same"), stage(&intake, "two.txt", b"the same"));
    let digest = intake.leave(WHO, &[one]).unwrap().cards[0].digest;
    assert_eq!(intake.unstage(one).unwrap(), [], "another one has the same bytes");
    assert_eq!(intake.unstage(two).unwrap(), [digest]);
    assert_eq!(intake.unstage(two), Err(Refused::Unknown));
    assert!(told.0.lock().unwrap().is_empty());
    let file = NewPiece { name: "half.txt".to_owned(), size: 10, media: String::new() };
    let half = intake.begin(WHO, &file, &bounds()).unwrap();
    intake.piece(half, b"half").unwrap();
    intake.unstage(half).unwrap();
    assert_eq!(intake.piece(half, b"more"), Err(Refused::Unknown));
    assert_eq!(vault.parts().unwrap().len(), 0);
    intake.stop();
}

/// The last of what was said.
fn names(told: &Told) -> Vec<String> {
    told.0.lock().unwrap().iter().map(|file| file.name.clone()).collect()
}

#[test]
fn what_was_refused_takes_no_place_and_goes_when_others_are_chosen_or_sent() {
    let vault = Vault::passing().unwrap();
    let (intake, told) = intake(&vault);
    let lies = |intake: &Intake, name: &str| {
        let file = NewPiece { name: name.to_owned(), size: 4, media: String::new() };
        let id = intake.begin(WHO, &file, &bounds()).unwrap();
        intake.piece(id, b"MZ\x90\x00").unwrap();
        assert_eq!(intake.end(id), Err(Refused::TypeLies));
    };
    let ten: Vec<_> =
        (0..9).map(|n| stage(&intake, &format!("{n}.txt"), format!("file {n}").as_bytes())).collect();
    lies(&intake, "a.png");
    assert_eq!(told.0.lock().unwrap()[9].code.as_deref(), Some("file_type_lies"), "it can be read about");
    let tenth = stage(&intake, "tenth.txt", b"the tenth");
    assert!(names(&told).ends_with(&["8.txt".to_owned(), "tenth.txt".to_owned()]), "{:?}", names(&told));
    let file = NewPiece { name: "11.txt".to_owned(), size: 4, media: String::new() };
    assert_eq!(intake.begin(WHO, &file, &bounds()), Err(Refused::Limit));
    // From paths, where all of one choice are refused, they stay until the next one.
    intake.unstage(tenth).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let paths = vec![folder.path().to_owned(), folder.path().join("none.txt")];
    assert_eq!(intake.paths(WHO, paths.clone(), &bounds()), Err(Refused::Limit), "one place is left");
    until(&told, |files| files.len() == 10 && files[9].code.is_some());
    assert_eq!(intake.paths(WHO, paths[..1].to_vec(), &bounds()), Ok(()));
    until(&told, |files| files.len() == 10 && files[9].code.as_deref() == Some("file_folder"));
    intake.leave(WHO, &ten[..8]).unwrap().sent(8);
    assert_eq!(names(&told), ["8.txt"]);
    intake.stop();
}

#[test]
fn of_a_picture_that_was_sent_both_copies_are_given_back() {
    let vault = Vault::passing().unwrap();
    let (intake, _) = intake(&vault);
    intake.look_with(Arc::new(Spy { fails: false }));
    let id = stage(&intake, "beach.png", &[PNG, b"WHERE: at home"].concat());
    let (leaving, all) = (intake.leave(WHO, &[id]).unwrap(), intake.digests());
    let sent = leaving.cards[0].digest;
    let given: std::collections::HashSet<_> = leaving.sent(1).into_iter().collect();
    assert_eq!((given.len(), given.contains(&sent)), (2, true));
    assert_eq!(given, all);
    assert!(intake.let_go(&given, || None) && given.iter().all(|digest| vault.has(digest)), "nobody knows");
    // The one that was sent is in the outbox; what it says of its maker is not kept.
    assert!(intake.let_go(&given, || Some([sent].into())));
    assert_eq!(given.iter().filter(|digest| vault.has(digest)).collect::<Vec<_>>(), [&sent]);
}

#[test]
fn what_is_told_last_is_how_things_stand() {
    let (said, heard) = std::sync::mpsc::channel();
    let (begun, ends) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
    let (begins, waits, first) = (Arc::clone(&begun), Arc::clone(&ends), AtomicBool::new(true));
    let tell = Box::new(move |_, files: Vec<StagedFile>| {
        if first.swap(false, Ordering::Relaxed) {
            begins.wait();
            waits.wait();
        }
        said.send(files.len()).unwrap();
    });
    let intake = Intake::new(Vault::passing().unwrap(), Locale::En, tell);
    let chosen = |name: &str| {
        let (intake, name) = (intake.clone(), name.to_owned());
        std::thread::spawn(move || {
            intake.begin(WHO, &NewPiece { name, size: 4, media: String::new() }, &bounds())
        })
    };
    let one = chosen("one.txt");
    begun.wait();
    let two = chosen("two.txt");
    // Whoever knows more waits for who is telling already.
    assert!(heard.recv_timeout(Duration::from_millis(200)).is_err());
    ends.wait();
    assert!(one.join().unwrap().is_ok() && two.join().unwrap().is_ok());
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), [1, 2]);
}

fn until(told: &Told, is_so: impl Fn(&[StagedFile]) -> bool) {
    let files = told.0.lock().unwrap();
    let (files, late) =
        told.1.wait_timeout_while(files, Duration::from_secs(20), |files| !is_so(files)).unwrap();
    assert!(!late.timed_out(), "{files:?}");
}

#[test]
fn nobody_sends_what_was_chosen_for_another() {
    let vault = Vault::passing().unwrap();
    let (intake, _) = intake(&vault);
    let id = stage(&intake, "one.txt", b"for one");
    assert_eq!(intake.leave(VisitorId(Uuid::from_u128(2)), &[id]).err(), Some(Refused::Unknown));
}

#[test]
fn what_is_being_sent_is_neither_sent_twice_nor_taken_back() {
    let vault = Vault::passing().unwrap();
    let (intake, told) = intake(&vault);
    let (one, two) = (stage(&intake, "one.txt", b"first"), stage(&intake, "two.txt", b"second"));
    let leaves = |ids: &[Uuid]| intake.leave(WHO, ids);
    assert_eq!(leaves(&[one, one]).err(), Some(Refused::Unknown), "one file is one message");
    let leaving = leaves(&[one, two]).unwrap();
    assert_eq!(leaves(&[two]).err(), Some(Refused::Unknown));
    assert_eq!(intake.unstage(two), Err(Refused::Unknown));
    leaving.sent(1);
    assert_eq!(told.0.lock().unwrap().len(), 1);
    assert_eq!(leaves(&[one]).err(), Some(Refused::Unknown));
    drop(leaves(&[two]).unwrap());
    assert!(leaves(&[two]).is_ok(), "what the disk did not take can be sent again");
}

#[test]
fn a_damaged_file_is_let_go_of_only_where_it_can_come_again() {
    let vault = Vault::passing().unwrap();
    let (intake, _) = intake(&vault);
    let id = stage(&intake, "one.txt", b"as it was");
    let card = intake.leave(WHO, &[id]).unwrap().cards.remove(0);
    let shorter = FileCard { size: card.size - 1, ..card.clone() };
    assert_eq!(opened(&vault, &shorter, false).err(), Some(VaultError::Corrupt));
    assert!(opened(&vault, &card, true).unwrap().is_some() && vault.has(&card.digest));
    assert!(opened(&vault, &shorter, true).unwrap().is_none() && !vault.has(&card.digest));
}

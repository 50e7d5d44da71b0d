//! What a site takes, and what follows on this device.

use std::fs;
use std::path::Path;

use deskbell_api::dto::{MessageStatus, OperatorUpdate, TransferState, VisitorUpdate, VisitorWish};
use deskbell_api::profile::Keep;
use deskbell_testkit::proxy::{Rules, Way};
use deskbell_wire::{Consent, SiteSettings};

use crate::people::{Desk, Operator, Visitor, file, key, noise, put, secrets, wait};

impl Operator {
    /// Changes the site's settings, and waits until the visitor's form knows.
    #[track_caller]
    fn change_site(&self, visitor: &Visitor, change: impl FnOnce(&mut SiteSettings)) {
        let site = self.told.until("the site is known", |told| {
            told.iter().rev().find_map(|update| match update {
                OperatorUpdate::Site { site } => Some(site.clone()),
                _ => None,
            })
        });
        let mut settings = site.settings;
        change(&mut settings);
        self.app.save_site(settings.clone()).unwrap();
        visitor.told.until("the form knows", |told| {
            let last = told.iter().rev().find_map(|update| match update {
                VisitorUpdate::Form { form } => Some(form.clone()),
                _ => None,
            });
            last.filter(|form| form.files == settings.form.files && form.consent == settings.form.consent)
        });
        self.told.until("the site is as it was changed", |told| {
            told.iter().rev().find_map(|update| match update {
                OperatorUpdate::Site { site } => Some(site.settings.form == settings.form),
                _ => None,
            })
        });
    }
}

#[test]
fn threats_40_a_sites_rules_hold_before_a_byte_is_read_and_the_desks_word_counts() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let bytes = noise(20, 900_000);
    let path = put(folder.path(), "photo.dat", &bytes);
    desk.line.set(Rules::cut(Way::Up, 200_000));
    let line = visitor.send(std::slice::from_ref(&path), "").remove(0);
    visitor.app.file_pause(key(&line)).unwrap();
    desk.heal();
    visitor.wake();
    operator.change_site(&visitor, |site| {
        site.form.files.max_bytes = 2_048;
        site.form.files.types = vec!["txt".to_owned()];
    });
    let paths =
        vec![put(folder.path(), "long.txt", &[b'x'; 2_049]), put(folder.path(), "a.pdf", b"%PDF-1.4")];
    visitor.app.file_stage_paths(paths).unwrap();
    let staged = visitor.staged(2);
    let codes: Vec<_> = staged.iter().map(|file| file.code.as_deref()).collect();
    assert_eq!(codes, [Some("file_too_large"), Some("file_type")]);
    assert!(staged[0].sentence.as_ref().unwrap().contains("2 KB"), "{:?}", staged[0].sentence);
    visitor.app.file_resume(key(&line)).unwrap();
    let uid = line.uid.clone().unwrap();
    let failed = visitor.told.until("the desk refuses it now", |told| {
        told.iter().rev().find_map(|update| match update {
            VisitorUpdate::Status { change } if change.uid == uid && change.code.is_some() => {
                Some(change.clone())
            }
            _ => None,
        })
    });
    assert_eq!(failed.status, MessageStatus::Failed);
    assert!(["file_too_large", "file_type"].contains(&failed.code.as_deref().unwrap()), "{failed:?}");
    assert!(!failed.sentence.unwrap().contains('{'));
    assert!(operator.files(visitor.id).is_empty(), "nothing half-visible");
    operator.change_site(&visitor, |site| {
        (site.form.files.max_bytes, site.form.files.types) = (1_000_000, Vec::new());
    });
    visitor.app.resend(&uid).unwrap();
    visitor.until_sent(1);
    let came = operator.until_came(visitor.id, 1);
    assert_eq!(operator.bytes(key(&came[0])), bytes);
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

#[test]
fn a_file_waits_for_the_visitors_consent_as_words_do() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    operator.change_site(&visitor, |site| {
        let text = "We keep what you send.".to_owned();
        site.form.consent = Some(Consent { version: 1, text, url: String::new() });
    });
    let bytes = noise(21, 10_000);
    let line = visitor.send(&[put(folder.path(), "a.dat", &bytes)], "").remove(0);
    assert_eq!((line.status, line.code.as_deref()), (MessageStatus::Failed, Some("consent")));
    let wish = uuid::Uuid::new_v4().to_string();
    visitor.app.want(&wish, VisitorWish::Consent { version: 1 }).unwrap();
    visitor.app.resend(line.uid.as_ref().unwrap()).unwrap();
    visitor.until_sent(1);
    let came = operator.until_came(visitor.id, 1);
    assert_eq!(operator.bytes(key(&came[0])), bytes);
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

/// Every file below.
fn files_in(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { vec![entry.path()] })
        .collect()
}

#[test]
fn threats_44_what_was_chosen_and_not_sent_is_gone_after_a_restart_and_what_was_sent_is_not() {
    let (desk, folder, profile) = (Desk::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (secrets, keep) = (secrets(), Keep::Disk { folder: profile.path().to_owned() });
    let secret = b"a secret that nobody finds on the disk".repeat(9);
    let visitor = Visitor::start(&desk, &secrets, keep.clone());
    visitor.send(&[put(folder.path(), "sent.txt", &secret)], "");
    visitor.until_sent(1);
    visitor.app.file_stage_paths(vec![put(folder.path(), "chosen.dat", &noise(22, 9_000))]).unwrap();
    visitor.told.until("it is chosen", |told| {
        told.iter()
            .rev()
            .find_map(|update| match update {
                VisitorUpdate::Staged { files } => Some(files.iter().any(|file| file.ready)),
                _ => None,
            })?
            .then_some(())
    });
    visitor.app.stop();
    let vault = fs::read_dir(profile.path()).unwrap().flatten().map(|entry| entry.path());
    let vault =
        vault.into_iter().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with("files-"));
    let vault = vault.expect("a folder of files");
    let found = files_in(&vault);
    assert_eq!(found.len(), 2);
    for path in files_in(profile.path()) {
        let bytes = fs::read(&path).unwrap();
        assert!(!bytes.windows(20).any(|found| found == &secret[..20]), "{path:?}");
    }
    let visitor = Visitor::start(&desk, &secrets, keep);
    wait("it is swept out", || files_in(&vault).len() == 1);
    let sent = visitor.sent();
    assert!(file(&sent[0]).here);
    assert_eq!(visitor.bytes(key(&sent[0])), secret);
    visitor.app.stop();
    desk.stop();
}

#[test]
fn a_small_picture_comes_by_itself_to_whoever_looks_at_the_conversation() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let (visitor, operator) = (Visitor::passing(&desk), Operator::start(&desk));
    let png = [b"\x89PNG\r\n\x1a\n".as_slice(), &noise(23, 2_000)].concat();
    let paths = [put(folder.path(), "a.png", &png), put(folder.path(), "b.dat", &noise(24, 2_000))];
    visitor.send(&paths, "");
    let came = operator.until_came(visitor.id, 2);
    wait("the picture is here", || operator.app.file(key(&came[0])).unwrap().here);
    operator.told.until("the page heard of it", |told| {
        let here = |update: &OperatorUpdate| {
            matches!(update, OperatorUpdate::File { news, .. } if news.file.here && news.file.name == "a.png")
        };
        told.iter().any(here).then_some(())
    });
    assert!(!operator.app.file(key(&came[1])).unwrap().here, "nothing else does");
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

/// Why a file is not sent is said in the same words after a restart, also without a line to the desk.
#[test]
fn why_a_file_was_refused_is_said_in_the_same_words_after_a_restart() {
    let (desk, folder, profile) = (Desk::start(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (secrets, keep) = (secrets(), Keep::Disk { folder: profile.path().to_owned() });
    let (visitor, operator) = (Visitor::start(&desk, &secrets, keep.clone()), Operator::start(&desk));
    visitor.app.send("Words", None).unwrap();
    desk.line.set(Rules::cut(Way::Up, 200_000));
    let paths: Vec<_> =
        (0..3).map(|n| put(folder.path(), &format!("{n}.dat"), &noise(30 + n, 1_500_000))).collect();
    let lines = visitor.send(&paths, "");
    lines.iter().for_each(|line| visitor.app.file_pause(key(line)).unwrap());
    desk.heal();
    visitor.wake();
    type Change = fn(&mut SiteSettings);
    let rules: [(Change, &str); 3] = [
        (|site| site.form.files.enabled = false, "file_off"),
        (
            |site| (site.form.files.enabled, site.form.files.types) = (true, vec!["txt".to_owned()]),
            "file_type",
        ),
        (
            |site| (site.form.files.max_bytes, site.form.files.types) = (1_048_576, Vec::new()),
            "file_too_large",
        ),
    ];
    let mut said = Vec::new();
    for (line, (change, code)) in lines.iter().zip(rules) {
        operator.change_site(&visitor, change);
        visitor.app.file_resume(key(line)).unwrap();
        wait("it is refused", || {
            visitor.wake();
            visitor.app.file(key(line)).unwrap().transfer.is_some_and(|transfer| transfer.code.is_some())
        });
        let transfer = visitor.app.file(key(line)).unwrap().transfer.unwrap();
        assert_eq!((transfer.state, transfer.code.as_deref()), (TransferState::Failed, Some(code)));
        said.push((transfer.code, transfer.sentence));
    }
    assert!(said[2].1.as_ref().unwrap().contains("1 MB"), "{:?}", said[2]);
    visitor.app.stop();
    desk.cut();
    let visitor = Visitor::start(&desk, &secrets, keep);
    let booted: Vec<_> = visitor.booted().into_iter().filter(|line| line.file.is_some()).collect();
    assert!(booted.iter().all(|line| line.status == MessageStatus::Failed), "{booted:?}");
    let now: Vec<_> = booted.iter().map(|line| file(line).transfer.clone().unwrap()).collect();
    assert_eq!(now.into_iter().map(|transfer| (transfer.code, transfer.sentence)).collect::<Vec<_>>(), said);
    assert_eq!(
        booted.iter().map(|line| &line.code).collect::<Vec<_>>(),
        said.iter().map(|it| &it.0).collect::<Vec<_>>()
    );
    visitor.app.stop();
    operator.app.stop();
    desk.stop();
}

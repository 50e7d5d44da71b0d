//! What a site lets be sent, and how much: told when a file is announced, looked at again until its message is there.

use super::uploads::*;
use crate::common::*;
use crate::office::*;
use deskbell_server::desk::{FileVoice, NewFile};
use deskbell_wire::*;

/// A desk, its owner and two visitors.
struct Shop {
    room: Room,
    owner: Clerk,
    ann: Device,
    ben: Device,
}

impl Shop {
    fn new() -> Self {
        let mut room = Room::new();
        let owner = owner(&mut room, 50);
        let (ann, ben) = (room.visitor(1), room.visitor(2));
        Self { room, owner, ann, ben }
    }

    fn saved(&mut self, change: impl FnOnce(&mut SiteSettings)) {
        saved(&mut self.room, self.owner.conn, change);
    }

    fn ann(&self, n: u128) -> NewFile {
        file(n, &self.ann.stream())
    }

    fn refused(&mut self, voice: &FileVoice, new: &NewFile) -> FileRefusal {
        self.room.create(voice, new).expect_err("a refusal")
    }

    /// An upload that is under way when `change` comes: what each further step hears.
    fn changed_midway(
        &mut self,
        n: u128,
        change: impl FnOnce(&mut Self),
    ) -> (FileRefusal, FileRefusal, NackCode) {
        let (under_way, whole) = (self.ann(n), self.ann(n + 1));
        let secret = self.room.create(&voice_of(1), &under_way).unwrap().secret;
        self.room.upload(&voice_of(1), &whole);
        change(self);
        let at = self.room.at(&voice_of(1), &secret).unwrap_err();
        let end = self.room.whole(&voice_of(1), &secret).unwrap_err();
        let (conn, stream) = (self.ann.conn, self.ann.stream());
        (at, end, self.room.carry(conn, &stream, n + 1).unwrap_err())
    }
}

#[test]
fn a_file_that_the_site_does_not_take_is_refused_before_a_byte_of_it_is_sent() {
    let mut shop = Shop::new();
    shop.saved(|site| {
        site.form.files = FileRules { max_bytes: 5_000, types: vec!["png".into()], ..FileRules::default() };
    });
    let sized = |shop: &Shop, size| NewFile { size, ..shop.ann(1) };
    let named = |shop: &Shop, name: &str| NewFile { name: name.into(), ..shop.ann(1) };
    for (new, refusal) in [
        (sized(&shop, 0), FileRefusal::Empty),
        (sized(&shop, 5_001), FileRefusal::TooLarge),
        (sized(&shop, u64::MAX), FileRefusal::TooLarge),
        (named(&shop, "a.pdf"), FileRefusal::TypeNotAllowed),
        (named(&shop, "a.png.exe"), FileRefusal::TypeNotAllowed),
        (named(&shop, "a\u{202e}gnp.exe"), FileRefusal::TypeNotAllowed),
    ] {
        assert_eq!(shop.refused(&voice_of(1), &new), refusal, "{:?}", new.name);
    }
    shop.room.create(&voice_of(1), &sized(&shop, 5_000)).unwrap();
    shop.saved(|site| site.form.files.enabled = false);
    let off = shop.ann(2);
    assert_eq!(shop.refused(&voice_of(1), &off), FileRefusal::Off);
    wants(&shop.room.desk, &[shop.ann(1).digest], 1);
}

#[test]
fn rules_that_change_midway_stop_what_is_under_way() {
    let mut shop = Shop::new();
    let ends = shop.changed_midway(1, |shop| shop.saved(|site| site.form.files.enabled = false));
    assert_eq!(ends, (FileRefusal::Off, FileRefusal::Off, NackCode::FileType));
    shop.saved(|site| site.form.files.enabled = true);
    let ends = shop.changed_midway(3, |shop| shop.saved(|site| site.form.files.types = vec!["pdf".into()]));
    assert_eq!(ends, (FileRefusal::TypeNotAllowed, FileRefusal::TypeNotAllowed, NackCode::FileType));
    shop.saved(|site| site.form.files.types.clear());
    let ends = shop.changed_midway(5, |shop| shop.saved(|site| site.form.files.max_bytes = SIZE - 1));
    assert_eq!(ends, (FileRefusal::TooLarge, FileRefusal::TooLarge, NackCode::TooLarge));
    assert!([NackCode::FileType, NackCode::TooLarge].iter().all(|code| !code.retryable()));
    // What was let in again goes on where it was.
    shop.saved(|site| site.form.files.max_bytes = SIZE);
    shop.room.carry(shop.ann.conn, &shop.ann.stream(), 6).unwrap();
}

#[test]
fn terms_come_first_also_when_they_come_midway() {
    let mut shop = Shop::new();
    let consent = |version| Some(Consent { version, text: "We keep it.".into(), url: String::new() });
    let ends = shop.changed_midway(1, |shop| shop.saved(|site| site.form.consent = consent(1)));
    assert_eq!(ends, (FileRefusal::Consent, FileRefusal::Consent, NackCode::Consent));
    let new = shop.ann(3);
    assert_eq!(shop.refused(&voice_of(1), &new), FileRefusal::Consent);
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 10, SendBody::Consent { version: 1 }));
    shop.room.create(&voice_of(1), &new).unwrap();
    shop.room.carry(shop.ann.conn, &shop.ann.stream(), 2).unwrap();
}

#[test]
fn who_is_kept_out_sends_no_files_and_keeps_those_that_he_has() {
    let mut shop = Shop::new();
    let (conn, stream) = (shop.ann.conn, shop.ann.stream());
    let new = shop.ann(9);
    shop.room.upload(&voice_of(1), &new);
    let message = shop.room.carry(conn, &stream, 9).unwrap();
    let ban = |shop: &mut Shop, n, banned| {
        let body = SendBody::Ban { banned };
        shop.room.send(shop.owner.conn, entry(&shop.ann.stream(), n, body));
    };
    let ends = shop.changed_midway(1, |shop| ban(shop, 100, true));
    assert_eq!(ends, (FileRefusal::Banned, FileRefusal::Banned, NackCode::Banned));
    let new = shop.ann(3);
    assert_eq!(shop.refused(&voice_of(1), &new), FileRefusal::Banned);
    assert!(shop.room.read(&voice_of(1), message).is_ok(), "he reads his conversation");
    ban(&mut shop, 101, false);
    shop.room.carry(conn, &stream, 2).unwrap();
}

#[test]
fn a_groups_chats_have_rules_of_their_own() {
    let mut shop = Shop::new();
    with_groups(&mut shop.room, shop.owner.conn, &["Sales", "Support"]);
    shop.saved(|site| {
        let own = |group, enabled, max_bytes, types: &[&str]| GroupFiles {
            group: GroupId(group),
            enabled,
            max_bytes,
            types: types.iter().map(|&extension| extension.to_owned()).collect(),
        };
        site.form.files.max_bytes = 100 * SIZE;
        site.form.files.groups =
            vec![own(1, false, 1, &[]), own(2, true, SIZE, &["png"]), own(99, true, 1, &[])];
    });
    assert_eq!(settings(&shop.room, shop.owner.conn).form.files.groups.len(), 2, "no rules for no group");
    let mut told =
        shop.room.inbox.get(&shop.ann.conn).into_iter().flatten().filter_map(|frame| match frame {
            DeskFrame::Form(form) => Some(form.files.clone()),
            _ => None,
        });
    assert_eq!(told.next_back().unwrap().groups.len(), 2, "forms know them, too");
    let wanted = |shop: &Shop, n, group, size| NewFile { group: Some(GroupId(group)), size, ..shop.ann(n) };
    // No chat is open: the group that is named, as far as there is one.
    let for_sales = wanted(&shop, 1, 1, SIZE);
    assert_eq!(shop.refused(&voice_of(1), &for_sales), FileRefusal::Off);
    let large = wanted(&shop, 1, 2, SIZE + 1);
    assert_eq!(shop.refused(&voice_of(1), &large), FileRefusal::TooLarge);
    shop.room.create(&voice_of(1), &wanted(&shop, 1, 99, 50 * SIZE)).unwrap();
    let fits = wanted(&shop, 2, 2, SIZE);
    shop.room.upload(&voice_of(1), &fits);
    // The group of the open chat counts, whatever is named, for both sides.
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 10, for_group("hello", 1)));
    let named_otherwise = wanted(&shop, 3, 2, SIZE);
    assert_eq!(shop.refused(&voice_of(1), &named_otherwise), FileRefusal::Off);
    let (voice, new) = (shop.owner.voice.clone(), shop.ann(4));
    assert_eq!(shop.refused(&voice, &new), FileRefusal::Off);
    assert_eq!(shop.room.carry(shop.ann.conn, &shop.ann.stream(), 2), Err(NackCode::FileType));
    let moved = entry(&shop.ann.stream(), 900, SendBody::Move { group: Some(GroupId(2)) });
    shop.room.send(shop.owner.conn, moved);
    shop.room.carry(shop.ann.conn, &shop.ann.stream(), 2).unwrap();
    // A group that goes takes its rules along.
    shop.saved(|site| site.form.groups.retain(|group| group.id == GroupId(1)));
    assert_eq!(settings(&shop.room, shop.owner.conn).form.files.groups.len(), 1);
}

#[test]
fn threats_43_a_visitor_sends_so_much_in_a_day_counted_from_the_announcement() {
    let mut shop = Shop::new();
    shop.saved(|site| site.quota.visitor_day_bytes = 3 * SIZE);
    let new = |n| file(n, &stream(visitor(1)));
    // Announced at the same moment, before a byte came: together they are over.
    let first = shop.room.create(&voice_of(1), &new(1)).unwrap();
    shop.room.create(&voice_of(1), &new(2)).unwrap();
    let third = shop.room.create(&voice_of(1), &new(3)).unwrap();
    assert_eq!(shop.refused(&voice_of(1), &new(4)), FileRefusal::Quota);
    assert!(!FileRefusal::Quota.retryable());
    // The same one again is no further one, other visitors have their own, operators none.
    shop.room.create(&voice_of(1), &new(3)).unwrap();
    let bens = file(4, &shop.ben.stream());
    shop.room.create(&voice_of(2), &bens).unwrap();
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 10, text("hello")));
    let voice = shop.owner.voice.clone();
    for n in 20..25 {
        shop.room.upload(&voice, &new(n));
    }
    // What is taken back counts no more; what was sent counts for a day.
    let place = shop.room.create(&voice_of(1), &new(3)).unwrap();
    assert_eq!(place.part, third.part);
    shop.room.desk.drop_file(&voice_of(1), &place.secret, Timestamp(shop.room.now)).unwrap();
    shop.room.whole(&voice_of(1), &first.secret).unwrap();
    shop.room.carry(shop.ann.conn, &shop.ann.stream(), 1).unwrap();
    shop.room.pass(12 * HOUR);
    shop.room.create(&voice_of(1), &new(5)).unwrap();
    shop.room.pass(12 * HOUR - 1);
    assert_eq!(shop.refused(&voice_of(1), &new(6)), FileRefusal::Quota);
    shop.room.pass(1);
    shop.room.create(&voice_of(1), &new(6)).unwrap();
    shop.room.create(&voice_of(1), &new(7)).unwrap();
    assert_eq!(shop.refused(&voice_of(1), &new(8)), FileRefusal::Quota);
}

#[test]
fn threats_43_a_second_device_shares_the_visitors_day() {
    let mut shop = Shop::new();
    shop.saved(|site| site.quota.visitor_day_bytes = SIZE);
    shop.room.create(&voice_of(1), &shop.ann(1)).unwrap();
    // Unlinked, the token is the visitor's on every device.
    let new = shop.ann(1);
    assert_eq!(shop.refused(&voice(1, 77, 1), &new), FileRefusal::Quota);
}

#[test]
fn threats_43_a_site_keeps_so_much_and_the_same_content_once() {
    let mut shop = Shop::new();
    shop.saved(|site| site.quota.site_bytes = 3 * SIZE);
    shop.room.send(shop.ann.conn, entry(&shop.ann.stream(), 10, text("hello")));
    shop.room.send(shop.ben.conn, entry(&shop.ben.stream(), 10, text("hello")));
    let voice = shop.owner.voice.clone();
    let (list, again) = (file(30, &shop.ann.stream()), file(30, &shop.ben.stream()));
    let again = NewFile { id: FileId(uid(31).0), ..again };
    shop.room.upload(&voice, &list);
    // While it is under way it takes room of its own, whatever is claimed of it.
    let place = shop.room.create(&voice, &again).unwrap();
    shop.room.create(&voice_of(1), &shop.ann(1)).unwrap();
    let bens = file(2, &shop.ben.stream());
    assert_eq!(shop.refused(&voice_of(2), &bens), FileRefusal::Quota);
    shop.room.whole(&voice, &place.secret).unwrap();
    shop.room.create(&voice_of(2), &bens).unwrap();
    assert_eq!(shop.refused(&voice_of(2), &file(3, &stream(visitor(2)))), FileRefusal::Quota);
    // One of the two goes: the content stays. Both gone: there is room.
    let sweep = |shop: &mut Shop, secret: &Secret| {
        shop.room.desk.drop_file(&shop.owner.voice, secret, Timestamp(shop.room.now)).unwrap();
    };
    sweep(&mut shop, &place.secret);
    assert_eq!(shop.refused(&voice_of(2), &file(3, &stream(visitor(2)))), FileRefusal::Quota);
    let first = shop.room.create(&voice, &list).unwrap();
    sweep(&mut shop, &first.secret);
    shop.room.create(&voice_of(2), &file(3, &shop.ben.stream())).unwrap();
}

#[test]
fn threats_43_a_quota_that_is_lowered_midway_holds_at_the_end_and_at_the_message() {
    let mut shop = Shop::new();
    let (under_way, whole) = (shop.ann(1), shop.ann(2));
    let secret = shop.room.create(&voice_of(1), &under_way).unwrap().secret;
    shop.room.upload(&voice_of(1), &whole);
    for of_the_site in [false, true] {
        shop.saved(|site| match of_the_site {
            true => site.quota = FileQuota { site_bytes: SIZE, ..FileQuota::default() },
            false => site.quota = FileQuota { visitor_day_bytes: SIZE, ..FileQuota::default() },
        });
        assert_eq!(shop.room.whole(&voice_of(1), &secret), Err(FileRefusal::Quota));
        assert_eq!(shop.room.carry(shop.ann.conn, &shop.ann.stream(), 2), Err(NackCode::Quota));
    }
    shop.saved(|site| site.quota = FileQuota::default());
    shop.room.whole(&voice_of(1), &secret).unwrap();
    shop.room.carry(shop.ann.conn, &shop.ann.stream(), 2).unwrap();
}

//! The machine.

use deskbell_wire::limits::{PACK_BYTES, PACK_PART_BYTES};
use deskbell_wire::pack::encode_part;
use deskbell_wire::{PackRef, Refusal, Told};

use super::super::fetch::{Came, Fetch, Step};
use super::{named, part_of, refused, some_bytes};

const HOUR: u64 = 3_600_000;

fn on(pack: PackRef) -> Fetch {
    let mut fetch = Fetch::default();
    fetch.line(true);
    assert!(fetch.want(Some(pack)));
    fetch
}

/// Lets an honest desk answer until there is nothing more to ask. What came, and from where it was asked.
fn go_on(fetch: &mut Fetch, bytes: &[u8], now: u64) -> (Came, Vec<u32>) {
    let mut asked = Vec::new();
    while let Step::Ask(digest, from) = fetch.next(now) {
        asked.push(from);
        let came = fetch.told(digest, Some(part_of(bytes, from)), now);
        if came != Came::Nothing {
            return (came, asked);
        }
    }
    (Came::Nothing, asked)
}

#[test]
fn a_pack_comes_in_parts_and_is_given_out_whole() {
    let bytes = some_bytes(1);
    let mut fetch = on(named(&bytes));
    let (came, asked) = go_on(&mut fetch, &bytes, 0);
    assert_eq!(came, Came::Whole(named(&bytes).digest, bytes));
    let part = u32::try_from(PACK_PART_BYTES).unwrap();
    assert_eq!(asked, [0, part, 2 * part]);
    assert_eq!(fetch.next(0), Step::Idle, "it is here");
}

#[test]
fn after_a_cut_line_it_goes_on_where_it_was() {
    let bytes = some_bytes(1);
    let pack = named(&bytes);
    let mut fetch = on(pack);
    fetch.told(pack.digest, Some(part_of(&bytes, 0)), 0);
    let part = u32::try_from(PACK_PART_BYTES).unwrap();
    assert_eq!(fetch.next(0), Step::Ask(pack.digest, part));
    fetch.told(pack.digest, Some(refused(Refusal::Offline)), 0);
    fetch.line(false);
    assert_eq!(fetch.next(5), Step::Idle);
    fetch.line(true);
    assert_eq!(go_on(&mut fetch, &bytes, 10).1, [part, 2 * part], "at once, and nothing twice");
}

#[test]
fn a_pack_that_changes_meanwhile_is_begun_anew() {
    let (old, new) = (some_bytes(1), some_bytes(2));
    let mut fetch = on(named(&old));
    fetch.told(named(&old).digest, Some(part_of(&old, 0)), 0);
    fetch.told(named(&old).digest, Some(refused(Refusal::Stale)), 0);
    assert!(matches!(fetch.next(0), Step::Rest(_)), "its form is on its way");
    fetch.want(Some(named(&new)));
    // An answer about the old one that was under way.
    assert_eq!(fetch.told(named(&old).digest, Some(part_of(&old, 0)), 0), Came::Nothing);
    let (came, asked) = go_on(&mut fetch, &new, 0);
    assert_eq!((came, asked[0]), (Came::Whole(named(&new).digest, new), 0));
}

#[test]
fn threats_38_what_is_not_the_named_pack_is_thrown_away_and_not_asked_for_again_for_an_hour() {
    let (bytes, other) = (some_bytes(1), some_bytes(2));
    let pack = named(&bytes);
    let whole = |total: u32, part: &[u8]| Told::Pack { total, part: encode_part(part) };
    let lies: [(&str, Vec<Told>); 5] = [
        ("other bytes", vec![part_of(&other, 0), part_of(&other, 32_768), part_of(&other, 65_536)]),
        ("another length", vec![whole(pack.bytes + 1, &bytes[..100])]),
        ("more than there is", vec![part_of(&bytes, 0), part_of(&bytes, 0), whole(pack.bytes, &[0; 32_768])]),
        ("nothing", vec![whole(pack.bytes, &[])]),
        ("no base64", vec![Told::Pack { total: pack.bytes, part: "=".into() }]),
    ];
    for (name, told) in lies {
        let mut fetch = on(pack);
        let came = told.into_iter().map(|told| fetch.told(pack.digest, Some(told), 0)).last();
        assert_eq!(came, Some(Came::Lie(pack.digest)), "{name}");
        assert_eq!(fetch.next(1), Step::Rest(HOUR), "{name}");
        fetch.line(false);
        fetch.line(true);
        fetch.want(None);
        fetch.want(Some(pack));
        assert_eq!(fetch.next(HOUR - 1), Step::Rest(HOUR), "{name}");
        assert!(matches!(go_on(&mut fetch, &bytes, HOUR).0, Came::Whole(..)), "{name}");
    }
}

#[test]
fn another_pack_is_fetched_at_once_after_a_lie() {
    let (bytes, other) = (some_bytes(1), some_bytes(2));
    let mut fetch = on(named(&bytes));
    fetch.told(named(&bytes).digest, Some(Told::Pack { total: 0, part: String::new() }), 0);
    fetch.want(Some(named(&other)));
    assert!(matches!(go_on(&mut fetch, &other, 1).0, Came::Whole(..)));
}

#[test]
fn threats_38_a_desk_that_lies_about_one_pack_after_the_other_is_asked_for_few_of_them() {
    let mut fetch = Fetch::default();
    fetch.line(true);
    let lie = |fetch: &mut Fetch, n: u32, now| {
        let pack = named(&n.to_be_bytes());
        assert!(fetch.want(Some(pack)));
        let Step::Ask(digest, 0) = fetch.next(now) else { return false };
        assert!(digest == pack.digest);
        fetch.told(digest, Some(Told::Pack { total: 0, part: String::new() }), now) == Came::Lie(digest)
    };
    assert!(lie(&mut fetch, 1, 0) && lie(&mut fetch, 2, 1));
    assert!(!lie(&mut fetch, 1, 2) && !lie(&mut fetch, 2, 2), "each of them is remembered");
    let lies = (3..100).filter(|n| lie(&mut fetch, *n, 2)).count();
    assert_eq!(lies, 6);
    fetch.want(Some(named(b"another one")));
    assert_eq!(fetch.next(3), Step::Rest(HOUR));
    assert!(matches!(fetch.next(HOUR), Step::Ask(..)), "the first lie is forgiven");
    assert!(lie(&mut fetch, 1, HOUR));
    assert!(!lie(&mut fetch, 100, HOUR), "there are as many as before");
    assert!(lie(&mut fetch, 100, HOUR + 1));
}

#[test]
fn threats_43_no_more_is_fetched_than_a_pack_may_be() {
    let digest = named(&[1]).digest;
    let limit = u32::try_from(PACK_BYTES).unwrap();
    let mut fetch = Fetch::default();
    fetch.line(true);
    assert!(!fetch.want(Some(PackRef { digest, bytes: limit + 1 })));
    assert_eq!(fetch.next(0), Step::Idle);
    assert!(fetch.want(Some(PackRef { digest, bytes: limit })));
    assert_eq!(fetch.next(0), Step::Ask(digest, 0));
}

#[test]
fn a_desk_that_says_slower_or_nothing_is_asked_ever_less_often() {
    let bytes = some_bytes(1);
    let pack = named(&bytes);
    let mut fetch = on(pack);
    let (mut now, mut rests) = (0, Vec::new());
    for told in [None, Some(refused(Refusal::Rate))].into_iter().cycle().take(8) {
        fetch.told(pack.digest, told, now);
        let Step::Rest(until) = fetch.next(now) else { panic!("no rest at {now}") };
        rests.push((until - now) / 1_000);
        now = until;
    }
    assert_eq!(rests, [1, 2, 4, 8, 16, 30, 30, 30]);
    fetch.told(pack.digest, Some(part_of(&bytes, 0)), now);
    fetch.told(pack.digest, None, now);
    assert_eq!(fetch.next(now), Step::Rest(now + 1_000), "a part came between");
    fetch.told(pack.digest, Some(refused(Refusal::Unavailable)), now);
    assert_eq!(fetch.next(now), Step::Rest(now + 60_000));
}

//! Which pack a page gets while the site's form says another thing.

use std::time::{Duration, Instant};

use deskbell_pack::{Flaw, FlawKind};

use super::super::fetch::digest_of;
use super::super::standing::{Busy, Current, Named, Standing};
use super::named;

const NOW: Duration = Duration::ZERO;

fn flaw() -> Flaw {
    Flaw { file: String::new(), place: None, kind: FlawKind::NoMapping }
}

#[test]
fn threats_3_a_pack_that_came_when_the_site_had_another_is_not_given_out() {
    for later in [None, Some(named(b"new"))] {
        let standing = Standing::new(Named::Pack(named(b"old")), None);
        standing.named(later);
        assert!(!standing.pack(digest_of(b"old"), "old"), "nobody wants it any more");
        assert_eq!(standing.get(NOW), Current::Nothing);
        assert_eq!(standing.last(), None);
        standing.flaw(digest_of(b"old"), flaw());
        assert_eq!(standing.get(NOW), Current::Nothing, "nor what is wrong with it");
    }
}

#[test]
fn a_page_waits_for_the_pack_that_is_named_now_and_not_for_the_one_before() {
    const A_MOMENT: Duration = Duration::from_millis(20);
    let (old, new) = (Named::Pack(named(b"old")), Named::Pack(named(b"new")));
    let standing: Standing<&str> = Standing::new(old, None);
    standing.named(Some(named(b"new")));
    standing.busy(old, Busy::Done);
    let began = Instant::now();
    assert_eq!(standing.get(A_MOMENT), Current::Nothing);
    assert!(began.elapsed() >= A_MOMENT, "it may still come");
    standing.busy(new, Busy::Done);
    assert_eq!(standing.get(Duration::from_secs(60)), Current::Nothing, "at once: it will not come");
}

#[test]
fn the_pack_before_serves_and_a_flaw_of_the_next_one_does_not_take_it_away() {
    let standing = Standing::new(Named::Pack(named(b"old")), None);
    assert!(standing.pack(digest_of(b"old"), "old"));
    standing.named(Some(named(b"new")));
    standing.flaw(digest_of(b"new"), flaw());
    assert_eq!(standing.get(NOW), Current::Pack(digest_of(b"old"), "old"));
    standing.named(None);
    assert_eq!((standing.get(NOW), standing.last()), (Current::Nothing, None));
    standing.named(Some(named(b"new")));
    standing.flaw(digest_of(b"new"), flaw());
    assert_eq!(standing.get(NOW), Current::Flaw(digest_of(b"new"), flaw()));
}

#[test]
fn what_is_taken_back_and_said_again_is_another_turn() {
    let standing: Standing<&str> = Standing::new(Named::Unknown, None);
    let turn = || standing.look().map(|look| look.turn);
    standing.named(Some(named(b"one")));
    let first = turn();
    standing.named(Some(named(b"one")));
    assert_eq!(turn(), first, "the same");
    standing.named(None);
    standing.named(Some(named(b"one")));
    assert_ne!(turn(), first);
    standing.end();
    assert_eq!(turn(), None);
}

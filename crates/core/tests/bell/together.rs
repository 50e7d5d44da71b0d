//! Many of a kind.

use deskbell_core::desktop::{AlertPrefs, Kind, Over, Side, Subject};

use crate::person::{Person, missed, occasion, who, words};

fn waiting(n: u64) -> Subject {
    Subject::Waiting(who(n.into()))
}

#[test]
fn a_fourth_visitor_makes_them_one_alert_and_they_come_apart_when_one_is_left() {
    let mut person = Person::operator();
    for n in 1..=3 {
        person.occasion(occasion(waiting(n), n, "Hello"));
    }
    assert_eq!(person.screen.len(), 3);
    person.occasion(words(9, 9, "Another kind"));
    person.occasion(occasion(waiting(4), 4, "Hello"));
    assert_eq!(person.called.len(), 1);
    let together = person.called.pop().unwrap();
    assert_eq!((together.kind, together.subject, together.count), (Kind::Waiting, None, 4));
    assert_eq!(person.screen.len(), 2);
    for left in [3, 2] {
        person.over(Over::Subject(waiting(left + 1)));
        assert_eq!((person.called.len(), person.screen.get(&together.id).unwrap().count), (0, left));
    }
    person.over(Over::Subject(waiting(2)));
    assert!(!person.screen.contains_key(&together.id) && person.called.is_empty());
    assert!(person.screen.values().any(|alert| alert.subject == Some(waiting(1))));
    person.over(Over::Subject(waiting(1)));
    assert_eq!(person.screen.len(), 1);
}

#[test]
fn an_alert_for_many_that_was_closed_leaves_the_next_one_alone() {
    let mut person = Person::operator();
    for n in 1..=5 {
        person.occasion(occasion(waiting(n), n, "Hello"));
    }
    let together = person.only().id;
    person.screen.clear();
    assert_eq!(person.act(|bell, at| bell.answered(together, at)), None);
    person.occasion(occasion(waiting(6), 6, "Hello"));
    assert_eq!(person.only().subject, Some(waiting(6)));
    for n in 7..=9 {
        person.occasion(occasion(waiting(n), n, "Hello"));
    }
    let together = person.only().id;
    person.screen.clear();
    person.act(|bell, at| bell.expired(together, at));
    person.occasion(occasion(waiting(10), 10, "Hello"));
    assert_eq!((person.only().subject, person.only().count), (None, 5));
}

#[test]
fn what_was_missed_in_many_chats_is_one_alert_and_one_sound_from_the_start() {
    let mut person = Person::operator();
    for n in 1..=20 {
        person.occasion(missed(words(n.into(), n, "Hello")));
    }
    person.wait(700);
    assert_eq!((person.called.len(), person.played.len(), person.only().count), (1, 1, 20));
}

#[test]
fn without_grouping_a_thousand_chats_are_a_thousand_alerts() {
    let mut person = Person::new(AlertPrefs { grouping: false, ..AlertPrefs::default() }, Side::Operator);
    let mut called = 0;
    for n in 1..=1_000 {
        person.occasion(words(n.into(), n, "Hello"));
        called += person.called.len();
    }
    assert_eq!((called, person.screen.len()), (1_000, 1_000));
    person.act(|bell, at| bell.prefs(AlertPrefs::default(), at));
    assert_eq!((person.called.len(), person.only().count), (0, 1_000));
    person.over(Over::Everything);
    assert!(person.screen.is_empty());
}

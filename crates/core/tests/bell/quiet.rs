//! Quiet hours, pauses, the system's wish.

use deskbell_core::desktop::{AlertPrefs, Kind, News, Over, QuietHours, Subject};
use deskbell_wire::Timestamp;

use crate::person::{Person, guest, id, occasion, who, words};

/// From noon to one.
fn with_hours() -> AlertPrefs {
    AlertPrefs { quiet: Some(QuietHours { from: 720, to: 780 }), ..AlertPrefs::default() }
}

const HOUR: u64 = 3_600_000;

#[test]
fn in_quiet_hours_nothing_comes_and_after_them_what_is_still_open_without_a_sound() {
    let mut person = Person::operator();
    person.act(|bell, at| bell.prefs(with_hours(), at));
    person.wait(2 * HOUR);
    person.occasion(words(1, 1, "One"));
    person.occasion(words(1, 2, "Two"));
    person.occasion(words(2, 3, "Read meanwhile"));
    person.occasion(occasion(Subject::Request(id(4)), 4, "Call me"));
    assert!(person.screen.is_empty() && person.played.is_empty());
    person.over(Over::Subject(Subject::Words(who(2))));
    person.wait(HOUR - 1);
    assert!(person.screen.is_empty());
    person.wait(1);
    assert!(person.played.is_empty());
    let wanted = [(Kind::Words, "Two".to_owned(), 2), (Kind::Request, "Call me".to_owned(), 1)];
    assert_eq!((person.called.len(), person.sees()), (2, wanted.to_vec()));
    person.wait(5_000);
    person.occasion(words(3, 5, "After"));
    assert_eq!((person.called.len(), person.played.len()), (1, 1));
}

#[test]
fn many_of_a_kind_are_told_together_when_quiet_ends() {
    let mut person = Person::operator();
    person.act(|bell, at| bell.system_quiet(true, at));
    for n in 1..=2 {
        person.occasion(occasion(Subject::Waiting(who(n.into())), n, "Hello"));
    }
    person.occasion(words(9, 9, "Alone"));
    assert!(person.screen.is_empty());
    person.act(|bell, at| bell.system_quiet(false, at));
    assert_eq!((person.called.len(), person.played.len()), (2, 0));
    let wanted = [(Kind::Words, "Alone".to_owned(), 1), (Kind::Waiting, String::new(), 2)];
    assert_eq!(person.sees(), wanted);
}

#[test]
fn a_pause_ends_by_itself_or_by_hand() {
    let mut person = Person::operator();
    let until = Timestamp(person.at.now.wall.0 + 3_600_000);
    person.act(|bell, at| bell.pause(Some(until), at));
    assert_eq!(person.bell.paused_until(), Some(until));
    person.occasion(words(1, 1, "One"));
    person.wait(HOUR - 1);
    assert!(person.screen.is_empty());
    person.wait(1);
    assert_eq!((person.screen.len(), person.bell.paused_until()), (1, None));
    person.act(|bell, at| bell.pause(Some(Timestamp(i64::MAX)), at));
    person.occasion(words(2, 2, "Two"));
    assert_eq!(person.screen.len(), 1);
    person.act(|bell, at| bell.pause(None, at));
    assert_eq!(person.screen.len(), 2);
}

#[test]
fn what_was_on_the_screen_before_stays_as_it_was_unless_it_has_to_vanish() {
    let mut person = Person::operator();
    person.occasion(words(1, 1, "One"));
    person.act(|bell, at| bell.system_quiet(true, at));
    person.occasion(words(1, 2, "Two"));
    assert_eq!(person.sees(), [(Kind::Words, "One".to_owned(), 1)]);
    person.act(|bell, at| bell.locked(true, at));
    assert_eq!(person.sees(), [(Kind::Words, String::new(), 1)]);
    person.act(|bell, at| bell.locked(false, at));
    person.act(|bell, at| bell.system_quiet(false, at));
    assert_eq!((person.called.len(), person.sees()), (0, vec![(Kind::Words, "Two".to_owned(), 2)]));
    person.act(|bell, at| bell.system_quiet(true, at));
    person.over(Over::Read(who(1), 2));
    assert!(person.screen.is_empty());
}

#[test]
fn an_invitation_and_a_reminder_are_quiet_too_and_what_was_looked_at_is_not_told_after() {
    let mut person = Person::visitor();
    person.act(|bell, at| bell.system_quiet(true, at));
    person.occasion(occasion(Subject::Invitation(id(1)), 1, "Can I help?"));
    person.act(|bell, at| bell.focus(true, at));
    person.act(|bell, at| bell.focus(false, at));
    person.act(|bell, at| bell.system_quiet(false, at));
    assert!(person.screen.is_empty());
    let mut person = Person::operator();
    person.act(|bell, at| bell.system_quiet(true, at));
    person.news(News::Unanswered(vec![guest(1, 1)]));
    person.wait(HOUR);
    assert!(person.screen.is_empty());
    person.act(|bell, at| bell.system_quiet(false, at));
    assert_eq!((person.only().kind, person.played.len()), (Kind::Unanswered, 0));
}

#[test]
fn an_alert_for_many_only_becomes_less_while_it_is_quiet() {
    let waiting = |n: u64| Subject::Waiting(who(n.into()));
    let mut person = Person::operator();
    for n in 1..=5 {
        person.occasion(occasion(waiting(n), n, "Hello"));
    }
    person.act(|bell, at| bell.system_quiet(true, at));
    person.over(Over::Subject(waiting(5)));
    assert_eq!((person.called.len(), person.only().count), (0, 4));
    person.occasion(occasion(waiting(6), 6, "Hello"));
    assert_eq!((person.called.len(), person.only().count), (0, 4));
    person.act(|bell, at| bell.system_quiet(false, at));
    assert_eq!((person.called.len(), person.only().count), (1, 5));
}

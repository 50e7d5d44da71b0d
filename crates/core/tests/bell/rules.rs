//! One chat, one person: what calls, what replaces, what leaves.

use deskbell_core::desktop::{Act, AlertPrefs, Bell, Kind, KindPrefs, News, Over, Side, Subject};

use crate::person::{Person, guest, id, missed, occasion, who, words};

fn seen(words: &str, count: u64) -> Vec<(Kind, String, u64)> {
    vec![(Kind::Words, words.to_owned(), count)]
}

#[test]
fn an_event_is_told_once_however_often_it_comes() {
    let mut person = Person::visitor();
    person.occasion(words(1, 1, "Hello"));
    assert_eq!((person.called.len(), person.sees()), (1, seen("Hello", 1)));
    let alert = person.only().clone();
    assert_eq!((alert.acts, alert.who.as_deref()), (vec![Act::Reply], Some("Eve")));
    for _ in 0..3 {
        person.occasion(words(1, 1, "Hello"));
        assert!(person.called.is_empty() && person.played.is_empty());
    }
    person.over(Over::Read(who(1), 1));
    person.occasion(words(1, 1, "Hello"));
    assert!(person.screen.is_empty() && person.called.is_empty());
}

#[test]
fn the_next_words_replace_the_alert_and_call_again_and_are_read_together() {
    let mut person = Person::visitor();
    person.occasion(words(1, 1, "One"));
    let first = person.only().id;
    person.occasion(words(1, 2, "Two"));
    assert_eq!((person.called.len(), person.sees()), (1, seen("Two", 2)));
    assert_eq!(person.only().id, first);
    person.over(Over::Read(who(1), 1));
    assert_eq!(person.sees(), seen("Two", 2), "not all of it was read");
    person.over(Over::Read(who(1), 2));
    assert!(person.screen.is_empty());
    person.occasion(words(1, 3, "Three"));
    assert_eq!(person.sees(), seen("Three", 1));
    assert_ne!(person.only().id, first);
}

#[test]
fn nothing_for_what_is_in_view_and_nothing_is_kept_for_later() {
    let mut person = Person::operator();
    person.act(|bell, at| bell.in_view(Some(who(1)), at));
    person.occasion(words(1, 1, "Not focused"));
    person.occasion(words(2, 2, "Elsewhere"));
    assert_eq!(person.screen.len(), 2);
    person.act(|bell, at| bell.focus(true, at));
    assert_eq!(person.sees(), seen("Elsewhere", 1), "what is looked at is withdrawn");
    person.occasion(words(1, 3, "Seen as it came"));
    assert!(person.called.is_empty() && person.played.is_empty());
    person.act(|bell, at| bell.in_view(Some(who(2)), at));
    person.act(|bell, at| bell.focus(false, at));
    assert!(person.screen.is_empty());
    person.occasion(words(2, 4, "Now"));
    assert_eq!(person.sees(), seen("Now", 1));
}

#[test]
fn a_visitors_focused_window_shows_everything_there_is() {
    let mut person = Person::visitor();
    person.act(|bell, at| bell.focus(true, at));
    person.occasion(words(1, 1, "Hello"));
    person.occasion(occasion(Subject::Invitation(id(9)), 9, "Can I help?"));
    assert!(person.screen.is_empty() && person.played.is_empty());
    person.act(|bell, at| bell.focus(false, at));
    person.occasion(occasion(Subject::Invitation(id(10)), 10, "Can I help?"));
    let alert = person.only();
    assert_eq!((alert.acts.as_slice(), alert.stays), ([Act::Accept, Act::Decline].as_slice(), true));
    person.over(Over::Subject(Subject::Invitation(id(10))));
    assert!(person.screen.is_empty());
}

#[test]
fn behind_a_lock_nobody_sees_the_window_and_no_words_are_shown() {
    let mut person = Person::visitor();
    person.occasion(words(1, 1, "Secret"));
    person.act(|bell, at| bell.focus(true, at));
    person.act(|bell, at| bell.locked(true, at));
    person.occasion(words(1, 2, "Secret too"));
    assert_eq!(person.called.len(), 1, "it is told");
    assert_eq!(person.sees(), [(Kind::Words, String::new(), 1)]);
    person.act(|bell, at| bell.focus(false, at));
    person.act(|bell, at| bell.locked(false, at));
    assert_eq!((person.called.len(), person.sees()), (0, seen("Secret too", 1)), "replaced silently");
    person.act(|bell, at| bell.locked(true, at));
    assert_eq!((person.called.len(), person.sees()), (0, vec![(Kind::Words, String::new(), 1)]));
    person.act(|bell, at| bell.focus(true, at));
    person.act(|bell, at| bell.locked(false, at));
    assert!(person.screen.is_empty(), "the window is seen again");
}

#[test]
fn who_hides_words_sees_neither_them_nor_names_from_then_on() {
    let mut person = Person::operator();
    person.occasion(words(1, 1, "Secret"));
    person.act(|bell, at| bell.prefs(AlertPrefs { hide_words: true, ..AlertPrefs::default() }, at));
    assert_eq!((person.called.len(), person.sees()), (0, vec![(Kind::Words, String::new(), 1)]));
    person.occasion(words(1, 2, "Secret"));
    assert_eq!((person.called.len(), person.sees()), (1, vec![(Kind::Words, String::new(), 2)]));
}

#[test]
fn kinds_are_shown_and_heard_as_the_person_chose() {
    let mut prefs = AlertPrefs { volume: 30, ..AlertPrefs::default() };
    prefs.kinds.insert(Kind::Words, KindPrefs { show: false, sound: true });
    prefs.kinds.insert(Kind::Request, KindPrefs { show: true, sound: false });
    prefs.kinds.insert(Kind::Transfer, KindPrefs { show: false, sound: false });
    let mut person = Person::new(prefs.clone(), Side::Operator);
    person.occasion(words(1, 1, "Heard"));
    assert_eq!((person.screen.len(), person.played.as_slice()), (0, [(Kind::Words, 30)].as_slice()));
    person.wait(5_000);
    person.occasion(occasion(Subject::Request(id(2)), 2, "Seen"));
    assert_eq!((person.screen.len(), person.played.len()), (1, 0));
    person.occasion(occasion(Subject::Transfer(who(3)), 3, "Neither"));
    assert_eq!((person.screen.len(), person.played.len()), (1, 0));
    prefs.kinds.clear();
    person.act(|bell, at| bell.prefs(prefs, at));
    assert_eq!(person.screen.len(), 1, "what was not shown is not shown for another wish");
    let mut prefs = AlertPrefs::default();
    prefs.kinds.insert(Kind::Request, KindPrefs { show: false, sound: true });
    person.act(|bell, at| bell.prefs(prefs, at));
    assert!(person.screen.is_empty());
    person.act(|bell, at| bell.prefs(AlertPrefs::default(), at));
    assert!(person.screen.is_empty());
}

#[test]
fn one_sound_in_two_seconds_and_none_at_volume_zero() {
    let mut person = Person::operator();
    person.occasion(words(1, 1, "One"));
    assert_eq!(person.played, [(Kind::Words, 70)]);
    person.wait(1_999);
    person.occasion(words(2, 2, "Two"));
    assert_eq!((person.called.len(), person.played.len()), (1, 0));
    person.wait(1);
    person.occasion(words(1, 3, "Three"));
    assert_eq!(person.played.len(), 1);
    person.act(|bell, at| bell.prefs(AlertPrefs { volume: 0, ..AlertPrefs::default() }, at));
    person.wait(5_000);
    person.occasion(words(1, 4, "Four"));
    assert_eq!((person.called.len(), person.played.len()), (1, 0));
}

#[test]
fn what_was_missed_is_told_in_one_and_not_if_it_was_read_elsewhere() {
    let mut person = Person::visitor();
    person.occasion(missed(words(1, 1, "One")));
    person.wait(200);
    person.occasion(missed(words(1, 2, "Two")));
    // Something else was due.
    person.act(Bell::tick);
    assert!(person.screen.is_empty());
    person.wait(500);
    assert_eq!((person.called.len(), person.played.len(), person.sees()), (1, 1, seen("Two", 2)));
    person.over(Over::Everything);
    person.occasion(missed(words(1, 3, "Three")));
    person.over(Over::Read(who(1), 3));
    person.wait(5_000);
    assert!(person.screen.is_empty() && person.bell.deadline().is_none());
    person.occasion(missed(words(1, 4, "Four")));
    person.occasion(words(1, 5, "Five"));
    assert_eq!(person.sees(), seen("Five", 2), "what comes as it happens waits for nothing");
}

#[test]
fn a_chat_has_one_alert_the_newest() {
    let mut person = Person::operator();
    person.occasion(occasion(Subject::Waiting(who(1)), 1, "Hello?"));
    person.occasion(occasion(Subject::Transfer(who(1)), 2, ""));
    assert_eq!(person.only().subject, Some(Subject::Transfer(who(1))));
    person.occasion(words(1, 3, "Hello??"));
    assert_eq!(person.only().subject, Some(Subject::Words(who(1))));
    let mut person = Person::visitor();
    person.occasion(words(1, 1, "Bye"));
    person.occasion(occasion(Subject::Closed(who(1)), 2, ""));
    assert_eq!(person.screen.len(), 2, "the last words are still to be read");
    person.occasion(words(1, 3, "One more thing"));
    assert_eq!(person.sees(), seen("One more thing", 2));
}

#[test]
fn a_chat_without_an_answer_is_told_until_it_has_one() {
    let mut person = Person::operator();
    person.occasion(words(1, 1, "Hello?"));
    person.news(News::Unanswered(vec![guest(1, 7)]));
    person.wait(119_999);
    assert_eq!(person.sees(), seen("Hello?", 1));
    person.wait(1);
    assert_eq!((person.called.len(), person.only().kind), (1, Kind::Unanswered));
    let first = person.only().id;
    person.wait(119_999);
    person.called.clear();
    person.wait(1);
    assert_eq!((person.called.len(), person.only().id, person.only().count), (1, first, 2));
    person.act(|bell, at| bell.in_view(Some(who(1)), at));
    person.act(|bell, at| bell.focus(true, at));
    person.wait(240_000);
    assert!(person.screen.is_empty(), "the person looks at it");
    person.act(|bell, at| bell.focus(false, at));
    person.wait(120_000);
    assert_eq!(person.only().kind, Kind::Unanswered);
    person.news(News::Unanswered(Vec::new()));
    assert!(person.screen.is_empty() && person.bell.deadline().is_none());
}

#[test]
fn an_alert_that_was_answered_is_gone_and_one_that_ran_out_comes_again() {
    let mut person = Person::operator();
    person.occasion(words(1, 1, "One"));
    let alert = person.only().id;
    person.screen.clear();
    assert_eq!(person.act(|bell, at| bell.answered(alert, at)), Some(Subject::Words(who(1))));
    assert_eq!(person.act(|bell, at| bell.answered(alert, at)), None);
    person.occasion(words(1, 2, "Two"));
    assert_eq!(person.sees(), seen("Two", 1));
    let alert = person.only().id;
    person.screen.clear();
    person.act(|bell, at| bell.expired(alert, at));
    assert!(person.screen.is_empty());
    person.occasion(words(1, 3, "Three"));
    assert_eq!((person.called.len(), person.sees()), (1, seen("Three", 2)));
}

#[test]
fn a_daemon_that_was_started_anew_is_told_everything_again_silently() {
    let mut person = Person::operator();
    person.occasion(words(1, 1, "One"));
    person.occasion(words(2, 2, "Two"));
    person.screen.clear();
    person.act(Bell::forgotten);
    assert_eq!((person.called.len(), person.screen.len()), (0, 2));
}

#[test]
fn threats_36_a_stranger_s_words_are_cleaned_before_they_are_shown() {
    let mut person = Person::operator();
    let mut hostile = words(1, 1, &format!("\u{202E}a\0b\n{}", "x".repeat(9_000)));
    hostile.who = Some("\u{2067}\r\n".to_owned());
    person.occasion(hostile);
    let alert = person.only();
    let shown = alert.words.clone().unwrap();
    assert_eq!((shown.chars().count(), alert.who.as_deref()), (240, None));
    assert!(shown.starts_with("ab x") && shown.ends_with('…'));
    assert!(!format!("{alert:?} {:?}", person.bell).contains("xxx"), "nor are they in a log");
}

#[test]
fn reading_up_to_an_older_word_ends_nothing() {
    let mut person = Person::operator();
    person.occasion(words(1, 5, "Five"));
    person.occasion(words(1, 3, "Three, which came late"));
    person.over(Over::Read(who(1), 3));
    assert_eq!(person.only().count, 2);
    person.over(Over::Read(who(1), 5));
    assert!(person.screen.is_empty());
}

#[test]
fn what_looks_the_same_is_not_shown_again() {
    let mut person = Person::operator();
    person.occasion(words(1, 1, "One"));
    person.bell.prefs(AlertPrefs::default(), person.at);
    assert_eq!(person.bell.poll(), None);
}

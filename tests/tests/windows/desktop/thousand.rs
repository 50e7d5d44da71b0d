//! A thousand alerts: each goes over the bus once, in time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use deskbell_tests::crowd;
use deskbell_tests::notifications::{Ear, Standing};

use super::notifications::{Ground, hide};

const COUNT: usize = 1_000;
/// One event after the other: a hundred in a second, in chats that nobody has seen before.
const PACE: Duration = Duration::from_millis(10);
/// From the desk's word that it is kept to the notification on the bus, for 99 of a hundred.
const IN_TIME: Duration = Duration::from_secs(1);

#[tokio::test]
async fn of_a_thousand_events_in_as_many_chats_each_is_told_once_and_in_time() {
    let ground = Ground::new("Anna Berg");
    let daemon = Standing::start(&ground.world, Duration::ZERO);
    let ear = Ear::at(&ground.world);
    ground.prefer("operator", r#"{ "grouping": false, "unanswered_s": 0 }"#);
    let operator = ground.operator().await;
    hide(&operator);

    let mut guests = crowd::arrive(ground.desk.address(), COUNT).await;
    let begin = Instant::now();
    let mut kept = BTreeMap::new();
    let mut pace = tokio::time::interval(PACE);
    for (number, guest) in guests.iter_mut().enumerate() {
        pace.tick().await;
        let words = format!("event {number:04}");
        kept.insert(words.clone(), guest.say(&words).await);
    }
    let written = begin.elapsed();
    let until = Instant::now() + Duration::from_secs(30);
    while ear.count() < COUNT && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let last = begin.elapsed();
    // One that was told twice would come now.
    let mut guest = crowd::arrive(ground.desk.address(), 1).await.remove(0);
    guest.say("the last one").await;
    ear.until("the last one", |note| note.body == "the last one").await;

    let mut late: Vec<Duration> = vec![];
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for note in ear.notes().into_iter().filter(|note| note.body != "the last one") {
        let at = kept.get(&note.body).unwrap_or_else(|| panic!("nobody wrote {note:?}"));
        late.push(note.at.saturating_duration_since(*at));
        *told.entry(note.body).or_default() += 1;
    }
    late.sort_unstable();
    let share = |share: usize| late[(late.len() * share / 100).min(late.len() - 1)];
    println!(
        "{COUNT} events in {written:?}, {} notifications after {last:?}: median {:?}, p99 {:?}, longest {:?}",
        late.len(),
        share(50),
        share(99),
        late[late.len() - 1],
    );
    assert_eq!(told.len(), COUNT, "none is missing");
    assert!(told.values().all(|times| *times == 1), "none is told twice");
    assert!(share(99) <= IN_TIME, "p99 {:?}", share(99));
    drop(daemon);
}

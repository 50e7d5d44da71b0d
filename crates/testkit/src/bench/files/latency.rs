//! Words from one app to another, with and without four files on their way to the same desk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use deskbell_api::dto::OperatorUpdate;

use super::people::{Ground, Visitor, noise, until};
use super::{Goal, LONG, P99_MOST, at_most};
use crate::bench::figures::Spread;
use crate::bench::server::fresh_folder;

/// Messages of a round.
const WORDS: usize = 400;
/// A person does not type faster; the files go on meanwhile.
const PAUSE: Duration = Duration::from_millis(4);
/// Files at once.
const FILES: usize = 4;

pub(super) fn goal(rounds: usize) -> Goal {
    let (folder, ground) = (fresh_folder(), Ground::new());
    let (writer, path) = (ground.visitor(), noise(folder.path(), LONG as u64));
    let (mut quiet, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        quiet.push(words(&ground, &writer));
        let over = Arc::new(AtomicBool::new(false));
        let sent = Arc::new(AtomicUsize::new(0));
        let senders: Vec<_> = (0..FILES)
            .map(|_| {
                let (visitor, path) = (ground.visitor(), path.clone());
                let (over, sent) = (Arc::clone(&over), Arc::clone(&sent));
                thread::spawn(move || {
                    let mut chosen = visitor.choose(&path);
                    while !over.load(Ordering::Relaxed) {
                        visitor.send(chosen);
                        sent.fetch_add(1, Ordering::Relaxed);
                        chosen = visitor.choose(&path);
                    }
                    visitor.app.stop();
                })
            })
            .collect();
        beside.push(words(&ground, &writer));
        over.store(true, Ordering::Relaxed);
        senders.into_iter().for_each(|sender| sender.join().expect("a sender"));
        println!("{} files of {} MiB went meanwhile", sent.load(Ordering::Relaxed), LONG / 1024 / 1024);
    }
    writer.app.stop();
    let (quiet, beside) = (Spread::median(&quiet), Spread::median(&beside));
    println!("\nWords from a visitor's app to an operator's, medians of {rounds} rounds, µs");
    println!("{:<34} {:>12} {:>12}", "", "p50", "p99");
    for (name, spread) in [("alone", quiet), ("beside four files", beside)] {
        println!("{name:<34} {:>12.0} {:>12.0}", spread.p50, spread.p99);
    }
    at_most(
        "p99 of words beside four files, of the same without".to_owned(),
        beside.p99 / quiet.p99,
        P99_MOST,
    )
}

fn words(ground: &Ground, writer: &Visitor) -> Spread {
    let took = (0..WORDS).map(|n| {
        thread::sleep(PAUSE);
        let text = format!("words {n}");
        let begun = Instant::now();
        writer.app.send(&text, None).expect("words");
        until(&ground.news, "the words came", |update| match update {
            OperatorUpdate::Rows { rows, .. } => {
                rows.iter().any(|row| row.last_text.as_deref() == Some(text.as_str())).then_some(())
            }
            OperatorUpdate::Message { message, .. } => (message.text == text).then_some(()),
            _ => None,
        });
        begun.elapsed()
    });
    Spread::of(took.collect())
}

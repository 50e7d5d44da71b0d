//! One start of one app.

use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Start;
use super::screen::{Picture, Screen};
use super::surroundings::Surroundings;
use crate::census::{family, memory, processes};

/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// A picture that has not changed for so long is the one that stays.
const STILL: Duration = Duration::from_secs(2);
/// What may still change: a caret that blinks.
const TOLERANCE: f64 = 0.005;
/// From ready to the look at the memory.
const REST: Duration = Duration::from_secs(3);
/// How long a start, or an end, may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was seen of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// From exec until the window is on the screen.
    pub(super) shown: Duration,
    /// From exec until it looks as it will stay.
    pub(super) ready: Duration,
    /// Bytes of all its processes, shared ones by their share (PSS).
    pub(super) memory: u64,
    /// How many processes those are.
    pub(super) processes: usize,
}

/// Starts it, watches it, ends it. Anew, where another program with a WebKit of its own came in between: what two
/// share counts half for each, and the memory would look smaller than it is.
pub(super) fn measure(start: &Start, screen: &Screen, surroundings: &Surroundings) -> Run {
    loop {
        wait("another program that uses WebKit ends", || !anyone_shares(&[]));
        if let Some(run) = once(start, screen, surroundings) {
            return run;
        }
        eprintln!("Another program that uses WebKit was started; once more …");
    }
}

/// `None`: it shared its memory with somebody.
fn once(start: &Start, screen: &Screen, surroundings: &Surroundings) -> Option<Run> {
    assert!(screen.window().is_none(), "the window before is still there");
    let mut command = surroundings.command(&start.program);
    command.args(&start.words);
    let begin = Instant::now();
    let mut app = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (shown, ready) = watch(&mut app, screen, begin);
    sleep(REST);
    let processes = family(app.id());
    let memory = processes.iter().filter_map(|pid| memory(*pid)).sum();
    let alone = !anyone_shares(&processes);
    end(app, &processes, screen);
    alone.then_some(Run { shown, ready, memory, processes: processes.len() })
}

/// Does WebKit run for anybody but these?
fn anyone_shares(ours: &[u32]) -> bool {
    let name = |pid: u32| fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    processes().any(|pid| !ours.contains(&pid) && name(pid).starts_with("WebKit"))
}

fn wait(until: &str, there: impl Fn() -> bool) {
    let begin = Instant::now();
    while !there() {
        assert!(begin.elapsed() < PATIENCE, "waited in vain until {until}");
        sleep(LOOK);
    }
}

fn watch(app: &mut Child, screen: &Screen, begin: Instant) -> (Duration, Duration) {
    let frame = loop {
        if let Some(frame) = screen.window() {
            break frame;
        }
        let ended = app.try_wait().expect("a child");
        assert!(ended.is_none() && begin.elapsed() < PATIENCE, "no window: {ended:?}");
        sleep(LOOK);
    };
    let shown = begin.elapsed();
    (shown, settle(|| screen.look(frame), begin))
}

/// Watches until nothing has changed for a while; since when it looked as it does then.
fn settle(mut look: impl FnMut() -> Option<Picture>, begin: Instant) -> Duration {
    let mut seen: Vec<(Duration, Picture)> = Vec::new();
    loop {
        let at = begin.elapsed();
        assert!(at < PATIENCE, "the window never comes to rest");
        if let Some(picture) = look() {
            match seen.last() {
                Some((since, last)) if last.difference(&picture) <= TOLERANCE => {
                    if at - *since >= STILL {
                        return first_like(&seen);
                    }
                }
                _ => seen.push((at, picture)),
            }
        }
        sleep(LOOK);
    }
}

/// From when on every picture is like the last one.
fn first_like(seen: &[(Duration, Picture)]) -> Duration {
    let (_, stays) = seen.last().expect("a picture");
    let like = seen.iter().rev().take_while(|(_, picture)| picture.difference(stays) <= TOLERANCE);
    like.last().expect("the last picture is like itself").0
}

/// Asks it to end, as a session does, and waits until nothing of it is left.
fn end(mut app: Child, ours: &[u32], screen: &Screen) {
    Command::new("kill").args(["-TERM", &app.id().to_string()]).status().expect("kill");
    app.wait().expect("its end");
    wait("nothing of the app is left", || {
        !processes().any(|pid| ours.contains(&pid)) && screen.window().is_none()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_is_when_the_picture_that_stays_came_for_the_last_time() {
        let picture = |shade: u8, caret: u8| Picture::of([vec![caret; 4], vec![shade; 4_000]].concat());
        let at = Duration::from_millis;
        let seen =
            [(at(1), picture(0, 0)), (at(2), picture(9, 0)), (at(3), picture(5, 0)), (at(4), picture(9, 0))];
        assert_eq!(first_like(&seen), at(4), "it looked like that before, but not since");
        let seen = [(at(1), picture(0, 0)), (at(2), picture(9, 0)), (at(3), picture(9, 1))];
        assert_eq!(first_like(&seen), at(2), "a caret does not count");
    }
}

//! Hours of use, made short: a message a second in both windows. Started by `cargo xtask soak`.
//!
//! What must always hold: memory is compared with empty Tauri apps that were measured in the same run, on the same
//! screen, as many at a time and under the same driver; so what processes share counts alike for both.

mod figures;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use deskbell_testkit::census;
use deskbell_tests::process::free_port;
use deskbell_tests::{App, World};

use crate::conversation::open_first_visitor;
use figures::{growth, median};

/// Work of one app that nobody uses, as a share of a processor.
const IDLE_MOST: f64 = 0.005;
/// By how much the heaps may grow over the last two thirds of the time, as a share of all memory.
const GROWTH_MOST: f64 = 0.05;
/// The same in a short run, which is mostly WebKit's warming up: only a leak of much per message is seen there.
const SHORT_GROWTH_MOST: f64 = 0.2;
/// From so many minutes on a run is long.
const LONG: u64 = 30;

/// From a window that is there to a look at what it costs to do nothing.
const REST: Duration = Duration::from_secs(10);
/// For how long that is looked at.
const IDLE: Duration = Duration::from_secs(30);
/// Between two messages.
const PACE: Duration = Duration::from_secs(1);
/// Between two looks at the memory.
const LOOK: Duration = Duration::from_secs(5);

/// What `cargo xtask soak` says.
fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: start it with cargo xtask soak"))
}

/// A program's processes.
struct Family {
    name: &'static str,
    first: u32,
}

impl Family {
    fn of(name: &'static str, app: &App) -> Self {
        Self { name, first: *app.pids().first().expect("a process") }
    }

    fn sum(&self, part: fn(u32) -> Option<u64>) -> f64 {
        census::family(self.first).iter().filter_map(|pid| part(*pid)).sum::<u64>() as f64 / 1e6
    }

    /// Each process by its name, and how long it has worked.
    fn worked(&self) -> Vec<(String, Duration)> {
        let one = |pid: &u32| {
            let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
            Some((name.trim().to_owned(), census::worked(*pid)?))
        };
        census::family(self.first).iter().filter_map(one).collect()
    }
}

fn memory(all: &[Family; 2]) -> f64 {
    all.iter().map(|family| family.sum(census::memory)).sum()
}

fn heap(all: &[Family; 2]) -> f64 {
    all.iter().map(|family| family.sum(census::heap)).sum()
}

/// How things stood at a moment, in seconds and megabytes.
struct Look {
    at: f64,
    memory: f64,
    heap: f64,
}

/// The share of a processor that each takes while nobody does anything.
async fn idle(all: &[Family; 2]) -> [f64; 2] {
    tokio::time::sleep(REST).await;
    let (begin, before) = (Instant::now(), all.each_ref().map(Family::worked));
    tokio::time::sleep(IDLE).await;
    let took = begin.elapsed().as_secs_f64();
    let after = all.each_ref().map(Family::worked);
    [0, 1].map(|at| {
        let each = before[at].iter().zip(&after[at]).map(|((_, before), (name, after))| {
            let share = (*after - *before).as_secs_f64() / took;
            println!("  {}: {name} {:.2} %", all[at].name, share * 100.0);
            share
        });
        each.sum()
    })
}

/// Two empty apps with windows of our sizes: memory and work.
async fn yardstick(world: &World, program: &Path) -> (f64, [f64; 2]) {
    let start = async |name: &'static str, size: [&str; 2]| {
        // Found by its path, which no other process has.
        let copy = world.path(name);
        std::fs::copy(program, &copy).unwrap();
        let app = App::of(world, &copy, copy.to_str().unwrap(), &size).await;
        (Family::of(name, &app), app)
    };
    let (one, _first) = start("empty, operator's size", ["1180", "760"]).await;
    let (two, _second) = start("empty, visitor's size", ["400", "640"]).await;
    let all = [one, two];
    let idle = idle(&all).await;
    (memory(&all), idle)
}

/// So many messages, one a second, from either side in turns; the memory every few seconds.
async fn talk(visitor: &App, operator: &App, all: &[Family; 2], time: Duration) -> (usize, Vec<Look>) {
    let (begin, mut series, mut said) = (Instant::now(), Vec::<Look>::new(), 0);
    let mut pace = tokio::time::interval(PACE);
    while begin.elapsed() < time {
        pace.tick().await;
        said += 1;
        let speaker = if said % 2 == 0 { operator } else { visitor };
        speaker.page().say(&format!("Message {said}")).await;
        let at = begin.elapsed().as_secs_f64();
        if series.last().is_none_or(|last| at >= last.at + LOOK.as_secs_f64()) {
            series.push(Look { at, memory: memory(all), heap: heap(all) });
        }
    }
    let last = format!("Message {said}");
    operator.page().wait_for_text(&last).await;
    visitor.page().wait_for_text(&last).await;
    (said, series)
}

#[tokio::test]
#[ignore = "takes as long as it is told: cargo xtask soak"]
async fn memory_and_work_after_a_message_a_second() {
    let minutes: u64 = told("DESKBELL_SOAK_MINUTES").parse().expect("minutes");
    // A build without optimisation is larger; what it may take, whoever built it says.
    let most: f64 = told("DESKBELL_SOAK_MEMORY").parse().expect("a multiple");
    let (empty, program) =
        (PathBuf::from(told("DESKBELL_SOAK_EMPTY")), PathBuf::from(told("DESKBELL_SOAK_PROGRAM")));
    let world = World::new();
    let (yardstick, empty_idle) = yardstick(&world, &empty).await;
    println!("two empty Tauri apps: PSS {yardstick:.1} MB, idle {}", percent(empty_idle));

    let (address, data) = (format!("127.0.0.1:{}", free_port()), world.path("profiles"));
    let data = data.to_str().unwrap();
    let words = [
        "operator",
        "--profile",
        "soak-operator",
        "--data",
        data,
        "--host",
        "--listen",
        &address,
        "--owner",
        "Anna",
    ];
    let operator = App::of(&world, &program, "soak-operator", &words).await;
    operator.page().wait_for("status-switch").await;
    let words = ["visitor", "--profile", "soak-visitor", "--data", data, "--desk", &address];
    let visitor = App::of(&world, &program, "soak-visitor", &words).await;
    visitor.page().say("Message 0").await;
    operator.page().wait_for_text("Message 0").await;
    open_first_visitor(&operator).await;
    operator.page().say("Message 0 as well").await;
    visitor.page().wait_for_text("Message 0 as well").await;

    // Whoever is not there types nothing, and a caret that blinks is drawn twice a second.
    for app in [&operator, &visitor] {
        app.page().script::<()>("document.activeElement?.blur(); return null").await;
    }
    let all = [Family::of("operator, hosting the desk", &operator), Family::of("visitor", &visitor)];
    let work = idle(&all).await;
    let first = memory(&all);
    println!("deskbell, after a few messages: PSS {first:.1} MB, idle {}", percent(work));
    let (said, series) = talk(&visitor, &operator, &all, Duration::from_secs(60 * minutes)).await;
    for family in &all {
        println!("{}: PSS {:.1} MB", family.name, family.sum(census::memory));
    }
    for look in series.iter().step_by((series.len() / 12).max(1)) {
        println!("{:>8.0} s {:>8.1} MB, heaps {:.1} MB", look.at, look.memory, look.heap);
    }
    let growth_most = if minutes < LONG { SHORT_GROWTH_MOST } else { GROWTH_MOST };
    judge((yardstick, most, growth_most), work, said, &series);
}

fn percent(shares: [f64; 2]) -> String {
    shares.map(|share| format!("{:.2} %", share * 100.0)).join(" and ")
}

/// The goals, each with its figure; a missed one fails.
fn judge((yardstick, most, growth_most): (f64, f64, f64), work: [f64; 2], said: usize, series: &[Look]) {
    let (third, sixth) = (series.len() / 3, (series.len() / 6).max(1));
    let end = median(series.iter().rev().take(sixth).map(|look| look.memory).collect());
    let heaps: Vec<_> = series[third..].iter().map(|look| (look.at, look.heap)).collect();
    let grown = growth(&heaps) / end;
    let busiest = work[0].max(work[1]);
    let goals = [
        (format!("PSS after {said} messages, ours / empty"), end / yardstick, most),
        ("growth of the heaps over the last two thirds, as a share of all".to_owned(), grown, growth_most),
        ("idle work of the busier app, as a share of a processor".to_owned(), busiest, IDLE_MOST),
    ];
    for (what, figure, most) in &goals {
        println!("{what}: {figure:.4}, at most {most}: {}", if figure <= most { "met" } else { "MISSED" });
    }
    assert!(goals.iter().all(|(_, figure, most)| figure <= most), "a goal was missed");
}

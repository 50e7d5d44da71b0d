//! The table, and whether the goals were met.

use std::process::ExitCode;

use super::arguments::Plan;
use super::figures::{Spread, median};
use super::load::FullLoad;
use super::rounds::{Contender, Figures};

/// Delivery at low load, as a multiple of the relay's.
const P50_MOST: f64 = 1.5;
const P99_MOST: f64 = 2.0;
/// Durable messages, as a share of bare group commit.
const SHARE_LEAST: f64 = 0.4;
/// Bytes for each idle visitor.
const IDLE_MOST: f64 = 16.0 * 1024.0;

/// A goal, as it came out.
pub(super) struct Goal {
    pub(super) what: String,
    pub(super) value: String,
    pub(super) limit: String,
    pub(super) met: bool,
}

/// Prints everything; the exit code is 1 where a goal was missed.
pub(super) fn print(plan: &Plan, figures: &Figures) -> ExitCode {
    let encrypted = if plan.encrypted { "encrypted" } else { "plain" };
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "\nMedians of {} rounds; {processors} processors shared with the clients; {encrypted} databases.",
        plan.rounds
    );
    let mut goals = Vec::new();
    if plan.wants("latency") {
        goals.extend(latency(figures));
    }
    if plan.wants("sustained") {
        goals.push(sustained(plan, figures));
    }
    if plan.wants("idle") {
        goals.push(idle(plan, figures));
    }
    tell(&goals)
}

/// Says of each goal whether it was met; the exit code is 1 where one was missed.
pub(super) fn tell(goals: &[Goal]) -> ExitCode {
    println!();
    for Goal { what, value, limit, met } in goals {
        println!("{:<8} {what:<62} {value:>10}  (goal: {limit})", if *met { "met" } else { "MISSED" });
    }
    if goals.iter().all(|goal| goal.met) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn latency(figures: &Figures) -> [Goal; 2] {
    println!("\nDelivery at low load, visitor's send to operator's event (of the echo: there and back), µs");
    println!("{:<34} {:>12} {:>12}", "", "p50", "p99");
    let line = |name: &str, contender: &Contender| {
        let spread = Spread::median(&contender.low_load);
        println!("{name:<34} {:>12.0} {:>12.0}", spread.p50, spread.p99);
        spread
    };
    line("echo", &figures.echo);
    let relay = line("minimal relay", &figures.relay);
    let desk = line("desk", &figures.desk);
    let goal = |what: &str, ratio: f64, most: f64| Goal {
        what: format!("delivery at low load, {what}, desk / relay"),
        value: format!("{ratio:.2} ×"),
        limit: format!("at most {most} ×"),
        met: ratio <= most,
    };
    [goal("p50", desk.p50 / relay.p50, P50_MOST), goal("p99", desk.p99 / relay.p99, P99_MOST)]
}

fn sustained(plan: &Plan, figures: &Figures) -> Goal {
    println!("\nFull load, {} visitors with 8 messages under way each", plan.visitors);
    println!(
        "{:<34} {:>12} {:>12} {:>12} {:>8} {:>12}",
        "", "messages/s", "p50, ms", "p99, ms", "lags", "chats in 50"
    );
    let syncs = median(figures.syncs.iter().copied());
    println!("{:<34} {syncs:>12.0}", "bare fdatasync of 4 KiB");
    let messages = median(figures.bare_messages.iter().copied());
    println!("{:<34} {messages:>12.0}", "bare group commit, message alone");
    let commits = median(figures.bare_commits.iter().copied());
    println!("{:<34} {commits:>12.0}", "bare group commit, message and uid");
    loaded("echo", &figures.echo);
    let relay = loaded("minimal relay", &figures.relay);
    let desk = loaded("desk", &figures.desk);
    println!("desk / relay {:.2}, desk / bare commit with uid {:.2}", desk / relay, desk / commits);
    let share = desk / messages;
    Goal {
        what: "durable messages, desk / bare group commit of the message".to_owned(),
        value: format!("{:.0} %", share * 100.0),
        limit: format!("at least {:.0} %", SHARE_LEAST * 100.0),
        met: share >= SHARE_LEAST,
    }
}

fn loaded(name: &str, contender: &Contender) -> f64 {
    let of = |part: fn(&FullLoad) -> f64| median(contender.full_load.iter().map(part));
    let rate = of(|load| load.rate);
    let (p50, p99) = (of(|load| load.delivery.p50 / 1e3), of(|load| load.delivery.p99 / 1e3));
    let lags = of(|load| load.lags as f64);
    let chats = match of(|load| load.chats) {
        chats if chats.is_nan() => String::new(),
        chats => format!("{chats:.1}"),
    };
    println!("{name:<34} {rate:>12.0} {p50:>12.1} {p99:>12.1} {lags:>8.0} {chats:>12}");
    rate
}

fn idle(plan: &Plan, figures: &Figures) -> Goal {
    println!("\nMemory for each of {} idle visitors, bytes", plan.idle);
    println!("{:<34} {:>12.0}", "minimal relay", median(figures.idle_relay.iter().copied()));
    let desk = median(figures.idle_desk.iter().copied());
    println!("{:<34} {desk:>12.0}", "desk");
    Goal {
        what: format!("the desk's memory for each of {} idle visitors", plan.idle),
        value: format!("{:.1} KiB", desk / 1024.0),
        limit: format!("at most {:.0} KiB", IDLE_MOST / 1024.0),
        met: desk <= IDLE_MOST,
    }
}

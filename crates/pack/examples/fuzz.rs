//! Throws made, spoilt and random templates at the compiler and checks what must always hold.
//!
//! `cargo run --release -p deskbell-pack --example fuzz -- [MINUTES] [SEED]`; each round prints its seed, and a failure
//! prints the seed that `fuzz -- 0 SEED` runs again.

#[path = "../tests/template/generator.rs"]
mod generator;
#[path = "../tests/template/random.rs"]
mod random;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use deskbell_pack::{Compiled, Place, compile};
use random::Chance;

const ROUND: u64 = 50_000;
/// What the template at hand is made of, for a panic's sake.
static SEED: AtomicU64 = AtomicU64::new(0);

fn main() -> ExitCode {
    let number = |at| std::env::args().nth(at).and_then(|word| word.parse::<u64>().ok());
    let minutes = number(1).unwrap_or(1);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut seed = number(2).unwrap_or(now << 20);
    std::panic::set_hook(Box::new(|told| eprintln!("{told}\nseed {}", SEED.load(Ordering::Relaxed))));
    let (began, mut tried, mut refused) = (Instant::now(), 0_u64, 0_u64);
    loop {
        for _ in 0..if minutes == 0 { 1 } else { ROUND } {
            match try_one(seed) {
                Ok(accepted) => refused += u64::from(!accepted),
                Err(what) => {
                    eprintln!("seed {seed}: {what}");
                    return ExitCode::FAILURE;
                }
            }
            tried += 1;
            seed = seed.wrapping_add(1);
        }
        if let Err(what) = is_linear(seed) {
            eprintln!("seed {seed}: {what}");
            return ExitCode::FAILURE;
        }
        println!("{:?}: {tried} templates, {refused} refused, next seed {seed}", began.elapsed());
        if began.elapsed() >= Duration::from_secs(minutes * 60) {
            return ExitCode::SUCCESS;
        }
    }
}

/// Whether it was accepted.
fn try_one(seed: u64) -> Result<bool, String> {
    SEED.store(seed, Ordering::Relaxed);
    let mut chance = Chance::new(seed);
    let source = source(&mut chance);
    let checked = match compile(&source) {
        Ok(compiled) => lines(&source, &compiled).and(places(&mut chance, &source, &compiled)).map(|()| true),
        Err((place, what)) if what.is_empty() => Err(format!("no word about {place:?}")),
        Err((place, _)) => within(&source, place).map(|()| false),
    };
    checked.map_err(|what| format!("{what}\n{source:?}"))
}

fn source(chance: &mut Chance) -> String {
    match chance.below(8) {
        0 => random_bytes(chance),
        1..=2 => generator::template(chance),
        3 => generator::template(chance) + &random_bytes(chance) + &generator::template(chance),
        times => {
            let mut source = generator::template(chance);
            for _ in 3..times {
                source = generator::spoilt(chance, &source);
            }
            source
        }
    }
}

fn random_bytes(chance: &mut Chance) -> String {
    let bytes: Vec<u8> =
        (0..chance.below(200)).map(|_| u8::try_from(chance.below(256)).unwrap_or(0)).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn count(text: &str) -> usize {
    let lone =
        text.bytes().zip(text.bytes().skip(1).chain([0])).filter(|pair| pair.0 == b'\r' && pair.1 != b'\n');
    1 + lone.count() + text.bytes().filter(|byte| *byte == b'\n').count()
}

/// As many lines, but for a comment up to the very end of a code piece, and what only an engine takes for a line's end.
fn lines(source: &str, compiled: &Compiled) -> Result<(), String> {
    let (before, after) = (count(source), count(compiled.script()));
    let rare = ["//", "<!--", "-->", "*/", "`", "yield", "await", "\u{2028}", "\u{2029}"];
    let slack = if rare.iter().any(|part| source.contains(part)) { source.matches("%>").count() } else { 0 };
    let less = source.matches(['\u{2028}', '\u{2029}']).count();
    if after + less < before || after > before + slack {
        return Err(format!("{before} lines became {after}"));
    }
    Ok(())
}

fn places(chance: &mut Chance, source: &str, compiled: &Compiled) -> Result<(), String> {
    let number = |chance: &mut Chance, limit| u32::try_from(chance.below(limit)).unwrap_or(u32::MAX);
    let lines = count(source) + 3;
    (0..8).try_for_each(|_| {
        let generated = Place { line: number(chance, lines), column: number(chance, 900) };
        within(source, compiled.place(generated))
    })?;
    within(source, compiled.place(Place { line: u32::MAX, column: u32::MAX }))
}

fn within(source: &str, place: Place) -> Result<(), String> {
    let unified = source.replace("\r\n", "\n").replace('\r', "\n");
    let line =
        usize::try_from(place.line).ok().and_then(|line| unified.split('\n').nth(line.checked_sub(1)?));
    let width = line.map(|line| line.chars().count() + 2);
    match width {
        Some(width)
            if place.column >= 1 && usize::try_from(place.column).is_ok_and(|column| column <= width) =>
        {
            Ok(())
        }
        _ => Err(format!("{place:?} is not in the template")),
    }
}

/// Four times the template takes about four times as long.
fn is_linear(seed: u64) -> Result<(), String> {
    let mut chance = Chance::new(seed);
    let part = source(&mut chance);
    if part.is_empty() {
        return Ok(());
    }
    let best = |bytes: usize| {
        let big = part.repeat(bytes / part.len() + 1);
        let times = (0..3).map(|_| {
            let began = Instant::now();
            std::hint::black_box(compile(&big).is_ok());
            began.elapsed()
        });
        times.min().unwrap_or_default()
    };
    // Another program may take the processor away for a while, but not five times.
    let mut last = (Duration::ZERO, Duration::ZERO);
    for _ in 0..5 {
        last = (best(250_000), best(1_000_000));
        if last.1 <= last.0 * 12 + Duration::from_millis(40) {
            return Ok(());
        }
    }
    Err(format!("250 KB take {:?}, 1 MB takes {:?}: {part:?}", last.0, last.1))
}

//! A program and all that it started, seen from outside: memory and processor time of the whole family.
//!
//! From /proc, so on Linux alone. Memory is PSS: pages that several processes share count by their share, so the sum
//! over a family is what would be free without it, as long as nobody else shares them.

use std::fs;
use std::time::Duration;

/// A tick of the processor's time as /proc counts it; Linux has 100 a second for programs everywhere.
const TICK: Duration = Duration::from_millis(10);

/// The process, all that it started, and all that they did.
pub fn family(first: u32) -> Vec<u32> {
    let parents: Vec<(u32, u32)> = processes().filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut family = vec![first];
    let mut at = 0;
    while let Some(pid) = family.get(at).copied() {
        family.extend(parents.iter().filter(|(_, parent)| *parent == pid).map(|(child, _)| *child));
        at += 1;
    }
    family
}

/// Every process that there is.
///
/// # Panics
/// Without a /proc.
pub fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").expect("/proc");
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// A process's memory (PSS) in bytes; `None` where it is gone.
pub fn memory(pid: u32) -> Option<u64> {
    part(pid, "Pss:")
}

/// What of it lies in no file: heaps and stacks. Nobody else has a share in them, whoever comes and goes beside.
pub fn heap(pid: u32) -> Option<u64> {
    part(pid, "Pss_Anon:")
}

fn part(pid: u32, name: &str) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024)
}

/// How long a process has worked on any processor; `None` where it is gone.
pub fn worked(pid: u32) -> Option<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = after_name(&stat)?.skip(11);
    let ticks: u32 = fields.next()?.parse::<u32>().ok()? + fields.next()?.parse::<u32>().ok()?;
    Some(TICK * ticks)
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    after_name(&stat)?.nth(1)?.parse().ok()
}

/// The fields behind the name, which may hold anything.
fn after_name(stat: &str) -> Option<std::str::SplitWhitespace<'_>> {
    Some(stat.rsplit(')').next()?.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_of_its_parents_family() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        assert!(family(std::process::id()).contains(&child.id()));
        assert_eq!(family(child.id()), [child.id()]);
        assert!(memory(std::process::id()).unwrap() > 100_000);
        assert!(heap(std::process::id()) <= memory(std::process::id()));
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn work_is_counted() {
        let before = worked(std::process::id()).unwrap();
        let mut sum = 0_u64;
        while worked(std::process::id()).unwrap() < before + 2 * TICK {
            sum = std::hint::black_box(sum + 1);
        }
        assert_eq!(worked(u32::MAX), None);
    }
}

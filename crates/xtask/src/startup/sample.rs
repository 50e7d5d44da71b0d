//! One start: the time to the first visible window, and the memory of the program with all its processes.

use std::collections::HashMap;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::stop::{Result, Stop};
use crate::{interrupt, process};

/// A window that takes longer does not come.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often the screen is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// After this the page has come to rest, and the memory is counted.
const REST: Duration = Duration::from_secs(3);

/// What one start took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sample {
    /// From exec to the first visible window.
    pub(super) ready_ms: f64,
    /// Proportional set size of the program and its descendants, in 10^6 bytes.
    pub(super) pss_mb: f64,
}

/// Several starts of one program.
#[derive(Default)]
pub(super) struct Samples(Vec<Sample>);

impl Samples {
    pub(super) fn add(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    /// Of each figure by itself.
    pub(super) fn median(&self) -> Sample {
        let of = |figure: fn(&Sample) -> f64| {
            let mut figures: Vec<f64> = self.0.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
        };
        Sample { ready_ms: of(|sample| sample.ready_ms), pss_mb: of(|sample| sample.pss_mb) }
    }
}

/// Starts it, looks, ends it. `search` makes an xdotool that looks at the program's screen.
pub(super) fn take(command: &mut Command, search: &dyn Fn() -> Command) -> Result<Sample> {
    let begun = Instant::now();
    let mut child = process::start(command)?;
    let sample = watch(&mut child, begun, search);
    process::ask(&child);
    process::end(&mut child)?;
    sample
}

fn watch(child: &mut Child, begun: Instant, search: &dyn Fn() -> Command) -> Result<Sample> {
    while !has_window(search(), child.id()) {
        if interrupt::asked() {
            return Err(Stop::interrupted());
        }
        if process::look(child)?.is_some() || begun.elapsed() > PATIENCE {
            return Err(Stop::because("A program ended, or took a minute, before it had a window."));
        }
        sleep(LOOK);
    }
    let ready_ms = begun.elapsed().as_secs_f64() * 1e3;
    sleep(REST);
    let pss: u64 = family(child.id(), &parents()).into_iter().map(pss_kib).sum();
    Ok(Sample { ready_ms, pss_mb: pss as f64 * 1.024e-3 })
}

fn has_window(mut search: Command, pid: u32) -> bool {
    search.stdout(Stdio::piped());
    let found = process::output(search.args(["search", "--all", "--onlyvisible", "--pid", &pid.to_string()]));
    found.is_some_and(|windows| !windows.trim().is_empty())
}

/// Every process and its parent.
fn parents() -> HashMap<u32, u32> {
    let pids = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = pids.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter_map(|pid| Some((pid, parent(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?)))
        .collect()
}

/// From `pid (name) state ppid …`; a name may hold spaces and brackets.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// The process and all that descend from it.
fn family(pid: u32, parents: &HashMap<u32, u32>) -> Vec<u32> {
    let mut family = vec![pid];
    let mut at = 0;
    while let Some(&older) = family.get(at) {
        family.extend(parents.iter().filter(|(_, parent)| **parent == older).map(|(child, _)| *child));
        at += 1;
    }
    family
}

/// A process that has just ended weighs nothing.
fn pss_kib(pid: u32) -> u64 {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_of_each_figure_by_itself() {
        let mut samples = Samples::default();
        for (ready_ms, pss_mb) in [(300.0, 90.0), (500.0, 70.0), (400.0, 80.0)] {
            samples.add(Sample { ready_ms, pss_mb });
        }
        assert_eq!(samples.median(), Sample { ready_ms: 400.0, pss_mb: 80.0 });
    }

    #[test]
    fn a_family_is_everything_below() {
        let parents = HashMap::from([(2, 1), (3, 2), (4, 2), (5, 4), (6, 1)]);
        let mut family = family(2, &parents);
        family.sort_unstable();
        assert_eq!(family, [2, 3, 4, 5]);
        assert_eq!(parent("42 (a b) c) S 7 1 1"), Some(7));
    }

    #[test]
    fn this_process_weighs_something() {
        assert!(pss_kib(std::process::id()) > 0);
        assert_eq!(pss_kib(0), 0);
    }
}

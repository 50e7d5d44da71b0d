//! The worker's limits: memory, time, no new file of any kind.

use std::io;

/// Memory beyond what the program has when it starts, in bytes: a file, its dots, and room to work.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 512 * 1024 * 1024;
/// Seconds of a processor.
#[cfg(unix)]
const CPU: u64 = 10;
/// The three that it was given.
#[cfg(unix)]
const FILES: u64 = 3;

/// Takes the limits upon this process, for good.
#[cfg(unix)]
pub(super) fn confine() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |what, most| setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) });
    limit(Resource::Core, 0)?;
    limit(Resource::Cpu, CPU)?;
    limit(Resource::Fsize, 0)?;
    #[cfg(target_os = "linux")]
    limit(Resource::As, taken()?.saturating_add(MEMORY))?;
    limit(Resource::Nofile, FILES)?;
    Ok(())
}

/// Elsewhere there is the time that the program gives it.
#[cfg(not(unix))]
pub(super) fn confine() -> io::Result<()> {
    Ok(())
}

/// Bytes of addresses that this process has: its libraries are many, and none of them is to blame.
#[cfg(target_os = "linux")]
fn taken() -> io::Result<u64> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kib: Option<u64> = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
    kib.map(|kib| kib * 1024).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

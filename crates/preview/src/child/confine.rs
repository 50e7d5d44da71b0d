//! The worker's limits: memory, time, no new file of any kind, and of the system only what reading and answering needs.

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

/// Takes the limits upon this process, for good. Nothing of a stranger's was read yet.
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
    jail();
    Ok(())
}

/// No system call but these: all others fail. A system that cannot do so leaves the limits above.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
fn jail() {
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter};
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let allowed = ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    let program = TargetArch::try_from(std::env::consts::ARCH)
        .and_then(|arch| SeccompFilter::new(allowed, refused, SeccompAction::Allow, arch))
        .and_then(BpfProgram::try_from);
    if let Ok(program) = program {
        let _ = apply_filter(&program);
    }
}

#[cfg(all(unix, not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))))]
fn jail() {}

/// For the pipes, for memory, for random numbers of hash tables, and for an end in good order or in none.
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
const ALLOWED: [i64; 22] = [
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_brk,
    libc::SYS_mmap,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_mprotect,
    libc::SYS_futex,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

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

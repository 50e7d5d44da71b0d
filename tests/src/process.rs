//! Processes that end with their owner.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long anything may take to start, and a condition to come true: 30 seconds, or as many as
/// `DESKBELL_TESTS_SECONDS` says where a test is meant to fail.
pub fn limit() -> Duration {
    let said = std::env::var("DESKBELL_TESTS_SECONDS").ok();
    Duration::from_secs(said.and_then(|seconds| seconds.parse().ok()).unwrap_or(30))
}

/// A child that is killed when it is dropped.
pub struct Process {
    child: Child,
    output: Arc<Mutex<String>>,
}

impl Process {
    /// Starts it; what it prints is kept for questions and for the report of a failure.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
        let output = Arc::new(Mutex::new(String::new()));
        listen(child.stdout.take().unwrap(), Arc::clone(&output));
        listen(child.stderr.take().unwrap(), Arc::clone(&output));
        Self { child, output }
    }

    /// What it printed so far.
    pub fn output(&self) -> String {
        self.output.lock().unwrap().clone()
    }

    /// Waits until it has printed this.
    pub fn wait_for_output(&mut self, words: &str) -> String {
        let until = Instant::now() + limit();
        loop {
            let output = self.output();
            if output.contains(words) {
                return output;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended ({ended:?}) before it said {words:?}:\n{output}");
            assert!(Instant::now() < until, "it never said {words:?}:\n{output}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until it has ended; its exit code.
    pub fn wait_for_end(&mut self) -> Option<i32> {
        let until = Instant::now() + limit();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < until, "it does not end:\n{}", self.output());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// kill -9.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// A signal by name (`TERM`, `INT`), as a person's shell would send it.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let done = Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap();
        assert!(done.success());
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("--- printed by process {}:\n{}", self.child.id(), self.output());
        }
    }
}

fn listen(stream: impl Read + Send + 'static, output: Arc<Mutex<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut output = output.lock().unwrap();
            output.push_str(&line);
            output.push('\n');
        }
    });
}

/// A port that nobody listens on at the moment, below those that the system gives to whoever dials: one of those would be
/// lost to another program, or to a client that dials itself, before the desk that is to have it starts.
pub fn free_port() -> u16 {
    const PORTS: std::ops::Range<u16> = 10_000..32_000;
    let drawn = || RandomState::new().hash_one(std::process::id());
    let ports =
        std::iter::repeat_with(|| PORTS.start + (drawn() % u64::from(PORTS.end - PORTS.start)) as u16);
    ports.take(1_000).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}

/// A program of ours, built before the tests.
pub fn program(name: &str) -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let folder = tests.ancestors().nth(2).unwrap();
    let program = folder.join(name);
    assert!(program.exists(), "{name} is not built: cargo xtask test builds it before these tests");
    program
}

/// The processes whose command line names this path, youngest last.
pub fn processes_naming(path: &Path) -> Vec<u32> {
    let named = |pid: &u32| {
        std::fs::read(format!("/proc/{pid}/cmdline"))
            .is_ok_and(|line| String::from_utf8_lossy(&line).contains(path.to_str().unwrap()))
    };
    let entries = std::fs::read_dir("/proc").unwrap();
    let mut pids: Vec<u32> =
        entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect();
    pids.retain(named);
    pids.sort_unstable();
    pids
}

/// kill -9 by number, and wait until it is gone.
pub fn kill_pid(pid: u32) {
    let _ = Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status();
    let until = Instant::now() + limit();
    while is_running(pid) {
        assert!(Instant::now() < until, "process {pid} survives");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A signal by name (`TERM`, `INT`) to a process by its number; one that is gone already is none.
pub fn signal_pid(pid: u32, name: &str) {
    let _ = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status();
}

/// A zombie that nobody has waited for runs no more.
fn is_running(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim().is_empty() && !rest.trim().starts_with('Z'))
}

//! What the worker may do, by what the system says of the process.

#[cfg(target_os = "linux")]
#[test]
fn threats_39_the_worker_has_little_of_everything() {
    use std::io::{Read as _, Write as _};
    use std::process::{Command, Stdio};

    let mut child = Command::new(env!("CARGO_BIN_EXE_deskbell-preview-worker"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It answers as soon as it knows that it cannot: then it has taken its limits, and waits for the answer to be read.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"picture image/png 64\n\x89PNG").unwrap();
    let of = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let value = |name: &str| {
        let limits = of("limits");
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().next().unwrap().to_owned()
    };
    while value("Max open files") != "3" {
        assert!(std::time::Instant::now() < until, "{}", of("limits"));
        std::thread::yield_now();
    }
    assert_eq!(value("Max cpu time"), "10");
    assert_eq!(value("Max file size"), "0");
    assert_eq!(value("Max core file size"), "0");
    let memory: u64 = value("Max address space").parse().unwrap();
    assert!(memory < 1024 * 1024 * 1024, "{memory}");
    let jail = || {
        of("status").lines().find_map(|line| line.strip_prefix("Seccomp:")).map(|mode| mode.trim().to_owned())
    };
    while jail().is_some_and(|mode| mode != "2") {
        assert!(std::time::Instant::now() < until, "{}", of("status"));
        std::thread::yield_now();
    }
    drop(stdin);
    let mut said = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut said).unwrap();
    assert_eq!(said.len(), 16, "an end, and no dots");
    assert!(child.wait().unwrap().success());
}

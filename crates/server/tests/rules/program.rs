//! `deskbell-server` as a process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

pub(crate) fn server(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deskbell-server"));
    command.env_clear().env("HOME", home);
    command
}

pub(crate) fn run(command: &mut Command, input: &str) -> Output {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// One sentence, and nothing else.
pub(crate) fn complains(output: &Output) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.ends_with(".\n"), "{text}");
    text
}

/// A desk's process, ended with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The address and the link that a desk says when it listens.
pub(crate) fn ready(child: &mut Child) -> (String, String) {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let address = first.strip_prefix("deskbell-server ready on ").unwrap().to_owned();
    (address, lines.next().unwrap().unwrap())
}

#[cfg(unix)]
pub(crate) fn terminate(child: &Child) {
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
}

#[cfg(unix)]
#[test]
fn the_program_starts_adds_operators_and_ends_in_order() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let serve = || {
        let mut command = server(home.path());
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().unwrap())
    };
    let mut running = serve();
    let (address, link) = ready(&mut running.0);
    assert_eq!(link, format!("deskbell://join?host={address}&site=main"));
    let key = home.path().join(".config/deskbell/desk.key");
    assert_eq!(std::fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let add = ["operator", "add", "--name", "Ann", "--login", "ann"];
    let added = run(server(home.path()).args(add), "correct horse\n");
    assert!(added.status.success(), "while the desk runs: {added:?}");
    assert!(complains(&run(server(home.path()).args(add), "correct horse\n")).contains("login is taken"));
    assert!(complains(&run(server(home.path()).args(add), "short\n")).contains("8 to 1,000"));
    let listed = run(server(home.path()).args(["operator", "list"]), "");
    assert!(
        String::from_utf8(listed.stdout).unwrap().ends_with("\tann\tAnn\tadmin\n"),
        "the first looks after the desk"
    );
    assert!(
        complains(&run(server(home.path()).args(["--listen", "127.0.0.1:0"]), "")).contains("Another desk")
    );
    let elsewhere = tempfile::tempdir().unwrap();
    let busy = run(server(elsewhere.path()).args(["--listen", &address]), "");
    assert!(complains(&busy).contains("already in use"));
    terminate(&running.0);
    assert!(running.0.wait().unwrap().success());
    let data = home.path().join(".local/share/deskbell-server");
    let log = std::fs::metadata(data.join("desk.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log, 0, "everything is in the file");
    std::fs::write(&key, "00".repeat(32)).unwrap();
    // Not on the usual port: whoever runs the tests may run a desk as well.
    let any_port = ["--listen", "127.0.0.1:0"];
    assert!(complains(&run(server(home.path()).args(any_port), "")).contains("key does not fit"));
    std::fs::write(&key, "nonsense").unwrap();
    assert!(complains(&run(server(home.path()).args(any_port), "")).contains("64 hexadecimal digits"));
}

#[test]
fn where_things_lie_is_said_before_or_behind_the_command_and_who_looks_after_the_desk_is_listed() {
    let home = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let data = elsewhere.path().join("data");
    let place = ["--data", data.to_str().unwrap()];
    let account = |login: &'static str| ["operator", "add", "--name", "N", "--login", login];
    let before = run(server(home.path()).args(place).args(account("first")), "correct horse\n");
    assert!(before.status.success(), "{before:?}");
    let behind = run(server(home.path()).args(account("second")).args(place), "correct horse\n");
    assert!(behind.status.success(), "{behind:?}");
    let third = run(server(home.path()).args(account("third")).arg("--admin").args(place), "correct horse\n");
    assert!(third.status.success(), "{third:?}");
    let lists = [
        run(server(home.path()).args(place).args(["operator", "list"]), ""),
        run(server(home.path()).args(["operator", "list"]).args(place), ""),
    ];
    for listed in lists {
        let text = String::from_utf8(listed.stdout).unwrap();
        let ends: Vec<_> = text.lines().map(|line| line.split_once('\t').unwrap().1).collect();
        assert_eq!(ends, ["first\tN\tadmin", "second\tN", "third\tN\tadmin"]);
    }
    assert!(!home.path().join(".local").exists(), "nothing lies where nobody said");
    let misplaced = run(server(home.path()).args(["--listen", "127.0.0.1:0", "operator", "list"]), "");
    assert!(complains(&misplaced).contains("make no sense before another command"));
}

#[test]
fn threats_15_an_origin_that_is_none_is_refused_with_a_sentence() {
    let home = tempfile::tempdir().unwrap();
    let output = run(server(home.path()).args(["--allow-origin", "nonsense"]), "");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("nonsense") && said.contains("an origin is https://host"), "{said}");
    assert!(!home.path().join(".local").exists(), "nothing was begun");
}

#[test]
fn threats_44_the_key_may_not_lie_beside_the_data() {
    let home = tempfile::tempdir().unwrap();
    let inside = home.path().join("data/../data/key");
    let output = run(
        server(home.path()).arg("--data").arg(home.path().join("data")).arg("--key-file").arg(inside),
        "",
    );
    assert!(complains(&output).contains("must not lie in the data folder"));
    assert!(!home.path().join("data").exists());
}

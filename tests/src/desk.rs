//! The desk as a program of its own.

use std::path::PathBuf;

use crate::process::{Process, free_port, program};
use crate::world::World;

/// The password of every operator here.
pub const PASSWORD: &str = "correct horse battery";

/// A `deskbell-server`, on a port that stays the same over restarts.
pub struct Desk<'a> {
    world: &'a World,
    name: &'a str,
    port: u16,
    process: Option<Process>,
}

impl<'a> Desk<'a> {
    /// A desk that is not started yet.
    pub fn new(world: &'a World) -> Self {
        Self::new_at(world, "desk")
    }

    /// A further one, with a folder and a key of its own.
    pub fn new_at(world: &'a World, name: &'a str) -> Self {
        Self { world, name, port: free_port(), process: None }
    }

    /// Where visitors and operators find it.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.world.path(self.name)
    }

    /// Starts it, and waits until it answers.
    pub fn start(&mut self) {
        let listen = self.address();
        let mut process = Process::start(self.command(&["serve"]).args(["--listen", &listen]));
        process.wait_for_output("ready");
        self.process = Some(process);
    }

    /// Starts it so that it speaks TLS: on every address of this computer.
    pub fn start_encrypted(&mut self) {
        let listen = format!("0.0.0.0:{}", self.port);
        let mut process = Process::start(self.command(&["serve"]).args(["--listen", &listen]));
        process.wait_for_output("deskbell://");
        self.process = Some(process);
    }

    /// The link that it shows, as it leads to it from here.
    pub fn join_link(&self) -> String {
        let output = self.output();
        let link = output.split_whitespace().find(|word| word.starts_with("deskbell://")).unwrap();
        let host = link.split("host=").nth(1).unwrap().split('&').next().unwrap();
        link.replace(host, &self.address())
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.process.as_mut().unwrap().kill();
        self.process = None;
    }

    /// Makes an account, while the desk does not run.
    pub fn add_operator(&self, name: &str, login: &str) {
        let password = self.world.path("password");
        std::fs::write(&password, PASSWORD).unwrap();
        let mut command = self.command(&["operator", "add"]);
        command.args(["--name", name, "--login", login, "--password-file"]).arg(&password);
        let mut added = Process::start(&mut command);
        assert_eq!(added.wait_for_end(), Some(0), "{}", added.output());
        std::fs::remove_file(password).unwrap();
    }

    /// Runs it for another command, whether it serves or not; what that printed.
    pub fn run(&self, words: &[&str]) -> String {
        let mut done = Process::start(&mut self.command(words));
        assert_eq!(done.wait_for_end(), Some(0), "{}", done.output());
        done.output()
    }

    /// What it printed.
    pub fn output(&self) -> String {
        self.process.as_ref().map(Process::output).unwrap_or_default()
    }

    fn command(&self, words: &[&str]) -> std::process::Command {
        let mut command = self.world.command(&program("deskbell-server"));
        command
            .args(words)
            .arg("--data")
            .arg(self.data())
            .arg("--key-file")
            .arg(self.world.path(&format!("{}.key", self.name)));
        command
    }
}

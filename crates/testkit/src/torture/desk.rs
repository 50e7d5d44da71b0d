//! The desk's process.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use deskbell_wire::JoinLink;

use super::Trouble;

/// Every operator's password.
pub(super) const PASSWORD: &str = "correct horse battery staple";

/// A process that ends with its owner.
pub(super) struct Leash(pub(super) Child);

impl Leash {
    /// SIGKILL, and waits until it is gone.
    pub(super) fn kill(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A desk that can be killed and started again on its folder and port.
pub(super) struct DeskProcess {
    server: PathBuf,
    data: PathBuf,
    key: PathBuf,
    address: SocketAddr,
    dedup: bool,
    /// With its output: a desk that nobody listens to ends.
    process: Option<(Leash, BufReader<ChildStdout>)>,
}

impl DeskProcess {
    /// Adds operators, by name and login, and starts it. The first looks after the desk.
    pub(super) fn start(
        server: &Path,
        folder: &Path,
        dedup: bool,
        operators: &[(&str, &str)],
    ) -> Result<Self, Trouble> {
        // Free now; a kill leaves the port to the next start.
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut desk = Self {
            server: server.to_owned(),
            data: folder.join("desk"),
            key: folder.join("desk.key"),
            address,
            dedup,
            process: None,
        };
        operators.iter().try_for_each(|(name, login)| desk.add_operator(folder, name, login))?;
        desk.spawn()?;
        Ok(desk)
    }

    /// Where it is.
    pub(super) fn link(&self) -> Result<JoinLink, Trouble> {
        Ok(self.address.to_string().parse()?)
    }

    /// The same without what a link has beside it.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    fn add_operator(&self, folder: &Path, name: &str, login: &str) -> Result<(), Trouble> {
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD)?;
        let mut add = Command::new(&self.server);
        add.args(["operator", "add", "--name", name, "--login", login, "--password-file"]).arg(password);
        self.place(&mut add);
        let ended = add.stdin(Stdio::null()).stdout(Stdio::null()).status()?;
        if ended.success() { Ok(()) } else { Err("the operator could not be added".into()) }
    }

    fn place(&self, command: &mut Command) {
        command.arg("--data").arg(&self.data).arg("--key-file").arg(&self.key);
    }

    /// Starts it, and waits until it says that it is ready.
    pub(super) fn spawn(&mut self) -> Result<(), Trouble> {
        let mut command = Command::new(&self.server);
        command.args(["serve", "--unsafe-unpaced", "--listen", &self.address.to_string()]);
        if !self.dedup {
            command.arg("--unsafe-no-dedup");
        }
        self.place(&mut command);
        let log = std::fs::File::options().create(true).append(true).open(self.data.with_extension("log"))?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
        let out = child.stdout.take();
        let mut leash = Leash(child);
        let mut out = BufReader::new(out.ok_or("no output")?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        if !line.contains("ready on") {
            leash.kill();
            let log = std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default();
            return Err(format!("the desk did not start: {log}").into());
        }
        self.process = Some((leash, out));
        Ok(())
    }

    /// SIGKILL.
    pub(super) fn kill(&mut self) {
        self.process = None;
    }
}

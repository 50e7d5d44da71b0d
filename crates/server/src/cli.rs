//! The command line: where things lie, and what is printed.

mod key_file;
#[cfg(test)]
mod manual;
mod origin;
mod pack;

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use clap::{Args, Parser, Subcommand};
use deskbell_server::packs::PackError;
use deskbell_server::{
    DeskError, DeskLimits, DeskOptions, RunningDesk, Tls, add_admin, add_operator, backup, list_operators,
    start,
};
use deskbell_wire::SiteKey;
use zeroize::{Zeroize as _, Zeroizing};

/// The desk that Deskbell's visitors and operators connect to.
#[derive(Parser)]
#[command(name = "deskbell-server", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Run the desk (what happens without a command, too).
    Serve(Box<Serve>),
    /// The accounts of operators.
    #[command(subcommand)]
    Operator(Operator),
    /// Copy the desk into a new folder, while it runs or not.
    Backup {
        /// The folder; it must not exist.
        to: PathBuf,
    },
    /// The packs of the sites: the forms that visitors see.
    #[command(subcommand)]
    Pack(pack::PackCommand),
}

/// Stands before or behind the command.
#[derive(Args)]
struct Place {
    /// The folder of the desk's database.
    #[arg(long, value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// The file of the database's key; made at the first start. Must not lie in the data folder.
    #[arg(long, value_name = "FILE", global = true)]
    key_file: Option<PathBuf>,
}

#[derive(Args, Default, PartialEq, Eq)]
struct Serve {
    /// Where to listen: 127.0.0.1:7717 unless said otherwise. Anywhere but on this very computer the connection is
    /// encrypted.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The certificate's chain, PEM; without one the desk makes its own and clients pin it.
    #[arg(long, value_name = "FILE", requires = "cert_key")]
    cert: Option<PathBuf>,
    /// The certificate's key, PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    cert_key: Option<PathBuf>,
    /// The name or address by which clients reach the desk.
    #[arg(long, value_name = "HOST")]
    public_host: Option<String>,
    /// A web origin whose pages may connect; the apps need none.
    #[arg(long, value_name = "ORIGIN", value_parser = origin::parse)]
    allow_origin: Vec<String>,
    /// For tests of endurance: no limit on how fast anybody goes.
    #[arg(long, hide = true)]
    unsafe_unpaced: bool,
    /// For a test that has to see its own check fail: an entry that comes twice is taken twice.
    #[arg(long, hide = true)]
    unsafe_no_dedup: bool,
}

#[derive(Subcommand)]
enum Operator {
    /// Add an account.
    Add(Add),
    /// List the accounts.
    List,
}

#[derive(Args)]
struct Add {
    /// What visitors see.
    #[arg(long)]
    name: String,
    /// What the operator signs in with.
    #[arg(long)]
    login: String,
    /// A file whose first line is the password; without one it is asked for, or read from standard input.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// The account looks after the desk: it may change the settings. The first account does in any case.
    #[arg(long)]
    admin: bool,
}

/// Why the program ends with an error: one sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error("{0}")]
    Desk(#[from] DeskError),
    #[error("There is no home folder; say --data and --key-file.")]
    NoHome,
    #[error("The key's file must not lie in the data folder: a copy of the folder would carry its own key.")]
    KeyBesideData,
    #[error("The key's file {} cannot be read or made ({}).", .0.display(), .1)]
    KeyFile(PathBuf, io::ErrorKind),
    #[error("The key's file {} does not hold 64 hexadecimal digits.", .0.display())]
    BadKey(PathBuf),
    #[error("The password cannot be read ({0}).")]
    Password(io::ErrorKind),
    #[error("The two passwords are not the same.")]
    Mistyped,
    #[error("Options of `serve` make no sense before another command; only --data and --key-file do.")]
    Misplaced,
    #[error("{0}")]
    Folder(#[from] pack::BadFolder),
    #[error("{0}")]
    Pack(#[from] PackError),
    #[error("There is no pack of the site {0}.")]
    NoPack(SiteKey),
    #[error("Standard output is closed.")]
    Output,
    #[error("The signals of the operating system cannot be watched ({0}).")]
    Signals(io::ErrorKind),
}

/// Does what the command line says.
pub(crate) fn run() -> Result<(), CliError> {
    tracing_subscriber::fmt().with_writer(io::stderr).with_target(false).init();
    let Cli { command, place, serve: before } = Cli::parse();
    match command {
        None => serve(&place, before),
        Some(_) if before != Serve::default() => Err(CliError::Misplaced),
        Some(Command::Serve(options)) => serve(&place, *options),
        Some(Command::Operator(Operator::Add(account))) => add(&place, &account),
        Some(Command::Operator(Operator::List)) => list(&place),
        Some(Command::Backup { to }) => {
            backup(&place.options()?, &to)?;
            say(&format!("The desk was copied to {}.\n", to.display()))
        }
        Some(Command::Pack(command)) => pack::run(&place, &command),
    }
}

fn serve(place: &Place, serve: Serve) -> Result<(), CliError> {
    let mut options = place.options()?;
    options.listen = serve.listen.unwrap_or(options.listen);
    options.public_host = serve.public_host;
    options.origins = serve.allow_origin;
    options.dedup = !serve.unsafe_no_dedup;
    if serve.unsafe_unpaced {
        options.limits = DeskLimits::unpaced();
    }
    if let (Some(certificate), Some(key)) = (serve.cert, serve.cert_key) {
        options.tls = Tls::Files { certificate, key };
    }
    let signals = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let signals = signals.map_err(|error| CliError::Signals(error.kind()))?;
    // Watched from here on: a signal that comes while the desk starts ends it in order, too.
    let ended =
        signals.block_on(async { Ended::watch() }).map_err(|error| CliError::Signals(error.kind()))?;
    let desk = start(options)?;
    announce(&desk)?;
    signals.block_on(ended.wait());
    desk.stop();
    Ok(())
}

fn announce(desk: &RunningDesk) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    let link = desk.join_link(&SiteKey::main());
    writeln!(out, "deskbell-server ready on {}\n{link}", desk.address())
        .and_then(|()| out.flush())
        .map_err(|_| CliError::Output)?;
    if !desk.has_operators()? {
        eprintln!("There is no operator yet: deskbell-server operator add --name NAME --login LOGIN");
    }
    Ok(())
}

fn add(place: &Place, account: &Add) -> Result<(), CliError> {
    let options = place.options()?;
    let password = read_password(account.password_file.as_deref())?;
    let make = if account.admin { add_admin } else { add_operator };
    let card = make(&options, &account.name, &account.login, &password)?;
    say(&format!("{} may sign in as {}.\n", card.name, account.login))
}

fn list(place: &Place) -> Result<(), CliError> {
    let mut text = String::new();
    for entry in list_operators(&place.options()?)? {
        let login =
            if entry.login.is_empty() { "(no password: at this computer only)" } else { &entry.login };
        let admin = if entry.admin { "\tadmin" } else { "" };
        text.push_str(&format!("{}\t{login}\t{}{admin}\n", entry.card.id, entry.card.name));
    }
    say(&text)
}

fn say(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|_| CliError::Output)
}

impl Place {
    fn options(&self) -> Result<DeskOptions, CliError> {
        let data = self.data()?;
        let key_file = match &self.key_file {
            Some(file) => file.clone(),
            None => home("XDG_CONFIG_HOME", ".config")?.join("deskbell/desk.key"),
        };
        if key_file::lies_in(&key_file, &data) {
            return Err(CliError::KeyBesideData);
        }
        Ok(DeskOptions {
            data: Some(data),
            key: Some(key_file::read_or_make(&key_file)?),
            ..DeskOptions::default()
        })
    }

    fn data(&self) -> Result<PathBuf, CliError> {
        match &self.data {
            Some(data) => Ok(data.clone()),
            None => Ok(home("XDG_DATA_HOME", ".local/share")?.join("deskbell-server")),
        }
    }
}

fn home(variable: &str, below: &str) -> Result<PathBuf, CliError> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set(variable)
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").or_else(|| set("USERPROFILE")).map(|home| home.join(below)))
        .ok_or(CliError::NoHome)
}

/// The first line of the file or of standard input; on a terminal asked for twice, and not shown.
fn read_password(file: Option<&Path>) -> Result<Zeroizing<String>, CliError> {
    let failed = |error: io::Error| CliError::Password(error.kind());
    let mut text = Zeroizing::new(String::new());
    match file {
        Some(file) => {
            fs::File::open(file).and_then(|mut file| file.read_to_string(&mut text)).map_err(failed)?;
        }
        None if io::stdin().is_terminal() => {
            let ask = |prompt: &str| rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(failed);
            let typed = ask("Password: ")?;
            let same = *typed == *ask("The same again: ")?;
            return if same { Ok(typed) } else { Err(CliError::Mistyped) };
        }
        None => {
            io::stdin().read_line(&mut text).map_err(failed)?;
        }
    }
    let mut line = text.lines().next().unwrap_or_default().to_owned();
    let password = Zeroizing::new(line.clone());
    line.zeroize();
    Ok(password)
}

/// The end, as the operating system says it.
struct Ended {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Ended {
    #[cfg(unix)]
    fn watch() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn watch() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn wait(self) {
        // Without the signal nothing but the task manager ends the desk; the write-ahead log keeps everything.
        let _ = tokio::signal::ctrl_c().await;
    }
}

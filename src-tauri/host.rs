//! The desk inside this program: the one place that knows crates/server.
//!
//! What must always hold: its database is encrypted with the profile's key or kept in memory, never plain on the
//! disk; whoever runs the program owns the desk, so an owner without a password comes in here and nowhere else.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use deskbell_api::dto::{AppFace, Connected, Hosting, Locale, Problem};
use deskbell_api::profile::{Keep, ProfileSecrets};
use deskbell_server::{DeskError, DeskOptions, RunningDesk};
use deskbell_wire::limits::NAME_CHARS;
use deskbell_wire::{DeviceId, JoinLink, Secret, SiteKey};
use zeroize::Zeroizing;

use crate::problem;
use crate::profile::Profile;

/// A desk that runs; clones mean the same one.
#[derive(Clone)]
pub(crate) struct HostedDesk {
    /// One question at a time; each takes milliseconds.
    desk: Arc<Mutex<RunningDesk>>,
    device: DeviceId,
    key: Secret,
    locale: Locale,
}

/// The first account, as the operator's window asks for it.
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) password: String,
}

impl HostedDesk {
    /// Starts the profile's desk.
    pub(crate) fn start(
        profile: &Profile,
        (secrets, keep): (&ProfileSecrets, &Keep),
        listen: SocketAddr,
        locale: Locale,
    ) -> Result<Self, Problem> {
        let data = match keep {
            Keep::Disk { .. } => Some(profile.desk_folder()),
            // A second, empty desk under the first one's address would send its visitors' apps away.
            Keep::SessionOnly if profile.has_desk() => {
                return Err(problem::say("desk_shut", locale));
            }
            Keep::SessionOnly => None,
        };
        let key = Some(Zeroizing::new(*secrets.desk_key.bytes()));
        let options = DeskOptions { data, key, listen, ..DeskOptions::default() };
        let desk = deskbell_server::start(options).map_err(|error| say(&error, locale))?;
        Ok(Self {
            desk: Arc::new(Mutex::new(desk)),
            device: secrets.device_id,
            key: secrets.desk_key.clone(),
            locale,
        })
    }

    /// The way for this very program: it stays when the computer changes its network.
    pub(crate) fn own_link(&self) -> JoinLink {
        let desk = self.desk();
        let link = desk.join_link(&SiteKey::main());
        match desk.address().ip() {
            IpAddr::V4(Ipv4Addr::UNSPECIFIED) => JoinLink { host: Ipv4Addr::LOCALHOST.to_string(), ..link },
            IpAddr::V6(Ipv6Addr::UNSPECIFIED) => JoinLink { host: Ipv6Addr::LOCALHOST.to_string(), ..link },
            _ => link,
        }
    }

    /// What the window says of it.
    pub(crate) fn hosting(&self) -> Hosting {
        let desk = self.desk();
        Hosting {
            address: desk.address().to_string(),
            link: desk.join_link(&SiteKey::main()).to_string(),
            problem: None,
        }
    }

    /// The token of an owner without a password, who is made first where `owner` names one and there is no account.
    /// `None`: there is none, or one with a password.
    pub(crate) fn owner_token(&self, owner: Option<&str>) -> Result<Option<Secret>, Problem> {
        let accounts = self.said(self.desk().list_operators())?;
        match (accounts.first(), owner) {
            (Some(first), _) if !first.login.is_empty() => return Ok(None),
            (None, None) => return Ok(None),
            (None, Some(name)) => drop(self.said(self.desk().add_owner(name))?),
            (Some(_), _) => {}
        }
        self.local_token().map(Some)
    }

    /// Nobody can sign in yet.
    pub(crate) fn needs_account(&self) -> Result<bool, Problem> {
        Ok(!self.said(self.desk().has_operators())?)
    }

    /// Makes the first account and signs it in.
    pub(crate) fn set_up(&self, account: &Account) -> Result<Secret, Problem> {
        if !self.needs_account()? {
            return Err(problem::say("forbidden", self.locale));
        }
        let Account { name, login, password } = account;
        self.desk().add_operator(name, login.trim(), password).map_err(|error| match error {
            DeskError::BadAccount(_) => problem::say(account.wrong_part(), self.locale),
            error => say(&error, self.locale),
        })?;
        self.local_token()
    }

    /// Where it listens.
    pub(crate) fn listens(&self) -> SocketAddr {
        self.desk().address()
    }

    /// Who is connected besides this program.
    pub(crate) fn connected(&self) -> Result<Vec<Connected>, Problem> {
        let there = self.said(self.desk().attendants(self.device))?;
        let side = |operator| if operator { AppFace::Operator } else { AppFace::Visitor };
        Ok(there.into_iter().map(|one| Connected { name: one.name, side: side(one.operator) }).collect())
    }

    /// Copies the desk to a new folder while it runs.
    pub(crate) fn copy(&self, to: &Path) -> Result<(), Problem> {
        // The handle is free again before the copy begins: it may take minutes.
        let way = self.desk().backup();
        self.said(self.said(way)?.write(to))
    }

    /// What opens its database, as the file of `--key-file` of deskbell-server has it.
    pub(crate) fn key_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(65));
        for byte in self.key.bytes() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
        text
    }

    /// Ends the desk: everyone who is connected is told.
    pub(crate) fn stop(self) {
        if let Some(desk) = Arc::into_inner(self.desk) {
            desk.into_inner().unwrap_or_else(PoisonError::into_inner).stop();
        }
    }

    fn desk(&self) -> MutexGuard<'_, RunningDesk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn local_token(&self) -> Result<Secret, Problem> {
        self.said(self.desk().local_session(self.device)).map(|(_, token)| token)
    }

    fn said<T>(&self, answer: Result<T, DeskError>) -> Result<T, Problem> {
        answer.map_err(|error| say(&error, self.locale))
    }
}

impl Account {
    /// The part that a desk refuses, as a code.
    fn wrong_part(&self) -> &'static str {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
            "name"
        } else if self.login.trim().is_empty() || self.login.trim().contains(char::is_whitespace) {
            "login"
        } else {
            "password"
        }
    }
}

/// The desk's words for its owner, in the person's language.
fn say(error: &DeskError, locale: Locale) -> Problem {
    tracing::error!(%error, "the desk inside this program");
    let code = match error {
        DeskError::PortInUse(_) => "port_in_use",
        DeskError::ListenDenied(_) => "listen_denied",
        DeskError::Listen { .. } => "listen",
        DeskError::DataDenied => "data_folder",
        DeskError::DataInUse => "desk_in_use",
        DeskError::Corrupt => "store_corrupt",
        DeskError::Newer => "store_newer",
        DeskError::WrongKey => "store_key",
        DeskError::Full => "disk_full",
        DeskError::Disk(_) => "store_io",
        DeskError::Certificate(_) => "tls",
        DeskError::LoginTaken => "login_taken",
        DeskError::NoDesk => "desk_in_memory",
        DeskError::Stopped => "stopped",
        _ => "desk_failed",
    };
    problem::say(code, locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

    fn profile() -> (tempfile::TempDir, Profile, ProfileSecrets) {
        let data = tempfile::tempdir().unwrap();
        let profile = Profile::open("anna", Some(data.path())).unwrap();
        (data, profile, ProfileSecrets::generate(Locale::En).unwrap())
    }

    fn start(profile: &Profile, secrets: &ProfileSecrets, keep: &Keep) -> Result<HostedDesk, Problem> {
        HostedDesk::start(profile, (secrets, keep), FREE, Locale::En)
    }

    fn account(name: &str, login: &str, password: &str) -> Account {
        Account { name: name.to_owned(), login: login.to_owned(), password: password.to_owned() }
    }

    #[test]
    fn an_owner_without_a_password_comes_in_at_every_start() {
        let (_data, profile, secrets) = profile();
        let keep = Keep::Disk { folder: profile.folder.clone() };
        let desk = start(&profile, &secrets, &keep).unwrap();
        assert_eq!(desk.owner_token(None).unwrap(), None, "nobody asked for an owner");
        let first = desk.owner_token(Some("Anna")).unwrap().unwrap();
        desk.stop();
        let desk = start(&profile, &secrets, &keep).unwrap();
        let second = desk.owner_token(None).unwrap().unwrap();
        assert_ne!(first, second);
        assert!(!desk.needs_account().unwrap());
    }

    #[test]
    fn threats_8_an_owner_with_a_password_needs_it() {
        let (_data, profile, secrets) = profile();
        let desk = start(&profile, &secrets, &Keep::SessionOnly).unwrap();
        desk.set_up(&account("Anna", "anna", "long enough")).unwrap();
        assert_eq!(desk.owner_token(Some("Eve")).unwrap(), None);
        let again = desk.set_up(&account("Eve", "eve", "long enough")).unwrap_err();
        assert_eq!(again.code, "forbidden");
    }

    #[test]
    fn a_wrong_account_says_what_is_wrong_with_it() {
        let (_data, profile, secrets) = profile();
        let desk = start(&profile, &secrets, &Keep::SessionOnly).unwrap();
        for (name, login, password, code) in [
            (" ", "anna", "long enough", "name"),
            ("Anna", " ", "long enough", "login"),
            ("Anna", "an na", "long enough", "login"),
            ("Anna", "anna", "short", "password"),
        ] {
            assert_eq!(desk.set_up(&account(name, login, password)).unwrap_err().code, code);
        }
    }

    #[test]
    fn a_port_in_use_is_said() {
        let (_data, profile, secrets) = profile();
        let taken = std::net::TcpListener::bind(FREE).unwrap();
        let there = taken.local_addr().unwrap();
        let started = HostedDesk::start(&profile, (&secrets, &Keep::SessionOnly), there, Locale::En);
        assert_eq!(started.err().map(|problem| problem.code).as_deref(), Some("port_in_use"));
    }

    #[test]
    fn threats_44_a_desk_whose_key_is_gone_is_left_alone() {
        let (_data, profile, secrets) = profile();
        start(&profile, &secrets, &Keep::Disk { folder: profile.folder.clone() }).unwrap().stop();
        let code = |started: Result<HostedDesk, Problem>| started.err().map(|problem| problem.code);
        assert_eq!(code(start(&profile, &secrets, &Keep::SessionOnly)).as_deref(), Some("desk_shut"));
        let other = ProfileSecrets::generate(Locale::En).unwrap();
        let keep = Keep::Disk { folder: profile.folder.clone() };
        assert_eq!(code(start(&profile, &other, &keep)).as_deref(), Some("store_key"));
        start(&profile, &secrets, &keep).unwrap();
    }
}

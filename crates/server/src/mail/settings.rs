//! Which mail server takes the desk's letters, and how it is spoken to.
//!
//! What somebody who sets it up must know:
//! - the usual pairs are port 587 with STARTTLS, 465 with TLS, and 25 without either on the desk's own computer; TLS
//!   is the better one where a server has both, because nothing passes before it;
//! - the server's certificate must be for the very `host`, signed by a public authority or one of `ca_file`;
//! - the mail server must let this login send as `from`, and report undeliverable letters there; SPF and DKIM are its
//!   business;
//! - a login needs PLAIN or LOGIN at the server; the desk's own computer is called `[127.0.0.1]` in the greeting.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use deskbell_wire::MailSecurity;
use deskbell_wire::limits::NAME_CHARS;
use zeroize::Zeroizing;

use super::address;

/// The longest name of a host, in bytes.
const HOST_BYTES: usize = 253;
/// The longest login and password, in bytes.
const LOGIN_BYTES: usize = 1_000;

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// After STARTTLS, mostly on port 587; never without.
    StartTls,
    /// From the first byte, mostly on port 465.
    Tls,
    /// Not at all: to the desk's own computer only, and never with a login.
    None,
}

/// Who the desk is to the mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The account.
    pub name: String,
    /// Wiped when dropped, never shown.
    pub password: Zeroizing<String>,
}

/// A mail server and the sender of the letters.
#[derive(Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// A name or an address; the server's certificate must be for it.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub security: Security,
    /// `None`: without a login.
    pub login: Option<Login>,
    /// The sender's address; servers report there what could not be delivered.
    pub from: String,
    /// The sender's name, at most 200 characters; may be empty.
    pub from_name: String,
    /// A file of certificates, PEM, that are trusted beside the public ones.
    pub ca_file: Option<PathBuf>,
    /// [`Security::None`] to other computers, too: what is sent can be read and changed on the way.
    pub plain_elsewhere: bool,
}

/// What is wrong with settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadSettings {
    /// Neither a name nor an address.
    #[error("the mail server's name has 1 to 253 letters, digits, dots and hyphens, or is an address.")]
    Host,
    /// Port 0.
    #[error("the mail server's port is between 1 and 65,535.")]
    Port,
    /// The sender's address is none.
    #[error("the sender's address is no e-mail address.")]
    From,
    /// The sender's name is too long or of several lines.
    #[error("the sender's name has at most 200 characters, on one line.")]
    FromName,
    /// The login is empty, too long, or holds controls.
    #[error("login and password have 1 to 1,000 characters each, without line breaks.")]
    Login,
    /// A login without encryption.
    #[error("a login is not sent without encryption; choose STARTTLS or TLS.")]
    PlainLogin,
    /// Another computer without encryption.
    #[error("letters go without encryption to this very computer only; choose STARTTLS or TLS.")]
    PlainElsewhere,
    /// The file of certificates cannot be read, or holds none.
    #[error("the file of trusted certificates cannot be read, or holds none.")]
    CaFile,
}

/// As the desk keeps them, the password among them. They are looked at by [`MailSettings::check`], not here.
impl From<&deskbell_wire::MailSettings> for MailSettings {
    fn from(kept: &deskbell_wire::MailSettings) -> Self {
        let password = || Zeroizing::new(kept.password.clone().unwrap_or_default());
        let login = || Login { name: kept.login.clone(), password: password() };
        Self {
            host: kept.host.clone(),
            port: kept.port,
            security: kept.security.into(),
            login: (!kept.login.is_empty()).then(login),
            from: kept.from.clone(),
            from_name: kept.from_name.clone(),
            ca_file: (!kept.ca_file.is_empty()).then(|| PathBuf::from(&kept.ca_file)),
            plain_elsewhere: false,
        }
    }
}

impl From<MailSecurity> for Security {
    fn from(security: MailSecurity) -> Self {
        match security {
            MailSecurity::Tls => Self::Tls,
            MailSecurity::StartTls => Self::StartTls,
            MailSecurity::None => Self::None,
        }
    }
}

impl MailSettings {
    /// What can be told without the network; the file of certificates is read when a letter is sent.
    ///
    /// # Errors
    /// The first thing that cannot be.
    pub fn check(&self) -> Result<(), BadSettings> {
        let name_fits = self.from_name.chars().count() <= NAME_CHARS;
        for (holds, bad) in [
            (self.is_host(), BadSettings::Host),
            (self.port != 0, BadSettings::Port),
            (address::is_address(&self.from), BadSettings::From),
            (name_fits && !self.from_name.chars().any(char::is_control), BadSettings::FromName),
            (self.login.as_ref().is_none_or(Login::is_plain), BadSettings::Login),
            (self.login.is_none() || self.security != Security::None, BadSettings::PlainLogin),
            (self.may_be_plain(), BadSettings::PlainElsewhere),
        ] {
            if !holds {
                return Err(bad);
            }
        }
        Ok(())
    }

    /// The name or address alone, as certificates and resolvers know it.
    pub(super) fn bare_host(&self) -> &str {
        self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&self.host)
    }

    fn is_host(&self) -> bool {
        let part = |part: &str| {
            (1..=63).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        let named = self.host.len() <= HOST_BYTES && self.host.split('.').all(part);
        named || self.bare_host().parse::<IpAddr>().is_ok()
    }

    /// Where the host's name leads: known only once it was looked up.
    pub(super) fn check_addresses(&self, found: &[SocketAddr]) -> Result<(), BadSettings> {
        let here = found.iter().all(|address| address.ip().is_loopback());
        if self.may_go_plain(here) { Ok(()) } else { Err(BadSettings::PlainElsewhere) }
    }

    /// A name may lead anywhere: [`MailSettings::check_addresses`] looks at that.
    fn may_be_plain(&self) -> bool {
        self.may_go_plain(self.bare_host().parse::<IpAddr>().map_or(true, |ip| ip.is_loopback()))
    }

    fn may_go_plain(&self, here: bool) -> bool {
        self.security != Security::None || self.plain_elsewhere || here
    }
}

impl Login {
    fn is_plain(&self) -> bool {
        [&self.name, &*self.password]
            .iter()
            .all(|text| (1..=LOGIN_BYTES).contains(&text.len()) && !text.chars().any(char::is_control))
    }
}

impl BadSettings {
    /// Stable, for programs. Never changes its meaning.
    pub fn code(self) -> &'static str {
        match self {
            Self::Host => "mail_host",
            Self::Port => "mail_port",
            Self::From => "mail_from",
            Self::FromName => "mail_from_name",
            Self::Login => "mail_login",
            Self::PlainLogin => "mail_plain_login",
            Self::PlainElsewhere => "mail_plain",
            Self::CaFile => "mail_ca_file",
        }
    }
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &self.login.is_some())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> MailSettings {
        MailSettings {
            host: "mail.example.test".to_owned(),
            port: 587,
            security: Security::StartTls,
            login: Some(Login { name: "desk".to_owned(), password: Zeroizing::new("tr0ub4dor".to_owned()) }),
            from: "desk@example.test".to_owned(),
            from_name: "Help desk".to_owned(),
            ca_file: None,
            plain_elsewhere: false,
        }
    }

    fn bad(change: impl FnOnce(&mut MailSettings)) -> Result<(), BadSettings> {
        let mut settings = good();
        change(&mut settings);
        settings.check()
    }

    #[test]
    fn each_field_has_its_bounds() {
        assert_eq!(good().check(), Ok(()));
        for host in ["", "a b", "-a", "a..b", "a/b", "a\r\nb", "ex\u{430}mple.test", &"a.".repeat(127)] {
            assert_eq!(bad(|s| s.host = host.to_owned()), Err(BadSettings::Host), "{host:?}");
        }
        for host in ["localhost", "192.0.2.1", "2001:db8::1", "[::1]", "mail-1.example.test"] {
            assert_eq!(bad(|s| s.host = host.to_owned()), Ok(()), "{host:?}");
        }
        assert_eq!(bad(|s| s.port = 0), Err(BadSettings::Port));
        assert_eq!(bad(|s| s.from = "desk".to_owned()), Err(BadSettings::From));
        assert_eq!(bad(|s| s.from_name = "a\r\nBcc: b".to_owned()), Err(BadSettings::FromName));
        assert_eq!(bad(|s| s.from_name = "ж".repeat(201)), Err(BadSettings::FromName));
        let login = |name: &str, password: &str| {
            Some(Login { name: name.to_owned(), password: Zeroizing::new(password.to_owned()) })
        };
        for (name, password) in [("", "x"), ("x", ""), ("a\nb", "x"), ("x", "a\0b")] {
            assert_eq!(bad(|s| s.login = login(name, password)), Err(BadSettings::Login));
        }
    }

    #[test]
    fn what_the_desk_keeps_becomes_what_is_sent_with() {
        let mut kept = deskbell_wire::MailSettings {
            host: "mail.example.test".to_owned(),
            port: 587,
            security: MailSecurity::StartTls,
            login: "desk".to_owned(),
            password: Some("tr0ub4dor".to_owned()),
            ca_file: String::new(),
            from: "desk@example.test".to_owned(),
            from_name: "Help desk".to_owned(),
        };
        assert!(MailSettings::from(&kept) == good());
        kept.password = None;
        assert_eq!(MailSettings::from(&kept).check(), Err(BadSettings::Login), "a login has a password");
        (kept.login, kept.ca_file) = (String::new(), "/ca.pem".to_owned());
        let open = MailSettings::from(&kept);
        assert_eq!((open.login.is_some(), open.ca_file), (false, Some(PathBuf::from("/ca.pem"))));
    }

    #[test]
    fn without_encryption_there_is_no_login_and_no_other_computer() {
        assert_eq!(bad(|s| s.security = Security::None), Err(BadSettings::PlainLogin));
        let plain = |s: &mut MailSettings, host: &str| {
            s.security = Security::None;
            s.login = None;
            s.host = host.to_owned();
        };
        assert_eq!(bad(|s| plain(s, "192.0.2.1")), Err(BadSettings::PlainElsewhere));
        for host in ["127.0.0.1", "::1", "[::1]", "127.9.9.9"] {
            assert_eq!(bad(|s| plain(s, host)), Ok(()));
        }
        let mut named = good();
        plain(&mut named, "mail.example.test");
        let [here, there] = ["127.0.0.1:25", "192.0.2.1:25"].map(|address| address.parse().unwrap());
        assert_eq!(named.check_addresses(&[here]), Ok(()));
        assert_eq!(named.check_addresses(&[here, there]), Err(BadSettings::PlainElsewhere));
        assert_eq!(good().check_addresses(&[there]), Ok(()));
        let explicit = |s: &mut MailSettings| {
            plain(s, "192.0.2.1");
            s.plain_elsewhere = true;
        };
        assert_eq!(bad(explicit), Ok(()));
    }

    #[test]
    fn threats_9_debug_shows_no_login() {
        let shown = format!("{:?} {:?}", good(), good().login);
        assert!(!shown.contains("tr0ub4dor") && !shown.contains("desk@"), "{shown}");
    }
}

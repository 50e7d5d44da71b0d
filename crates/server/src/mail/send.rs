//! One letter, one conversation with a mail server (SMTP).
//!
//! What must always hold: nothing but greetings passes before the connection is as secure as the settings say; each
//! answer and the whole conversation are waited for only so long; how it ended is told by the step that failed, never
//! by reading the server's English.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;

use super::error::{MailError, Reply};
use super::letter::Letter;
use super::settings::{BadSettings, Login, MailSettings, Security};

/// Addresses of one host that are tried.
const ADDRESSES: usize = 4;
/// The one answer after which a letter is sent.
const GO_ON: u16 = 354;
/// How long a server may take over its farewell, for which nothing waits.
const FAREWELL: Duration = Duration::from_secs(2);

/// How long a server is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection, and for each answer.
    pub answer: Duration,
    /// For all of them: no step begins after it, and one answer later it is given up.
    pub whole: Duration,
}

/// What was being done when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Connecting and the greetings.
    Greet,
    /// STARTTLS, the handshake and the greetings after it.
    Secure,
    LogIn,
    HandOver,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer: Duration::from_secs(30), whole: Duration::from_secs(120) }
    }
}

/// Hands the letter to the mail server. Blocks, for two and a half minutes at most: [`Patience::default`].
///
/// # Errors
/// The server does not have the letter, or its answer was lost; see [`MailError::may_pass`].
pub fn send(settings: &MailSettings, letter: &Letter) -> Result<(), MailError> {
    send_within(settings, letter, Patience::default())
}

/// The same with another patience.
///
/// # Errors
/// As [`send`].
pub fn send_within(settings: &MailSettings, letter: &Letter, patience: Patience) -> Result<(), MailError> {
    settings.check()?;
    let (tell, told) = mpsc::channel();
    let (settings, letter) = (settings.clone(), letter.clone());
    let talk = move || drop(tell.send(talk(&settings, &letter, patience)));
    let thread = std::thread::Builder::new().name("mail".to_owned()).spawn(talk);
    thread.map_err(|error| MailError::Unreachable { cause: error.to_string() })?;
    told.recv_timeout(patience.whole + patience.answer).unwrap_or_else(|_| Err(late()))
}

/// All of it. A server that sends a byte now and then, or a resolver that hangs, can make it last: whoever waits for
/// it does not.
fn talk(settings: &MailSettings, letter: &Letter, patience: Patience) -> Result<(), MailError> {
    let hurry = Hurry { patience, end: Instant::now() + patience.whole };
    let tls = tls(settings)?;
    let mut line = connect(settings, tls.as_ref(), hurry)?;
    let done = converse(&mut line, settings, tls.as_ref(), letter, hurry);
    // Where the line is dead there is nobody to take leave of.
    if !matches!(done, Err(MailError::Unreachable { .. } | MailError::Tls { .. }))
        && line.set_timeout(Some(FAREWELL)).is_ok()
    {
        line.abort();
    }
    done
}

/// The time that is left.
#[derive(Clone, Copy)]
struct Hurry {
    patience: Patience,
    end: Instant,
}

impl Hurry {
    /// For the next answer.
    fn next(self) -> Result<Duration, MailError> {
        let left = self.end.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(late()) } else { Ok(left.min(self.patience.answer)) }
    }

    fn hurry(self, line: &mut SmtpConnection) -> Result<(), MailError> {
        line.set_timeout(Some(self.next()?))
            .map_err(|error| MailError::Unreachable { cause: error.to_string() })
    }
}

fn converse(
    line: &mut SmtpConnection,
    settings: &MailSettings,
    tls: Option<&TlsParameters>,
    letter: &Letter,
    hurry: Hurry,
) -> Result<(), MailError> {
    if let (Security::StartTls, Some(tls)) = (settings.security, tls) {
        hurry.hurry(line)?;
        line.starttls(tls, &name()).map_err(|error| told(Step::Secure, &error))?;
    }
    if settings.security != Security::None && !line.is_encrypted() {
        return Err(MailError::Tls { cause: "the connection is not encrypted".to_owned() });
    }
    if let Some(login) = &settings.login {
        log_in(line, login, hurry)?;
    }
    hand_over(line, letter, hurry).map_err(|failed| match failed {
        Failed::Here(error) => error,
        Failed::There(error) => told(Step::HandOver, &error),
    })
}

fn log_in(line: &mut SmtpConnection, login: &Login, hurry: Hurry) -> Result<(), MailError> {
    hurry.hurry(line)?;
    let credentials = Credentials::new(login.name.clone(), login.password.to_string());
    let answer = line.auth(DEFAULT_MECHANISMS, &credentials);
    answer.map(drop).map_err(|error| told(Step::LogIn, &error))
}

/// Why the handing over stopped: here, or by the server or the line to it.
enum Failed {
    Here(MailError),
    There(Error),
}

impl From<MailError> for Failed {
    fn from(error: MailError) -> Self {
        Self::Here(error)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::There(error)
    }
}

fn hand_over(line: &mut SmtpConnection, letter: &Letter, hurry: Hurry) -> Result<(), Failed> {
    hurry.hurry(line)?;
    line.command(Mail::new(Some(letter.from.clone()), Vec::new()))?;
    hurry.hurry(line)?;
    line.command(Rcpt::new(letter.to.clone(), Vec::new()))?;
    hurry.hurry(line)?;
    // Whatever else it says, it is not listening for a letter: the letter's lines would be commands to it.
    if !line.command(Data)?.has_code(GO_ON) {
        return Err(MailError::Unreachable { cause: "its answers are out of step".to_owned() }.into());
    }
    hurry.hurry(line)?;
    line.message(letter.raw())?;
    Ok(())
}

/// Connects to the first address that answers.
fn connect(
    settings: &MailSettings,
    tls: Option<&TlsParameters>,
    hurry: Hurry,
) -> Result<SmtpConnection, MailError> {
    let wrapped = tls.filter(|_| settings.security == Security::Tls);
    let mut last = MailError::Unreachable { cause: "its name has no address".to_owned() };
    for address in addresses(settings)? {
        match SmtpConnection::connect(address, Some(hurry.next()?), &name(), wrapped, None) {
            Ok(line) => return Ok(line),
            Err(error) => last = told(Step::Greet, &error),
        }
        if !matches!(last, MailError::Unreachable { .. }) {
            break;
        }
    }
    Err(last)
}

fn addresses(settings: &MailSettings) -> Result<Vec<SocketAddr>, MailError> {
    let found = (settings.bare_host(), settings.port).to_socket_addrs();
    let found = found.map_err(|error| MailError::Unreachable { cause: error.to_string() })?;
    let addresses: Vec<_> = found.take(ADDRESSES).collect();
    settings.check_addresses(&addresses)?;
    Ok(addresses)
}

/// How to encrypt, and whom to trust: the public authorities, and those of the file.
fn tls(settings: &MailSettings) -> Result<Option<TlsParameters>, MailError> {
    if settings.security == Security::None {
        return Ok(None);
    }
    let mut parameters = TlsParameters::builder(settings.bare_host().to_owned());
    if let Some(file) = &settings.ca_file {
        let pem = std::fs::read(file).map_err(|_| BadSettings::CaFile)?;
        // The library takes a file without a certificate for one that has been read.
        let certificate = Some(&pem).filter(|pem| pem.windows(HEAD.len()).any(|bytes| bytes == HEAD));
        let certificate = certificate.and_then(|pem| Certificate::from_pem(pem).ok());
        parameters = parameters.add_root_certificate(certificate.ok_or(BadSettings::CaFile)?);
    }
    parameters.build().map(Some).map_err(|_| BadSettings::CaFile.into())
}

/// How a certificate begins in PEM.
const HEAD: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// What the desk calls itself: it need not have a name, and tells none.
fn name() -> ClientId {
    ClientId::Ipv4(std::net::Ipv4Addr::LOCALHOST)
}

/// How a conversation ended that failed at this step.
fn told(step: Step, error: &Error) -> MailError {
    if let Some(reply) = reply(error) {
        return match (step, reply.code) {
            (_, 400..=499) => MailError::Temporary { reply },
            (Step::LogIn, _) => MailError::Auth { reply: Some(reply) },
            (Step::Secure, _) => MailError::Tls { cause: reply.to_string() },
            _ => MailError::Permanent { reply },
        };
    }
    if is_late(error) {
        return late();
    }
    match step {
        _ if is_of_tls(error) => MailError::Tls { cause: error.to_string() },
        // The library says so itself where the server offers no STARTTLS, or no way to log in that it knows.
        Step::Secure if error.is_client() => MailError::Tls { cause: error.to_string() },
        Step::LogIn if error.is_client() => MailError::Auth { reply: None },
        _ => MailError::Unreachable { cause: error.to_string() },
    }
}

/// The server's answer, where there was one.
fn reply(error: &Error) -> Option<Reply> {
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    error.status().map(|code| Reply::new(code.into(), &words))
}

fn late() -> MailError {
    MailError::Unreachable { cause: "it did not answer in time".to_owned() }
}

/// A read that waited in vain says `WouldBlock` on Unix and `TimedOut` on Windows.
fn is_late(error: &Error) -> bool {
    let late = |error: &std::io::Error| {
        matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
    };
    io(error).is_some_and(late)
}

/// The handshake happens at the first read or write, and fails as that.
fn is_of_tls(error: &Error) -> bool {
    let inner = io(error).and_then(std::io::Error::get_ref);
    error.is_tls() || inner.is_some_and(|inner| inner.is::<rustls::Error>())
}

fn io(error: &Error) -> Option<&std::io::Error> {
    std::error::Error::source(error)?.downcast_ref()
}

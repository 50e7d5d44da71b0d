//! Servers that are not there, and servers that say nothing, too little or nonsense.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use deskbell_server::mail::{MailError, Patience, Security, send_within};

use crate::common::{letter, settings, talk};

const PATIENCE: Patience = Patience { answer: Duration::from_millis(200), whole: Duration::from_millis(600) };
/// Generous: the machine may be busy. What is shown is that it ends.
const LIMIT: Duration = Duration::from_secs(5);

fn send(port: u16, security: Security) -> MailError {
    let mut settings = settings(port, security, None);
    settings.host = "127.0.0.1".to_owned();
    let begun = Instant::now();
    let outcome = send_within(&settings, &letter(&talk()), PATIENCE);
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
    outcome.unwrap_err()
}

fn is_unreachable(error: &MailError) -> bool {
    assert!(error.may_pass() || !matches!(error, MailError::Unreachable { .. }));
    matches!(error, MailError::Unreachable { .. })
}

/// A server that answers each line with the next of these, and then nothing more.
fn scripted(answers: &'static [&'static str]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let mut told = BufReader::new(line.try_clone().unwrap());
        for answer in answers {
            if line.write_all(answer.as_bytes()).is_err() || told.read_until(b'\n', &mut Vec::new()).is_err()
            {
                return;
            }
        }
        // Stays on the line until the other end leaves it.
        while told.read_until(b'\n', &mut Vec::new()).is_ok_and(|read| read > 0) {}
    });
    address
}

#[test]
fn sendchatbymail_where_nobody_listens_it_is_unreachable() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for security in [Security::StartTls, Security::Tls, Security::None] {
        let error = send(port, security);
        assert!(is_unreachable(&error), "{error}");
    }
}

#[test]
fn sendchatbymail_a_server_that_never_answers_is_waited_for_only_so_long() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    for security in [Security::StartTls, Security::Tls, Security::None] {
        let error = send(port, security);
        assert!(is_unreachable(&error), "{error}");
        assert_eq!(error.to_string(), "The mail server cannot be reached: it did not answer in time.");
    }
}

#[test]
fn sendchatbymail_a_server_that_falls_silent_midway_is_waited_for_only_so_long() {
    const GREETING: &str = "220 mail.test\r\n";
    const HELLO: &str = "250 mail.test\r\n";
    let scripts: [&'static [&'static str]; 4] = [
        &[GREETING],
        &[GREETING, HELLO],
        &[GREETING, HELLO, "250 ok\r\n", "250 ok\r\n"],
        &[GREETING, HELLO, "250 ok\r\n", "250 ok\r\n", "354 go on\r\n"],
    ];
    for script in scripts {
        let error = send(scripted(script).port(), Security::None);
        assert!(is_unreachable(&error), "{error} after {}", script.len());
    }
    let error = send(
        scripted(&[GREETING, "250-mail.test\r\n250 STARTTLS\r\n", "220 go on\r\n"]).port(),
        Security::StartTls,
    );
    assert!(is_unreachable(&error), "{error}");
}

#[test]
fn sendchatbymail_a_server_that_drips_is_not_waited_for_longer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        // Each byte comes in time, and the answer never ends.
        while line.write_all(b"2").is_ok() {
            std::thread::sleep(PATIENCE.answer / 10);
        }
    });
    let error = send(port, Security::None);
    assert_eq!(error.to_string(), "The mail server cannot be reached: it did not answer in time.");
}

#[test]
fn sendchatbymail_answers_before_the_letter_count_by_their_number() {
    let busy = send(scripted(&["421 4.3.2 closing\r\n"]).port(), Security::None);
    assert!(matches!(&busy, MailError::Temporary { reply } if reply.code == 421), "{busy}");
    let closed = send(scripted(&["554 no service\r\n"]).port(), Security::None);
    assert!(matches!(&closed, MailError::Permanent { reply } if reply.code == 554), "{closed}");
    const OK: &str = "250 ok\r\n";
    let script: &[&str] = &["220 mail.test\r\n", OK, OK, OK, OK, OK];
    let astray = send(scripted(script).port(), Security::None);
    assert!(astray.to_string().contains("out of step"), "{astray}");
    let tls: &[&str] = &["220 mail.test\r\n", "250-mail.test\r\n250 STARTTLS\r\n", "454 4.7.0 not now\r\n"];
    let later = send(scripted(tls).port(), Security::StartTls);
    assert!(matches!(&later, MailError::Temporary { reply } if reply.code == 454), "{later}");
}

#[test]
fn sendchatbymail_what_is_no_mail_server_is_unreachable_or_not_secure() {
    let web: &[&str] = &["HTTP/1.1 400 Bad Request\r\n\r\n"];
    assert!(is_unreachable(&send(scripted(web).port(), Security::None)));
    assert!(matches!(send(scripted(web).port(), Security::Tls), MailError::Tls { .. }));
    let nonsense: &[&str] =
        &["220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "220 y\r\n", "no handshake at all\r\n"];
    assert!(matches!(send(scripted(nonsense).port(), Security::StartTls), MailError::Tls { .. }));
}

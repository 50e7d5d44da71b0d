//! Letters at a real Postfix: 2xx, 4xx, 5xx, TLS and logins, each as it answers them itself.

use std::path::PathBuf;

use deskbell_server::mail::{BadSettings, MailError, MailSettings, Security, Transcript, retry, send};
use deskbell_testkit::postfix::{ACCOUNT, DOMAIN, Postfix};
use deskbell_wire::Timestamp;

use crate::common::{NOW, letter_to, login, read, seen, settings, talk, words};

/// Its port with STARTTLS, trusting its authority.
fn starttls(postfix: &Postfix) -> MailSettings {
    settings(postfix.ports().starttls, Security::StartTls, Some(postfix.ca_file()))
}

fn to(name: &str) -> String {
    format!("{name}@{DOMAIN}")
}

fn reply_of(outcome: Result<(), MailError>) -> (&'static str, u16) {
    match outcome.unwrap_err() {
        MailError::Temporary { reply } => ("temporary", reply.code),
        MailError::Permanent { reply } => ("permanent", reply.code),
        MailError::Auth { reply } => ("auth", reply.map_or(0, |reply| reply.code)),
        other => panic!("{other}"),
    }
}

#[test]
fn sendchatbymail_2xx_it_arrives_over_starttls_and_tls_as_it_was_written() {
    let Some(postfix) = Postfix::start() else { return };
    println!("Postfix was up after {:?}", postfix.took());
    let tls = settings(postfix.ports().tls, Security::Tls, Some(postfix.ca_file()));
    for (name, settings) in [("ann", starttls(&postfix)), ("bob", tls)] {
        let letter = letter_to(&talk(), &to(name));
        assert_eq!(send(&settings, &letter), Ok(()), "{}", postfix.journal());
        let arrived = postfix.letter(&to(name));
        let mail = read(&arrived);
        assert_eq!(mail.header("Subject"), "Ваша переписка: Кофейня «Зерно»");
        assert_eq!(mail.header("Return-Path"), "<desk@post.test>");
        assert!(mail.header("Received").contains("TLSv1.3"), "{}", mail.header("Received"));
        let written = read(letter.raw());
        assert_eq!((&mail.text, &mail.html), (&written.text, &written.html));
        assert_eq!(words(&mail.text), words(&seen(&mail.html)));
    }
}

#[test]
fn sendchatbymail_the_largest_letter_and_lines_that_begin_with_dots_arrive_whole() {
    let Some(postfix) = Postfix::start() else { return };
    let text = |n: i64| format!("..\n.\n{n} {}", "<\"&ж>".repeat(1_500));
    let lines =
        (0..100).map(|n| crate::common::line(n, deskbell_server::mail::Who::Visitor, &text(n))).collect();
    let letter = letter_to(&Transcript { lines, ..talk() }, &to("ann"));
    assert!(letter.raw().len() > 2_000_000, "{}", letter.raw().len());
    assert_eq!(send(&starttls(&postfix), &letter), Ok(()));
    let (mail, written) = (read(&postfix.letter(&to("ann"))), read(letter.raw()));
    assert!(mail.text == written.text && mail.html == written.html);
}

#[test]
fn sendchatbymail_4xx_is_for_now_and_the_next_try_arrives() {
    let Some(postfix) = Postfix::start() else { return };
    postfix.answers(&to("ann"), "450 4.2.1 The box is being cleaned");
    let letter = letter_to(&talk(), &to("ann"));
    let refused = send(&starttls(&postfix), &letter).unwrap_err();
    let MailError::Temporary { reply } = &refused else { panic!("{refused}") };
    assert_eq!(reply.code, 450);
    assert!(reply.text.contains("The box is being cleaned"), "{}", reply.text);
    assert!(refused.may_pass());
    let again = retry::next(1, Timestamp(NOW), Timestamp(NOW)).unwrap();
    assert_eq!(again, Timestamp(NOW + 60_000));
    postfix.answers(&to("ann"), "OK");
    assert_eq!(send(&starttls(&postfix), &letter), Ok(()));
    postfix.letter(&to("ann"));
    assert_eq!(postfix.letters(&to("ann")).len(), 1);
}

#[test]
fn sendchatbymail_5xx_is_for_good() {
    let Some(postfix) = Postfix::start() else { return };
    postfix.answers(&to("never"), "550 5.1.1 Nobody of this name");
    let refused = send(&starttls(&postfix), &letter_to(&talk(), &to("never")));
    assert!(!refused.as_ref().unwrap_err().may_pass());
    assert_eq!(reply_of(refused), ("permanent", 550));
    let elsewhere = send(&starttls(&postfix), &letter_to(&talk(), "ann@elsewhere.test"));
    assert_eq!(reply_of(elsewhere), ("permanent", 554), "it passes nothing on");
    assert!(postfix.letters(&to("never")).is_empty());
}

#[test]
fn sendchatbymail_a_certificate_of_strangers_is_refused() {
    let Some(postfix) = Postfix::start() else { return };
    let other = tempfile::tempdir().unwrap();
    let ca_file = other.path().join("other.pem");
    std::fs::write(
        &ca_file,
        rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert.pem(),
    )
    .unwrap();
    let ports = postfix.ports();
    let letter = letter_to(&talk(), &to("ann"));
    for ca_file in [None, Some(ca_file)] {
        for (port, security) in [(ports.starttls, Security::StartTls), (ports.tls, Security::Tls)] {
            let outcome = send(&settings(port, security, ca_file.clone()), &letter);
            assert!(matches!(outcome, Err(MailError::Tls { .. })), "{outcome:?}");
        }
    }
    let by_number = MailSettings { host: "127.0.0.1".to_owned(), ..starttls(&postfix) };
    assert!(matches!(send(&by_number, &letter), Err(MailError::Tls { .. })), "the certificate is for a name");
    assert!(postfix.letters(&to("ann")).is_empty());
    assert!(!postfix.journal().contains("mail="), "not even the sender was told: {}", postfix.journal());
}

#[test]
fn sendchatbymail_without_tls_at_the_server_nothing_is_sent() {
    let Some(postfix) = Postfix::start() else { return };
    let plain = postfix.ports().plain;
    let letter = letter_to(&talk(), &to("ann"));
    for security in [Security::StartTls, Security::Tls] {
        let mut settings = settings(plain, security, Some(postfix.ca_file()));
        settings.login = login(ACCOUNT.1);
        let outcome = send(&settings, &letter);
        assert!(matches!(outcome, Err(MailError::Tls { .. })), "{outcome:?}");
    }
    assert!(postfix.logins().is_empty(), "a password was shown");
    assert!(!postfix.journal().contains("mail="), "{}", postfix.journal());
    assert_eq!(
        send(&settings(plain, Security::None, None), &letter),
        Ok(()),
        "unless that was wanted, on this computer"
    );
    postfix.letter(&to("ann"));
}

#[test]
fn sendchatbymail_a_login_is_taken_refused_and_never_plain() {
    let Some(postfix) = Postfix::start() else { return };
    let with = |password: &str, port, security| MailSettings {
        login: login(password),
        ..settings(port, security, Some(postfix.ca_file()))
    };
    let letter = letter_to(&talk(), &to("ann"));
    let ports = postfix.ports();
    assert_eq!(
        send(&with(ACCOUNT.1, ports.starttls, Security::StartTls), &letter),
        Ok(()),
        "{}",
        postfix.journal()
    );
    assert_eq!(send(&with(ACCOUNT.1, ports.tls, Security::Tls), &letter), Ok(()));
    assert_eq!(reply_of(send(&with("wrong", ports.starttls, Security::StartTls), &letter)), ("auth", 535));
    assert_eq!(postfix.logins(), [true, true, false]);
    let plain = send(&with(ACCOUNT.1, ports.plain, Security::None), &letter);
    assert_eq!(plain, Err(MailError::Settings(BadSettings::PlainLogin)));
    assert_eq!(postfix.logins().len(), 3);
    let journal = postfix.journal();
    assert!(journal.contains("sasl_method=PLAIN, sasl_username=desk"), "{journal}");
}

#[test]
fn sendchatbymail_a_file_of_certificates_that_is_none_is_a_setting_to_repair() {
    let folder = tempfile::tempdir().unwrap();
    let letter = letter_to(&talk(), &to("ann"));
    let odd = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let files =
        [PathBuf::from("/nowhere"), odd("empty", ""), odd("key", "-----BEGIN X-----"), odd("broken", broken)];
    for file in files {
        let outcome = send(&settings(1, Security::StartTls, Some(file.clone())), &letter);
        assert_eq!(outcome, Err(MailError::Settings(BadSettings::CaFile)), "{file:?}");
    }
}

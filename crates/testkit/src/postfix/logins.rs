//! Whom Postfix asks about a login, in the words of Dovecot's authentication protocol (version 1): one account.
//!
//! Passwords that were tried are compared and not kept.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::ACCOUNT;

/// The answers so far.
#[derive(Clone, Default)]
pub(super) struct Logins(Arc<Mutex<Vec<bool>>>);

impl Logins {
    /// Answers at this socket until the process ends: Postfix is gone by then.
    pub(super) fn serve(socket: &Path) -> Self {
        let listener = UnixListener::bind(socket).expect("a socket");
        std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o666)).expect("permissions");
        let logins = Self::default();
        let answering = logins.clone();
        std::thread::spawn(move || {
            for line in listener.incoming().flatten() {
                let answering = answering.clone();
                std::thread::spawn(move || answering.answer(line));
            }
        });
        logins
    }

    pub(super) fn tried(&self) -> Vec<bool> {
        self.0.lock().expect("the answers").clone()
    }

    fn answer(&self, mut line: UnixStream) -> Option<()> {
        line.write_all(b"VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t00\nDONE\n")
            .ok()?;
        let lines = BufReader::new(line.try_clone().ok()?).lines();
        for told in lines.map_while(Result::ok) {
            let mut fields = told.split('\t');
            if fields.next() != Some("AUTH") {
                continue;
            }
            let id = fields.next()?.to_owned();
            let right = fields.find_map(|field| field.strip_prefix("resp=")) == Some(&expected());
            self.0.lock().ok()?.push(right);
            let user = ACCOUNT.0;
            let answer =
                if right { format!("OK\t{id}\tuser={user}\n") } else { format!("FAIL\t{id}\tuser={user}\n") };
            line.write_all(answer.as_bytes()).ok()?;
        }
        Some(())
    }
}

/// PLAIN, as it comes: nothing, the account, the password, parted by NUL, in base64.
fn expected() -> String {
    base64(format!("\0{}\0{}", ACCOUNT.0, ACCOUNT.1).as_bytes())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let bits = three.iter().chain([&0; 2]).take(3).fold(0, |bits, byte| (bits << 8) | usize::from(*byte));
        let digit = move |at: usize| {
            if at <= three.len() { char::from(DIGITS[(bits >> (18 - 6 * at)) & 63]) } else { '=' }
        };
        [digit(0), digit(1), digit(2), digit(3)]
    };
    bytes.chunks(3).flat_map(group).collect()
}

//! Postfix's folder: what is configured, who owns what.

use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use super::{DOMAIN, HOST, Ports};

/// As whom letters are written into the folder: `nobody`, who is the same everywhere on Debian.
const NOBODY: u32 = 65_534;
/// Postfix's own folders in its queue.
const PRIVATE: [&str; 13] = [
    "incoming", "active", "deferred", "defer", "bounce", "corrupt", "hold", "flush", "trace", "saved",
    "maildrop", "private", "public",
];

/// Everything that it needs before it starts.
pub(super) fn lay(folder: &Path, ports: Ports) {
    fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("permissions");
    let postfix = id_of("postfix");
    for (name, owner, mode) in
        [("etc", 0, 0o755), ("queue", 0, 0o755), ("data", postfix, 0o700), ("mail", NOBODY, 0o700)]
    {
        own(&folder.join(name), owner, mode);
    }
    for name in PRIVATE {
        own(&folder.join("queue").join(name), postfix, 0o700);
    }
    own(&folder.join("queue/pid"), 0, 0o755);
    let etc = folder.join("etc");
    certify(&etc);
    old(&etc.join("access"), "");
    old(&etc.join("main.cf"), &main(&folder.display().to_string()));
    fs::write(etc.join("master.cf"), master(ports)).expect("master.cf");
}

/// Changes what a recipient is answered.
pub(super) fn answer(folder: &Path, recipient: &str, answer: &str) {
    let path = folder.join("etc/access");
    let before = fs::read_to_string(&path).expect("the answers");
    let head = format!("{recipient} ");
    let mut now: String =
        before.lines().filter(|line| !line.starts_with(&head)).fold(String::new(), |mut all, line| {
            all += line;
            all.push('\n');
            all
        });
    writeln!(now, "{recipient} {answer}").expect("a line");
    old(&path, &now);
}

/// Is the test run by root?
pub(super) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Does somebody listen on that port of 127.0.0.1? Read from the system: connecting would be a visit.
pub(super) fn is_listened_on(port: u16, process: u32) -> bool {
    let listened = format!("0100007F:{port:04X} 00000000:0000 0A");
    let table = fs::read_to_string(format!("/proc/{process}/net/tcp")).unwrap_or_default();
    table.lines().any(|line| line.contains(&listened))
}

/// Postfix waits before it reads a file that changed within the last second, lest it be half written.
fn old(path: &Path, text: &str) {
    let new = path.with_extension("new");
    fs::write(&new, text).expect("a file");
    let file = fs::File::options().write(true).open(&new).expect("a file");
    file.set_modified(SystemTime::now() - Duration::from_secs(60)).expect("a time");
    fs::rename(new, path).expect("a file");
}

fn own(path: &Path, owner: u32, mode: u32) {
    fs::create_dir(path).expect("a folder");
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("permissions");
    chown(path, Some(owner), None).expect("an owner");
}

fn id_of(user: &str) -> u32 {
    let users = fs::read_to_string("/etc/passwd").expect("users");
    let of = |line: &str| line.strip_prefix(user)?.strip_prefix(':')?.split(':').nth(1)?.parse().ok();
    users.lines().find_map(of).expect("Postfix's user")
}

/// An authority, and a certificate by it for [`HOST`].
fn certify(etc: &Path) {
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority =
        CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key")).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let own = CertificateParams::new(vec![HOST.to_owned()]).expect("parameters");
    let own = own.signed_by(&key, &authority).expect("a certificate");
    fs::write(etc.join("ca.pem"), authority.pem()).expect("the authority");
    fs::write(etc.join("cert.pem"), own.pem()).expect("the certificate");
    fs::write(etc.join("key.pem"), key.serialize_pem()).expect("the key");
}

fn main(folder: &str) -> String {
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/journal
maillog_file_prefixes = {folder}
myhostname = mail.{DOMAIN}
mydestination =
mynetworks =
inet_interfaces = loopback-only
inet_protocols = ipv4
default_transport = error:5.1.2 nothing is passed on from here
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = static:all/
virtual_minimum_uid = 100
virtual_uid_maps = static:{NOBODY}
virtual_gid_maps = static:{NOBODY}
smtpd_tls_cert_file = {folder}/etc/cert.pem
smtpd_tls_key_file = {folder}/etc/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_received_header = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/etc/access, reject_unauth_destination
smtpd_relay_restrictions =
smtpd_error_sleep_time = 0
max_use = 1
"
    )
}

/// One process a conversation (`max_use = 1`), so that each reads the answers anew.
fn master(ports: Ports) -> String {
    let Ports { starttls, tls, plain } = ports;
    format!(
        "127.0.0.1:{starttls} inet n - n - - smtpd
127.0.0.1:{tls} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
127.0.0.1:{plain} inet n - n - - smtpd -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
postlog unix-dgram n - n - 1 postlogd
"
    )
}

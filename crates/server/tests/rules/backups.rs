//! A copy of a desk that is taken while it runs.

use std::net::SocketAddr;
use std::path::Path;

use crate::program::{complains, run, server};
use deskbell_server::{DeskError, DeskOptions, RunningDesk, start};
use zeroize::Zeroizing;

const FREE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

fn options(data: &Path, key: u8) -> DeskOptions {
    DeskOptions {
        data: Some(data.to_owned()),
        key: Some(Zeroizing::new([key; 32])),
        listen: FREE,
        ..DeskOptions::default()
    }
}

fn logins(desk: &RunningDesk) -> Vec<String> {
    desk.list_operators().unwrap().into_iter().map(|entry| entry.login).collect()
}

#[test]
fn threats_44_a_copy_of_a_running_desk_is_a_desk_of_that_moment_under_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("desk"), folder.path().join("copy"));
    let desk = start(options(&data, 7)).unwrap();
    std::fs::create_dir(data.join("packs")).unwrap();
    std::fs::write(data.join("packs/main.tar"), "a pack").unwrap();
    desk.add_operator("Ann", "ann-4711", "long enough").unwrap();
    desk.backup().unwrap().write(&copy).unwrap();
    desk.add_operator("Bob", "bob", "long enough").unwrap();
    assert!(
        matches!(desk.backup().unwrap().write(&copy), Err(DeskError::DataDenied)),
        "nothing is overwritten"
    );
    assert_eq!(std::fs::read(copy.join("packs/main.tar")).unwrap(), b"a pack");
    let bytes = std::fs::read(copy.join("desk.db")).unwrap();
    assert!(!bytes.windows(8).any(|part| part == b"ann-4711"), "the copy holds no plaintext");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o077;
        assert_eq!((mode(&copy), mode(&copy.join("desk.db"))), (0, 0));
    }
    // Both run, side by side.
    let restored = start(options(&copy, 7)).unwrap();
    assert_eq!((logins(&restored), logins(&desk).len()), (vec!["ann-4711".to_owned()], 2));
    restored.stop();
    assert!(matches!(start(options(&copy, 8)), Err(DeskError::WrongKey)));
}

#[test]
fn a_copy_that_fails_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("desk");
    let desk = start(options(&data, 7)).unwrap();
    let nowhere = folder.path().join("none/copy");
    assert!(desk.backup().unwrap().write(&nowhere).is_err() && !nowhere.exists());
    // A pack that cannot be read.
    std::fs::create_dir_all(data.join("packs/main.tar")).unwrap();
    let copy = folder.path().join("copy");
    assert!(desk.backup().unwrap().write(&copy).is_err() && !copy.exists());
    let forgetful = start(DeskOptions { listen: FREE, ..DeskOptions::default() }).unwrap();
    assert!(matches!(forgetful.backup(), Err(DeskError::NoDesk)));
}

#[test]
fn the_program_copies_its_desk_by_a_word_of_its_own() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("copy");
    let said = complains(&run(server(home.path()).arg("backup").arg(&copy), ""));
    assert_eq!(said, "There is no desk in this folder.\n");
    let added = run(
        server(home.path()).args(["operator", "add", "--name", "Ann", "--login", "ann"]),
        "long enough\n",
    );
    assert!(added.status.success());
    let copied = run(server(home.path()).arg("backup").arg(&copy), "");
    assert_eq!(
        String::from_utf8(copied.stdout).unwrap(),
        format!("The desk was copied to {}.\n", copy.display())
    );
    let listed = run(server(home.path()).args(["operator", "list", "--data"]).arg(&copy), "");
    assert!(String::from_utf8(listed.stdout).unwrap().contains("\tann\tAnn\tadmin"));
}

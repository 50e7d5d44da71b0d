//! Packs as files: the commands that put them there, and a desk that notices.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Stdio};

use deskbell_server::packs::{PackFolder, digest_of};
use deskbell_server::{DeskLimits, DeskOptions, RunningDesk, start};
use deskbell_wire::limits::PACK_BYTES;
use deskbell_wire::pack::decode_part;
use deskbell_wire::*;
use tokio::net::TcpStream;

use crate::common::{device, hello, token, visitor};
use crate::program::{Running, complains, ready, run, server, terminate};
use crate::sockets::{Client, connect};

/// A pack's folder; `words` make it another one.
fn folder(at: &Path, words: &str) -> PathBuf {
    let folder = at.join("lamps");
    fs::create_dir_all(folder.join("desktop")).unwrap();
    let mapping =
        r#"{"consultant": {"desktop": {"js": "desktop/chat.js", "tpls": {"chat": "desktop/chat.html"}}}}"#;
    fs::write(folder.join("pack.json"), mapping).unwrap();
    fs::write(folder.join("desktop/chat.js"), format!("var words = '{words}';\n")).unwrap();
    fs::write(folder.join("desktop/chat.html"), "<p><%= title %></p>\n").unwrap();
    folder
}

fn said(output: &std::process::Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Everything below the home folder.
fn files(home: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut folders = vec![home.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

#[test]
fn a_pack_is_installed_listed_and_removed_with_the_data_folder_alone() {
    let (home, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = folder(source.path(), "one");
    let command = |arguments: &[&str]| run(server(home.path()).arg("pack").args(arguments), "");
    assert_eq!(said(&command(&["list"])), "");
    let checked = said(&command(&["check", pack.to_str().unwrap()]));
    assert!(checked.starts_with("good: lamps, 3 files, ") && files(home.path()).is_empty(), "{checked}");
    let installed = said(&command(&["install", pack.to_str().unwrap()]));
    assert_eq!(installed.replace("installed: ", "good: "), checked);
    let archive = home.path().join(".local/share/deskbell-server/packs/main.tar");
    let digest = digest_of(&fs::read(&archive).unwrap());
    assert!(installed.ends_with(&format!(", digest {digest}\n")), "{installed}");
    said(&command(&["install", pack.to_str().unwrap(), "--site", "shop-2"]));
    let listed = said(&command(&["list"]));
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines[0][0], "main");
    assert_eq!((lines[1][0], lines[1][2]), ("shop-2", digest.to_string().as_str()));
    assert_eq!(said(&command(&["remove", "--site", "shop-2"])), "removed: the pack of shop-2\n");
    assert_eq!(said(&command(&["remove"])), "removed: the pack of main\n");
    assert!(complains(&command(&["remove"])).contains("no pack of the site main"));
    assert!(!home.path().join(".config").exists(), "no key was made");
    assert!(!home.path().join(".local/share/deskbell-server/desk.db").exists(), "and no database");
}

#[cfg(unix)]
#[test]
fn threats_9_a_packs_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (home, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = folder(source.path(), "one");
    said(&run(server(home.path()).args(["pack", "install"]).arg(pack), ""));
    let packs = home.path().join(".local/share/deskbell-server/packs");
    for (path, mode) in [(packs.join("main.tar"), 0o600), (packs.join(".lock"), 0o600), (packs, 0o700)] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{path:?}");
    }
}

#[test]
fn a_flaw_is_one_sentence_with_file_and_line_and_nothing_is_written() {
    let (home, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let pack = folder(source.path(), "one");
    let install = || complains(&run(server(home.path()).args(["pack", "install"]).arg(&pack), ""));
    fs::write(pack.join("desktop/settings.json"), "{\n  \"site_id\": }").unwrap();
    let flaw = install();
    assert!(flaw.starts_with("desktop/settings.json, line 2, column "), "{flaw}");
    fs::remove_file(pack.join("desktop/settings.json")).unwrap();
    fs::remove_file(pack.join("desktop/chat.html")).unwrap();
    let flaw = install();
    assert!(flaw.starts_with("pack.json, line 1, ") && flaw.contains("desktop/chat.html"), "{flaw}");
    fs::remove_file(pack.join("pack.json")).unwrap();
    let flaw = install();
    assert!(flaw.contains("neither a pack.json") && flaw.contains(pack.to_str().unwrap()), "{flaw}");
    let nowhere = run(server(home.path()).args(["pack", "check"]).arg(pack.join("nowhere")), "");
    assert!(complains(&nowhere).contains("nowhere"));
    assert!(files(home.path()).is_empty());
    let key = run(server(home.path()).args(["pack", "install", "x", "--site", "No site"]), "");
    assert_eq!(key.status.code(), Some(2));
    assert!(String::from_utf8(key.stderr).unwrap().contains("a site key has 1 to 64 of a-z, 0-9 and -"));
}

#[test]
fn an_install_that_was_interrupted_leaves_the_pack_that_was_there_and_nothing_in_the_way() {
    let (data, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = PackFolder::of(data.path());
    let read = |words| deskbell_pack::Pack::read(&folder(source.path(), words)).unwrap();
    let one = place.install(&SiteKey::main(), &read("one")).unwrap();
    fs::write(data.path().join("packs/.main.new"), "half of an arch").unwrap();
    assert_eq!(place.sites().unwrap(), [SiteKey::main()]);
    assert_eq!(place.read(&SiteKey::main()).unwrap().archive.digest, one);
    let two = place.install(&SiteKey::main(), &read("two")).unwrap();
    assert_eq!(place.read(&SiteKey::main()).unwrap().archive.digest, two);
    assert_ne!(one, two);
    assert!(!data.path().join("packs/.main.new").exists());
}

#[test]
fn whoever_installs_at_the_same_time_waits_and_whoever_reads_sees_one_of_the_packs_whole() {
    let (data, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let packs = ["one", "two"].map(|words| {
        let pack = deskbell_pack::Pack::read(&folder(source.path(), words)).unwrap();
        (PackFolder::of(data.path()), pack)
    });
    let digests = packs.each_ref().map(|(_, pack)| digest_of(&pack.to_archive()));
    packs[0].0.install(&SiteKey::main(), &packs[0].1).unwrap();
    std::thread::scope(|scope| {
        let install = |(place, pack): &(PackFolder, deskbell_pack::Pack)| {
            (0..40).try_for_each(|_| place.install(&SiteKey::main(), pack).map(drop))
        };
        let threads = packs.each_ref().map(|pack| scope.spawn(move || install(pack)));
        let place = PackFolder::of(data.path());
        while threads.iter().any(|thread| !thread.is_finished()) {
            let read = place.read(&SiteKey::main()).unwrap();
            assert!(digests.contains(&read.archive.digest));
        }
        for thread in threads {
            thread.join().unwrap().unwrap();
        }
    });
}

#[test]
fn threats_38_a_site_that_is_called_as_a_device_of_windows_has_a_file_with_another_name() {
    let (data, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let place = PackFolder::of(data.path());
    let pack = deskbell_pack::Pack::read(&folder(source.path(), "one")).unwrap();
    let sites = ["aux", "com1", "con", "console", "main"].map(|site| site.parse::<SiteKey>().unwrap());
    for site in &sites {
        place.install(site, &pack).unwrap();
        assert!(place.read(site).is_ok());
    }
    assert_eq!(place.sites().unwrap(), sites);
    let mut names: Vec<String> = files(data.path())
        .iter()
        .filter_map(|path| path.file_name()?.to_str()?.strip_suffix(".tar").map(str::to_owned))
        .collect();
    names.sort();
    assert_eq!(names, ["_aux", "_com1", "_con", "console", "main"]);
    assert!(place.remove(&sites[2]).unwrap() && !place.remove(&sites[2]).unwrap());
}

#[test]
fn threats_43_the_limits_of_packs_and_of_the_wire_are_the_same() {
    assert_eq!(PACK_BYTES as u64, deskbell_pack::ARCHIVE_BYTES);
    let parts = PACK_BYTES.div_ceil(deskbell_wire::limits::PACK_PART_BYTES);
    assert!(parts <= DeskLimits::default().visitor_parts.burst as usize, "the largest pack, at once");
}

/// A desk with this data folder.
fn desk_in(data: &Path) -> RunningDesk {
    let listen = "127.0.0.1:0".parse().unwrap();
    start(DeskOptions { data: Some(data.to_owned()), listen, ..DeskOptions::default() }).unwrap()
}

async fn ann_at(address: &str) -> Client<TcpStream> {
    let mut ann = connect(address.parse().unwrap()).await;
    ann.say(&ClientFrame::Hello(hello(visitor(1), device(1), token(1)))).await;
    ann
}

/// The pack that the next `form` frame names.
async fn told(client: &mut Client<TcpStream>) -> Option<PackRef> {
    client.until(|frame| if let DeskFrame::Form(form) = frame { Some(form.pack) } else { None }).await
}

async fn part(client: &mut Client<TcpStream>, digest: PackDigest, from: usize) -> Result<Vec<u8>, Refusal> {
    let from = u32::try_from(from).unwrap();
    client.say(&ClientFrame::Ask { n: 3, ask: Ask::Pack { digest, from } }).await;
    let answer = |frame: &DeskFrame| match frame {
        DeskFrame::Told { told: Told::Pack { part, .. }, .. } => Some(Ok(decode_part(part).unwrap())),
        DeskFrame::Told { told: Told::Refused { code, .. }, .. } => Some(Err(*code)),
        _ => None,
    };
    client.until(answer).await
}

/// Fetches the pack and sees that it is the one that was named.
async fn fetch(client: &mut Client<TcpStream>, pack: PackRef) {
    let mut bytes = vec![];
    while bytes.len() < pack.bytes as usize {
        bytes.extend(part(client, pack.digest, bytes.len()).await.unwrap());
    }
    assert_eq!((bytes.len(), digest_of(&bytes)), (pack.bytes as usize, pack.digest));
}

/// Reads what the desk logs, until it says that.
fn logged(stderr: &mut BufReader<ChildStderr>, words: &str) -> String {
    let mut line = String::new();
    while stderr.read_line(&mut line).unwrap() > 0 {
        if line.contains(words) {
            return line;
        }
        line.clear();
    }
    panic!("the desk never said {words:?}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_running_desk_notices_what_is_installed_keeps_the_last_good_one_and_names_it_again_after_a_restart()
{
    let (home, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let serve = || {
        let mut command = server(home.path());
        command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.spawn().unwrap())
    };
    let install = |words| {
        said(&run(server(home.path()).args(["pack", "install"]).arg(folder(source.path(), words)), ""))
    };
    let mut desk = serve();
    let (address, _) = ready(&mut desk.0);
    let mut log = BufReader::new(desk.0.stderr.take().unwrap());
    let mut ann = ann_at(&address).await;
    assert_eq!(told(&mut ann).await, None);
    install("one");
    let one = told(&mut ann).await.expect("a pack");
    fetch(&mut ann, one).await;
    // Whatever somebody puts there: the desk says so once, and goes on with what it has.
    let file = home.path().join(".local/share/deskbell-server/packs/main.tar");
    fs::write(&file, "no archive").unwrap();
    let complaint = logged(&mut log, "the pack of main is not used");
    assert!(complaint.contains("the one before it stays"), "{complaint}");
    fetch(&mut ann, one).await;
    fs::write(&file, vec![0; PACK_BYTES + 1]).unwrap();
    assert!(logged(&mut log, "the pack of main is not used").contains("is larger than 18826240 bytes"));
    let installed = install("two");
    let two = told(&mut ann).await.expect("a pack: nobody was told of the damaged one");
    assert!(installed.contains(&two.digest.to_string()), "{installed}");
    assert_eq!(part(&mut ann, one.digest, 0).await, Err(Refusal::Stale));
    fetch(&mut ann, two).await;
    terminate(&desk.0);
    assert!(desk.0.wait().unwrap().success());
    // After a restart a visitor is named the same one in the first frame that could say otherwise.
    let mut desk = serve();
    let (address, _) = ready(&mut desk.0);
    let mut ann = ann_at(&address).await;
    assert_eq!(told(&mut ann).await, Some(two));
    said(&run(server(home.path()).args(["pack", "remove"]), ""));
    assert_eq!(told(&mut ann).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn threats_23_who_asks_for_many_parts_and_does_not_read_keeps_nobody_waiting() {
    let (data, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let large = folder(source.path(), "one");
    fs::write(large.join("picture.png"), vec![7; 1024 * 1024]).unwrap();
    let pack = deskbell_pack::Pack::read(&large).unwrap();
    let digest = PackFolder::of(data.path()).install(&SiteKey::main(), &pack).unwrap();
    let desk = desk_in(data.path());
    let address = desk.address().to_string();
    let mut greedy = ann_at(&address).await;
    assert_eq!(told(&mut greedy).await.map(|pack| pack.digest), Some(digest));
    let storm = tokio::spawn(async move {
        let mut n = 0;
        while n < 600 && greedy.could_say(&ClientFrame::Ask { n, ask: Ask::Pack { digest, from: 0 } }).await {
            n += 1;
        }
        greedy
    });
    let mut other = connect(address.parse().unwrap()).await;
    other.say(&ClientFrame::Hello(hello(visitor(2), device(2), token(2)))).await;
    let pack = told(&mut other).await.expect("a pack");
    for _ in 0..5 {
        fetch(&mut other, pack).await;
    }
    // Too much for one connection: it is sent away, unless its system took in all of it; then it may have it.
    let mut greedy = storm.await.unwrap();
    let mut answers = 0;
    while answers < 600
        && let Some(frame) = greedy.hear().await
    {
        match frame {
            DeskFrame::Told { told: Told::Pack { .. }, .. } => answers += 1,
            DeskFrame::Bye(bye) => assert_eq!(bye.code, ByeCode::Slow),
            _ => {}
        }
    }
    fetch(&mut other, pack).await;
    desk.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_starts_with_a_damaged_pack_has_none_and_takes_the_next_good_one() {
    let (data, source) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir_all(data.path().join("packs/main.tar")).unwrap();
    fs::write(data.path().join("packs/other.tar"), "no archive").unwrap();
    fs::write(data.path().join("packs/No key.tar"), "no archive").unwrap();
    let desk = desk_in(data.path());
    let mut ann = ann_at(&desk.address().to_string()).await;
    assert_eq!(told(&mut ann).await, None);
    fs::remove_dir(data.path().join("packs/main.tar")).unwrap();
    let pack = deskbell_pack::Pack::read(&folder(source.path(), "one")).unwrap();
    let digest = PackFolder::of(data.path()).install(&SiteKey::main(), &pack).unwrap();
    let one = told(&mut ann).await.expect("a pack");
    assert_eq!(one.digest, digest);
    fetch(&mut ann, one).await;
    // The whole folder may go, too.
    fs::remove_dir_all(data.path().join("packs")).unwrap();
    assert_eq!(told(&mut ann).await, None);
    desk.stop();
}

use crate::people::{Desk, Visitor, noise, put};
#[test]
fn speed() {
    let (desk, folder) = (Desk::start(), tempfile::tempdir().unwrap());
    let profile = tempfile::tempdir().unwrap();
    let secrets = crate::people::secrets();
    let keep = deskbell_api::profile::Keep::Disk { folder: profile.path().to_owned() };
    let options = deskbell_api::visitor::VisitorOptions {
        link: desk.desk.address().to_string().parse().unwrap(),
        secrets,
        keep,
        locale: deskbell_api::dto::Locale::En,
        newsroom: deskbell_api::desktop::Newsroom::silent(),
    };
    let app = deskbell_api::visitor::VisitorApp::start(options).unwrap();
    let mut v = Visitor::passing(&desk);
    let told = v.told.clone();
    v.app.stop();
    let _ = told;
    v.app = app;
    let t = v.told.clone();
    v.app.boot(t.listener2()).unwrap();
    v.app.send("hello", None).unwrap();
    for n in 0..3 {
        let path = put(folder.path(), &format!("{n}.dat"), &noise(n, 25 * 1024 * 1024 - 10));
        let begin = std::time::Instant::now();
        let mut from = std::fs::File::open(&path).unwrap();
        let mut to = std::fs::File::create(folder.path().join("copy")).unwrap();
        std::io::copy(&mut from, &mut to).unwrap();
        to.sync_all().unwrap();
        let copy = begin.elapsed();
        let begin = std::time::Instant::now();
        v.app.file_stage_paths(vec![path]).unwrap();
        loop {
            let f = v.staged_now();
            if f.len() == 1 && f[0].ready {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let id = v.staged_now()[0].id.clone();
        let staged = begin.elapsed();
        let begin = std::time::Instant::now();
        let line = v.app.file_send(&[id], "", None).unwrap().remove(0);
        let key = line.file.unwrap().key;
        loop {
            match v.app.file(&key) {
                Ok(f) if f.transfer.is_none() => break,
                _ => {}
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        eprintln!("copy {copy:?} stage {staged:?} upload {:?}", begin.elapsed());
    }
    v.app.stop();
    desk.stop();
}

//! The parts that a stage is made of: a desk, a visitor's window, and what lies in their folders.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use deskbell_server::{DeskLimits, DeskOptions, RunningDesk};
use deskbell_testkit::proxy::Proxy;
use deskbell_tests::operator::Operator;
use deskbell_tests::{App, World};
use deskbell_wire::SiteSettings;

use super::recorder::record;

/// A form may have its chat behind a label.
const READY: &str = "window.CallGear && CallGear.UI.getWidget('consultant_chat')?.getEl()";
/// The folder of the pack whose form the window runs; without it the one inside the program.
const PACK: &str = "DESKBELL_CONFORMANCE_PACK";

/// The name of the form beside which the rows run.
pub(super) fn form() -> String {
    let name = |pack: String| Some(Path::new(&pack).file_name()?.to_str()?.to_owned());
    std::env::var(PACK).ok().and_then(name).unwrap_or_else(|| "default".to_owned())
}

/// A desk as the app has it inside, with every limit on speed off: rows follow each other faster than people do.
pub(super) fn start_desk(folder: &Path, port: u16) -> RunningDesk {
    std::fs::create_dir_all(folder).unwrap();
    let options = DeskOptions {
        data: Some(folder.to_owned()),
        key: Some([7; 32].into()),
        listen: SocketAddr::from(([127, 0, 0, 1], port)),
        limits: DeskLimits::unpaced(),
        ..DeskOptions::default()
    };
    deskbell_server::start(options).unwrap()
}
/// Changes the site's settings; where nothing changes, nothing is saved.
pub(super) fn save_site(operator: &Operator, change: impl FnOnce(&mut SiteSettings)) {
    let before = operator.site();
    let mut settings = before.clone();
    change(&mut settings);
    if settings != before {
        operator.verbs().save_site(settings).unwrap();
    }
}

/// Opens the visitor's window and puts the recorder in.
pub(super) async fn start_visitor(world: &World, line: &Proxy) -> App {
    let (desk, pack) = (line.address().to_string(), std::env::var(PACK).ok());
    let mut arguments = vec!["--desk", &desk];
    arguments.extend(pack.iter().flat_map(|pack| ["--pack", pack]));
    let visitor = App::visitor(world, "visitor", &arguments).await;
    visitor.page().wait_until("the form is there", READY).await;
    record(&visitor).await;
    visitor
}

/// The files of a profile's histories.
pub(super) fn histories(data: &Path) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.filter(|path| path.is_dir()).flat_map(|path| std::fs::read_dir(path).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    files.filter(|file| file.file_name().unwrap().to_string_lossy().starts_with("client-")).collect()
}

/// Copies what lies in a folder, without folders in it.
pub(super) fn copy_files(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        if entry.path().is_file() {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

//! The pages as `vite build --mode memory` makes them, served on this computer, and a page that looks at them.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

const HOST: &str =
    "<!doctype html><meta charset=utf-8><style>body { margin: 0 }</style><script src=/inspect.js></script>";
const INSPECT: &str = include_str!("inspect.js");

/// Builds the pages into a folder and serves them for as long as the test runs; gives the address.
pub(super) fn serve(folder: &Path) -> String {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui");
    build(&ui, folder);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (ui, folder) = (ui.clone(), folder.clone());
            std::thread::spawn(move || answer(stream, &ui, &folder));
        }
    });
    address
}

fn build(ui: &Path, folder: &Path) {
    let mut vite = Command::new("node");
    vite.arg("node_modules/vite/bin/vite.js").args([
        "build",
        "--mode",
        "memory",
        "--logLevel",
        "warn",
        "--outDir",
    ]);
    let built = vite.arg(folder).current_dir(ui).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
}

/// One answer, and the line is closed.
fn answer(mut stream: TcpStream, ui: &Path, folder: &Path) {
    let mut asked = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    if reader.read_line(&mut asked).is_err() {
        return;
    }
    let mut header = String::new();
    while reader.read_line(&mut header).is_ok_and(|read| read > 2) {
        header.clear();
    }
    let path = asked.split([' ', '?']).nth(1).unwrap_or("/");
    let (kind, bytes) = match path {
        "/" => ("text/html", Some(HOST.as_bytes().to_vec())),
        "/inspect.js" => ("text/javascript", Some(INSPECT.as_bytes().to_vec())),
        "/axe.js" => ("text/javascript", std::fs::read(ui.join("node_modules/axe-core/axe.min.js")).ok()),
        path => (kind_of(path), file(folder, path)),
    };
    let status = if bytes.is_some() { "200 OK" } else { "404 Not Found" };
    let bytes = bytes.unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        bytes.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&bytes));
}

fn file(folder: &Path, path: &str) -> Option<Vec<u8>> {
    let mut file: PathBuf = folder.join(path.trim_start_matches('/'));
    if path.ends_with('/') {
        file.push("index.html");
    }
    std::fs::read(file).ok()
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("wav") => "audio/wav",
        _ => "text/html",
    }
}

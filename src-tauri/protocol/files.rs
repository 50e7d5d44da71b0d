//! Files over `desk://`: pieces of a page's own in, pictures out.
//!
//! What must always hold: a file's address names it, and not where it is; a page that shows it gets a picture of ours or
//! nothing, and one that goes there goes nowhere: Rust asks what is to become of the file (`files/link.rs`).

use std::borrow::Cow;

use deskbell_wire::limits::FILE_PIECE_BYTES;
use tauri::Url;
use tauri::http::{Request, Response, StatusCode, Uri};

use super::{Outcome, bare, unreadable};
use crate::files::{Asked, Link, Side};
use crate::pack_protocol::decoded;
use crate::shell::Shell;

/// Bytes that a page brings at once.
pub(super) const PIECE_BYTES: usize = FILE_PIECE_BYTES;

/// Takes the next bytes of a page's own file.
pub(super) fn piece(shell: &Shell, request: &Request<Vec<u8>>) -> Outcome<()> {
    let Some(id) = request.uri().path().strip_prefix("/piece/").and_then(decoded) else {
        return unreadable(shell);
    };
    let taken = Side::now(shell).and_then(|side| side.piece(&id, request.body()));
    taken.map_or_else(Outcome::Problem, Outcome::Ok)
}

/// A picture of the file; of one that has none there is nothing.
pub(super) async fn picture(shell: &Shell, uri: &Uri) -> Response<Vec<u8>> {
    let Some(asked) = asked(uri) else { return bare(StatusCode::NOT_FOUND) };
    match crate::files::picture(shell, asked).await {
        Some(picture) => super::picture(picture.media, Cow::Borrowed(&picture.bytes)),
        None => bare(StatusCode::NOT_FOUND),
    }
}

fn asked(uri: &Uri) -> Option<Asked> {
    let path = uri.path();
    let key = path.strip_prefix("/preview/").or_else(|| key_of(path))?;
    let px = uri.query().and_then(|query| query.strip_prefix("px=")).and_then(|px| px.parse().ok());
    Some(Asked::new(decoded(key)?, px))
}

/// The file that a page's link leads to.
pub(crate) fn link_of(url: &Url) -> Option<Link> {
    let is_ours = match (url.scheme(), url.host_str()) {
        ("desk", Some("localhost")) => true,
        ("http", Some("desk.localhost")) => cfg!(windows),
        _ => false,
    };
    let key = key_of(url.path()).filter(|_| is_ours)?;
    decoded(key).map(Link)
}

/// `/file/<key>/<name>`; the name is for whoever reads the address.
fn key_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/file/")?;
    let (key, _name) = rest.split_once('/').unwrap_or((rest, ""));
    (!key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(url: &str) -> Option<Asked> {
        asked(&url.parse().unwrap())
    }

    #[test]
    fn a_picture_is_asked_for_by_its_files_key() {
        let key = || "0192-ab".to_owned();
        assert_eq!(asks("desk://localhost/preview/0192-ab"), Some(Asked::new(key(), None)));
        assert_eq!(asks("desk://localhost/preview/0192-ab?px=200"), Some(Asked::new(key(), Some(256))));
        assert_eq!(asks("desk://localhost/preview/0192-ab?px=99999999999"), Some(Asked::new(key(), None)));
        assert_eq!(asks("desk://localhost/file/0192-ab/%D0%B0.png"), Some(Asked::new(key(), None)));
        assert_eq!(asks("desk://localhost/file//a.png"), None);
        assert_eq!(asks("desk://localhost/preview/%ff"), None);
    }

    #[test]
    fn threats_29_a_link_to_a_file_is_one_of_ours_alone() {
        let of = |url: &str| link_of(&url.parse().unwrap()).map(|Link(key)| key);
        assert_eq!(of("desk://localhost/file/0192-ab/a.png").as_deref(), Some("0192-ab"));
        assert_eq!(of("desk://localhost/file/0192-ab").as_deref(), Some("0192-ab"));
        for url in [
            "desk://localhost/preview/0192-ab",
            "desk://localhost.evil/file/0192-ab/a.png",
            "desk://evil/file/0192-ab/a.png",
            "https://localhost/file/0192-ab/a.png",
            "file:///file/0192-ab/a.png",
            "desk://localhost/file/",
            "desk://localhost/send",
        ] {
            assert_eq!(of(url), None, "{url}");
        }
    }
}

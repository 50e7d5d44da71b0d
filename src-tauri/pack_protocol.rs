//! `pack://localhost/<id>/…`: the files of the pack that the visitor's page runs.
//!
//! What must always hold: only the visitor's window is answered, and only with what is in the pack that its page was told
//! of: there is no path out of it, for none leads to a disk. What there is not has no body.

use std::sync::Arc;

use deskbell_api::dto::{Locale, Problem};
use deskbell_api::packs;
use deskbell_pack::Pack;
use tauri::http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_RANGE, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, HeaderValue, RANGE, X_CONTENT_TYPE_OPTIONS,
};
use tauri::http::{Method, Request, Response, StatusCode, Uri};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::packs::aside;
use crate::ranges::{self, Part};
use crate::shell::Shell;
use crate::windows::{self, Pane};

const SCRIPT: &str = "text/javascript; charset=utf-8";
/// No file is ever a page or a worker of its own; one that became it all the same could do nothing.
const NO_PAGE: &str = "default-src 'none'; sandbox";

/// Where the files of the pack with this id are. Windows serves an app's protocols under host names.
pub(crate) fn base(id: &str) -> String {
    let origin = if cfg!(windows) { "http://pack.localhost" } else { "pack://localhost" };
    format!("{origin}/{id}/")
}

/// What is asked of a pack.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// A file as it is.
    File(String),
    /// A template, compiled.
    Template(String),
    /// An inline script of an `index.html`.
    Script(String, usize),
}

/// Something to answer with.
struct Content {
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// Answers off the main thread: a template is compiled when it is asked for.
pub(crate) fn handle(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    if context.webview_label() != Pane::Visitor.label() {
        return responder.respond(bare(StatusCode::FORBIDDEN));
    }
    tauri::async_runtime::spawn(aside(move || {
        let shell = app.state::<Shell>();
        let pack = |id: &str| shell.packs().with_id(id);
        responder.respond(answer(&request, pack, shell.locale()));
    }));
}

fn answer(
    request: &Request<Vec<u8>>,
    pack: impl Fn(&str) -> Option<Arc<Pack>>,
    locale: Locale,
) -> Response<Vec<u8>> {
    if request.method() != Method::GET {
        return bare(StatusCode::METHOD_NOT_ALLOWED);
    }
    let found = read(request.uri()).and_then(|(id, wanted)| content(&*pack(&id)?, &wanted, locale));
    match found {
        Some(content) => reply(content, request.headers().get(RANGE)),
        None => bare(StatusCode::NOT_FOUND),
    }
}

/// The pack's id, and what is wanted of it. Other questions than ours (`?v=3`) are the file's own business.
fn read(uri: &Uri) -> Option<(String, Wanted)> {
    let (id, path) = uri.path().strip_prefix('/')?.split_once('/')?;
    let path = decoded(path)?;
    let wanted = match uri.query() {
        Some("template") => Wanted::Template(path),
        Some(query) if query.starts_with("script=") => {
            Wanted::Script(path, query.strip_prefix("script=")?.parse().ok()?)
        }
        _ => Wanted::File(path),
    };
    Some((id.to_owned(), wanted))
}

/// Every `%` is followed by two hexadecimal digits, and the whole is UTF-8 without a NUL; otherwise it names nothing.
pub(crate) fn decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' { hex(rest.next()?)? << 4 | hex(rest.next()?)? } else { byte });
    }
    String::from_utf8(bytes).ok().filter(|path| !path.contains('\0'))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn content(pack: &Pack, wanted: &Wanted, locale: Locale) -> Option<Content> {
    let script = |text: String| Content { media_type: SCRIPT, bytes: text.into_bytes() };
    match wanted {
        Wanted::File(path) => {
            pack.file(path).map(|bytes| Content { media_type: Pack::media_type(path), bytes: bytes.to_vec() })
        }
        Wanted::Template(path) => {
            pack.file(path)?;
            Some(script(pack.template(path).map_or_else(
                |flaw| flaw_script(&packs::flaw_problem(&flaw, locale)),
                |compiled| compiled.script().to_owned(),
            )))
        }
        Wanted::Script(path, number) => pack.page_script(path, *number).map(script),
    }
}

/// A template that cannot be compiled says so itself.
fn flaw_script(problem: &Problem) -> String {
    let problem = serde_json::to_string(problem).unwrap_or_else(|_| "{}".to_owned());
    format!("document.currentScript.flaw = {problem};\n")
}

fn reply(content: Content, range: Option<&HeaderValue>) -> Response<Vec<u8>> {
    let Content { media_type, bytes } = content;
    let total = bytes.len();
    let mut response = match ranges::read(range, total) {
        Part::Whole => Response::new(bytes),
        Part::None => bare(StatusCode::RANGE_NOT_SATISFIABLE),
        Part::Bytes(range) => {
            let named = format!("bytes {}-{}/{total}", range.start, range.end.saturating_sub(1));
            let mut response = Response::new(bytes.get(range).unwrap_or_default().to_vec());
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            response.headers_mut().extend(HeaderValue::try_from(named).map(|named| (CONTENT_RANGE, named)));
            response
        }
    };
    let origin = HeaderValue::from_static(windows::own_origin());
    response.headers_mut().extend([
        (ACCESS_CONTROL_ALLOW_ORIGIN, origin),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(NO_PAGE)),
        (CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]);
    response
}

fn bare(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "pack://localhost/0123456789abcdef/";

    fn pack() -> Arc<Pack> {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("index.html", "<p>\n<script>__cs.push(['applyWidgetsOptions', {}]);</script>"),
            ("chat/form.js", "'use it'"),
            ("chat/фон 1.png", "picture"),
            ("chat/good.html", "<p><%= a %></p>"),
            ("chat/bad.html", "<p>\n<%= a </p>"),
        ] {
            let file = folder.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        Arc::new(Pack::read(folder.path()).unwrap())
    }

    fn get(url: &str) -> Response<Vec<u8>> {
        ask(Request::get(url).body(Vec::new()).unwrap())
    }

    fn ask(request: Request<Vec<u8>>) -> Response<Vec<u8>> {
        answer(&request, |id| (id == "0123456789abcdef").then(pack), Locale::En)
    }

    fn text(url: &str) -> String {
        String::from_utf8(get(&format!("{BASE}{url}")).into_body()).unwrap()
    }

    #[test]
    fn a_file_comes_as_it_is_and_for_our_pages_alone() {
        let response = get(&format!("{BASE}chat/form.js?v=3"));
        let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_slice()), (200, &b"'use it'"[..]));
        assert_eq!(header("access-control-allow-origin"), windows::own_origin());
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(text("chat/%D1%84%D0%BE%D0%BD%201.png"), "picture");
    }

    #[test]
    fn threats_38_what_is_not_in_the_pack_has_neither_body_nor_name() {
        for path in [
            "",
            "none.js",
            "chat",
            "chat/",
            "chat/../chat/form.js",
            "../0123456789abcdef/chat/form.js",
            "%2e%2e/%2e%2e/etc/passwd",
            "..%2f..%2fetc%2fpasswd",
            "%2Fetc%2Fpasswd",
            "//etc/passwd",
            "chat%5Cform.js",
            "chat%5c..%5cform.js",
            "chat/form.js%00",
            "chat/form.js%",
            "chat/form.js%4",
            "chat/form.js%zz",
            "chat/form%2Ejs/",
            "%ff",
            "chat/CON",
            "none.html?template",
            "index.html?script=1",
            "index.html?script=-1",
            "index.html?script=",
            "chat/form.js?script=0",
        ] {
            let response = get(&format!("{BASE}{path}"));
            assert_eq!((response.status().as_u16(), response.body().len()), (404, 0), "{path}");
        }
        for url in
            ["pack://localhost/", "pack://localhost/0123456789abcdee/chat/form.js", "pack://localhost/chat"]
        {
            assert_eq!(get(url).status().as_u16(), 404, "{url}");
        }
    }

    #[test]
    fn nothing_but_get_is_answered() {
        for method in [Method::POST, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
            let request = Request::builder().method(method.clone()).uri(format!("{BASE}chat/form.js"));
            assert_eq!(ask(request.body(Vec::new()).unwrap()).status().as_u16(), 405, "{method}");
        }
    }

    #[test]
    fn a_template_is_a_script_and_so_is_what_is_wrong_with_it() {
        assert!(text("chat/good.html?template").contains("document.currentScript.template"));
        let bad = text("chat/bad.html?template");
        assert!(bad.starts_with("document.currentScript.flaw = {") && bad.contains("chat/bad.html"), "{bad}");
        assert_eq!(text("chat/bad.html"), "<p>\n<%= a </p>", "as a file it is what it is");
    }

    #[test]
    fn a_pages_script_stands_in_its_own_line() {
        assert!(text("index.html?script=0").lines().nth(1).unwrap().contains("applyWidgetsOptions"));
    }

    #[test]
    fn a_part_of_a_file_says_which_it_is() {
        let url = format!("{BASE}chat/form.js");
        let part = ask(Request::get(&url).header(RANGE, "bytes=1-3").body(Vec::new()).unwrap());
        assert_eq!((part.status().as_u16(), part.body().as_slice()), (206, &b"use"[..]));
        assert_eq!(part.headers().get(CONTENT_RANGE).unwrap(), "bytes 1-3/8");
        let none = ask(Request::get(&url).header(RANGE, "bytes=8-").body(Vec::new()).unwrap());
        assert_eq!((none.status().as_u16(), none.body().len()), (416, 0));
    }

    #[test]
    fn threats_32_on_windows_the_same_is_allowed_under_other_names() {
        let policy = |file: &str| {
            let file = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
            let config: serde_json::Value =
                serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            config.pointer("/app/security/csp").unwrap().as_str().unwrap().to_owned()
        };
        let named = policy("tauri.conf.json")
            .replace(" pack:", " http://pack.localhost")
            .replace(" ipc:", " ipc: http://ipc.localhost")
            .replace(" desk:", " http://desk.localhost");
        assert_eq!(policy("tauri.windows.conf.json"), named);
    }
}

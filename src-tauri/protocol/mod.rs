//! `desk://localhost/…`: what a page asks for that is no command.
//!
//! The visitor's page waits for its verbs here (`verbs.rs`); both faces' pages bring files of their own in pieces and
//! show pictures of files (`files.rs`). What must always hold: only the window of the session's face is answered, and
//! what an answer says only its own page may read; a request is bounded before it is read.

mod files;
mod verbs;

use std::borrow::Cow;

use deskbell_api::dto::Problem;
use serde::Serialize;
use tauri::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, ORIGIN,
    X_CONTENT_TYPE_OPTIONS,
};
use tauri::http::{Method, Request, Response, StatusCode, Uri};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::problem;
use crate::shell::Shell;
use crate::windows::{Pane, own_origin};

pub(crate) use files::link_of;

/// What a page is told: `{"ok": …}` or `{"problem": …}`.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome<T> {
    Ok(T),
    Problem(Problem),
}

/// A body that is not what its path takes.
#[derive(Debug)]
struct Unreadable;

/// What a page may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    /// A verb of the visitor's.
    Verb,
    /// The next bytes of a page's own file.
    Piece,
    /// A picture of a file.
    Picture,
}

/// Somebody who may ask, and for what.
struct Admitted {
    route: Route,
    /// Who may read the answer; an image needs nobody's leave, for no page can read what it shows.
    origin: Option<HeaderValue>,
}

/// Answers off the main thread, so that a slow disk never stops the windows from drawing.
pub(crate) fn handle(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    let face = Pane::from(app.state::<Shell>().request().face);
    let Admitted { route, origin } = match admit(context.webview_label(), face, &request) {
        Ok(admitted) => admitted,
        Err(status) => return responder.respond(bare(status)),
    };
    match route {
        Route::Verb => {
            let question = verbs::read(&request);
            answer(app, origin, responder, |shell| {
                question.map_or_else(|_| unreadable(shell), |question| verbs::answer(shell, question))
            });
        }
        Route::Piece => answer(app, origin, responder, move |shell| files::piece(shell, &request)),
        Route::Picture => {
            tauri::async_runtime::spawn(async move {
                let shell = app.state::<Shell>();
                responder.respond(files::picture(&shell, request.uri()).await);
            });
        }
    }
}

fn answer<T: Serialize>(
    app: tauri::AppHandle,
    origin: Option<HeaderValue>,
    responder: UriSchemeResponder,
    work: impl FnOnce(&Shell) -> Outcome<T> + Send + 'static,
) {
    tauri::async_runtime::spawn_blocking(move || {
        let outcome = work(&app.state::<Shell>());
        responder.respond(reply(origin, &outcome));
    });
}

fn unreadable<T>(shell: &Shell) -> Outcome<T> {
    Outcome::Problem(problem::say("invalid", shell.locale()))
}

/// Who asks must be a page of ours in the face's window, for something that there is. A page declares its body as plain
/// text or not at all: anything else would cost a request for permission first (CORS).
fn admit(label: &str, face: Pane, request: &Request<Vec<u8>>) -> Result<Admitted, StatusCode> {
    let is_face = label == face.label();
    let route = route(request.uri());
    if route == Some(Route::Picture) {
        return match request.method() {
            _ if !is_face => Err(StatusCode::FORBIDDEN),
            &Method::GET => Ok(Admitted { route: Route::Picture, origin: None }),
            _ => Err(StatusCode::METHOD_NOT_ALLOWED),
        };
    }
    let origin = request.headers().get(ORIGIN).filter(|origin| *origin == own_origin());
    let origin = origin.filter(|_| is_face).ok_or(StatusCode::FORBIDDEN)?;
    if request.method() != Method::POST {
        return Err(StatusCode::METHOD_NOT_ALLOWED);
    }
    let limit = match route {
        Some(Route::Verb) if face == Pane::Visitor => verbs::BODY_BYTES,
        Some(Route::Piece) => files::PIECE_BYTES,
        _ => return Err(StatusCode::NOT_FOUND),
    };
    if request.body().len() > limit {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    Ok(Admitted { route: route.unwrap_or(Route::Verb), origin: Some(origin.clone()) })
}

fn route(uri: &Uri) -> Option<Route> {
    let path = uri.path();
    let starts = |start: &str| path.strip_prefix(start).is_some_and(|rest| !rest.is_empty());
    if matches!(path, "/send" | "/want" | "/history") {
        Some(Route::Verb)
    } else if starts("/piece/") {
        Some(Route::Piece)
    } else if starts("/preview/") || starts("/file/") {
        Some(Route::Picture)
    } else {
        None
    }
}

fn reply<T: Serialize>(origin: Option<HeaderValue>, outcome: &Outcome<T>) -> Response<Vec<u8>> {
    let Ok(body) = serde_json::to_vec(outcome) else {
        return bare(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.extend(origin.map(|origin| (ACCESS_CONTROL_ALLOW_ORIGIN, origin)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A picture of ours: never anything else, whatever a page takes it for.
fn picture(media: &'static str, bytes: Cow<'_, [u8]>) -> Response<Vec<u8>> {
    let mut response = Response::new(bytes.into_owned());
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
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

    fn request(method: Method, url: &str, origin: Option<&str>, body: &str) -> Request<Vec<u8>> {
        let mut request = Request::builder().method(method).uri(url);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        request.body(body.as_bytes().to_vec()).unwrap()
    }

    fn refusal(label: &str, request: &Request<Vec<u8>>) -> Option<u16> {
        admit(label, Pane::Visitor, request).err().map(|status| status.as_u16())
    }

    const SEND: &str = "desk://localhost/send";
    const PIECE: &str = "desk://localhost/piece/1";
    const PICTURE: &str = "desk://localhost/preview/1";

    #[test]
    fn the_visitors_page_is_admitted() {
        assert_eq!(refusal("visitor", &request(Method::POST, SEND, Some(own_origin()), "{}")), None);
        assert_eq!(refusal("visitor", &request(Method::POST, PIECE, Some(own_origin()), "{}")), None);
        assert_eq!(refusal("visitor", &request(Method::GET, PICTURE, None, "")), None);
    }

    #[test]
    fn the_operators_page_has_files_and_none_of_the_visitors_verbs() {
        let refusal = |url, method| {
            let request = request(method, url, Some(own_origin()), "");
            admit("operator", Pane::Operator, &request).err().map(|status| status.as_u16())
        };
        assert_eq!(refusal(PIECE, Method::POST), None);
        assert_eq!(refusal(PICTURE, Method::GET), None);
        assert_eq!(refusal(SEND, Method::POST), Some(404));
    }

    #[test]
    fn threats_32_nobody_else_is_admitted() {
        let ours = Some(own_origin());
        for label in ["operator", "app", "", "visitor2"] {
            assert_eq!(refusal(label, &request(Method::POST, SEND, ours, "{}")), Some(403), "{label}");
            assert_eq!(refusal(label, &request(Method::POST, PIECE, ours, "{}")), Some(403), "{label}");
            assert_eq!(refusal(label, &request(Method::GET, PICTURE, ours, "")), Some(403), "{label}");
        }
        for origin in [None, Some("null"), Some("https://example.org"), Some("tauri://localhost.evil")] {
            for url in [SEND, PIECE] {
                let request = request(Method::POST, url, origin, "{}");
                assert_eq!(refusal("visitor", &request), Some(403), "{origin:?} {url}");
            }
        }
    }

    #[test]
    fn what_there_is_not_is_refused() {
        let ours = Some(own_origin());
        let refused = |method, path: &str, body: &str| {
            refusal("visitor", &request(method, &format!("desk://localhost/{path}"), ours, body))
        };
        assert_eq!(refused(Method::GET, "send", ""), Some(405));
        assert_eq!(refused(Method::GET, "piece/1", ""), Some(405));
        assert_eq!(refused(Method::POST, "preview/1", ""), Some(405));
        for path in ["boot", "piece/", "preview", "file/", "", "send/1"] {
            assert_eq!(refused(Method::POST, path, "{}"), Some(404), "{path}");
        }
        let long = "x".repeat(verbs::BODY_BYTES + 1);
        assert_eq!(refused(Method::POST, "send", &long), Some(413));
        assert_eq!(refused(Method::POST, "piece/1", &long), None);
        assert_eq!(refused(Method::POST, "piece/1", &"x".repeat(files::PIECE_BYTES + 1)), Some(413));
    }

    #[test]
    fn threats_37_a_picture_is_nothing_else() {
        let response = picture("image/png", Cow::Borrowed(b"png"));
        let header = |name: &str| response.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!(header("content-type"), "image/png");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("content-security-policy"), "default-src 'none'; sandbox");
        assert!(response.headers().get(ACCESS_CONTROL_ALLOW_ORIGIN).is_none(), "no page reads its pixels");
    }
}

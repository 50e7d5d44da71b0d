//! `desk://localhost/…`: the visitor's page asks and waits.
//!
//! Why a protocol beside the commands: the consultant API promises calls that return only when the row is on the
//! disk, and a page can wait for nothing but a synchronous request. What must always hold: only the visitor's window
//! is answered, only its own page may read the answer, and a request is bounded before it is read.

use deskbell_api::dto::{Message, MessagesPage, Problem, VisitorWish};
use serde::{Deserialize, Serialize};
use tauri::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, ORIGIN};
use tauri::http::{Method, Request, Response, StatusCode};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::problem;
use crate::shell::Shell;
use crate::windows::{Pane, own_origin};

/// A message of the greatest length in JSON, every character escaped as a surrogate pair, fits.
const BODY_BYTES: usize = 128 * 1024;

/// What the page asks.
enum Question {
    Send { text: String, group: Option<u32> },
    Want { uid: String, wish: Box<VisitorWish> },
    History { before: Option<u64> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SendBody {
    text: String,
    group: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantBody {
    uid: String,
    wish: Box<VisitorWish>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryBody {
    before: Option<u64>,
}

/// What the page is told: `{"ok": …}` or `{"problem": …}`.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok(Answer),
    Problem(Problem),
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Message(Box<Message>),
    Page(MessagesPage),
    /// `null`
    Taken(()),
}

/// Answers off the main thread, so that a slow disk never stops the windows from drawing.
pub(crate) fn handle(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    let origin = match admit(context.webview_label(), &request) {
        Ok(origin) => origin,
        Err(status) => return responder.respond(bare(status)),
    };
    let question = read(&request);
    tauri::async_runtime::spawn_blocking(move || {
        let outcome = match question {
            Ok(question) => answer(&app.state::<Shell>(), question),
            Err(Unreadable) => Outcome::Problem(problem::say("invalid", app.state::<Shell>().locale())),
        };
        responder.respond(reply(origin, &outcome));
    });
}

/// The page's origin, if it is a page of ours in the visitor's window that asks for something that there is.
/// The page declares its body as plain text: anything else would cost a request for permission first (CORS).
fn admit(label: &str, request: &Request<Vec<u8>>) -> Result<HeaderValue, StatusCode> {
    let origin = request.headers().get(ORIGIN).filter(|origin| *origin == own_origin());
    let Some(origin) = origin.filter(|_| label == Pane::Visitor.label()) else {
        return Err(StatusCode::FORBIDDEN);
    };
    if request.method() != Method::POST {
        Err(StatusCode::METHOD_NOT_ALLOWED)
    } else if !matches!(request.uri().path(), "/send" | "/want" | "/history") {
        Err(StatusCode::NOT_FOUND)
    } else if request.body().len() > BODY_BYTES {
        Err(StatusCode::PAYLOAD_TOO_LARGE)
    } else {
        Ok(origin.clone())
    }
}

/// A body that is not what its path takes.
#[derive(Debug)]
struct Unreadable;

fn read(request: &Request<Vec<u8>>) -> Result<Question, Unreadable> {
    let body = request.body();
    match request.uri().path() {
        "/send" => {
            serde_json::from_slice(body).map(|SendBody { text, group }| Question::Send { text, group })
        }
        "/want" => serde_json::from_slice(body).map(|WantBody { uid, wish }| Question::Want { uid, wish }),
        _ => serde_json::from_slice(body).map(|HistoryBody { before }| Question::History { before }),
    }
    .map_err(|_| Unreadable)
}

fn answer(shell: &Shell, question: Question) -> Outcome {
    let answered = shell.visitor().and_then(|visitor| match question {
        Question::Send { text, group } => {
            visitor.send(&text, group).map(|message| Answer::Message(Box::new(message)))
        }
        Question::Want { uid, wish } => visitor.want(&uid, *wish).map(|()| Answer::Taken(())),
        Question::History { before } => visitor.history(before).map(Answer::Page),
    });
    answered.map_or_else(Outcome::Problem, Outcome::Ok)
}

fn reply(origin: HeaderValue, outcome: &Outcome) -> Response<Vec<u8>> {
    let Ok(body) = serde_json::to_vec(outcome) else {
        return bare(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
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
        admit(label, request).err().map(|status| status.as_u16())
    }

    const SEND: &str = "desk://localhost/send";

    #[test]
    fn the_visitors_page_is_admitted() {
        assert_eq!(refusal("visitor", &request(Method::POST, SEND, Some(own_origin()), "{}")), None);
    }

    #[test]
    fn threats_32_nobody_else_is_admitted() {
        let ours = Some(own_origin());
        for label in ["operator", "app", "", "visitor2"] {
            assert_eq!(refusal(label, &request(Method::POST, SEND, ours, "{}")), Some(403), "{label}");
        }
        for origin in [None, Some("null"), Some("https://example.org"), Some("tauri://localhost.evil")] {
            assert_eq!(
                refusal("visitor", &request(Method::POST, SEND, origin, "{}")),
                Some(403),
                "{origin:?}"
            );
        }
    }

    #[test]
    fn what_there_is_not_is_refused() {
        let ours = Some(own_origin());
        assert_eq!(refusal("visitor", &request(Method::GET, SEND, ours, "")), Some(405));
        let boot = "desk://localhost/boot";
        assert_eq!(refusal("visitor", &request(Method::POST, boot, ours, "{}")), Some(404));
        let long = "x".repeat(BODY_BYTES + 1);
        assert_eq!(refusal("visitor", &request(Method::POST, SEND, ours, &long)), Some(413));
    }

    #[test]
    fn the_longest_message_fits_however_it_is_escaped() {
        let text = "\\ud83d\\udd14".repeat(deskbell_wire::limits::TEXT_CHARS);
        let body = format!("{{\"text\":\"{text}\"}}");
        let request = request(Method::POST, SEND, Some(own_origin()), &body);
        assert_eq!(refusal("visitor", &request), None);
        let read = read(&request).unwrap();
        assert!(
            matches!(read, Question::Send { text, .. } if text.chars().count() == deskbell_wire::limits::TEXT_CHARS)
        );
    }

    #[test]
    fn threats_24_a_body_is_whole_or_nothing() {
        for body in [
            "",
            "{}",
            "[]",
            r#"{"text":1}"#,
            r#"{"text":"a","uid":"b"}"#,
            r#"{"text":"\ud800"}"#,
            "{\"text\":\"a",
        ] {
            assert!(read(&request(Method::POST, SEND, None, body)).is_err(), "{body}");
        }
        let history = |body| read(&request(Method::POST, "desk://localhost/history", None, body));
        assert!(matches!(history(r#"{"before":null}"#), Ok(Question::History { before: None })));
        assert!(matches!(history(r#"{"before":7}"#), Ok(Question::History { before: Some(7) })));
        assert!(history(r#"{"before":-1}"#).is_err());
    }
}

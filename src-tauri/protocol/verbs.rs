//! What the visitor's page asks and waits for.
//!
//! Why a protocol beside the commands: the consultant API promises calls that return only when the row is on the
//! disk, and a page can wait for nothing but a synchronous request.

use deskbell_api::dto::{Message, MessagesPage, VisitorWish};
use serde::{Deserialize, Serialize};
use tauri::http::Request;

use super::{Outcome, Unreadable};
use crate::shell::Shell;

/// A message of the greatest length in JSON, every character escaped as a surrogate pair, fits.
pub(super) const BODY_BYTES: usize = 128 * 1024;

/// What the page asks.
pub(super) enum Question {
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

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Answer {
    Message(Box<Message>),
    Page(MessagesPage),
    /// `null`
    Taken(()),
}

pub(super) fn read(request: &Request<Vec<u8>>) -> Result<Question, Unreadable> {
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

pub(super) fn answer(shell: &Shell, question: Question) -> Outcome<Answer> {
    let answered = shell.visitor().and_then(|visitor| match question {
        Question::Send { text, group } => {
            visitor.send(&text, group).map(|message| Answer::Message(Box::new(message)))
        }
        Question::Want { uid, wish } => visitor.want(&uid, *wish).map(|()| Answer::Taken(())),
        Question::History { before } => visitor.history(before).map(Answer::Page),
    });
    answered.map_or_else(Outcome::Problem, Outcome::Ok)
}

#[cfg(test)]
mod tests {
    use tauri::http::Method;

    use super::*;

    fn request(url: &str, body: &str) -> Request<Vec<u8>> {
        Request::builder().method(Method::POST).uri(url).body(body.as_bytes().to_vec()).unwrap()
    }

    const SEND: &str = "desk://localhost/send";

    #[test]
    fn the_longest_message_fits_however_it_is_escaped() {
        let text = "\\ud83d\\udd14".repeat(deskbell_wire::limits::TEXT_CHARS);
        let body = format!("{{\"text\":\"{text}\"}}");
        assert!(body.len() <= BODY_BYTES);
        let read = read(&request(SEND, &body)).unwrap();
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
            assert!(read(&request(SEND, body)).is_err(), "{body}");
        }
        let history = |body| read(&request("desk://localhost/history", body));
        assert!(matches!(history(r#"{"before":null}"#), Ok(Question::History { before: None })));
        assert!(matches!(history(r#"{"before":7}"#), Ok(Question::History { before: Some(7) })));
        assert!(history(r#"{"before":-1}"#).is_err());
    }
}

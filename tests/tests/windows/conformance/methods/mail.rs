//! What leaves the chat: by mail and on paper.

use deskbell_testkit::postfix::{DOMAIN, Postfix};

use serde_json::Value;

use crate::conformance::stage::Stage;

/// The mail server gets one letter with both sides' words.
#[tokio::test]
async fn send_chat_by_mail() {
    let Some(post) = Postfix::start() else { return };
    let stage = Stage::open_answered("Your parcel is on its way.").await;
    stage.hand("sendChatMessage('Where is my parcel?')").await;
    stage.has_said("Where is my parcel?");
    stage.take_mail_to(&post);
    let to = format!("kim@{DOMAIN}");
    stage.chat(&format!("sendChatByMail('{to}')")).await;
    let letter = String::from_utf8(post.letter(&to)).unwrap();
    for words in ["Where is my parcel?", "Your parcel is on its way."] {
        assert!(letter.contains(words), "{words:?} is not in\n{letter}");
    }
    assert_eq!(post.letters(&to).len(), 1);
}

/// What goes to the printer holds both sides' words, and is gone afterwards.
#[tokio::test]
async fn print_current_chat() {
    let stage = Stage::open_answered("Your parcel is on its way.").await;
    stage.hand("sendChatMessage('Where is my parcel?')").await;
    stage.has_said("Where is my parcel?");
    // Nobody has a printer here: the paper is looked at instead.
    let watch = "window.printed = []; window.print = () => {
        printed.push(document.querySelector('.desk-print')?.textContent ?? '');
        window.dispatchEvent(new Event('afterprint'));
    }; return null";
    let _: Value = stage.visitor.page().script(watch).await;
    stage.chat("printCurrentChat()").await;
    let printed: Vec<String> = stage.visitor.page().script("return window.printed").await;
    let [paper] = printed.as_slice() else { panic!("printed {} times", printed.len()) };
    for words in ["Where is my parcel?", "Your parcel is on its way."] {
        assert!(paper.contains(words), "{words:?} is not in {paper:?}");
    }
    stage.until("the paper is gone", "document.querySelector('.desk-print') === null").await;
}

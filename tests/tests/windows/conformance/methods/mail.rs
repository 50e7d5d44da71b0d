//! What leaves the chat: by mail and on paper.

use deskbell_testkit::postfix::{DOMAIN, Postfix};

use crate::conformance::stage::Stage;

/// The mail server gets one letter with both sides' words.
#[tokio::test]
async fn send_chat_by_mail() {
    let Some(post) = Postfix::start() else { return };
    let stage = Stage::open_answered("Your parcel is on its way.").await;
    stage.hand("sendChatMessage('Where is my parcel?')").await;
    stage.has_said("Where is my parcel?");
    stage.take_mail_to(&post).await;
    let to = format!("kim@{DOMAIN}");
    stage.chat(&format!("sendChatByMail('{to}')")).await;
    let letter = String::from_utf8(post.letter(&to)).unwrap();
    for words in ["Where is my parcel?", "Your parcel is on its way."] {
        assert!(letter.contains(words), "{words:?} is not in\n{letter}");
    }
    assert_eq!(post.letters(&to).len(), 1);
}

/// What goes to the printer holds both sides' words.
#[tokio::test]
async fn print_current_chat() {
    let stage = Stage::open_answered("Your parcel is on its way.").await;
    stage.hand("sendChatMessage('Where is my parcel?')").await;
    stage.has_said("Where is my parcel?");
    // Nobody has a printer here: what would be printed is looked at instead.
    let watched = "(() => { window.printed = []; window.print = () => printed.push(document.body.innerText); return true })()";
    stage.until("the printer is watched", watched).await;
    stage.chat("printCurrentChat()").await;
    for words in ["Where is my parcel?", "Your parcel is on its way."] {
        stage.until(words, &format!("window.printed.join().includes('{words}')")).await;
    }
}

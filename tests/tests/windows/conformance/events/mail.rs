//! Transcripts.

use deskbell_testkit::postfix::{DOMAIN, Postfix};

use crate::conformance::stage::Stage;

/// The answer follows the mail server's: success when it took the letter, a code and a sentence when it never will.
#[tokio::test]
async fn sendchatbymail() {
    let Some(post) = Postfix::start() else { return };
    let stage = Stage::open_answered("Your parcel is on its way.").await;
    stage.take_mail_to(&post);
    let (taken, refused) = (format!("kim@{DOMAIN}"), format!("nobody@{DOMAIN}"));
    post.answers(&refused, "550 5.1.1 never");
    stage.hand(&format!("sendChatByMail('{taken}')")).await;
    stage.hears("sendchatbymail", |answer| answer["success"] == true).await;
    post.letter(&taken);
    stage.hand(&format!("sendChatByMail('{refused}')")).await;
    let answer = stage.hears("sendchatbymail", |answer| answer["success"] == false).await.payload;
    assert!(answer["code"].is_string(), "{answer}");
    assert!(answer["info"]["message"].as_str().is_some_and(|words| words.ends_with('.')), "{answer}");
    assert!(post.letters(&refused).is_empty());
}

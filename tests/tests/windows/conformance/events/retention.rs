//! What a site does for a visitor who waits.

use deskbell_wire::{RetentionMessage, Way};
use serde_json::json;

use crate::conformance::stage::Stage;

/// While nobody answers, the site's message comes, and then its other way is offered.
#[tokio::test]
async fn showchatretentionaction() {
    let stage = Stage::open_at(|site| {
        site.form.retention.messages =
            vec![RetentionMessage { after_s: 1, text: "A moment, please.".to_owned() }];
        site.form.retention.way = Some(Way::OfflineMessage);
        site.form.retention.way_after_s = 2;
    })
    .await;
    stage.hand("startChat()").await;
    let offered = json!({ "alternate_communication_way": "offline_message" });
    stage.hears("showchatretentionaction", |way| *way == offered).await;
    stage.operator.until_lines("the site's message", &stage.id, |lines| {
        lines.iter().any(|line| line.text == "A moment, please.")
    });
}

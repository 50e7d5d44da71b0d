//! Who the visitor is, and what he thinks of the operator.

use deskbell_api::dto::{Detail, OperatorWish};
use deskbell_wire::{Field, FieldName};
use serde_json::json;

use crate::conformance::stage::Stage;

/// What the operator wrote into the card.
#[tokio::test]
async fn get_visitor_card() {
    let stage = Stage::open_in_chat().await;
    assert_eq!(stage.chat("getVisitorCard()").await["email"], json!([]));
    let wish = OperatorWish::Card {
        name: Some("Kim Park".to_owned()),
        emails: vec!["kim@post.test".to_owned()],
        phones: vec!["+49 30 901820".to_owned()],
    };
    stage.operator.verbs().want(&stage.id, wish).unwrap();
    stage.until("the name", "chat.getVisitorCard().name === 'Kim Park'").await;
    let card = stage.chat("getVisitorCard()").await;
    assert_eq!(
        (&card["email"], card["phone"].as_array().map(Vec::len)),
        (&json!(["kim@post.test"]), Some(1)),
        "{card}"
    );
}

/// The operator reads the name and the address in the card; the callback has run by then.
#[tokio::test]
async fn set_visitor_card() {
    let stage = Stage::open_in_chat().await;
    let card = "{ name: 'Kim Park', email: 'kim@post.test', phone: '+49 30 901820' }";
    stage
        .chat(&format!("setVisitorCard({card}, () => {{ window.kept = hand.getVisitorCard().name }})"))
        .await;
    stage.until("the callback has run", "window.kept === 'Kim Park'").await;
    stage.operator.until_row("the name is in the list", &stage.id, |row| row["name"] == "Kim Park");
    let card = stage.operator.verbs().person(&stage.id).unwrap().card;
    assert_eq!(card.emails, ["kim@post.test"]);
    assert_eq!(card.phones.len(), 1);
}

/// What the site requires and the card lacks; the operator fills the card, and it is less.
#[tokio::test]
async fn get_required_info() {
    let stage = Stage::open_at(|site| {
        let fields = [(FieldName::Name, true), (FieldName::Email, true), (FieldName::Phone, false)];
        let field = |(name, is_required)| Field { name, title: String::new(), is_required };
        site.form.fields = fields.map(field).into();
    })
    .await;
    stage.until("both are required", "String(chat.getRequiredInfo()) === 'name,email'").await;
    let wish =
        OperatorWish::Card { name: Some("Kim Park".to_owned()), emails: Vec::new(), phones: Vec::new() };
    stage.operator.verbs().want(&stage.id, wish).unwrap();
    stage.until("the address is left", "String(chat.getRequiredInfo()) === 'email'").await;
}

/// The operator sees the mark in the conversation, then another, then that it was taken back.
#[tokio::test]
async fn set_operator_rating() {
    let stage = Stage::open_answered("Good morning").await;
    for mark in [Some(4), Some(5), None] {
        stage.chat(&format!("setOperatorRating({})", json!(mark))).await;
        stage.operator.until_lines("the mark", &stage.id, |lines| {
            let mut marks = lines.iter().filter_map(|line| match line.detail {
                Some(Detail::Rated { mark }) => Some(mark),
                _ => None,
            });
            marks.next_back() == Some(mark)
        });
    }
}

//! Two habits of controllers that companies run, each with a form of its own in the real window.

use deskbell_api::dto::MessageKind;
use serde_json::Value;

use super::stage::Stage;

/// A form that opens the chat when it is shown and ends it before it is hidden, as the API's own document does.
const SHOW_AND_HIDE: &str = "
    const form = (window.form = CallGear.UI.createWidget('consultant_chat', {
        settings: {},
        template: '<section class=\"callgear-widget--hidden\"><button c-ref=\"close\">x</button></section>',
    }));
    form.on('show', function () { form.startChat(); });
    form.on('beforehide', function () { form.closeChat(); });
    form.render();
    form.refs.close.onclick = () => form.hide();
    return null";

#[tokio::test]
async fn a_form_may_open_the_chat_on_show_and_end_it_before_it_hides() {
    let stage = Stage::open().await;
    let _: Value = stage.visitor.page().script(SHOW_AND_HIDE).await;
    for _ in 0..2 {
        let _: Value = stage.visitor.page().script("CallGear.UI.show('consultant_chat'); return null").await;
        stage.until("it is shown", "form.isVisible() && form.getEl().offsetHeight > 0").await;
        stage.until_row("the visitor waits", "waiting");
        let _: Value = stage.visitor.page().script("form.refs.close.click(); return null").await;
        stage.until("it is hidden", "!form.isVisible() && form.getEl().offsetHeight === 0").await;
        stage.until_row("the visitor is on site", "on_site");
        stage.until("the state is back", "form.getState() === 'available'").await;
    }
    let lines = stage.operator.lines(&stage.id);
    let of = |kind| lines.iter().filter(|line| line.kind == kind).count();
    assert_eq!((of(MessageKind::Opened), of(MessageKind::Closed)), (2, 2), "{lines:#?}");
}

/// A form that only ever sends: its first message opens the chat. It draws what `sendChatMessage` returns and what
/// `sendmessage` brings, by `uid`.
const FIRST_MESSAGE: &str = "
    const form = (window.form = CallGear.UI.createWidget('consultant_chat', {
        settings: {},
        template: '<section><input c-ref=\"words\"><button c-ref=\"send\">send</button><ol c-ref=\"log\"></ol></section>',
        add(message) {
            const row = document.createElement('li');
            row.textContent = message.sender + ': ' + message.text;
            row.dataset.uid = message.uid;
            this.refs.log.append(row);
        },
    }));
    form.on('sendmessage', (message) => message.sender === 'system' || form.add(message));
    form.on('startchat', (answer) => { window.opened = answer.success; });
    form.render();
    form.refs.send.onclick = () => {
        form.add(form.sendChatMessage(form.refs.words.value));
        form.refs.words.value = '';
    };
    form.show();
    return null";

#[tokio::test]
async fn a_forms_first_message_may_open_the_chat() {
    let stage = Stage::open().await;
    let _: Value = stage.visitor.page().script(FIRST_MESSAGE).await;
    let send = "form.refs.words.value = 'Is anybody there?'; form.refs.send.click(); return null";
    let _: Value = stage.visitor.page().script(send).await;
    stage.until_row("the visitor waits", "waiting");
    stage.has_said("Is anybody there?");
    stage.until("startchat has answered", "window.opened === true && form.getState() === 'chat'").await;
    stage.say("Yes, I am.");
    let drawn = "[...form.refs.log.children].map((row) => row.textContent).join() === \
                 'visitor: Is anybody there?,operator: Yes, I am.'";
    stage.until("both messages are drawn once", drawn).await;
    let lines = stage.operator.lines(&stage.id);
    assert_eq!(lines.iter().filter(|line| line.kind == MessageKind::Opened).count(), 1, "{lines:#?}");
}

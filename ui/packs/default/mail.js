// The conversation by e-mail.
(function (form) {
  "use strict";

  form.createMail = function (desk) {
    const { chat, texts } = desk;
    const plain = CallGear.UI.C.MESSAGES_SETTINGS.email;
    let made = null;
    let address = "";
    const plan = {
      name: "consultant_mail",
      template: "consultant_mail",
      title: texts.mail_title,
      action: plain.buttonText,
      build(widget) {
        widget.refs.lead.textContent = plain.text;
        form.prepareFields(widget, texts, [{ name: "email", is_required: true }]);
      },
      open(widget) {
        form.fillFields(widget, chat.getVisitorCard());
      },
      submit({ email }, sheet) {
        address = email.trim();
        sheet.setBusy(true);
        chat.sendChatByMail(address);
      },
    };
    chat.on("sendchatbymail", (answer) => made && made.answered(answer, plain.feedbackText, address));
    return {
      open() {
        made = made || form.createSheet(desk, plan);
        made.open();
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));

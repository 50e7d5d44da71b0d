// The lead forms: shown when the desk says so, each with its own controller, which runs at every showing.
(function (form) {
  "use strict";

  const LEADS = {
    call_generator: {
      words: (texts) => [texts.lead_call_title, texts.lead_call_text],
      action: () => CallGear.UI.C.CALL_SITEPHONE_TEXT,
      fields: [{ name: "name" }, { name: "phone", is_required: true }],
    },
    offline_message_generator: {
      words: (texts) => [texts.lead_message_title, texts.lead_message_text],
      action: () => CallGear.UI.C.SEND_OFFLINE_MESSAGE_TEXT,
      fields: [{ name: "name" }, { name: "email", is_required: true }],
    },
    personal_form: {
      words: (texts) => [texts.lead_person_title, texts.lead_person_text],
      action: (texts) => texts.lead_person_action,
      fields: [{ name: "name", is_required: true }, { name: "email", is_required: true }, { name: "phone" }],
    },
  };

  for (const [name, lead] of Object.entries(LEADS)) {
    CallGear.UI.registerViewController(name, () => form.desk && show(form.desk, name, lead));
  }

  function show(desk, name, { words, action, fields }) {
    const { texts, chat } = desk;
    const [title, text] = words(texts);
    let isOver = false;
    const sheet = form.createSheet(desk, {
      name,
      template: name,
      title,
      action: action(texts),
      build(widget) {
        widget.refs.lead.textContent = text;
        widget.refs.back.setAttribute("aria-label", texts.not_now);
        widget.refs.back.title = texts.not_now;
        form.prepareFields(widget, texts, fields);
      },
      open(widget) {
        form.fillFields(widget, chat.getVisitorCard());
      },
      submit(values, sheet) {
        sheet.setBusy(true);
        sheet.widget.submit(values);
      },
      closed({ widget }) {
        if (!isOver) widget.cancel();
        isOver = true;
        widget.destroy();
      },
    });
    const { widget } = sheet;
    widget.on("leadsubmit", (answer) => {
      isOver = answer.success;
      sheet.answered(answer, texts.lead_done, texts.lead_done_text);
    });
    widget.on("leadhide", () => {
      isOver = true;
      sheet.close();
    });
    sheet.open();
  }
})((window.ChatForm = window.ChatForm || {}));

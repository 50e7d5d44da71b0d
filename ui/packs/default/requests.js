// What a visitor leaves when a conversation is not the way: a message, or a wish to be called.
(function (form) {
  "use strict";

  const DAY_MS = 86_400_000;
  const SLOT_MS = 1_800_000;
  /** Nobody can be called in less than this (milliseconds). */
  const AHEAD_MS = 900_000;

  /** The offline form. */
  form.createOffline = function (desk) {
    const { chat, settings, texts } = desk;
    const options = settings.offline_message;
    const sheet = form.createSheet(desk, {
      name: "consultant_offline_message",
      template: "consultant_offline_message",
      title: options.title || texts.offline_title,
      action: CallGear.UI.C.SEND_OFFLINE_MESSAGE_TEXT,
      build(widget) {
        widget.refs.lead.textContent = texts.offline_lead;
        form.prepareFields(widget, texts, options.fields);
        form.prepareGroups(widget, texts, options);
        form.countField(widget, texts, "message");
      },
      open(widget) {
        form.fillFields(widget, chat.getVisitorCard());
      },
      submit(values, sheet) {
        sheet.setBusy(true);
        const { name, email, phone, message, group } = values;
        sheet.widget.sendRequest({ name, email, phone, message, group_id: group || null });
      },
    });
    sheet.widget.on("sendofflinerequest", (answer) =>
      sheet.answered(answer, texts.offline_done, texts.offline_done_text),
    );
    return sheet;
  };

  /** The call-back form. */
  form.createCallback = function (desk) {
    const { chat, settings, texts } = desk;
    const sheet = form.createSheet(desk, {
      name: "consultant_sitephone",
      template: "consultant_sitephone",
      title: texts.call_title,
      action: CallGear.UI.C.CALL_SITEPHONE_TEXT,
      build(widget, sheet) {
        widget.refs.lead.textContent = texts.call_lead;
        widget.refs.whenTitle.textContent = texts.call_when;
        form.prepareFields(widget, texts, [{ name: "phone", is_required: true }]);
        form.prepareGroups(widget, texts, { ...settings.chat, group_title: texts.call_group });
        buildWhen(widget.refs, texts, sheet);
      },
      open(widget) {
        form.fillFields(widget, chat.getVisitorCard());
        drawWhen(widget.refs, new Date());
      },
      submit(values, sheet) {
        sheet.setBusy(true);
        const { phone, group } = values;
        const { refs } = sheet.widget;
        const at = refs.day.value === "now" ? null : Number(refs.time.value);
        sheet.widget.startCall({ phone, group_id: group || null, delayed_call_time: at });
      },
    });
    sheet.widget.on("sitephonecall", (answer) =>
      sheet.answered(answer, texts.call_done, texts.call_done_text),
    );
    return sheet;
  };

  function buildWhen(refs, texts) {
    refs.day.setAttribute("aria-label", texts.call_when);
    refs.time.setAttribute("aria-label", CallGear.UI.C.PLACEHOLDERS.time);
    const days = [
      ["now", texts.call_now],
      ["today", texts.call_today],
      ["tomorrow", texts.call_tomorrow],
    ];
    refs.day.append(...days.map(([value, words]) => form.option(value, words)));
    refs.day.addEventListener("change", () => drawWhen(refs, new Date()));
  }

  /** The times of the chosen day; a day without any cannot be chosen. */
  function drawWhen(refs, now) {
    const today = slots(now, now);
    const todayOption = [...refs.day.options].find((one) => one.value === "today");
    todayOption.disabled = today.length === 0;
    if (todayOption.disabled && refs.day.value === "today") refs.day.value = "now";
    refs.timePart.hidden = refs.day.value === "now";
    const times = refs.day.value === "tomorrow" ? slots(new Date(now.getTime() + DAY_MS), now) : today;
    const chosen = refs.time.value;
    refs.time.replaceChildren(
      ...times.map((time) =>
        form.option(time.getTime() / 1000, CallGear.UI.toTimeString(time).padStart(5, "0")),
      ),
    );
    if (times.some((time) => String(time.getTime() / 1000) === chosen)) refs.time.value = chosen;
  }

  /** Half hours of a day, from nine to eight in the evening, that are still ahead. */
  function slots(day, now) {
    const first = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 9).getTime();
    const all = Array.from({ length: 23 }, (_, at) => new Date(first + at * SLOT_MS));
    return all.filter((time) => time.getTime() >= now.getTime() + AHEAD_MS);
  }
})((window.ChatForm = window.ChatForm || {}));

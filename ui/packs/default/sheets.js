// Sheets: small forms that lie over the conversation, one at a time. Each is a widget of its own, built when it is
// first shown. What lies beneath can neither be reached nor counts as seen.
(function (form) {
  "use strict";

  /** The place of sheets in a chat form. */
  form.createStack = function ({ chat, texts }) {
    const { under, sheets } = chat.refs;
    let current = null;
    let opener = null;

    return {
      host: sheets,
      isOpen: () => current !== null,
      current: () => current,
      /** A sheet is being shown; the one before it goes. */
      enter(sheet) {
        if (current === sheet) return;
        // It lies over the conversation: where that is folded, nobody would see it.
        if (!chat.isVisible()) chat.show();
        if (!current) opener = document.activeElement;
        const before = current;
        current = sheet;
        under.inert = true;
        if (before) before.close();
      },
      /** A sheet is gone. */
      leave(sheet) {
        if (current !== sheet) return;
        current = null;
        under.inert = false;
        const isBack = opener && opener.isConnected && opener !== document.body;
        (isBack && opener.offsetParent !== null ? opener : chat.refs.composer).focus();
        if (this.onLeave) this.onLeave();
      },
      /** Messages that came while a sheet covered them. */
      drawUnread(count) {
        if (!current || !current.widget.refs.unread) return;
        const { unread } = current.widget.refs;
        unread.hidden = count === 0;
        unread.textContent = form.newWords(texts, count);
      },
    };
  };

  /**
   * Makes a sheet: `name` of the widget, `template` of its fields, `title`, `action` (the button's words), and what it
   * does: `build(widget)` once, `open(widget, what)` at each opening, `submit(values, sheet)`, `closed(sheet)`.
   */
  form.createSheet = function (desk, plan) {
    const { settings, tpls, texts, sheets } = desk;
    let isBuilt = false;
    let isBusy = false;
    let asked;

    const widget = CallGear.UI.createWidget(plan.name, {
      settings,
      template: () =>
        form
          .html(tpls.sheet, settings)
          .replace("<!--fields-->", () => form.html(tpls[plan.template], settings)),
      show() {
        build();
        sheet.reset();
        if (plan.open) plan.open(widget, asked);
        asked = undefined;
        sheets.enter(sheet);
        const answer = this.constructor.prototype.show.call(this);
        form.focusFirst(widget);
        return answer;
      },
      hide() {
        const answer = this.constructor.prototype.hide.call(this);
        sheets.leave(sheet);
        return answer;
      },
    });

    const build = () => {
      if (isBuilt) return;
      isBuilt = true;
      widget.render(sheets.host);
      const { refs } = widget;
      refs.title.id = `${plan.name}-title`;
      widget.getEl().setAttribute("aria-labelledby", refs.title.id);
      widget.getEl().dataset.test = plan.name;
      refs.title.textContent = plan.title;
      refs.submit.textContent = plan.action;
      refs.doneBack.textContent = texts.back_to_chat;
      refs.back.setAttribute("aria-label", texts.back_to_chat);
      refs.back.title = texts.back_to_chat;
      for (const one of [refs.back, refs.doneBack, refs.unread])
        one.addEventListener("click", () => sheet.close());
      widget.getEl().addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        sheet.close();
      });
      refs.form.addEventListener("submit", () => submit());
      form.watchErrors(widget, texts);
      plan.build(widget, sheet);
    };
    const submit = () => {
      if (isBusy) return;
      sheet.say("");
      if (!form.checkFields(widget, texts)) return;
      plan.submit(widget.getValues(), sheet);
    };

    const sheet = {
      widget,
      open(what) {
        asked = what;
        widget.show();
      },
      close() {
        if (!widget.isVisible()) return;
        widget.hide();
        if (plan.closed) plan.closed(sheet);
      },
      /** The fields are there again; what they hold stays. */
      reset() {
        sheet.setBusy(false);
        sheet.say("");
        widget.refs.form.hidden = false;
        widget.refs.done.hidden = true;
      },
      /** While it is under way nobody sends it twice. */
      setBusy(now) {
        isBusy = now;
        widget.refs.submit.disabled = now;
        widget.refs.submit.textContent = now ? texts.sending : plan.action;
      },
      /** What went wrong, in the one place for it. */
      say(words) {
        const { notice } = widget.refs;
        if (!notice) return;
        notice.textContent = words;
        notice.hidden = !words;
      },
      /** Done: what was filled in goes, and the words say what happens next. */
      finish(title, words) {
        const { refs } = widget;
        sheet.setBusy(false);
        refs.form.reset();
        refs.form.hidden = true;
        refs.done.hidden = false;
        refs.doneTitle.textContent = title;
        refs.doneText.textContent = words;
        refs.doneText.hidden = !words;
        refs.doneBack.focus();
      },
      /** The one answer of a method. */
      answered(answer, title, words) {
        // A lead form that was closed is gone.
        if (widget.getEl()) sheet.setBusy(false);
        if (!answer.success) {
          const words = form.reason(answer, texts.refused);
          if (widget.isVisible()) sheet.say(words);
          else desk.notice.say(words);
          return;
        }
        if (!widget.getEl()) return;
        const { info } = answer;
        sheet.finish((info && form.plain(info.title)) || title, (info && form.plain(info.message)) || words);
      },
    };
    return sheet;
  };
})((window.ChatForm = window.ChatForm || {}));

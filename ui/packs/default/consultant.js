// The default chat form: a view controller like any other. It knows the public API (CallGear) and nothing else; its
// parts are in the scripts that pack.json names before this one.
//
// What must always hold: nothing that was typed is lost: the composer is emptied only by a message that was taken.
(function (form) {
  "use strict";

  CallGear.UI.registerViewController("consultant", function (settings, tpls) {
    const lang = document.documentElement.lang === "ru" ? "ru" : "en";
    const texts = settings.texts[lang];
    const chat = CallGear.UI.createWidget("consultant_chat", { settings, template: tpls.consultant_chat });
    chat.render();
    const { refs } = chat;
    const desk = { chat, refs, settings, tpls, texts, lang, trouble: null, changed: () => undefined };
    form.desk = desk;

    /** Nobody is there who could answer, and no chat is open. */
    desk.isAway = () => desk.head.isOnline() && !chat.isChatAvailable() && chat.getState() === "available";
    desk.sheets = form.createStack(desk);
    desk.notice = form.createNotice(desk);
    desk.sound = form.createSound(desk);
    desk.log = form.createLog(desk);
    desk.head = form.createHead(desk);
    desk.tray = form.createTray(desk);
    desk.start = form.createStart(desk);
    desk.send = (text) => {
      desk.log.addOwn(chat.sendChatMessage(text, desk.start.group()));
      desk.composer.clear();
    };
    desk.sendFiles = (files) => files.forEach((file) => chat.sendFile(file, desk.start.group()));
    form.createAttach(desk, (files) => {
      if (desk.start.needs()) desk.start.open("", files);
      else desk.sendFiles(files);
    });
    desk.composer = form.createComposer(desk, (text) => {
      if (desk.start.needs()) desk.start.open(text);
      else desk.send(text);
    });
    desk.invitation = form.createInvitation(desk);
    desk.rating = form.createRating(desk);
    desk.panels = form.createPanels(desk);
    desk.empty = form.createEmpty(desk);
    desk.label = form.createLabel(desk);
    dress([chat.getEl(), desk.label.el], settings.common.banner_color);
    desk.changed = () => {
      desk.empty.draw();
      desk.rating.follow();
      desk.panels.follow();
      desk.label.draw();
    };
    listen(desk);
    desk.head.draw();
    desk.label.open();
    desk.changed();
  });

  function listen(desk) {
    const { chat, log, head, composer, notice } = desk;
    const redraw = () => {
      head.draw();
      desk.changed();
    };
    chat.on("historyreset", () => log.clear());
    chat.on("showhistory", (messages) => log.addHistory(messages));
    chat.on("historyavailable", () => log.fill());
    chat.on("sendmessage", (message) => {
      log.add(message);
      if (message.sender !== "operator") return;
      desk.sound.ring();
      desk.label.hear(message);
      desk.sheets.drawUnread(chat.getUnreadCounter());
    });
    chat.on("messagestatus", (change) => {
      const refused = log.change(change);
      if (refused !== null) composer.giveBack(refused);
    });
    chat.on("fileprogress", (change) => log.progress(change));
    chat.on("chattyping", () => log.types(chat.getOperatorVcard()));
    chat.on("operatorleave", () => log.typesNoMore());
    chat.on("connectionchange", (connection) => {
      head.setPhase(connection.phase || (connection.online ? "online" : "offline"));
      redraw();
    });
    for (const event of ["statechange", "chatavailabilitychange", "operatorjoined", "operatorleave"]) {
      chat.on(event, redraw);
    }
    chat.on("error", (error) => notice.say(error.message));
    for (const event of ["startchat", "closechat"]) {
      chat.on(event, (answer) => {
        if (!answer.success) notice.say(form.reason(answer, desk.texts.refused));
      });
    }
    desk.sheets.onLeave = () => log.seen();
  }

  function dress(roots, color) {
    for (const root of roots) {
      paint(root, color);
      // Fingers want bigger targets than a mouse.
      root.classList.toggle("chat--touch", CallGear.getDeviceType() !== "desktop");
    }
  }

  /** The company's colour, where it gave one; the text on it turns to what reads better. */
  function paint(root, color) {
    if (!/^#([\da-f]{3}|[\da-f]{6})$/i.test(color || "")) return;
    root.style.setProperty("--own", color);
    root.style.setProperty("--on-own", CallGear.UI.getContrastColor(color));
    // Where the colours only just stand apart, a paler bubble would not be read.
    root.style.setProperty("--waiting", "1");
  }

  /** What could not be done, in one place, until the person goes on; over the conversation it stands in the sheet. */
  form.createNotice = function (desk) {
    const { refs, texts } = desk;
    const hide = () => (refs.notice.hidden = true);
    refs.composer.addEventListener("input", hide);
    refs.noticeClose.addEventListener("click", () => {
      hide();
      refs.composer.focus();
    });
    refs.noticeClose.setAttribute("aria-label", texts.close);
    refs.noticeClose.title = texts.close;
    return {
      say(words) {
        desk.trouble = words;
        const sheet = desk.sheets.current();
        if (sheet) return sheet.say(words);
        refs.noticeWords.textContent = words;
        refs.notice.hidden = false;
      },
    };
  };

  /** What is there before the first word: example questions, or other ways while nobody is here. */
  form.createEmpty = function (desk) {
    const { refs, texts, settings, chat, log, panels } = desk;
    const examples = settings.chat.examples || texts.examples;
    const items = (buttons) =>
      buttons.map((button) => {
        const item = document.createElement("li");
        item.append(button);
        return item;
      });
    const questions = items(
      examples
        .slice(0, 3)
        .map((example) => form.button(example, "example", () => desk.composer.write(example))),
    );
    const away = items(
      panels.ways().map(({ id, words, act }, at) => {
        const button = form.button(words, at === 0 ? "primary wide" : "example example--plain", act);
        button.dataset.test = `away-${id}`;
        return button;
      }),
    );
    let drawn = null;
    return {
      draw() {
        const isAway = away.length > 0 && desk.isAway();
        refs.empty.hidden = !log.isEmpty() || desk.invitation.isWaiting();
        chat.getEl().classList.toggle("chat--inviting", log.isEmpty() && desk.invitation.isWaiting());
        if (drawn === isAway) return;
        drawn = isAway;
        refs.emptyTitle.textContent = isAway ? texts.away_title : texts.empty_title;
        refs.emptyText.textContent = isAway ? texts.away_text : texts.empty_text;
        refs.examples.replaceChildren(...(isAway ? away : questions));
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));

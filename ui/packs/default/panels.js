// Everything beside the conversation: the menu, the other ways to be heard, and when they are offered by themselves.
(function (form) {
  "use strict";

  form.createPanels = function (desk) {
    const { chat, settings, texts, tray, log, sound } = desk;
    const card = form.createCard(desk);
    const mail = form.createMail(desk);
    const offline = settings.offline_message.is_visible ? form.createOffline(desk) : null;
    const callback = (settings.callback || {}).is_visible ? form.createCallback(desk) : null;

    /** The ways that a site has beside the chat. */
    const ways = () =>
      [
        offline && { id: "offline", words: texts.leave_message, act: () => offline.open() },
        callback && { id: "call", words: texts.request_call, act: () => callback.open() },
      ].filter(Boolean);

    const items = () => {
      const { rating, start } = desk;
      const isTalk = !log.isEmpty();
      const canMail = isTalk && settings.chat.is_mail !== false;
      const rateWords = rating.mark() === null ? texts.rate : texts.rate_again;
      return [
        start.hasGroups() && { id: "group", words: texts.choose_group, act: () => start.open("") },
        ...ways(),
        { id: "card", words: texts.card_title, act: () => card.open() },
        null,
        rating.isOpen() && { id: "rate", words: rateWords, act: () => rate() },
        canMail && { id: "mail", words: texts.mail_title, act: () => mail.open() },
        isTalk && { id: "print", words: texts.print, act: () => chat.printCurrentChat() },
        sound.exists && { id: "sound", words: texts.sound, checked: sound.isOn(), act: () => sound.turn() },
        ...(chat.getState() === "chat"
          ? [null, { id: "end", words: texts.end_chat, act: () => desk.head.ask() }]
          : []),
      ].filter((item) => item !== false);
    };
    const rate = () => {
      const sheet = desk.sheets.current();
      if (sheet) sheet.close();
      desk.rating.ask();
    };
    form.createMenu(desk, items);

    /** Retention: the chat waits, and the site offers another way. */
    const retention = {
      offline_message: offline,
      sitephone: callback,
      chat: { open: () => desk.start.open("") },
    };
    chat.on("showchatretentionaction", ({ alternate_communication_way: way }) => {
      const target = retention[way];
      const given = (CallGear.UI.C.RETENTION_BUTTONS_SETTINGS || {})[way];
      if (!target || !given || (way === "chat" && !settings.chat.is_groups_enabled)) return;
      const act = () => {
        tray.drop("retention");
        chat.closeChat(() => target.open());
      };
      tray.put(
        "retention",
        form.createOffer(desk, "retention", given.text, [{ id: "act", words: given.buttonText, act }]),
      );
    });
    const stop = () => tray.drop("retention");
    chat.on("operatorjoined", stop);
    chat.on("sendmessage", (message) => message.sender === "operator" && stop());
    chat.on("statechange", (state) => state !== "chat" && stop());

    return {
      ways,
      /** Nobody is here, and the talk is over: the other ways stand under it. */
      follow() {
        if (!desk.isAway() || log.isEmpty() || ways().length === 0) return tray.drop("away");
        if (!tray.has("away")) tray.put("away", form.createOffer(desk, "away", texts.away_offer, ways()));
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));

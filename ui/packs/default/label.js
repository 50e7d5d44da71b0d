// The folded form: a label in the window's corner, and the company's desk in the room above it.
//
// What must always hold: folding is hiding the chat and unfolding is showing it, whoever asks for it; what comes while
// it is folded counts as unread; a chat that is open never folds itself.
(function (form) {
  "use strict";

  const KEY = "folded";
  /** More is not counted aloud. */
  const MOST = 99;

  form.createLabel = function (desk) {
    const { chat, settings, texts, tpls } = desk;
    const label = CallGear.UI.createWidget("consultant_label", { settings, template: tpls.consultant_label });
    label.render();
    const { refs } = label;
    const isFolded = () => !chat.isVisible();

    /** What stands in the room: what came, else how things are and what can be done. */
    const describe = (unread) => {
      if (unread > 0) return [form.newWords(texts, unread), texts.folded_new, false];
      if (chat.getState() === "chat") return [texts.folded_chat, texts.folded_chat_text, false];
      if (desk.isAway()) return [texts.away_title, texts.away_text, true];
      return [texts.empty_title, texts.folded_text, true];
    };
    const drawRoom = (unread) => {
      const [title, text, hasWays] = describe(unread);
      const isInviting = desk.invitation.isWaiting();
      label.getEl().classList.toggle("folded--new", unread > 0);
      label.getEl().classList.toggle("folded--inviting", isInviting);
      for (const one of [refs.title, refs.text]) one.hidden = isInviting;
      refs.title.textContent = title;
      refs.text.textContent = text;
      refs.ways.hidden = !hasWays || isInviting || !refs.ways.firstElementChild;
    };
    const drawLabel = (unread) => {
      const { name, avatar, who, state, words } = desk.head.describe();
      const heard = unread > 0 || chat.getState() === "chat" ? desk.log.lastHeard() : null;
      form.drawFace(refs.face, who, avatar);
      refs.name.textContent = name;
      refs.state.dataset.state = state;
      refs.stateWords.textContent = words;
      refs.words.textContent = heard ? form.gist(heard) : "";
      refs.words.hidden = !heard;
      refs.count.textContent = unread > MOST ? `${MOST}+` : unread || "";
      refs.count.hidden = unread === 0;
      // For those who hear it: what can be read here stays a part of the button's name.
      refs.deed.textContent = `${texts.unfold}.`;
      refs.countWords.textContent = unread > 0 ? form.newWords(texts, unread) : "";
    };
    const draw = () => {
      if (!isFolded()) return;
      const unread = chat.getUnreadCounter();
      drawRoom(unread);
      drawLabel(unread);
    };
    const fold = () => chat.isVisible() && chat.hide();
    const unfold = () => isFolded() && chat.show();

    const follow = () => {
      chat.on("hide", () => {
        CallGear.storage.setItem(KEY, true);
        stay();
      });
      chat.on("show", () => {
        CallGear.storage.setItem(KEY, false);
        label.hide();
        refs.told.textContent = "";
        desk.log.unfolded();
        if (!desk.sheets.isOpen()) desk.composer.open();
      });
    };
    const stay = () => {
      label.show();
      draw();
      refs.open.focus();
    };
    chat.on("messageviewed", draw);
    chat.on("inviteaccept", (answer) => answer.success && unfold());
    listenToKeys(chat, fold, unfold);

    refs.open.addEventListener("click", unfold);
    label.getEl().classList.toggle("folded--left", settings.chat.h_position === "left");
    refs.ways.append(
      ...desk.panels.ways().map(({ id, words, act }) => {
        const item = document.createElement("li");
        const button = form.button(words, "example example--plain", act);
        button.dataset.test = `folded-${id}`;
        item.append(button);
        return item;
      }),
    );
    const { fold: button } = chat.refs;
    button.setAttribute("aria-label", texts.fold);
    button.title = texts.fold;
    button.addEventListener("click", fold);
    chat.getEl().id = "chat-form";
    for (const one of [button, refs.open]) one.setAttribute("aria-controls", "chat-form");

    return {
      el: label.getEl(),
      draw,
      unfold,
      /** An operator's message stands in the log. */
      hear(message) {
        if (!isFolded()) return;
        draw();
        const count = form.newWords(texts, chat.getUnreadCounter());
        refs.told.textContent = [count, message.from, form.gist(message)].join(". ");
      },
      focus: () => refs.open.focus(),
      /** The bubble beside the label holds `card`, or nothing. */
      hold(card) {
        refs.bubble.replaceChildren(...(card ? [card] : []));
        refs.bubble.hidden = !card;
      },
      /** As the person left it; a chat that is open is shown. */
      open() {
        const isOpen = ["chat", "lead"].includes(chat.getState());
        if (isOpen || CallGear.storage.getItem(KEY) !== true) {
          chat.show();
          desk.composer.open();
        } else stay();
        // Older lines are asked for once the newest are there: not by this first showing.
        follow();
      },
    };
  };

  /** Escape where nothing else wants it, Alt and an arrow from anywhere in the form. */
  function listenToKeys(chat, fold, unfold) {
    document.addEventListener("keydown", (event) => {
      const isMeant = chat.isVisible() ? folds(event, chat.getEl()) : isKey(event, "ArrowUp", true);
      if (!isMeant || event.defaultPrevented || !chat.getEl().isConnected) return;
      event.preventDefault();
      (chat.isVisible() ? fold : unfold)();
    });
  }

  /**
   * The keys of a list open it, and panels that are not the form's have an Escape of their own. On a Mac, Alt and an
   * arrow go through what is written.
   */
  function folds(event, root) {
    const { target, isComposing } = event;
    if (target !== document.body && !root.contains(target)) return false;
    if (isComposing || target.tagName === "SELECT") return false;
    if (event.altKey && /^(INPUT|TEXTAREA)$/.test(target.tagName) && /^Mac/.test(navigator.platform))
      return false;
    return isKey(event, "ArrowDown", true) || isKey(event, "Escape", false);
  }

  function isKey(event, key, withAlt) {
    return (
      event.key === key && event.altKey === withAlt && !(event.ctrlKey || event.metaKey || event.shiftKey)
    );
  }
})((window.ChatForm = window.ChatForm || {}));

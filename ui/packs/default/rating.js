// The operator's mark: five stars, or a thumb up and one down (`settings.chat.rating_style`). Offered when a chat has
// ended, and in the menu as soon as a chat can be rated; changed and taken back at any time.
(function (form) {
  "use strict";

  /** The mark that the arrow keys have come to is sent when they rest (milliseconds): operators see each one. */
  const REST_MS = 500;
  const DISMISSED = "rating-dismissed";

  form.createRating = function (desk) {
    const { chat, settings, texts, tray } = desk;
    const isThumbs = settings.chat.rating_style === "thumbs";
    const marks = isThumbs ? [5, 1] : [1, 2, 3, 4, 5];
    let isRateable = false;
    let isWanted = false;
    let mark = null;
    let name = "";
    let card = null;
    let timer = null;

    const words = (one) => {
      if (isThumbs) return one === 5 ? texts.thumb_up : texts.thumb_down;
      return texts.stars[one - 1];
    };
    const build = () => {
      const { node, part } = form.make(desk.tpls.rating);
      const buttons = marks.map((one) => markButton(one));
      const group = part("marks");
      group.classList.toggle("marks--thumbs", isThumbs);
      part("card__title").textContent = CallGear.UI.C.RATING_TEXT;
      group.append(...buttons);
      group.addEventListener("keydown", (event) => move(event, buttons));
      group.addEventListener("focusout", (event) => group.contains(event.relatedTarget) || settle());
      const clear = part("rate__clear");
      clear.textContent = texts.rating_clear;
      clear.addEventListener("click", () => {
        buttons[0].focus();
        save(null);
      });
      const close = part("card__close");
      close.setAttribute("aria-label", texts.close);
      close.title = texts.close;
      close.addEventListener("click", dismiss);
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        dismiss();
      });
      return { node, part, buttons, clear };
    };
    const markButton = (one) => {
      const button = form.button("", "mark", () => save(one));
      button.innerHTML = isThumbs ? form.icons[one === 5 ? "up" : "down"] : form.icons.star;
      button.setAttribute("role", "radio");
      button.setAttribute("aria-label", words(one));
      button.title = words(one);
      button.dataset.test = `mark-${one}`;
      return button;
    };

    const move = (event, buttons) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const isMirrored =
        getComputedStyle(event.currentTarget).direction === "rtl" && /Left|Right/.test(event.key);
      const at = buttons.indexOf(document.activeElement);
      const next = at + (isMirrored ? -step : step);
      if (next < 0 || next >= marks.length) return;
      buttons[next].focus();
      mark = marks[next];
      draw();
      clearTimeout(timer);
      timer = setTimeout(settle, REST_MS);
    };
    const settle = () => {
      if (timer === null) return;
      clearTimeout(timer);
      timer = null;
      chat.setOperatorRating(mark);
    };
    const save = (one) => {
      clearTimeout(timer);
      timer = null;
      mark = one;
      draw();
      chat.setOperatorRating(one);
    };
    const dismiss = () => {
      isWanted = false;
      CallGear.storage.setItem(DISMISSED, desk.log.lastChat() || "none");
      desk.changed();
      desk.composer.focus();
    };

    const draw = () => {
      if (!card) return;
      const { part, buttons, clear } = card;
      const at = marks.indexOf(mark);
      buttons.forEach((button, index) => {
        const isChosen = marks[index] === mark;
        button.setAttribute("aria-checked", String(isChosen));
        button.tabIndex = index === Math.max(at, 0) ? 0 : -1;
        button.classList.toggle("mark--on", isThumbs ? isChosen : at >= 0 && index <= at);
      });
      part("marks").setAttribute("aria-label", CallGear.UI.C.RATING_TEXT);
      part("card__name").textContent = name;
      part("card__name").hidden = !name;
      part("rate__thanks").textContent =
        mark === null ? texts.rating_hint : `${words(mark)} · ${CallGear.UI.C.RATING_FEEDBACK_TEXT}`;
      clear.hidden = mark === null;
    };
    /** After the chat it comes by itself, once. */
    const isDue = () =>
      chat.getState() === "available" &&
      mark === null &&
      CallGear.storage.getItem(DISMISSED) !== (desk.log.lastChat() || "none");
    const follow = () => {
      if (!isRateable) {
        tray.drop("rating");
        isWanted = false;
        card = null;
        return;
      }
      if (isDue()) isWanted = true;
      if (!isWanted) return tray.drop("rating");
      name = name || (desk.log.lastHeard() || { from: "" }).from;
      card = card || build();
      draw();
      tray.put("rating", card.node);
    };

    chat.on("operatorjoined", (operator) => (name = operator.name));
    chat.on("ratingchange", (now) => {
      isRateable = settings.chat.is_consultant_operator_rating !== false;
      mark = now;
      follow();
    });
    chat.on("statechange", (state) => {
      if (state !== "chat") return;
      // Another chat: it says itself when it can be rated.
      isRateable = false;
      name = "";
      follow();
    });
    chat.on("setrating", (answer) => {
      if (!answer.success) desk.notice.say(form.reason(answer, texts.refused));
    });
    return {
      follow,
      /** Can the newest chat be rated? */
      isOpen: () => isRateable,
      mark: () => mark,
      /** The visitor wants to rate. */
      ask() {
        isWanted = true;
        follow();
        tray.bring("rating");
        if (card) card.buttons[Math.max(marks.indexOf(mark), 0)].focus();
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));

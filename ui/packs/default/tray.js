// The tray between conversation and composer: one card at a time, the most pressing first.
(function (form) {
  "use strict";

  const ORDER = ["invite", "retention", "rating", "away"];

  form.createTray = function ({ refs }) {
    const cards = new Map();
    let asked = null;
    let shown = null;

    const draw = () => {
      const order = asked === null ? ORDER : [ORDER[0], asked, ...ORDER];
      const next = cards.get(order.find((kind) => cards.has(kind))) || null;
      if (next === shown) return;
      const hadFocus = shown !== null && shown.contains(document.activeElement);
      shown = next;
      refs.tray.replaceChildren(...(next ? [next] : []));
      refs.tray.hidden = next === null;
      if (hadFocus) (next || refs.composer).focus();
    };
    return {
      put(kind, card) {
        cards.set(kind, card);
        draw();
      },
      /** The visitor asked for this card: it is not kept back by an offer. */
      bring(kind) {
        asked = kind;
        draw();
      },
      drop(kind) {
        cards.delete(kind);
        if (asked === kind) asked = null;
        draw();
      },
      has: (kind) => cards.has(kind),
    };
  };

  /** A card of a sentence and what can be done about it. */
  form.createOffer = function (desk, name, words, actions) {
    const { node, part } = form.make(desk.tpls.offer);
    node.dataset.test = name;
    part("offer__words").textContent = words;
    part("offer__acts").append(
      ...actions.map((action, at) => {
        const button = form.button(action.words, at === 0 ? "primary" : "quiet", action.act);
        button.dataset.test = `${name}-${action.id}`;
        return button;
      }),
    );
    return node;
  };
})((window.ChatForm = window.ChatForm || {}));

// An invitation: who asks, the words, and two answers. It goes when its time is over or an operator takes it back.
(function (form) {
  "use strict";

  form.createInvitation = function (desk) {
    const { chat, texts, tray, notice } = desk;
    let waiting = null;
    let card = null;
    let accepted = null;

    const draw = (message) => {
      const { node, part } = form.make(desk.tpls.invitation);
      const { name, avatar } = message.operator_info || {};
      form.drawFace(part("face"), name, name ? avatar : null);
      part("card__name").textContent = name || desk.head.title;
      part("card__role").textContent = texts.invites;
      part("card__words").textContent = message.invite_message || message.text;
      part("invite__accept").textContent = texts.accept;
      part("invite__reject").textContent = texts.not_now;
      part("invite__accept").addEventListener("click", () => {
        chat.inviteAccept();
        desk.label.unfold();
        desk.composer.focus();
      });
      part("invite__reject").addEventListener("click", reject);
      node.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        reject();
      });
      card = node;
      place();
    };
    /** In the tray, or beside the label of the folded form. */
    const place = () => {
      const isFolded = !chat.isVisible();
      desk.label.hold(isFolded ? card : null);
      if (card && !isFolded) tray.put("invite", card);
      else tray.drop("invite");
      desk.changed();
    };
    const reject = () => {
      chat.inviteReject();
      (chat.isVisible() ? desk.composer : desk.label).focus();
    };

    chat.on("invite", (message) => {
      waiting = message;
      draw(message);
      desk.sound.ring();
    });
    // Whatever ends the state ends the card; what was accepted is the first line of the chat.
    chat.on("statechange", (state) => {
      if (state === "invite") return;
      card = null;
      if (state === "chat" && waiting) accepted = { message: waiting, entry: desk.log.add(waiting) };
      waiting = null;
      place();
    });
    for (const event of ["show", "hide"]) chat.on(event, place);
    chat.on("historyreset", () => (accepted = null));
    chat.on("inviteaccept", (answer) => {
      if (answer.success) return;
      if (accepted) desk.log.take(accepted.entry);
      accepted = null;
      // The terms are asked for on the screen already, and agreeing to them accepts the invitation.
      if (answer.code !== "consent") notice.say(form.reason(answer, texts.refused));
    });
    chat.on("invitereject", (answer) => {
      if (!answer.success) notice.say(form.reason(answer, texts.refused));
    });
    return { isWaiting: () => waiting !== null };
  };
})((window.ChatForm = window.ChatForm || {}));

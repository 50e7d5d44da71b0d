// The head: who is there, how things stand, and the one question before a chat is ended.
(function (form) {
  "use strict";

  form.createHead = function ({ chat, settings, texts }) {
    const { refs } = chat;
    const title = settings.chat.title || texts.title;
    let phase = "online";

    const standing = (operator) => {
      if (phase === "connecting") return ["connecting", texts.connecting];
      if (phase !== "online") return ["offline", texts.no_connection];
      if (!chat.isChatAvailable()) return ["away", texts.away];
      if (operator) return ["operator", [texts.online, operator.position].filter(Boolean).join(" · ")];
      return chat.getState() === "chat" ? ["waiting", texts.waiting] : ["online", texts.online];
    };
    /** Who is there: the name, the face's name and picture, and how things stand. */
    const describe = () => {
      const operator = chat.getOperatorVcard();
      const [state, words] = standing(operator);
      const { name: who = "", avatar = null } = operator || {};
      return { name: who || title, who, avatar, state, words };
    };
    const ask = (open) => {
      refs.ask.hidden = !open;
      (open ? refs.askNo : refs.composer).focus();
    };

    refs.end.textContent = refs.askYes.textContent = texts.end;
    refs.askNo.textContent = texts.cancel;
    refs.askWords.textContent = texts.end_question;
    refs.ask.setAttribute("aria-labelledby", "chat-ask");
    refs.end.addEventListener("click", () => ask(refs.ask.hidden));
    refs.askNo.addEventListener("click", () => ask(false));
    refs.ask.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      ask(false);
    });
    refs.askYes.addEventListener("click", () => {
      ask(false);
      chat.closeChat();
    });

    return {
      title,
      describe,
      /** Asks whether the chat is to be ended. */
      ask: () => ask(true),
      /** Is the line up? What is known of operators is old where it is not. */
      isOnline: () => phase === "online",
      setPhase: (now) => (phase = now),
      draw() {
        const { name, avatar, who, state, words } = describe();
        refs.state.dataset.state = state;
        refs.stateWords.textContent = words;
        refs.stateWords.title = words;
        refs.name.textContent = name;
        refs.name.title = name;
        form.drawFace(refs.face, who, avatar);
        refs.end.hidden = chat.getState() !== "chat";
        if (refs.end.hidden) refs.ask.hidden = true;
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));

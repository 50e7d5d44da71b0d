// Where the visitor writes: grows to six lines, counts near the limit, and gives nothing out of hand that is not sent.
(function (form) {
  "use strict";

  /** Characters that the desk takes, and from how many on they are counted aloud. */
  const LIMIT = 8000;
  const COUNTED = LIMIT * 0.9;
  // Those that even a plain system's fonts can draw.
  const EMOJIS = "😀 😊 😉 😍 😎 😂 😇 😐 😕 😢 😭 😱 😡 😴 👍 👎 ❤ ⭐ ✔ ✖ ❓ ☎ ✉ 📦 💳 ☀ ☕".split(" ");

  /** `send(text)` empties the composer itself, once the words are taken. */
  form.createComposer = function ({ chat, texts }, send) {
    const { composer, send: button, counter, emoji, emojis } = chat.refs;

    const fit = () => {
      composer.style.height = "auto";
      composer.style.height = `${composer.scrollHeight}px`;
    };
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    const changed = () => {
      const { value } = composer;
      const count = value.length > COUNTED / 2 ? Array.from(value).length : value.length;
      counter.hidden = count < COUNTED;
      counter.classList.toggle("counter--over", count > LIMIT);
      counter.textContent = texts.counter.replace("{count}", number(count)).replace("{limit}", number(LIMIT));
      button.disabled = count > LIMIT || value.trim() === "";
      fit();
    };
    const put = (value) => {
      composer.value = value;
      changed();
    };
    const go = () => {
      if (button.disabled) return;
      composer.focus();
      send(composer.value);
    };
    const open = (now) => {
      emojis.hidden = !now;
      emoji.setAttribute("aria-expanded", String(now));
      if (!now) return;
      if (!emojis.firstElementChild) emojis.append(...EMOJIS.map(emojiButton));
      emojis.firstElementChild.focus();
    };
    const emojiButton = (one) =>
      form.button(one, "emojis__one", () => {
        composer.setRangeText(one, composer.selectionStart, composer.selectionEnd, "end");
        open(false);
        composer.focus();
        composer.dispatchEvent(new Event("input"));
      });

    composer.placeholder = texts.composer;
    composer.setAttribute("aria-label", texts.composer);
    button.setAttribute("aria-label", texts.send);
    button.title = texts.send;
    emoji.setAttribute("aria-label", texts.emoji);
    emoji.title = texts.emoji;
    emojis.setAttribute("aria-label", texts.emoji);

    composer.addEventListener("input", () => {
      changed();
      chat.chatTyping(composer.value);
    });
    composer.addEventListener("keydown", (event) => {
      // 229: the Enter that ends a composition, in browsers that have ended it by then.
      const isComposing = event.isComposing || event.keyCode === 229;
      if (event.key !== "Enter" || event.shiftKey || isComposing) return;
      event.preventDefault();
      go();
    });
    button.addEventListener("click", go);
    emoji.addEventListener("click", () => open(emojis.hidden));
    emojis.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || emojis.hidden) return;
      event.preventDefault();
      open(false);
      composer.focus();
    });
    changed();
    return {
      focus: () => composer.focus(),
      /** Visible from now on: a hidden field has no height. */
      open: () => {
        fit();
        composer.focus();
      },
      text: () => composer.value,
      clear: () => put(""),
      /** Words for the person to go on with. */
      write: (text) => {
        put(text);
        composer.focus();
        chat.chatTyping(text);
      },
      giveBack: (text) => text !== "" && put(composer.value === "" ? text : `${text}\n${composer.value}`),
    };
  };
})((window.ChatForm = window.ChatForm || {}));

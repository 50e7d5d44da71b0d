// The quiet menu in the head: everything that is not the conversation itself.
(function (form) {
  "use strict";

  /** `items()`: what can be done now, as `{ id, words, act, checked? }`; a separator is `null`. */
  form.createMenu = function ({ chat, texts }, items) {
    const { more, menu } = chat.refs;

    const buttons = () => [...menu.querySelectorAll("button")];
    const close = (isBack) => {
      if (menu.hidden) return;
      menu.hidden = true;
      more.setAttribute("aria-expanded", "false");
      if (isBack) more.focus();
    };
    const open = () => {
      menu.replaceChildren(...items().map(drawn));
      menu.hidden = false;
      more.setAttribute("aria-expanded", "true");
      const [first] = buttons();
      if (first) first.focus();
    };
    const drawn = (item) => {
      const row = document.createElement("li");
      row.setAttribute("role", item ? "none" : "separator");
      if (!item) return row;
      const button = form.button(item.words, "menu__item", () => {
        close(true);
        item.act();
      });
      const isTick = item.checked !== undefined;
      button.setAttribute("role", isTick ? "menuitemcheckbox" : "menuitem");
      if (isTick) button.setAttribute("aria-checked", String(item.checked));
      button.tabIndex = -1;
      button.dataset.test = `menu-${item.id}`;
      row.append(button);
      return row;
    };
    const move = (key) => {
      const all = buttons();
      const at = all.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[key];
      const next = all[(to + all.length) % all.length];
      if (next) next.focus();
    };

    more.setAttribute("aria-label", texts.menu);
    more.title = texts.menu;
    menu.setAttribute("aria-label", texts.menu);
    more.addEventListener("click", () => (menu.hidden ? open() : close(true)));
    more.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || !menu.hidden) return;
      event.preventDefault();
      open();
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close(true);
      else if (event.key === "Tab") close(false);
      else if (/^(Arrow(Down|Up)|Home|End)$/.test(event.key)) move(event.key);
      else return;
      if (event.key !== "Tab") event.preventDefault();
      event.stopPropagation();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!menu.contains(event.target) && !more.contains(event.target)) close(false);
    });
    return { close };
  };
})((window.ChatForm = window.ChatForm || {}));

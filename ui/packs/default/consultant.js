// The default chat form: a view controller like any other. It knows the public API (CallGear) and nothing else.
//
// Whatever people wrote goes into the page as text, never as HTML.
(function () {
  "use strict";

  /** Characters that the desk takes, and from how many on they are counted aloud. */
  const LIMIT = 8000;
  const COUNTED = LIMIT * 0.9;
  /** Pixels within which the log counts as being at its end, and at its beginning. */
  const NEAR = 40;
  /** "Types" is over when it was not repeated for so long (milliseconds). */
  const TYPING_MS = 5000;
  // Those that even a plain system's fonts can draw.
  const EMOJIS = "😀 😊 😉 😍 😎 😂 😇 😐 😕 😢 😭 😱 😡 😴 👍 👎 ❤ ⭐ ✔ ✖ ❓ ☎ ✉ 📦 💳 ☀ ☕".split(" ");

  const line = (path) =>
    `<svg viewBox="0 0 16 12" width="16" height="12"><path d="${path}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  const TWO_TICKS = line("M1 6.5 4 9.5 10 2.5M8.8 9.5 14.8 2.5");
  const GLYPHS = {
    queued: line("M10.3 1.5a4.5 4.5 0 1 0 .01 0M10.3 3.8V6.2L12.1 7.3"),
    sent: line("M5.8 6.5 8.8 9.5 14.8 2.5"),
    delivered: TWO_TICKS,
    read: TWO_TICKS,
    failed: line("M8 1.8V6.6M8 9.8V9.9"),
  };

  CallGear.UI.registerViewController("consultant", function (settings, tpls) {
    const lang = document.documentElement.lang === "ru" ? "ru" : "en";
    const texts = settings.texts[lang];
    const chat = CallGear.UI.createWidget("consultant_chat", { settings, template: tpls.consultant_chat });
    chat.render();
    const refs = chat.refs;

    paint(refs, settings);
    const log = createLog(chat, tpls, texts, lang);
    const head = createHead(chat, settings, texts);
    const composer = createComposer(chat, texts, (text) => log.addOwn(chat.sendChatMessage(text)));
    const notice = createNotice(refs.notice, refs.composer);
    createEmpty(refs, texts, settings, composer);

    chat.on("historyreset", () => log.clear());
    chat.on("showhistory", (messages) => log.addHistory(messages));
    chat.on("historyavailable", () => log.fill());
    chat.on("sendmessage", (message) => log.add(message));
    chat.on("messagestatus", (change) => {
      const refused = log.change(change);
      if (refused !== null) composer.giveBack(refused);
    });
    chat.on("chattyping", () => log.types(chat.getOperatorVcard()));
    chat.on("operatorleave", () => log.typesNoMore());
    chat.on("connectionchange", (connection) => head.setPhase(connection.phase));
    for (const event of ["statechange", "chatavailabilitychange", "operatorjoined", "operatorleave"]) {
      chat.on(event, () => head.draw());
    }
    chat.on("error", (error) => notice.say(error.message));
    for (const event of ["startchat", "closechat"]) {
      chat.on(event, (answer) => {
        if (!answer.success) notice.say(answer.info.message);
      });
    }
    chat.show();
    composer.open();
  });

  /** The company's colour, where it gave one; the text on it turns to what reads better. */
  function paint(refs, settings) {
    const color = settings.common && settings.common.banner_color;
    if (!/^#([\da-f]{3}|[\da-f]{6})$/i.test(color || "")) return;
    const root = refs.scroll.closest(".chat");
    root.style.setProperty("--own", color);
    root.style.setProperty("--on-own", CallGear.UI.getContrastColor(color));
  }

  // -- head ---------------------------------------------------------------------------------------------------

  function createHead(chat, settings, texts) {
    const refs = chat.refs;
    const title = (settings.chat && settings.chat.title) || texts.title;
    let phase = "online";

    const describe = (operator) => {
      if (phase === "connecting") return ["connecting", texts.connecting];
      if (phase !== "online") return ["offline", texts.no_connection];
      if (!chat.isChatAvailable()) return ["away", texts.away];
      if (operator) return ["operator", [texts.online, operator.position].filter(Boolean).join(" · ")];
      return chat.getState() === "chat" ? ["waiting", texts.waiting] : ["online", texts.online];
    };
    const draw = () => {
      const operator = chat.getOperatorVcard();
      const [state, words] = describe(operator);
      refs.state.dataset.state = state;
      refs.stateWords.textContent = words;
      refs.name.textContent = (operator && operator.name) || title;
      refs.name.title = refs.name.textContent;
      refs.initials.textContent = operator ? initials(operator.name) : "";
      refs.face.classList.toggle("face--person", refs.initials.textContent !== "");
      refs.end.hidden = chat.getState() !== "chat";
      if (refs.end.hidden) refs.ask.hidden = true;
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
    refs.ask.addEventListener("keydown", (event) => event.key === "Escape" && ask(false));
    refs.askYes.addEventListener("click", () => {
      ask(false);
      chat.closeChat();
    });
    draw();
    return {
      draw,
      setPhase(now) {
        phase = now;
        draw();
      },
    };
  }

  function initials(name) {
    const words = (name || "").split(/[\s._-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    const first = words[0];
    const last = words.length > 1 ? words[words.length - 1] : "";
    return [first, last]
      .map((word) => (word ? Array.from(word)[0] : ""))
      .join("")
      .toUpperCase();
  }

  // -- log ----------------------------------------------------------------------------------------------------

  /** The conversation: what the desk has, in its order, then what waits, in the order in which it was written. */
  function createLog(chat, tpls, texts, lang) {
    const refs = chat.refs;
    const entries = [];
    let stuck = true;
    let missed = 0;
    let typingTimer = null;

    refs.scroll.setAttribute("aria-label", texts.log);

    /** Waiting lines stand at the end; one that comes late goes where it belongs. */
    const placeOf = ({ seq }) => {
      let at = entries.length;
      while (seq !== null && at > 0 && (entries[at - 1].seq === null || entries[at - 1].seq > seq)) at -= 1;
      return at;
    };

    const insert = (entry, at) => {
      refs.log.insertBefore(entry.node, at < entries.length ? entries[at].node : null);
      entries.splice(at, 0, entry);
      arrangeAround(at);
      refs.empty.hidden = true;
    };
    const take = (entry) => {
      const at = entries.indexOf(entry);
      entries.splice(at, 1);
      entry.node.remove();
      arrangeAround(at - 1);
      refs.empty.hidden = entries.length > 0;
    };

    const isOperators = (entry) => entry.message.sender === "operator";
    /** Did another operator, or none, speak before on this day? */
    const isNewcomer = (index) => {
      const entry = entries[index];
      const last = entries.slice(0, index).findLast(isOperators);
      return !last || last.message.from !== entry.message.from || dayOf(last) !== dayOf(entry);
    };

    /** Names depend on the operator who spoke before, everything else of a line on its neighbours. */
    const arrangeAround = (at) => {
      for (const index of [at - 1, at, at + 1]) arrange(index);
      arrange(entries.findIndex((entry, index) => index > at + 1 && isOperators(entry)));
    };

    /** Day, name, time and status of a line. */
    const arrange = (index) => {
      const entry = entries[index];
      if (!entry) return;
      const before = entries[index - 1];
      const after = entries[index + 1];
      const newDay = !before || dayOf(before) !== dayOf(entry);
      const first = newDay || !sameGroup(before, entry);
      const last = !after || dayOf(after) !== dayOf(entry) || !sameGroup(entry, after);
      const { parts, message } = entry;
      parts.day.hidden = !newDay;
      parts.day.textContent = newDay ? dayText(entry, texts, lang) : "";
      entry.node.classList.toggle("row--first", first);
      entry.node.classList.toggle("row--last", last);
      parts.meta.hidden = !last && entry.status !== "failed";
      if (parts.author) {
        parts.author.hidden = message.sender !== "operator" || !(newDay || isNewcomer(index));
      }
    };

    const create = (message) => {
      const system = message.sender !== "visitor" && message.sender !== "operator";
      const node = CallGear.UI.createEl(system ? tpls.system : tpls.message);
      const part = (name) => node.querySelector("." + name);
      const parts = {
        day: part("day"),
        author: part("author"),
        meta: part("meta"),
        glyph: part("glyph"),
        trouble: part("trouble"),
      };
      part("bubble").textContent = message.text;
      node.dataset.sender = system ? "system" : message.sender;
      if (parts.author) parts.author.textContent = message.from;
      const date = new Date(message.date * 1000);
      const time = node.querySelector("time");
      time.dateTime = date.toISOString();
      time.textContent = CallGear.UI.toTimeString(date).padStart(5, "0");
      const entry = {
        message,
        node,
        parts,
        date,
        seq: message.seq,
        status: null,
        code: null,
        durable: false,
      };
      if (message.sender === "visitor") setStatus(entry, message.status || "sent", message.code);
      return entry;
    };

    const setStatus = (entry, status, code) => {
      entry.status = entry.node.dataset.status = status;
      entry.code = code || null;
      if (status !== "failed") entry.durable = true;
      const words = code === "held" ? texts.held : texts[status];
      entry.parts.glyph.innerHTML = GLYPHS[status] || "";
      entry.parts.glyph.setAttribute("aria-label", words);
      entry.parts.glyph.title = words;
      entry.parts.trouble.textContent = status === "failed" ? words : "";
    };

    // Where the reader is.
    const rest = () => refs.scroll.scrollHeight - refs.scroll.scrollTop - refs.scroll.clientHeight;
    const toEnd = () => {
      refs.scroll.scrollTop = refs.scroll.scrollHeight;
      stuck = true;
      seen();
    };
    const seen = () => {
      drawPill();
      const looking = document.visibilityState === "visible" && document.hasFocus();
      if (!looking || !stuck) return;
      missed = 0;
      drawPill();
      if (chat.getUnreadCounter() > 0) chat.clearUnreadCounter();
    };
    const drawPill = () => {
      refs.pill.hidden = stuck;
      const words = missed === 1 ? texts.new_one : texts.new_many.replace("{count}", missed);
      refs.pill.textContent = missed > 0 ? words : texts.latest;
      refs.pill.classList.toggle("pill--new", missed > 0);
    };

    /** Many lines at once are not read aloud one by one. */
    const quietly = (change) => {
      refs.log.setAttribute("aria-live", "off");
      change();
      requestAnimationFrame(() => refs.log.setAttribute("aria-live", "polite"));
    };
    const older = () => {
      const page = chat.getHistory();
      if (!page) return false;
      const fromEnd = refs.scroll.scrollHeight - refs.scroll.scrollTop;
      quietly(() => page.forEach((message) => addOlder(create(message))));
      refs.scroll.scrollTop = refs.scroll.scrollHeight - fromEnd;
      return true;
    };
    /** Those that wait come newest first, too, and all stand at the end. */
    const addOlder = (entry) => insert(entry, entry.seq === null ? 0 : placeOf(entry));
    const isShort = () => refs.scroll.scrollHeight <= refs.scroll.clientHeight + NEAR;
    const fill = () => {
      while (isShort() && chat.hasHistory() && older());
    };

    refs.scroll.addEventListener("scroll", () => {
      stuck = rest() < NEAR;
      if (refs.scroll.scrollTop < NEAR && chat.hasHistory()) older();
      seen();
    });
    refs.pill.addEventListener("click", toEnd);
    new ResizeObserver(() => stuck && toEnd()).observe(refs.scroll);
    window.addEventListener("focus", seen);
    document.addEventListener("visibilitychange", seen);

    const typesNoMore = () => {
      clearTimeout(typingTimer);
      refs.typing.remove();
    };
    typesNoMore();

    return {
      typesNoMore,
      /** Lines that can be had again: into the room that is there, or before what the reader looks at. */
      fill() {
        if (refs.scroll.scrollTop < NEAR && chat.hasHistory()) older();
        fill();
      },
      /** Nothing of what was shown counts any more. */
      clear() {
        typesNoMore();
        entries.length = 0;
        refs.log.replaceChildren();
        refs.empty.hidden = false;
        missed = 0;
        stuck = true;
        drawPill();
      },
      add(message) {
        const { sender } = message;
        if (sender === "operator") typesNoMore();
        const entry = create(message);
        insert(entry, placeOf(entry));
        if (stuck) toEnd();
        else {
          if (sender === "operator") missed += 1;
          drawPill();
        }
      },
      addOwn(message) {
        insert(create(message), entries.length);
        toEnd();
      },
      addHistory(messages) {
        quietly(() =>
          messages.forEach((message) => {
            const entry = create(message);
            entry.durable = true;
            insert(entry, placeOf(entry));
          }),
        );
        if (stuck) toEnd();
        else drawPill();
        fill();
      },
      /** Gives the words back where the message was refused before it was kept; `null` otherwise. */
      change({ uid, seq, status, code }) {
        const entry = entries.findLast((one) => one.message.uid === uid);
        if (!entry) return null;
        const refused = status === "failed" && !entry.durable;
        if (refused || code === "discarded") {
          take(entry);
          return refused ? entry.message.text : null;
        }
        setStatus(entry, status, code);
        const at = entries.indexOf(entry);
        entries.splice(at, 1);
        entry.seq = seq;
        const place = placeOf(entry);
        entries.splice(at, 0, entry);
        if (place === at) {
          arrangeAround(at);
        } else {
          take(entry);
          insert(entry, place);
        }
        if (stuck) toEnd();
        return null;
      },
      types(operator) {
        refs.typingName.textContent = `${(operator && operator.name) || texts.somebody} ${texts.types}`;
        refs.scroll.append(refs.typing);
        clearTimeout(typingTimer);
        typingTimer = setTimeout(typesNoMore, TYPING_MS);
        if (stuck) toEnd();
      },
    };
  }

  function sameGroup(a, b) {
    return (
      a.message.sender === b.message.sender &&
      a.message.from === b.message.from &&
      a.status !== "failed" &&
      Math.floor(a.message.date / 60) === Math.floor(b.message.date / 60)
    );
  }

  function dayOf(entry) {
    return entry.date.toDateString();
  }

  function dayText(entry, texts, lang) {
    const days = Math.round((midnight(new Date()) - midnight(entry.date)) / 86_400_000);
    if (days === 0) return texts.today;
    if (days === 1) return texts.yesterday;
    const thisYear = entry.date.getFullYear() === new Date().getFullYear();
    const shape = {
      weekday: thisYear ? "long" : undefined,
      day: "numeric",
      month: "long",
      year: thisYear ? undefined : "numeric",
    };
    return new Intl.DateTimeFormat(lang, shape).format(entry.date);
  }

  function midnight(date) {
    return new Date(date.getFullYear(), date.getMonth(), date.getDate());
  }

  // -- composer -----------------------------------------------------------------------------------------------

  function createComposer(chat, texts, send) {
    const { composer, send: button, counter, emoji, emojis } = chat.refs;

    const fit = () => {
      composer.style.height = "auto";
      composer.style.height = `${composer.scrollHeight}px`;
    };
    const changed = () => {
      const count =
        composer.value.length > COUNTED / 2 ? Array.from(composer.value).length : composer.value.length;
      counter.hidden = count < COUNTED;
      counter.classList.toggle("counter--over", count > LIMIT);
      counter.textContent = texts.counter.replace("{count}", number(count)).replace("{limit}", number(LIMIT));
      button.disabled = count > LIMIT || composer.value.trim() === "";
      fit();
    };
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    const put = (value) => {
      composer.value = value;
      changed();
    };
    const go = () => {
      if (button.disabled) return;
      const text = composer.value;
      put("");
      composer.focus();
      send(text);
    };
    const open = (now) => {
      emojis.hidden = !now;
      emoji.setAttribute("aria-expanded", String(now));
    };

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
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      go();
    });
    button.addEventListener("click", go);
    emoji.addEventListener("click", () => {
      open(emojis.hidden);
      if (!emojis.hidden) emojis.firstElementChild.focus();
    });
    emojis.parentElement.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || emojis.hidden) return;
      open(false);
      composer.focus();
    });
    for (const one of EMOJIS) {
      emojis.append(
        textButton(one, "emojis__one", () => {
          composer.setRangeText(one, composer.selectionStart, composer.selectionEnd, "end");
          open(false);
          composer.focus();
          composer.dispatchEvent(new Event("input"));
        }),
      );
    }
    changed();
    return {
      /** Visible from now on: a hidden field has no height. */
      open: () => {
        fit();
        composer.focus();
      },
      /** Words for the person to go on with; what is there already stays behind them. */
      write: (text) => {
        put(text);
        composer.focus();
        chat.chatTyping(text);
      },
      giveBack: (text) => put(composer.value === "" ? text : `${text}\n${composer.value}`),
    };
  }

  function createEmpty(refs, texts, settings, composer) {
    const examples = (settings.chat && settings.chat.examples) || texts.examples;
    refs.emptyTitle.textContent = texts.empty_title;
    refs.emptyText.textContent = texts.empty_text;
    for (const example of examples.slice(0, 3)) {
      const item = document.createElement("li");
      item.append(textButton(example, "example", () => composer.write(example)));
      refs.examples.append(item);
    }
    refs.empty.hidden = refs.log.childElementCount > 0;
  }

  /** What could not be done, until the person goes on. */
  function createNotice(element, composer) {
    composer.addEventListener("input", () => (element.hidden = true));
    return {
      say(words) {
        element.textContent = words;
        element.hidden = false;
      },
    };
  }

  function textButton(words, className, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = className;
    button.dir = "auto";
    button.textContent = words;
    button.addEventListener("click", act);
    return button;
  }
})();

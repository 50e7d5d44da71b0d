// The conversation: what the desk has, in its order, then what waits, in the order in which it was written.
(function (form) {
  "use strict";

  /** Pixels within which the log counts as being at its end, and at its beginning. */
  const NEAR = 40;
  /** "Types" is over when it was not repeated for so long (milliseconds). */
  const TYPING_MS = 5000;

  form.createLog = function (desk) {
    const { chat, texts } = desk;
    const { refs } = chat;
    const rows = form.createRows(desk, (entry) => {
      take(entry);
      desk.composer.giveBack(entry.message.text);
      desk.composer.focus();
    });
    const entries = [];
    let isStuck = true;
    let lastTop = 0;
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
      if (entries.length === 1) desk.changed();
    };
    const take = (entry) => {
      const at = entries.indexOf(entry);
      if (at < 0) return;
      entries.splice(at, 1);
      entry.node.remove();
      arrangeAround(at - 1);
      if (entries.length === 0) desk.changed();
    };
    /** Names depend on the operator who spoke before, everything else of a line on its neighbours. */
    const arrangeAround = (at) => {
      for (const index of [at - 1, at, at + 1]) rows.arrange(entries, index);
      const next = entries.findIndex((entry, index) => index > at + 1 && form.isOperators(entry));
      rows.arrange(entries, next);
    };

    // Where the reader is.
    const rest = () => refs.scroll.scrollHeight - refs.scroll.scrollTop - refs.scroll.clientHeight;
    const toEnd = () => {
      refs.scroll.scrollTop = refs.scroll.scrollHeight;
      isStuck = true;
      seen();
    };
    const seen = () => {
      drawPill();
      if (!form.isWatched() || !isStuck || !chat.isVisible() || desk.sheets.isOpen()) return;
      missed = 0;
      drawPill();
      if (chat.getUnreadCounter() > 0) chat.clearUnreadCounter();
    };
    const drawPill = () => {
      refs.pill.hidden = isStuck;
      const words = form.newWords(texts, missed);
      refs.pill.textContent = missed > 0 ? words : texts.latest;
      refs.pill.classList.toggle("pill--new", missed > 0);
    };

    /** Many lines at once are not read aloud one by one. */
    const quietly = (change) => {
      refs.spoken.setAttribute("aria-live", "off");
      change();
      requestAnimationFrame(() => refs.spoken.setAttribute("aria-live", "polite"));
    };
    const older = () => {
      const page = chat.getHistory();
      if (!page) return false;
      const fromEnd = refs.scroll.scrollHeight - refs.scroll.scrollTop;
      quietly(() => page.forEach((message) => addOlder(rows.create(message))));
      refs.scroll.scrollTop = refs.scroll.scrollHeight - fromEnd;
      return true;
    };
    /** Those that wait come newest first, too, and all stand at the end. */
    const addOlder = (entry) => insert(entry, entry.seq === null ? 0 : placeOf(entry));
    // What is folded has no height, and wants no lines to fill it.
    const isShort = () => chat.isVisible() && refs.scroll.scrollHeight <= refs.scroll.clientHeight + NEAR;
    const fill = () => {
      while (isShort() && chat.hasHistory() && older());
    };

    refs.scroll.addEventListener("scroll", () => {
      // Only the reader leaves the end: less room for the log, or more in it, does not.
      if (rest() < NEAR) isStuck = true;
      else if (refs.scroll.scrollTop < lastTop) isStuck = false;
      lastTop = refs.scroll.scrollTop;
      if (refs.scroll.scrollTop < NEAR && chat.hasHistory()) older();
      seen();
    });
    refs.pill.addEventListener("click", toEnd);
    // A picture makes its line higher when it has come.
    refs.log.addEventListener("filepicture", () => isStuck && toEnd());
    new ResizeObserver(() => isStuck && toEnd()).observe(refs.scroll);
    window.addEventListener("focus", seen);
    document.addEventListener("visibilitychange", seen);

    const typesNoMore = () => {
      clearTimeout(typingTimer);
      refs.typing.remove();
    };
    typesNoMore();

    return {
      typesNoMore,
      seen,
      isEmpty: () => entries.length === 0,
      /** The chat that the newest line belongs to. */
      lastChat: () => (entries.length > 0 ? entries[entries.length - 1].message.chat_id : null),
      /** What an operator said last, or `null`. */
      lastHeard() {
        const last = entries.findLast(form.isOperators);
        return last ? last.message : null;
      },
      /** There is room again: for the reader's place, and for older lines. */
      unfolded() {
        if (isStuck) toEnd();
        fill();
      },
      /** Lines that can be had again: into the room that is there, or before what the reader looks at. */
      fill() {
        if (chat.isVisible() && refs.scroll.scrollTop < NEAR && chat.hasHistory()) older();
        fill();
      },
      /** Nothing of what was shown counts any more. */
      clear() {
        typesNoMore();
        entries.length = 0;
        refs.log.replaceChildren();
        desk.changed();
        missed = 0;
        isStuck = true;
        drawPill();
      },
      /** Gives the line, so that it can be taken away again. */
      add(message) {
        const { sender } = message;
        if (sender === "operator") typesNoMore();
        const entry = rows.create(message);
        insert(entry, placeOf(entry));
        if (isStuck) toEnd();
        else {
          if (sender === "operator") missed += 1;
          drawPill();
        }
        return entry;
      },
      take,
      addOwn(message) {
        insert(rows.create(message), entries.length);
        toEnd();
      },
      addHistory(messages) {
        quietly(() =>
          messages.forEach((message) => {
            const entry = rows.create(message);
            entry.durable = true;
            insert(entry, placeOf(entry));
          }),
        );
        if (isStuck) toEnd();
        else drawPill();
        fill();
      },
      /** Gives the words back where the message was refused before it was kept; `null` otherwise. */
      change({ uid, seq, status, code }) {
        const entry = entries.findLast((one) => one.message.uid === uid);
        if (!entry) return null;
        const isRefused = status === "failed" && !entry.durable;
        if (isRefused || code === "discarded") {
          take(entry);
          return isRefused ? entry.message.text : null;
        }
        rows.setStatus(entry, status, code);
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
        if (isStuck) toEnd();
        return null;
      },
      /** The way of an own file goes on. */
      progress(change) {
        const entry = entries.findLast((one) => one.message.uid === change.uid);
        if (entry) rows.setProgress(entry, change);
      },
      types(operator) {
        refs.typingName.textContent = `${(operator && operator.name) || texts.somebody} ${texts.types}`;
        refs.scroll.append(refs.typing);
        clearTimeout(typingTimer);
        typingTimer = setTimeout(typesNoMore, TYPING_MS);
        if (isStuck) toEnd();
      },
    };
  };
})((window.ChatForm = window.ChatForm || {}));
